"""After a new list only whom it touches is screened, and that gives what screening everybody gives."""

import random
from collections.abc import Callable, Collection
from datetime import timedelta

import pytest

from core import outbox
from core.models import OutboxMessage
from organizations.actions import edit_organization, set_names
from organizations.models import Organization
from screening import actions, selectors, tasks, upkeep
from screening.engine import version
from screening.engine.book import book
from screening.engine.names import parse
from screening.engine.rarity import rarity
from screening.models import CurrentRelease, Hit, ListName, ScreeningRun
from screening.parties import screened_names
from tests.factories import buyers, organizations
from tests.factories import screening as make
from tests.factories.accounts import person
from tests.screening.conftest import outcomes, statuses

pytestmark = pytest.mark.django_db
EL = "Entity List (EL) - Bureau of Industry and Security"
ALONE = (
    "Alzawahiri Qurqumbash Zebrovnik Tolimanaki Xerbuntol Yoplimard Wensquabel Ghortimax Brelzunka Dwimorgast Fentrupil "
    "Jaskelvan Kwobbertin Lurmivaq Nydrophel"
)  # one word of so many that it does not make a name like it a candidate
UNLISTED = ["Meridian Compute Inc", "Lakeside Data Oy", "Umeme Grid", "Northwind Analytics", "Joseph Kamau Bakery"]


def standing(organization: Organization) -> set[str]:
    return {hit.fingerprint for hit in selectors.hits_of(organization)}


def found_in_full(organization: Organization) -> set[str]:
    """What the whole list gives for it by itself, read anew."""
    organization = Organization.objects.get(pk=organization.pk)
    names = list(screened_names(organization))
    release = CurrentRelease.objects.get().release
    found = selectors.screen([screened.query for screened in names], release)
    keys = upkeep.content_keys(candidate.entry_id for candidate in found)
    return {names[candidate.query].fingerprint(keys[candidate.entry_id]) for candidate in found}


def newest(organization: Organization) -> ScreeningRun:
    return ScreeningRun.objects.filter(organization=organization).latest("pk")


def problems(everybody: list[Organization], decided: Collection[int] = ()) -> list[str]:
    """Where the state after a delta is not what a full run would give. A run's outcome is of its moment: it tells nothing
    of those of whom a hit was `decided` since."""
    release, told = CurrentRelease.objects.get().release_id, []
    for one in everybody:
        run, blocked = newest(one), one.hits.filter(status__in=["OPEN", "PROPOSED", "ESCALATED", "TRUE_MATCH"]).exists()
        if standing(one) != found_in_full(one):
            told.append(f"{one}: other hits")
        outcome = run.outcome if one.pk in decided and run.release_id else "HITS" if blocked else "CLEAR"
        if (run.release_id, run.outcome) != (release, outcome):
            told.append(f"{one}: {run.outcome} of {run.release_id}")
    return told


# --- histories --------------------------------------------------------------------------------------------------------


class History:
    """A random life of a few organizations and a list; each step is settled before the next one."""

    def __init__(self, seed: int, now, folder) -> None:
        self.chance, self.now, self.folder = random.Random(seed), now, folder
        self.head, *self.rows = make.rows_of_extract()
        self.officer, self.version = buyers.officer(now), 0
        self.decided: set[int] = set()
        self.everybody = [organizations.organization(self.name(), now=now, by=person(f"f{i}")) for i in range(8)]
        self.new_list()

    def name(self) -> str:
        """A listed name as it stands, with a slip, with two words run together or one parted, or none that is listed."""
        chance = self.chance
        if chance.random() < 0.3:
            return chance.choice(UNLISTED)
        name = chance.choice(self.rows)[5]
        place = chance.randrange(len(name))
        slip = name[:place] + name[place + 1 :]
        return chance.choice([name, slip, name.replace(" ", "", 1), f"{name[:place]} {name[place:]}"]).strip()[:200]

    def new_list(self) -> None:
        chance, rows = self.chance, [list(row) for row in self.rows]
        rows = [row for row in rows if chance.random() > 0.05]
        for row in chance.sample(rows, 6):
            row[22] = f"{row[22]}; {self.name()}"
        rows += [make.row(source=EL, name=self.name()) for _ in range(chance.randrange(4))]
        chance.shuffle(rows)
        self.version += 1
        self.decided.clear()  # everybody gets a run of it
        path = make.written(self.folder / f"{self.version}.csv", [self.head, *rows])
        actions.import_list(by=self.officer, now=self.now, path=path, as_of=self.now.date(), accept_shrink=True)

    def edit(self) -> None:
        one = self.chance.choice(self.everybody)
        founder = person(f"f{self.everybody.index(one)}")
        if self.chance.random() < 0.5:
            edit_organization(one, by=founder, now=self.now, legal_name=self.name())
        else:
            set_names(one, by=founder, now=self.now, names=[{"name": self.name(), "kind": "TRADE"}])

    def decide(self) -> None:
        if hits := list(Hit.objects.filter(status="OPEN").order_by("pk")):
            hit = self.chance.choice(hits)
            actions.dismiss_hit(hit, by=self.officer, now=self.now, reason="Another one.")
            self.decided.add(hit.organization_id)

    def two_lists(self) -> None:
        """The second comes before anybody was screened against the first."""
        self.new_list()
        self.new_list()

    def go(self, steps: int) -> list[str]:
        told = []
        for _ in range(steps):
            step: Callable[[], None] = self.chance.choice([self.new_list, self.edit, self.decide, self.two_lists])
            self.now += timedelta(minutes=5)
            step()
            outbox.drain(self.now)
            told += problems(self.everybody, self.decided)
        return told


SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 50))]


@pytest.mark.parametrize("seed", SEEDS)
def test_delta_is_full(seed, now, tmp_path):
    history = History(seed, now, tmp_path)
    outbox.drain(history.now)
    assert problems(history.everybody) + history.go(4) == []
    before = [(standing(one), statuses(one)) for one in history.everybody]
    outbox.publish("job:screening.rescreen_all", key="night", payload={"slot": "night"}, now=history.now)
    outbox.drain(history.now)
    assert [(standing(one), statuses(one)) for one in history.everybody] == before
    assert set(ScreeningRun.objects.values_list("reason", flat=True)) == {""}


def test_a_delta_that_sees_no_change_is_caught(now, tmp_path, monkeypatch):
    """The positive control: with the delta blind, the histories do not hold, and the nightly run says so."""
    monkeypatch.setattr(upkeep, "met", lambda runs, names, current: set())
    history = History(0, now, tmp_path)
    outbox.drain(history.now)
    assert any("other hits" in told for told in history.go(3))
    outbox.publish("job:screening.rescreen_all", key="night", payload={"slot": "night"}, now=history.now)
    outbox.drain(history.now)
    assert problems(history.everybody) == []
    assert ScreeningRun.objects.filter(reason__startswith="This run found something else").exists()


def candidates(organization: Organization) -> set[str]:
    """The listed names with which the whole list compares it."""
    matcher = selectors.matcher_of(CurrentRelease.objects.get().release_id)
    name = book([parse(organization.legal_name)], rarity())
    return {matcher.listed[place].name for place in matcher.join.candidates(name)[1].tolist()}


@pytest.mark.parametrize(
    ("listed_before", "listed_now", "compared"),
    [
        (["Alzawahiri"], ["Alzawahiri", "AL ZAWAHIRI"], {"Alzawahiri", "AL ZAWAHIRI"}),
        (["Alzawahiri", "AL ZAWAHIRI"], ["Alzawahiri"], {"Alzawahiri"}),
        (["AL ZAWAHIRI"], ["AL ZAWAHIRI", ALONE], {"AL ZAWAHIRI"}),  # stays, and is another one's word now
        (["AL ZAWAHIRI", ALONE], ["AL ZAWAHIRI"], set()),
    ],
)
def test_a_name_in_two_words_is_touched_by_the_one_in_one(listed_before, listed_now, compared, now, tmp_path):
    one, officer = organizations.organization("Alza Wahiri Co", now=now, by=person("founder")), buyers.officer(now)

    def put(names: list[str]) -> set[str]:
        path = make.written(tmp_path / "list.csv", [make.csl.COLUMNS, *(make.row(source=EL, name=n) for n in names)])
        actions.import_list(by=officer, now=now, path=path, as_of=now.date(), accept_shrink=True)
        return candidates(one)

    before = put(listed_before)
    outbox.drain(now)
    assert put(listed_now) == compared != before
    query = [screened.query for screened in screened_names(one)]
    assert upkeep.met({one.pk: newest(one)}, {one.pk: query}, selectors.current_release()) == {one.pk}


# --- who is touched ---------------------------------------------------------------------------------------------------


def next_list(tmp_path, now, *names: str):
    rows = [*make.rows_of_extract(), *(make.row(source=EL, name=name) for name in names)]
    return make.imported(make.written(tmp_path / f"{len(names)}-{names[-1]}.csv", rows), now=now)


def screenings() -> int:
    """Runs that were told, which carried ones are not."""
    return OutboxMessage.objects.filter(
        topic="screening.organization_screened", subscriber__startswith="buyers"
    ).count()


def test_whom_a_new_list_does_not_touch_gets_a_run_without_being_screened(kony, clear_one, now, tmp_path):
    before = screenings()
    release = next_list(tmp_path, now, "Zzyzx Quarry Works")
    outbox.drain(now)
    assert (newest(kony).release, newest(clear_one).release) == (release, release)
    assert (outcomes(kony), outcomes(clear_one)) == (["HITS", "HITS"], ["CLEAR", "CLEAR"])
    assert screenings() == before
    assert selectors.screening_state(clear_one, now).kind == "CLEAR"


def test_whom_it_touches_is_screened_and_told(kony, clear_one, now, tmp_path):
    before = screenings()
    next_list(tmp_path, now, "Meridian Compute Inc")
    outbox.drain(now)
    assert (outcomes(clear_one), statuses(clear_one)) == (["CLEAR", "HITS"], ["OPEN"])
    assert screenings() == before + 1


def test_who_could_not_be_screened_is_screened_by_itself(clear_one, now, tmp_path):
    actions.record_failure(clear_one, by=make.JOB, now=now, error="The engine failed.")
    next_list(tmp_path, now + timedelta(hours=1), "Zzyzx Quarry Works")
    outbox.drain(now + timedelta(hours=1))
    assert outcomes(clear_one)[-2:] == ["COULD_NOT", "CLEAR"]


def test_a_part_that_comes_twice_does_nothing_more(clear_one, kony, now, tmp_path):
    next_list(tmp_path, now, "Zzyzx Quarry Works")
    outbox.drain(now)
    part = {"first": 1, "last": max(clear_one.pk, kony.pk), "overdue": True}
    tasks.screen_part(OutboxMessage(payload=part), now=now)
    assert (len(outcomes(kony)), len(outcomes(clear_one))) == (2, 2)


def test_an_engine_that_fails_on_all_is_asked_for_each(kony, clear_one, now, tmp_path, broken_engine):
    next_list(tmp_path, now, "Joseph Kony")
    outbox.drain(now)
    assert outcomes(kony)[-1] == "COULD_NOT"
    assert outcomes(clear_one)[-1] == "CLEAR"
    broken_engine()  # mended
    outbox.drain(now + tasks.RETRY)
    assert outcomes(kony)[-1] == "HITS"


@pytest.mark.parametrize("count", [1, 3])
def test_a_part_takes_as_many_queries_for_many(count, clear_one, now, tmp_path, django_assert_num_queries):
    for number in range(count):
        organizations.organization(f"Lakeside Data {number}", now=now, by=person(f"founder{number}"))
    outbox.drain(now)
    next_list(tmp_path, now, "Zzyzx Quarry Works")
    everybody = Organization.objects.order_by("pk").values_list("pk", flat=True)
    upkeep.newest_runs([])
    actions.carry_over(by=make.JOB, now=now, first=everybody[0], last=everybody[0])  # reads the changes of the list
    with django_assert_num_queries(13):
        assert actions.carry_over(by=make.JOB, now=now, first=1, last=everybody[len(everybody) - 1]) == []


# --- another engine ---------------------------------------------------------------------------------------------------


def ring(now) -> None:
    slot = now.isoformat()
    outbox.publish("job:screening.catch_up", key=slot, payload={"slot": slot}, now=now)
    outbox.drain(now)


def test_another_engine_makes_its_keys_and_screens_everybody(kony, clear_one, now, other_weights):
    ring(now)
    assert (len(outcomes(kony)), len(outcomes(clear_one))) == (1, 1)  # nothing to do
    ListName.objects.filter(name="KONY, Joseph").update(keys=["an-old-key"], keyed_by="old")
    other_weights(version.WEIGHTS.read_text() + "\n")
    assert selectors.screening_state(clear_one, now).kind == "COULD_NOT"
    assert found("Joseph Kony") == []
    ring(now + timedelta(minutes=1))
    assert found("Joseph Kony") == ["KONY, Joseph"]
    assert set(ListName.objects.values_list("keyed_by", flat=True)) == {version.engine_version()}
    assert newest(kony).engine_version == newest(clear_one).engine_version == version.engine_version()
    assert selectors.screening_state(clear_one, now).kind == "CLEAR"
    assert statuses(kony) == ["OPEN"]
    ring(now + timedelta(minutes=2))
    assert (len(outcomes(kony)), len(outcomes(clear_one))) == (2, 2)


def found(name: str) -> list[str]:
    return [one.listed.name for one in selectors.search(name, CurrentRelease.objects.get().release) if one.score.exact]


def test_names_are_keyed_in_parts_and_once(listed, now, other_weights):
    total = ListName.objects.count()
    other_weights(version.WEIGHTS.read_text() + "\n\n")
    assert actions.rekey_names(by=make.JOB, now=now, limit=100) == 100
    assert ListName.objects.filter(keyed_by=version.engine_version()).count() == 100
    assert actions.rekey_names(by=make.JOB, now=now, limit=10_000) == total - 100
    assert actions.rekey_names(by=make.JOB, now=now) == 0


def test_who_was_left_out_is_caught_up_with(clear_one, now):
    """Whatever the reason: a run that is not of the profile."""
    Organization.objects.filter(pk=clear_one.pk).update(profile_version=99)
    clear_one.refresh_from_db()
    assert selectors.screening_state(clear_one, now).kind == "COULD_NOT"
    ring(now)
    assert selectors.screening_state(clear_one, now).kind == "CLEAR"


def test_nobody_is_caught_up_with_twice_while_parts_wait(clear_one, now):
    Organization.objects.filter(pk=clear_one.pk).update(profile_version=99)
    outbox.publish("screening.part_due", key="waiting:1", payload={"first": 0, "last": 0}, now=now)
    tasks.catch_up(OutboxMessage(payload={"slot": "x"}), now=now)
    assert not OutboxMessage.objects.filter(key__startswith="catch-up:").exists()


def test_who_came_while_the_first_list_was_imported_is_caught_up_with(now):
    """It found no list, later than the import began: that is no try of the list."""
    CurrentRelease.objects.all().delete()
    one = organizations.organization(now=now, by=person("founder"))
    outbox.drain(now + timedelta(minutes=1))
    assert outcomes(one) == ["COULD_NOT"]
    make.imported(make.EXTRACT, now=now)
    OutboxMessage.objects.filter(topic="screening.list_changed").delete()  # which came before the organization
    ring(now + timedelta(minutes=2))
    assert outcomes(one) == ["COULD_NOT", "CLEAR"]


def test_who_cannot_be_screened_is_not_tried_each_minute(clear_one, now):
    edit_organization(clear_one, by=person("founder"), now=now, legal_name="★")
    outbox.drain(now)
    runs = len(outcomes(clear_one))
    for minute in range(3):
        ring(now + timedelta(minutes=minute))
    assert len(outcomes(clear_one)) == runs


def test_who_has_a_name_that_a_new_engine_cannot_read_is_not_carried_over(clear_one, now, other_weights):
    Organization.objects.filter(pk=clear_one.pk).update(legal_name="★")  # which another engine could read
    other_weights(version.WEIGHTS.read_text() + "\n\n\n")
    ring(now)
    assert newest(clear_one).reason == "A name cannot be read: legal name."
    assert outcomes(clear_one) == ["CLEAR", "COULD_NOT"]
