import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('messaging', '0001_initial'), ('messaging', '0002_initial'), ('messaging', '0002_pace_steps_and_books'), ('messaging', '0003_waits_in_line'), ('messaging', '0004_put_away_and_unhappy')]

    initial = True

    dependencies = [
        ('customers', '0001_squashed'),
        ('staff', '0001_squashed'),
        ('stores', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='customers.customer')),
                ('our_number', models.CharField(max_length=16)),
                ('their_number', models.CharField(max_length=16)),
                ('department', models.CharField(choices=[('sales', 'Sales'), ('service', 'Service'), ('parts', 'Parts'), ('fni', 'F&I'), ('marketing', 'Marketing')], default='sales', max_length=12)),
                ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='conversations_held', to='staff.staffmember')),
                ('asked', models.CharField(choices=[('none', 'Nothing'), ('confirm', 'To confirm an appointment'), ('approve', 'To approve work'), ('survey', 'How it was')], default='none', max_length=8)),
                ('asked_about', models.CharField(blank=True, help_text='What the last question was about: "appointment:12".', max_length=80)),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('last_in_at', models.DateTimeField(blank=True, null=True)),
                ('last_human_out_at', models.DateTimeField(blank=True, null=True)),
                ('last_at', models.DateTimeField(blank=True, null=True)),
                ('last_body', models.CharField(blank=True, max_length=160)),
                ('waiting_since', models.DateTimeField(blank=True, help_text='The first message that no person has answered.', null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('put_away_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='staff.staffmember')),
                ('put_away_until', models.DateTimeField(help_text="Out of the lists until then; it comes back by itself, or with the customer's next text.", null=True)),
                ('unhappy_since', models.DateTimeField(help_text='They said that something went wrong, and nobody has settled it.', null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['store', '-last_at'], name='conversation_newest'), models.Index(condition=models.Q(('waiting_since__isnull', False)), fields=['store', 'waiting_since'], name='conversation_waiting'), models.Index(condition=models.Q(('holder__isnull', False)), fields=['holder', '-last_at'], name='conversation_held'), models.Index(fields=['store', 'department', '-last_at'], name='conversation_department'), models.Index(condition=models.Q(('holder__isnull', True)), fields=['store', '-last_at'], name='conversation_unowned'), models.Index(condition=models.Q(('put_away_until__isnull', False)), fields=['store', 'put_away_until'], name='conversation_put_away'), models.Index(condition=models.Q(('unhappy_since__isnull', False)), fields=['store', '-last_at'], name='conversation_unhappy')],
                'constraints': [models.UniqueConstraint(fields=('store', 'their_number'), name='conversation_once')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='customers.customer')),
                ('number', models.CharField(blank=True, max_length=16)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('outcome', models.CharField(choices=[('connected', 'Spoke with them'), ('voicemail', 'Left a message'), ('no_answer', 'No answer'), ('wrong_number', 'Wrong number')], max_length=12)),
                ('note', models.TextField(blank=True)),
                ('subject', models.CharField(blank=True, max_length=80)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['customer', '-at'], name='call_by_customer')],
            },
        ),
        migrations.CreateModel(
            name='ConsentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('number', models.CharField(max_length=16)),
                ('act', models.CharField(choices=[('given', 'given'), ('revoked', 'taken back')], max_length=8)),
                ('purpose', models.CharField(blank=True, choices=[('conversational', 'Answer in a conversation'), ('service', 'About a service visit'), ('sales', 'About an inquiry or a deal'), ('marketing', 'Offer')], help_text='Empty: all purposes.', max_length=16)),
                ('how', models.CharField(help_text='text, lead form, RO, told a person, DMS, carrier.', max_length=40)),
                ('words', models.TextField(blank=True, help_text='The exact words, as evidence.')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['store', 'number', 'at'], name='consent_ledger')],
            },
        ),
        migrations.CreateModel(
            name='SimulatedText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sid', models.CharField(max_length=40, unique=True)),
                ('from_number', models.CharField(max_length=16)),
                ('to_number', models.CharField(max_length=16)),
                ('body', models.TextField(blank=True)),
                ('status', models.CharField(max_length=12)),
                ('error_code', models.CharField(blank=True, max_length=10)),
                ('status_callback', models.CharField(blank=True, max_length=300)),
                ('is_from_customer', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('calls_due', models.JSONField(default=list, help_text="Webhooks still to be made: [{'status', 'at'}].")),
                ('next_call_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['to_number', 'at'], name='simulated_to'), models.Index(fields=['from_number', 'at'], name='simulated_from'), models.Index(condition=models.Q(('next_call_at__isnull', False)), fields=['next_call_at'], name='simulated_calls_due')],
            },
        ),
        migrations.CreateModel(
            name='SimulatedPhone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=16, unique=True)),
                ('behaviour', models.CharField(choices=[('prompt', 'Gets texts at once'), ('late', 'Gets texts a minute late'), ('shuffled', 'Reports out of order'), ('twice', 'Reports everything twice'), ('silent', 'Never reports'), ('unreachable', 'Is switched off'), ('landline', 'Is a landline'), ('filtered', 'Carrier filters our texts')], default='prompt', max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='messaging.conversation')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='customers.customer')),
                ('is_inbound', models.BooleanField()),
                ('body', models.TextField(blank=True)),
                ('media', models.JSONField(default=list, help_text='Addresses and types of pictures that came along.')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('purpose', models.CharField(choices=[('conversational', 'Answer in a conversation'), ('service', 'About a service visit'), ('sales', 'About an inquiry or a deal'), ('marketing', 'Offer')], default='conversational', max_length=16)),
                ('state', models.CharField(choices=[('received', 'received'), ('queued', 'waiting'), ('sending', 'leaving'), ('accepted', 'with the carrier'), ('sent', 'sent'), ('delivered', 'received'), ('undelivered', 'not delivered'), ('failed', 'failed'), ('unknown', 'in doubt'), ('suppressed', 'not sent')], max_length=12)),
                ('subject', models.CharField(blank=True, help_text='What it is about: "ro:48213", "lead:7", "appointment:12".', max_length=80)),
                ('promise_ref', models.BigIntegerField(help_text='The promise whose step this is: a plain number, tasks stands above.', null=True)),
                ('department', models.CharField(blank=True, choices=[('sales', 'Sales'), ('service', 'Service'), ('parts', 'Parts'), ('fni', 'F&I'), ('marketing', 'Marketing')], help_text='Which department speaks.', max_length=12)),
                ('asks', models.CharField(choices=[('none', 'Nothing'), ('confirm', 'To confirm an appointment'), ('approve', 'To approve work'), ('survey', 'How it was')], default='none', max_length=8)),
                ('asked_about', models.CharField(blank=True, help_text='What its question is about.', max_length=80)),
                ('uuid', models.UUIDField(help_text='Our name for it, in the path of the status callback.', unique=True)),
                ('dedupe_key', models.CharField(max_length=120)),
                ('carrier_sid', models.CharField(blank=True, max_length=40)),
                ('send_after', models.DateTimeField(null=True)),
                ('useless_after', models.DateTimeField(help_text='Too late to be worth sending.', null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('called_at', models.DateTimeField(help_text='Set just before the carrier is called. Without it, it surely was not.', null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('lookups', models.PositiveSmallIntegerField(default=0, help_text='How often the carrier was asked about it while in doubt.')),
                ('error_code', models.CharField(blank=True, max_length=10)),
                ('reasons', models.JSONField(default=list, help_text='Why it left, waited or did not leave, in sentences.')),
                ('reading', models.JSONField(default=dict, help_text='How an inbound text was read: intent, sure, because, slots, lines, rating.')),
                ('needs_person', models.BooleanField(default=False, help_text='Inbound that the product did not settle; outbound that a person must decide.')),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('received_at', models.DateTimeField(help_text='When the carrier said that the phone got it.', null=True)),
                ('steps', models.JSONField(default=list, help_text='What happened to it: [[when, what], …], oldest first.')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['sending', 'unknown'])), fields=['claimed_at'], name='message_in_doubt'), models.Index(fields=['conversation', 'created_at'], name='message_thread'), models.Index(condition=models.Q(('state', 'queued'), models.Q(('purpose', 'marketing'), _negated=True)), fields=['send_after'], name='message_to_send'), models.Index(condition=models.Q(('purpose', 'marketing'), ('state', 'queued')), fields=['send_after'], name='message_offer_to_send')],
                'constraints': [models.UniqueConstraint(fields=('store', 'dedupe_key'), name='message_once'), models.UniqueConstraint(condition=models.Q(('carrier_sid', ''), _negated=True), fields=('carrier_sid',), name='message_sid_once')],
            },
        ),
        migrations.CreateModel(
            name='CarrierCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('inbound', 'What came in'), ('fates', 'What went out')], max_length=8)),
                ('at', models.DateTimeField()),
                ('since', models.DateTimeField(help_text='How far back it looked.')),
                ('n_listed', models.PositiveIntegerField(default=0)),
                ('n_found', models.PositiveIntegerField(default=0, help_text='Texts or fates that nobody had called us about.')),
                ('n_strange', models.PositiveIntegerField(default=0, help_text='Only the carrier has them.')),
                ('n_absent', models.PositiveIntegerField(default=0, help_text='Only we have them.')),
                ('named', models.JSONField(default=list, help_text='Which, the first of them.')),
                ('trouble', models.CharField(blank=True, help_text='Why the list could not be read.', max_length=300)),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
            ],
            options={
                'indexes': [models.Index(fields=['store', 'kind', '-at'], name='carrier_check_newest')],
            },
        ),
        migrations.CreateModel(
            name='Sender',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('segments_per_second', models.DecimalField(blank=True, decimal_places=2, help_text='What the carrier lets this number send; empty: the usual.', max_digits=6, null=True)),
                ('tokens', models.FloatField(default=0, help_text='Segments that it might send at `filled_at`.')),
                ('filled_at', models.DateTimeField(null=True)),
                ('rests_until', models.DateTimeField(help_text='Nothing leaves before.', null=True)),
                ('rests_since', models.DateTimeField(null=True)),
                ('rests_why', models.CharField(blank=True, max_length=200)),
                ('n_rests', models.PositiveSmallIntegerField(default=0, help_text='How often in a row it was asked to slow down.')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('store',), name='sender_once')],
            },
        ),
        migrations.CreateModel(
            name='CarrierCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('inbound', 'Inbound'), ('status', 'Status')], max_length=8)),
                ('external_id', models.CharField(help_text='MessageSid, or MessageSid:status:error for a callback.', max_length=120)),
                ('payload', models.JSONField()),
                ('received_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='How often it was claimed; the number of a claim fences what is written under it.')),
                ('next_try_at', models.DateTimeField(help_text='When it may be claimed; while it is, when the claim is over. None: done, or parked.', null=True)),
                ('last_error', models.TextField(blank=True)),
                ('parked_at', models.DateTimeField(help_text='Since when a person must look at it.', null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['next_try_at'], name='carrier_call_open')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'external_id'), name='carrier_call_once')],
            },
        ),
    ]
