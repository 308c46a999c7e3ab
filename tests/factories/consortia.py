from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from consortia import actions
from consortia.models import Company, Consortium, Member
from consortia.states import ComponentLetter, ConsortiumKind
from tests.factories.accounts import person
from tests.factories.organizations import NOW_FIELDS


def company(
    name: str = "Meridian Compute Inc", *, now: datetime, by: User | None = None, country: str = "US"
) -> Company:
    return actions.register_company(
        by=by or person("anchor"),
        now=now,
        legal_name=name,
        country=country,
        headquarters_country=country,
        summary="Builds things.",
        **NOW_FIELDS,
    )


def consortium(*, now: datetime, by: User | None = None, components: Sequence[str] = ("A", "B", "C")) -> Consortium:
    """Formed by `anchor@`; its company supplies `components`."""
    by = by or person("anchor")
    return actions.form_consortium(
        company(now=now, by=by),
        by=by,
        now=now,
        name="Meridian Alliance",
        kind=ConsortiumKind.PRE_SET,
        components=components,
    )


def joined(
    subject: Consortium,
    *,
    now: datetime,
    by: User | None = None,
    components: Sequence[str] = ("D", "E"),
    name: str = "Beacon Data LLC",
) -> Member:
    """A second company, of `member@`, that was invited by the anchor and accepted."""
    by = by or person("member")
    invitation, _token = actions.invite_company(subject, by=person("anchor"), now=now, email=by.email)
    return actions.accept_invitation(
        invitation, by=by, now=now, company=company(name, now=now, by=by), components=list(components)
    )


def complete(*, now: datetime) -> Consortium:
    """Both companies together supply all five components."""
    subject = consortium(now=now)
    joined(subject, now=now)
    assert {letter for member in subject.members.all() for letter in member.components} == set(ComponentLetter)
    return subject
