"""Companies and consortia as their people see them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from consortia import eligibility
from consortia.eligibility import Finding, MemberFacts, findings, weighed_countries
from consortia.models import Clearance, Company, Consortium, Invitation, Member
from consortia.states import (
    ClearanceStatus,
    CompanyStatus,
    ComponentLetter,
    ConsortiumStatus,
    InvitationStatus,
    MemberPart,
    MemberStatus,
)
from core import dated
from core.models import DatedRule
from core.tokens import hash_token
from organizations.models import Membership
from organizations.rules import SIGNING
from organizations.selectors import Owners, organizations_for, owners_of_each, vetted_organizations
from screening.selectors import is_clear


def companies_for(user: Any) -> QuerySet[Company]:
    """The person's own companies."""
    return Company.objects.filter(organization__in=organizations_for(user)).select_related("organization")


def consortia_for(user: Any) -> QuerySet[Consortium]:
    """Those in which a company of the person is a member now."""
    return Consortium.objects.filter(
        pk__in=Member.objects.filter(status=MemberStatus.ACCEPTED, company__in=companies_for(user)).values("consortium")
    )


def consortia_with_counts(user: Any) -> QuerySet[Consortium]:
    accepted = Q(members__status=MemberStatus.ACCEPTED)
    return consortia_for(user).annotate(member_count=Count("members", filter=accepted)).order_by("name")


def members_of(consortium: Consortium) -> QuerySet[Member]:
    """Accepted members, the anchor first."""
    accepted = consortium.members.filter(status=MemberStatus.ACCEPTED)
    return accepted.select_related("company__organization").order_by("part", "id")


def anchor_of(consortium: Consortium) -> Member:
    return members_of(consortium).get(part=MemberPart.ANCHOR)


def people_of_anchor(consortium: Consortium) -> QuerySet[Any]:
    organization = anchor_of(consortium).company.organization_id
    return get_user_model().objects.filter(
        memberships__organization=organization, memberships__ended_at=None, is_active=True
    )


def people_of_members(consortium: Consortium) -> QuerySet[Any]:
    organizations = members_of(consortium).values("company__organization")
    return (
        get_user_model()
        .objects.filter(memberships__organization__in=organizations, memberships__ended_at=None, is_active=True)
        .distinct()
    )


def coverage(consortium: Consortium) -> list[tuple[ComponentLetter, list[Member]]]:
    """Each of the five components with the members that will supply it."""
    members = list(members_of(consortium))
    return [(letter, [m for m in members if letter in m.components]) for letter in ComponentLetter]


def open_invitations(consortium: Consortium) -> QuerySet[Invitation]:
    return consortium.invitations.filter(status=InvitationStatus.SENT).order_by("-id")


def invitations_to(user: Any, now: datetime) -> QuerySet[Invitation]:
    """Invitations to the person's address that can still be accepted."""
    sent = Invitation.objects.filter(status=InvitationStatus.SENT, email__iexact=user.email, expires_at__gt=now)
    return sent.select_related("consortium").order_by("-id")


def invitation_by_token(token: str) -> Invitation:
    """Raises Invitation.DoesNotExist."""
    return Invitation.objects.select_related("consortium").get(token_hash=hash_token(token))


def is_us_company(company: Company, now: datetime) -> bool:
    """Whether the dated rule calls it a U.S. company. Raises dated.NoRule where no rule holds."""
    rule = dated.rule_at("anchor_us_company", now.date())
    return company.organization.country in rule.value["incorporated_in"]


# --- whether members may supply -------------------------------------------------------------------------------------------


def eligibility_rules(day: date) -> dict[str, DatedRule]:
    """Those that hold on `day`, by code; a missing one makes its question unanswerable. One query."""
    return {rule.code: rule for rule in dated.rules_at(day).filter(code__in=eligibility.RULES)}


def eligibility_of(members: Iterable[Member], now: datetime) -> list[tuple[Member, list[Finding]]]:
    """What each rule says of each member, with their owners as they themselves name them, at any distance."""
    held, day = list(members), now.date()
    rules = eligibility_rules(day)
    owners = owners_of_each([member.company.organization for member in held], day)
    return [(member, findings(facts_of(member, owners[member.company.organization_id]), rules)) for member in held]


def facts_of(member: Member, owners: Owners) -> MemberFacts:
    organization = member.company.organization
    countries = {node: frozenset({party.country}) for node, party in owners.parties.items()}
    countries |= {
        node: frozenset({known.country, known.headquarters_country})
        for node, known in owners.organizations.items()
        if known != organization
    }
    return MemberFacts(
        country=organization.country,
        headquarters_country=organization.headquarters_country,
        is_anchor=member.part == MemberPart.ANCHOR,
        components=frozenset(member.components),
        node=owners.node,
        chart=owners.chart,
        countries=countries,
        controls=tuple(owners.control_links()),
    )


def seen_for_clearance(member: Member, now: datetime) -> dict[str, Any]:
    """What a clearance that is given now holds for. Raises dated.NoRule where a rule is missing."""
    organization, day = member.company.organization, now.date()
    rules = {code: dated.rule_at(code, day) for code in (eligibility.CONCERN, eligibility.OWNED)}
    owners = owners_of_each([organization], day)[organization.pk]
    return {
        "country": organization.country,
        "headquarters_country": organization.headquarters_country,
        "ownership_version": organization.ownership_version,
        "weighed_countries": weighed_countries(facts_of(member, owners), rules),
        "owners_rule_version": rules[eligibility.OWNED].version,
        "holds_until": owners.until,
    }


def memberships_of(company: Company) -> QuerySet[Member]:
    """In standing consortia."""
    accepted = company.memberships.filter(status=MemberStatus.ACCEPTED, consortium__status=ConsortiumStatus.ACTIVE)
    return accepted.select_related("consortium", "company__organization").order_by("pk")


def fit_members(now: datetime) -> QuerySet[Member]:
    """Members that may supply at `now`: accepted, of an active company that is clear in screening, eligible by the rules of
    the day, and cleared by an officer. Computed at read; nobody where a rule is missing."""
    rules = eligibility_rules(now.date())
    if rules.keys() != set(eligibility.RULES):
        return Member.objects.none()
    accepted = Member.objects.filter(status=MemberStatus.ACCEPTED, company__status=CompanyStatus.ACTIVE)
    us = rules[eligibility.US_ANCHOR].value["incorporated_in"]
    foreign_anchor = Q(part=MemberPart.ANCHOR) & ~Q(company__organization__country__in=us)
    eligible = accepted.exclude(foreign_anchor).exclude(barred(rules, "company__organization"))
    return eligible.filter(is_clear(now, "company__organization"), Exists(_clearances(rules, now)))


def barred(rules: dict[str, DatedRule], path: str) -> Q:
    """Of rows with `components` and an organization at `path`: what the rule on components forbids to be supplied."""
    bar = rules[eligibility.COMPONENT_BAR].value
    return Q(components__overlap=bar["components"]) & _based_in(bar["countries"], path)


def _based_in(countries: list[str], path: str) -> Q:
    return Q(**{f"{path}__country__in": countries}) | Q(**{f"{path}__headquarters_country__in": countries})


def _clearances(rules: dict[str, DatedRule], now: datetime) -> QuerySet[Clearance]:
    """Of the company at hand, the one that holds today, for what it was given for, and while the representative still
    speaks for the company. Its countries, of places and owners, were none of concern then, and are none now."""
    speaking = Membership.objects.filter(
        organization=OuterRef("company__organization"), user=OuterRef("representative"), role__in=SIGNING, ended_at=None
    )
    return Clearance.objects.filter(
        Q(holds_until=None) | Q(holds_until__gt=now.date()),
        Exists(speaking),
        company=OuterRef("company"),
        status=ClearanceStatus.HOLDS,
        country=OuterRef("company__organization__country"),
        headquarters_country=OuterRef("company__organization__headquarters_country"),
        ownership_version=OuterRef("company__organization__ownership_version"),
        owners_rule_version=rules[eligibility.OWNED].version,
    ).exclude(weighed_countries__overlap=rules[eligibility.CONCERN].value)


def companies_for_officer(user: Any) -> QuerySet[Company]:
    """All but those of the officer's own organizations; none for anybody else."""
    companies = Company.objects.filter(organization__in=vetted_organizations(user))
    return companies.select_related("organization")


def with_clearance(companies: QuerySet[Company], now: datetime) -> QuerySet[Any]:
    """Each with `supplies` (a member of a standing consortium) and `is_fit` (in all of those)."""
    standing = Member.objects.filter(
        company=OuterRef("pk"), status=MemberStatus.ACCEPTED, consortium__status=ConsortiumStatus.ACTIVE
    )
    unfit = standing.exclude(pk__in=fit_members(now).values("pk"))
    return companies.annotate(supplies=Exists(standing), is_fit=~Exists(unfit))


def clearances_of(company: Company) -> QuerySet[Clearance]:
    return company.clearances.select_related("representative", "given_by").order_by("-pk")
