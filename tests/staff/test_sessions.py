"""Gone is gone at once: whoever leaves, changes their password or is signed out is refused at the very next request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from dealership.limits import PASSWORD
from dealership.staff import people, sessions, sign_in
from dealership.staff.models import StaffMember, User
from dealership.stores.models import Store
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast, make_customer

pytestmark = pytest.mark.django_db
WORD = "a long password of hers"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ana(cast: Cast) -> StaffMember:
    assert cast.ana.user is not None
    cast.ana.user.set_password(WORD)
    cast.ana.user.save()
    Store.objects.filter(pk=cast.northside.pk).update(idle_minutes=30)
    return cast.ana


def by_password(person: StaffMember, word: str = WORD, **more: Any) -> Client:
    browser = Client(**more)
    assert person.user is not None
    answer = browser.post("/account/login/", {"login": person.user.email, "password": word})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def link_of(person: StaffMember) -> str:
    """The path where they choose a password, as a manager gets it now."""
    fresh = StaffMember.objects.of_store(person.store_id).select_related("user").get(pk=person.pk)
    return "/account/" + sign_in.password_link(fresh).partition("/account/")[2]


def chooses(path: str) -> str:
    return Client().get(path, follow=True).content.decode()


def is_in(browser: Client) -> bool:
    return browser.get("/").status_code == 200 and browser.get("/live/?t=inbox:1").status_code != 401


def test_whoever_leaves_is_refused_at_the_next_request_in_every_browser(
    ana: StaffMember, cast: Cast, signed_in: Any
) -> None:
    browsers = [by_password(ana), by_password(ana), signed_in(ana)]
    assert all(is_in(browser) for browser in browsers)
    link = link_of(ana)
    assert "Set password" in chooses(link)

    people.deactivate(ana, by=cast.gus, now=NOW)

    for browser in browsers:
        assert browser.get("/live/?t=inbox:1").status_code == 401
        assert browser.get("/", headers=HTMX)["Location"].startswith("/account/login/")
        assert browser.post("/promises/new/").status_code == 302
    assert "has been used or is too old" in chooses(link)
    refused = Client().post("/account/login/", {"login": ana.user.email, "password": WORD})  # type: ignore[union-attr]
    assert "sessionid" not in refused.cookies or refused["Location"] == "/account/inactive/"

    # Whoever comes back signs in anew: what was ended stays ended.
    people.reinstate(ana, by=cast.gus, now=NOW)
    assert not any(is_in(browser) for browser in browsers)
    assert "has been used or is too old" in chooses(link)
    assert is_in(by_password(ana))


def test_no_cache_keeps_a_session_alive(ana: StaffMember, cast: Cast) -> None:
    browser = by_password(ana)
    key = browser.session.session_key
    kept = {name: cache.get(name) for name in (f"django.contrib.sessions.cached_db{key}",)}
    assert all(kept.values())
    people.deactivate(ana, by=cast.gus, now=NOW)
    cache.set_many(kept)  # as another request would write it back, that had read it before
    assert not is_in(browser)


def test_a_leaving_that_fails_ends_nothing(
    ana: StaffMember, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = by_password(ana)

    def fail(*args: Any) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("dealership.staff.people.bus.publish", fail)
    with pytest.raises(RuntimeError):
        people.deactivate(ana, by=cast.gus, now=NOW)
    assert is_in(browser)


def test_who_still_has_a_place_elsewhere_stays_and_sees_that_one_alone(
    ana: StaffMember, cast: Cast, signed_in: Any
) -> None:
    StaffMember.objects.create(store=cast.eastside, user=ana.user, name="Ana Moreno", role="advisor")
    make_customer(cast.northside, "Nora Quist", "+19735550144")
    browser = by_password(ana)
    browser.post("/staff/switch/", {"place": ana.pk})
    assert "Nora Quist" in browser.get("/customers/").content.decode()
    people.deactivate(ana, by=cast.gus, now=NOW)
    assert "Nora Quist" not in browser.get("/customers/").content.decode()
    assert is_in(browser)


def test_a_changed_password_ends_every_other_session(ana: StaffMember) -> None:
    here, there = by_password(ana), by_password(ana)
    new = {"oldpassword": WORD, "password1": "another long one", "password2": "another long one"}
    assert here.post("/account/password/change/", new).status_code == 302
    assert is_in(here)
    assert not is_in(there)


def test_a_password_chosen_by_a_link_ends_every_session(ana: StaffMember) -> None:
    there = by_password(ana)
    chosen = Client()
    form = chosen.get(link_of(ana), follow=True).redirect_chain[-1][0]
    chosen.post(form, {"password1": "another long one", "password2": "another long one"})
    assert not is_in(there)
    assert not is_in(chosen)  # a link is no sign-in
    assert is_in(by_password(ana, "another long one"))


def test_signing_out_elsewhere_leaves_this_browser_alone(ana: StaffMember) -> None:
    here = by_password(
        ana, headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36"}
    )
    there = by_password(ana, headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU) Version/18 Safari/604.1"})
    page = here.get("/account/security/").content.decode()
    assert "Chrome on Windows" in page
    assert "Safari on iPhone" in page
    assert here.post("/account/security/elsewhere/").status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert "Safari on iPhone" not in here.get("/account/security/").content.decode()


def test_each_session_names_its_browser_in_words() -> None:
    assert (
        sessions.in_words("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Firefox/133.0") == "Firefox on Mac"
    )
    assert sessions.in_words("curl/8.0") == "A browser"


# --- a page that is left alone ---------------------------------------------------------------------------------------------


@pytest.fixture
def clock_at(ana: StaffMember) -> Any:
    with time_machine.travel(datetime.now(tz=UTC), tick=False) as clock:
        yield clock


def test_a_page_that_nobody_touches_is_locked_though_it_asks_by_itself(
    ana: StaffMember, clock_at: Any
) -> None:
    browser = by_password(ana)
    assert browser.get("/").status_code == 200
    for _ in range(16):
        clock_at.shift(timedelta(minutes=2))
        live = browser.get("/live/?t=inbox:1")
        browser.get("/rail/", headers={**HTMX, "X-Live": "1"})
    assert live.status_code == 401
    assert live["X-Locked"] == "1"
    answer = browser.get("/customers/?q=quist")
    assert answer.status_code == 401
    assert "Is it still you?" in answer.content.decode()
    assert 'value="/customers/?q=quist"' in answer.content.decode()
    assert 'id="rail"' not in answer.content.decode()

    # Whoever goes on working is never asked.
    unlocked = browser.post("/account/unlock/", {"password": WORD, "to": "/customers/?q=quist"})
    assert unlocked["Location"] == "/customers/?q=quist"
    for _ in range(4):
        clock_at.shift(timedelta(minutes=20))
        assert browser.get("/").status_code == 200


def test_what_was_typed_comes_through_the_lock(ana: StaffMember, cast: Cast, clock_at: Any) -> None:
    browser = by_password(ana)
    browser.get("/")
    clock_at.shift(timedelta(minutes=31))
    typed = {"last": "Quist\n& Sons", "phone": "(973) 555-0144", "language": "en"}
    lock = browser.post("/customers/new/", typed)
    assert lock.status_code == 401
    assert "Quist\n&amp; Sons" in lock.content.decode()
    through = {f"typed-{name}": value for name, value in typed.items()} | {"to": "/customers/new/"}
    wrong = browser.post("/account/unlock/", {**through, "password": "x"})
    assert wrong.status_code == 422
    assert "Quist\n&amp; Sons" in wrong.content.decode()
    right = browser.post("/account/unlock/", {**through, "password": WORD})
    assert 'action="/customers/new/"' in right.content.decode()
    assert 'name="last"' in right.content.decode()
    assert browser.post("/customers/new/", typed).status_code == 302
    # Nothing of it was kept by the server meanwhile.
    assert "Quist" not in str(dict(browser.session))


def test_a_part_of_a_page_is_locked_in_a_dialog_of_its_own(ana: StaffMember, clock_at: Any) -> None:
    browser = by_password(ana)
    browser.get("/")
    clock_at.shift(timedelta(minutes=31))
    answer = browser.post("/promises/new/", {"sentence": "x"}, headers=HTMX)
    assert (answer.status_code, answer["HX-Retarget"]) == (401, "#lock-in")
    opened = browser.post("/account/unlock/", {"password": WORD}, headers=HTMX)
    assert (opened.status_code, opened["HX-Trigger"]) == (204, "kept:unlocked")


def test_the_password_at_the_lock_is_counted_too(ana: StaffMember, clock_at: Any) -> None:
    browser = by_password(ana)
    browser.get("/")
    clock_at.shift(timedelta(minutes=31))
    codes = [
        browser.post("/account/unlock/", {"password": "x"}).status_code for _ in range(PASSWORD.at_once + 1)
    ]
    assert codes == [422] * PASSWORD.at_once + [429]


def test_the_lock_goes_on_to_our_own_pages_only(ana: StaffMember, clock_at: Any) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        browser = by_password(ana)
        browser.get("/")
        clock_at.shift(timedelta(minutes=31))
        answer = browser.post("/account/unlock/", {"password": WORD, "to": elsewhere})
        assert answer["Location"] == "/", elsewhere


def test_a_session_ends_after_twelve_hours_whatever_is_done_in_it(ana: StaffMember, clock_at: Any) -> None:
    browser = by_password(ana)
    for _ in range(36):
        assert browser.get("/").status_code == 200
        clock_at.shift(timedelta(minutes=20))
    clock_at.shift(timedelta(minutes=1))
    assert browser.get("/")["Location"].startswith("/account/login/")


def test_a_store_says_how_long_is_too_long(
    ana: StaffMember, cast: Cast, signed_in: Any, clock_at: Any
) -> None:
    boss = signed_in(cast.gus)
    assert boss.post("/store/signing-in/", {"idle_minutes": "3"}).status_code == 422
    assert boss.post("/store/signing-in/", {"idle_minutes": "10"}).status_code == 302
    assert signed_in(cast.mo).post("/store/signing-in/", {"idle_minutes": "200"}).status_code == 403
    browser = by_password(ana)
    browser.get("/")
    clock_at.shift(timedelta(minutes=11))
    assert browser.get("/").status_code == 401


def test_a_session_of_before_knows_the_sign_in_by_its_own_number(ana: StaffMember) -> None:
    user = User.objects.get(pk=ana.user_id)
    before = user.get_session_auth_hash()
    sessions.end_all(user)
    assert user.get_session_auth_hash() != before


@pytest.mark.django_db
def test_a_wrong_password_says_so_in_our_words_and_keeps_the_address(cast: Cast) -> None:
    answer = Client().post("/account/login/", {"login": "dana@example.com", "password": "not it"})
    shown = answer.content.decode()
    assert "This e-mail and this password do not belong together." in shown
    assert 'value="dana@example.com"' in shown
