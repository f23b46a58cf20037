"""What the database itself notes when it changes, whoever changes it: a page, a job, a bulk update, raw SQL.

Every model stands here, or in tests/audit/test_watched.py with the reason why it does not. Upper packages are named by string.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dealership.audit.models import Action

MADE, CHANGED, REMOVED = "INSERT", "UPDATE", "DELETE"


@dataclass(frozen=True)
class Watched:
    """One table. Columns that are not `plain` are named when they change, and their values are not copied."""

    model: str
    #: The record it belongs to: what kind, and the column with its key.
    kind: str
    key: str = "id"
    #: Which part of that record it is; empty: the record itself.
    part: str = ""
    plain: tuple[str, ...] = ()
    #: Columns whose changes are nobody's act: counters, what is derived.
    ignored: tuple[str, ...] = ()
    #: What it is called; a statement that is left out is not watched.
    acts: dict[str, str] = field(
        default_factory=lambda: {MADE: Action.MADE, CHANGED: Action.CHANGED, REMOVED: Action.REMOVED}
    )
    #: Of these a machine's are left out: the file, the lead or the fact that they came from says it.
    by_hand: tuple[str, ...] = ()
    #: The column that names who did it, where no page does.
    by: str = ""
    #: Only rows that have a value there.
    only: str = ""
    ref: str = ""
    customer: str = ""
    store: str = "store_id"
    #: A change of this column to that value is called so.
    turns: dict[str, dict[str, str]] = field(default_factory=dict)

    def rule(self, statement: str) -> dict[str, Any]:
        """What the trigger of this statement is told."""
        return {
            "action": self.acts[statement],
            "kind": self.kind,
            "key": self.key,
            "part": self.part,
            "plain": self.plain,
            "ignored": self.ignored,
            "by_hand": statement in self.by_hand,
            "by": self.by,
            "only": self.only,
            "ref": self.ref,
            "customer": self.customer,
            "store": self.store,
            "turns": self.turns,
        }


def _settings(model: str, part: str, *plain: str, **more: Any) -> Watched:
    acts = dict.fromkeys((MADE, CHANGED, REMOVED), Action.SETTINGS.value)
    return Watched(model, "store", key="store_id", part=part, plain=plain, acts=acts, **more)


_BY_HAND = (MADE, CHANGED)

WATCHED = (
    # --- the store and its people ---------------------------------------------------------------------------------------
    Watched(
        "stores.Store",
        "store",
        store="id",
        plain=("name", "zone", "state", "postal_code", "text_number", "makes", "texting_on"),
        acts={MADE: Action.MADE, CHANGED: Action.SETTINGS, REMOVED: Action.REMOVED},
    ),
    _settings("stores.OpenHours", "hours", "department", "weekday", "opens", "closes"),
    _settings("stores.DayException", "days", "department", "date", "name", "opens", "closes"),
    _settings("staff.Team", "team", "name", "department", "lead_id"),
    _settings("appointments.CapacityPlan", "capacity", "department", "slot_minutes", "per_slot"),
    _settings(
        "dms.Feed",
        "feed",
        "kind",
        "dialect",
        "stale_after_minutes",
        "status_codes",
        "header_aliases",
        ignored=("last_file_at", "first_loaded_at"),
    ),
    Watched(
        "messaging.Sender",
        "store",
        key="store_id",
        part="texting",
        plain=("segments_per_second",),
        # The bucket of every batch that leaves, and what the carrier asks for.
        ignored=("tokens", "filled_at", "rests_until", "rests_since", "rests_why", "n_rests"),
        acts={CHANGED: Action.SETTINGS},
    ),
    _settings(
        "hooks.Hook",
        "hook",
        "name",
        "kinds",
        "is_on",
        # How its calls fare; the change of `is_on` says the rest.
        ignored=("failing_since", "off_why", "old_until", "made_at", "made_by_id"),
    ),
    _settings(
        "tasks.StoreOverride", "playbook", "rule", "is_on", "due", "owner_role", ignored=("at",), by="by_id"
    ),
    _settings("marketing.ReviewSite", "review site", "name", "url", ignored=("set_at",), by="set_by_id"),
    Watched(
        "staff.StaffMember",
        "staff",
        plain=("role", "team_id", "languages", "capacity", "is_active", "dms_number"),
        ignored=("left_at",),
        turns={"is_active": {"false": Action.DEACTIVATED, "true": Action.REINSTATED}},
    ),
    Watched("staff.Shift", "staff", key="staff_id", part="shifts", plain=("weekday", "starts", "ends")),
    Watched(
        "staff.Absence",
        "staff",
        key="staff_id",
        part="absence",
        plain=("starts_at", "ends_at"),
        ignored=("begun_at",),
    ),
    # --- customers ------------------------------------------------------------------------------------------------------
    Watched(
        "customers.Customer",
        "customer",
        plain=("language", "is_business"),
        # A merge says so itself.
        ignored=("merged_into_id",),
        by_hand=(MADE,),
        customer="id",
    ),
    Watched(
        "customers.ContactPoint",
        "customer",
        key="customer_id",
        part="phones and e-mails",
        plain=("kind", "is_primary", "is_living"),
        ignored=("tail",),
        by_hand=(MADE,),
        customer="customer_id",
    ),
    Watched(
        "customers.Merge",
        "customer",
        key="winner_id",
        plain=("loser_id",),
        ignored=("undone_by_id",),
        acts={MADE: Action.MERGED, CHANGED: Action.SEPARATED, REMOVED: Action.REMOVED},
        by="by_id",
        customer="winner_id",
    ),
    Watched(
        "customers.PossibleTwin",
        "customer",
        key="customer_id",
        part="twins",
        plain=("other_id",),
        acts={CHANGED: Action.CHANGED},
        by_hand=(CHANGED,),
        customer="customer_id",
    ),
    Watched(
        "customers.HouseholdWord",
        "customer",
        key="customer_id",
        part="household",
        plain=("other_id", "is_together"),
        ignored=("at", "by_id"),
        customer="customer_id",
    ),
    Watched(
        "customers.CustomerPerson",
        "customer",
        key="customer_id",
        part="person of record",
        plain=("department", "staff_id"),
        ignored=("before", "since"),
        by_hand=(MADE,),
        customer="customer_id",
    ),
    Watched(
        "messaging.ConsentEvent",
        "consent",
        plain=("act", "purpose", "how"),
        acts={MADE: Action.CONSENT, CHANGED: Action.CHANGED, REMOVED: Action.REMOVED},
        by="by_id",
    ),
    Watched(
        "messaging.Message",
        "customer",
        key="customer_id",
        part="text",
        plain=("purpose", "subject", "department"),
        acts={MADE: Action.TEXTED, REMOVED: Action.REMOVED},
        by="author_id",
        only="author_id",
        customer="customer_id",
    ),
    Watched(
        "messaging.Call",
        "customer",
        key="customer_id",
        part="call",
        plain=("outcome", "subject"),
        acts={MADE: Action.CALLED, CHANGED: Action.CHANGED, REMOVED: Action.REMOVED},
        by="by_id",
        customer="customer_id",
    ),
    Watched(
        "appointments.Appointment",
        "appointment",
        plain=("department", "starts_at", "minutes", "state", "person_id", "transport", "source"),
        ignored=(
            "version",
            "slot_id",
            "is_overbooked",
            "confirmed_at",
            "arrived_at",
            "missed_at",
            "cancelled_at",
        ),
        by_hand=(MADE,),
        by="booked_by_id",
        customer="customer_id",
    ),
    # --- departments: what people do by hand; what the DMS says is in its files -------------------------------------------
    Watched(
        "sales.Lead",
        "lead",
        plain=("state", "owner_id", "source", "interest"),
        ignored=(
            "owner_why",
            "first_automatic_at",
            "first_human_at",
            "first_human_minutes",
            "first_human_open_minutes",
        ),
        by_hand=_BY_HAND,
        customer="customer_id",
    ),
    Watched(
        "sales.Deal",
        "deal",
        plain=("stage", "stock_number", "condition", "deal_type", "salesperson_id", "desk_manager_id"),
        ignored=(
            "updated_at",
            "stage_by_dms",
            "history",
            "content_hash",
            "stamp",
            "n_milestones",
            "next_milestone_at",
        ),
        by_hand=_BY_HAND,
        ref="deal_number",
        customer="customer_id",
    ),
    Watched(
        "sales.WeOwe",
        "deal",
        key="deal_id",
        part="we-owe",
        plain=("owner_id", "promised_date", "state"),
        by_hand=_BY_HAND,
        by="written_by_id",
    ),
    Watched("sales.DealTrade", "deal", key="deal_id", part="trade", by_hand=_BY_HAND),
    Watched(
        "sales.InventoryUnit",
        "unit",
        plain=("stock_number", "state", "how", "condition", "deal_number"),
        by_hand=_BY_HAND,
        ref="stock_number",
    ),
    Watched(
        "service.RepairOrder",
        "ro",
        plain=("stage", "promised_at", "tag", "advisor_id", "is_waiter", "state"),
        ignored=(
            "updated_at",
            "stage_at",
            "risk_at",
            "risk_for",
            "risk_why",
            "told_at",
            "promised_set_at",
            "history",
            "stamp",
        ),
        by_hand=_BY_HAND,
        ref="ro_number",
        customer="customer_id",
    ),
    Watched(
        "service.Recommendation",
        "ro",
        key="ro_id",
        part="recommendation",
        plain=("colour", "op_code", "state", "decided_how"),
        by_hand=_BY_HAND,
        by="decided_by_id",
    ),
    Watched(
        "service.Inspection",
        "ro",
        key="ro_id",
        part="inspection",
        plain=("cycle", "n_green", "technician_id"),
        by_hand=_BY_HAND,
    ),
    Watched(
        "service.Estimate",
        "ro",
        key="ro_id",
        part="estimate",
        plain=("how",),
        ignored=("heard_at",),
        by_hand=_BY_HAND,
        by="sent_by_id",
        customer="customer_id",
    ),
    Watched(
        "fni.DealJacket",
        "jacket",
        plain=("stage", "deal_type", "stock_number", "title_proof"),
        by_hand=_BY_HAND,
        ref="deal_number",
        customer="customer_id",
    ),
    Watched(
        "marketing.Campaign", "campaign", plain=("name", "state", "department", "segment_id"), by_hand=_BY_HAND
    ),
)  # fmt: skip
