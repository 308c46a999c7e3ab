"""What officers find about owners whom nobody names, and about listed ones: dated, with its source, and withdrawn by a
recorded act."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.actions import action, begin, move
from core.actors import Actor
from core.errors import UnableTo
from organizations import rules
from organizations.changes import announce_ownership, lock_for_change
from organizations.models import AssociatedParty, Organization, OwnershipFinding


@action(rules.can_record_finding)
def record_finding(
    organization: Organization,
    *,
    by: Any,
    now: datetime,
    kind: str,
    source: str,
    source_date: date,
    reason: str,
    party: AssociatedParty | None = None,
    share_percent: Decimal | None = None,
    valid_until: date | None = None,
) -> OwnershipFinding:
    """Settle who holds what is in no stake of the organization or of one of its owners (`party`), or say that a listed
    owner below the rule's line was considered. Raises UnableTo for a source of the future, and an end that is past."""
    lock_for_change(organization)
    if source_date > now.date():
        raise UnableTo(_("The source is of a day to come. Enter the day on which it was written or seen."))
    if valid_until and valid_until < now.date():
        raise UnableTo(_("It would hold no longer. Enter a later day, or leave the field empty."))
    finding = OwnershipFinding(
        organization=organization,
        party=party,
        kind=kind,
        share_percent=share_percent,
        source=source,
        source_date=source_date,
        valid_until=valid_until,
        reason=reason,
        found_by=by,
    )
    detail = {"organization": organization.pk, "party": party.pk if party else None, "kind": kind}
    begin(finding, by=by, now=now, action="record_finding", detail=detail)
    announce_ownership(organization, now)
    return finding


@action(rules.can_withdraw_finding)
def withdraw_finding(finding: OwnershipFinding, *, by: Actor, now: datetime) -> OwnershipFinding:
    """It no longer counts from now on; it stays on record."""
    lock_for_change(finding.organization)
    move(finding, "withdraw_finding", by=by, now=now)
    announce_ownership(finding.organization, now)
    return finding
