"""What a buyer wants to buy: written, checked, posted, closed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buyers import actions, rules, selectors
from buyers.forms.own import ConfirmForm, NeedForm
from buyers.models import Need
from core import doors, idempotency
from core.actions import issue_receipt
from core.http import PortalRequest
from core.paging import page_of
from core.permissions import require

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _need(request: PortalRequest, pk: int) -> Need:
    return get_object_or_404(selectors.needs_for(request.user), pk=pk)


def _page(need: Need) -> str:
    return reverse("need_detail", args=[need.pk])


@login_required
@require_safe
def need_list(request: PortalRequest) -> HttpResponse:
    page = page_of(selectors.needs_for(request.user).order_by("-id"), request, size=20)
    context = {"page": page, "has_buyer": selectors.buyers_for(request.user).exists()}
    return render(request, "buyers/need_list.html", context)


@login_required
@form_page
def need_create(request: PortalRequest) -> HttpResponse:
    buyers = selectors.buyers_for(request.user).order_by("organization__legal_name")
    initial = {"buyer": request.GET.get("buyer")} if request.GET.get("buyer", "").isdecimal() else {}
    form = NeedForm(doors.sent(request), buyers=buyers, today=request.now.date(), initial=initial)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _create(request, form))
    return render(request, "buyers/need_create.html", {"form": form, "buyers": buyers}, status=doors.status_of(form))


def _create(request: PortalRequest, form: NeedForm) -> str:
    buyer = form.cleaned_data["buyer"]
    need = actions.create_need(buyer, by=request.user, now=request.now, **form.need_fields())
    messages.success(request, _("Saved as a draft. Check it, then post it."))
    return _page(need)


@login_required
@require_safe
def need_detail(request: PortalRequest, pk: int) -> HttpResponse:
    need = _need(request, pk)
    context = {
        "need": need,
        "matching": selectors.why_not_matched(need, request.now),
        "can_edit": rules.can_edit_need(request.user, need),
    }
    return render(request, "buyers/need_detail.html", context)


@login_required
@form_page
def need_edit(request: PortalRequest, pk: int) -> HttpResponse:
    need = _need(request, pk)
    require(rules.can_edit_need(request.user, need))
    form = NeedForm(doors.sent(request), instance=need, today=request.now.date())
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            fresh = _need(request, pk)  # read anew: the form's validation changed its own instance
            version, fields = form.version_read, form.need_fields()
            actions.edit_need(fresh, by=request.user, now=request.now, expected_version=version, **fields)
            messages.success(request, _("Saved as a draft. Post it to have it matched."))
            return HttpResponseRedirect(_page(fresh))
    context = {"form": form, "need": _need(request, pk)}
    return render(request, "buyers/need_edit.html", context, status=doors.status_of(form))


@login_required
@form_page
def need_post(request: PortalRequest, pk: int) -> HttpResponse:
    """Check your answers, then post; the receipt follows."""
    need = _need(request, pk)
    require(rules.can_post_need(request.user, need))
    form = ConfirmForm(doors.sent(request))
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _post(request, need))
    context = {"need": _need(request, pk), "form": form, "trust": selectors.trust_of(need.buyer, request.now)}
    return render(request, "buyers/need_post.html", context, status=doors.status_of(form))


def _post(request: PortalRequest, need: Need) -> str:
    actions.post_need(need, by=request.user, now=request.now)
    waiting = selectors.why_not_matched(need, request.now)
    receipt = issue_receipt(
        need,
        "post_need",
        by=request.user,
        now=request.now,
        summary=_("Your need “%(need)s” is posted.") % {"need": need},
        next_step=waiting or _("Packages that fit it are being looked for; you will get mail."),
        path=_page(need),
    )
    return reverse("receipt_detail", args=[receipt.number])


@login_required
@require_POST
def need_close(request: PortalRequest, pk: int) -> HttpResponse:
    need = _need(request, pk)
    with doors.told(request):
        actions.close_need(need, by=request.user, now=request.now)
        messages.success(request, _("The need is closed. It is no longer matched; you can post it again."))
    return HttpResponseRedirect(_page(need))
