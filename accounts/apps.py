from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and federal roles")

    def ready(self) -> None:
        """Raises ImproperlyConfigured, in every process, where the demonstration must not run."""
        from allauth.mfa.signals import authenticator_added

        from accounts import assurance, checks

        authenticator_added.connect(assurance.remember_enrollment, dispatch_uid="accounts.remember_enrollment")
        if problems := checks.demo_problems():
            raise ImproperlyConfigured(" ".join(f"{problem.msg} {problem.hint}" for problem in problems))
