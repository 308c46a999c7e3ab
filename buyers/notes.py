"""What officers write for each other on a case."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from buyers.models import CaseNote, VettingCase
from core.errors import UnableTo


def write_note(case: VettingCase, about: str, text: str, *, by: Any, now: datetime) -> CaseNote:
    """Inside of an act on the case. Raises UnableTo when it says nothing."""
    if not text.strip():
        raise UnableTo(_("Say why, in a note for your colleagues. The buyer does not see it."))
    return CaseNote.objects.create(case=case, text=text, about=about, written_by=by, written_at=now)
