"""The package editor (one step a page) and the public catalogue."""

import itertools
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consortia.selectors import members_of
from consortia.states import ComponentLetter
from core import dated, doors, idempotency
from core.actions import issue_receipt
from core.http import PortalRequest
from core.models import DatedRule
from core.paging import page_of
from core.permissions import require
from packages import actions, rules, selectors
from packages.completeness import gaps
from packages.diff import changes
from packages.facts import rows
from packages.filters import PackageFilter
from packages.forms import STEPS, ComponentForm, ConfirmForm, CreateForm, ItemForm
from packages.models import Component, Package, PackageVersion
from packages.states import PackageStatus

PARTS = {
    "designated": gettext_lazy("Designated by Commerce"),
    "registered": gettext_lazy("Registered, not designated"),
}
NEVER = datetime.min.replace(tzinfo=UTC)
form_page = require_http_methods(["GET", "HEAD", "POST"])


def _package(request: PortalRequest, slug: str) -> Package:
    return get_object_or_404(selectors.packages_for(request.user), slug=slug)


# --- the public's pages ------------------------------------------------------------------------------------------------


@require_safe
def catalogue(request: PortalRequest) -> HttpResponse:
    """Designated packages, and in a part of their own those that are only registered."""
    part = request.GET.get("part")
    if part not in PARTS:
        part = "designated" if selectors.designations_in_force().exists() else "registered"
    offered = selectors.catalogue(request.now, designated=part == "designated").order_by("-id")
    filtered = PackageFilter(request.GET, queryset=offered)
    page = page_of(filtered.qs, request, size=20)
    context = {"filter": filtered, "page": page, "letters": ComponentLetter, "part": part, "parts": PARTS.items()}
    return render(request, "packages/catalogue.html", context)


@require_safe
def package_detail(request: PortalRequest, slug: str) -> HttpResponse:
    package = get_object_or_404(selectors.offered(request.now), slug=slug)
    version = package.current_version
    assert version is not None  # noqa: S101 (the catalogue holds no package without one)
    context = {
        "package": package,
        "version": version,
        "components": _with_labels(version.public["components"]),
        "destinations": _destinations(version),
        "designation": selectors.designation_of(package) if package.is_designated else None,
        "is_own": _is_own(request, package),
    }
    if context["is_own"]:
        presumption = _presumption(request)
        content = selectors.us_content_of_version(version, presumption.value)
        context |= {"us_content": content, "presumption": presumption}
    return render(request, "packages/package_detail.html", context)


def _is_own(request: PortalRequest, package: Package) -> bool:
    """Whether the person belongs to a member: what is shown then is the consortium's own."""
    return selectors.packages_for(request.user).filter(pk=package.pk).exists()


def _presumption(request: PortalRequest) -> DatedRule:
    return dated.rule_at("us_content_presumption_percent", request.now.date())


def _with_labels(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each component with its name, and each item with its known facts in words."""
    return [
        component
        | {
            "label": ComponentLetter(component["letter"]).label,
            "items": [item | {"rows": rows(component["letter"], item)} for item in component["items"]],
        }
        for component in components
    ]


def _destinations(version: Any) -> list[str]:
    blocs = dict(version._meta.get_field("target_blocs").base_field.choices)
    return [str(blocs[bloc]) for bloc in version.target_blocs]


# --- the consortium's pages ----------------------------------------------------------------------------------------------


@login_required
@require_safe
def package_list(request: PortalRequest) -> HttpResponse:
    page = page_of(selectors.packages_for(request.user).order_by("-id"), request, size=20)
    return render(request, "packages/package_list.html", {"page": page})


@login_required
@form_page
def package_create(request: PortalRequest) -> HttpResponse:
    consortia = selectors.consortia_to_offer(request.user)
    form = CreateForm(doors.sent(request), consortia=consortia, initial={"consortium": request.GET.get("consortium")})
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _create(request, form))
    context = {"form": form, "consortia": consortia}
    return render(request, "packages/package_create.html", context, status=doors.status_of(form))


def _create(request: PortalRequest, form: CreateForm) -> str:
    consortium, title = form.cleaned_data["consortium"], form.cleaned_data["title"]
    package = actions.create_package(consortium, by=request.user, now=request.now, title=title)
    return reverse("package_step", args=[package.slug, "summary"])


def _editor(request: PortalRequest, package: Package, step: str) -> dict[str, Any]:
    """What every page of the editor shows: the steps with what is missing in each."""
    components = list(selectors.components_of(package))
    missing = gaps(selectors.draft_facts(package, components))
    open_steps = {gap.step for gap in missing}
    steps = [(name, label, name in open_steps) for name, (label, _form) in STEPS.items()]
    steps += [
        (letter.value, f"{letter.value} – {letter.label}", letter.value in open_steps) for letter in ComponentLetter
    ]
    return {
        "package": package,
        "step": step,
        "steps": steps,
        "step_number": next((n for n, (name, _l, _o) in enumerate(steps, 1) if name == step), len(steps) + 1),
        "next_step": next((n for (p, _l, _o), (n, _m, _p) in itertools.pairwise(steps) if p == step), "review"),
        "gaps": missing,
        "components": components,
        "can_edit": rules.can_edit_package(request.user, package),
        "can_publish": rules.can_publish_package(request.user, package),
    }


@login_required
@require_safe
def package_edit(request: PortalRequest, slug: str) -> HttpResponse:
    """The whole draft on one page: what is done, what is missing, and publishing."""
    package = _package(request, slug)
    context = _editor(request, package, "review") | {"form": ConfirmForm()}
    context |= _us_content(request, context["components"])
    context["versions"] = selectors.versions_of(package)
    context["waits_for_look"] = selectors.waits_for_look(package)
    context["unclear"] = selectors.members_not_fit(package, request.now)
    context["changes"] = selectors.unpublished_changes(package, context["components"])
    context["is_unchanged"] = package.status == PackageStatus.PUBLISHED and not context["changes"]
    return render(request, "packages/package_edit.html", context)


def _us_content(request: PortalRequest, components: list[Component]) -> dict[str, Any]:
    presumption = _presumption(request)
    return {"us_content": selectors.us_content_of(components, presumption.value), "presumption": presumption}


@login_required
@require_safe
def package_version(request: PortalRequest, slug: str, number: int) -> HttpResponse:
    """A publication as it was, whole, and what changed from the one before it, or from `?against=`."""
    package = _package(request, slug)
    versions = {version.number: version for version in selectors.versions_of(package)}
    if number not in versions:
        raise Http404
    version = versions[number]
    against = versions.get(_number(request.GET.get("against")) or 0) or versions.get(number - 1)
    presumption = _presumption(request)
    context = {
        "package": package,
        "version": version,
        "versions": [other for other in versions.values() if other != version],
        "against": against,
        "changes": changes(against.content, version.content) if against else [],
        "components": _with_labels(version.content["components"]),
        "us_content": selectors.us_content_of_version(version, presumption.value),
        "presumption": presumption,
    }
    return render(request, "packages/package_version.html", context)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else None


@login_required
@form_page
def package_step(request: PortalRequest, slug: str, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    package = _package(request, slug)
    seen = _seen(request) if request.method == "POST" else package.updated_at
    form = STEPS[step][1](doors.sent(request), instance=package)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            fresh = _package(request, slug)
            actions.save_step(fresh, by=request.user, now=request.now, fields=form.cleaned_data, seen=seen)
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(_next_page(request, slug, step))
        seen = _package(request, slug).updated_at  # shown with the refusal: sending it again is then a decision
    context = _editor(request, _package(request, slug), step)
    context |= {"form": form, "title": STEPS[step][0], "seen": seen.isoformat()}
    return render(request, "packages/package_step.html", context, status=doors.status_of(form))


def _seen(request: PortalRequest) -> datetime:
    """The version on which the sent page was based; a time that is none is no excuse to overwrite a colleague."""
    try:
        return parse_datetime(request.POST.get("seen", "")) or NEVER
    except ValueError:
        return NEVER


def _next_page(request: PortalRequest, slug: str, step: str) -> str:
    if "stay" in request.POST:
        return request.path
    order = [*STEPS, *ComponentLetter.values, "review"]
    following = order[order.index(step) + 1]
    if following == "review":
        return reverse("package_edit", args=[slug])
    name = "package_step" if following in STEPS else "package_component"
    return reverse(name, args=[slug, following])


@login_required
@form_page
def package_component(request: PortalRequest, slug: str, letter: str) -> HttpResponse:
    if letter not in ComponentLetter.values:
        raise Http404
    package = _package(request, slug)
    component = package.components.get(letter=letter)
    seen = _seen(request) if request.method == "POST" else component.updated_at
    form = ComponentForm(doors.sent(request), instance=component)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            actions.save_component(
                package, by=request.user, now=request.now, letter=letter, seen=seen, **form.cleaned_data
            )
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(_next_page(request, slug, letter))
        seen = package.components.get(letter=letter).updated_at
    context = _editor(request, package, letter)
    context |= {
        "form": form,
        "seen": seen.isoformat(),
        "letter": ComponentLetter(letter),
        "items": next(c for c in context["components"] if c.letter == letter).items.all(),
        "suppliers": members_of(package.consortium).filter(components__contains=[letter]),
    }
    if letter == ComponentLetter.A:
        context |= _us_content(request, context["components"])
    return render(request, "packages/package_component.html", context, status=doors.status_of(form))


@login_required
@form_page
def item_edit(request: PortalRequest, slug: str, letter: str, pk: int | None = None) -> HttpResponse:
    """Add an item (without `pk`) or change one."""
    if letter not in ComponentLetter.values:
        raise Http404
    package = _package(request, slug)
    require(rules.can_edit_package(request.user, package))
    item = get_object_or_404(selectors.items_of(package, letter), pk=pk) if pk else None
    suppliers = members_of(package.consortium).filter(components__contains=[letter])
    form = ItemForm(doors.sent(request), instance=item, suppliers=suppliers, letter=letter)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _save_item(request, package, letter, form, pk))
    context = _editor(request, package, letter)
    context |= {"form": form, "letter": ComponentLetter(letter), "item": item, "suppliers": suppliers}
    return render(request, "packages/item_edit.html", context, status=doors.status_of(form))


def _save_item(request: PortalRequest, package: Package, letter: str, form: ItemForm, pk: int | None) -> str:
    item = selectors.items_of(package, letter).get(pk=pk) if pk else None  # read anew: the form changed its own
    actions.save_item(package, by=request.user, now=request.now, letter=letter, fields=form.cleaned_data, item=item)
    messages.success(request, _("Saved."))
    return reverse("package_component", args=[package.slug, letter])


@login_required
@require_POST
def item_remove(request: PortalRequest, slug: str, letter: str, pk: int) -> HttpResponse:
    package = _package(request, slug)
    with doors.told(request):
        return idempotency.once(request, lambda: _remove_item(request, package, letter, pk))
    return HttpResponseRedirect(reverse("package_component", args=[slug, letter]))


def _remove_item(request: PortalRequest, package: Package, letter: str, pk: int) -> str:
    item = get_object_or_404(selectors.items_of(package, letter), pk=pk)
    actions.remove_item(package, by=request.user, now=request.now, item=item)
    messages.success(request, _("“%(name)s” was removed.") % {"name": item.name})
    return reverse("package_component", args=[package.slug, letter])


@login_required
@form_page
def package_publish(request: PortalRequest, slug: str) -> HttpResponse:
    """Check what will be public, then publish."""
    package = _package(request, slug)
    require(rules.can_publish_package(request.user, package))
    form = ConfirmForm(doors.sent(request))
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _publish(request, package))
    context = _editor(request, package, "review")
    context["public"] = _with_labels(selectors.public_preview(package, context["components"])["components"])
    context["form"] = form
    return render(request, "packages/package_publish.html", context, status=doors.status_of(form))


def _publish(request: PortalRequest, package: Package) -> str:
    version = actions.publish_package(package, by=request.user, now=request.now)
    receipt = issue_receipt(
        package,
        "publish_package",
        by=request.user,
        now=request.now,
        summary=_("Version %(number)s of “%(package)s” is published.") % {"number": version.number, "package": package},
        next_step=_next_step(version),
        path=reverse("package_edit" if version.needs_look else "package_detail", args=[package.slug]),
    )
    return reverse("receipt_detail", args=[receipt.number])


def _next_step(version: PackageVersion) -> str:
    if version.needs_look:
        return _(
            "An officer of the program looks at what changed first. The catalogue shows it after that; you get mail."
        )
    return _("The catalogue shows it now. Matches with buyers' needs are being looked for; you will get mail.")


@login_required
@require_POST
def package_withdraw(request: PortalRequest, slug: str) -> HttpResponse:
    package = _package(request, slug)
    with doors.told(request):
        return idempotency.once(request, lambda: _withdraw(request, package))
    return HttpResponseRedirect(reverse("package_edit", args=[slug]))


def _withdraw(request: PortalRequest, package: Package) -> str:
    actions.withdraw_package(package, by=request.user, now=request.now)
    messages.success(request, _("The package is out of the catalogue."))
    return reverse("package_edit", args=[package.slug])
