"""Teams of a store: who shares a queue, and who answers for it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from dealership.staff.models import StaffMember, Team
from dealership.stores.models import Store


class NameTaken(ValueError):
    """Another team of this store is called so."""


@transaction.atomic
def save(*, store_id: int, team: Team | None, name: str, department: str, lead: StaffMember) -> Team:
    """A new team, or a known one as it is now. Raises NameTaken."""
    Store.objects.select_for_update().get(pk=store_id)
    others = Team.objects.of_store(store_id).filter(name__iexact=name)
    if others.exclude(pk=team.pk).exists() if team else others.exists():
        raise NameTaken(_("There is a team %(name)s already: give another name.") % {"name": name})
    if team is None:
        return Team.objects.create(store_id=store_id, name=name, department=department, lead=lead)
    team.name, team.department, team.lead = name, department, lead
    team.save(update_fields=["name", "department", "lead"])
    return team
