"""After a new list or engine: a run for everybody to whom it changes nothing, without screening each by itself."""

from collections.abc import Iterable
from datetime import datetime

from core.actions import action
from core.actors import Actor
from organizations.models import Organization
from screening import rules, selectors, upkeep
from screening.engine.version import engine_version
from screening.models import ListRelease, ScreeningRun
from screening.parties import ScreenedName, screened_names, unreadable
from screening.sharing import facts_of, fingerprints
from screening.states import Outcome


@action(rules.is_screening_job)
def carry_over(*, by: Actor, now: datetime, first: int, last: int) -> list[int]:
    """Of the organizations numbered `first` to `last`, give those a run of the list in force to whom it, or a new
    engine, changes nothing; returns the others that need one, to be screened each by itself.

    Nothing changes for whom no entry that came, went or changed is even compared with, or shares a fact with; those who
    meet one, and everybody with a new engine, are held against the whole list.
    """
    current = selectors.current_release()
    if current is None:
        return []
    part = upkeep.overdue(current).filter(pk__range=(first, last))
    overdue = list(part.order_by("pk").select_for_update(of=("self",)))
    runs = upkeep.newest_runs(overdue)
    settled = [one for one in overdue if upkeep.may_be_carried(one, runs.get(one.pk))]
    names = {one.pk: list(screened_names(one)) for one in upkeep.with_names(settled)}
    names = {pk: own for pk, own in names.items() if not unreadable(own)}
    met = upkeep.met(runs, {pk: [screened.query for screened in own] for pk, own in names.items()}, current)
    readable = [one for one in settled if one.pk in names]
    by_fact = fingerprints({one.pk: facts_of(one) for one in readable}, current.release)
    met |= {pk for pk, found in upkeep.standing_by_fact(by_fact).items() if found != by_fact[pk]}
    differing = _differing({pk: names[pk] for pk in met}, by_fact, current.release)
    same = [one for one in readable if one.pk not in differing]
    _give_runs(same, current.release, now)
    done = {one.pk for one in same}
    return [one.pk for one in overdue if one.pk not in done]


def _differing(names: dict[int, list[ScreenedName]], by_fact: dict[int, set[str]], release: ListRelease) -> set[int]:
    """Those of these organizations for which the whole list gives other hits than those that stand."""
    asked = [(pk, screened) for pk, own in names.items() for screened in own]
    candidates = selectors.screen([screened.query for _pk, screened in asked], release) if asked else []
    keys = upkeep.content_keys(candidate.entry_id for candidate in candidates)
    found = {pk: set(by_fact[pk]) for pk in names}
    for candidate in candidates:
        pk, screened = asked[candidate.query]
        found[pk].add(screened.fingerprint(keys[candidate.entry_id]))
    standing = upkeep.standing_fingerprints(names)
    return {pk for pk in names if found[pk] != standing.get(pk, set())}


def _give_runs(organizations: Iterable[Organization], release: ListRelease, now: datetime) -> None:
    """No news: what the run before said is said already."""
    organizations = list(organizations)
    blocked = upkeep.blocked(one.pk for one in organizations)
    ScreeningRun.objects.bulk_create(
        ScreeningRun(
            organization=one,
            release=release,
            engine_version=engine_version(),
            profile_version=one.profile_version,
            screened_at=now,
            outcome=Outcome.HITS if one.pk in blocked else Outcome.CLEAR,
        )
        for one in organizations
    )
