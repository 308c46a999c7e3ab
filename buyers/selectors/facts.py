"""What a buyer says of itself, as data that can be kept with a decision and compared later."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import translation

from buyers.material import Change, Facts, changes, items, words
from buyers.models import Buyer, ChecklistFinding, VettingCase
from buyers.selectors import current_findings
from buyers.states import CaseKind, ChecklistItem, Fact
from core import countries, dated
from organizations.changes import number
from organizations.models import AssociatedParty, Control, Stake
from organizations.selectors import documents_of, node_of_party, other_parties, owners_of
from organizations.states import PartyRole

RENEWAL = "vetting_renewal"
COUNTRY_FACTS = (Fact.COUNTRY, Fact.HEADQUARTERS)


def facts_of(buyer: Buyer, day: date) -> dict[str, list[list[str]]]:
    """Everything that officers read of the buyer's own statements, owners at any distance included."""
    organization = buyer.organization
    others = list(other_parties(organization))
    names = organization.names.order_by("name").values_list("name", "kind")
    identifiers = organization.identifiers.order_by("kind").values_list("kind", "value")
    needs = buyer.needs.order_by("pk").values_list("title", "destination", "components")
    return {
        Fact.LEGAL_NAME: [[organization.legal_name]],
        Fact.COUNTRY: [[organization.country]],
        Fact.HEADQUARTERS: [[organization.headquarters_country]],
        **_owners(buyer, day),
        Fact.NAMES: [list(row) for row in names],
        Fact.IDENTIFIERS: [list(row) for row in identifiers],
        Fact.ADDRESS: [[organization.address]],
        Fact.WEBSITE: [[organization.website]],
        Fact.KIND: [[buyer.kind]],
        Fact.ACTIVITY: [[buyer.activity]],
        Fact.END_USE: [[buyer.intended_end_use]],
        Fact.PEOPLE: [_party(party) for party in others if party.role != PartyRole.END_USER],
        Fact.END_USERS: [_party(party) for party in others if party.role == PartyRole.END_USER],
        Fact.NEEDS: [[title, country, " ".join(components)] for title, country, components in needs],
        Fact.DOCUMENTS: [[str(document), document.kind] for document in documents_of(organization).order_by("pk")],
    }


def _party(party: AssociatedParty) -> list[str]:
    return [party.name, party.kind, party.country, _day(party.birth_date), party.role]


def _owners(buyer: Buyer, day: date) -> dict[str, list[list[str]]]:
    """Name, kind, country, birth date, what is owned ("" for the buyer itself) and the share ("" where it is not known);
    owners of a later day too, who are looked at when they are named."""
    owners = owners_of(buyer.organization, day)
    stakes = [*owners.stakes, *(row for row in owners.coming if isinstance(row, Stake))]
    controls = [*owners.controls, *(row for row in owners.coming if isinstance(row, Control))]
    node = owners.node

    def owned(holding: Any) -> str:
        target = node_of_party(holding.owned) if holding.owned else f"organization:{holding.organization_id}"
        return "" if target == node else owners.name(target)

    return {
        Fact.OWNERS: [
            [
                owners.name(node_of_party(stake.holder)),
                stake.holder.kind,
                stake.holder.country,
                _day(stake.holder.birth_date),
                owned(stake),
                number(stake.share_percent),
            ]
            for stake in stakes
        ],
        Fact.CONTROL: [
            [owners.name(node_of_party(control.holder)), control.kind, owned(control)] for control in controls
        ],
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def compared(facts: Facts, buyer: Buyer, day: date) -> list[Change]:
    """What differs today from what was said when trust was given."""
    return changes(facts, facts_of(buyer, day), fixed=_names_of_countries())


def _names_of_countries() -> frozenset[str]:
    with translation.override("en-us"):
        return frozenset(word for code in countries.CODES for word in words(countries.name(code)))


def changes_since_trust(case: VettingCase, now: datetime) -> list[Change]:
    """What a renewal or change is about, up to its own decision; nothing for a full vetting."""
    if case.basis is None:
        return []
    said = case.facts or facts_of(case.buyer, now.date())
    return changes(case.basis.facts, said, fixed=_names_of_countries())


def items_to_look_at(case: VettingCase, found: list[Change], now: datetime) -> set[ChecklistItem]:
    """What of the checklist this case must answer itself; the rest is answered by the trust from which it begins."""
    if case.basis is None or not case.basis.facts:
        return set(ChecklistItem)
    if case.kind == CaseKind.CHANGE:
        return items(change for change in found if change.is_material)
    try:
        always = dated.rule_at(RENEWAL, now.date()).value["items"]
    except dated.NoRule:
        return set(ChecklistItem)
    return items(found) | {ChecklistItem(item) for item in always}


def renewed_before(now: datetime) -> timedelta:
    """How long before its end a trust is looked at anew; where no rule says so, never by itself."""
    try:
        return timedelta(days=dated.rule_at(RENEWAL, now.date()).value["days_before"])
    except dated.NoRule:
        return timedelta()


def standing_findings(case: VettingCase, now: datetime) -> dict[str, ChecklistFinding]:
    """The case's own findings, and those of the trust from which it begins on what needs no new look."""
    own = current_findings(case)
    if case.basis is None:
        return own
    anew = items_to_look_at(case, changes_since_trust(case, now), now)
    carried = standing_findings(case.basis, now) if anew != set(ChecklistItem) else {}
    return {item: row for item, row in carried.items() if item not in anew} | own
