import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('vehicles', '0001_initial')]

    initial = True

    dependencies = [
        ('customers', '0001_squashed'),
        ('stores', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Vehicle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('vin', models.CharField(max_length=17)),
                ('vin_trouble', models.CharField(blank=True, help_text='What is wrong with the VIN, in words; empty if nothing.', max_length=120)),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('make', models.CharField(blank=True, max_length=40)),
                ('model', models.CharField(blank=True, max_length=60)),
                ('trim', models.CharField(blank=True, max_length=60)),
                ('color', models.CharField(blank=True, max_length=40)),
                ('plate', models.CharField(blank=True, max_length=16)),
                ('stock_number', models.CharField(blank=True, max_length=24)),
                ('mileage', models.PositiveIntegerField(blank=True, null=True)),
                ('mileage_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('store', 'vin'), name='vehicle_vin_once')],
            },
        ),
        migrations.CreateModel(
            name='Ownership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ownerships', to='vehicles.vehicle')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ownerships', to='customers.customer')),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('how', models.CharField(blank=True, help_text='How we know: RO, deal, trade-in, told.', max_length=40)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('vehicle',), name='one_present_owner')],
            },
        ),
    ]
