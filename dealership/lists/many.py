"""An act on many rows as a page: what is meant is seen first, then it is done, and can be taken back. And a list as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from dealership import clock, spreadsheet
from dealership.language import later
from dealership.lists import asking, bulk
from dealership.lists.models import BulkAct
from dealership.lists.page import table
from dealership.lists.retold import retold
from dealership.lists.shape import Rows, Shape
from dealership.staff.models import StaffMember
from dealership.web import StaffRequest, done, render_page

#: So many of those that are meant are named before it is done.
NAMED = 12


class ManyForm(forms.Form):
    """What an act on many is told, and how many were seen when that was said."""

    n = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, staff: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff


class ToColleagueForm(ManyForm):
    """To whom."""

    to = forms.ModelChoiceField(
        label=later("Colleague"), queryset=StaffMember.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, staff: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, staff=staff, **kwargs)
        self.fields["to"].queryset = self.colleagues().order_by("name")  # type: ignore[attr-defined]

    def colleagues(self) -> Rows:
        """Who may be chosen."""
        return StaffMember.objects.visible_to(self.staff).filter(is_active=True)


@dataclass(frozen=True)
class Quick:
    """An answer that is often meant, at one press: the field, in words, its value, and the moment that it is."""

    field: str
    words: str
    value: str
    at: datetime


@dataclass(frozen=True)
class Seen:
    """An act before it is done, as `lists/act.html` shows it: what is meant, by address, label and what stands beside."""

    title: str
    sub: str
    button: str
    hint: str
    n: int
    named: Sequence[tuple[str, str, str]]
    #: What the act itself is called with.
    keys: Sequence[int]
    asks: str = later("To whom")
    #: Offered above the form, for a form of one question.
    quick: Sequence[Quick] = ()

    @property
    def n_more(self) -> int:
        """Those that are meant and not named."""
        return max(0, self.n - len(self.named))


@dataclass(frozen=True)
class Deed:
    """One act on many rows of a list. `see` raises BulkError where there is nothing to do; `do` one of `refuses`."""

    shape: Shape
    form: type[ManyForm]
    see: Callable[[Rows, StaffMember], Seen]
    do: Callable[[Sequence[int], dict[str, Any], StaffMember, datetime], BulkAct]
    refuses: tuple[type[Exception], ...] = (bulk.BulkError,)
    most: int = bulk.MOST_AT_ONCE


def answer(request: StaffRequest, deed: Deed) -> HttpResponse:
    """The rows that are ticked, or all that match: shown with their number, and done if that is still their number."""
    staff, now = request.staff, clock.now()
    asked = asking.read(deed.shape, request.GET)
    back = f"{deed.shape.url}?{asked.address()}"
    try:
        seen = deed.see(bulk.chosen(asked, request.GET, staff, now, most=deed.most), staff)
    except bulk.BulkError as error:
        messages.warning(request, str(error))
        return redirect(back)
    form = deed.form(request.POST if request.method == "POST" else None, staff=staff)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["n"] != seen.n:
            form.add_error(
                None, _("Now %(count)s match. Look once more.") % {"count": deed.shape.count_of(seen.n)}
            )
        else:
            try:
                act = deed.do(seen.keys, form.cleaned_data, staff, now)
            except deed.refuses as error:
                form.add_error(None, str(error))
            else:
                undo = reverse("lists:take_back", args=[act.pk])
                return done(request, f"{retold(act.says)}.", to=back, undo=undo, moves=True)
    context = {"form": form, "act": seen, "query": request.GET.urlencode(), "back": back}
    return render_page(request, "lists/act.html", None, context, status=422 if form.is_bound else 200)


def file(request: StaffRequest, shape: Shape, name: str) -> HttpResponse:
    """What is seen on the list, all pages of it, with the store's date in the file's name."""
    now = clock.now()
    found = table(asking.read(shape, request.GET), request.staff, now)
    day = now.astimezone(request.staff.store.tz).date()
    return spreadsheet.answer(request, f"{name}-{day:%Y-%m-%d}", found)
