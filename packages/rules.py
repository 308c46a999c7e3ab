"""Who may do what with packages: members' editors draft, the anchor's signers publish, officers suspend."""

from typing import Any

from accounts.selectors import has_role
from accounts.states import Role
from consortia.models import Consortium
from consortia.rules import can_lead_consortium, is_anchor_person
from consortia.selectors import members_of
from organizations.rules import can_edit_organization
from organizations.selectors import has_part
from packages.models import Designation, Package, PackageVersion


def can_create_package(user: Any, consortium: Consortium) -> bool:
    return is_anchor_person(user, consortium)


def can_edit_package(user: Any, package: Package) -> bool:
    """Editors of any member: each describes what it supplies."""
    return any(can_edit_organization(user, member.company.organization) for member in members_of(package.consortium))


def can_publish_package(user: Any, package: Package) -> bool:
    return can_lead_consortium(user, package.consortium)


def can_withdraw_package(user: Any, package: Package) -> bool:
    return can_lead_consortium(user, package.consortium)


def can_suspend_package(user: Any, package: Package) -> bool:
    """Officers and managers, except on a package of an organization that they belong to."""
    members = members_of(package.consortium)
    is_own = any(has_part(user, member.company.organization) for member in members)
    return has_role(user, Role.OFFICER, Role.MANAGER) and not is_own


def can_designate_package(user: Any, package: Package) -> bool:
    """Who decides for the Secretary of Commerce, except on a package of an organization that they belong to."""
    members = members_of(package.consortium)
    is_own = any(has_part(user, member.company.organization) for member in members)
    return has_role(user, Role.SECRETARY) and not is_own


def can_end_designation(user: Any, designation: Designation) -> bool:
    return can_designate_package(user, designation.package)


def can_accept_version(user: Any, version: PackageVersion) -> bool:
    """An officer, never of an organization that the officer belongs to."""
    return has_role(user, Role.OFFICER) and can_suspend_package(user, version.package)
