"""No package is offered while its anchor or one supplier is not clear: in any order of events, with the queue stopped.

What is offered is one query; whether everybody behind a package is clear is asked here row by row, of the rules that the
pages show, of screening, and of what the officer cleared. An event that a state forbids changes nothing.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consortia import actions as consortia_actions
from consortia import eligibility
from consortia.models import Clearance, Company, Member
from consortia.selectors import eligibility_of
from core import outbox
from core.errors import UnableTo
from core.models import DatedRule
from organizations import actions as organization_actions
from packages import actions
from packages.models import ComponentItem, Package, VersionLook
from packages.selectors import offered
from screening.selectors import screening_state
from tests.factories import buyers, consortia, organizations
from tests.factories.accounts import person
from tests.scenes import scene

pytestmark = pytest.mark.uncovered

Event = Callable[[Package, datetime], object]
SIDES = {"anchor": "Meridian Compute Inc", "member": "Beacon Data LLC"}


@scene
def published(package: Package, now: datetime) -> Package:
    actions.publish_package(package, by=person("anchor"), now=now)
    return package


# --- events -----------------------------------------------------------------------------------------------------------


def company(side: str) -> Company:
    return Company.objects.select_related("organization").get(organization__legal_name=SIDES[side])


def by_officer(action: str, side: str, package: Package, now: datetime) -> object:
    return getattr(consortia_actions, action)(company(side), by=buyers.officer(now), now=now)


def clear(side: str, package: Package, now: datetime) -> object:
    return consortia.clearance(company(side), now=now)


def withdraw_clearance(side: str, package: Package, now: datetime) -> object:
    given = company(side).clearances.filter(status="HOLDS").first()
    return given and consortia_actions.withdraw_clearance(given, by=buyers.officer(now), now=now, reason="Forged.")


def move_to(side: str, country: str, package: Package, now: datetime) -> object:
    return organization_actions.edit_organization(
        company(side).organization, by=person(side), now=now, headquarters_country=country
    )


def name_owner(side: str, country: str, package: Package, now: datetime) -> object:
    return organizations.owner(
        company(side).organization,
        by=person(side),
        now=now,
        country=country,
        name=f"From {country}",
        share_percent=None,
    )


def sell_to(side: str, country: str, package: Package, now: datetime) -> object:
    organization = company(side).organization
    owner = organization.parties.filter(role="OWNER").order_by("pk").first()
    return owner and organization_actions.change_party(
        organization, by=person(side), now=now, party=owner, country=country
    )


def leave(package: Package, now: datetime) -> object:
    member = Member.objects.get(company=company("member"))
    return consortia_actions.leave_consortium(member, by=person("member"), now=now)


def supply(components: list[str], package: Package, now: datetime) -> object:
    member = Member.objects.get(company=company("member"))
    return consortia_actions.change_components(member, by=person("member"), now=now, components=components)


def publish(package: Package, now: datetime) -> object:
    subject = Package.objects.get(pk=package.pk)
    actions.save_step(subject, by=person("anchor"), now=now, fields={"summary": f"{subject.summary} More."})
    return actions.publish_package(subject, by=person("anchor"), now=now)


def publish_another_model(package: Package, now: datetime) -> object:
    item = ComponentItem.objects.get(component__package=package, component__letter="C")
    fields = {"name": item.name, "supplier": item.supplier, "product_model": f"{item.fact('product_model')}+"}
    subject = Package.objects.get(pk=package.pk)
    actions.save_item(subject, by=person("anchor"), now=now, letter="C", fields=fields, item=item)
    return actions.publish_package(subject, by=person("anchor"), now=now)


def look(package: Package, now: datetime) -> object:
    version = Package.objects.get(pk=package.pk).current_version
    return actions.accept_version(version, by=buyers.officer(now), now=now, note="Seen.")


def set_rule(code: str, value: object, package: Package, now: datetime) -> object:
    """A later list, from today on."""
    old = DatedRule.objects.get(code=code, effective_to=None)
    DatedRule.objects.filter(pk=old.pk).delete()
    return DatedRule.objects.create(
        code=code, version=old.version + 1, value=value, effective_from=old.effective_from, authority="-", certainty="S"
    )


def screen(package: Package, now: datetime) -> object:
    """The one event in which the queue runs."""
    return outbox.drain(now)


EVENTS: dict[str, Event] = {
    "screen": screen,
    "publish": publish,
    "publish another model": publish_another_model,
    "look": look,
    "leave": leave,
    "supply D only": partial(supply, ["D"]),
    "supply D and E": partial(supply, ["D", "E"]),
    "concern: CN": partial(set_rule, eligibility.CONCERN, ["CN"]),
    "concern: CN, AE": partial(set_rule, eligibility.CONCERN, ["CN", "AE"]),
    "components: E, from the U.S.": partial(
        set_rule, eligibility.COMPONENT_BAR, {"components": ["E"], "countries": ["US"]}
    ),
    "components: none": partial(set_rule, eligibility.COMPONENT_BAR, {"components": [], "countries": []}),
}
for _side in SIDES:
    EVENTS |= {
        f"suspend {_side}": partial(by_officer, "suspend_company", _side),
        f"reinstate {_side}": partial(by_officer, "reinstate_company", _side),
        f"clear {_side}": partial(clear, _side),
        f"withdraw {_side}": partial(withdraw_clearance, _side),
        f"{_side} moves to AE": partial(move_to, _side, "AE"),
        f"{_side} moves to US": partial(move_to, _side, "US"),
        f"{_side} is sold to NO": partial(sell_to, _side, "NO"),
        f"{_side} is sold to CN": partial(sell_to, _side, "CN"),
        f"{_side} names an owner": partial(name_owner, _side, "AE"),
    }


def happen(name: str, package: Package, now: datetime) -> None:
    try:
        with transaction.atomic():
            EVENTS[name](package, now)
    except (UnableTo, PermissionDenied):
        pass


# --- who is clear, asked row by row -----------------------------------------------------------------------------------


def why_not_clear(package: Package, now: datetime) -> list[str]:
    """Of the anchor and each supplier of the version: what is missing."""
    stored = Package.objects.select_related("current_version", "consortium").get(pk=package.pk)
    assert stored.current_version is not None
    suppliers = {row.organization_id: row.components for row in stored.current_version.suppliers.all()}
    anchor = Member.objects.get(consortium=stored.consortium, part="ANCHOR", status="ACCEPTED")
    suppliers.setdefault(anchor.company.organization_id, [])
    missing = [reason for key, letters in suppliers.items() for reason in _missing(stored, key, letters, now)]
    looked = VersionLook.objects.filter(version=stored.current_version).exists()
    return missing + (["look"] if stored.current_version.needs_look and not looked else [])


def _missing(package: Package, organization: int, letters: list[str], now: datetime) -> list[str]:
    members = Member.objects.filter(
        consortium=package.consortium, company__organization=organization, status="ACCEPTED"
    ).select_related("company__organization")
    member = members.first()
    if member is None or not set(letters) <= set(member.components):
        return ["supplies it no more"]
    entity = member.company.organization
    given = Clearance.objects.filter(company=member.company, status="HOLDS").first()
    seen = given and (given.country, given.headquarters_country, given.ownership_version)
    checks = {
        "suspended": member.company.status == "ACTIVE",
        "screening": screening_state(entity, now).is_clear,
        "rules": eligibility.is_eligible(eligibility_of([member], now)[0][1]),
        "clearance": seen == (entity.country, entity.headquarters_country, entity.ownership_version),
    }
    return [reason for reason, holds in checks.items() if not holds]


orders = st.lists(st.sampled_from(sorted(EVENTS)), min_size=1, max_size=7)
few = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
many = settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))


def check_order(package: Package, now: datetime, order: list[str]) -> None:
    with transaction.atomic():
        for name in order:
            happen(name, package, now)
            if offered(now).filter(pk=package.pk).exists():
                assert why_not_clear(package, now) == [], (order, name)
        transaction.set_rollback(True)


def test_a_package_of_clear_members_is_offered(published, now):
    """The positive control of what follows: it is not merely never shown."""
    assert (list(offered(now)), why_not_clear(published, now)) == ([published], [])


def test_no_package_is_offered_while_somebody_behind_it_is_not_clear(published, now):
    @few
    @given(orders)
    def hold(order: list[str]) -> None:
        check_order(published, now, order)

    hold()


@pytest.mark.long
def test_in_many_more_orders(published, now):
    @many
    @given(orders)
    def hold(order: list[str]) -> None:
        check_order(published, now, order)

    hold()


BACK_AND_FORTH = [
    (["suspend member", "reinstate member"], [False, True]),
    (["withdraw anchor", "clear anchor"], [False, True]),
    (["member moves to AE", "screen", "clear member"], [False, False, True]),
    (
        ["member moves to AE", "screen", "clear member", "concern: CN, AE", "concern: CN"],
        [False, False, True, False, True],
    ),
    (["member is sold to NO", "screen", "clear member"], [False, False, True]),
    (["member is sold to CN", "screen", "clear member"], [False, False, False]),
    (["anchor names an owner", "screen", "clear anchor"], [False, False, True]),
    (["supply D only", "supply D and E"], [False, True]),
    (["components: E, from the U.S.", "components: none"], [False, True]),
    (["concern: CN", "publish"], [True, True]),
    (["leave", "screen"], [False, False]),
    (["publish another model", "look", "publish"], [False, True, True]),
    (["publish another model", "publish", "look"], [False, False, True]),  # a typo does not release it
]


@pytest.mark.parametrize(("order", "shown"), BACK_AND_FORTH, ids=[", ".join(order) for order, _shown in BACK_AND_FORTH])
def test_each_event_shows_or_hides_it_at_once(published, now, order, shown):
    found = []
    for name in order:
        happen(name, published, now)
        found.append(offered(now).filter(pk=published.pk).exists())
        assert found[-1] == (why_not_clear(published, now) == [])
    assert found == shown


@pytest.mark.parametrize("reason", ["suspended", "screening", "rules", "clearance", "supplies it no more", "look"])
def test_each_reason_is_found_by_the_rows(published, now, reason):
    """The positive control of the other side: an order of events in which just this is missing."""
    orders = {
        "suspended": ["suspend member"],
        "screening": ["member names an owner"],
        "rules": ["components: E, from the U.S."],
        "clearance": ["withdraw member"],
        "supplies it no more": ["supply D only"],
        "look": ["publish another model"],
    }
    for name in orders[reason]:
        happen(name, published, now)
    assert reason in why_not_clear(published, now)
