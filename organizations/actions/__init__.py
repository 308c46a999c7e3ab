"""Every way an organization changes."""

from organizations.actions.people import (
    accept_invitation,
    change_role,
    decline_invitation,
    end_membership,
    invite_colleague,
    withdraw_invitation,
)
from organizations.actions.profile import (
    add_document,
    add_party,
    change_party,
    edit_organization,
    register_organization,
    remove_party,
    set_identifiers,
    set_names,
)

__all__ = [
    "accept_invitation",
    "add_document",
    "add_party",
    "change_party",
    "change_role",
    "decline_invitation",
    "edit_organization",
    "end_membership",
    "invite_colleague",
    "register_organization",
    "remove_party",
    "set_identifiers",
    "set_names",
    "withdraw_invitation",
]
