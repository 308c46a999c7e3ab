"""Which action moves a package from where to where, and who may do what with it."""

import pytest
from django.db import IntegrityError, transaction

from core.errors import UnableTo
from packages import actions
from packages.models import ComponentItem, Package
from packages.states import PACKAGE, PackageStatus
from tests.consortia.conftest import CAST, people_around
from tests.database import check_deferred_guards
from tests.factories import packages as make
from tests.factories.accounts import person
from tests.outcomes import DENIED, DONE, REFUSED, outcome

SIGNERS, FEDERAL = {"anchor", "anchor_signer"}, {"officer", "manager"}
ANCHOR_EDITORS = SIGNERS | {"anchor_editor"}
EDITORS = ANCHOR_EDITORS | {"member", "member_signer", "member_editor"}
# action: (from which states, to which state, who may)
MOVES = {
    "publish_package": ({"DRAFT", "PUBLISHED", "WITHDRAWN"}, "PUBLISHED", SIGNERS),
    "withdraw_package": ({"PUBLISHED"}, "WITHDRAWN", SIGNERS),
    "suspend_package": ({"PUBLISHED"}, "SUSPENDED", FEDERAL),
    "reinstate_package": ({"SUSPENDED"}, "PUBLISHED", FEDERAL),
}


def fresh(package: Package) -> Package:
    return Package.objects.get(pk=package.pk)


def test_the_table_covers_the_machine():
    machine = {a: ({str(s) for s in t.sources}, str(t.target)) for a, t in PACKAGE.transitions.items()}
    assert machine == {action: (sources, target) for action, (sources, target, _who) in MOVES.items()}


@pytest.mark.parametrize("state", list(PackageStatus))
def test_every_state_action_and_person(state, package, now):
    make.package_at(state, package, now=now)
    assert package.status == state
    actions.save_step(package, by=person("anchor"), now=now, fields={"summary": "Changed."})
    cast = people_around(package.consortium, now)
    found = {
        (action, name): outcome(
            lambda action=action, name=name: getattr(actions, action)(
                fresh(package),
                by=cast[name],
                now=now,
                **({"reason": "A claim is being checked."} if action == "suspend_package" else {}),
            )
        )
        for action in MOVES
        for name in CAST
    }
    assert found == {
        (action, name): DENIED if name not in may else DONE if state in sources else REFUSED
        for action, (sources, _target, may) in MOVES.items()
        for name in CAST
    }


def attempt(action: str, package: Package, *, by, now) -> object:
    item = make.item_of(package, "D")
    arguments = {
        "save_step": {"fields": {"summary": "New."}},
        "save_component": {"letter": "A", "summary": "New."},
        "save_item": {"letter": "D", "fields": {"name": "New", "supplier": item.supplier}, "item": item},
        "remove_item": {"item": ComponentItem.objects.get(pk=item.pk)},
        "create_package": {"title": "New"},
    }[action]
    subject = package.consortium if action == "create_package" else fresh(package)
    return getattr(actions, action)(subject, by=by, now=now, **arguments)


@pytest.mark.parametrize(
    ("action", "may"),
    [
        ("create_package", ANCHOR_EDITORS),
        ("save_step", EDITORS),
        ("save_component", EDITORS),
        ("save_item", EDITORS),
        ("remove_item", EDITORS),
    ],
)
def test_who_drafts(action, may, package, now):
    cast = people_around(package.consortium, now)
    found = {name: outcome(lambda name=name: attempt(action, package, by=cast[name], now=now)) for name in CAST}
    assert found == {name: DONE if name in may else DENIED for name in CAST}


@pytest.mark.parametrize("state", list(PackageStatus))
def test_the_draft_is_edited_in_every_state_and_what_is_published_stays(state, package, now):
    make.package_at(state, package, now=now)
    actions.save_step(package, by=person("member"), now=now, fields={"summary": "New."})
    stored = fresh(package)
    assert (stored.summary, stored.status) == ("New.", state)
    if stored.current_version:
        assert stored.current_version.summary == make.OFFER["summary"]


def test_no_status_without_the_ledger(package):
    check_deferred_guards()
    with transaction.atomic():
        Package.objects.filter(pk=package.pk).update(status="PUBLISHED")
        with pytest.raises(IntegrityError, match="but the ledger holds"), transaction.atomic():
            check_deferred_guards()
        transaction.set_rollback(True)


def test_a_suspended_package_says_so(package, now):
    make.package_at("SUSPENDED", package, now=now)
    with pytest.raises(UnableTo, match="Suspended"):
        actions.publish_package(package, by=person("anchor"), now=now)
