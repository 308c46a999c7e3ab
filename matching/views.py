"""Matches with their reasons, and introductions as threads, for both sides."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.validators import slug_re
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import doors, idempotency
from core.http import PortalRequest
from core.paging import page_of
from core.permissions import require
from matching import actions, rules, selectors
from matching.forms import DeclineForm, IntroductionForm, MessageForm
from matching.models import Introduction
from matching.states import IntroductionStatus, Side
from packages.models import Package
from packages.selectors import offered

form_page = require_http_methods(["GET", "HEAD", "POST"])
PAGE_SIZE = 25


@login_required
@require_safe
def match_list(request: PortalRequest) -> HttpResponse:
    groups = selectors.match_groups_for(request.user, request.now)
    context = {
        "need_groups": groups[Side.BUYER],
        "package_groups": groups[Side.VENDOR],
        "obstacle": None if any(groups.values()) else selectors.obstacle_for(request.user, request.now),
    }
    return render(request, "matching/match_list.html", context)


@login_required
@require_safe
def match_detail(request: PortalRequest, pk: int) -> HttpResponse:
    match = get_object_or_404(selectors.matches_for(request.user, request.now), pk=pk)
    side = selectors.side_of(request.user, match)
    context = {
        "match": match,
        "is_buyer": side == Side.BUYER,
        "explained": selectors.explained(match, side, request.now),
    }
    return render(request, "matching/match_detail.html", context)


@login_required
@require_safe
def introduction_list(request: PortalRequest) -> HttpResponse:
    page = page_of(selectors.introductions_for(request.user, request.now), request, size=PAGE_SIZE)
    return render(request, "matching/introduction_list.html", {"page": page})


# --- asking ----------------------------------------------------------------------------------------------------------


@login_required
@form_page
def introduction_new(request: PortalRequest) -> HttpResponse:
    """Fill in, check, send: `?package=` is an id or a slug, `?need=` may choose the need beforehand."""
    package = _offered_package(request)
    if obstacle := selectors.obstacle_for(request.user, request.now):
        context = {"package": package, "obstacle": obstacle}
        return render(request, "matching/introduction_refused.html", context, status=403)
    needs = selectors.needs_ready_for(request.user, request.now)
    form = IntroductionForm(request.POST or None, needs=needs, initial={"need": request.GET.get("need")})
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        if "confirmed" not in request.POST:
            return render(request, "matching/introduction_check.html", {"package": package, "form": form})
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _request(request, package, form))
    context = {"package": package, "form": form}
    return render(request, "matching/introduction_new.html", context, status=doors.status_of(form))


def _offered_package(request: PortalRequest) -> Package:
    key = request.GET.get("package", "")
    if not slug_re.match(key):
        raise Http404
    named = Q(pk=int(key)) if key.isdecimal() and len(key) < 19 else Q(slug=key)
    return get_object_or_404(offered(request.now), named)


def _request(request: PortalRequest, package: Package, form: IntroductionForm) -> str:
    need, message = form.cleaned_data["need"], form.cleaned_data["message"]
    _introduction, receipt = actions.request_introduction(
        need, by=request.user, now=request.now, package=package, message=message
    )
    return reverse("receipt_detail", args=[receipt.number])


# --- the thread ------------------------------------------------------------------------------------------------------


def _introduction(request: PortalRequest, pk: int) -> Introduction:
    return get_object_or_404(selectors.introductions_for(request.user, request.now), pk=pk)


def _page_of(introduction: Introduction) -> str:
    return reverse("introduction_detail", args=[introduction.pk])


@login_required
@form_page
def introduction_detail(request: PortalRequest, pk: int) -> HttpResponse:
    introduction = _introduction(request, pk)
    form = MessageForm(doors.sent(request))
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _write(request, introduction, form))
    context = {"introduction": introduction, "form": form, **_standing(request, introduction)}
    return render(request, "matching/introduction_detail.html", context, status=doors.status_of(form))


def _standing(request: PortalRequest, introduction: Introduction) -> dict[str, object]:
    """What the person sees of it and may do with it at this moment."""
    user, is_requested = request.user, introduction.status == IntroductionStatus.REQUESTED
    is_open = is_requested or introduction.status == IntroductionStatus.ACCEPTED
    writes = introduction.status == IntroductionStatus.ACCEPTED and rules.can_write_message(user, introduction)
    return {
        "is_buyer": selectors.side_in(user, introduction) == Side.BUYER,
        "is_paused": is_open and not introduction.is_live,
        "need_rows": selectors.disclosed_rows(introduction, request.now),
        "contacts": selectors.contacts_of(introduction, request.now),
        "thread": selectors.messages_of(introduction),
        "can_answer": is_requested and rules.can_answer_introduction(user, introduction),
        "can_withdraw": is_requested and rules.can_withdraw_introduction(user, introduction),
        "can_write": writes and introduction.is_live,
        "can_close": writes,
    }


def _write(request: PortalRequest, introduction: Introduction, form: MessageForm) -> str:
    actions.write_message(introduction, by=request.user, now=request.now, body=form.cleaned_data["body"])
    messages.success(request, _("Your message was sent."))
    return _page_of(introduction)


@login_required
@form_page
def introduction_accept(request: PortalRequest, pk: int) -> HttpResponse:
    """Shows what opens to the other side before it does."""
    introduction = _introduction(request, pk)
    require(rules.can_answer_introduction(request.user, introduction))
    if request.method == "POST":
        with doors.told(request):
            return idempotency.once(request, lambda: _accept(request, introduction))
        return HttpResponseRedirect(_page_of(introduction))
    own = selectors.own_contacts(introduction, Side.VENDOR)
    return render(request, "matching/introduction_accept.html", {"introduction": introduction, "own": own})


def _accept(request: PortalRequest, introduction: Introduction) -> str:
    actions.accept_introduction(introduction, by=request.user, now=request.now)
    messages.success(request, _("You are introduced. Contact details of both sides are open now."))
    return _page_of(introduction)


@login_required
@form_page
def introduction_decline(request: PortalRequest, pk: int) -> HttpResponse:
    introduction = _introduction(request, pk)
    require(rules.can_answer_introduction(request.user, introduction))
    form = DeclineForm(doors.sent(request))
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _decline(request, introduction, form))
    context = {"introduction": introduction, "form": form}
    return render(request, "matching/introduction_decline.html", context, status=doors.status_of(form))


def _decline(request: PortalRequest, introduction: Introduction, form: DeclineForm) -> str:
    actions.decline_introduction(introduction, by=request.user, now=request.now, **form.cleaned_data)
    messages.success(request, _("You declined. The buyer was told your reason."))
    return _page_of(introduction)


@login_required
@require_POST
def introduction_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    introduction = _introduction(request, pk)
    with doors.told(request):
        actions.withdraw_introduction(introduction, by=request.user, now=request.now)
    return HttpResponseRedirect(_page_of(introduction))


@login_required
@require_POST
def introduction_close(request: PortalRequest, pk: int) -> HttpResponse:
    introduction = _introduction(request, pk)
    with doors.told(request):
        actions.close_introduction(introduction, by=request.user, now=request.now)
    return HttpResponseRedirect(_page_of(introduction))
