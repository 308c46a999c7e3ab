"""The dashboard: what waits for a person, and where they are at home. Each room's part is one small function."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consortia.selectors import companies_for, invitations_to
from packages.selectors import packages_for
from packages.states import PackageStatus


@dataclass(frozen=True)
class Link:
    title: str
    text: str
    path: str


def tasks_for(user: Any, now: datetime) -> list[Link]:
    return [*_company_tasks(user)]


def _company_tasks(user: Any) -> Iterator[Link]:
    if user.is_staff:
        return
    for invitation in invitations_to(user):
        title = _("Invitation to “%(consortium)s”") % {"consortium": invitation.consortium}
        yield Link(title, _("Open the link in the mail to accept or decline."), reverse("company_list"))
    for package in packages_for(user).filter(status=PackageStatus.DRAFT).order_by("-updated_at")[:5]:
        yield Link(str(package), _("A draft to complete and publish."), reverse("package_edit", args=[package.slug]))


def places_for(user: Any) -> list[Link]:
    """Links to the person's own rooms; to both doors for somebody who chose neither yet."""
    if user.is_staff:
        return [Link(_("Workbench"), _("Cases, screening hits and records."), reverse("admin:index"))]
    companies = [
        Link(_("My companies and consortia"), _("Members, invitations and components."), reverse("company_list")),
        Link(_("My packages"), _("Drafts and what is published."), reverse("package_list")),
    ]
    if companies_for(user).exists():
        return companies
    return [
        Link(_("Register a company"), _("To form or join a consortium."), reverse("company_register")),
        *companies,
    ]
