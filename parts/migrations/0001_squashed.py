import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('parts', '0001_parts'), ('parts', '0002_stock_by_make')]

    initial = True

    dependencies = [
        ('customers', '0001_squashed'),
        ('staff', '0001_squashed'),
        ('stores', '0001_squashed'),
        ('vehicles', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='PartsRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('key', models.UUIDField(help_text='Of the form that asked: pressed twice, it is asked once.')),
                ('ro_number', models.CharField(blank=True, help_text='Empty: sold over the counter.', max_length=24)),
                ('for_line', models.CharField(blank=True, help_text="The RO's line.", max_length=8)),
                ('description', models.CharField(max_length=120)),
                ('part_number', models.CharField(blank=True, max_length=40)),
                ('part_key', models.CharField(blank=True, help_text='The number without what people write between its characters.', max_length=40)),
                ('quantity', models.PositiveSmallIntegerField(default=1)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts_requests', to='customers.customer')),
                ('vehicle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts_requests', to='vehicles.vehicle')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('advisor', models.ForeignKey(help_text='Who tells the customer: the advisor, or whoever stood at the counter.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('note', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(choices=[('requested', 'to quote'), ('quoted', 'quoted'), ('approved', 'approved'), ('ordered', 'on order'), ('backordered', 'backordered'), ('shipped', 'on its way'), ('partial', 'partly here'), ('received', 'here'), ('installed', 'fitted'), ('returned', 'returned'), ('cancelled', 'not needed')], default='requested', max_length=11)),
                ('requested_at', models.DateTimeField()),
                ('quote_due_at', models.DateTimeField(help_text='When the price was promised; empty where the store promises none.', null=True)),
                ('quoted_at', models.DateTimeField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('price_cents', models.BigIntegerField(help_text='For all of them, as the customer is told it.', null=True)),
                ('availability', models.CharField(blank=True, max_length=80)),
                ('in_stock', models.BooleanField(default=False, help_text='On the shelf when it was quoted.')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['installed', 'returned', 'cancelled']), _negated=True), fields=['store', 'state', 'requested_at'], name='part_live'), models.Index(condition=models.Q(('ro_number', ''), _negated=True), fields=['store', 'ro_number'], name='part_by_ro'), models.Index(fields=['customer', '-requested_at'], name='part_by_customer')],
                'constraints': [models.UniqueConstraint(fields=('store', 'key'), name='part_asked_once')],
            },
        ),
        migrations.CreateModel(
            name='SpecialOrderPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='special_order', to='parts.partsrequest')),
                ('source', models.CharField(blank=True, help_text='Who sends it.', max_length=60)),
                ('how', models.CharField(choices=[('stock', 'Stock order'), ('daily', 'Daily order'), ('overnight', 'Overnight')], default='daily', max_length=9)),
                ('ordered_at', models.DateTimeField()),
                ('eta_at', models.DateTimeField(help_text='The end of the day on which it should be here; empty: nobody knows.', null=True)),
                ('eta_changed_at', models.DateTimeField(null=True)),
                ('eta_reason', models.CharField(blank=True, help_text='Why it changed last.', max_length=12)),
                ('eta_told', models.DateTimeField(help_text='The ETA that the customer knows.', null=True)),
                ('eta_told_at', models.DateTimeField(null=True)),
                ('tell_by_at', models.DateTimeField(help_text='Something is to be told by then; empty when the customer knows what we know.', null=True)),
                ('n_ordered', models.PositiveSmallIntegerField()),
                ('n_received', models.PositiveSmallIntegerField(default=0)),
                ('n_backordered', models.PositiveSmallIntegerField(default=0)),
                ('superseded_by', models.CharField(blank=True, max_length=40)),
                ('bin', models.CharField(blank=True, max_length=24)),
                ('received_at', models.DateTimeField(help_text='When all of it was here.', null=True)),
                ('hold_until', models.DateTimeField(null=True)),
                ('returned_why', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('tell_by_at__isnull', False)), fields=['store', 'tell_by_at'], name='sop_to_tell')],
                'constraints': [models.CheckConstraint(condition=models.Q(('n_received__lte', models.F('n_ordered'))), name='sop_no_more_than_ordered')],
            },
        ),
        migrations.CreateModel(
            name='PartHistory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='parts.partsrequest')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('act', models.CharField(max_length=40)),
                ('was', models.CharField(blank=True, max_length=120)),
                ('became', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'indexes': [models.Index(fields=['request', 'at'], name='part_history_of')],
            },
        ),
        migrations.CreateModel(
            name='KnownRO',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('ro_number', models.CharField(max_length=24)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
                ('vehicle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vehicles.vehicle')),
                ('advisor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.staffmember')),
                ('state', models.CharField(choices=[('open', 'open'), ('closed', 'closed'), ('voided', 'voided')], default='open', max_length=6)),
                ('state_at', models.DateTimeField(help_text='When it became so: what is told late and happened earlier changes nothing.')),
                ('told_at', models.DateTimeField(help_text='When the newest fact that names its advisor became true.')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('store', 'ro_number'), name='known_ro_once')],
            },
        ),
        migrations.CreateModel(
            name='StockPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('part_key', models.CharField(max_length=40)),
                ('part_number', models.CharField(max_length=40)),
                ('description', models.CharField(blank=True, max_length=120)),
                ('on_hand', models.DecimalField(decimal_places=3, max_digits=10, null=True)),
                ('on_order', models.DecimalField(decimal_places=3, max_digits=10, null=True)),
                ('bin', models.CharField(blank=True, max_length=24)),
                ('source', models.CharField(blank=True, max_length=24)),
                ('price_cents', models.BigIntegerField(null=True)),
                ('cost_cents', models.BigIntegerField(help_text='For people of parts; no customer is shown it.', null=True)),
                ('last_sale_date', models.DateField(null=True)),
                ('superseded_by', models.CharField(blank=True, max_length=40)),
                ('stamp', models.DateTimeField(help_text='The version: time of the file that told it last.')),
                ('line', models.PositiveIntegerField()),
                ('content_hash', models.CharField(max_length=64)),
                ('make', models.CharField(blank=True, help_text='In capitals; empty where the file names none.', max_length=24)),
            ],
            options={
                'indexes': [models.Index(fields=['store', 'part_key'], name='stock_by_number', opclasses=['int8_ops', 'varchar_pattern_ops']), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('description', config='simple'), name='stock_by_words')],
                'constraints': [models.UniqueConstraint(fields=('store', 'part_key', 'make'), name='stock_part_once')],
            },
        ),
    ]
