import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('customers', '0001_initial'), ('customers', '0002_initial'), ('customers', '0002_by_name')]

    initial = True

    dependencies = [
        ('staff', '0001_squashed'),
        ('stores', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('first_name', models.CharField(blank=True, max_length=80)),
                ('last_name', models.CharField(blank=True, max_length=80)),
                ('full_name', models.CharField(max_length=160)),
                ('is_business', models.BooleanField(default=False)),
                ('language', models.CharField(default='en', max_length=5)),
                ('street', models.CharField(blank=True, max_length=160)),
                ('city', models.CharField(blank=True, max_length=80)),
                ('state', models.CharField(blank=True, max_length=2)),
                ('postal_code', models.CharField(blank=True, max_length=10)),
                ('dms_number', models.CharField(blank=True, help_text="The DMS's customer number.", max_length=40)),
                ('dms_blocks', models.JSONField(default=dict, help_text="Stops that the DMS carries: {'text': true, 'email': …}. Never consent.")),
                ('created_at', models.DateTimeField()),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='customers.customer')),
            ],
            options={
                'indexes': [models.Index(models.F('store'), models.OrderBy(django.db.models.functions.text.Lower('last_name'), descending=True), name='customer_last_name'), models.Index(fields=['store', '-created_at'], name='customer_newest'), models.Index(condition=models.Q(('street', ''), _negated=True), fields=['store', 'postal_code', 'street'], name='customer_household'), models.Index(fields=['store', 'full_name', 'id'], name='customer_by_name')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('dms_number', ''), _negated=True)), fields=('store', 'dms_number'), name='customer_dms_number_once')],
            },
        ),
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_points', to='customers.customer')),
                ('kind', models.CharField(choices=[('phone', 'Phone'), ('email', 'E-mail')], max_length=5)),
                ('value', models.CharField(max_length=254)),
                ('tail', models.CharField(blank=True, help_text='Digits from the end, reversed: search by the tail of a phone.', max_length=10)),
                ('label', models.CharField(blank=True, help_text='cell, home, work as the source called it.', max_length=12)),
                ('is_primary', models.BooleanField(default=False)),
                ('is_living', models.BooleanField(default=True, help_text='False: given up, wrong, or merged away.')),
                ('trouble', models.CharField(blank=True, help_text='Why it cannot be used: landline, unknown, wrong number.', max_length=40)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['store', 'tail'], name='contact_point_tail', opclasses=['int8_ops', 'varchar_pattern_ops'])],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_living', True)), fields=('store', 'kind', 'value'), name='contact_point_once')],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('winner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_won', to='customers.customer')),
                ('loser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_lost', to='customers.customer')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('loser',), name='merge_once')],
            },
        ),
        migrations.CreateModel(
            name='PossibleTwin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='twins_noticed', to='customers.customer')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='twins_noticed_of', to='customers.customer')),
                ('why', models.CharField(max_length=160)),
                ('noticed_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('customer', 'other'), name='possible_twin_once'), models.CheckConstraint(condition=models.Q(('customer__lt', models.F('other'))), name='possible_twin_ordered')],
            },
        ),
        migrations.CreateModel(
            name='CustomerPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='customers.customer')),
                ('department', models.CharField(choices=[('sales', 'Sales'), ('service', 'Service'), ('parts', 'Parts'), ('fni', 'F&I'), ('marketing', 'Marketing')], max_length=12)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='customers_of_record', to='staff.staffmember')),
                ('since', models.DateTimeField()),
                ('before', models.CharField(blank=True, help_text='Whose customer this was until then.', max_length=120)),
            ],
            options={
                'indexes': [models.Index(fields=['store', 'staff'], name='customer_person_staff')],
                'constraints': [models.UniqueConstraint(fields=('customer', 'department'), name='customer_person_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='search_entries', to='customers.customer')),
                ('kind', models.CharField(help_text='name, email, vin, ro, stock, deal, lead; namepart and vinpart', max_length=8)),
                ('term', models.CharField(help_text='Lower case, without spaces or marks.', max_length=80)),
            ],
            options={
                'indexes': [models.Index(fields=['store', 'term'], name='search_prefix', opclasses=['int8_ops', 'varchar_pattern_ops'])],
                'constraints': [models.UniqueConstraint(fields=('store', 'term', 'kind', 'customer'), name='search_entry_once')],
            },
        ),
    ]
