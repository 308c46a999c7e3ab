"""Words that accounts store: the federal roles. A role opens the workbench; a room's rules say what it may do there."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    OFFICER = "OFFICER", _("Commercial officer")
    MANAGER = "MANAGER", _("Program manager")
    EVALUATOR = "EVALUATOR", _("Interagency evaluator")
    SECRETARY = "SECRETARY", _("Decision maker for the Secretary of Commerce")
    SUPPORT = "SUPPORT", _("Support officer")
