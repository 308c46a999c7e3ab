"""What goes out with a decision: the letter, stored as sent, and the news for matching."""

import hashlib
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from buyers import letters, rules, selectors
from buyers.letters import Draft
from buyers.models import CaseLetter, VettingCase
from buyers.states import LetterKind
from core import notifications, outbox
from core.actions import record
from core.errors import UnableTo
from organizations.selectors import people_of


def send_letter(
    case: VettingCase, kind: LetterKind, letter: Draft | None, *, by: Any, now: datetime, reason: str = ""
) -> CaseLetter:
    """Store the letter as sent and mail it to the buyer's people. Raises UnableTo when it would disclose something."""
    if letter and (found := selectors.disclosed(case, f"{letter.subject}\n{letter.body}")):
        raise UnableTo(_("The letter must not mention this, reword it: %(what)s") % {"what": "; ".join(found)})
    letter = letter or letters.draft(kind, case, reason=reason)
    sender = None if by == rules.SCREENING else by
    stored = CaseLetter.objects.create(
        case=case, kind=kind, subject=letter.subject, body=letter.body, sent_by=sender, sent_at=now
    )
    digest = hashlib.sha256(f"{letter.subject}\n\n{letter.body}".encode()).hexdigest()
    record(case, "send_letter", by=by, now=now, detail={"letter": stored.pk, "kind": str(kind), "sha256": digest})
    notifications.notify(
        people_of(case.buyer.organization),
        lambda _user: letters.decision(stored),
        key=f"case-letter:{stored.pk}",
        now=now,
    )
    return stored


def publish_change(case: VettingCase, now: datetime) -> None:
    payload = {"buyer": case.buyer_id}
    outbox.publish("buyers.trust_changed", key=f"case:{case.pk}:v{case.version}", payload=payload, now=now)
