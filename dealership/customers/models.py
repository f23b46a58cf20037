"""Customers of a store and how they are reached."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from dealership.customers.retold import retold
from dealership.language import later
from dealership.scope import StoreOwned
from dealership.stores.models import Department

#: What somebody is called who left no name, by language: "Hi there".
NAMELESS = {"en": "there", "es": "cliente"}


class Customer(StoreOwned):
    """A person or a business that this store deals with. Merged away: `merged_into` points at the living row."""

    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    full_name = models.CharField(max_length=160)
    is_business = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="en")
    street = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    dms_number = models.CharField(max_length=40, blank=True, help_text="The DMS's customer number.")
    dms_blocks = models.JSONField(
        default=dict, help_text="Stops that the DMS carries: {'text': true, 'email': …}. Never consent."
    )
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "dms_number"],
                name="customer_dms_number_once",
                condition=models.Q(merged_into__isnull=True) & ~models.Q(dms_number=""),
            ),
        ]
        indexes = [
            # Search by the start of a last name, then of any name; both per store.
            models.Index("store", Lower("last_name").desc(), name="customer_last_name"),
            # The customer list, newest first.
            models.Index(fields=["store", "-created_at"], name="customer_newest"),
            # The same by name.
            models.Index(fields=["store", "full_name", "id"], name="customer_by_name"),
            # A household, for the cap on how many texts it gets in a day.
            models.Index(
                fields=["store", "postal_code", "street"],
                name="customer_household",
                condition=~models.Q(street=""),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def address(self) -> str:
        """In one line: "12 Elm St, Newark, NJ 07102"; "" where nothing is known."""
        place = " ".join(filter(None, (self.state, self.postal_code)))
        return ", ".join(filter(None, (self.street, self.city, place)))

    @property
    def call_name(self) -> str:
        """How a text greets them: a business by its name, and somebody who gave none politely."""
        if self.first_name:
            return self.first_name
        if any(mark.isalpha() for mark in self.full_name) and "@" not in self.full_name:
            return self.full_name
        return NAMELESS.get(self.language[:2], NAMELESS["en"])

    @property
    def initials(self) -> str:
        """Two letters for the round mark; a mark of its own for whoever is known by their number alone."""
        if not any(letter.isalpha() for letter in self.full_name):
            return "#"
        parts = self.full_name.split()
        return (parts[0][:1] + parts[-1][:1]).upper() if len(parts) > 1 else self.full_name[:2].upper()


#: What kind of phone it is, as leads call it; what people choose stands in their form.
AS_LEADS_SAY = (later("cellphone"), later("voice"), later("fax"))


class ContactPoint(StoreOwned):
    """A phone (E.164) or an e-mail (lower case) of a customer. Unique per store among the living, so twins cannot be made by a race."""

    class Kind(models.TextChoices):
        PHONE = "phone", later("Phone")
        EMAIL = "email", later("E-mail")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    value = models.CharField(max_length=254)
    tail = models.CharField(
        max_length=10, blank=True, help_text="Digits from the end, reversed: search by the tail of a phone."
    )
    label = models.CharField(max_length=12, blank=True, help_text="cell, home, work as the source called it.")
    is_primary = models.BooleanField(default=False)
    is_living = models.BooleanField(default=True, help_text="False: given up, wrong, or merged away.")
    trouble = models.CharField(
        max_length=40, blank=True, help_text="Why it cannot be used: landline, unknown, wrong number."
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            # No twins: the second of two racing creations finds the first.
            models.UniqueConstraint(
                fields=["store", "kind", "value"],
                name="contact_point_once",
                condition=models.Q(is_living=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "tail"],
                name="contact_point_tail",
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.value

    @property
    def said_trouble(self) -> str:
        """Why it cannot be used, in the reader's language."""
        return retold(self.trouble)


class Merge(StoreOwned):
    """Two rows are one person: the loser points at the winner, and every row of either stays where it is. Undone: both live again."""

    winner = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merges_won")
    loser = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merges_lost")
    by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            # Merged away once at a time.
            models.UniqueConstraint(
                fields=["loser"], name="merge_once", condition=models.Q(undone_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loser_id} into {self.winner_id}"


class PossibleTwin(StoreOwned):
    """Two rows that may be one person, noticed when a source named both. A person merges them or says that they are two."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="twins_noticed")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="twins_noticed_of")
    why = models.CharField(max_length=160)
    noticed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # One row per pair: the lower key first.
            models.UniqueConstraint(fields=["customer", "other"], name="possible_twin_once"),
            models.CheckConstraint(
                condition=models.Q(customer__lt=models.F("other")), name="possible_twin_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} and {self.other_id}"


class HouseholdWord(StoreOwned):
    """What a person said of two customers: they live together, or they do not. The last word holds."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="household_words")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="household_words_of")
    is_together = models.BooleanField()
    by = models.ForeignKey("staff.StaffMember", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # One row per pair: the lower key first.
            models.UniqueConstraint(fields=["customer", "other"], name="household_word_once"),
            models.CheckConstraint(
                condition=models.Q(customer__lt=models.F("other")), name="household_word_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} and {self.other_id}: {'one' if self.is_together else 'two'}"


class CustomerPerson(StoreOwned):
    """The person of record for a customer in one department: their salesperson, their advisor."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="people")
    department = models.CharField(max_length=12, choices=Department.choices)
    staff = models.ForeignKey(
        "staff.StaffMember", on_delete=models.PROTECT, related_name="customers_of_record"
    )
    since = models.DateTimeField()
    before = models.CharField(max_length=120, blank=True, help_text="Whose customer this was until then.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "department"], name="customer_person_once"),
        ]
        indexes = [models.Index(fields=["store", "staff"], name="customer_person_staff")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.department} {self.staff_id}"


class SearchEntry(StoreOwned):
    """One way to find a customer: a word of a name, a VIN, an RO, stock or deal number. Kept by whoever owns the fact."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="search_entries")
    kind = models.CharField(
        max_length=8, help_text="name, email, vin, ro, stock, deal, lead; namepart and vinpart"
    )
    term = models.CharField(max_length=80, help_text="Lower case, without spaces or marks.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "term", "kind", "customer"], name="search_entry_once"),
        ]
        indexes = [
            # Prefix search within a store.
            models.Index(
                fields=["store", "term"], name="search_prefix", opclasses=["int8_ops", "varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.term}"
