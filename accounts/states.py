"""Words that accounts store: the federal roles. A role opens the workbench; a room's rules say what it may do there."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    OFFICER = "OFFICER", _("Commercial officer")
    MANAGER = "MANAGER", _("Program manager")
    EVALUATOR = "EVALUATOR", _("Interagency evaluator")
    SECRETARY = "SECRETARY", _("Decision maker for the Secretary of Commerce")
    SUPPORT = "SUPPORT", _("Support officer")


class Agency(TextChoices):
    """Agencies with a part in EO 14320, sections 3(d) and 4."""

    ITA = "ITA", _("Commerce, International Trade Administration")
    BIS = "BIS", _("Commerce, Bureau of Industry and Security")
    STATE = "STATE", _("Department of State")
    WAR = "WAR", _("Department of War")
    ENERGY = "ENERGY", _("Department of Energy")
    OSTP = "OSTP", _("Office of Science and Technology Policy")
    EXIM = "EXIM", _("Export-Import Bank")
    DFC = "DFC", _("International Development Finance Corporation")
    USTDA = "USTDA", _("Trade and Development Agency")
    SBA = "SBA", _("Small Business Administration")
