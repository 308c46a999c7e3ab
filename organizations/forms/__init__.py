"""Input about the legal entity, its people and documents, and about who owns it."""

from organizations.forms.entity import DocumentForm, InviteForm, OrganizationForm, PartyForm, RoleForm
from organizations.forms.owners import ControlForm, EndForm, FindingForm, StakeChangeForm, StakeForm

__all__ = [
    "ControlForm",
    "DocumentForm",
    "EndForm",
    "FindingForm",
    "InviteForm",
    "OrganizationForm",
    "PartyForm",
    "RoleForm",
    "StakeChangeForm",
    "StakeForm",
]
