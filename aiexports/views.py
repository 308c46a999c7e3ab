"""The pages that belong to no room: the door, what waits for me, and how the portal is."""

import prometheus_client
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aiexports import health
from core import outbox
from core.http import PortalRequest


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    return render(request, "home/home.html")


@login_required
@require_safe
def dashboard(request: PortalRequest) -> HttpResponse:
    return render(request, "home/dashboard.html")


@require_safe
def healthz(request: PortalRequest) -> HttpResponse:
    """200 when ready, 503 with the parts that are not; `live` is true whenever this answers."""
    parts = health.checks()
    is_ready = all(state == "ok" for part, state in parts.items() if part != "broker")
    body = {"live": True, "ready": is_ready, "parts": parts}
    return JsonResponse(body, status=200 if is_ready else 503)


@require_safe
def status(request: PortalRequest) -> HttpResponse:
    return render(request, "home/status.html", {"outbox": outbox.health(request.now)})


@require_safe
def metrics(request: PortalRequest) -> HttpResponse:
    return HttpResponse(prometheus_client.generate_latest(), content_type=prometheus_client.CONTENT_TYPE_LATEST)
