"""Which organizations a person belongs to, who belongs to one, and who owns it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from accounts.selectors import has_role
from accounts.states import Role
from core import dated
from core.models import StoredFile
from core.tokens import hash_token
from organizations import ownership
from organizations.models import (
    AssociatedParty,
    Control,
    Document,
    Invitation,
    Membership,
    Organization,
    OwnershipFinding,
    Stake,
)
from organizations.states import FindingKind, FindingStatus, InvitationStatus, PartyKind, PartyRole


def organizations_for(user: Any) -> QuerySet[Organization]:
    """Those that the person is a current member of; none for a visitor."""
    if not user.is_authenticated:
        return Organization.objects.none()
    return Organization.objects.filter(memberships__user=user, memberships__ended_at=None)


def has_part(user: Any, organization: Organization, *roles: str) -> bool:
    """Whether the person is a current member, in one of `roles` if any are given; False for a visitor and for a job."""
    if not getattr(user, "is_authenticated", False):
        return False
    current = Membership.objects.filter(organization=organization, user=user, ended_at=None)
    return (current.filter(role__in=roles) if roles else current).exists()


def people_of(organization: Organization, *roles: str) -> QuerySet[Any]:
    """The current members' accounts, in one of `roles` if any are given."""
    memberships = Membership.objects.filter(organization=organization, ended_at=None)
    memberships = memberships.filter(role__in=roles) if roles else memberships
    return get_user_model().objects.filter(memberships__in=memberships, is_active=True).distinct()


def memberships_of(organization: Organization) -> QuerySet[Membership]:
    return organization.memberships.filter(ended_at=None).select_related("user").order_by("joined_at")


def parties_of(organization: Organization) -> QuerySet[AssociatedParty]:
    return organization.parties.order_by("role", "id")


def documents_of(organization: Organization) -> QuerySet[Document]:
    return organization.documents.select_related("file").order_by("-id")


def file_for(user: Any, pk: Any) -> StoredFile:
    """A document that the person may open: a member, or who vets the organization. Raises Document.DoesNotExist."""
    is_vetting = has_role(user, Role.OFFICER, Role.MANAGER)
    own = Document.objects.filter(organization__in=organizations_for(user))
    documents = Document.objects.all() if is_vetting else own
    return documents.select_related("file").get(file_id=pk).file


def invitations_of(organization: Organization) -> QuerySet[Invitation]:
    return organization.invitations.filter(status=InvitationStatus.SENT).order_by("-id")


def invitation_by_token(token: str) -> Invitation:
    """Raises Invitation.DoesNotExist."""
    return Invitation.objects.select_related("organization").get(token_hash=hash_token(token))


def similar_names(legal_name: str) -> QuerySet[Organization]:
    """Registered organizations whose name is nearly the same, for a warning before a duplicate is made."""
    return Organization.objects.filter(legal_name__trigram_similar=legal_name).order_by("id")[:5]


# --- owners -----------------------------------------------------------------------------------------------------------


def on(day: date) -> Q:
    """Of stakes and controls: what holds on `day`."""
    return (Q(held_from=None) | Q(held_from__lte=day)) & (Q(held_to=None) | Q(held_to__gt=day))


def direct_owners(organization: Organization, day: date) -> QuerySet[AssociatedParty]:
    """Who holds a stake in the organization itself on `day`, with `share_percent` (None: not known)."""
    stakes = organization.stakes.filter(on(day), owned=None)
    share = Subquery(stakes.filter(holder=OuterRef("pk")).values("share_percent")[:1])
    return organization.parties.filter(pk__in=stakes.values("holder")).annotate(share_percent=share).order_by("id")


def other_parties(organization: Organization) -> QuerySet[AssociatedParty]:
    """Signers, contacts and end users."""
    return parties_of(organization).exclude(role=PartyRole.OWNER)


def owned_percent(organization: Organization, day: date) -> Decimal | None:
    """The sum of the direct owners' known shares on `day`; None when no share is known."""
    found: Decimal | None = organization.stakes.filter(on(day), owned=None).aggregate(total=Sum("share_percent"))[
        "total"
    ]
    return found


def direct_stake(party: AssociatedParty, day: date) -> Stake | None:
    """What the owner holds of the organization itself on `day`."""
    return party.stakes.filter(on(day), owned=None).first()


def holding_organizations(organization_id: int) -> list[int]:
    """Registered organizations with a part in this one, at any distance and at any time; one query a step."""
    return _reached([organization_id], "organization", "registered")


def held_organizations(organization_id: int) -> list[int]:
    """Registered organizations in which this one has a part, at any distance and at any time; one query a step."""
    return _reached([organization_id], "registered", "organization")


def _reached(start: Iterable[int], of: str, to: str) -> list[int]:
    seen, frontier = set(start), list(start)
    links = AssociatedParty.objects.exclude(registered=None)
    while frontier:
        rows = links.filter(**{f"{of}__in": frontier}).values_list(f"{to}_id", flat=True).distinct()
        frontier = sorted(set(rows) - seen)
        seen.update(frontier)
    return sorted(seen - set(start))


def node_of(organization: Organization | int) -> str:
    return f"organization:{organization if isinstance(organization, int) else organization.pk}"


def node_of_party(party: AssociatedParty) -> str:
    """A party that is registered here is that organization."""
    return f"organization:{party.registered_id}" if party.registered_id else f"party:{party.pk}"


@dataclass(frozen=True)
class Owners:
    """Who owns and controls an organization on a day, at any distance: rows by node, and the pure chart of them.

    `until` is the first later day on which any of it changes by its own dates; None when none does. `coming` will be held
    from a later day on.
    """

    organization: Organization
    day: date
    chart: ownership.Chart
    parties: dict[str, AssociatedParty]
    organizations: dict[str, Organization]
    stakes: tuple[Stake, ...]
    controls: tuple[Control, ...]
    findings: tuple[OwnershipFinding, ...]
    until: date | None
    coming: tuple[Stake | Control, ...]

    @property
    def node(self) -> str:
        return node_of(self.organization)

    def control_links(self) -> Iterator[tuple[str, str]]:
        """Node of who directs, and of who is directed."""
        for row in self.controls:
            owned = node_of_party(row.owned) if row.owned else node_of(row.organization_id)
            yield node_of_party(row.holder), owned

    def name(self, node: Any) -> str:
        return str(self.organizations.get(node) or self.parties[node])


def stake_of(row: Stake) -> ownership.Stake:
    owned = node_of_party(row.owned) if row.owned else node_of(row.organization_id)
    share = None if row.share_percent is None else Decimal(row.share_percent)
    return ownership.Stake(node_of_party(row.holder), owned, share, row.held_from, row.held_to)


def owners_of(organization: Organization, day: date, *, follow: bool = True) -> Owners:
    """Five queries and one a step between registered organizations.

    With `follow`, also who owns those owners that are registered here, as they say themselves: for officers and jobs.
    Without, such an owner ends the chart as if it were a person: who owns it is told on its own page, to its own people.
    """
    return owners_of_each([organization], day, follow=follow)[organization.pk]


def owners_of_each(organizations: Sequence[Organization], day: date, *, follow: bool = True) -> dict[int, Owners]:
    """The same of several (at least one), by key, with no more queries than for one; all share one chart."""
    own = [organization.pk for organization in organizations]
    ids = [*own, *(_reached(own, "organization", "registered") if follow else [])]
    parties = {
        party.pk: party
        for party in AssociatedParty.objects.filter(organization__in=ids, role=PartyRole.OWNER)
        .select_related("registered")
        .order_by("id")
    }
    stakes, controls, findings = _with_parties(ids, parties)
    holding = [row for row in stakes if row.holds_on(day)]
    standing = [row for row in findings if row.holds_on(day)]
    ends = [d for row in [*stakes, *controls] for d in (row.held_from, row.held_to)]
    ends += [row.valid_until + timedelta(days=1) for row in standing if row.valid_until]
    known = {node_of(party.registered): party.registered for party in parties.values() if party.registered}
    closed = {node_of_party(p) for p in parties.values() if p.kind != PartyKind.ENTITY or (p.registered and not follow)}
    known |= {node_of(organization): organization for organization in organizations}
    shared = Owners(
        organizations[0],
        day,
        ownership.Chart(tuple(stake_of(row) for row in holding), frozenset(closed), _settled(standing)),
        {node_of_party(party): party for party in parties.values()},
        known,
        tuple(holding),
        tuple(row for row in controls if row.holds_on(day)),
        tuple(standing),
        min((d for d in ends if d and d > day), default=None),
        tuple(row for rows in (stakes, controls) for row in rows if row.held_from and row.held_from > day),
    )
    return {organization.pk: replace(shared, organization=organization) for organization in organizations}


def _with_parties(
    ids: list[int], parties: dict[int, AssociatedParty]
) -> tuple[list[Stake], list[Control], list[OwnershipFinding]]:
    """Stakes, controls and findings of these organizations, with the parties that were already read."""
    stakes = list(Stake.objects.filter(organization__in=ids).order_by("id"))
    controls = list(Control.objects.filter(organization__in=ids).order_by("id"))
    found = OwnershipFinding.objects.filter(organization__in=ids, status=FindingStatus.HOLDS)
    findings = list(found.select_related("found_by").order_by("id"))
    for holding in [*stakes, *controls]:
        holding.holder = parties[holding.holder_id]
        holding.owned = parties[holding.owned_id] if holding.owned_id else None
    for finding in findings:
        finding.party = parties[finding.party_id] if finding.party_id else None
    return stakes, controls, findings


def _settled(findings: Iterable[OwnershipFinding]) -> dict[ownership.Node, Decimal | None]:
    """What officers found to be held by nobody who is listed, by node; None is all that is in no stake."""
    settled: dict[ownership.Node, Decimal | None] = {}
    for row in findings:
        if row.kind not in FindingKind.settling():
            continue
        node = node_of_party(row.party) if row.party else node_of(row.organization_id)
        before = settled.get(node, Decimal())
        settled[node] = None if before is None or row.share_percent is None else before + row.share_percent
    return settled


def decisive_percent(day: date) -> Decimal | None:
    """The line of OFAC's 50 percent rule on `day`, for pages that say what is decisive; None where no rule is loaded."""
    try:
        return Decimal(dated.rule_at("ofac_50_percent_rule", day).value["percent"])
    except dated.NoRule:
        return None


def stakes_of(organization: Organization) -> QuerySet[Stake]:
    """Every stake that the organization names, past and coming ones too, the newest first."""
    return organization.stakes.select_related("holder", "owned").order_by("-id")


def controls_of(organization: Organization) -> QuerySet[Control]:
    return organization.controls.select_related("holder", "owned").order_by("-id")


def findings_of(organization: Organization) -> QuerySet[OwnershipFinding]:
    """Every finding, withdrawn ones too, the newest first: for officers."""
    return organization.ownership_findings.select_related("party", "found_by").order_by("-id")


def findings_for(user: Any) -> QuerySet[OwnershipFinding]:
    """Every finding, for officers and managers, except on organizations that they belong to."""
    return OwnershipFinding.objects.filter(organization__in=vetted_organizations(user))


def vetted_organizations(user: Any) -> QuerySet[Organization]:
    """Those whose owners the person may look into: officers and managers, but not of their own."""
    if not has_role(user, Role.OFFICER, Role.MANAGER):
        return Organization.objects.none()
    return Organization.objects.exclude(pk__in=organizations_for(user).values("pk"))


def entities_of(organization: Organization) -> QuerySet[AssociatedParty]:
    """Its named owners that can have owners here: entities that are not registered themselves."""
    return organization.parties.filter(role=PartyRole.OWNER, kind=PartyKind.ENTITY, registered=None).order_by("pk")


def upstream(organization: Organization) -> list[tuple[str, str, date | None]]:
    """Name, kind and birth date of the owners that have a part in it through registered organizations: these, under all
    their names, and the owners that they name. They are screened with the organization's own parties."""
    if not (ids := holding_organizations(organization.pk)):
        return []
    names = [(name, PartyKind.ENTITY.value, None) for _node, name in names_of_organizations(ids)]
    owners = AssociatedParty.objects.filter(organization__in=ids, role=PartyRole.OWNER).order_by("id")
    return names + [(party.name, party.kind, party.birth_date) for party in owners]


def names_of_organizations(ids: Iterable[int]) -> list[tuple[str, str]]:
    """Node and name of each organization, once for every name."""
    found = Organization.objects.filter(pk__in=ids).order_by("pk").prefetch_related("names")
    return [
        (node_of(holder), name)
        for holder in found
        for name in (holder.legal_name, *(other.name for other in holder.names.all()))
    ]
