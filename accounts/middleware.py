"""What holds for every request of a person who is signed in: session limits, two steps for staff, their language."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from accounts import assurance
from core.http import PortalRequest

Respond = Callable[[HttpRequest], HttpResponse]

SIGNED_IN, SEEN = "signed_in_at", "seen_at"  # in the session, in seconds since 1970
TOUCH_SECONDS = 60


class SessionLimits:
    """Ends a session that was idle too long or is too old, and says so on the sign-in page.

    The session notes at most each minute that its person is there.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(cast("PortalRequest", request).now.timestamp())
            if reason := self._why_over(request, now):
                logout(request)
                messages.warning(request, reason)
                return _to_sign_in(request)
            self._touch(request, now)
        return self.respond(request)

    def _why_over(self, request: HttpRequest, now: int) -> str:
        idle_limit = settings.SESSION_IDLE_SECONDS["staff" if request.user.is_staff else "other"]
        if now - request.session.get(SIGNED_IN, now) >= settings.SESSION_ABSOLUTE_SECONDS:
            hours = settings.SESSION_ABSOLUTE_SECONDS // 3600
            return _("You were signed out because you signed in %(hours)d hours ago. Sign in again to go on.") % {
                "hours": hours
            }
        if now - request.session.get(SEEN, now) >= idle_limit:
            return _(
                "You were signed out because nothing happened for %(minutes)d minutes. Sign in again to go on."
            ) % {"minutes": idle_limit // 60}
        return ""

    def _touch(self, request: HttpRequest, now: int) -> None:
        if SIGNED_IN not in request.session:
            request.session[SIGNED_IN] = now
        if now - request.session.get(SEEN, 0) >= TOUCH_SECONDS:
            request.session[SEEN] = now


class StaffSecondStep:
    """Federal staff go nowhere but to their own account before they have given a second step in this session."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.is_staff and not self._may_pass(request):
            messages.info(request, _("Federal staff sign in with a second step: set one up, or give it, to go on."))
            return HttpResponseRedirect(assurance.second_step_address(request, _path_to_return_to(request)))
        return self.respond(request)

    def _may_pass(self, request: HttpRequest) -> bool:
        return assurance.has_second_step(request) or request.path.startswith(_own_pages())


class ReaderPreferences:
    """The page in the language and the time zone that its reader chose."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.respond(request)
        translation.activate(request.user.language)  # LocaleMiddleware names it in the answer, and ends it
        request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(request.user.time_zone):
            return self.respond(request)


class FormErrorStatus:
    """422 also for the forms of allauth and of Django's admin, which answer 200 to a form with errors."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_template_response(
        self, request: HttpRequest, response: SimpleTemplateResponse
    ) -> SimpleTemplateResponse:
        context: dict[str, Any] = response.context_data or {}
        form = context.get("form") or context.get("adminform")
        if request.method == "POST" and response.status_code == 200 and getattr(form, "errors", None):
            response.status_code = 422
        return response


def _own_pages() -> tuple[str, ...]:
    """A person's own account, the pages that let them in or out, and what pages are made of."""
    return (reverse("account_login").removesuffix("login/"), resolve_url(settings.STATIC_URL))


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    query = urlencode({"next": _path_to_return_to(request)})
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{query}")


def _path_to_return_to(request: HttpRequest) -> str:
    """The page itself; after a form was sent, the page that it was on, since its own address may only take forms."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    return urlsplit(referer)._replace(scheme="", netloc="").geturl() or "/"
