"""A vetting queue of any size, for measuring its page. Rows are made at once, and are to be rolled back."""

from datetime import datetime, timedelta

from accounts.models import FederalOffice, OverseasPost, RoleGrant, User
from accounts.states import Role
from buyers.models import Buyer, CaseQuestion, VettingCase
from buyers.states import BuyerKind, CaseStatus
from organizations.models import Organization

COUNTRIES = ("KE", "PL", "AE", "ID", "CO", "BR", "TH", "GH", "CZ", "MX")
STATES = (
    (CaseStatus.OPEN,) * 5 + (CaseStatus.QUESTION_ASKED,) * 2 + (CaseStatus.RECOMMENDED,) * 2 + (CaseStatus.REFUSED,)
)
CHUNK = 5_000


def build(number: int, now: datetime) -> User:
    """So many cases of ten posts, in all states and ages, with questions; returns an officer who may see them."""
    officer = User.objects.create(email="bench-queue@example.invalid", name="Bench", language="en-us")
    office = FederalOffice.objects.order_by("pk")[0]
    RoleGrant.objects.create(user=officer, role=Role.OFFICER, office=office, granted_at=now)
    posts = OverseasPost.objects.bulk_create(
        OverseasPost(name=f"Bench {code}", city=code, countries=[code], time_zone="Africa/Nairobi")
        for code in COUNTRIES
    )
    for start in range(0, number, CHUNK):
        _chunk(range(start, min(start + CHUNK, number)), posts, officer, now)
    return User.objects.with_roles().get(pk=officer.pk)


def _chunk(numbers: range, posts: list[OverseasPost], officer: User, now: datetime) -> None:
    organizations = Organization.objects.bulk_create(
        Organization(legal_name=f"Bench {n} Company", country=code, headquarters_country=code)
        for n in numbers
        for code in [COUNTRIES[n % len(COUNTRIES)]]
    )
    buyers = Buyer.objects.bulk_create(
        Buyer(organization=organization, kind=BuyerKind.PRIVATE, activity="-", intended_end_use="-")
        for organization in organizations
    )
    cases = VettingCase.objects.bulk_create(
        _case(n, buyer, posts, officer, now) for n, buyer in zip(numbers, buyers, strict=True)
    )
    CaseQuestion.objects.bulk_create(
        CaseQuestion(case=case, text="?", asked_by=officer, asked_at=case.created_at, closed_at=_closed(case, now))
        for case in cases
    )


def _closed(case: VettingCase, now: datetime) -> datetime | None:
    return None if case.status == CaseStatus.QUESTION_ASKED else min(now, case.created_at + timedelta(days=2))


def _case(n: int, buyer: Buyer, posts: list[OverseasPost], officer: User, now: datetime) -> VettingCase:
    submitted = now - timedelta(hours=7 * (n % 300))
    status = STATES[n // 10 % len(STATES)]
    return VettingCase(
        buyer=buyer,
        post=posts[n % len(posts)],
        assigned_to=officer if n % 3 == 0 else None,
        status=status,
        created_at=submitted,
        updated_at=submitted,
        due_at=submitted + timedelta(days=14),
        refusal_reason="POLICY" if status == CaseStatus.REFUSED else "",
    )
