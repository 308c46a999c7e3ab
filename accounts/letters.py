"""What we say to people about their access."""

from django.utils.translation import gettext as _

from accounts.models import RoleGrant, User
from core.notifications import Letter


def role_granted(grant: RoleGrant) -> Letter:
    body = _(
        "You now hold the federal role “%(role)s” at %(place)s.\n\n"
        "You were signed out everywhere, so that the change holds from your next sign-in. Federal staff sign in with a "
        "second step: if you have none yet, the portal asks you to set one up first."
    ) % {"role": grant.get_role_display(), "place": grant.place}
    return Letter("role_granted", _("You have a new role in the AI Exports portal"), body, "/admin/", _reason())


def role_revoked(grant: RoleGrant) -> Letter:
    body = _(
        "You no longer hold the federal role “%(role)s” at %(place)s.\n\n"
        "You were signed out everywhere. Ask your program manager if you believe that this is a mistake."
    ) % {"role": grant.get_role_display(), "place": grant.place}
    return Letter(
        "role_revoked", _("A role of yours in the AI Exports portal has ended"), body, "/dashboard/", _reason()
    )


def person_restored(person: User) -> Letter:
    body = _("You can sign in again with the password that you had. If you forgot it, ask for a new one on that page.")
    return Letter(
        "person_restored", _("You can sign in to the AI Exports portal again"), body, "/dashboard/", _reason()
    )


def _reason() -> str:
    return _("You get this because it changes what you can do in the portal.")
