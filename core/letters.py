"""What core itself says to people."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from core.models import StoredFile
from core.notifications import Letter


def file_refused(stored: StoredFile) -> Callable[[Any], Letter]:
    def build(_reader: Any) -> Letter:
        return Letter(
            kind="file_refused",
            subject=_("Your file “%(name)s” was refused") % {"name": stored.name},
            body=stored.refusal_text + "\n\n" + _("Nobody can open the refused file. Your entry is kept."),
            path="/dashboard/",
            reason=_("You get this because you uploaded the file."),
        )

    return build
