"""A need and a package that meet, and introductions in each state: walked there by the real actions."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from accounts.models import User
from buyers.models import Buyer, Need
from buyers.states import NeedStatus
from consortia.models import Consortium
from core import outbox
from matching import actions
from matching.models import Introduction
from matching.states import DeclineReason, IntroductionStatus
from organizations.actions import add_party
from organizations.states import MemberRole, PartyKind, PartyRole
from packages.actions import publish_package
from packages.models import Package
from tests.factories import buyers, consortia, organizations, packages, screening
from tests.factories.accounts import person


@dataclass
class Scene:
    """`anchor@` and `member@` offer the package, the trusted `buyer@` posted the need; nothing is scored yet."""

    consortium: Consortium
    package: Package
    buyer: Buyer
    need: Need

    def keys(self) -> dict[str, int]:
        return {name: getattr(self, name).pk for name in ("consortium", "package", "buyer", "need")}

    @classmethod
    def read(cls, keys: dict[str, int]) -> "Scene":
        """The same scene as it is stored now."""
        return cls(
            Consortium.objects.get(pk=keys["consortium"]),
            Package.objects.get(pk=keys["package"]),
            Buyer.objects.get(pk=keys["buyer"]),
            Need.objects.get(pk=keys["need"]),
        )


def scene(now: datetime, tmp_path: Path) -> Scene:
    screening.rules()
    consortium = consortia.complete(now=now)
    buyer = buyers.trusted_buyer(now, tmp_path)
    anchor = consortium.members.get(part="ANCHOR").company.organization
    contact = {"role": PartyRole.CONTACT, "kind": PartyKind.PERSON, "name": "Grace Ito", "email": "grace@meridian.test"}
    add_party(anchor, by=person("anchor"), now=now, **contact)
    settle(now)
    return Scene(consortium, offered(consortium, now=now), buyer, buyers.need_at(NeedStatus.POSTED, buyer, now=now))


def settle(now: datetime) -> None:
    """Deliver what waits: whoever is new or changed is held against the list, and pairs are scored."""
    outbox.drain(now)


def offered(consortium: Consortium, *, now: datetime, title: str = "Grid stack", **offer: object) -> Package:
    """A published package; `offer` changes what the draft says."""
    package = packages.filled(consortium, now=now, title=title)
    packages.actions.save_step(
        package, by=person("anchor"), now=now, fields={"sectors": ["ENERGY"], "languages": ["en", "sw"]} | offer
    )
    consortia.cleared(consortium, now=now)
    publish_package(package, by=person("anchor"), now=now)
    return package


def viewer(subject: object, name: str, *, now: datetime) -> User:
    """A person of the organization who may look and not act."""
    return organizations.member(subject, name, MemberRole.VIEWER, now=now)


def introduction(of: Scene, *, now: datetime, message: str = "We would like to talk about delivery.") -> Introduction:
    made, _receipt = actions.request_introduction(
        of.need, by=person("buyer"), now=now, package=of.package, message=message
    )
    return made


def introduction_at(status: str, of: Scene, *, now: datetime) -> Introduction:
    made, anchor = introduction(of, now=now), person("anchor")
    if status == IntroductionStatus.WITHDRAWN:
        actions.withdraw_introduction(made, by=person("buyer"), now=now)
    if status == IntroductionStatus.DECLINED:
        actions.decline_introduction(made, by=anchor, now=now, reason=DeclineReason.CAPACITY, note="Not this year.")
    if status in (IntroductionStatus.ACCEPTED, IntroductionStatus.CLOSED):
        actions.accept_introduction(made, by=anchor, now=now)
    if status == IntroductionStatus.CLOSED:
        actions.close_introduction(made, by=anchor, now=now)
    return made
