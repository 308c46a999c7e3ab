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

    DOC = "DOC", _("Commerce, Office of the Secretary")
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


ROLE_AGENCIES: dict[Role, frozenset[Agency]] = {
    Role.OFFICER: frozenset({Agency.ITA}),
    Role.MANAGER: frozenset({Agency.ITA}),
    Role.SECRETARY: frozenset({Agency.DOC}),
    # EO 14320, section 3(d): the four that Commerce consults.
    Role.EVALUATOR: frozenset({Agency.STATE, Agency.WAR, Agency.ENERGY, Agency.OSTP}),
    # Section 4: the owners of the support tools, and State, which chairs the Economic Diplomacy Action Group.
    Role.SUPPORT: frozenset({Agency.ITA, Agency.BIS, Agency.STATE, Agency.EXIM, Agency.DFC, Agency.USTDA, Agency.SBA}),
}
"""Where a role can be held."""

ROLES_AT_POSTS = frozenset({Role.OFFICER, Role.SUPPORT})
"""Roles that can be held at an overseas post; the others are held in Washington."""


class AttemptKind(TextChoices):
    """What a failed sign-in is counted by."""

    ADDRESS = "ADDRESS", _("E-mail address")
    NETWORK = "NETWORK", _("Network address")
    SECOND_STEP = "SECOND_STEP", _("Codes of one person")
