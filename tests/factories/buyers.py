"""Buyers, their cases in each state, and needs: walked there by the real actions."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from accounts.models import FederalOffice, OverseasPost, RoleGrant, User
from accounts.states import Agency, Role
from buyers import actions
from buyers.models import AdverseReport, Buyer, Need, OfficerAbsence, VettingCase
from buyers.rules import EXPIRY
from buyers.states import CaseStatus, ChecklistItem, Finding, NeedStatus, RefusalReason, ReportStatus
from organizations.actions import add_party
from organizations.states import PartyKind, PartyRole
from tests.factories import screening
from tests.factories.accounts import person

PROFILE = {
    "kind": "UTILITY",
    "activity": "Runs the power grid of a county.",
    "intended_end_use": "Forecasting of load and faults.",
}
NEED = {
    "title": "Grid forecasting",
    "text": "Forecast load and faults of a grid of 4,000 stations.",
    "components": ["A", "C", "E"],
    "sectors": ["ENERGY"],
    "destination": "KE",
    "deployments": ["ON_PREMISES"],
    "residency": "COUNTRY",
    "languages": ["en", "sw"],
    "standards": ["ISO_27001"],
    "capacity_mw": "4.50",
    "budget_usd": 12_000_000,
}


def post(name: str = "Nairobi", *countries: str) -> OverseasPost:
    covered = list(countries) or ["KE", "TZ", "UG"]
    place = {"city": name, "countries": covered, "time_zone": "Africa/Nairobi"}
    return OverseasPost.objects.get_or_create(name=name, defaults=place)[0]


def federal(name: str, role: str = Role.OFFICER, *, now: datetime, at: OverseasPost | None = None) -> User:
    """A person who holds a federal role, at a post or in Washington."""
    user = person(name)
    office, _created = FederalOffice.objects.get_or_create(agency=Agency.ITA, name="Commercial Service")
    RoleGrant.objects.get_or_create(
        user=user, role=role, office=office, post=at, revoked_at=None, defaults={"granted_at": now}
    )
    return User.objects.get(pk=user.pk)  # without the roles that this object remembers


def officer(now: datetime) -> User:
    return federal("officer", now=now, at=post())


def second_officer(now: datetime) -> User:
    return federal("countersigner", now=now)


def manager(now: datetime) -> User:
    return federal("manager", Role.MANAGER, now=now)


def buyer(name: str = "Umeme Grid Company", *, now: datetime, by: User | None = None, country: str = "KE") -> Buyer:
    """A buyer of `buyer@`, with its one owner and a contact: ready to be submitted."""
    by = by or person("buyer")
    found = actions.register_buyer(
        by=by, now=now, legal_name=name, country=country, headquarters_country=country, **PROFILE
    )
    organization = found.organization
    owner = {"role": PartyRole.OWNER, "kind": PartyKind.GOVERNMENT, "name": "County Holdings", "country": country}
    owner |= {"share_percent": Decimal(100)}
    contact = {"role": PartyRole.CONTACT, "kind": PartyKind.PERSON, "name": "Wanjiru", "email": by.email}
    add_party(organization, by=by, now=now, **owner)
    add_party(organization, by=by, now=now, **contact)
    return found


def clear(now: datetime, tmp_path: Path, *names: str) -> None:
    """Rules, a list that names nobody but `names`, and everybody screened against it."""
    screening.screened(now, tmp_path, *names)


def findings(finding: str = Finding.YES) -> dict[str, tuple[str, str]]:
    return {item.value: (finding, "Seen at the register.") for item in ChecklistItem}


def recommend(case: VettingCase, *, now: datetime, days: int = 300, **scope: object) -> VettingCase:
    by = officer(now)
    if not case.findings.exists():
        actions.record_findings(case, by=by, now=now, findings=findings())
    terms = {"countries": ["KE"], "components": ["A", "B", "C", "D", "E"], "opinion": "A suitable partner."} | scope
    return actions.recommend_trust(case, by=by, now=now, until=(now + timedelta(days=days)).date(), **terms)


def case_at(state: str, subject: Buyer, *, now: datetime, by: User | None = None, **scope: object) -> VettingCase:
    """A case of the buyer walked to `state`. Needs its organization clear in screening for trust and what follows."""
    by = by or person("buyer")
    case, _receipt = actions.submit_for_vetting(subject, by=by, now=now)
    if state in (CaseStatus.OPEN,):
        return case
    if state == CaseStatus.QUESTION_ASKED:
        actions.ask_question(case, by=officer(now), now=now, text="Who is the end user?")
    elif state == CaseStatus.ESCALATED:
        actions.escalate_case(case, by=officer(now), now=now, note="Is a grid within the program?")
    elif state == CaseStatus.WITHDRAWN:
        actions.withdraw_case(case, by=by, now=now)
    elif state == CaseStatus.REFUSED:
        actions.refuse_trust(case, by=officer(now), now=now, reason=RefusalReason.OWNERSHIP)
    else:
        _recommended_to(state, case, now=now, by=by, **scope)
    return case


def _recommended_to(state: str, case: VettingCase, *, now: datetime, by: User, **scope: object) -> None:
    recommend(case, now=now, **scope)
    if state != CaseStatus.RECOMMENDED:
        actions.countersign_trust(case, by=second_officer(now), now=now)
    if state == CaseStatus.SUSPENDED:
        actions.suspend_trust(case, by=officer(now), now=now, reason="OTHER", note="A new owner appeared.")
    if state == CaseStatus.REVOKED:
        actions.revoke_trust(case, by=officer(now), now=now, note="The end use changed.")
    if state == CaseStatus.EXPIRED:
        actions.expire_trust(case, by=EXPIRY, now=case.trusted_until)
    if state == CaseStatus.REPLACED:
        case_at(CaseStatus.TRUSTED, case.buyer, now=now, by=by, **scope)
        case.refresh_from_db()


def absence(*, now: datetime) -> OfficerAbsence:
    """The officer in Nairobi is away from next week on; the second officer covers."""
    by, days = officer(now), [(now + timedelta(days=day)).date() for day in (7, 14)]
    cover = second_officer(now)
    return actions.enter_absence(by, by=by, now=now, first_day=days[0], last_day=days[1], cover=cover)


def report(case: VettingCase, *, now: datetime, kind: str = "PAYMENT", by: User | None = None) -> AdverseReport:
    """Of the post in Nairobi; of a kind that suspends nothing unless another is asked for."""
    text = "Two invoices are open since May."
    return actions.file_report(case, by=by or officer(now), now=now, kind=kind, text=text)


def report_at(state: str, subject: Buyer, *, now: datetime) -> AdverseReport:
    found = report(case_at(CaseStatus.OPEN, subject, now=now), now=now)
    if state == ReportStatus.UPHELD:
        actions.uphold_report(found, by=manager(now), now=now, note="Seen in the register of courts.")
    if state == ReportStatus.UNFOUNDED:
        actions.dismiss_report(found, by=manager(now), now=now, note="Both were paid in June.")
    return found


def trusted_buyer(now: datetime, tmp_path: Path, name: str = "Umeme Grid Company", **scope: object) -> Buyer:
    """A buyer whose trust was countersigned, screened against a list that does not name it."""
    found = buyer(name, now=now)
    clear(now, tmp_path)
    case_at(CaseStatus.TRUSTED, found, now=now, **scope)
    return found


def need(subject: Buyer, *, now: datetime, by: User | None = None, **fields: object) -> Need:
    return actions.create_need(subject, by=by or person("buyer"), now=now, **NEED | fields)


def need_at(state: str, subject: Buyer, *, now: datetime, by: User | None = None, **fields: object) -> Need:
    by = by or person("buyer")
    found = need(subject, now=now, by=by, **fields)
    if state == NeedStatus.POSTED:
        actions.post_need(found, by=by, now=now)
    if state == NeedStatus.CLOSED:
        actions.close_need(found, by=by, now=now)
    return found
