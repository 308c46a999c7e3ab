"""Who gets what at every address: one table. An address that is not in it fails the suite.

What a person may not see is a 404, as if it did not exist; what they see and may not do is a 403.
"""

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse

from core.models import Mail
from tests.access_table import ACCESS, ADMIN, ALLAUTH, PEOPLE
from tests.addresses import address, all_names, own_names, walk
from tests.browsers import signed_in
from tests.factories.accounts import person

pytestmark = [pytest.mark.django_db, pytest.mark.uncovered]


@pytest.fixture(scope="module")
def browsers(world, django_db_blocker) -> dict[str, Client]:
    with django_db_blocker.unblock():
        return {name: Client() if name == "visitor" else signed_in(person(name)) for name in PEOPLE}


def answer_of(client: Client, method: str, path: str) -> str:
    """The status, or "in" for being sent to sign in; whatever it did is undone."""
    with transaction.atomic():
        response = client.get(path) if method == "GET" else client.post(path, {"submission_key": ""})
        transaction.set_rollback(True)
    return told_by(response)


def told_by(response: HttpResponse) -> str:
    if response.status_code == 302 and response.url.startswith(("/accounts/login/", "/admin/login/")):
        return "in"
    return str(response.status_code)


def row(browsers: dict[str, Client], method: str, path: str) -> str:
    return " ".join(answer_of(browsers[name], method, path) for name in PEOPLE)


def test_the_table_names_every_address_and_no_other():
    assert sorted(ACCESS) == own_names()


@pytest.mark.parametrize("name", sorted(ACCESS))
def test_each_page_answers_each_person_as_the_table_says(world, browsers, name):
    assert row(browsers, "GET", address(name, world)) == ACCESS[name][0]


@pytest.mark.parametrize("name", sorted(name for name in ACCESS if ACCESS[name][1:]))
def test_each_form_answers_each_person_as_the_table_says(world, browsers, name):
    assert row(browsers, "POST", address(name, world)) == ACCESS[name][1]


@pytest.mark.parametrize("name", sorted(name for name in ACCESS if not ACCESS[name][1:]))
def test_a_page_without_a_form_takes_no_post(world, browsers, name):
    visitor = "405" if ACCESS[name][0].startswith("200") else "in"
    assert answer_of(browsers["visitor"], "POST", address(name, world)) == visitor
    assert answer_of(browsers["stranger"], "POST", address(name, world)) == "405"


@pytest.mark.parametrize("name", sorted(name for name in ACCESS if "404" in ACCESS[name][0]))
def test_what_one_may_not_see_answers_as_what_is_not_there(world, browsers, name):
    """The same page for both: nothing tells a stranger that there is something."""
    hidden = browsers["stranger"].get(address(name, world))
    nowhere = browsers["stranger"].get("/no/such/page/")
    assert hidden.status_code == nowhere.status_code == 404
    assert hidden.templates[0].name == nowhere.templates[0].name == "404.html"


# --- the workbench ----------------------------------------------------------------------------------------------------


def admin_names() -> list[str]:
    return sorted(name for name in all_names() if name.startswith("admin:"))


def admin_path(name: str, world: SimpleNamespace) -> str:
    """An address with a number that is nobody's: whoever may see the kind of record at all gets no further than that."""
    route = dict(walk(get_resolver()))[name]
    if name == "admin:app_list":
        return reverse(name, args=["core"])
    return reverse(name, args=["999999" if "slug" not in part else "x" for part in route.split("<")[1:]])


def test_each_door_of_the_workbench_stands_in_the_table():
    """Nameless ones are Django's own, which lead to named ones."""
    assert sorted(ADMIN) == [name for name in admin_names() if "/" not in name]


@pytest.mark.parametrize("name", sorted(ADMIN))
@pytest.mark.parametrize("who", ["visitor", "stranger", "anchor"])
def test_the_workbench_is_closed_to_everybody_without_a_federal_role(world, browsers, name, who):
    """Asked to sign in; whoever has, gets no further than that."""
    expected = {"admin:logout": "302", "admin:login": "in" if who == "visitor" else "403"}.get(name, "in")
    for method in ("GET", "POST"):
        assert answer_of(browsers[who], method, admin_path(name, world)) == expected


@pytest.mark.parametrize("name", sorted(ADMIN))
def test_each_page_of_the_workbench_answers_staff_as_the_table_says(world, browsers, name):
    answers = [answer_of(browsers[who], "GET", admin_path(name, world)) for who in ("officer", "manager")]
    assert " ".join(answers) == ADMIN[name]


@pytest.mark.parametrize("name", sorted(ADMIN))
def test_staff_without_a_second_step_get_no_page_of_the_workbench(world, name):
    client = Client()
    client.force_login(person("manager"))
    response = client.get(admin_path(name, world))
    assert (response.status_code, response.url.partition("?")[0]) == (302, "/accounts/2fa/")


def test_a_mail_in_the_workbench_does_not_show_the_secrets_in_it(world, browsers):
    mail = Mail.objects.get(to_address="invited@example.com", text__contains=world.colleague_token)
    page = browsers["officer"].get(reverse("admin:core_mail_change", args=[mail.pk]))
    assert page.status_code == 200
    assert mail.subject in page.text
    assert world.colleague_token not in page.text


# --- signing in -------------------------------------------------------------------------------------------------------


def allauth_names() -> list[str]:
    return sorted(name for name in all_names() if name.startswith(("account_", "mfa_")))


def test_each_page_of_signing_in_stands_in_the_table():
    assert sorted(ALLAUTH) == allauth_names()


@pytest.mark.parametrize("name", sorted(ALLAUTH))
def test_each_page_of_signing_in_answers_as_the_table_says(world, browsers, name):
    route = dict(walk(get_resolver()))[name]
    values = {"key": "no-such-key", "uidb36": "1", "pk": 999999}
    path = reverse(
        name, kwargs={key: value for key, value in values.items() if f"<{key}" in route or f":{key}" in route}
    )
    answers = [answer_of(browsers[who], "GET", path) for who in ("visitor", "stranger", "officer")]
    assert " ".join(answers) == ALLAUTH[name]
