"""Where allauth meets the portal: its mail goes by outbox, its failures are counted in the database."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import assurance, links, lockouts
from accounts.models import User
from core import mail


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "Too many sign-ins failed. Wait 15 minutes, or set a new password from the link “Forgot your password?”."
        ),
        "email_password_mismatch": _("The e-mail address or the password is not right. Check both and try again."),
    }

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        for field in ("name", "language", "time_zone"):
            setattr(user, field, form.cleaned_data[field])
        return super().save_user(request, user, form, commit)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        keys = [lockouts.by_address(credentials.get("email", "")), lockouts.by_network(self.get_client_ip(request))]
        try:
            attempt = lockouts.begin_attempt(*keys, now=timezone.now())
        except lockouts.LockedOut:
            raise self.validation_error("too_many_login_attempts") from None
        user = super().authenticate(request, **credentials)
        if user:
            attempt.succeeded()
        return user

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        lockouts.forget(lockouts.by_address(user.email))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not assurance.has_recently_signed_in(context.request)

    def is_safe_url(self, url: str) -> bool:
        """Only back to ourselves: to a path, or to the host that this request came to."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render allauth's text in the reader's language and queue it; nothing is sent inside a request."""
        reader = context.get("user")
        language = reader.language if isinstance(reader, User) else translation.get_language()
        with translation.override(language):
            site = {"name": gettext("AI Exports portal"), "domain": settings.SITE_URL}
            context = {"email": email, "current_site": site} | context
            subject = render_to_string(f"{template_prefix}_subject.txt", context)
            text = render_to_string(f"{template_prefix}_message.txt", context)
        mail.queue(email, subject=subject, text=text.strip(), key=f"account:{uuid.uuid4()}", now=timezone.now())

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return links.absolute(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def get_reset_password_from_key_url(self, key: str) -> str:
        return links.password_address(key)
