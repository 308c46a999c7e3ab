"""Twenty-five buyers from sixteen countries, in every state of vetting, and forty needs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from accounts.actions import enroll_person
from accounts.models import User
from accounts.rules import DEMONSTRATION
from buyers import actions
from buyers.models import Buyer, Need, VettingCase
from buyers.states import ChecklistItem, Finding
from core import outbox
from organizations.actions import add_party, add_stake, record_finding
from organizations.models import Organization
from organizations.states import FindingKind, PartyKind, PartyRole


@dataclass(frozen=True)
class Profile:
    """A buyer; `state` is where its vetting stands, "" for one that was never submitted."""

    name: str
    country: str
    kind: str
    sector: str
    state: str
    key: str = ""


PROFILES = (
    Profile("Ziwa County Hospitals Authority", "KE", "MINISTRY", "HEALTH", "TRUSTED", "buyer"),
    Profile("Kaskazi Purchasing Union", "KE", "PRIVATE", "AGRICULTURE", "", "untrusted"),
    Profile("Volta Shores Health Service", "GH", "MINISTRY", "HEALTH", "TRUSTED"),
    Profile("Dune Line Utilities", "AE", "UTILITY", "ENERGY", "TRUSTED"),
    Profile("Citizen Services Bureau of the Seven", "AE", "MINISTRY", "GOVERNMENT", "TRUSTED"),
    Profile("Nakheel Oasis Grid Company", "SA", "UTILITY", "ENERGY", "TRUSTED"),
    Profile("Serra Azul Hospitais", "BR", "PRIVATE", "HEALTH", "TRUSTED"),
    Profile("Araucaria Crop Institute", "BR", "UNIVERSITY", "AGRICULTURE", "TRUSTED"),
    Profile("Cobre Claro Operations", "CL", "PRIVATE", "MINERALS", "TRUSTED"),
    Profile("Lowland Schools Board", "PL", "MINISTRY", "EDUCATION", "TRUSTED"),
    Profile("Delta Banyan Ports", "VN", "STATE_ENTERPRISE", "TRANSPORT", "TRUSTED"),
    Profile("Nusantara Tower Networks", "ID", "PRIVATE", "TELECOM", "TRUSTED"),
    Profile("Monsoon District Agriculture Office", "IN", "MINISTRY", "AGRICULTURE", "OPEN"),
    Profile("Saffron Hills University", "IN", "UNIVERSITY", "EDUCATION", "OPEN"),
    Profile("Hanbit Software Agency", "KR", "MINISTRY", "SOFTWARE", "ESCALATED"),
    Profile("Sierra Blanca Logistica", "MX", "PRIVATE", "TRANSPORT", "QUESTION_ASKED"),
    Profile("Andes Vivos Emergency Service", "CO", "MINISTRY", "PUBLIC_SAFETY", "QUESTION_ASKED"),
    Profile("Minato Harbor Finance Lab", "JP", "PRIVATE", "FINANCE", "RECOMMENDED"),
    Profile("Merlion Quay Analytics", "SG", "PRIVATE", "FINANCE", "RECOMMENDED"),
    Profile("Grey Heron Brokers", "RO", "PRIVATE", "FINANCE", "REFUSED"),
    Profile("Steppe Lantern Holding", "PL", "PRIVATE", "ENERGY", "REFUSED"),
    Profile("Palm Court Clinics", "AE", "PRIVATE", "HEALTH", "SUSPENDED"),
    Profile("Red Laterite Mining Board", "GH", "STATE_ENTERPRISE", "MINERALS", "REVOKED"),
    Profile("Twin Rivers Transit", "ID", "STATE_ENTERPRISE", "TRANSPORT", "WITHDRAWN"),
    Profile("Golden Star Trading", "VN", "PRIVATE", "TRANSPORT", "OPEN"),  # is like a listed name, by design
)

UNKNOWN_OWNERS = {"", "QUESTION_ASKED", "REFUSED"}
QUESTIONS = "Who will operate the system from day to day, and who else will have access to it?"
COMPONENTS = (["A", "B", "C", "D", "E"], ["A", "C", "E"], ["C", "D"], ["B", "C", "E"])
NEEDS_PER_BUYER = (3, 1, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0)


@dataclass(frozen=True)
class Officers:
    first: User
    second: User


def build(cast: dict[str, User], now: datetime) -> list[Need]:
    """Buyers are registered and screened first, then walked to their states; their needs are posted last."""
    people = [_person(profile, cast, now) for profile in PROFILES]
    buyers = [
        _buyer(number, profile, by, now) for number, (profile, by) in enumerate(zip(PROFILES, people, strict=True))
    ]
    officers = Officers(cast["officer"], cast["countersigner"])
    for profile, buyer in zip(PROFILES, buyers, strict=True):
        if profile.kind not in {"MINISTRY", "STATE_ENTERPRISE"} and profile.state not in UNKNOWN_OWNERS:
            _settle(buyer, officers.first, now)
    outbox.drain(now)
    for profile, buyer, by in zip(PROFILES, buyers, people, strict=True):
        if profile.state:
            walk(buyer, profile.state, by, officers, now)
    outbox.drain(now)
    needs = [
        _need(number, profile, buyer, by, now) for number, (profile, buyer, by) in enumerate(_needy(buyers, people))
    ]
    outbox.drain(now)
    return needs


def _needy(buyers: list[Buyer], people: list[User]) -> list[tuple[Profile, Buyer, User]]:
    rows = zip(PROFILES, buyers, people, NEEDS_PER_BUYER, strict=True)
    return [(profile, buyer, by) for profile, buyer, by, count in rows for _ in range(count)]


def _person(profile: Profile, cast: dict[str, User], now: datetime) -> User:
    if profile.key:
        return cast[profile.key]
    email = f"procurement@{slugify(profile.name)}.example"
    return enroll_person(email, by=DEMONSTRATION, now=now, name=f"Procurement, {profile.name}", is_demo=True)


def _buyer(number: int, profile: Profile, by: User, now: datetime) -> Buyer:
    buyer = actions.register_buyer(
        by=by,
        now=now,
        kind=profile.kind,
        activity="An invented organization of the demonstration.",
        intended_end_use="Services for the people in its own country; no onward transfer.",
        legal_name=profile.name,
        country=profile.country,
        headquarters_country=profile.country,
        address=f"{10 + number} Market Street",
        website=f"https://{slugify(profile.name)}.example",
        identifiers=[{"kind": "REGISTRATION", "value": f"DEMO-{1000 + number}"}],
    )
    organization = buyer.organization
    _own(organization, profile, by, now)
    contact = {"kind": PartyKind.PERSON, "name": by.name, "email": by.email, "country": profile.country}
    add_party(organization, by=by, now=now, role=PartyRole.CONTACT, **contact)
    return buyer


def _own(organization: Organization, profile: Profile, by: User, now: datetime) -> None:
    """A state, or a holding with two owners of its own; of some holdings that are not vetted yet, nothing is known."""
    named = {"role": PartyRole.OWNER, "country": profile.country}
    if profile.kind in {"MINISTRY", "STATE_ENTERPRISE"}:
        state = {"kind": PartyKind.GOVERNMENT, "name": "The state", "share_percent": Decimal(100)}
        add_party(organization, by=by, now=now, **named, **state)
        return
    is_unknown = profile.state in UNKNOWN_OWNERS
    share = None if is_unknown else Decimal(80)
    holding = {"kind": PartyKind.ENTITY, "name": f"{profile.name} Holding", "share_percent": share}
    owner = add_party(organization, by=by, now=now, **named, **holding)
    for name, part in () if is_unknown else (("Noor Albright", "60"), ("Ilse Fontaine", "40")):
        person = {"kind": PartyKind.PERSON, "name": name, "country": profile.country}
        add_stake(organization, by=by, now=now, holder=person, owned=owner, share_percent=Decimal(part))


def _settle(buyer: Buyer, officer: User, now: datetime) -> None:
    """What is in nobody's stake is traded publicly, as an officer saw."""
    record_finding(
        buyer.organization,
        by=officer,
        now=now,
        kind=FindingKind.PUBLIC_FLOAT,
        share_percent=Decimal(20),
        source="The exchange's list of holders, invented for the demonstration.",
        source_date=now.date(),
        reason="No holder above five percent, and none is listed.",
    )


def walk(buyer: Buyer, state: str, by: User, officers: Officers, now: datetime) -> VettingCase:
    """Take a buyer's vetting to a state by the acts that lead there."""
    case, _receipt = actions.submit_for_vetting(buyer, by=by, now=now)
    if state == "QUESTION_ASKED":
        actions.ask_question(case, by=officers.first, now=now, text=QUESTIONS)
    elif state == "ESCALATED":
        actions.escalate_case(case, by=officers.first, now=now, note="Two posts know it under different names.")
    elif state == "WITHDRAWN":
        actions.withdraw_case(case, by=by, now=now)
    elif state == "REFUSED":
        actions.refuse_trust(case, by=officers.first, now=now, reason="OWNERSHIP")
    elif state != "OPEN":
        _recommend(case, buyer, officers, now)
        _decide(case, state, officers, now)
    return case


def _recommend(case: VettingCase, buyer: Buyer, officers: Officers, now: datetime) -> None:
    seen = {item.value: (Finding.YES, "Checked for the demonstration.") for item in ChecklistItem}
    actions.record_findings(case, by=officers.first, now=now, findings=seen)
    actions.recommend_trust(
        case,
        by=officers.first,
        now=now,
        opinion="A suitable partner: the entity is known to the post, and the end use is plausible.",
        until=(now + timedelta(days=330)).date(),
        countries=[buyer.organization.country],
        components=["A", "B", "C", "D", "E"],
    )


def _decide(case: VettingCase, state: str, officers: Officers, now: datetime) -> None:
    if state == "RECOMMENDED":
        return
    actions.countersign_trust(case, by=officers.second, now=now)
    if state == "SUSPENDED":
        actions.suspend_trust(
            case, by=officers.first, now=now, reason="OTHER", note="A change of owner is being looked at."
        )
    if state == "REVOKED":
        actions.revoke_trust(case, by=officers.first, now=now, note="The stated end use was given up.")


def _need(number: int, profile: Profile, buyer: Buyer, by: User, now: datetime) -> Need:
    need = actions.create_need(buyer, by=by, now=now, **_wish(number, profile))
    if number % 13 == 12:
        return need
    actions.post_need(need, by=by, now=now)
    if number % 19 == 18:
        actions.close_need(need, by=by, now=now)
    return need


def _wish(number: int, profile: Profile) -> dict[str, Any]:
    what = ("A first installation", "An extension of what runs today", "A pilot in two districts")[number % 3]
    return {
        "title": f"{what} for {profile.name}",
        "text": f"{what}: hardware, models and applications for {profile.sector.lower().replace('_', ' ')}, with training "
        "of our own staff and support in the country.",
        "components": COMPONENTS[number % len(COMPONENTS)],
        "sectors": [profile.sector],
        "destination": profile.country,
        "deployments": [["ON_PREMISES", "IN_COUNTRY_CLOUD"], ["IN_COUNTRY_CLOUD", "ON_PREMISES", "REGIONAL_CLOUD"]][number % 2],
        "residency": "COUNTRY",
        "languages": ["en"],
        "standards": ["ISO_27001"] if number % 2 else [],
        "capacity_mw": Decimal(1 + number % 12),
        "budget_usd": (30_000_000, 120_000_000, 400_000_000)[number % 3],
        "needed_by": date(2027, 1 + number % 12, 1 + number % 28),
        "wants_financing": number % 2 == 0,
    }  # fmt: skip
