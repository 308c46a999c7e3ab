"""The pages that belong to no room: the door, what waits for me, and how the portal is."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from aiexports import health, waiting
from calls.selectors import notices
from consortia.states import ComponentLetter
from core import outbox
from core.http import PortalRequest
from core.metrics import exposition
from core.selectors import notifications_for
from packages.selectors import offered
from screening.selectors import freshness, list_banner


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    context = {
        "letters": ComponentLetter,
        "package_count": offered(request.now).count(),
        "banner": list_banner(request.now),
        "notices": notices()[:4],
    }
    return render(request, "home/home.html", context)


@login_required
@require_safe
def dashboard(request: PortalRequest) -> HttpResponse:
    context = {
        "tasks": waiting.tasks_for(request.user, request.now),
        "places": waiting.places_for(request.user),
        "notifications": notifications_for(request.user)[:5],
    }
    return render(request, "home/dashboard.html", context)


@require_safe
def healthz(request: PortalRequest) -> HttpResponse:
    """200 when ready, 503 with the parts that are not; `live` is true whenever this answers."""
    parts = health.checks()
    is_ready = all(state == "ok" for part, state in parts.items() if part != "broker")
    body = {"live": True, "ready": is_ready, "parts": parts}
    return JsonResponse(body, status=200 if is_ready else 503)


@require_safe
def status(request: PortalRequest) -> HttpResponse:
    health_of_outbox = outbox.health(request.now)
    share = health_of_outbox.share_within_10_seconds
    context = {
        "outbox": health_of_outbox,
        "within_percent": None if share is None else share * 100,
        "freshness": freshness(request.now),
        "banner": list_banner(request.now),
    }
    return render(request, "home/status.html", context)


@require_safe
def metrics(request: PortalRequest) -> HttpResponse:
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
