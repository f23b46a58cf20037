"""Words, clocks and small marks that every page uses. Builtins: no `{% load %}` is needed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from json import dumps
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template import Context
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dealership import clock as house_clock
from dealership import clocks, icons, live, rail, styles, things
from dealership.language import OWN, is_own, later
from dealership.messaging import cost
from dealership.operations import trouble
from dealership.staff.models import StaffMember
from dealership.stores import said
from dealership.stores.hours import spoken_time
from dealership.stores.models import Store

register = template.Library()

Where = Store | StaffMember | str | None


def _zone(where: Any) -> ZoneInfo:
    """The zone of a store, of a person's store, or by its IANA name; UTC for nobody."""
    if isinstance(where, StaffMember):
        where = where.store
    if isinstance(where, Store):
        return where.tz
    return ZoneInfo(where) if where else ZoneInfo("UTC")


def _here(context: Context) -> ZoneInfo:
    request = context.get("request")
    return _zone(getattr(request, "staff", None))


def _now(context: Context) -> datetime:
    now = context.get("now")
    return now if isinstance(now, datetime) else house_clock.now()


@register.filter
def when(value: datetime | None, where: Where = None) -> str:
    """`{{ message.created_at|when:store }}`: "9:40 am", "tomorrow 9:40 am", "Fri 2:40 pm"; empty for None."""
    return clocks.when(value, _zone(where), house_clock.now()) if value else ""


@register.filter
def wall(value: datetime | time | None, where: Where = None) -> str:
    """The hour alone, in the store's time: "9:40 am"."""
    if value is None:
        return ""
    return spoken_time(value.astimezone(_zone(where)).time() if isinstance(value, datetime) else value)


@register.filter
def calendar_day(value: datetime | date, where: Where = None) -> str:
    """A day of the calendar, however near it is: "Fri 25 Dec"."""
    return said.day(value.astimezone(_zone(where)).date() if isinstance(value, datetime) else value)


@register.filter
def day(value: datetime | date | None, where: Where = None) -> str:
    """The day alone: "today", "Fri", "12 Mar", "4 Nov 2024"."""
    if value is None:
        return ""
    zone = _zone(where)
    of = value.astimezone(zone).date() if isinstance(value, datetime) else value
    return clocks.day(of, house_clock.now().astimezone(zone).date())


@register.simple_tag
def style_sheets() -> SafeString:
    """The links to the style sheets, for the head of every page."""
    return format_html_join("\n  ", '<link rel="stylesheet" href="{}">', ((at,) for at in styles.addresses()))


@register.simple_tag
def clock_face() -> SafeString:
    """What the page's clocks go by: the moment it was made, and how fast time passes."""
    return format_html(
        'data-now="{}" data-speed="{}"', int(house_clock.now().timestamp()), house_clock.speed()
    )


#: What the scripts in `static/` say, by the words that stand there.
SCRIPTS = (
    later("%(time)s late"),
    later("%(time)s left"),
    later("%(time)s left of %(whole)s"),
    later("%(n)s w"),
    later("%(n)s of %(most)s"),
    later("“%(mark)s” leaves %(n)s a segment"),
    later("You have been signed out."),
    later("Sign in"),
    later("Your role may not do that."),
    later("That is no longer there."),
    later("That did not work; nothing was changed. Try again."),
    later("No connection. What you wrote is still here; try again."),
    later("Unlocked. What you wrote is still here."),
    later("Copied."),
    later("It is selected: copy it with Ctrl C."),
    later("Undo"),
    later("This browser cannot be woken. On an iPhone, add Kept to the home screen first."),
    later("The browser does not allow it: permit notifications for this site in its settings."),
    later("One moment…"),
    later("The browser’s push service could not be reached. Try again."),
)


def scripts_say() -> dict[str, str]:
    """Those words in the reader's language, by the code's own."""
    with translation.override(OWN):
        own = [str(text) for text in SCRIPTS]
    return {
        **dict(zip(own, map(str, SCRIPTS), strict=True)),
        "late": pgettext("under a clock", "late"),
        "%(n)s segment": ngettext("%(n)s segment", "%(n)s segments", 1),
        "%(n)s segments": ngettext("%(n)s segment", "%(n)s segments", 2),
        "1 photo message, %(n)s photo": ngettext(
            "1 photo message, %(n)s photo", "1 photo message, %(n)s photos", 1
        ),
        "1 photo message, %(n)s photos": ngettext(
            "1 photo message, %(n)s photo", "1 photo message, %(n)s photos", 2
        ),
    }


@register.simple_tag
def script_words() -> SafeString | str:
    """For the body of every page: what the scripts say in its language; nothing where that is the code's own."""
    return "" if is_own() else format_html(' data-words="{}"', dumps(scripts_say(), ensure_ascii=False))


@register.filter
def clock(value: datetime | None, now: datetime | None = None) -> str:
    """How long until, or since: "6:40", "1 h 05", "22 min late"."""
    if value is None:
        return ""
    left = value - (now or house_clock.now())
    return clocks.late(-left) if left < timedelta(0) else clocks.countdown(left)


@register.filter
def ago(value: datetime | None, now: datetime | None = None) -> str:
    """How long ago, in words without "ago": "22 min", "3 d"."""
    return clocks.length((now or house_clock.now()) - value) if value else ""


@register.filter
def length(value: Any) -> str | int:
    """A span, or a number of minutes, in words: "2 h 41". Of a list or a text its length, as Django's own filter says it."""
    if isinstance(value, timedelta):
        return clocks.length(value)
    if isinstance(value, int):
        return clocks.length(timedelta(minutes=value)) if value else "< 1 min"
    return "" if value is None else len(value)


@register.filter
def phone(value: str | None) -> str:
    """An E.164 number as it is read here: "(555) 010-4417"; any other country's as it is."""
    if not value or not value.startswith("+1") or len(value) != 12:
        return value or ""
    return f"({value[2:5]}) {value[5:8]}-{value[8:]}"


@register.filter
def money(cents: int | None) -> str:
    """Cents as dollars: "$1,180", "$286.40", "−$40"."""
    if cents is None:
        return ""
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else ''}${whole:,}" + (f".{rest:02d}" if rest else "")


@register.filter
def text_size(text: object) -> str:
    """What a text takes: "1 segment · 42 of 160", and its price where one is set."""
    return cost.said(str(text or ""))


@register.filter
def sentence(value: str) -> str:
    """With a capital at the start; the rest as it is."""
    said = str(value)
    return said[:1].upper() + said[1:]


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None) -> SafeString | str:
    """A `<time>` in the store's zone, the full date in its title."""
    if value is None:
        return ""
    zone = _here(context)
    local = value.astimezone(zone)
    said = {"day": clocks.long_day(local.date()), "year": local.year, "time": spoken_time(local.time())}
    full = _("%(day)s %(year)s, %(time)s") % said
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        full,
        clocks.when(value, zone, _now(context)),
    )


@register.simple_tag(takes_context=True)
def due_clock(context: Context, value: datetime | None, since: datetime | None = None) -> SafeString | str:
    """The clock of a row: counts down to `value`, or up from `since` for a customer who waits. kept.js keeps it going."""
    now, zone = _now(context), _here(context)
    if since is not None:
        face, attribute, at = clocks.since(since, now), "data-since", since
    elif value is not None:
        face, attribute, at = clocks.until(value, zone, now), "data-due", value
    else:
        return ""
    said = spoken_time(at.astimezone(zone).time())
    return format_html(
        '<div class="clock {}" {}="{}" data-wall="{}"><span>{}</span><small>{}</small></div>',
        face.press,
        attribute,
        int(at.timestamp()),
        said,
        face.figure,
        face.word,
    )


@register.simple_tag(takes_context=True)
def gauge(context: Context, opened_at: datetime, due_at: datetime) -> SafeString:
    """ "13:48 left of 15:00", counting."""
    return format_html(
        '<span class="gauge" data-from="{}" data-until="{}">{}</span>',
        int(opened_at.timestamp()),
        int(due_at.timestamp()),
        clocks.left_of(opened_at, due_at, _now(context)),
    )


@register.simple_tag(takes_context=True)
def time_left(context: Context, due_at: datetime) -> SafeString:
    """ "40:00 left", "22 min late", counting, in the colour of how near it is."""
    now = _now(context)
    late, near = due_at < now, due_at - now < clocks.HOUR
    left = _("%(time)s left") % {"time": clocks.countdown(due_at - now)}
    words = clocks.late(now - due_at) if late else left
    look = "late" if late else "soon" if near else ""
    return format_html(
        '<span class="gauge clock {}" data-left="{}">{}</span>', look, int(due_at.timestamp()), words
    )


@register.simple_tag(takes_context=True)
def burn(context: Context, opened_at: datetime, due_at: datetime, look: str = "") -> SafeString:
    """How much of the time is gone, as a bar."""
    percent = clocks.burnt(opened_at, due_at, _now(context))
    return format_html(
        '<progress class="burn {}" max="100" value="{}" data-from="{}" data-until="{}" aria-label="{}">{}%</progress>',
        look,
        percent,
        int(opened_at.timestamp()),
        int(due_at.timestamp()),
        _("Time used"),
        percent,
    )


@register.simple_tag
def av(who: Any, size: str = "", seed: int | None = None) -> SafeString | str:
    """The round mark of a person: a StaffMember, a Customer, or a name. `{% av staff "big" %}`."""
    if not who:
        return ""
    name = str(who)
    parts = name.split() if any(mark.isalpha() for mark in name) else ["#"]
    initials = getattr(who, "initials", "") or (
        (parts[0][:1] + parts[-1][:1]).upper() if len(parts) > 1 else parts[0][:2].upper()
    )
    number = seed if seed is not None else getattr(who, "pk", None) or sum(map(ord, name))
    return format_html(
        '<span class="av {} {}" title="{}" aria-hidden="true">{}</span>',
        "abcd"[number % 4],
        size,
        name,
        initials,
    )


@register.simple_tag(takes_context=True, name="live")
def live_topics(context: Context, *topics: str, every: int = 0) -> SafeString:
    """Attributes that make an element with `hx-get` ask again when a topic changes, or after an act on this page.

    `<section hx-get="…" {% live "promises" "inbox" %}>`. With `every`, a part that costs more than a list asks at most once
    in so many seconds, and once more when it has been quiet for as long, so that the last change is not missed.
    """
    request = context.get("request")
    known: dict[str, int] = getattr(request, "live", {})
    if unknown := set(topics) - set(live.TOPICS):
        raise template.TemplateSyntaxError(f"No topic is called {', '.join(sorted(unknown))}.")
    versions = ",".join(f"{name}:{known.get(name, 0)}" for name in topics)
    paces = (f" throttle:{every}s", f" delay:{every}s") if every else ("",)
    heard = [f"live:{name} from:body{pace}" for name in topics for pace in paces]
    events = ", ".join([*heard, "kept:changed from:body", "kept:redraw"])
    return format_html('data-live="{}" hx-trigger="{}"', versions, events)


@register.simple_tag
def page_link(name: str, label: str, *args: Any, css: str = "link") -> SafeString:
    """A link to a page by its URL name; the label alone where no app brings that page."""
    try:
        return format_html('<a class="{}" href="{}">{}</a>', css, reverse(name, args=args), label)
    except NoReverseMatch:
        return format_html("{}", label)


@register.simple_tag(takes_context=True)
def thing_link(
    context: Context, subject: str, css: str = "btn quiet", department: str = ""
) -> SafeString | str:
    """A link to the thing that a subject names ("part:12"); nothing where it has no page that its reader may open."""
    staff = getattr(context.get("request"), "staff", None)
    page = things.page_of(subject, staff, department) if staff else None
    return format_html('<a class="{}" href="{}">{}</a>', css, *page) if page else ""


@register.simple_tag
def lucide(name: str, *, size: int = 24, **attributes: str) -> SafeString:
    """An icon of the package."""
    return icons.draw(name, size, tuple((key, str(value)) for key, value in attributes.items()))


@register.simple_tag
def address(name: str, *args: Any) -> str:
    """A URL by name, or nothing where no app brings that page: departments meet by URL and may be absent."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def part_at(context: Context, name: str, *args: Any) -> SafeString:
    """What another app's address answers this reader, drawn into the page at once: for what stands above other things, which would
    move if it came later. Nothing where no app brings it.
    """
    at = address(name, *args)
    if not at:
        return SafeString()
    found = resolve(at)
    answer = found.func(context["request"], *found.args, **found.kwargs)
    return SafeString(answer.content.decode())


@register.inclusion_tag("house/_rail.html", takes_context=True)
def rail_of(context: Context) -> dict[str, Any]:
    """The rail, and the bar of a small screen."""
    request = context["request"]
    staff: StaffMember = request.staff
    match = request.resolver_match
    here = match.view_name if match else ""
    groups = rail.groups(staff, here, getattr(request, "live", {}), _now(context))
    return {
        "here": here,
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "staff": staff,
        "groups": groups,
        "bar": groups[0][1] if groups else [],
        "places": rail.places(staff),
    }


@register.simple_tag(takes_context=True)
def house_trouble(context: Context) -> list[tuple[trouble.Trouble, bool]]:
    """What everybody must know now (the workers are silent, texting is off), and whether this person may mend it."""
    staff = getattr(context.get("request"), "staff", None)
    return [(one, staff.may(one.needs)) for one in trouble.now_for(staff)] if staff else []


@register.simple_tag
def options(pairs: list[tuple[str, str]], chosen: str) -> SafeString:
    """`<option>`s of a select that no form made."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SafeString(" selected") if value == chosen else "", label) for value, label in pairs),
    )
