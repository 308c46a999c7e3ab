"""Who owns and controls an organization: one page that shows it, and one for each change."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import doors, idempotency
from core.http import PortalRequest
from core.permissions import require
from organizations import actions, rules, selectors
from organizations.forms import ControlForm, EndForm, StakeChangeForm, StakeForm
from organizations.models import AssociatedParty, Organization
from organizations.picture import view
from organizations.states import PartyKind

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _editable(request: PortalRequest, pk: int) -> Organization:
    organization = get_object_or_404(selectors.organizations_for(request.user), pk=pk)
    require(rules.can_edit_organization(request.user, organization))
    return organization


def _page(organization: Organization) -> str:
    return reverse("organization_ownership", args=[organization.pk])


def _owned(organization: Organization, pk: int) -> AssociatedParty | None:
    """What a new stake or control is in: the organization itself (0), or an owner of it that can have owners here."""
    if pk == 0:
        return None
    return get_object_or_404(selectors.entities_of(organization), pk=pk)


@login_required
@require_safe
def organization_ownership(request: PortalRequest, pk: int) -> HttpResponse:
    """Every member sees it. An owner that is registered here itself ends the chart: its owners are its own affair."""
    organization = get_object_or_404(selectors.organizations_for(request.user), pk=pk)
    day = request.now.date()
    owners = selectors.owners_of(organization, day, follow=False)
    context = {
        "organization": organization,
        "view": view(owners, selectors.decisive_percent(day)),
        "stakes": selectors.stakes_of(organization),
        "controls": selectors.controls_of(organization),
        "entities": [p for p in owners.parties.values() if p.kind == PartyKind.ENTITY and not p.registered_id],
        "can_edit": rules.can_edit_organization(request.user, organization),
    }
    return render(request, "organizations/organization_ownership.html", context)


@login_required
@form_page
def stake_add(request: PortalRequest, pk: int, owned: int) -> HttpResponse:
    return _add(request, pk, owned, StakeForm, "stake_add")


@login_required
@form_page
def control_add(request: PortalRequest, pk: int, owned: int) -> HttpResponse:
    return _add(request, pk, owned, ControlForm, "control_add")


ADDS = {"stake_add": actions.add_stake, "control_add": actions.add_control}


def _add(request: PortalRequest, pk: int, owned: int, form_class: Any, name: str) -> HttpResponse:
    organization = _editable(request, pk)
    party = _owned(organization, owned)
    form = form_class(doors.sent(request), organization=organization, owned=party, user=request.user)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _store(request, organization, form, name))
    context = {"form": form, "organization": organization, "owned": party or organization}
    return render(request, f"organizations/{name}.html", context, status=doors.status_of(form))


def _store(request: PortalRequest, organization: Organization, form: Any, name: str) -> str:
    made = ADDS[name](organization, by=request.user, now=request.now, **form.arguments())
    messages.success(request, _("%(name)s was added.") % {"name": made.holder})
    return _page(organization)


@login_required
@form_page
def stake_edit(request: PortalRequest, pk: int, stake: int) -> HttpResponse:
    organization = _editable(request, pk)
    row = get_object_or_404(selectors.stakes_of(organization), pk=stake)
    form = StakeChangeForm(doors.sent(request), instance=row)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _change(request, organization, stake, form))
    context = {"form": form, "organization": organization, "stake": row, "owned": row.owned or organization}
    return render(request, "organizations/stake_edit.html", context, status=doors.status_of(form))


def _change(request: PortalRequest, organization: Organization, pk: int, form: StakeChangeForm) -> str:
    fresh = get_object_or_404(
        selectors.stakes_of(organization), pk=pk
    )  # the form's validation changed its own instance
    actions.change_stake(organization, by=request.user, now=request.now, stake=fresh, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return _page(organization)


ENDS: dict[str, tuple[Any, Any, Any]] = {
    "stake": (selectors.stakes_of, actions.end_stake, actions.remove_stake),
    "control": (selectors.controls_of, actions.end_control, actions.remove_control),
}


@login_required
@form_page
def holding_end(request: PortalRequest, pk: int, kind: str, holding: int) -> HttpResponse:
    """End a stake or control with its day: what was before stays on record."""
    organization = _editable(request, pk)
    if kind not in ENDS:
        raise Http404
    rows, end, _remove = ENDS[kind]
    row = get_object_or_404(rows(organization), pk=holding)
    form = EndForm(doors.sent(request), initial={"held_to": request.now.date()})
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            arguments = {kind: row, "held_to": form.cleaned_data["held_to"]}
            return idempotency.once(request, lambda: _end(request, organization, end, arguments))
    context = {"form": form, "organization": organization, "holding": row, "kind": kind}
    return render(request, "organizations/holding_end.html", context, status=doors.status_of(form))


def _end(request: PortalRequest, organization: Organization, end: Any, arguments: dict[str, Any]) -> str:
    end(organization, by=request.user, now=request.now, **arguments)
    messages.success(request, _("Ended. It stays on record."))
    return _page(organization)


@login_required
@require_POST
def holding_remove(request: PortalRequest, pk: int, kind: str, holding: int) -> HttpResponse:
    """Take back what was entered by mistake."""
    organization = _editable(request, pk)
    if kind not in ENDS:
        raise Http404
    with doors.told(request):
        return idempotency.once(request, lambda: _remove(request, organization, kind, holding))
    return HttpResponseRedirect(_page(organization))


def _remove(request: PortalRequest, organization: Organization, kind: str, pk: int) -> str:
    rows, _end_action, remove = ENDS[kind]
    row = get_object_or_404(rows(organization), pk=pk)
    name = str(row.holder)
    remove(organization, by=request.user, now=request.now, **{kind: row})
    messages.success(request, _("%(name)s was removed.") % {"name": name})
    return _page(organization)
