"""`manage.py appoint`: the operator's way to the first manager."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import actions
from accounts.models import FederalOffice, RoleGrant, User
from accounts.rules import COMMAND_LINE
from accounts.states import Role
from core.errors import UnableTo
from tests.accounts.conftest import PASSWORD, sign_in, somebody

pytestmark = pytest.mark.django_db


def appoint(*arguments: str) -> str:
    said = io.StringIO()
    call_command("appoint", *arguments, stdout=said)
    return said.getvalue()


def test_somebody_new_gets_a_link_on_which_they_set_their_password(client):
    said = appoint("nora@example.com", "--name", "Nora Lindqvist")
    assert "Nora Lindqvist" in said.splitlines()[0]
    path = re.search(r"http://[^/]+(/\S+)", said).group(1)
    form = client.get(path, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.get(email="nora@example.com").check_password(PASSWORD)


def test_the_link_works_once(client):
    path = re.search(r"http://[^/]+(/\S+)", appoint("nora@example.com")).group(1)
    form = client.get(path, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    client.session.flush()
    assert "password1" not in client.get(path, follow=True).text


def test_somebody_known_signs_in_as_before():
    known = somebody()
    assert "http" not in appoint(known.email)
    assert RoleGrant.objects.get(user=known).role == Role.MANAGER


def test_whoever_signed_up_first_with_the_officers_address_gets_nothing(client):
    """The address was never confirmed: the password on it may be anybody's."""
    squatted = {
        "name": "Nora",
        "email": "nora@example.com",
        "password1": PASSWORD,
        "language": "es",
        "time_zone": "UTC",
    }
    client.post("/accounts/signup/", squatted)
    person = User.objects.get(email="nora@example.com")
    office = FederalOffice.objects.filter(agency="ITA")[0]
    with pytest.raises(UnableTo, match="has not confirmed their e-mail address"):
        actions.grant_role(person, by=COMMAND_LINE, now=timezone.now(), role=Role.MANAGER, office=office)
    said = appoint("nora@example.com")
    assert not User.objects.get(email="nora@example.com").check_password(PASSWORD)
    path = re.search(r"http://[^/]+(/\S+)", said).group(1)
    form = client.get(path, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD[::-1], "password2": PASSWORD[::-1]})
    assert sign_in(client, person, PASSWORD[::-1])["Location"] == "/dashboard/"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["no address"], "no address is no e-mail address."),
        (["nora@example.com", "--role", Role.EVALUATOR], "Say with --office at which of these"),
        (["nora@example.com", "--office", "No Such Office"], "is not held at an office like"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(arguments, reason):
    with pytest.raises(CommandError, match=re.escape(reason)):
        appoint(*arguments)
    assert (User.objects.count(), RoleGrant.objects.count()) == (0, 0)


def test_a_role_is_not_given_twice():
    appoint("nora@example.com")
    with pytest.raises(CommandError):
        appoint("nora@example.com")
    assert RoleGrant.objects.count() == 1


def test_a_role_of_several_offices_is_held_at_the_one_that_is_named():
    appoint("nora@example.com", "--role", Role.EVALUATOR, "--office", "Energy")
    assert "Energy" in RoleGrant.objects.get().office.name
