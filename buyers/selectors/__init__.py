"""Who is trusted at this moment, for what; buyers, cases and needs as their own people and the officers see them."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, QuerySet, When
from django.utils.translation import gettext as _

from accounts.selectors import has_role
from accounts.states import Role
from buyers.disclosure import disclosures
from buyers.models import (
    AdverseReport,
    Buyer,
    CaseConflict,
    CaseLetter,
    CaseQuestion,
    ChecklistFinding,
    Need,
    VettingCase,
)
from buyers.states import BuyerKind, CaseKind, CaseStatus, NeedStatus, ReportStatus
from core import dated
from core.ledger import entries_for
from core.models import LedgerEntry
from organizations.models import AssociatedParty, Document, Organization
from organizations.selectors import documents_of, on, organizations_for
from organizations.states import PartyRole
from screening.selectors import groups_of, is_clear, screening_state
from screening.states import HitStatus


@dataclass(frozen=True, slots=True)
class Ownership:
    """The owners' known shares in percent, and how many owners have a share that nobody knows."""

    known_percent: Decimal
    unknown_count: int


# --- trust, computed at read ----------------------------------------------------------------------------------------


def trusts(now: datetime) -> QuerySet[VettingCase]:
    """The trust that holds at `now`: given, not suspended, not ended, its organization clear in screening, and nothing
    said of it since that was not compared with what trust was given on.

    A buyer has at most one. No stopped queue and no missed reminder lets one go on.
    """
    given = VettingCase.objects.filter(status=CaseStatus.TRUSTED, trusted_until__gt=now)
    compared = given.filter(profile_version=F("buyer__organization__profile_version"))
    return compared.filter(is_clear(now, "buyer__organization"))


def trusted(now: datetime) -> QuerySet[Buyer]:
    """Buyers with a trust that holds at `now`; for what, their `trust_of` says."""
    return Buyer.objects.filter(pk__in=trusts(now).values("buyer")).select_related("organization")


def trust_of(buyer: Buyer, now: datetime) -> VettingCase | None:
    return trusts(now).filter(buyer=buyer).first()


def is_in_scope(trust: VettingCase | None, *, destination: str, components: Iterable[str]) -> bool:
    """Whether a trust covers this destination, all of these components, and where its buyer's end users are; without
    components it covers nothing."""
    wanted = set(components)
    return (
        trust is not None
        and destination in trust.scope_countries
        and bool(wanted)
        and wanted <= set(trust.scope_components)
        and not end_users_outside(trust).exists()
    )


def end_users_outside(trust: VettingCase) -> QuerySet[AssociatedParty]:
    """End users, named before or after trust was given, in countries that it does not cover; where the country is not
    known, it is not covered."""
    named = trust.buyer.organization.parties.filter(role=PartyRole.END_USER)
    return named.exclude(country__in=trust.scope_countries)


def posted_needs(now: datetime) -> QuerySet[Need]:
    """Posted needs that may be matched at `now`: within what their buyer is trusted for, as are its end users."""
    end_users = AssociatedParty.objects.filter(organization=OuterRef("buyer__organization"), role=PartyRole.END_USER)
    scope = ExpressionWrapper(OuterRef("scope_countries"), VettingCase._meta.get_field("scope_countries"))
    outside = end_users.annotate(scope=scope).exclude(scope__contains=[F("country")])  # type: ignore[misc]  # an array
    covering = trusts(now).exclude(Exists(outside))
    covering = covering.filter(
        buyer=OuterRef("buyer"),
        scope_countries__contains=[OuterRef("destination")],
        scope_components__contains=OuterRef("components"),
    )
    posted = Need.objects.filter(status=NeedStatus.POSTED).exclude(components=[])
    return posted.filter(Exists(covering)).select_related("buyer__organization")


# --- the buyer's own people -----------------------------------------------------------------------------------------


def buyers_for(user: Any) -> QuerySet[Buyer]:
    """The person's own buyers."""
    return Buyer.objects.filter(organization__in=organizations_for(user)).select_related("organization")


def organizations_without_buyer(user: Any) -> QuerySet[Organization]:
    """The person's organizations that are no buyer yet."""
    return organizations_for(user).filter(buyer=None).order_by("legal_name")


def current_cases(buyers: Iterable[Buyer]) -> dict[int, VettingCase]:
    """The case that each buyer looks at: an unfinished one, else the one in force, else the newest. One query."""
    rank = Case(
        When(status__in=CaseStatus.unfinished(), then=0), When(status__in=CaseStatus.in_force(), then=1), default=2
    )
    cases = VettingCase.objects.filter(buyer__in=buyers).order_by("buyer", rank, "-pk").distinct("buyer")
    return {case.buyer_id: case for case in cases}


def current_case(buyer: Buyer) -> VettingCase | None:
    return current_cases([buyer]).get(buyer.pk)


def missing_for_vetting(buyer: Buyer) -> list[str]:
    """What officers need before they can start, in words; empty when nothing is missing."""
    roles = set(buyer.organization.parties.values_list("role", flat=True))
    missing = []
    if PartyRole.OWNER not in roles and buyer.kind != BuyerKind.MINISTRY:
        missing.append(_("Name at least one owner; a share that is not known may stay empty."))
    if PartyRole.CONTACT not in roles:
        missing.append(_("Name at least one contact, so that we know whom to write to."))
    return missing


def released_entries(case: VettingCase) -> QuerySet[LedgerEntry]:
    """The ledger of a case, oldest first; `buyers.released` picks what its buyer is told."""
    return entries_for(case)


def open_questions(case: VettingCase) -> QuerySet[CaseQuestion]:
    """What waits for the buyer's answer, the longest first."""
    return case.questions.filter(closed_at=None).order_by("asked_at", "pk")


def questions_of(case: VettingCase) -> QuerySet[CaseQuestion]:
    """With who asked and answered, and the documents of the answers; three queries."""
    asked = case.questions.select_related("asked_by", "answered_by").prefetch_related("documents__file")
    return asked.order_by("pk")


def open_questions_of(buyer: Buyer) -> QuerySet[CaseQuestion]:
    waiting = CaseQuestion.objects.filter(closed_at=None, case__status=CaseStatus.QUESTION_ASKED, case__buyer=buyer)
    return waiting.select_related("case__buyer__organization").order_by("asked_at", "pk")


def open_questions_for(user: Any) -> QuerySet[CaseQuestion]:
    """Questions that wait for an answer of the person's own buyers."""
    return CaseQuestion.objects.filter(
        case__buyer__in=buyers_for(user), case__status=CaseStatus.QUESTION_ASKED, closed_at=None
    ).select_related("case__buyer__organization")


def letters_to(buyer: Buyer) -> QuerySet[CaseLetter]:
    return CaseLetter.objects.filter(case__buyer=buyer).order_by("-pk")


def needs_for(user: Any) -> QuerySet[Need]:
    """Needs of the person's own buyers."""
    return Need.objects.filter(buyer__in=buyers_for(user)).select_related("buyer__organization")


def why_not_matched(need: Need, now: datetime) -> str:
    """Why a need is not matched at `now`, in released words; "" while it is."""
    if need.status != NeedStatus.POSTED:
        return _("It is not posted, so it is not matched.")
    trust = trust_of(need.buyer, now)
    if trust is None:
        return _("It is posted, and will be matched while an officer trusts your organization.")
    if end_users_outside(trust).exists():
        return _(
            "It is posted, but an end user that you named is in a country that your trust does not cover, or in none, so it "
            "is not matched. Correct the end user, or submit your profile for vetting again."
        )
    if not is_in_scope(trust, destination=need.destination, components=need.components):
        return _(
            "It is posted, but its destination or components are not covered by your trust, so it is not matched. "
            "Submit your profile for vetting again to have them looked at."
        )
    return ""


# --- the officers ---------------------------------------------------------------------------------------------------


def cases_for(user: Any) -> QuerySet[VettingCase]:
    """Every case, for officers and managers, except of organizations that they belong to, and those on which they
    declared a conflict; none for anybody else."""
    if not has_role(user, Role.OFFICER, Role.MANAGER):
        return VettingCase.objects.none()
    conflicts = CaseConflict.objects.filter(case=OuterRef("pk"), officer=user)
    cases = VettingCase.objects.exclude(buyer__organization__in=organizations_for(user)).exclude(Exists(conflicts))
    return cases.select_related("buyer__organization", "post", "assigned_to", "recommended_by", "countersigned_by")


def has_conflict(user: Any, case: VettingCase) -> bool:
    return user.pk in case.officers_in_conflict


def current_findings(case: VettingCase) -> dict[str, ChecklistFinding]:
    """The newest finding on each item of the checklist."""
    newest = case.findings.order_by("item", "-pk").distinct("item").select_related("found_by")
    return {finding.item: finding for finding in newest}


def ledger_with_names(case: VettingCase) -> list[tuple[LedgerEntry, str]]:
    """Every act on the case, newest first, with the name of who did it. Two queries."""
    entries = list(entries_for(case).order_by("-id"))
    ids = {entry.actor.removeprefix("user:") for entry in entries if entry.actor.startswith("user:")}
    names = dict(get_user_model().objects.filter(pk__in=ids).values_list("pk", "name"))
    people = {f"user:{pk}": name for pk, name in names.items()}
    return [(entry, people.get(entry.actor, entry.actor)) for entry in entries]


def profile_stamp(buyer: Buyer) -> str:
    """Changes with whatever the buyer says of itself, its needs and documents too. Of values, not of their order: a
    change that began before a recommendation may be stored after it."""
    organization = buyer.organization
    parts = [buyer.updated_at.isoformat(), organization.updated_at.isoformat(), str(organization.profile_version)]
    needs = buyer.needs.order_by("pk").values_list("pk", "title", "destination", "components")
    documents = documents_of(organization).order_by("pk").values_list("pk", flat=True)
    parts += [repr(row) for row in [*needs, *documents]]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


def stamp_of(case: VettingCase) -> str:
    """Changes with what an officer read: the case's state and terms, and the buyer's profile."""
    return f"{case.version}-{profile_stamp(case.buyer)}"


def recommended_stamp(case: VettingCase) -> str:
    """The profile's stamp when trust was last recommended; "" where the ledger holds none."""
    recommended = entries_for(case).filter(action__in=["recommend_trust", "amend_trust"]).last()
    return str(json.loads(recommended.detail).get("profile", "")) if recommended else ""


def secret_names(case: VettingCase) -> list[str]:
    """Names in screening hits of the buyer, of both sides, that no letter may mention."""
    pairs = case.buyer.organization.hits.values_list("listed_name", "party_name")
    return [name for pair in pairs for name in pair]


def internal_texts(case: VettingCase) -> list[str]:
    """What officers wrote for each other about the case."""
    findings = case.findings.exclude(note="").values_list("note", flat=True)
    reports = AdverseReport.objects.filter(case__buyer=case.buyer).values_list("text", flat=True)
    return [case.opinion, *case.notes.values_list("text", flat=True), *findings, *reports]


def own_names(case: VettingCase) -> list[str]:
    organization = case.buyer.organization
    return [organization.legal_name, *organization.names.values_list("name", flat=True)]


def disclosed(case: VettingCase, text: str, *, asks: bool = False) -> list[str]:
    """What of a text must not be said to the case's buyer.

    A question may name the buyer's own people, whom it may be about; a decision's letter may name none of a hit.
    """
    own = own_names(case)
    own += case.buyer.organization.parties.values_list("name", flat=True) if asks else []
    return disclosures(text, names=secret_names(case), internal=internal_texts(case), own_names=own)


def country_groups(codes: Iterable[str], day: date) -> dict[str, list[str]]:
    """The EAR country groups of each country, as the dated rules say on a day; a query a country."""
    return {code: groups_of(code, day) for code in dict.fromkeys(codes) if code}


def owned(organization: Organization, day: date) -> Ownership:
    """How the direct owners' shares of `day` add up; one query."""
    shares = list(organization.stakes.filter(on(day), owned=None).values_list("share_percent", flat=True))
    return Ownership(sum((share for share in shares if share is not None), Decimal()), shares.count(None))


# --- what the jobs look for -----------------------------------------------------------------------------------------


def buyer_of_organization(organization_id: int) -> Buyer | None:
    return Buyer.objects.select_related("organization").filter(organization=organization_id).first()


def trust_in_force(buyer: Buyer) -> VettingCase | None:
    """The case whose trust was given and not taken back: it may have ended, or be suspended."""
    return buyer.cases.filter(status__in=CaseStatus.in_force()).first()


def unfinished_cases(buyer: Buyer) -> QuerySet[VettingCase]:
    """At most one."""
    return buyer.cases.filter(status__in=CaseStatus.unfinished())


def unfinished_case(buyer: Buyer) -> VettingCase | None:
    return unfinished_cases(buyer).first()


def changed_facts_case(trust: VettingCase) -> VettingCase | None:
    """The unfinished case that looks at what changed since this trust was given."""
    return unfinished_cases(trust.buyer).filter(kind=CaseKind.CHANGE, basis=trust).first()


def recommended_case(buyer: Buyer) -> VettingCase | None:
    return buyer.cases.filter(status=CaseStatus.RECOMMENDED).first()


def trusts_ended(now: datetime) -> QuerySet[VettingCase]:
    """Trusts in force, suspended ones too, whose end has come."""
    given = VettingCase.objects.filter(status__in=CaseStatus.in_force(), trusted_until__lte=now)
    return given.select_related("buyer__organization").order_by("pk")


def cases_that_wait_for_buyers() -> QuerySet[VettingCase]:
    waiting = VettingCase.objects.filter(status=CaseStatus.QUESTION_ASKED)
    return waiting.select_related("buyer__organization", "post", "assigned_to").order_by("pk")


def reports_of(buyer: Buyer) -> QuerySet[AdverseReport]:
    """Every post's report on the buyer, the newest first."""
    reports = AdverseReport.objects.filter(case__buyer=buyer)
    return reports.select_related("post", "reported_by", "settled_by", "case").order_by("-pk")


def has_unsettled_report(buyer: Buyer) -> bool:
    """Of any post, on any of its cases."""
    return AdverseReport.objects.filter(case__buyer=buyer, status=ReportStatus.FILED).exists()


def reports_for(user: Any) -> QuerySet[AdverseReport]:
    return AdverseReport.objects.filter(case__in=cases_for(user)).select_related("case__buyer__organization", "post")


def documents_ending(now: datetime) -> QuerySet[Document]:
    """Of buyers: what is valid today, but no longer after the days that the dated rule gives; none without a rule."""
    today = now.date()
    try:
        last = today + timedelta(days=dated.rule_at("document_reminder_days", today).value)
    except dated.NoRule:
        return Document.objects.none()
    ending = Document.objects.filter(valid_until__gte=today, valid_until__lte=last, organization__buyer__isnull=False)
    return ending.select_related("file").order_by("pk")


def trusts_ending(start: datetime, end: datetime) -> QuerySet[VettingCase]:
    """Given trusts whose end lies after `start`, up to `end`."""
    given = VettingCase.objects.filter(status=CaseStatus.TRUSTED, trusted_until__gt=start, trusted_until__lte=end)
    return given.select_related("buyer__organization").order_by("pk")


def has_become_clear(buyer: Buyer, now: datetime) -> bool:
    """Clear at `now`, by the first run with this profile, list and engine: a run that finds nothing new is no news."""
    state = screening_state(buyer.organization, now)
    if not state.is_clear or state.run is None:
        return False
    same = {name: getattr(state.run, name) for name in ("release", "profile_version", "engine_version")}
    return not buyer.organization.screening_runs.filter(pk__lt=state.run.pk, **same).exists()


def newest_open_hit(organization: Organization) -> int | None:
    blocking = organization.hits.filter(status__in=HitStatus.blocking())
    return blocking.order_by(F("pk").desc()).values_list("pk", flat=True).first()
