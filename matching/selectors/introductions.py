"""Introductions as the two sides of them see them, and what opens only by acceptance."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from buyers.models import Need
from buyers.selectors import buyers_for, needs_for, posted_needs, trusted, trusts
from consortia.models import Member
from consortia.selectors import anchor_of, people_of_anchor
from consortia.states import MemberPart, MemberStatus
from matching import explanation
from matching.models import Introduction, ThreadMessage
from matching.selectors.pairs import Places, need_facts
from matching.states import IntroductionStatus, Side
from organizations.models import AssociatedParty, Organization
from organizations.selectors import has_part, organizations_for, parties_of, people_of
from organizations.states import MemberRole, PartyRole
from packages.selectors import offered

EDITING = (MemberRole.ADMINISTRATOR, MemberRole.SIGNER, MemberRole.EDITOR)


def introductions_for(user: Any, now: datetime) -> QuerySet[Introduction]:
    """Those of the person's own organization, as the buyer or as the anchor member; newest first.

    One that is not `is_live` is paused, whatever its status: its buyer's trust has to cover what the need says now, and
    the package has to be offered.
    """
    own = organizations_for(user).values("pk")
    anchors = Member.objects.filter(
        part=MemberPart.ANCHOR, status=MemberStatus.ACCEPTED, company__organization__in=own
    ).values("consortium")
    sides = Q(need__buyer__organization__in=own) | Q(package__consortium__in=anchors)
    return _with_standing(now).filter(sides).order_by("-id")


def _with_standing(now: datetime) -> QuerySet[Introduction]:
    buyer = trusts(now).filter(
        buyer=OuterRef("need__buyer"),
        scope_countries__contains=[OuterRef("need__destination")],
        scope_components__contains=OuterRef("need__components"),
    )
    package = offered(now).filter(pk=OuterRef("package"))
    introductions = Introduction.objects.select_related(
        "need__buyer__organization", "package__consortium", "requested_by"
    )
    # The model declares the name for those who read it, which the plugin takes for a clash.
    return introductions.annotate(is_live=Exists(buyer) & Exists(package))  # type: ignore[no-redef]


def is_live(introduction: Introduction, now: datetime) -> bool:
    """Read anew: whether messages and contacts may pass at `now`."""
    return _with_standing(now).get(pk=introduction.pk).is_live


def side_in(user: Any, introduction: Introduction) -> Side:
    """On whose side the person stands in an introduction that `introductions_for` gave them; the buyer's if on both."""
    return Side.BUYER if has_part(user, introduction.need.buyer.organization) else Side.VENDOR


def people_of_side(introduction: Introduction, side: Side) -> QuerySet[Any]:
    if side == Side.BUYER:
        return people_of(introduction.need.buyer.organization)
    return people_of_anchor(introduction.package.consortium)


def messages_of(introduction: Introduction) -> QuerySet[ThreadMessage]:
    return introduction.thread.select_related("sender")


@dataclass(frozen=True)
class Contacts:
    """Whom to talk to on one side."""

    side: Side
    organization: Organization
    parties: list[AssociatedParty]
    people: list[Any]


def contacts_of(introduction: Introduction, now: datetime) -> list[Contacts]:
    """Both sides' contacts: empty before acceptance, and while the introduction is paused."""
    if introduction.status != IntroductionStatus.ACCEPTED or not is_live(introduction, now):
        return []
    return [own_contacts(introduction, side) for side in Side]


def own_contacts(introduction: Introduction, side: Side) -> Contacts:
    """What acceptance opens of one side: its contacts and, besides them, its people who may act. For that side's own
    eyes before."""
    if side == Side.BUYER:
        organization = introduction.need.buyer.organization
    else:
        organization = anchor_of(introduction.package.consortium).company.organization
    parties = list(parties_of(organization).filter(role=PartyRole.CONTACT))
    named = {party.email.lower() for party in parties}
    people = [person for person in people_of(organization, *EDITING).order_by("pk") if person.email not in named]
    return Contacts(side, organization, parties, people)


def disclosed_rows(introduction: Introduction, now: datetime) -> list[tuple[str, str]]:
    """The need as the other side reads it: private numbers as bands."""
    return explanation.disclosed(need_facts(introduction.need, Places(now.date())))


def needs_ready_for(user: Any, now: datetime) -> QuerySet[Need]:
    """The person's needs for which they can ask for an introduction now."""
    return posted_needs(now).filter(pk__in=needs_for(user).values("pk")).order_by("title", "pk")


@dataclass(frozen=True)
class Obstacle:
    """What keeps a person from asking for an introduction, and the page (a url name) that leads on."""

    words: str
    view: str
    action: str


def obstacle_for(user: Any, now: datetime) -> Obstacle | None:
    """None when nothing does."""
    if needs_ready_for(user, now).exists():
        return None
    own = buyers_for(user)
    if not own.exists():
        words = _("Only a buyer can ask for an introduction. Register your organization as a buyer first.")
        return Obstacle(words, "buyer_register", _("Register as a buyer"))
    if not trusted(now).filter(pk__in=own.values("pk")).exists():
        words = _("Introductions open when officers have found your organization to be a trusted buyer.")
        return Obstacle(words, "dashboard", _("See where you stand"))
    words = _("Post a need first: an introduction is always about one posted need.")
    return Obstacle(words, "need_list", _("Your needs"))
