"""The legal entity: what it is called, where it is, what proves it. Each change is screened anew."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from core import files
from core.actions import action, record
from core.actors import Actor
from organizations import rules
from organizations.changes import announce_profile, lock_for_change, name_party, publish_profile
from organizations.models import Document, Identifier, Membership, Organization, OrganizationName
from organizations.states import MemberRole


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
        name_party(organization, now=now, **party)
    record(organization, "register_organization", by=by, now=now)
    publish_profile(organization, now)
    return organization


@action(rules.can_edit_organization)
def edit_organization(organization: Organization, *, by: Actor, now: datetime, **fields: Any) -> Organization:
    """Change fields of the entity, and have it screened anew: the list is asked for its address and website, too."""
    lock_for_change(organization)
    changed = {name for name, value in fields.items() if getattr(organization, name) != value}
    if not changed:
        return organization
    for name in changed:
        setattr(organization, name, fields[name])
    organization.updated_at = now
    organization.save(update_fields=[*changed, "updated_at"])
    record(organization, "edit_organization", by=by, now=now, detail={"fields": sorted(changed)})
    announce_profile(organization, now, is_of_owners=bool(changed & {"legal_name", "country", "headquarters_country"}))
    return organization


@action(rules.can_edit_organization)
def set_names(organization: Organization, *, by: Actor, now: datetime, names: Iterable[dict[str, str]]) -> None:
    """Replace the organization's other names; the same ones again change nothing."""
    lock_for_change(organization)
    names = list(names)
    if names == list(organization.names.order_by("id").values("name", "kind")):
        return
    organization.names.all().delete()
    OrganizationName.objects.bulk_create(OrganizationName(organization=organization, **name) for name in names)
    record(organization, "set_names", by=by, now=now)
    announce_profile(organization, now)


@action(rules.can_edit_organization)
def set_identifiers(organization: Organization, *, by: Actor, now: datetime, identifiers: dict[str, str]) -> None:
    """Replace the organization's identifiers, by kind; an empty number is none. The same ones again change nothing."""
    lock_for_change(organization)
    wanted = {kind: value for kind, value in identifiers.items() if value}
    if wanted == dict(organization.identifiers.values_list("kind", "value")):
        return
    organization.identifiers.all().delete()
    Identifier.objects.bulk_create(
        Identifier(organization=organization, kind=kind, value=value) for kind, value in wanted.items()
    )
    record(organization, "set_identifiers", by=by, now=now)
    announce_profile(organization, now, is_of_owners=False)


@action(rules.can_edit_organization)
def add_document(
    organization: Organization, *, by: Any, now: datetime, upload: Any, kind: str, valid_until: date | None = None
) -> Document:
    """Keep an upload as evidence; it stays in quarantine until the scanner calls it clean. Raises UnableTo."""
    stored = files.accept_upload(upload, by=by, now=now)
    document = Document.objects.create(
        organization=organization, file=stored, kind=kind, valid_until=valid_until, added_at=now
    )
    record(organization, "add_document", by=by, now=now, detail={"file": str(stored.pk), "kind": kind})
    return document
