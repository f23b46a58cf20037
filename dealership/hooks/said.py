"""What the pages of hooks say, in their reader's language, of what is stored or written elsewhere in English.

Why a call was not taken is noted by the worker, and goes to the hook's page; kinds are called by their facts' names and sentences.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from dealership.hooks.kinds import Kind, all_kinds
from dealership.language import later
from dealership.retold import Retold

#: Why an address is never called, and why a call was not taken.
trouble = Retold(
    later("Give an address of at most %(n)s characters."),
    later("The address holds signs that no address holds: write them as %20 and the like."),
    later("This is no address."),
    later("The address must begin with https://."),
    later("Leave names and passwords out of the address: calls are signed."),
    later("Leave out “#” and what follows: it is never sent."),
    later("Only the ports 443 and 8443 are called."),
    later("Name the machine as the internet knows it, such as hooks.company.com; numbers are not called."),
    later("%(host)s is no machine of the internet."),
    later("This is Kept’s own address: it needs no telling."),
    later("This is the carrier’s address, which takes no such calls."),
    later("There is no machine by the name %(host)s."),
    later("%(host)s leads into a private network, where nothing is called."),
    later("No answer within %(n)s seconds."),
    later("Its certificate is not accepted: %(reason)s."),
    later("It refused the connection."),
    later("It answered something that is not HTTP (%(kind)s)."),
    later("No encrypted line could be made (%(reason)s)."),
    later("The connection broke (%(kind)s)."),
    later("Its secret can no longer be read here: make a new one."),
    later("It answered 410: it wants no more calls."),
    later("It answered %(status)s: redirects are not followed."),
    later("It answered %(status)s."),
    later("No call was taken for a day."),
    later("It never came back: each time it was tried, its worker ended."),
)

#: What the catalogue says of the kinds that may be told: headings, names, meanings (`kinds.all_kinds`).
KINDS = (
    later("Promises"),
    later("Promise made"),
    later("Something is owed to a customer, by a named person, by an hour."),
    later("Promise kept"),
    later("It was kept in time."),
    later("Promise broken"),
    later("Its hour passed. It is still owed."),
    later("Promise recovered"),
    later("It was kept after its hour."),
    later("Promise waived"),
    later("A named person said, with a reason, that it is not owed."),
    later("Promise voided"),
    later("What it was about is gone; it counts nowhere."),
    later("Promise moved"),
    later("The customer was told another hour before the old one passed."),
    later("Promise reopened"),
    later("It had ended, and is owed again."),
    later("Promise handed over"),
    later("Somebody else owes it from now on."),
    later("Appointments"),
    later("Appointment booked"),
    later("A visit was set."),
    later("Appointment confirmed"),
    later("The customer said that they come."),
    later("Appointment moved"),
    later("Another time; starts_at is the new one, moved_from the old."),
    later("Appointment given"),
    later("Somebody else expects the customer, or whoever is free (person_id None)."),
    later("Appointment cancelled"),
    later("It will not take place."),
    later("Customer arrived"),
    later("They came: checked in, or their RO was opened."),
    later("Appointment missed"),
    later("They did not come: no arrival an hour after the time."),
    later("Customers"),
    later("Customers merged"),
    later("Two rows are one person from now on; the subject is the one that stays."),
    later("Customers separated"),
    later("A merge was undone: two persons again."),
    later("Customer handed over"),
    later(
        "Somebody else is the customer's own person in a department from now on, because theirs left or handed them over."
    ),
    later("F&I"),
    later("Deal funded"),
    later("The lender paid: the contract is no longer in transit."),
    later("Sales"),
    later("Lead received"),
    later("Somebody asked, and it became a lead."),
    later("Lead closed"),
    later("The lead ended: sold, lost or never was one."),
    later("Lead reopened"),
    later("A lead that had ended goes on: closing it was a mistake, or the customer came back."),
    later("Lead handed over"),
    later("Somebody else answers for the lead from now on."),
    later("Deal written"),
    later("A deal was begun at the desk."),
    later("Deal lost"),
    later("The deal ended without a sale, or was undone (was_delivered)."),
    later("Vehicle delivered"),
    later("The customer drove away in their car: a trigger, not a finish line."),
    later("Service"),
    later("Repair order opened"),
    later("A car is in."),
    later("Repair order closed"),
    later("The RO is closed in the DMS: a trigger, not a finish line."),
    later("Repair order reopened"),
    later("A closed RO is open again; what its close called for is no longer owed."),
    later("Repair order voided"),
    later("The RO never was."),
    later("Declined work booked"),
    later("A visit was booked that includes the declined line."),
    later("Declined work sold"),
    later("The declined line was bought after all, on a later RO."),
    later("Promise time set"),
    later("The customer was told when the car will be ready."),
    later("Promise time moved"),
    later("The customer was told a new time."),
    later("Repair order ready"),
    later("The work is done and the car can be picked up."),
    later("Repair order handed over"),
    later("Another advisor answers for the car now; advisor_id is the new one."),
)


def group(kind: Kind) -> str:
    """Its heading."""
    return _(kind.group)


def name(kind: str) -> str:
    """What a kind is called, by its name; one that is told no more by that name alone."""
    known = all_kinds().get(kind)
    return _(known.words) if known else kind


def choice(kind: Kind) -> str:
    """Its name and what it means; the field names in the facts' own words are no code here."""
    return f"{_(kind.words)}: {_(plain(kind.means))}"


def plain(means: str) -> str:
    """Without the marks of code."""
    return means.replace("`", "")
