"""What every change of an entity does: one lock before it looks, and news to whoever screens it, at any distance."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from core import outbox
from core.actions import lock
from core.errors import UnableTo
from organizations import ownership
from organizations.guards import ADVISORY_OWNERSHIP
from organizations.models import AssociatedParty, Organization, Stake
from organizations.selectors import held_organizations, holding_organizations, node_of, node_of_party, stake_of
from organizations.states import PartyRole


def lock_for_change(organization: Organization) -> Organization:
    """Let one change of entities and owners go on at a time: it reaches every organization that this one has a part of,
    and row locks alone would let two of them wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [ADVISORY_OWNERSHIP])
    return lock(organization)


def announce_profile(organization: Organization, now: datetime, *, is_of_owners: bool = True) -> None:
    """Who is screened has changed, here and in every organization that this one has a part of; not `is_of_owners` where it
    is another contact or signer, who owns nothing."""
    ids = [organization.pk, *held_organizations(organization.pk)]
    owners = {"ownership_version": F("ownership_version") + 1} if is_of_owners else {}
    Organization.objects.filter(pk__in=ids).update(profile_version=F("profile_version") + 1, updated_at=now, **owners)
    organization.refresh_from_db(fields=["profile_version", "ownership_version", "updated_at"])
    for changed in Organization.objects.filter(pk__in=ids).order_by("pk"):
        publish_profile(changed, now)


def publish_profile(organization: Organization, now: datetime) -> None:
    outbox.publish(
        "organizations.changed",
        key=f"organization:{organization.pk}:v{organization.profile_version}",
        payload={"organization": organization.pk, "profile_version": organization.profile_version},
        now=now,
    )


def announce_ownership(organization: Organization, now: datetime) -> None:
    """What is known of the owners has changed, but not who is screened."""
    ids = [organization.pk, *held_organizations(organization.pk)]
    Organization.objects.filter(pk__in=ids).update(ownership_version=F("ownership_version") + 1)
    organization.refresh_from_db(fields=["ownership_version"])
    for pk, version in Organization.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "ownership_version"):
        outbox.publish(
            "organizations.ownership_changed",
            key=f"organization:{pk}:o{version}",
            payload={"organization": pk, "ownership_version": version},
            now=now,
        )


def name_party(organization: Organization, *, now: datetime, **fields: Any) -> AssociatedParty:
    """Store a party; with an owner, also its stake in the organization, from `share_percent` (None: not known).

    Raises UnableTo when the owners' shares exceed 100 percent.
    """
    share = fields.pop("share_percent", None)
    party = AssociatedParty.objects.create(organization=organization, created_at=now, updated_at=now, **fields)
    if party.role == PartyRole.OWNER:
        store_stake(organization, now=now, holder=party, share_percent=share)
    return party


def store_stake(organization: Organization, *, now: datetime, **fields: Any) -> Stake:
    """Raises UnableTo, in words that name the stakes, for what a trigger would refuse."""
    stake = Stake(organization=organization, created_at=now, updated_at=now, **fields)
    refuse_impossible(stake)
    stake.save()
    return stake


def refuse_impossible(changed: Stake) -> None:
    """Raise UnableTo when this stake, as it would be stored, makes more than the whole or a circle. Of all stakes that
    can be reached from it, at every time."""
    start = changed.organization_id
    ids = {start, *held_organizations(start), *holding_organizations(start)}
    if changed.holder.registered_id:
        ids |= {changed.holder.registered_id, *holding_organizations(changed.holder.registered_id)}
    found = Stake.objects.filter(organization__in=ids).exclude(pk=changed.pk)
    rows = [*found.select_related("holder__registered", "owned", "organization"), changed]
    stakes = [stake_of(row) for row in rows]
    if full := ownership.overfull(stakes):
        raise UnableTo(_overfull(full, rows))
    if around := ownership.circle(stakes):
        raise UnableTo(_circle(around, rows))


def _names(rows: list[Stake]) -> dict[ownership.Node, str]:
    names: dict[ownership.Node, str] = {node_of(row.organization_id): str(row.organization) for row in rows}
    for row in rows:
        names |= {node_of_party(party): str(party.registered or party) for party in (row.holder, row.owned) if party}
    return names


def _overfull(full: ownership.Overfull, rows: list[Stake]) -> str:
    names = _names(rows)
    stakes = "; ".join(f"{names[stake.owner]} {number(stake.share)} %" for stake in full.stakes)
    words = {"owned": names[full.node], "total": number(full.total), "stakes": stakes, "day": full.day}
    if full.day:
        return (
            _(
                "On %(day)s the shares in %(owned)s add up to %(total)s percent: %(stakes)s. Correct a share or a date, so "
                "that they are at most 100."
            )
            % words
        )
    return (
        _(
            "The shares in %(owned)s add up to %(total)s percent: %(stakes)s. Correct a share, so that they are at most 100."
        )
        % words
    )


def _circle(around: ownership.Circle, rows: list[Stake]) -> str:
    names = _names(rows)
    path = " → ".join(names[node] for node in (*around.nodes, around.nodes[0]))
    return _("Nobody can own a part of itself: %(path)s. Remove one of these stakes, or end it before.") % {
        "path": path
    }


def number(share: Decimal | None) -> str:
    """Without trailing zeros: 60, 40.5."""
    return "" if share is None else f"{share.normalize():f}"
