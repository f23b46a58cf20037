import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('staff', '0001_initial'), ('staff', '0002_title_clerk'), ('staff', '0002_sessions_epoch')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('stores', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('sessions_epoch', models.PositiveIntegerField(default=0, help_text='Raised by one, every session and every link for a new password is dead at once.')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_once')],
            },
        ),
        migrations.CreateModel(
            name='StaffMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='places', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=120)),
                ('role', models.CharField(choices=[('bdc_agent', 'BDC agent'), ('bdc_manager', 'BDC manager'), ('salesperson', 'Salesperson'), ('sales_manager', 'Sales manager'), ('service_bdc', 'Service BDC'), ('advisor', 'Service advisor'), ('technician', 'Technician'), ('service_manager', 'Service manager'), ('parts_counter', 'Parts counter'), ('parts_manager', 'Parts manager'), ('fni_manager', 'F&I manager'), ('title_clerk', 'Title clerk'), ('marketing_manager', 'Marketing manager'), ('general_manager', 'General manager')], max_length=24)),
                ('dms_number', models.CharField(blank=True, help_text='The number the DMS knows this person by.', max_length=24)),
                ('languages', models.CharField(default='en', help_text='Codes, separated by commas.', max_length=40)),
                ('capacity', models.PositiveSmallIntegerField(default=40, help_text='Open promises that this person can carry.')),
                ('is_active', models.BooleanField(default=True)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('is_active', True)), fields=['store', 'role'], name='staff_rota')],
                'constraints': [models.UniqueConstraint(fields=('store', 'user'), name='staff_once_per_store'), models.UniqueConstraint(condition=models.Q(('dms_number', ''), _negated=True), fields=('store', 'dms_number'), name='staff_dms_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('name', models.CharField(max_length=60)),
                ('department', models.CharField(choices=[('sales', 'Sales'), ('service', 'Service'), ('parts', 'Parts'), ('fni', 'F&I'), ('marketing', 'Marketing')], max_length=12)),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leads_teams', to='staff.staffmember')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('store', 'name'), name='team_name_once')],
            },
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shifts', to='staff.staffmember')),
                ('weekday', models.PositiveSmallIntegerField(help_text='0 is Monday.')),
                ('starts', models.TimeField()),
                ('ends', models.TimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='shift_end_after_start'), models.UniqueConstraint(fields=('staff', 'weekday', 'starts'), name='shift_once')],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='staff.staffmember')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=80)),
                ('begun_at', models.DateTimeField(help_text='When it was told that they are away, and their promises moved. None: not begun.', null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['store', 'starts_at'], name='absence_by_store'), models.Index(condition=models.Q(('begun_at__isnull', True)), fields=['starts_at'], name='absence_to_begin')],
            },
        ),
        migrations.CreateModel(
            name='RotaTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('role', models.CharField(choices=[('bdc_agent', 'BDC agent'), ('bdc_manager', 'BDC manager'), ('salesperson', 'Salesperson'), ('sales_manager', 'Sales manager'), ('service_bdc', 'Service BDC'), ('advisor', 'Service advisor'), ('technician', 'Technician'), ('service_manager', 'Service manager'), ('parts_counter', 'Parts counter'), ('parts_manager', 'Parts manager'), ('fni_manager', 'F&I manager'), ('title_clerk', 'Title clerk'), ('marketing_manager', 'Marketing manager'), ('general_manager', 'General manager')], max_length=24)),
                ('last_staff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='staff.staffmember')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('store', 'role'), name='rota_turn_once')],
            },
        ),
        migrations.CreateModel(
            name='StaffChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='staff.staffmember')),
                ('what', models.CharField(max_length=60)),
                ('was', models.TextField(blank=True)),
                ('became', models.TextField(blank=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['staff', '-at'], name='staff_change_newest')],
            },
        ),
        migrations.AddField(
            model_name='staffmember',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='members', to='staff.team'),
        ),
    ]
