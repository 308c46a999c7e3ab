"""Public notices."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from calls import selectors
from core.http import PortalRequest
from core.paging import page_of


@require_safe
def notice_list(request: PortalRequest) -> HttpResponse:
    page = page_of(selectors.notices().order_by("-id"), request, size=20)
    return render(request, "calls/notice_list.html", {"page": page})


@require_safe
def notice_detail(request: PortalRequest, slug: str) -> HttpResponse:
    notice = get_object_or_404(selectors.notices(), slug=slug)
    return render(request, "calls/notice_detail.html", {"notice": notice})
