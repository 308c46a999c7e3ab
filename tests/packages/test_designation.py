"""Publishing does not endorse: what is designated stands apart, and a dated rule alone lets the rest in."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consortia.selectors import members_of
from core.errors import UnableTo
from core.models import DatedRule, Notification
from packages import actions
from packages.models import Designation, Package
from packages.selectors import catalogue, offered
from packages.states import DESIGNATION, DesignationStatus
from tests.browsers import key, said, signed_in
from tests.consortia.conftest import CAST, people_around
from tests.factories import buyers, organizations
from tests.factories import packages as make
from tests.factories.accounts import person
from tests.outcomes import DENIED, DONE, REFUSED, outcome
from tests.scenes import scene

DESIGNATED, REGISTERED = "priority AI export package, designated by Commerce", "registered, not designated by Commerce"


@pytest.fixture(scope="module")
def moment():
    """Pages read the real clock."""
    return timezone.now()


@scene
def published(package, now) -> Package:
    return make.package_at("PUBLISHED", package, now=now)


def labels(path: str) -> list[str]:
    text = Client().get(path).text
    return [words for words in (DESIGNATED, REGISTERED) if words in text]


def shown(now) -> dict[str, list[Package]]:
    return {
        "designated": list(catalogue(now, designated=True)),
        "registered": list(catalogue(now, designated=False)),
        "offered": list(offered(now)),
    }


def test_what_is_published_stands_in_a_part_of_its_own(published, now):
    assert shown(now) == {"designated": [], "registered": [published], "offered": [published]}
    page = reverse("package_detail", args=[published.slug])
    assert labels(page) == labels(reverse("catalogue")) == labels("/catalogue/?part=registered") == [REGISTERED]
    assert labels("/catalogue/?part=designated") == []
    make.designated(published, now=now)
    assert shown(now) == {"designated": [published], "registered": [], "offered": [published]}
    assert labels(page) == labels(reverse("catalogue")) == labels("/catalogue/?part=nonsense") == [DESIGNATED]
    assert labels("/catalogue/?part=registered") == []
    assert "Determination 2026-1" in Client().get(page).text


@pytest.mark.parametrize("rule", [False, None])
def test_without_the_rule_only_what_is_designated_is_offered(published, now, rule):
    """Switched off, or not there at all."""
    rules = DatedRule.objects.filter(code="catalogue_shows_undesignated")
    rules.delete() if rule is None else rules.update(value=rule)
    assert shown(now) == {"designated": [], "registered": [], "offered": []}
    assert Client().get(reverse("package_detail", args=[published.slug])).status_code == 404
    make.designated(published, now=now)
    assert shown(now) == {"designated": [published], "registered": [], "offered": [published]}


def test_the_rule_is_the_one_of_the_day(published, now):
    """A later version ends it on its day."""
    tomorrow = now.date() + timedelta(days=1)
    old = DatedRule.objects.get(code="catalogue_shows_undesignated")
    DatedRule.objects.filter(pk=old.pk).update(effective_to=tomorrow)
    DatedRule.objects.create(
        code=old.code,
        version=2,
        value=False,
        effective_from=tomorrow,
        authority="The first designations.",
        certainty="GAP",
    )
    assert [list(offered(now + timedelta(days=days))) for days in (0, 1)] == [[published], []]


@pytest.mark.parametrize("state", [None, *DesignationStatus])
def test_every_state_action_and_person(published, now, state):
    if state:
        designation = make.designated(published, now=now)
    if state == "ENDED":
        actions.end_designation(designation, by=person("secretary"), now=now, reason="Ended.")
    cast = people_around(published.consortium, now) | {"secretary": buyers.federal("secretary", "SECRETARY", now=now)}
    words = {
        "designated_version": published.current_version,
        "determined_date": now.date(),
        "reference": "No. 7",
    }
    attempts = {
        "designate_package": lambda by: actions.designate_package(
            Package.objects.get(pk=published.pk), by=by, now=now, **words
        )
    }
    if state:
        attempts["end_designation"] = lambda by: actions.end_designation(
            Designation.objects.get(pk=designation.pk), by=by, now=now, reason="Ended."
        )
    possible = {"designate_package": state != "IN_FORCE", "end_designation": state == "IN_FORCE"}
    found = {
        (action, who): outcome(lambda attempt=attempt, who=who: attempt(cast[who]))
        for action, attempt in attempts.items()
        for who in [*CAST, "secretary"]
    }
    assert found == {
        (action, who): DENIED if who != "secretary" else DONE if possible[action] else REFUSED
        for action in attempts
        for who in [*CAST, "secretary"]
    }


def test_the_table_covers_the_machine():
    assert {a: ([str(s) for s in t.sources], str(t.target)) for a, t in DESIGNATION.transitions.items()} == {
        "end_designation": (["IN_FORCE"], "ENDED")
    }


@pytest.mark.parametrize("state", ["DRAFT", "WITHDRAWN", "SUSPENDED"])
def test_only_what_is_published_is_designated(package, now, state):
    make.package_at(state, package, now=now)
    with pytest.raises(UnableTo, match="Only a published package"):
        make.designated(package, now=now)


def test_suspended_it_is_gone_although_designated(published, now):
    make.designated(published, now=now)
    actions.suspend_package(published, by=buyers.officer(now), now=now, reason="A claim.")
    assert shown(now) == {"designated": [], "registered": [], "offered": []}


def test_a_determination_is_not_of_tomorrow_and_a_member_records_none(published, now):
    by = buyers.federal("secretary", "SECRETARY", now=now)
    words = {"by": by, "now": now, "reference": "No. 7", "designated_version": published.current_version}
    with pytest.raises(UnableTo, match="later day than today"):
        actions.designate_package(published, determined_date=now.date() + timedelta(days=1), **words)
    organizations.member(members_of(published.consortium)[1].company.organization, "secretary", "VIEWER", now=now)
    assert outcome(lambda: actions.designate_package(published, determined_date=now.date(), **words)) == DENIED


@pytest.mark.parametrize("matters", [True, False])
def test_it_speaks_of_a_later_version_while_nothing_that_matters_changed(published, now, matters):
    make.designated(published, now=now)
    draft = Package.objects.get(pk=published.pk)
    by = person("anchor")
    if matters:
        item = make.item_of(draft, "C")
        fields = make.item_fields("C", item.supplier) | {"name": "Another model"}
        actions.save_item(draft, by=by, now=now, letter="C", fields=fields, item=item)
    else:
        actions.save_step(draft, by=by, now=now, fields={"summary": "The same, in other words."})
    version = actions.publish_package(draft, by=by, now=now)
    assert version.needs_look is matters
    if matters:
        actions.accept_version(version, by=buyers.officer(now), now=now, note="A model of the same developer.")
    part = "registered" if matters else "designated"
    assert shown(now)[part] == [published]


def test_the_members_are_told(published, now):
    designation = make.designated(published, now=now)
    actions.end_designation(designation, by=person("secretary"), now=now, reason="Secret.")
    kinds = ("packages.designated", "packages.designation_ended")
    told = {
        kind: set(Notification.objects.filter(kind=kind).values_list("recipient__email", flat=True)) for kind in kinds
    }
    assert told == {kind: {"anchor@example.com", "member@example.com"} for kind in kinds}
    assert "Secret." not in Notification.objects.filter(kind=kinds[1]).first().body


def test_postgresql_keeps_one_in_force(published, now):
    given = make.designated(published, now=now)
    given.pk = None
    with pytest.raises(IntegrityError, match="a package has one designation in force"), transaction.atomic():
        given.save(force_insert=True)


def test_it_is_recorded_and_ended_in_the_workbench(published, now):
    browser = signed_in(buyers.federal("secretary", "SECRETARY", now=now))
    record, designate, end = (
        reverse(f"admin:packages_package_{page}", args=[published.pk])
        for page in ("change", "designate", "end_designation")
    )
    assert ("Record a designation" in browser.get(record).text, browser.get(end).status_code) == (True, 404)
    assert browser.post(designate, {"reference": "No. 7"} | key()).status_code == 422
    data = {"determined_date": now.date().isoformat(), "reference": "No. 7"} | key()
    data |= {"designated_version": published.current_version_id}
    first, second = (browser.post(designate, data) for _click in range(2))
    assert (first.url, second.url, Designation.objects.count()) == (record, record, 1)
    assert "End the designation" in browser.get(record).text
    answer = browser.post(end, {"reason": "Ended."} | key(), follow=True)
    assert said(answer)[-1] == "The designation has ended. The members are told."
    officer = signed_in(buyers.officer(now))
    assert [officer.get(page).status_code for page in (designate, end)] == [403, 403]
