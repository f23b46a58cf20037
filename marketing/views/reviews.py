"""Public reviews: the list, one written down, one answered, and where customers are asked to write."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock
from dealership.customers import contact_points
from dealership.customers.models import ContactPoint, Customer
from dealership.lists import asking
from dealership.lists.page import turn
from dealership.staff.models import StaffMember
from dealership.staff.roles import DEPARTMENT_OF, Role
from dealership.stores.models import Department
from dealership.web import May, StaffRequest, done, render_page, staff_only
from marketing import reviews
from marketing.forms import ReviewAnswerForm, ReviewForm, ReviewSiteForm
from marketing.models import Review, ReviewSite
from marketing.review_list import REVIEWS, SHOWN
from tasks.owed_about import button

#: Who heads what reviews are about.
HEADS = {
    Department.SERVICE: Department.SERVICE,
    Department.PARTS: Department.SERVICE,
    Department.SALES: Department.SALES,
    Department.FNI: Department.SALES,
}


@require_safe
@staff_only(May.SEE_MARKETING)
def review_list(request: StaffRequest) -> HttpResponse:
    """Public reviews as they are asked, those to answer first."""
    now = clock.now()
    asked = asking.read(REVIEWS, request.GET)
    listed = turn(asked, request.staff, now)
    context = {
        "list": listed,
        "rows": listed.rows,
        "cols": asked.columns,
        "show": asked.filters["show"],
        "chips": [(show, label, asked.but(show=show).address()) for show, (label, _w) in SHOWN.items()],
        "acts": [button("marketing:hand_off_reviews")],
        "site": ReviewSite.objects.visible_to(request.staff).first(),
        "may_work": request.staff.may(May.WORK_MARKETING),
        "now": now,
    }
    return render_page(request, "marketing/review_list.html", "marketing/_review_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_MARKETING)
def review_new(request: StaffRequest) -> HttpResponse:
    """Somebody wrote in public, and it is written down here."""
    customer = _customer(request, request.POST.get("customer") or request.GET.get("customer", ""))
    form = ReviewForm(request.POST if request.method == "POST" else None, initial=_start(request, customer))
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        phone = typed.pop("phone")
        typed["customer"] = customer or _holder(request, phone)
        if phone and typed["customer"] is None:
            form.add_error(
                "phone", _("Nobody here has this number. Leave it empty if you do not know who it is.")
            )
        else:
            now = clock.now()
            review = reviews.post(store_id=request.staff.store_id, **typed, by=request.staff, now=now)
            say = (
                _("Written down; the head of the department answers it.")
                if review.stars <= reviews.POOR
                else _("Written down.")
            )
            return done(request, say, to=_address(review), moves=True)
    context = {"form": form, "customer": customer}
    status = 422 if form.is_bound else 200
    return render_page(request, "marketing/review_new.html", None, context, status=status)


@require_safe
@staff_only(May.SEE_MARKETING)
def review_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One review, what is owed, and what was replied."""
    return _review(request, _get(request, pk))


@require_POST
@staff_only(May.RECOVER)
def review_answer(request: StaffRequest, pk: int) -> HttpResponse:
    """The head of the department replied, and reached the customer where they are known."""
    review = _get(request, pk)
    if not may_answer(request.staff, review):
        raise PermissionDenied(_("The head of the department answers this review."))
    form = ReviewAnswerForm(request.POST, known=review.customer_id is not None)
    if form.is_valid():
        try:
            reviews.answer(review, **form.cleaned_data, by=request.staff, now=clock.now())
        except (reviews.NoContact, reviews.AlreadyAnswered) as error:
            form.add_error(None, str(error))
        else:
            return done(request, _("Answered."), to=_address(review), moves=True)
    return _review(request, review, form=form, status=422)


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_MARKETING)
def review_site(request: StaffRequest) -> HttpResponse:
    """Where customers are asked for a public review; without an address nobody is."""
    staff = request.staff
    site = ReviewSite.objects.visible_to(staff).select_related("set_by").first()
    here = reverse("marketing:review_site")
    if request.method == "POST" and request.POST.get("remove"):
        reviews.remove_site(store_id=staff.store_id)
        return done(request, _("Nobody is asked for a public review any more."), to=here, moves=True)
    known = {"name": site.name, "url": site.url} if site else {}
    form = ReviewSiteForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        reviews.set_site(store=staff.store, **form.cleaned_data, by=staff, now=clock.now())
        return done(request, _("Customers are asked to write there from now on."), to=here, moves=True)
    context = {"form": form, "site": site}
    status = 422 if form.is_bound else 200
    return render_page(request, "marketing/review_site.html", None, context, status=status)


def may_answer(staff: StaffMember, review: Review) -> bool:
    """The head of the department that it is about, or the general manager."""
    own = DEPARTMENT_OF[Role(staff.role)]
    return staff.may(May.RECOVER) and own in (None, HEADS[Department(review.department)])


def _review(request: StaffRequest, review: Review, *, status: int = 200, form: Any = None) -> HttpResponse:
    context = {
        "review": review,
        "customer": review.customer,
        "may_answer": may_answer(request.staff, review),
        "form": form or ReviewAnswerForm(known=review.customer_id is not None),
        "head": HEADS[Department(review.department)].label,
        "now": clock.now(),
    }
    return render_page(request, "marketing/review_detail.html", None, context, status=status)


def _get(request: StaffRequest, pk: int) -> Review:
    rows = Review.objects.visible_to(request.staff)
    return get_object_or_404(rows.select_related("customer", "entered_by", "answered_by"), pk=pk)


def _customer(request: StaffRequest, asked: str) -> Customer | None:
    if not (asked.isascii() and asked.isdigit() and len(asked) < 16):
        return None
    return Customer.objects.visible_to(request.staff).filter(pk=int(asked)).first()


def _holder(request: StaffRequest, phone: str) -> Customer | None:
    value = contact_points.phone_of(phone) if phone else ""
    return contact_points.holder_of(request.staff.store_id, ContactPoint.Kind.PHONE, value) if value else None


def _start(request: StaffRequest, customer: Customer | None) -> dict[str, Any]:
    site = ReviewSite.objects.visible_to(request.staff).first()
    return {"site": site.name if site else "", "who": customer.full_name if customer else ""}


def _address(review: Review) -> str:
    return reverse("marketing:review_detail", args=[review.pk])
