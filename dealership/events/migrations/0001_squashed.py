import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('events', '0001_initial'), ('events', '0002_waits_in_line')]

    initial = True

    dependencies = [
        ('stores', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='EventRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('kind', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=80)),
                ('about', models.CharField(blank=True, max_length=80)),
                ('customer_id', models.BigIntegerField(null=True)),
                ('vehicle_id', models.BigIntegerField(null=True)),
                ('by', models.BigIntegerField(null=True)),
                ('payload', models.JSONField(default=dict)),
                ('at', models.DateTimeField(help_text='When it became true.')),
                ('told_at', models.DateTimeField(help_text='When it was published.')),
                ('applied_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='How often it was claimed; the number of a claim fences what is written under it.')),
                ('next_try_at', models.DateTimeField(help_text='When it may be claimed; while it is, when the claim is over. None: done, or parked.', null=True)),
                ('last_error', models.TextField(blank=True)),
                ('parked_at', models.DateTimeField(help_text='Since when a person must look at it.', null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('applied_at__isnull', True)), fields=['next_try_at'], name='event_unapplied'), models.Index(fields=['store', 'customer_id', '-at'], name='event_customer_story'), models.Index(fields=['store', 'subject', '-at'], name='event_subject_story'), models.Index(condition=models.Q(('vehicle_id__isnull', False)), fields=['store', 'vehicle_id', 'kind'], name='event_vehicle'), models.Index(condition=models.Q(('parked_at__isnull', False)), fields=['store', 'parked_at'], name='event_parked')],
            },
        ),
    ]
