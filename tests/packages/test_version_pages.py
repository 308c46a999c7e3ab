"""Every publication at its own address, as the consortium sees it, and what changed between two."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Notification
from packages import actions
from packages.models import VersionLook
from packages.selectors import offered
from tests.browsers import key, signed_in
from tests.consortia.conftest import CAST, people_around
from tests.factories import buyers, organizations
from tests.factories import packages as make
from tests.factories.accounts import person
from tests.outcomes import DENIED, DONE, REFUSED, outcome
from tests.scenes import scene


@pytest.fixture(scope="module")
def moment():
    """Pages read the real clock."""
    return timezone.now()


@scene
def thrice(package, now):
    """Published three times: with another title, then with another model."""
    anchor = person("anchor")
    actions.publish_package(package, by=anchor, now=now)
    actions.save_step(package, by=anchor, now=now, fields={"title": "Clinic AI stack"})
    actions.publish_package(package, by=anchor, now=now)
    item = make.item_of(package, "C")
    fields = {"name": item.name, "supplier": item.supplier, "product_model": "M-2"}
    actions.save_item(package, by=anchor, now=now, letter="C", fields=fields, item=item)
    actions.publish_package(package, by=anchor, now=now)
    return package


def address(package, number) -> str:
    return reverse("package_version", args=[package.slug, number])


@pytest.mark.parametrize(
    ("number", "query", "rows"),
    [
        (1, "", []),
        (2, "", [("Title", False)]),
        (3, "", [("Model", True)]),
        (3, "?against=1", [("Title", False), ("Model", True)]),
        (1, "?against=3", [("Title", False), ("Model", True)]),
        (3, "?against=99", [("Model", True)]),
        (3, "?against=nonsense", [("Model", True)]),
        (2, "?against=2", []),
    ],
)
def test_what_changed_between_any_two(thrice, number, query, rows):
    page = signed_in(person("member")).get(address(thrice, number) + query)
    assert [(change.label, change.matters) for change in page.context["changes"]] == rows


def test_a_version_stays_as_it_was(thrice):
    browser = signed_in(person("anchor"))
    titles = [browser.get(address(thrice, number)).context["version"].title for number in (1, 2, 3)]
    assert titles == ["Hospital AI stack", "Clinic AI stack", "Clinic AI stack"]
    first = browser.get(address(thrice, 1)).text
    assert ("M-2" in first, "Secret recipe of A" in first, "$1,000,000" in first) == (False, True, True)
    assert "M-2" in browser.get(address(thrice, 3)).text


@pytest.mark.parametrize("number", [0, 4, 10**30])
def test_there_is_no_other(thrice, number):
    assert signed_in(person("anchor")).get(address(thrice, number)).status_code == 404


@pytest.mark.parametrize("versions", [1, 3])
def test_it_costs_the_same_for_one_and_three_versions(package, now, versions, django_assert_num_queries):
    for number in range(versions):
        actions.save_step(package, by=person("anchor"), now=now, fields={"title": f"Stack {number}"})
        actions.publish_package(package, by=person("anchor"), now=now)
    browser = signed_in(person("anchor"))
    browser.get(address(package, 1))
    with django_assert_num_queries(5):
        assert browser.get(address(package, versions)).status_code == 200


def test_the_public_page_tells_the_consortium_alone_of_its_us_content(thrice, now):
    actions.accept_version(thrice.current_version, by=buyers.officer(now), now=now, note="Seen.")
    page = reverse("package_detail", args=[thrice.slug])
    found = {
        who: "Only your consortium sees this part." in signed_in(person(who)).get(page).text
        for who in ("anchor", "member", "stranger")
    }
    assert found == {"anchor": True, "member": True, "stranger": False}


# --- a change that matters ------------------------------------------------------------------------------------------------


def bench(page: str, package) -> str:
    return reverse(f"admin:packages_package_{page}", args=[package.pk])


def test_a_typo_is_shown_at_once_and_another_model_after_an_officer_looked(thrice, now):
    first, second, third = thrice.versions.order_by("number")
    assert [version.needs_look for version in (first, second, third)] == [False, False, True]
    assert list(offered(now)) == []
    anchor, officer = signed_in(person("anchor")), signed_in(buyers.officer(now))
    page = reverse("package_edit", args=[thrice.slug])
    assert "Version 3 waits for an officer" in anchor.get(page).text
    assert "1 published packages changed in what matters" in officer.get(reverse("dashboard")).text
    assert "Clinic AI stack" in officer.get(reverse("admin:packages_package_changelist") + "?look=waits").text
    assert "Look at what changed" in officer.get(bench("change", thrice)).text
    shown = officer.get(bench("look", thrice))
    assert [(c.label, c.matters) for c in shown.context["changes"]] == [("Model", True)]
    assert officer.post(bench("look", thrice), key()).status_code == 422
    data = {"note": "The model's card."} | key()
    assert [officer.post(bench("look", thrice), data).url for _click in range(2)] == [bench("change", thrice)] * 2
    assert list(offered(now)) == [thrice]
    assert officer.get(bench("look", thrice)).status_code == 404
    assert "waits for an officer" not in anchor.get(page).text
    told = Notification.objects.filter(kind="packages.version_accepted").values_list("recipient__email", flat=True)
    assert set(told) == {"anchor@example.com", "member@example.com"}


def test_only_an_officer_who_is_of_no_member_looks(thrice, now):
    cast = people_around(thrice.consortium, now)
    found = {
        who: outcome(
            lambda who=who: actions.accept_version(thrice.current_version, by=cast[who], now=now, note="Seen.")
        )
        for who in CAST
    }
    assert found == {who: DONE if who == "officer" else DENIED for who in CAST}
    first = thrice.versions.get(number=1)
    assert outcome(lambda: actions.accept_version(first, by=cast["officer"], now=now, note="Seen.")) == REFUSED
    organizations.member(thrice.consortium.members.first().company.organization, "officer", "VIEWER", now=now)
    assert (
        outcome(lambda: actions.accept_version(thrice.current_version, by=cast["officer"], now=now, note="Seen."))
        == DENIED
    )


def test_what_an_officer_saw_is_kept(thrice, now):
    actions.accept_version(thrice.current_version, by=buyers.officer(now), now=now, note="Seen.")
    with pytest.raises(IntegrityError, match="a record is corrected by a new row"), transaction.atomic():
        VersionLook.objects.update(note="")
