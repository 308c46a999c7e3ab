"""Both sides' changes lead to a screening: once for each profile, in parts for everybody, again after a failure."""

from datetime import timedelta

import pytest

from core import outbox
from core.models import OutboxMessage
from organizations.actions import edit_organization, set_names
from organizations.models import Organization
from screening import tasks
from screening.models import ScreeningRun
from screening.selectors import screening_state
from tests.factories import organizations
from tests.factories import screening as make
from tests.factories.accounts import person
from tests.screening.conftest import outcomes, statuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def founder():
    return person("founder")


def parts(key: str) -> list[tuple[int, int]]:
    messages = OutboxMessage.objects.filter(topic="screening.part_due", key__startswith=key).order_by("pk")
    return [(message.payload["first"], message.payload["last"]) for message in messages]


# --- a changed organization ---------------------------------------------------------------------------------------------


def test_a_new_organization_is_screened(listed, now):
    subject = organizations.organization(now=now)
    assert outcomes(subject) == []
    outbox.drain(now)
    assert outcomes(subject) == ["CLEAR"]


def test_a_changed_organization_is_screened_again(clear_one, founder, now):
    edit_organization(clear_one, by=founder, now=now, legal_name="Joseph Kony")
    outbox.drain(now)
    assert (outcomes(clear_one), statuses(clear_one)) == (["CLEAR", "HITS"], ["OPEN"])
    assert ScreeningRun.objects.latest("pk").profile_version == clear_one.profile_version


def test_several_changes_are_screened_once(clear_one, founder, now):
    for number in range(3):
        edit_organization(clear_one, by=founder, now=now, legal_name=f"Meridian {number}")
    set_names(clear_one, by=founder, now=now, names=[{"name": "Joseph Kony", "kind": "TRADE"}])
    outbox.drain(now)
    assert (outcomes(clear_one), statuses(clear_one)) == (["CLEAR", "HITS"], ["OPEN"])


def test_a_message_that_comes_twice_does_nothing_more(clear_one, now):
    message = OutboxMessage.objects.filter(topic="organizations.changed", subscriber__startswith="screening").latest(
        "pk"
    )
    tasks.screen_changed_organization(message, now=now)
    assert outcomes(clear_one) == ["CLEAR"]


# --- everybody ----------------------------------------------------------------------------------------------------------


def test_a_new_list_screens_everybody(kony, clear_one, now, tmp_path):
    rows = [*make.rows_of_extract(), make.row(source="Another List (AL)", name="Meridian Compute Inc")]
    release = make.imported(make.written(tmp_path / "next.csv", rows), now=now)
    outbox.drain(now)
    assert (outcomes(kony), outcomes(clear_one)) == (["HITS", "HITS"], ["CLEAR", "HITS"])
    assert set(ScreeningRun.objects.filter(release=release).values_list("organization", flat=True)) == {
        kony.pk,
        clear_one.pk,
    }
    assert parts(f"release:{release.pk}:")[0][0] == 1


def test_every_night_everybody_is_screened_and_nothing_new_is_found(kony, clear_one, now):
    outbox.publish("job:screening.rescreen_all", key="slot", payload={"slot": "2026-11-24"}, now=now)
    outbox.drain(now)
    assert (outcomes(kony), statuses(kony)) == (["HITS", "HITS"], ["OPEN"])
    assert outcomes(clear_one) == ["CLEAR", "CLEAR"]
    assert parts("nightly:2026-11-24:") != []


def test_the_night_is_told_once(clear_one, now):
    for _ in range(2):
        tasks.rescreen_nightly(OutboxMessage(payload={"slot": "2026-11-24"}), now=now)
    outbox.drain(now)
    assert outcomes(clear_one) == ["CLEAR", "CLEAR"]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (1, [(1, 200)]),
        (200, [(1, 200)]),
        (201, [(1, 200), (201, 400)]),
        (400, [(1, 200), (201, 400)]),
        (1001, [(1, 200), (201, 400), (401, 600), (601, 800), (801, 1000), (1001, 1200)]),
    ],
)
def test_everybody_is_parted_without_a_gap(last, expected, now):
    Organization.objects.create(
        pk=last, legal_name="Last", country="US", headquarters_country="US", created_at=now, updated_at=now
    )
    tasks.rescreen_nightly(OutboxMessage(payload={"slot": "x"}), now=now)
    assert parts("nightly:x:") == expected


def test_without_organizations_there_is_nothing_to_do(now):
    Organization.objects.all().delete()
    tasks.rescreen_nightly(OutboxMessage(payload={"slot": "x"}), now=now)
    assert parts("nightly:x:") == []


def test_a_part_is_what_it_says(kony, clear_one, now):
    tasks.screen_part(OutboxMessage(payload={"first": clear_one.pk, "last": clear_one.pk}), now=now)
    assert (outcomes(kony), outcomes(clear_one)) == (["HITS"], ["CLEAR", "CLEAR"])


# --- failures -----------------------------------------------------------------------------------------------------------


def test_a_failure_is_kept_and_tried_again_until_it_works(listed, now, broken_engine):
    subject = organizations.organization("Joseph Kony", now=now)
    outbox.drain(now)
    for attempt in range(1, 3):
        outbox.drain(now + attempt * tasks.RETRY)
    assert outcomes(subject) == ["COULD_NOT"] * 3
    state = screening_state(subject, now)
    assert (state.kind, state.reason) == ("COULD_NOT", "The engine failed: KeyError")
    broken_engine()  # mended
    outbox.drain(now + 3 * tasks.RETRY)
    outbox.drain(now + timedelta(days=1))
    assert outcomes(subject) == ["COULD_NOT"] * 3 + ["HITS"]
    assert screening_state(subject, now).kind == "OPEN_HITS"


def test_a_failure_is_tried_again_in_one_chain_however_often_it_is_found(listed, now, broken_engine):
    """Each night finds it, too: of what waits only the newest is done."""
    subject = organizations.organization("Joseph Kony", now=now)
    outbox.drain(now)
    for night in range(3):
        tasks.rescreen_nightly(OutboxMessage(payload={"slot": str(night)}), now=now)
        outbox.drain(now)
    assert outcomes(subject) == ["COULD_NOT"] * 4
    outbox.drain(now + tasks.RETRY)
    assert outcomes(subject) == ["COULD_NOT"] * 5
    outbox.drain(now + 2 * tasks.RETRY)
    assert outcomes(subject) == ["COULD_NOT"] * 6


def test_two_engines_side_by_side_do_not_make_keys_without_end(listed, now, monkeypatch):
    """The other one makes stale what this one makes, as fast."""
    made = []
    monkeypatch.setattr("screening.actions.rekey_names", lambda **_by_and_now: made.append(1) or 1)
    tasks.catch_up(OutboxMessage(payload={"slot": "x"}), now=now)
    assert len(made) == tasks.REKEYED_AT_ONCE


def test_a_failure_on_one_does_not_stop_the_others(listed, now, broken_engine):
    failing = organizations.organization("Joseph Kony", now=now)
    other = organizations.organization("Meridian Compute Inc", now=now)
    outbox.drain(now)
    assert (outcomes(failing), outcomes(other)) == (["COULD_NOT"], ["CLEAR"])


def test_a_failure_leaves_hits_as_they_were(kony, hit, now, broken_engine):
    tasks.screen_part(OutboxMessage(payload={"first": kony.pk, "last": kony.pk}), now=now)
    assert (outcomes(kony), statuses(kony)) == (["HITS", "COULD_NOT"], ["OPEN"])
