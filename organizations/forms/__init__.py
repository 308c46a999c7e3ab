"""Input about the legal entity, its people and documents, and about who owns it."""

from organizations.forms.entity import DocumentForm, InviteForm, OrganizationForm, PartyForm, RoleForm
from organizations.forms.findings import FindingForm, FoundControlForm, FoundForm, FoundStakeForm
from organizations.forms.owners import ControlForm, EndForm, StakeChangeForm, StakeForm

__all__ = [
    "ControlForm",
    "DocumentForm",
    "EndForm",
    "FindingForm",
    "FoundControlForm",
    "FoundForm",
    "FoundStakeForm",
    "InviteForm",
    "OrganizationForm",
    "PartyForm",
    "RoleForm",
    "StakeChangeForm",
    "StakeForm",
]
