"""Packages in the workbench: officers suspend and reinstate what was published, and see no draft."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consortia import actions as consortia_actions
from consortia.selectors import members_of
from core.models import Notification
from organizations.states import MemberRole
from packages import actions
from packages.models import Package
from packages.selectors import offered
from tests.browsers import key, said, signed_in
from tests.factories import buyers
from tests.factories import packages as make
from tests.factories.accounts import person
from tests.factories.organizations import member


@pytest.fixture(scope="module")
def moment():
    """Pages read the real clock."""
    return timezone.now()


@pytest.fixture
def published(package, now) -> Package:
    return make.package_at("PUBLISHED", package, now=now)


@pytest.fixture
def officer(now) -> Client:
    return signed_in(buyers.officer(now))


def bench(name: str, *more: object) -> str:
    return reverse(f"admin:packages_package_{name}", args=more)


def offered_words(text: str) -> list[str]:
    return [words for words in ("In the catalogue", "Suspend", "Reinstate") if f">{words}<" in text]


def test_a_draft_stays_with_its_consortium(package, officer):
    assert package.title not in officer.get(bench("changelist")).text
    for page in ("change", "suspend"):
        assert officer.get(bench(page, package.pk), follow=True).status_code == (200 if page == "change" else 404)
    assert officer.post(bench("reinstate", package.pk)).status_code == 404


def test_an_officer_suspends_with_a_reason_and_reinstates(published, officer, now):
    record = bench("change", published.pk)
    assert offered_words(officer.get(record).text) == ["In the catalogue", "Suspend"]
    assert officer.post(bench("suspend", published.pk), key() | {"reason": ""}).status_code == 422
    data = key() | {"reason": "A claim is being checked."}
    for _click in range(2):
        assert officer.post(bench("suspend", published.pk), data).headers["Location"] == record
    assert (Package.objects.get().status, offered(now).count()) == ("SUSPENDED", 0)
    page = officer.get(record)
    assert offered_words(page.text) == ["Reinstate"]
    assert "A claim is being checked." in page.text
    assert Notification.objects.filter(kind="packages.suspended", recipient=person("anchor")).count() == 1
    officer.post(bench("reinstate", published.pk))
    assert (Package.objects.get().status, offered(now).count()) == ("PUBLISHED", 1)


def test_no_link_leads_to_a_page_that_shows_nothing(published, officer, now):
    """Published, but not offered while a supplier is not cleared."""
    company = members_of(published.consortium)[1].company
    clearance = company.clearances.get()
    consortia_actions.withdraw_clearance(clearance, by=buyers.officer(now), now=now, reason="It moved.")
    assert offered_words(officer.get(bench("change", published.pk)).text) == ["Suspend"]


def test_what_is_not_possible_is_said(published, officer, now):
    answer = officer.post(bench("reinstate", published.pk), follow=True)
    assert said(answer) == ["This is not possible while the status is “Published”."]
    actions.suspend_package(published, by=buyers.officer(now), now=now, reason="A claim.")
    answer = officer.post(bench("suspend", published.pk), key() | {"reason": "Again."})
    assert answer.status_code == 422
    assert "This is not possible while the status is “Suspended”." in answer.text


def test_an_officer_of_a_member_is_offered_no_act(published, now):
    buyers.officer(now)
    organization = members_of(published.consortium)[0].company.organization
    client = signed_in(member(organization, "officer", MemberRole.VIEWER, now=now))
    assert offered_words(client.get(bench("change", published.pk)).text) == ["In the catalogue"]
    assert client.get(bench("suspend", published.pk)).status_code == 403
    assert client.post(bench("reinstate", published.pk)).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(rows, published, officer, now, django_assert_num_queries):
    for number in range(rows - 1):
        make.offered(published.consortium, now=now, title=f"Stack {number}")
    with django_assert_num_queries(7):
        officer.get(bench("changelist"))
