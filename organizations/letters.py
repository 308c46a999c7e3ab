"""What we say to an organization's people."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.notifications import Letter
from organizations.models import Invitation


def colleague_invited(invitation: Invitation, inviter: Any, token: str) -> Letter:
    names = {"inviter": inviter.name, "organization": invitation.organization, "role": invitation.get_role_display()}
    return Letter(
        kind="organizations.colleague_invited",
        subject=_("%(inviter)s invites you to %(organization)s on the AI Exports portal") % names,
        body=_(
            "%(inviter)s asks you to join %(organization)s as “%(role)s”.\n\n"
            "Sign in or sign up with this e-mail address, then accept. The link works for 14 days."
        )
        % names,
        path=reverse("organization_invitation", args=[token]),
        reason=_("You get this because a colleague entered your e-mail address."),
    )
