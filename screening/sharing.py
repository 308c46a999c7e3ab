"""Entries of a list that share a fact beside the name with an organization: a number, a telephone, a domain, an address."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from organizations.models import Organization
from screening import facts, selectors
from screening.facts import Fact
from screening.models import ListEntry, ListFact, ListRelease
from screening.parties import ScreenedName, fingerprint

BESIDE = ("identifiers", "parties")  # what is read of an organization: prefetch it for many


def facts_of(organization: Organization) -> list[Fact]:
    """Of the organization and its people."""
    people = sorted(organization.parties.all(), key=attrgetter("pk"))
    return facts.of_party(
        identifiers=sorted(number.value for number in organization.identifiers.all()),
        phones=[party.phone for party in people],
        emails=[party.email for party in people],
        website=organization.website,
        address=organization.address,
    )


@dataclass(frozen=True)
class Sharing:
    """An entry of the list with the facts that it has in common with an organization, as either side writes them."""

    entry: ListEntry
    facts: tuple[tuple[Fact, Fact], ...]

    @property
    def role(self) -> str:
        """The fact that tells most."""
        return min((ours.kind for ours, _listed in self.facts), key=facts.KINDS.index)

    @property
    def is_alert(self) -> bool:
        return facts.is_alert(ours.kind for ours, _listed in self.facts)

    @property
    def fingerprint(self) -> str:
        shared = " ".join(f"{ours.kind}:{ours.value}" for ours, _listed in self.facts)
        return fingerprint("facts", shared, "", self.entry.content_key)


def sharing(ours: Iterable[Fact], release: ListRelease) -> list[Sharing]:
    """The entries of `release` with any of these facts. At most one query."""
    own = {(fact.kind, fact.value): fact for fact in ours}
    found: dict[ListEntry, set[tuple[str, str]]] = defaultdict(set)
    for row in _bearing(own, release):
        found[row.entry].add((row.kind, row.value))
    return [_sharing(entry, {key: own[key] for key in keys}) for entry, keys in found.items()]


def fingerprints(own: Mapping[int, Iterable[Fact]], release: ListRelease) -> dict[int, set[str]]:
    """Of each organization, by its number, the hits that its facts give with `release`. One query for all of them."""
    bearers: dict[tuple[str, str], list[ListEntry]] = defaultdict(list)
    for row in _bearing({(fact.kind, fact.value) for ours in own.values() for fact in ours}, release):
        bearers[row.kind, row.value].append(row.entry)
    found = {}
    for pk, ours in own.items():
        shared: dict[ListEntry, dict[tuple[str, str], Fact]] = defaultdict(dict)
        for fact in ours:
            for entry in bearers.get((fact.kind, fact.value), ()):
                shared[entry][fact.kind, fact.value] = fact
        found[pk] = {_sharing(entry, beside).fingerprint for entry, beside in shared.items()}
    return found


def _bearing(wanted: Iterable[tuple[str, str]], release: ListRelease) -> list[ListFact]:
    """Facts like these of entries of `release`."""
    pairs = set(wanted)
    if not pairs:
        return []
    rows = ListFact.objects.filter(value__in={value for _kind, value in pairs}, entry__rows__release=release)
    return [row for row in rows.select_related("entry").order_by("entry") if (row.kind, row.value) in pairs]


def _sharing(entry: ListEntry, own: dict[tuple[str, str], Fact]) -> Sharing:
    listed = {(fact.kind, fact.value): fact for fact in facts.of_entry(entry.fields)}
    return Sharing(entry, tuple((fact, listed.get(key, fact)) for key, fact in sorted(own.items())))


def found_fingerprints(names: list[ScreenedName], own: list[Fact], release: ListRelease) -> set[str]:
    """Of every hit that these names and facts give with `release`."""
    found = selectors.screen([screened.query for screened in names], release)
    entries = ListEntry.objects.in_bulk({candidate.entry_id for candidate in found})
    by_name = {names[one.query].fingerprint(entries[one.entry_id].content_key) for one in found}
    return by_name | {shared.fingerprint for shared in sharing(own, release)}
