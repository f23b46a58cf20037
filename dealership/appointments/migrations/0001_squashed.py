import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('appointments', '0001_initial'), ('appointments', '0002_initial')]

    initial = True

    dependencies = [
        ('customers', '0001_squashed'),
        ('staff', '0001_squashed'),
        ('stores', '0001_squashed'),
        ('vehicles', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('department', models.CharField(choices=[('sales', 'Sales'), ('service', 'Service'), ('parts', 'Parts'), ('fni', 'F&I'), ('marketing', 'Marketing')], max_length=12)),
                ('starts_at', models.DateTimeField()),
                ('capacity', models.PositiveSmallIntegerField()),
                ('n_booked', models.PositiveSmallIntegerField(default=0)),
                ('n_over', models.PositiveSmallIntegerField(default=0, help_text='Places that the DMS took beyond capacity.')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('store', 'department', 'starts_at'), name='slot_once'), models.CheckConstraint(condition=models.Q(('n_booked__lte', models.F('capacity'))), name='slot_never_overbooked')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('department', models.CharField(choices=[('sales', 'Sales'), ('service', 'Service'), ('parts', 'Parts'), ('fni', 'F&I'), ('marketing', 'Marketing')], max_length=12)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='customers.customer')),
                ('vehicle', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='vehicles.vehicle')),
                ('person', models.ForeignKey(blank=True, help_text='Who expects the customer.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='staff.staffmember')),
                ('starts_at', models.DateTimeField()),
                ('minutes', models.PositiveSmallIntegerField(default=60)),
                ('state', models.CharField(choices=[('booked', 'booked'), ('confirmed', 'confirmed'), ('arrived', 'arrived'), ('missed', 'did not come'), ('cancelled', 'cancelled')], default='booked', max_length=10)),
                ('concern', models.TextField(blank=True)),
                ('transport', models.CharField(blank=True, choices=[('waiter', 'waits'), ('drop', 'drops off'), ('loaner', 'loaner'), ('shuttle', 'shuttle')], max_length=8)),
                ('dms_number', models.CharField(blank=True, max_length=40)),
                ('ro_number', models.CharField(blank=True, max_length=24)),
                ('source', models.CharField(blank=True, help_text='Who booked: text, person, dms.', max_length=24)),
                ('slot', models.ForeignKey(blank=True, help_text='Whose place it holds; none where the department has no limit, or once it is given back.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='appointments.slot')),
                ('is_overbooked', models.BooleanField(default=False, help_text='The DMS put it where Kept saw no room.')),
                ('booked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('created_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('arrived_at', models.DateTimeField(blank=True, null=True)),
                ('missed_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['store', 'starts_at'], name='appointment_day'), models.Index(condition=models.Q(('state__in', ['booked', 'confirmed'])), fields=['starts_at'], name='appointment_awaited'), models.Index(fields=['customer', '-starts_at'], name='appointment_customer')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('dms_number', ''), _negated=True), fields=('store', 'dms_number'), name='appointment_dms_number_once')],
            },
        ),
        migrations.CreateModel(
            name='CapacityPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('department', models.CharField(choices=[('sales', 'Sales'), ('service', 'Service'), ('parts', 'Parts'), ('fni', 'F&I'), ('marketing', 'Marketing')], max_length=12)),
                ('slot_minutes', models.PositiveSmallIntegerField(default=30)),
                ('per_slot', models.PositiveSmallIntegerField(default=4)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('store', 'department'), name='capacity_plan_once')],
            },
        ),
    ]
