"""What the lists say of an organization, at the moment of asking. Whatever is missing means: could not screen."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.selectors import has_role
from accounts.states import Role
from core import dated, ledger
from core.models import DatedRule, LedgerEntry
from organizations.models import Organization
from organizations.selectors import Owners, names_of_organizations, organizations_for
from organizations.states import PartyRole
from screening import csl, ownership
from screening.engine.names import keys, parse
from screening.engine.rarity import rarity
from screening.engine.score import Listed, Query, Score
from screening.engine.version import engine_version
from screening.models import (
    CurrentRelease,
    Hit,
    ListEntry,
    ListName,
    ListRelease,
    OwnershipConclusion,
    ScreeningRun,
)
from screening.states import HitStatus, Outcome, OwnershipOutcome

if TYPE_CHECKING:
    from screening.engine.matcher import Found, Matcher

COMMON = 300  # a key that more names of a hundred thousand bear finds too many to compare by itself


@dataclass(frozen=True)
class ScreeningState:
    """`kind` is CLEAR, OPEN_HITS, BLOCKED (a true match, or by who owns it), CANNOT_TELL (who owns it) or COULD_NOT;
    `reason` says it in words for officers. `conclusion` is the newest on its owners."""

    kind: str
    reason: str
    release: ListRelease | None
    run: ScreeningRun | None
    hits: tuple[Hit, ...]
    conclusion: OwnershipConclusion | None = None

    @property
    def is_clear(self) -> bool:
        return self.kind == "CLEAR"


@dataclass(frozen=True)
class Candidate:
    """A listed name like number `query` of those that were asked about, with the facts that the engine saw of it."""

    query: int
    entry_id: int
    listed: Listed
    score: Score


def current_release() -> CurrentRelease | None:
    """The pointer with its release; None before the first import."""
    return CurrentRelease.objects.select_related("release").first()


def staleness(current: CurrentRelease | None, now: datetime) -> str:
    """Why the list cannot be used; "" when it can. Raises dated.NoRule where no rule says how long it is fresh."""
    if current is None:
        return _("No screening list has been imported. Import it with: manage.py import_csl")
    days = dated.rule_at("csl_stale_after_days", now.date()).value
    if now - current.confirmed_at > timedelta(days=days):
        return _("The screening list was last confirmed on %(date)s; it may be at most %(days)s days old.") % {
            "date": current.confirmed_at.date().isoformat(),
            "days": days,
        }
    return ""


def screening_state(organization: Organization, now: datetime) -> ScreeningState:
    """Five queries. Fails closed: no list, a stale one, no run of this profile, release and engine, no conclusion on
    these owners: COULD_NOT."""
    current = current_release()
    run = ScreeningRun.objects.filter(organization=organization).order_by("-id").first()
    hits = tuple(hits_of(organization))
    release = current.release if current else None
    conclusion = newest_conclusion(organization)
    kind, reason = _said_by(organization, hits, conclusion, now)
    if could_not := _why_not(organization, current, run, now):
        kind, reason = "COULD_NOT", could_not
    return ScreeningState(kind, reason, release, run, hits, conclusion)


def _said_by(
    organization: Organization, hits: tuple[Hit, ...], conclusion: OwnershipConclusion | None, now: datetime
) -> tuple[str, str]:
    """Kind and reason: what blocks first, then what waits for a decision, then what is not known."""
    confirmed = [hit for hit in hits if hit.status == HitStatus.TRUE_MATCH]
    if any(hit.party_role != PartyRole.OWNER for hit in confirmed):
        return "BLOCKED", _("An officer found that this is a listed party.")
    listed = sorted(hit.pk for hit in confirmed)
    holds = conclusion if conclusion and is_current(conclusion, organization, listed, now) else None
    if holds and holds.outcome == OwnershipOutcome.BLOCKED:
        return "BLOCKED", holds.reason
    if waiting := sum(hit.status in HitStatus.undecided() for hit in hits):
        return "OPEN_HITS", ngettext(
            "%(count)s screening hit waits for a decision.", "%(count)s screening hits wait for a decision.", waiting
        ) % {"count": waiting}
    if holds is None:
        return "COULD_NOT", _("The owners, or who of them is listed, changed; they are being looked at again.")
    if holds.outcome == OwnershipOutcome.CANNOT_TELL:
        return "CANNOT_TELL", holds.reason
    return "CLEAR", _("Screened without an open hit.")


def _why_not(
    organization: Organization, current: CurrentRelease | None, run: ScreeningRun | None, now: datetime
) -> str:
    try:
        if stale := staleness(current, now):
            return stale
    except dated.NoRule as error:
        return str(error)
    if run is None:
        return _("This organization has not been screened yet.")
    if run.outcome == Outcome.COULD_NOT:
        return run.reason
    if _is_of(run, organization, current):
        return ""
    return _("The organization or the list changed; it is being screened again.")


def is_screened(organization: Organization) -> bool:
    """Whether the newest run succeeded and is of this profile, the list in force and this engine."""
    run = ScreeningRun.objects.filter(organization=organization).order_by("-id").first()
    return run is not None and run.outcome != Outcome.COULD_NOT and _is_of(run, organization, current_release())


def _is_of(run: ScreeningRun, organization: Organization, current: CurrentRelease | None) -> bool:
    return (
        current is not None
        and run.release_id == current.release_id
        and run.profile_version == organization.profile_version
        and run.engine_version == engine_version()
    )


def is_clear(now: datetime, path: str = "") -> Q:
    """A condition for `.filter()`: the organization at `path` ("" for organizations themselves) is clear at `now`.

    Nothing but lookups by index, so that a plan made without statistics costs no more than one made with them.
    """
    current = current_release()
    try:
        if current is None or staleness(current, now):
            return Q(pk__in=[])
    except dated.NoRule:
        return Q(pk__in=[])
    at = f"{path}__" if path else ""
    runs = ScreeningRun.objects.filter(organization=OuterRef(f"{at}pk"))
    newer = ScreeningRun.objects.filter(organization=OuterRef("organization"), pk__gt=OuterRef("pk"))
    standing = runs.filter(
        ~Exists(newer),
        release=current.release_id,
        profile_version=OuterRef(f"{at}profile_version"),
        engine_version=engine_version(),
        outcome__in=[Outcome.CLEAR, Outcome.HITS],
    )
    blocking = Hit.objects.filter(organization=OuterRef(f"{at}pk"), status__in=HitStatus.blocking())
    blocking = blocking.exclude(status=HitStatus.TRUE_MATCH, party_role=PartyRole.OWNER)
    return Q(Exists(standing)) & ~Q(Exists(blocking)) & Q(Exists(_clear_conclusions(at, now)))


def _clear_conclusions(at: str, now: datetime) -> QuerySet[OwnershipConclusion]:
    """The same as `is_current`, as a condition on the newest conclusion."""
    newer = OwnershipConclusion.objects.filter(organization=OuterRef("organization"), pk__gt=OuterRef("pk"))
    seen = Func(OuterRef("listed"), F("pk"), function="array_position", output_field=IntegerField())
    confirmed = Hit.objects.filter(status=HitStatus.TRUE_MATCH, party_role=PartyRole.OWNER)
    unseen = confirmed.filter(organization=OuterRef("organization")).annotate(seen=seen).filter(seen__isnull=True)
    return OwnershipConclusion.objects.filter(
        Q(holds_until=None) | Q(holds_until__gt=now.date()),
        ~Exists(newer),
        ~Exists(unseen),
        organization=OuterRef(f"{at}pk"),
        ownership_version=OuterRef(f"{at}ownership_version"),
        outcome=OwnershipOutcome.CLEAR,
    )


# --- who owns it --------------------------------------------------------------------------------------------------------

OWNERSHIP_RULES = ("ofac_50_percent_rule", "bis_affiliates_rule")


def newest_conclusion(organization: Organization) -> OwnershipConclusion | None:
    return organization.ownership_conclusions.order_by("-id").first()


def is_current(conclusion: OwnershipConclusion, organization: Organization, listed: list[int], now: datetime) -> bool:
    """Whether it is of these owners, of these hits found to be listed ones, and of a day like this."""
    return (
        conclusion.ownership_version == organization.ownership_version
        and set(listed) <= set(conclusion.listed)
        and (conclusion.holds_until is None or now.date() < conclusion.holds_until)
    )


def ownership_rules(day: date) -> tuple[list[ownership.Rule], date | None]:
    """The rules of `day`, and the first later day on which one of them changes. Raises NoRule where one is missing."""
    held = [dated.rule_at(code, day) for code in OWNERSHIP_RULES]
    changes = DatedRule.objects.filter(code__in=OWNERSHIP_RULES, effective_from__gt=day)
    later = [*changes.values_list("effective_from", flat=True), *(rule.effective_to for rule in held)]
    rules = [
        ownership.Rule(
            code=rule.code,
            version=rule.version,
            title=rule.value["title"],
            percent=Decimal(rule.value["percent"]),
            lists=frozenset(rule.value["lists"]),
            applies=rule.value["applies"],
        )
        for rule in held
    ]
    return rules, min((change for change in later if change), default=None)


def listed_owner_hits(organization: Organization) -> list[Hit]:
    """Hits on owners, at any distance, of whom an officer found that they are the listed party."""
    hits = organization.hits.filter(status=HitStatus.TRUE_MATCH, party_role=PartyRole.OWNER)
    return list(hits.select_related("entry").order_by("id"))


def listed_nodes(owners: Owners, hits: Iterable[Hit]) -> dict[str, frozenset[str]]:
    """Which owners these hits are about, by the names that were screened, and on which lists they are."""
    codes: dict[str, set[str]] = {}
    for hit in hits:
        codes.setdefault(hit.party_name, set()).add(hit.entry.list_code)
    ids = [organization.pk for organization in owners.organizations.values() if organization != owners.organization]
    named = [(node, party.name) for node, party in owners.parties.items()] + names_of_organizations(ids)
    return {node: frozenset(codes[name]) for node, name in named if name in codes}


def hit(pk: int) -> Hit | None:
    return Hit.objects.filter(pk=pk).first()


def hits_of(organization: Organization) -> QuerySet[Hit]:
    """Standing hits, the worst first."""
    return organization.hits.exclude(status=HitStatus.GONE).select_related("entry").order_by("-score", "id")


def hits_for(user: Any) -> QuerySet[Hit]:
    """Every hit, for officers and managers, except on organizations that they belong to; none for anybody else."""
    if not has_role(user, Role.OFFICER, Role.MANAGER):
        return Hit.objects.none()
    found = Hit.objects.exclude(organization__in=organizations_for(user))
    return found.select_related("entry", "organization", "proposed_by").order_by("-score", "id")


def ledger_with_names(hit: Hit) -> list[tuple[LedgerEntry, str]]:
    """Every act on the hit, newest first, with the name of who did it. Two queries."""
    entries = list(ledger.entries_for(hit).order_by("-id"))
    ids = {entry.actor.removeprefix("user:") for entry in entries if entry.actor.startswith("user:")}
    names = User.objects.filter(pk__in=ids).values_list("pk", "name")
    people = {f"user:{pk}": name for pk, name in names}
    return [(entry, people.get(entry.actor, entry.actor)) for entry in entries]


def screen(queries: list[Query], release: ListRelease) -> list[Candidate]:
    """Every listed party of `release` at or above the review line, by its best name, in the order of the queries.

    The first call for a release reads and indexes all of it, which takes seconds; the process then keeps it.
    """
    matcher = matcher_of(release.pk)
    return _candidates(matcher, matcher.screen(queries))


def search(
    text: str, release: ListRelease, *, kind: str = "", born: date | None = None, country: str = ""
) -> list[Candidate]:
    """The same for one name, through the database's index of keys and without keeping the list in memory.

    Finds less than `screen`: a name that shares no telling word or sound with a listed one is not compared with it.
    """
    names = ListName.objects.filter(_by_keys(keys(parse(text))), entry__rows__release=release)
    matcher = index(names)
    return _candidates(matcher, matcher.screen_all_pairs(Query(text, kind, born, country)))


def _by_keys(wanted: list[str]) -> Q:
    """Names with any of the keys that few bear; where many bear each of them, names with two of the rarest."""
    table = rarity()
    order = sorted(wanted, key=lambda key: (table.key_share(key), key))
    telling = [key for key in order if table.key_share(key) <= COMMON]
    words = [key for key in order if key not in telling][:4]
    found = Q(keys__overlap=telling if telling or len(words) > 1 else words)
    for pair in itertools.combinations(words, 2):
        found |= Q(keys__contains=list(pair))
    return found


def _candidates(matcher: "Matcher", found: "list[Found]") -> list[Candidate]:
    return [
        Candidate(hit.query, matcher.listed[hit.listed].entry, matcher.listed[hit.listed], hit.score) for hit in found
    ]


@lru_cache(maxsize=1)
def matcher_of(release_id: int) -> "Matcher":
    """The names of a release, indexed. A release never changes."""
    return index(ListName.objects.filter(entry__rows__release=release_id)).ready()


def index(names: QuerySet[ListName], *, partial: bool = False) -> "Matcher":
    """These names, to be screened against."""
    from screening.engine.matcher import Matcher  # numpy and scipy take a second to load: let those wait who screen

    return Matcher(list(_listed(names)), partial=partial)


def entry_cells(release_id: int) -> dict[int, tuple[str, str, str]]:
    """Of each entry of a release: its key, the list that it stands on, its main name."""
    entries = ListEntry.objects.filter(rows__release=release_id)
    cells = entries.values_list("pk", "content_key", "source", "name").iterator(chunk_size=5000)
    return {pk: (key, source, name) for pk, key, source, name in cells}


def _listed(names: QuerySet[ListName]) -> Iterator[Listed]:
    places = [f"entry__fields__{name}" for name in csl.PLACES]
    columns = names.order_by("id").values_list("name", "entry_id", "entry__type", "entry__dates_of_birth", *places)
    # No cursor on the server: PostgreSQL plans one for its first rows and walks the whole table in the order of ids.
    for name, entry, type_, born, *cells in columns:
        yield csl.listed(name, entry, type_, born, cells)


def list_banner(now: datetime) -> str:
    """What pages say of the list in use: in the embedded run, that it is a demonstration list."""
    current = current_release()
    if current is None:
        return _("No screening list is loaded.")
    words = _("demonstration list of %(date)s") if settings.EMBEDDED else _("list of %(date)s")
    return words % {"date": current.release.as_of.isoformat()}


@dataclass(frozen=True)
class Freshness:
    """For /status/: which list is in use, when it was confirmed, and what is wrong with it ("" when nothing is)."""

    as_of: date | None
    confirmed_at: datetime | None
    problem: str


def freshness(now: datetime) -> Freshness:
    current = current_release()
    try:
        problem = staleness(current, now)
    except dated.NoRule as error:
        problem = str(error)
    return Freshness(current.release.as_of if current else None, current.confirmed_at if current else None, problem)


def groups_of(country: str, day: date) -> list[str]:
    """The EAR country groups that hold a country on `day`, such as "A:5" or "D:1"."""
    prefix = "ear_country_group_"
    rules = dated.rules_at(day).filter(code__startswith=prefix, value__contains=[country]).order_by("code")
    return [code.removeprefix(prefix) for code in rules.values_list("code", flat=True)]
