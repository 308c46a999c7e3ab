"""Every page that there is an address for, as somebody who may see it: accessible, in place, true to the policy."""

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from tests.access_table import ACCESS
from tests.browser.fixtures import TELL_VIOLATIONS
from tests.browser.furnished import PASSWORD, furnish
from tests.browser.looking import keep_picture, problems
from tests.browser.places import LATER, NO_PAGES, every_place
from tests.browsers import signed_in
from tests.database import empty_database
from tests.factories import world as worlds
from tests.factories.accounts import person

pytestmark = pytest.mark.uncovered

PLACES = every_place()
WIDTHS = [320, pytest.param(1280, marks=pytest.mark.long)]
SEND_EMPTY = """() => {
  const shown = document.querySelector("main form[method=post]");
  const form = document.createElement("form");
  form.method = "post";
  form.append(...shown.querySelectorAll("[name=csrfmiddlewaretoken], button[name]:first-of-type"));
  document.body.append(form);
  form.requestSubmit(form.querySelector("button"));
}"""


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """A server on the world, which stays for the whole module: `live_server` would empty it after each test."""
    with django_db_blocker.unblock():
        world = furnish(worlds.build(timezone.now(), tmp_path_factory.mktemp("list")))
        server = LiveServer("localhost")
        world.url = server.url
        yield world
        server.stop()
        for connection in connections.all():
            connection.close()
        empty_database()


def session_of(who: str) -> str:
    """The key of a session; "-later" is long after the person signed in."""
    client = signed_in(person(who.removesuffix(LATER)))
    if who.endswith(LATER):
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
        session.save()
    return client.cookies["session"].value


@pytest.fixture(scope="module")
def tabs(browser, site):
    """Each person's tab, opened when it is first asked for, and what the policy refused in it."""
    opened = {}

    def tab(who: str):
        if who not in opened:
            context = browser.new_context(base_url=site.url)
            context.set_default_timeout(10_000)
            context.add_init_script(TELL_VIOLATIONS)
            if who != "visitor":
                context.add_cookies([{"name": "session", "value": session_of(who), "url": site.url}])
            page, refused = context.new_page(), []
            context.on("console", lambda note: "Content Security Policy" in note.text and refused.append(note.text))
            opened[who] = page, refused
        return opened[who]

    yield tab
    for page, _refused in opened.values():
        page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_page_is_accessible_and_fits_and_keeps_to_the_policy(tabs, site, place, width):
    page, refused = tabs(place.who)
    refused.clear()
    page.set_viewport_size({"width": width, "height": 800})
    answer = page.goto(place.path(site))
    if place.is_sent:
        with page.expect_navigation() as sending:
            page.evaluate(SEND_EMPTY)
        answer = sending.value
    found = problems(page)
    keep_picture(page, f"{width}-{place}")
    assert (answer.status, found, refused) == (place.status, [], [])


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_between_password_and_second_step_is_accessible_and_fits(tabs, site, width):
    page, refused = tabs("visitor")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill("keyholder@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()
    keep_picture(page, f"{width}-visitor-mfa_authenticate")
    assert (page.url, problems(page), refused) == (f"{site.url}/accounts/2fa/authenticate/", [], [])


def test_no_address_of_ours_is_left_out():
    """But those that only take a form, or give a file."""
    gives_no_page = {name for name, (seen, *_sent) in ACCESS.items() if "200" not in seen}
    looked_at = {place.name for place in PLACES} | {place.name.partition("-")[0] for place in PLACES}
    assert sorted(set(ACCESS) - looked_at) == sorted((gives_no_page - looked_at) | (NO_PAGES & set(ACCESS)))
