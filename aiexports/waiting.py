"""The dashboard: what waits for a person, and where they are at home. Each room's part is one small function."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.selectors import has_role
from accounts.states import Role
from buyers.selectors import buyers_for, cases_for, open_questions_for
from buyers.states import CaseStatus
from consortia.selectors import companies_for, companies_for_officer, invitations_to, with_clearance
from matching.selectors.introductions import introductions_for, side_in
from matching.states import IntroductionStatus, Side
from packages.selectors import once_published, packages_for, waiting_packages
from packages.states import PackageStatus


@dataclass(frozen=True)
class Link:
    title: str
    text: str
    path: str


def tasks_for(user: Any, now: datetime) -> list[Link]:
    """What only this person, or a colleague, can move on."""
    return [
        *_company_tasks(user, now),
        *_buyer_tasks(user),
        *_introduction_tasks(user, now),
        *_officer_tasks(user, now),
    ]


def _company_tasks(user: Any, now: datetime) -> Iterator[Link]:
    if user.is_staff:
        return
    for invitation in invitations_to(user, now):
        title = _("Invitation to “%(consortium)s”") % {"consortium": invitation.consortium}
        yield Link(title, _("Open the link in the mail to accept or decline."), reverse("company_list"))
    for package in packages_for(user).filter(status=PackageStatus.DRAFT).order_by("-updated_at")[:5]:
        yield Link(str(package), _("A draft to complete and publish."), reverse("package_edit", args=[package.slug]))


def _buyer_tasks(user: Any) -> Iterator[Link]:
    for question in open_questions_for(user).select_related("case"):
        path = reverse("buyer_detail", args=[question.case.buyer_id])
        yield Link(_("A question from the officers"), question.text[:200], path)


def _introduction_tasks(user: Any, now: datetime) -> Iterator[Link]:
    if user.is_staff:
        return
    waiting = introductions_for(user, now).filter(status=IntroductionStatus.REQUESTED).select_related("package")
    for introduction in waiting[:10]:
        if side_in(user, introduction) == Side.VENDOR:
            title = _("A buyer asks about “%(package)s”") % {"package": introduction.package}
            path = reverse("introduction_detail", args=[introduction.pk])
            yield Link(title, _("Accept or decline the introduction."), path)


def _officer_tasks(user: Any, now: datetime) -> Iterator[Link]:
    if not has_role(user, Role.OFFICER):
        return
    waiting = with_clearance(companies_for_officer(user), now).filter(supplies=True, is_fit=False).count()
    if waiting:
        text = _("%(count)s companies in consortia wait for clearance, or are not clear any more.") % {"count": waiting}
        yield Link(_("Companies to clear"), text, reverse("admin:consortia_company_changelist") + "?clearance=waits")
    waiting = waiting_packages(once_published()).count()
    if waiting:
        text = _("%(count)s published packages changed in what matters; they are shown after an officer looked.")
        path = reverse("admin:packages_package_changelist") + "?look=waits"
        yield Link(_("Changes to look at"), text % {"count": waiting}, path)
    count = cases_for(user).filter(status__in=[CaseStatus.OPEN, CaseStatus.RECOMMENDED]).count()
    if count:
        text = _("%(count)s cases are open or wait for a second officer.") % {"count": count}
        yield Link(_("Vetting queue"), text, reverse("admin:buyers_vettingcase_changelist"))


def places_for(user: Any) -> list[Link]:
    """Links to the person's own rooms; to both doors for somebody who chose neither yet."""
    if user.is_staff:
        return [Link(_("Workbench"), _("Cases, screening hits and records."), reverse("admin:index"))]
    company_places = [
        Link(_("My companies and consortia"), _("Members, invitations and components."), reverse("company_list")),
        Link(_("My packages"), _("Drafts and what is published."), reverse("package_list")),
    ]
    buyer_places = [
        Link(_("My buyers"), _("Profile, vetting status and questions."), reverse("buyer_list")),
        Link(_("My needs"), _("What you want to buy, and for which country."), reverse("need_list")),
    ]
    shared = [Link(_("Introductions"), _("Requests, answers and messages."), reverse("introduction_list"))]
    is_company, is_buyer = companies_for(user).exists(), buyers_for(user).exists()
    if is_company or is_buyer:
        return (company_places if is_company else []) + (buyer_places if is_buyer else []) + shared
    return [
        Link(_("Register a company"), _("To form or join a consortium."), reverse("company_register")),
        Link(_("Register as a buyer"), _("To be vetted, matched and introduced."), reverse("buyer_register")),
        *company_places[:1],
    ]
