"""The organization as a buyer."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from buyers import rules, selectors
from buyers.actions.trust import void_recommendation
from buyers.models import Buyer
from core.actions import action, lock, record
from core.actors import Actor
from core.errors import UnableTo
from organizations.actions import register_organization
from organizations.models import Organization


@action(rules.can_register_buyer)
def register_buyer(
    *,
    by: Any,
    now: datetime,
    kind: str,
    activity: str,
    intended_end_use: str,
    organization: Organization | None = None,
    **organization_fields: Any,
) -> Buyer:
    """Register an organization as a buyer; a new one from its fields, or one that the person signs for already.

    Raises UnableTo for an organization that is a buyer already, or whose signer this is not.
    """
    if organization is None:
        organization = register_organization(by=by, now=now, **organization_fields)
    elif not rules.can_register_organization_as_buyer(by, organization):
        raise UnableTo(_("Only a signer of the organization can register it as a buyer."))
    elif Buyer.objects.filter(organization=organization).exists():
        raise UnableTo(_("This organization is registered as a buyer already."))
    buyer = Buyer.objects.create(
        organization=organization,
        kind=kind,
        activity=activity,
        intended_end_use=intended_end_use,
        created_at=now,
        updated_at=now,
    )
    record(buyer, "register_buyer", by=by, now=now, detail={"organization": organization.pk})
    return buyer


@action(rules.can_edit_buyer)
def edit_buyer(buyer: Buyer, *, by: Actor, now: datetime, kind: str, activity: str, intended_end_use: str) -> Buyer:
    """A recommendation that waits for its second officer does not outlive a change of what it was made on."""
    lock(buyer)
    fields = {"kind": kind, "activity": activity, "intended_end_use": intended_end_use}
    changed = [name for name, value in fields.items() if getattr(buyer, name) != value]
    if not changed:
        return buyer
    for name in changed:
        setattr(buyer, name, fields[name])
    buyer.updated_at = now
    buyer.save(update_fields=[*changed, "updated_at"])
    record(buyer, "edit_buyer", by=by, now=now, detail={"fields": sorted(changed)})
    if case := selectors.recommended_case(buyer):
        void_recommendation(case, by=by, now=now, cause="profile")
    return buyer
