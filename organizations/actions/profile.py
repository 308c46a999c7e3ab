"""The legal entity: what it is called, who owns it, what proves it. Each change is screened anew."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from core import files, outbox
from core.actions import action, lock, record
from core.actors import Actor
from core.errors import UnableTo
from organizations import rules
from organizations.models import AssociatedParty, Document, Identifier, Membership, Organization, OrganizationName
from organizations.states import MemberRole, PartyRole

SCREENED_FIELDS = {"legal_name", "country", "headquarters_country"}


@action(rules.can_register_organization)
def register_organization(
    *,
    by: Any,
    now: datetime,
    legal_name: str,
    country: str,
    headquarters_country: str,
    address: str = "",
    website: str = "",
    names: Iterable[dict[str, str]] = (),
    identifiers: Iterable[dict[str, str]] = (),
    parties: Iterable[dict[str, Any]] = (),
) -> Organization:
    """Store a new legal entity, with the person who registers it as its administrator, and have it screened."""
    organization = Organization.objects.create(
        legal_name=legal_name,
        country=country,
        headquarters_country=headquarters_country,
        address=address,
        website=website,
        created_at=now,
        updated_at=now,
    )
    Membership.objects.create(organization=organization, user=by, role=MemberRole.ADMINISTRATOR, joined_at=now)
    OrganizationName.objects.bulk_create(OrganizationName(organization=organization, **name) for name in names)
    Identifier.objects.bulk_create(Identifier(organization=organization, **identifier) for identifier in identifiers)
    for party in parties:
        AssociatedParty.objects.create(organization=organization, created_at=now, updated_at=now, **party)
    _refuse_shares_above_whole(organization)
    record(organization, "register_organization", by=by, now=now)
    _publish_change(organization, now)
    return organization


@action(rules.can_edit_organization)
def edit_organization(organization: Organization, *, by: Actor, now: datetime, **fields: Any) -> Organization:
    """Change fields of the entity; a change of what is screened has it screened anew."""
    lock(organization)
    changed = {name for name, value in fields.items() if getattr(organization, name) != value}
    if not changed:
        return organization
    for name in changed:
        setattr(organization, name, fields[name])
    organization.updated_at = now
    organization.save(update_fields=[*changed, "updated_at"])
    record(organization, "edit_organization", by=by, now=now, detail={"fields": sorted(changed)})
    if changed & SCREENED_FIELDS:
        _bump(organization, now)
    return organization


@action(rules.can_edit_organization)
def set_names(organization: Organization, *, by: Actor, now: datetime, names: Iterable[dict[str, str]]) -> None:
    """Replace the organization's other names; the same ones again change nothing."""
    lock(organization)
    names = list(names)
    if names == list(organization.names.order_by("id").values("name", "kind")):
        return
    organization.names.all().delete()
    OrganizationName.objects.bulk_create(OrganizationName(organization=organization, **name) for name in names)
    record(organization, "set_names", by=by, now=now)
    _bump(organization, now)


@action(rules.can_edit_organization)
def set_identifiers(organization: Organization, *, by: Actor, now: datetime, identifiers: dict[str, str]) -> None:
    """Replace the organization's identifiers, by kind; an empty number is none. The same ones again change nothing."""
    lock(organization)
    wanted = {kind: value for kind, value in identifiers.items() if value}
    if wanted == dict(organization.identifiers.values_list("kind", "value")):
        return
    organization.identifiers.all().delete()
    Identifier.objects.bulk_create(
        Identifier(organization=organization, kind=kind, value=value) for kind, value in wanted.items()
    )
    organization.updated_at = now
    organization.save(update_fields=["updated_at"])
    record(organization, "set_identifiers", by=by, now=now)


@action(rules.can_edit_organization)
def add_party(organization: Organization, *, by: Actor, now: datetime, **fields: Any) -> AssociatedParty:
    """Name an owner, signer, contact or end user. Raises UnableTo when the owners' shares exceed 100 percent."""
    lock(organization)
    party = AssociatedParty.objects.create(organization=organization, created_at=now, updated_at=now, **fields)
    _refuse_shares_above_whole(organization)
    record(organization, "add_party", by=by, now=now, detail={"party": party.pk, "role": party.role})
    _bump(organization, now)
    return party


@action(rules.can_edit_organization)
def change_party(
    organization: Organization, *, by: Actor, now: datetime, party: AssociatedParty, **fields: Any
) -> AssociatedParty:
    lock(organization)
    for name, value in fields.items():
        setattr(party, name, value)
    party.updated_at = now
    party.save(update_fields=[*fields, "updated_at"])
    _refuse_shares_above_whole(organization)
    record(organization, "change_party", by=by, now=now, detail={"party": party.pk, "fields": sorted(fields)})
    _bump(organization, now)
    return party


@action(rules.can_edit_organization)
def remove_party(organization: Organization, *, by: Actor, now: datetime, party: AssociatedParty) -> None:
    lock(organization)
    record(organization, "remove_party", by=by, now=now, detail={"party": party.pk, "role": party.role})
    party.delete()
    _bump(organization, now)


@action(rules.can_edit_organization)
def add_document(organization: Organization, *, by: Any, now: datetime, upload: Any, kind: str) -> Document:
    """Keep an upload as evidence; it stays in quarantine until the scanner calls it clean. Raises UnableTo."""
    stored = files.accept_upload(upload, by=by, now=now)
    document = Document.objects.create(organization=organization, file=stored, kind=kind, added_at=now)
    record(organization, "add_document", by=by, now=now, detail={"file": str(stored.pk), "kind": kind})
    return document


def _bump(organization: Organization, now: datetime) -> None:
    Organization.objects.filter(pk=organization.pk).update(profile_version=F("profile_version") + 1, updated_at=now)
    organization.refresh_from_db(fields=["profile_version", "updated_at"])
    _publish_change(organization, now)


def _publish_change(organization: Organization, now: datetime) -> None:
    outbox.publish(
        "organizations.changed",
        key=f"organization:{organization.pk}:v{organization.profile_version}",
        payload={"organization": organization.pk, "profile_version": organization.profile_version},
        now=now,
    )


def _refuse_shares_above_whole(organization: Organization) -> None:
    owners = organization.parties.filter(role=PartyRole.OWNER)
    total = owners.aggregate(total=Sum("share_percent"))["total"] or Decimal()
    if total > 100:
        raise UnableTo(
            _("The owners' shares add up to %(total)s percent. Correct a share, so that they are at most 100.")
            % {"total": total.normalize().to_eng_string()}
        )
