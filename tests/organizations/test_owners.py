"""Stakes and control: what is kept, what is refused in words, and what the database refuses whoever asks."""

from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core.errors import UnableTo
from core.models import LedgerEntry, OutboxMessage
from organizations import actions, selectors
from organizations.models import AssociatedParty, OwnershipFinding, Stake
from tests.core.threads import at_once
from tests.database import as_owner
from tests.factories import buyers
from tests.factories import organizations as make
from tests.factories.accounts import person
from tests.organizations.conftest import CAST
from tests.outcomes import DENIED, DONE, REFUSED, outcome

EDITORS = {"administrator", "signer", "editor"}
ENTITY = {"kind": "ENTITY", "name": "Quiet Holdings", "country": "PA"}
PERSON = {"kind": "PERSON", "name": "Dana Whitfield", "country": "US"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def founder():
    return person("founder")


def stake(organization, holder, share=None, *, now, owned=None, **fields):
    percent = None if share is None else Decimal(share)
    by = fields.pop("by", person("founder"))
    return actions.add_stake(organization, by=by, now=now, holder=holder, owned=owned, share_percent=percent, **fields)


def linked(organization, registered, *, now, by=None, share="10"):
    """`registered` has a part of `organization`."""
    holder = {"kind": "ENTITY", "name": str(registered), "country": "US", "registered": registered}
    return stake(organization, holder, share, now=now, by=by or person("founder"))


# --- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["DECLARED", "FINDING"])
@pytest.mark.parametrize(
    "action",
    ["add_stake", "change_stake", "end_stake", "remove_stake", "add_control", "end_control", "remove_control"],
)
def test_editors_change_what_they_stated_officers_what_they_found_and_nobody_else(
    action, source, organization, cast, now
):
    by = cast["officer" if source == "FINDING" else "administrator"]
    known = {"source": source, "source_note": "Extract 4711."}
    dana = make.owner(organization, by=cast["administrator"], now=now, share_percent=None).stakes.get().holder

    def held():
        name = PERSON | {"name": f"Owner {organization.parties.count()}"}
        return actions.add_stake(organization, by=by, now=now, holder=name, share_percent=Decimal(1), **known)

    def directs():
        return actions.add_control(
            organization, by=by, now=now, holder=dana, kind="BOARD", note="Two of three.", **known
        )

    arguments = {
        "add_stake": lambda: {"holder": {**ENTITY}, "share_percent": None, **known},
        "change_stake": lambda: {"stake": held(), "share_percent": Decimal(2)},
        "end_stake": lambda: {"stake": held(), "held_to": now.date()},
        "remove_stake": lambda: {"stake": held()},
        "add_control": lambda: {"holder": dana, "kind": "VOTES", "note": "A golden share.", **known},
        "end_control": lambda: {"control": directs(), "held_to": now.date()},
        "remove_control": lambda: {"control": directs()},
    }
    found = {}
    for name in CAST:
        given = arguments[action]()
        found[name] = outcome(
            lambda name=name, given=given: getattr(actions, action)(organization, by=cast[name], now=now, **given)
        )
    here, there = ({"officer"}, EDITORS) if source == "FINDING" else (EDITORS, {"officer"})
    assert found == {n: DONE if n in here else REFUSED if n in there else DENIED for n in CAST}


@pytest.mark.parametrize("action", ["record_finding", "withdraw_finding"])
def test_officers_record_findings_and_nobody_else(action, organization, cast, now):
    def act(by):
        if action == "record_finding":
            return make.settled(organization, by=by, now=now)
        finding = make.settled(organization, by=cast["officer"], now=now)
        return actions.withdraw_finding(finding, by=by, now=now)

    found = {name: outcome(lambda name=name: act(cast[name])) for name in CAST}
    assert found == {name: DONE if name == "officer" else DENIED for name in CAST}


def test_an_officer_records_nothing_on_an_organization_of_their_own(organization, now):
    officer = buyers.officer(now)
    make.member(organization, "officer", "VIEWER", now=now)
    with pytest.raises(PermissionDenied):
        make.settled(organization, by=officer, now=now)


def test_only_a_part_in_both_links_two_organizations(organization, now):
    rivals = make.organization("Rival Systems Inc", now=now, by=person("rival"))
    with pytest.raises(PermissionDenied):
        linked(organization, rivals, now=now)
    assert AssociatedParty.objects.count() == 0


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_a_stake_begins_changes_and_ends_and_stays_on_record(organization, founder, now):
    held = stake(organization, PERSON, 60, now=now, held_from=date(2020, 1, 1))
    actions.change_stake(organization, by=founder, now=now, stake=held, share_percent=Decimal("49.9999"))
    actions.end_stake(organization, by=founder, now=now, stake=held, held_to=date(2026, 11, 1))
    kept = Stake.objects.get()
    assert (kept.share_percent, kept.held_from, kept.held_to) == (
        Decimal("49.9999"),
        date(2020, 1, 1),
        date(2026, 11, 1),
    )
    owners = [selectors.owners_of(organization, day).stakes for day in (date(2026, 10, 31), date(2026, 11, 1))]
    assert owners == [(kept,), ()]
    acts = LedgerEntry.objects.filter(subject_type="organizations.organization").order_by("pk")
    assert list(acts.values_list("action", flat=True)) == [
        "register_organization",
        "add_stake",
        "change_stake",
        "end_stake",
    ]
    assert "Whitfield" not in "".join(acts.values_list("detail", flat=True))


def test_an_end_before_the_beginning_is_refused(organization, founder, now):
    held = stake(organization, PERSON, 60, now=now, held_from=date(2026, 1, 1))
    with pytest.raises(UnableTo, match=r"It began on 2026-01-01. Choose a later day."):
        actions.end_stake(organization, by=founder, now=now, stake=held, held_to=date(2026, 1, 1))


def test_what_was_entered_by_mistake_goes_with_its_holder_unless_it_has_more(organization, founder, now):
    first = stake(organization, ENTITY, 60, now=now)
    second = stake(organization, PERSON, 30, now=now, owned=first.holder)
    with pytest.raises(UnableTo, match="has owners of its own"):
        actions.remove_party(organization, by=founder, now=now, party=first.holder)
    actions.remove_stake(organization, by=founder, now=now, stake=second)
    assert list(AssociatedParty.objects.values_list("name", flat=True)) == ["Quiet Holdings"]
    actions.remove_stake(organization, by=founder, now=now, stake=first)
    assert AssociatedParty.objects.count() == 0


def test_a_person_with_owners_cannot_be(organization, founder, now):
    holder = stake(organization, ENTITY, 60, now=now).holder
    stake(organization, PERSON, 30, now=now, owned=holder)
    with pytest.raises(UnableTo, match="Quiet Holdings has owners of its own"):
        actions.change_party(organization, by=founder, now=now, party=holder, kind="PERSON")


def test_every_change_reaches_the_organizations_further_in(organization, founder, now):
    """C has a part of B, which has a part of A: who owns C is a question about all three."""
    second = make.organization("B Holdings", now=now)
    third = make.organization("C Holdings", now=now)
    linked(organization, second, now=now)
    linked(second, third, now=now)
    before = {one.pk: one.profile_version for one in (organization, second, third) if not one.refresh_from_db()}
    stake(third, PERSON, 100, now=now)
    make.settled(third, by=buyers.officer(now), now=now)
    for one in (organization, second, third):
        one.refresh_from_db()
        assert one.profile_version == before[one.pk] + 1
        keys = set(OutboxMessage.objects.values_list("key", flat=True))
        assert f"organization:{one.pk}:v{one.profile_version}" in keys
    assert [name for name, _kind, _born in selectors.upstream(organization)] == [
        "B Holdings",
        "C Holdings",
        "C Holdings",
        "Dana Whitfield",
    ]
    assert selectors.owners_of(organization, now.date()).name(f"organization:{third.pk}") == "C Holdings"
    assert len(selectors.owners_of(organization, now.date(), follow=False).stakes) == 1


def test_the_owners_cost_the_same_for_one_and_three(organization, now, django_assert_num_queries):
    for number in (1, 3):
        while Stake.objects.count() < number:
            stake(organization, {**ENTITY, "name": f"H{number}"}, 5, now=now)
        with django_assert_num_queries(5):
            selectors.owners_of(organization, now.date())


def test_the_next_day_on_which_something_changes_is_known(organization, now):
    stake(organization, PERSON, 10, now=now, held_from=date(2026, 12, 24))
    stake(organization, ENTITY, 10, now=now, held_to=date(2026, 12, 1))
    make.settled(organization, by=buyers.officer(now), now=now, valid_until=date(2026, 11, 29))
    days = [date(2026, 11, 24), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 24)]
    assert [selectors.owners_of(organization, day).until for day in days] == [
        date(2026, 11, 30),
        date(2026, 12, 1),
        date(2026, 12, 24),
        None,
    ]


# --- what is refused --------------------------------------------------------------------------------------------------


def test_more_than_the_whole_on_one_day_names_the_stakes(organization, now):
    stake(organization, PERSON, 60, now=now, held_to=date(2026, 6, 1))
    with pytest.raises(UnableTo) as refused:
        stake(organization, ENTITY, 50, now=now, held_from=date(2026, 3, 1))
    assert str(refused.value.message) == (
        "On 2026-03-01 the shares in Meridian Compute Inc add up to 110 percent: Dana Whitfield 60 %; Quiet Holdings "
        "50 %. Correct a share or a date, so that they are at most 100."
    )
    stake(organization, ENTITY, 50, now=now, held_from=date(2026, 6, 1))
    assert AssociatedParty.objects.count() == 2


def test_a_second_stake_on_the_same_days_is_refused_in_words(organization, now):
    holder = stake(organization, PERSON, 10, now=now, held_to=date(2026, 6, 1)).holder
    with pytest.raises(UnableTo, match="Dana Whitfield already has a stake on these days"):
        stake(organization, holder, 20, now=now, held_from=date(2026, 5, 31))
    stake(organization, holder, 20, now=now, held_from=date(2026, 6, 1))
    assert Stake.objects.count() == 2


def test_a_circle_is_refused_and_named(organization, now):
    second, third = (make.organization(name, now=now) for name in ("B Holdings", "C Holdings"))
    linked(organization, second, now=now)
    linked(second, third, now=now)
    with pytest.raises(UnableTo) as refused:
        linked(third, organization, now=now)
    message = str(refused.value.message)
    assert message.startswith("Nobody can own a part of itself: ")
    assert {"Meridian Compute Inc", "B Holdings", "C Holdings"} == set(
        message.removeprefix("Nobody can own a part of itself: ").split(". Remove")[0].split(" → ")
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"source_date": date(2026, 11, 25)}, "a day to come"),
        ({"source_date": date(2026, 1, 1), "valid_until": date(2026, 11, 23)}, "would hold no longer"),
    ],
)
def test_a_finding_is_of_a_day_that_was_and_still_holds(fields, words, organization, now):
    with pytest.raises(UnableTo, match=words):
        make.settled(organization, by=buyers.officer(now), now=now, **fields)


# --- what the database refuses ----------------------------------------------------------------------------------------


@pytest.fixture
def scene(organization, now):
    holder = stake(organization, ENTITY, 60, now=now).holder
    other = make.organization("B Holdings", now=now)
    return {
        "organization": organization,
        "holder": holder,
        "person": stake(organization, PERSON, 10, now=now).holder,
        "signer": actions.add_party(
            organization, by=person("founder"), now=now, role="SIGNER", kind="PERSON", name="S"
        ),
        "elsewhere": stake(other, ENTITY, 60, now=now).holder,
        "other": other,
    }


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"share_percent": 0}, "a share is more than 0"),
        ({"share_percent": Decimal("100.0001")}, "a share is more than 0"),
        ({"held_from": date(2026, 1, 1), "held_to": date(2026, 1, 1)}, "a stake ends after it began"),
        ({"source": "REGISTRY"}, "a stake says where it is written"),
        ({"source": "DOCUMENT", "source_note": "p. 3"}, "a stake says where it is written"),
        ({"holder": "holder", "owned": "person"}, "only an entity that is not registered here has owners"),
        ({"holder": "signer"}, "holder and held are owners in the same organization"),
        ({"holder": "elsewhere"}, "holder and held are owners in the same organization"),
        ({"holder": "holder", "owned": "holder"}, "nobody has a stake in itself"),
        ({"owned": None, "held_from": date(2030, 1, 1)}, "one stake in something a day"),
        ({"holder": "new", "owned": None, "share_percent": Decimal("30.0001")}, "stakes of 100.0001 percent"),
    ],
)
def test_postgresql_refuses_a_stake_that_cannot_be(fields, refusal, scene):
    scene["new"] = AssociatedParty.objects.create(organization=scene["organization"], role="OWNER", **ENTITY)
    values = {"organization": scene["organization"], "holder": scene["person"], "owned": scene["holder"]}
    values |= {name: scene.get(value, value) if isinstance(value, str) else value for name, value in fields.items()}
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        Stake.objects.create(**values)


def test_postgresql_refuses_a_circle_whichever_row_closes_it(scene):
    organization, holder = scene["organization"], scene["holder"]
    second = AssociatedParty.objects.create(organization=organization, role="OWNER", **ENTITY)
    third = AssociatedParty.objects.create(organization=organization, role="OWNER", **ENTITY)
    Stake.objects.create(organization=organization, holder=second, owned=holder)
    Stake.objects.create(organization=organization, holder=third, owned=second)
    with pytest.raises(IntegrityError, match="a circle of owners"), transaction.atomic():
        Stake.objects.create(organization=organization, holder=holder, owned=third)
    scene["elsewhere"].registered = organization
    scene["elsewhere"].save()
    third.registered = scene["other"]
    with pytest.raises(IntegrityError, match="a circle of owners"), transaction.atomic():
        third.save()


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"share_percent": Decimal(0)}, "more than 0 and at most 100"),
        ({"kind": "LISTED_CONSIDERED"}, "names the owner"),
        ({"source": ""}, "has a source and a reason"),
        ({"reason": ""}, "has a source and a reason"),
        ({"valid_until": date(2026, 1, 1)}, "ends after its source was written"),
    ],
)
def test_postgresql_refuses_a_finding_that_cannot_be(fields, refusal, organization, now):
    values = {"kind": "STATE_BODY", "source": "The act", "reason": "A body of it.", "source_date": now.date()}
    values |= {"organization": organization, "found_by": buyers.officer(now), "status": "HOLDS"}
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        OwnershipFinding.objects.create(**values | fields)


# --- at once ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Two changes, each possible alone and together not."""

    def _two(self, now):
        first, second = make.organization("A Holdings", now=now), make.organization("B Holdings", now=now)
        pairs = [(first, second), (second, first)]
        return iter(pairs)

    def test_two_changes_make_no_circle(self, now):
        pairs = self._two(now)
        results = at_once(2, lambda: linked(*next(pairs), now=now))
        assert sorted(type(result).__name__ for result in results) == ["Stake", "UnableTo"]
        assert Stake.objects.count() == 1

    def test_two_stakes_make_no_more_than_the_whole(self, now):
        organization = make.organization(now=now)
        holders = iter([ENTITY, PERSON])
        results = at_once(2, lambda: stake(organization, next(holders), 60, now=now))
        assert sorted(type(result).__name__ for result in results) == ["Stake", "UnableTo"]

    def test_two_rows_written_side_by_side_make_none_either(self, now):
        assert self._side_by_side(now) == ["IntegrityError", "NoneType"]

    def test_without_the_trigger_they_do(self, now):
        """The positive control: each looked before the other wrote, and nobody refused the circle."""
        with as_owner() as cursor:
            cursor.execute("ALTER TABLE organizations_stake DISABLE TRIGGER guard_holding")
        try:
            assert self._side_by_side(now) == ["NoneType", "NoneType"]
        finally:
            with as_owner() as cursor:
                cursor.execute("ALTER TABLE organizations_stake ENABLE TRIGGER guard_holding")

    def _side_by_side(self, now):
        """What became of two writers who both looked before either wrote."""
        rows = []
        for owned, registered in self._two(now):
            holder = {"kind": "ENTITY", "name": str(registered), "role": "OWNER", "registered": registered}
            rows.append(AssociatedParty.objects.create(organization=owned, **holder))
        waiting, both_looked = iter(rows), Barrier(2)

        def write():
            party = next(waiting)
            with transaction.atomic():
                assert selectors.owners_of(party.organization, now.date()).stakes == ()
                both_looked.wait(timeout=10)
                Stake.objects.bulk_create([Stake(organization=party.organization, holder=party)])

        return sorted(type(result).__name__ for result in at_once(2, write))
