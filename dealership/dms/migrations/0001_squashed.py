import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('dms', '0001_initial'), ('dms', '0002_initial'), ('dms', '0003_deals_and_stock'), ('dms', '0002_held_files')]

    initial = True

    dependencies = [
        ('staff', '0001_squashed'),
        ('stores', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('kind', models.CharField(choices=[('SV', 'Repair orders'), ('SV_APPT', 'Service appointments'), ('SL', 'Deals'), ('PTINV', 'Parts stock')], max_length=12)),
                ('dialect', models.CharField(default='dealervault', max_length=24)),
                ('token', models.CharField(help_text='The secret in the address that files are posted to.', max_length=64, unique=True)),
                ('stale_after_minutes', models.PositiveIntegerField(default=120)),
                ('last_file_at', models.DateTimeField(blank=True, null=True)),
                ('first_loaded_at', models.DateTimeField(blank=True, help_text='Before this, a file is history: it tells nobody anything.', null=True)),
                ('header_aliases', models.JSONField(blank=True, default=dict, help_text="This store's own column names: {its name: DealerVault's name}.")),
                ('status_codes', models.JSONField(blank=True, default=dict, help_text='What its own status codes mean: {code in lower case: open…}.')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('store', 'kind'), name='feed_once')],
            },
        ),
        migrations.CreateModel(
            name='FeedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('feed', models.ForeignKey(help_text='None: refused, because no feed of this store sends such a file.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='dms.feed')),
                ('name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('data', models.BinaryField()),
                ('stamp', models.DateTimeField(help_text="The time in the file's name, else when it came: later wins.")),
                ('received_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('received', 'waiting to be read'), ('held', 'held for a person'), ('staged', 'being applied'), ('applied', 'applied'), ('refused', 'refused')], default='received', max_length=10)),
                ('is_backfill', models.BooleanField(default=False, help_text='The first load of history: nothing is sent to anybody.')),
                ('why', models.TextField(blank=True, help_text='Why it was refused, or what was odd.')),
                ('n_records', models.PositiveIntegerField(default=0)),
                ('n_applied', models.PositiveIntegerField(default=0)),
                ('n_same', models.PositiveIntegerField(default=0)),
                ('n_older', models.PositiveIntegerField(default=0)),
                ('n_parked', models.PositiveIntegerField(default=0)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(help_text='Who let a held file through, or refused it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['received', 'staged'])), fields=['received_at'], name='feed_file_open'), models.Index(fields=['store', '-received_at'], name='feed_file_newest')],
                'constraints': [models.UniqueConstraint(fields=('feed', 'sha256', 'stamp'), name='feed_file_once'), models.UniqueConstraint(condition=models.Q(('feed__isnull', True)), fields=('store', 'sha256'), name='feed_file_of_no_feed_once')],
            },
        ),
        migrations.CreateModel(
            name='StagedRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='dms.feedfile')),
                ('kind', models.CharField(choices=[('SV', 'Repair orders'), ('SV_APPT', 'Service appointments'), ('SL', 'Deals'), ('PTINV', 'Parts stock')], max_length=12)),
                ('line', models.PositiveIntegerField()),
                ('key', models.CharField(help_text='RO number, appointment number.', max_length=60)),
                ('content_hash', models.CharField(max_length=64)),
                ('stamp', models.DateTimeField()),
                ('raw', models.JSONField()),
                ('state', models.CharField(choices=[('staged', 'waiting'), ('applied', 'applied'), ('same', 'nothing new'), ('older', 'older than what is known'), ('parked', 'parked'), ('dropped', 'set aside by a person')], default='staged', max_length=8)),
                ('why', models.TextField(blank=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('applied_at', models.DateTimeField(null=True)),
                ('mended_by', models.ForeignKey(help_text='Who looked at it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('mended_at', models.DateTimeField(null=True)),
                ('mended_why', models.CharField(blank=True, help_text='Why it was set aside, in their words.', max_length=200)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'staged')), fields=['kind', 'stamp', 'line'], name='staged_to_apply'), models.Index(condition=models.Q(('state', 'parked')), fields=['store', '-stamp'], name='staged_parked'), models.Index(fields=['store', 'kind', 'key', '-stamp'], name='staged_history')],
                'constraints': [models.UniqueConstraint(fields=('file', 'line'), name='staged_line_once')],
            },
        ),
    ]
