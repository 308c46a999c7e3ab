"""Inbox and receipts: the same for everybody who can sign in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core import actions, selectors
from core.http import PortalRequest
from core.paging import page_of


@login_required
@require_safe
def notification_list(request: PortalRequest) -> HttpResponse:
    page = page_of(selectors.notifications_for(request.user), request, size=30)
    return render(request, "core/notification_list.html", {"page": page})


@login_required
@require_POST
def notification_read(request: PortalRequest) -> HttpResponse:
    upto = request.POST.get("upto", "")
    if upto.isdecimal() and len(upto) < 19:
        actions.mark_read(request.user, upto=int(upto), now=request.now)
    return HttpResponseRedirect(reverse("notification_list"))


@login_required
@require_safe
def receipt_detail(request: PortalRequest, number: str) -> HttpResponse:
    receipt = get_object_or_404(selectors.receipts_for(request.user), number=number)
    return render(request, "core/receipt_detail.html", {"receipt": receipt})
