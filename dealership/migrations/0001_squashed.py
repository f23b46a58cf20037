import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('dealership', '0001_initial'), ('dealership', '0002_played_day'), ('dealership', '0002_tries'), ('dealership', '0003_canary')]

    initial = True

    dependencies = [
        ('stores', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('job', models.CharField(max_length=80, unique=True)),
                ('at', models.DateTimeField()),
                ('result', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='PlayedDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('real_at', models.DateTimeField(help_text='Since then the clock runs at this speed.', null=True)),
                ('shown_at', models.DateTimeField(help_text='What it showed then; null: the real clock.', null=True)),
                ('speed', models.PositiveSmallIntegerField(default=1)),
                ('is_playing', models.BooleanField(default=False)),
                ('began_at', models.DateTimeField(help_text='Shown time at which the day that is played began.', null=True)),
                ('until_at', models.DateTimeField(help_text='Shown time at which it pauses by itself.', null=True)),
                ('seed', models.PositiveIntegerField(default=1)),
                ('volume', models.FloatField(default=1.0, help_text='Of the usual number of leads and cars.')),
                ('marks', models.JSONField(default=dict, help_text='How far the script has looked, by store and by table.')),
            ],
        ),
        migrations.CreateModel(
            name='PlayedAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('at', models.DateTimeField()),
                ('scene', models.CharField(max_length=40)),
                ('args', models.JSONField(default=dict)),
                ('done_at', models.DateTimeField(null=True)),
                ('words', models.CharField(blank=True, help_text='What happened, as the page of the phones shows it.', max_length=200)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['at'], name='act_due'), models.Index(condition=models.Q(('done_at__isnull', False)), fields=['store', '-done_at'], name='act_told')],
            },
        ),
        migrations.CreateModel(
            name='Bucket',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('tokens', models.FloatField()),
                ('filled_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Canary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slot', models.DateTimeField(unique=True)),
                ('drained_at', models.DateTimeField()),
                ('drained_by', models.CharField(help_text='worker, or ticker where the broker is gone.', max_length=12)),
            ],
        ),
    ]
