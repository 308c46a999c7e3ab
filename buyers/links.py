"""Buyers that were refused, suspended or revoked before and share a fact with this one, under whatever name. For officers
only: a shared fact is a reason to look, and says nothing to the buyer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Upper
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from buyers.models import Buyer, DecisionRecord, VettingCase
from buyers.selectors import cases_for
from core.models import LedgerEntry
from organizations.models import AssociatedParty, Identifier, Organization, OrganizationName
from organizations.states import PartyKind
from screening import facts
from screening.engine.names import normalize
from screening.facts import Fact

NAME, PERSON = "name", "person"
ADVERSE = ("refuse_trust", "suspend_trust", "revoke_trust")
MOST, MOST_LOOKED_AT = 20, 500
BESIDE = ("identifiers", "names", "parties")
WORDS = {
    facts.IDENTIFIER: _("Number"),
    facts.PHONE: _("Telephone"),
    facts.DOMAIN: _("Internet domain"),
    facts.ADDRESS: _("Address"),
    NAME: _("Name"),
    PERSON: _("Person or owner"),
}


@dataclass(frozen=True)
class Link:
    """A fact that this buyer (`ours`) and another one (`theirs`) have in common, and the other's case: what became of
    it, when and by whom."""

    case: VettingCase
    kind: Any
    ours: str
    theirs: str
    at: datetime | None
    who: str


def links_of(buyer: Buyer, user: Any) -> list[Link]:
    """By the other's newest case first. Four queries where nothing is shared, ten at most."""
    prefetch_related_objects([buyer.organization], *BESIDE)
    ours = _known(buyer.organization)
    cases = list(_cases(buyer, ours, user)[:MOST_LOOKED_AT])
    if not cases:
        return []
    others = Organization.objects.filter(buyer__cases__in=cases).distinct().prefetch_related(*BESIDE)
    theirs = {one.pk: one for one in others}
    known = {pk: _known(one) for pk, one in theirs.items()}
    found = [(case, list(_shared(ours, known[case.buyer.organization_id]))) for case in cases]
    found = [(case, shared) for case, shared in found if shared][:MOST]
    acts = _acts([case for case, _shared_facts in found])
    return [
        Link(case, WORDS[kind], said, other, *acts.get(case.pk, (case.decided_at, "")))
        for case, shared in found
        for kind, said, other in shared
    ]


@dataclass(frozen=True)
class _Known:
    """Facts of an organization by kind and value, and its people by name with their birth dates."""

    facts: dict[tuple[str, str], Fact]
    people: dict[str, list[tuple[str, date | None]]]


def _known(organization: Organization) -> _Known:
    parties = organization.parties.all()
    found = facts.of_party(
        identifiers=[one.value for one in organization.identifiers.all()],
        phones=[party.phone for party in parties],
        emails=[party.email for party in parties],
        website=organization.website,
        address=organization.address,
    )
    names = [organization.legal_name, *(other.name for other in organization.names.all())]
    found += [Fact(NAME, words, name) for name in names if (words := _words(name))]
    people: dict[str, list[tuple[str, date | None]]] = {}
    for party in parties:
        if party.kind != PartyKind.GOVERNMENT and (words := _words(party.name)):
            people.setdefault(words, []).append((party.name, party.birth_date))
    return _Known({(fact.kind, fact.value): fact for fact in found}, people)


def _words(name: str) -> str:
    return " ".join(sorted(normalize(name).split()))


def _shared(ours: _Known, theirs: _Known) -> Iterator[tuple[str, str, str]]:
    for key in sorted(ours.facts.keys() & theirs.facts.keys()):
        yield key[0], ours.facts[key].said, theirs.facts[key].said
    for words in sorted(ours.people.keys() & theirs.people.keys()):
        for said, born in ours.people[words]:
            same = [other for other, day in theirs.people[words] if born is None or day is None or born == day]
            if same:
                yield PERSON, said, same[0]


def _cases(buyer: Buyer, ours: _Known, user: Any) -> QuerySet[VettingCase]:
    """Cases of others that were ever decided against, whatever became of them since, and that may share something: more
    than do, which the facts themselves tell."""
    acts = DecisionRecord.objects.filter(case=OuterRef("pk"), act__in=ADVERSE)
    adverse = cases_for(user).filter(Exists(acts)).exclude(buyer=buyer)
    return adverse.filter(_may_share(ours)).order_by("-pk")


def _may_share(ours: _Known) -> Q:
    """A condition on a case, by what its buyer's organization, its numbers, its names and its people say."""
    own: dict[str, list[Fact]] = {}
    for fact in ours.facts.values():
        own.setdefault(fact.kind, []).append(fact)
    numbers = [fact.value for fact in own.get(facts.IDENTIFIER, [])]
    phones = [fact.value for fact in own.get(facts.PHONE, [])]
    domains = [fact.value for fact in own.get(facts.DOMAIN, [])]
    people = [said for named in ours.people.values() for said, _born in named]
    names = [fact.said for fact in own.get(NAME, [])]
    of = OuterRef("buyer__organization")
    same = Exists(
        Identifier.objects.annotate(plain=_plain("value", "[^A-Za-z0-9]")).filter(organization=of, plain__in=numbers)
    )
    party = Q(digits__in=phones) | _any("name__trigram_word_similar", people)
    party |= _any("email__iendswith", [f"@{domain}" for domain in domains])
    parties = AssociatedParty.objects.annotate(digits=_plain("phone", "[^0-9]|^[^1-9]*"))
    called = OrganizationName.objects.filter(_any("name__trigram_similar", names), organization=of)
    at = "buyer__organization__"
    itself = _any(f"{at}website__icontains", domains) | _any(f"{at}legal_name__trigram_similar", names)
    itself |= _any(f"{at}address__trigram_similar", [fact.said for fact in own.get(facts.ADDRESS, [])])
    return itself | Q(same) | Q(Exists(parties.filter(party, organization=of))) | Q(Exists(called))


def _plain(field: str, dropped: str) -> Func:
    text = Func(F(field), Value(dropped), Value(""), Value("g"), function="regexp_replace", output_field=CharField())
    return Upper(text)


def _any(lookup: str, values: list[str]) -> Q:
    condition = Q(pk__in=[])
    for value in values:
        condition |= Q(**{lookup: value})
    return condition


def _acts(cases: list[VettingCase]) -> dict[int, tuple[datetime, str]]:
    """When each case came to where it is, and by whom."""
    subjects = [str(case.pk) for case in cases]
    entries = LedgerEntry.objects.filter(subject_type=VettingCase._meta.label_lower, subject_id__in=subjects)
    newest = {entry.subject_id: entry for entry in entries.exclude(to_state="").order_by("pk")}
    ids = {entry.actor.removeprefix("user:") for entry in newest.values() if entry.actor.startswith("user:")}
    names = {f"user:{pk}": name for pk, name in get_user_model().objects.filter(pk__in=ids).values_list("pk", "name")}
    return {int(pk): (entry.recorded_at, names.get(entry.actor, gettext("the portal"))) for pk, entry in newest.items()}
