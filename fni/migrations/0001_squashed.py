import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('fni', '0001_jackets')]

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
            name='DealJacket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('deal_number', models.CharField(max_length=40)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deal_jackets', to='customers.customer')),
                ('vehicle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deal_jackets', to='vehicles.vehicle')),
                ('vehicle_words', models.CharField(blank=True, help_text='As sales said it.', max_length=120)),
                ('stock_number', models.CharField(blank=True, max_length=40)),
                ('salesperson', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('deal_type', models.CharField(blank=True, choices=[('cash', 'cash'), ('finance', 'finance'), ('lease', 'lease')], max_length=7)),
                ('condition', models.CharField(blank=True, help_text='new or used', max_length=4)),
                ('has_trade', models.BooleanField(default=False)),
                ('is_large_cash', models.BooleanField(default=False, help_text='Over $10,000 in cash: form 8300.')),
                ('stage', models.CharField(choices=[('waiting', 'waiting for the box'), ('in_box', 'in the box'), ('refused', 'handed back'), ('contracted', 'contracted'), ('sent', 'sent to the lender'), ('kicked_back', 'kicked back'), ('funded', 'funded'), ('title_sent', 'title is out'), ('closed', 'put away'), ('unwound', 'ended without a sale')], default='waiting', max_length=12)),
                ('lender', models.CharField(blank=True, max_length=80)),
                ('amount_financed_cents', models.BigIntegerField(null=True)),
                ('missing', models.CharField(blank=True, help_text='What was missing when it was handed back.', max_length=400)),
                ('agreed_at', models.DateTimeField(null=True)),
                ('waiting_at', models.DateTimeField(help_text='Since when the customer waits for the box.', null=True)),
                ('taken_in_at', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(null=True)),
                ('contracted_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(help_text='When it was sent last.', null=True)),
                ('funded_at', models.DateTimeField(null=True)),
                ('title_due_at', models.DateTimeField(null=True)),
                ('title_sent_at', models.DateTimeField(null=True)),
                ('title_proof', models.CharField(blank=True, max_length=120)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('stage__in', ['closed', 'unwound']), _negated=True), fields=['store', 'agreed_at'], name='jacket_live'), models.Index(condition=models.Q(('deal_type__in', ['finance', 'lease']), ('funded_at__isnull', True)), fields=['store', 'delivered_at'], name='jacket_in_transit'), models.Index(condition=models.Q(('funded_at__isnull', False)), fields=['store', '-funded_at'], name='jacket_funded'), models.Index(fields=['customer', '-agreed_at'], name='jacket_by_customer')],
                'constraints': [models.UniqueConstraint(fields=('store', 'deal_number'), name='jacket_once')],
            },
        ),
        migrations.CreateModel(
            name='ChecklistItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('jacket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='fni.dealjacket')),
                ('key', models.CharField(help_text='A key of fni.checklists.', max_length=24)),
                ('state', models.CharField(choices=[('missing', 'missing'), ('here', 'here'), ('not_needed', 'not needed')], default='missing', max_length=10)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('marked_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, help_text='Why it is not needed.', max_length=120)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('jacket', 'key'), name='checklist_item_once')],
            },
        ),
        migrations.CreateModel(
            name='Stipulation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('jacket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stips', to='fni.dealjacket')),
                ('what', models.CharField(max_length=120)),
                ('issued_at', models.DateTimeField()),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('asked_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('asked_how', models.CharField(blank=True, help_text='text, phone, in person', max_length=12)),
                ('text', models.ForeignKey(help_text='The text that asks; it counts when the phone has it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.message')),
                ('n_texts', models.PositiveSmallIntegerField(default=0)),
                ('collected_at', models.DateTimeField(null=True)),
                ('verified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('dropped_at', models.DateTimeField(null=True)),
                ('dropped_why', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('collected_at__isnull', True), ('dropped_at__isnull', True)), fields=['store', 'issued_at'], name='stip_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('collected_at__isnull', True), ('dropped_at__isnull', True), _connector='OR'), name='stip_ends_once')],
            },
        ),
        migrations.CreateModel(
            name='KickBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('jacket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kick_backs', to='fni.dealjacket')),
                ('why', models.CharField(max_length=200)),
                ('needs_customer', models.BooleanField(default=False)),
                ('kicked_back_at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('corrected_at', models.DateTimeField(null=True)),
                ('corrected_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('corrected_at__isnull', True)), fields=('jacket',), name='kick_back_open_once')],
            },
        ),
        migrations.CreateModel(
            name='JacketAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('jacket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acts', to='fni.dealjacket')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('words', models.CharField(max_length=300)),
            ],
            options={
                'indexes': [models.Index(fields=['jacket', '-at'], name='jacket_story')],
            },
        ),
    ]
