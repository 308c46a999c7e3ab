"""Every way an organization changes."""

from organizations.actions.findings import record_finding, withdraw_finding
from organizations.actions.owners import (
    add_control,
    add_party,
    add_stake,
    change_party,
    change_stake,
    end_control,
    end_stake,
    remove_control,
    remove_party,
    remove_stake,
)
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
    edit_organization,
    register_organization,
    set_identifiers,
    set_names,
)

__all__ = [
    "accept_invitation",
    "add_control",
    "add_document",
    "add_party",
    "add_stake",
    "change_party",
    "change_role",
    "change_stake",
    "decline_invitation",
    "edit_organization",
    "end_control",
    "end_membership",
    "end_stake",
    "invite_colleague",
    "record_finding",
    "register_organization",
    "remove_control",
    "remove_party",
    "remove_stake",
    "set_identifiers",
    "set_names",
    "withdraw_finding",
    "withdraw_invitation",
]
