import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('marketing', '0001_initial')]

    initial = True

    dependencies = [
        ('customers', '0001_squashed'),
        ('messaging', '0001_squashed'),
        ('staff', '0001_squashed'),
        ('stores', '0001_squashed'),
        ('vehicles', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('name', models.CharField(max_length=80)),
                ('match', models.CharField(choices=[('all', 'All of these'), ('any', 'Any of these')], default='all', max_length=3)),
                ('conditions', models.JSONField(default=list, help_text="[{'what': 'owns', 'make': 'Honda'}, …]")),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('store', 'name'), name='segment_name_once')],
            },
        ),
        migrations.CreateModel(
            name='SegmentVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='marketing.segment')),
                ('name', models.CharField(max_length=80)),
                ('match', models.CharField(choices=[('all', 'All of these'), ('any', 'Any of these')], max_length=3)),
                ('conditions', models.JSONField(default=list)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['segment', '-at'], name='segment_history')],
            },
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('name', models.CharField(max_length=80)),
                ('segment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='marketing.segment')),
                ('department', models.CharField(choices=[('sales', 'Buying a car'), ('service', 'Service')], help_text='Who speaks, and answers what comes back.', max_length=12)),
                ('words', models.TextField(help_text='English, with variables in braces.')),
                ('words_es', models.TextField(blank=True, help_text='For those who speak Spanish; else they get the English.')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('approved', 'approved'), ('sending', 'sending'), ('done', 'done'), ('stopped', 'stopped')], default='draft', max_length=8)),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('written_at', models.DateTimeField()),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('approved_at', models.DateTimeField(null=True)),
                ('segment_words', models.JSONField(default=list, help_text='What the segment was when it was approved.')),
                ('done_at', models.DateTimeField(null=True)),
                ('stopped_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('stopped_at', models.DateTimeField(null=True)),
                ('stopped_why', models.CharField(blank=True, max_length=160)),
            ],
            options={
                'indexes': [models.Index(fields=['store', '-written_at', '-id'], name='campaign_newest'), models.Index(condition=models.Q(('state__in', ['approved', 'sending'])), fields=['approved_at'], name='campaign_leaving')],
                'constraints': [models.UniqueConstraint(fields=('store', 'name'), name='campaign_name_once')],
            },
        ),
        migrations.CreateModel(
            name='CampaignPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='marketing.campaign')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('queued', 'handed to the outbox'), ('left_out', 'left out'), ('withdrawn', 'taken out')], default='waiting', max_length=9)),
                ('why', models.CharField(blank=True, help_text='Why they were left out or taken out.', max_length=160)),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.message')),
                ('queued_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('booked_at', models.DateTimeField(null=True)),
                ('opted_out_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['campaign', 'id'], name='campaign_waiting'), models.Index(fields=['customer', '-queued_at'], name='campaign_by_customer')],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'customer'), name='campaign_person_once')],
            },
        ),
        migrations.CreateModel(
            name='SourceLead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('lead_id', models.BigIntegerField(help_text="Sales' own number: a plain one, departments share no keys.")),
                ('source', models.CharField(blank=True, max_length=80)),
                ('vehicle', models.CharField(blank=True, max_length=200)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='source_leads', to='customers.customer')),
                ('received_at', models.DateTimeField()),
                ('person_at', models.DateTimeField(help_text='When a person first reached them.', null=True)),
                ('person_minutes', models.PositiveIntegerField(help_text='Open minutes of sales until then.', null=True)),
                ('booked_at', models.DateTimeField(null=True)),
                ('shown_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=12)),
            ],
            options={
                'indexes': [models.Index(fields=['store', '-received_at', '-id'], name='source_lead_newest'), models.Index(fields=['customer', '-received_at'], name='source_lead_by_customer')],
                'constraints': [models.UniqueConstraint(fields=('store', 'lead_id'), name='source_lead_once')],
            },
        ),
        migrations.CreateModel(
            name='KnownCustomer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('customer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='known_to_marketing', to='customers.customer')),
                ('serviced_at', models.DateTimeField(null=True)),
                ('bought_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['store', 'serviced_at'], name='known_serviced'), models.Index(fields=['store', 'bought_at'], name='known_bought')],
            },
        ),
        migrations.CreateModel(
            name='DeclinedKnown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
                ('subject', models.CharField(help_text='The RO on which it was declined: "ro:48213".', max_length=80)),
                ('key', models.CharField(max_length=80)),
                ('colour', models.CharField(max_length=6)),
                ('description', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('is_open', models.BooleanField(default=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('is_open', True)), fields=['customer', 'colour'], name='declined_known_open')],
                'constraints': [models.UniqueConstraint(fields=('store', 'subject', 'key'), name='declined_known_once')],
            },
        ),
        migrations.CreateModel(
            name='ReviewSite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('name', models.CharField(help_text='Google, DealerRater.', max_length=40)),
                ('url', models.URLField(max_length=120)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('set_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('store',), name='review_site_once')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('site', models.CharField(max_length=40)),
                ('stars', models.PositiveSmallIntegerField()),
                ('words', models.TextField(blank=True)),
                ('who', models.CharField(blank=True, help_text='The name that stands on the site.', max_length=120)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='customers.customer')),
                ('department', models.CharField(choices=[('sales', 'Sales'), ('service', 'Service'), ('parts', 'Parts'), ('fni', 'F&I'), ('marketing', 'Marketing')], max_length=12)),
                ('posted_at', models.DateTimeField(help_text='When it was written down here: from then on it is owed.')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('reply', models.TextField(blank=True, help_text='What was replied in public.')),
                ('contact', models.CharField(blank=True, choices=[('reached', 'We spoke or wrote with them'), ('unknown', 'Nobody knows who it is')], max_length=8)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
            ],
            options={
                'indexes': [models.Index(fields=['store', '-posted_at', '-id'], name='review_newest'), models.Index(condition=models.Q(('answered_at__isnull', True), ('stars__lte', 3)), fields=['store', 'posted_at'], name='review_to_answer'), models.Index(fields=['customer', '-posted_at'], name='review_by_customer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('stars__gte', 1), ('stars__lte', 5)), name='review_stars')],
            },
        ),
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('kind', models.CharField(choices=[('csi', 'Service'), ('ssi', 'Sales')], max_length=3)),
                ('about_subject', models.CharField(help_text='"ro:48213" or "deal:9041".', max_length=80)),
                ('cycle', models.PositiveSmallIntegerField(default=0)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='customers.customer')),
                ('vehicle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vehicles.vehicle')),
                ('person', models.ForeignKey(help_text='Who dealt with the customer: the advisor, the salesperson.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('state', models.CharField(choices=[('waiting', 'to be asked'), ('held', 'held back'), ('asked', 'asked'), ('answered', 'answered'), ('dropped', 'not asked')], default='waiting', max_length=8)),
                ('state_why', models.CharField(blank=True, help_text='Why it is held back or not asked.', max_length=160)),
                ('happened_at', models.DateTimeField(help_text='When the RO closed, when the car was handed over.')),
                ('ask_at', models.DateTimeField(help_text='When to ask what was held back before.', null=True)),
                ('asked_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('rating', models.PositiveSmallIntegerField(help_text='1 to 5; null where only words came.', null=True)),
                ('rating_words', models.CharField(blank=True, help_text='As it was given: “7 of 10”.', max_length=40)),
                ('words', models.TextField(blank=True)),
                ('is_unhappy', models.BooleanField(default=False)),
                ('recovered_at', models.DateTimeField(help_text='When a manager wrote that it is settled.', null=True)),
                ('review_due_at', models.DateTimeField(help_text='From when on they are asked for a public review. Never depends on the answer.', null=True)),
                ('review_sent_at', models.DateTimeField(help_text='When the request was given to the outbox.', null=True)),
                ('review_asked_at', models.DateTimeField(help_text='When the request reached their phone.', null=True)),
                ('review_why', models.CharField(blank=True, help_text='Why no request could be written.', max_length=160)),
            ],
            options={
                'indexes': [models.Index(fields=['store', '-happened_at', '-id'], name='survey_newest'), models.Index(condition=models.Q(('answered_at__isnull', False)), fields=['store', '-answered_at'], name='survey_answered'), models.Index(condition=models.Q(('asked_at__isnull', False)), fields=['store', '-asked_at'], name='survey_asked'), models.Index(condition=models.Q(('is_unhappy', True), ('recovered_at__isnull', True)), fields=['store', 'customer'], name='survey_unhappy_open'), models.Index(fields=['customer', '-happened_at'], name='survey_by_customer'), models.Index(condition=models.Q(('review_due_at__isnull', False), ('review_sent_at__isnull', True)), fields=['review_due_at'], name='survey_review_due'), models.Index(condition=models.Q(('ask_at__isnull', False)), fields=['ask_at'], name='survey_ask_later')],
                'constraints': [models.UniqueConstraint(fields=('store', 'about_subject', 'cycle'), name='survey_once'), models.CheckConstraint(condition=models.Q(('rating__isnull', True), models.Q(('rating__gte', 1), ('rating__lte', 5)), _connector='OR'), name='survey_rating_of_five')],
            },
        ),
        migrations.CreateModel(
            name='Recovery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recoveries', to='marketing.survey')),
                ('call', models.ForeignKey(help_text='The proof that they spoke.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.call')),
                ('what_went_wrong', models.TextField()),
                ('what_was_done', models.TextField()),
                ('is_resolved', models.BooleanField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['survey', '-at'], name='recovery_by_survey')],
            },
        ),
    ]
