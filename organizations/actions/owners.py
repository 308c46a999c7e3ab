"""Parties, and what the owners among them have: stakes and control, directly or through other owners. Each change is
screened anew. What an officer entered from a source is changed by officers alone, and what the organization stated by
its own people alone."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actions import action, record
from core.actors import Actor
from core.errors import UnableTo
from core.permissions import require
from organizations import rules, selectors
from organizations.changes import announce_profile, lock_for_change, name_party, refuse_impossible, store_stake
from organizations.models import AssociatedParty, Control, Organization, Stake
from organizations.states import PartyKind, PartyRole, SourceKind

FOUND = gettext_lazy(
    "An officer entered this from a source. If it is wrong, write to the officer what is right, and why."
)
STATED = gettext_lazy("The organization stated this itself. Ask it to correct it.")


def _refuse_anothers(by: Actor, organization: Organization, source: str) -> None:
    """Raise UnableTo where people would change what an officer found, or an officer what they stated."""
    is_found = source == SourceKind.FINDING
    if is_found != rules.can_record_finding(by, organization):
        raise UnableTo(FOUND if is_found else STATED)


@action(rules.can_edit_organization)
def add_party(organization: Organization, *, by: Actor, now: datetime, **fields: Any) -> AssociatedParty:
    """Name an owner, signer, contact or end user. Raises UnableTo when the owners' shares exceed 100 percent."""
    lock_for_change(organization)
    party = name_party(organization, now=now, **fields)
    record(organization, "add_party", by=by, now=now, detail={"party": party.pk, "role": party.role})
    announce_profile(organization, now, is_of_owners=party.role == PartyRole.OWNER)
    return party


@action(rules.can_edit_organization)
def change_party(
    organization: Organization, *, by: Actor, now: datetime, party: AssociatedParty, **fields: Any
) -> AssociatedParty:
    """Correct what is said of a party; `share_percent` corrects what an owner holds of the organization itself. Raises
    UnableTo when the shares exceed 100 percent, and for a person or government that has owners."""
    lock_for_change(organization)
    _refuse_found(party)
    detail = {"party": party.pk, "fields": sorted(fields)}
    if "share_percent" in fields:
        _set_direct_share(organization, party, fields.pop("share_percent"), now)
    if fields.get("kind", PartyKind.ENTITY) != PartyKind.ENTITY and party.stakes_in.exists():
        raise UnableTo(_("%(name)s has owners of its own. Remove their stakes first.") % {"name": party})
    roles = {party.role, fields.get("role", party.role)}
    for name, value in fields.items():
        setattr(party, name, value)
    party.updated_at = now
    party.save(update_fields=[*fields, "updated_at"])
    record(organization, "change_party", by=by, now=now, detail=detail)
    announce_profile(organization, now, is_of_owners=PartyRole.OWNER in roles)
    return party


def _refuse_found(party: AssociatedParty) -> None:
    found = {"source": SourceKind.FINDING}
    if party.stakes.filter(**found).exists() or party.controls.filter(**found).exists():
        raise UnableTo(FOUND)


def _set_direct_share(organization: Organization, party: AssociatedParty, share: Any, now: datetime) -> None:
    stake = selectors.direct_stake(party, now.date())
    if stake is None:
        store_stake(organization, now=now, holder=party, share_percent=share)
    else:
        _store_changes(stake, {"share_percent": share}, now)


def _store_changes(stake: Stake, fields: dict[str, Any], now: datetime) -> None:
    for name, value in fields.items():
        setattr(stake, name, value)
    stake.updated_at = now
    refuse_impossible(stake)
    stake.save(update_fields=[*fields, "updated_at"])


@action(rules.can_edit_organization)
def remove_party(organization: Organization, *, by: Actor, now: datetime, party: AssociatedParty) -> None:
    """Take back a party that was named by mistake, with its stakes; one that sold its stake is ended instead. Raises
    UnableTo while others own a part of it, or an officer's finding is about it."""
    lock_for_change(organization)
    _refuse_found(party)
    if party.stakes_in.exists() or party.controls_in.exists():
        raise UnableTo(_("%(name)s has owners of its own. Remove their stakes first.") % {"name": party})
    if party.ownership_findings.exists():
        raise UnableTo(_("An officer has looked into %(name)s. End its stake instead.") % {"name": party})
    record(organization, "remove_party", by=by, now=now, detail={"party": party.pk, "role": party.role})
    party.delete()
    announce_profile(organization, now, is_of_owners=party.role == PartyRole.OWNER)


# --- stakes -----------------------------------------------------------------------------------------------------------


@action(rules.can_enter_holding)
def add_stake(
    organization: Organization,
    *,
    by: Actor,
    now: datetime,
    holder: AssociatedParty | dict[str, Any],
    owned: AssociatedParty | None = None,
    **fields: Any,
) -> Stake:
    """Say who holds a share of the organization, or of one of its owners (`owned`). `holder` is an owner that is named
    already, or the fields of one that is not; `registered` among them needs the person's own part in that organization,
    or an officer.

    Raises UnableTo, naming the stakes, for more than the whole on one day, for a circle, and for a second stake of the
    same holder on the same days.
    """
    lock_for_change(organization)
    _refuse_anothers(by, organization, fields.get("source", SourceKind.DECLARED))
    party = _holder(organization, holder, by=by, now=now)
    stake = _kept_apart(lambda: store_stake(organization, now=now, holder=party, owned=owned, **fields), party)
    detail = {"stake": stake.pk, "party": party.pk, "owned": owned.pk if owned else None}
    record(organization, "add_stake", by=by, now=now, detail=detail)
    announce_profile(organization, now)
    return stake


def _holder(
    organization: Organization, holder: AssociatedParty | dict[str, Any], *, by: Actor, now: datetime
) -> AssociatedParty:
    if isinstance(holder, AssociatedParty):
        return holder
    if registered := holder.get("registered"):
        require(selectors.has_part(by, registered) or rules.can_record_finding(by, organization))
    return AssociatedParty.objects.create(
        organization=organization, role=PartyRole.OWNER, created_at=now, updated_at=now, **holder
    )


def _kept_apart(store: Any, holder: AssociatedParty) -> Any:
    """The database refuses two stakes of one holder in the same on one day; in words, that is something to correct."""
    try:
        with transaction.atomic():
            return store()
    except IntegrityError as error:
        if "one stake in something a day" not in str(error):
            raise
        raise UnableTo(
            _("%(name)s already has a stake on these days. Change that one, or end it before this one begins.")
            % {"name": holder}
        ) from error


@action(rules.can_enter_holding)
def change_stake(organization: Organization, *, by: Actor, now: datetime, stake: Stake, **fields: Any) -> Stake:
    """Correct a stake: share, dates, source. Raises UnableTo as `add_stake` does."""
    lock_for_change(organization)
    for source in (stake.source, fields.get("source", stake.source)):
        _refuse_anothers(by, organization, source)
    _kept_apart(lambda: _store_changes(stake, fields, now), stake.holder)
    record(organization, "change_stake", by=by, now=now, detail={"stake": stake.pk, "fields": sorted(fields)})
    announce_profile(organization, now)
    return stake


@action(rules.can_enter_holding)
def end_stake(organization: Organization, *, by: Actor, now: datetime, stake: Stake, held_to: date) -> Stake:
    """From the day `held_to` on it is no longer held; what was before stays on record. Raises UnableTo for a day before
    it began."""
    lock_for_change(organization)
    _refuse_anothers(by, organization, stake.source)
    _refuse_early_end(stake, held_to)
    _store_changes(stake, {"held_to": held_to}, now)
    record(organization, "end_stake", by=by, now=now, detail={"stake": stake.pk, "held_to": held_to.isoformat()})
    announce_profile(organization, now)
    return stake


def _refuse_early_end(holding: Stake | Control, held_to: date) -> None:
    if holding.held_from and held_to <= holding.held_from:
        raise UnableTo(_("It began on %(day)s. Choose a later day.") % {"day": holding.held_from.isoformat()})


@action(rules.can_enter_holding)
def remove_stake(organization: Organization, *, by: Actor, now: datetime, stake: Stake) -> None:
    """Take back a stake that was entered by mistake; its holder goes with its last one. One that was sold is ended."""
    lock_for_change(organization)
    _refuse_anothers(by, organization, stake.source)
    holder = stake.holder
    record(organization, "remove_stake", by=by, now=now, detail={"stake": stake.pk, "party": holder.pk})
    stake.delete()
    _forget(holder)
    announce_profile(organization, now)


def _forget(holder: AssociatedParty) -> None:
    """Delete an owner that has nothing any more, and of which nothing else speaks."""
    speaking = (holder.stakes, holder.controls, holder.stakes_in, holder.controls_in, holder.ownership_findings)
    if not any(rows.exists() for rows in speaking):
        holder.delete()


# --- control ----------------------------------------------------------------------------------------------------------


@action(rules.can_enter_holding)
def add_control(
    organization: Organization,
    *,
    by: Actor,
    now: datetime,
    holder: AssociatedParty | dict[str, Any],
    owned: AssociatedParty | None = None,
    **fields: Any,
) -> Control:
    """Say who directs the organization, or one of its owners (`owned`), by other means than a share."""
    lock_for_change(organization)
    _refuse_anothers(by, organization, fields.get("source", SourceKind.DECLARED))
    party = _holder(organization, holder, by=by, now=now)
    control = Control.objects.create(
        organization=organization, holder=party, owned=owned, created_at=now, updated_at=now, **fields
    )
    record(organization, "add_control", by=by, now=now, detail={"control": control.pk, "party": party.pk})
    announce_profile(organization, now)
    return control


@action(rules.can_enter_holding)
def end_control(organization: Organization, *, by: Actor, now: datetime, control: Control, held_to: date) -> Control:
    lock_for_change(organization)
    _refuse_anothers(by, organization, control.source)
    _refuse_early_end(control, held_to)
    control.held_to, control.updated_at = held_to, now
    control.save(update_fields=["held_to", "updated_at"])
    record(organization, "end_control", by=by, now=now, detail={"control": control.pk, "held_to": held_to.isoformat()})
    announce_profile(organization, now)
    return control


@action(rules.can_enter_holding)
def remove_control(organization: Organization, *, by: Actor, now: datetime, control: Control) -> None:
    """Take back what was entered by mistake; its holder goes with its last stake or control."""
    lock_for_change(organization)
    _refuse_anothers(by, organization, control.source)
    holder = control.holder
    record(organization, "remove_control", by=by, now=now, detail={"control": control.pk, "party": holder.pk})
    control.delete()
    _forget(holder)
    announce_profile(organization, now)
