import datetime
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('stores', '0001_initial'), ('stores', '0002_signing_in')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Store',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stores', to='stores.group')),
                ('name', models.CharField(max_length=120)),
                ('slug', models.SlugField(unique=True)),
                ('zone', models.CharField(default='America/New_York', help_text='IANA name.', max_length=60)),
                ('state', models.CharField(blank=True, help_text='Two letters; decides holidays and texting law.', max_length=2)),
                ('postal_code', models.CharField(blank=True, max_length=10)),
                ('text_number', models.CharField(help_text='E.164 number that texts go out from.', max_length=16, unique=True)),
                ('lead_token', models.CharField(help_text='The secret in the address that leads are posted to.', max_length=64, unique=True)),
                ('makes', models.CharField(blank=True, max_length=120)),
                ('texting_on', models.BooleanField(default=True, help_text='Off: no text leaves this store at all.')),
                ('idle_minutes', models.PositiveSmallIntegerField(default=30, help_text='After so long without a hand on it, a page asks for the password again.')),
                ('needs_second_factor', models.BooleanField(default=True, help_text='Nobody opens a page of this store by a password alone.')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('group', 'name'), name='store_name_once_in_group')],
            },
        ),
        migrations.CreateModel(
            name='OpenHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('department', models.CharField(blank=True, choices=[('sales', 'Sales'), ('service', 'Service'), ('parts', 'Parts'), ('fni', 'F&I'), ('marketing', 'Marketing')], max_length=12)),
                ('weekday', models.PositiveSmallIntegerField(help_text='0 is Monday.')),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens')), ('closes', datetime.time(0, 0)), _connector='OR'), name='hours_end_after_start'), models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='hours_weekday'), models.UniqueConstraint(fields=('store', 'department', 'weekday', 'opens'), name='hours_range_once')],
            },
        ),
        migrations.CreateModel(
            name='DayException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('department', models.CharField(blank=True, choices=[('sales', 'Sales'), ('service', 'Service'), ('parts', 'Parts'), ('fni', 'F&I'), ('marketing', 'Marketing')], max_length=12)),
                ('date', models.DateField()),
                ('name', models.CharField(max_length=80)),
                ('opens', models.TimeField(blank=True, null=True)),
                ('closes', models.TimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('store', 'department', 'date', 'opens'), name='day_exception_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('closes__isnull', True), ('opens__isnull', True)), ('closes__gt', models.F('opens')), _connector='OR'), name='day_exception_range')],
            },
        ),
        migrations.CreateModel(
            name='StoreChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('area', models.CharField(help_text='What is changed by the same form: hours:sales, days, texting.', max_length=40)),
                ('what', models.CharField(max_length=120)),
                ('was', models.TextField(blank=True)),
                ('became', models.TextField(blank=True)),
                ('by', models.BigIntegerField(null=True)),
                ('by_name', models.CharField(blank=True, max_length=120)),
                ('at', models.DateTimeField()),
                ('undo', models.JSONField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['store', '-at'], name='store_change_newest')],
            },
        ),
    ]
