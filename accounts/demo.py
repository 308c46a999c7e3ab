"""The demonstration's cast: who they are and what to try as each of them. For /demo/ and `manage.py seed_demo`."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import actions, selectors
from accounts.models import FederalOffice, OverseasPost, User
from accounts.rules import DEMONSTRATION
from accounts.states import Agency, Role

DOMAIN = "demo.example"


@dataclass(frozen=True)
class DemoPerson:
    """`key` is the address before its @. The federal ones hold a role, at each demonstration post or at none."""

    key: str
    name: str
    who: Promise | str
    try_this: Promise
    role: Role | None = None
    agency: Agency | None = None
    is_abroad: bool = False

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


def _evaluator(key: str, name: str, agency: Agency) -> DemoPerson:
    return DemoPerson(
        key,
        name,
        format_lazy(_("Interagency evaluator, {agency}"), agency=agency.label),
        _("Read the cases on which your agency is consulted."),
        Role.EVALUATOR,
        agency,
    )


CAST = (
    DemoPerson(
        "anchor",
        "Nora Lindqvist",
        _("Export manager of a U.S. company that leads a consortium"),
        _("Edit the package, publish it, answer a buyer who asks for an introduction."),
    ),
    DemoPerson(
        "member",
        "Samuel Okafor",
        _("Sales director of a company in the same consortium"),
        _("Accept the invitation and say which components your company supplies."),
    ),
    DemoPerson(
        "rival",
        "Claire Beaumont",
        _("Export manager of a competing consortium"),
        _("Look for what you must not see: the other consortium’s drafts, matches and introductions."),
    ),
    DemoPerson(
        "buyer",
        "Wanjiku Kamau",
        _("Digital infrastructure lead of a buyer that an officer trusts"),
        _("Post a need, read why a package fits it, ask for an introduction."),
    ),
    DemoPerson(
        "untrusted",
        "Viktor Hale",
        _("Purchasing manager of a buyer that nobody has vetted yet"),
        _("Register a need, and see what stays closed until an officer trusts you."),
    ),
    DemoPerson(
        "officer",
        "Daniel Reyes",
        _("Commercial officer at the overseas posts"),
        _("Open the vetting queue, read the screening result, recommend a buyer as trusted."),
        Role.OFFICER,
        Agency.ITA,
        is_abroad=True,
    ),
    DemoPerson(
        "countersigner",
        "Grace Tanaka",
        _("Commercial officer in Washington"),
        _("Countersign the trust that a colleague recommended."),
        Role.OFFICER,
        Agency.ITA,
    ),
    DemoPerson(
        "manager",
        "Patricia Cole",
        _("Program manager at the International Trade Administration"),
        _("Give and end federal roles, look after the posts and their countries."),
        Role.MANAGER,
        Agency.ITA,
    ),
    _evaluator("state", "James Whitaker", Agency.STATE),
    _evaluator("war", "Renee Castillo", Agency.WAR),
    _evaluator("energy", "Arjun Mehta", Agency.ENERGY),
    _evaluator("ostp", "Leah Goldstein", Agency.OSTP),
    DemoPerson(
        "secretary",
        "Howard Ellison",
        _("Decides for the Secretary of Commerce"),
        _("See the register as the deciding office does."),
        Role.SECRETARY,
        Agency.DOC,
    ),
    DemoPerson(
        "support",
        "Maya Feldman",
        _("Support officer at the Export-Import Bank"),
        _("Read what a financing agency sees of a package."),
        Role.SUPPORT,
        Agency.EXIM,
    ),
)

# Where the real posts are and what they cover is not ours to say: these are of the demonstration only.
POSTS = (
    ("Abu Dhabi", "Asia/Dubai", ["AE", "BH", "EG", "IQ", "JO", "KW", "MA", "OM", "QA", "SA", "TR"]),
    ("Nairobi", "Africa/Nairobi", ["ET", "GH", "KE", "NG", "RW", "SN", "TZ", "UG", "ZA", "ZM"]),
    ("Jakarta", "Asia/Jakarta", ["AU", "BD", "ID", "IN", "JP", "KR", "MY", "PH", "SG", "TH", "TW", "VN"]),
    ("Bogotá", "America/Bogota", ["AR", "BR", "CL", "CO", "CR", "DO", "EC", "MX", "PA", "PE", "UY"]),
    (
        "Warsaw",
        "Europe/Warsaw",
        ["CZ", "DE", "EE", "ES", "FI", "FR", "GB", "GR", "IT", "KZ", "LT", "LV", "NL", "PL", "PT", "RO", "UA", "UZ"],
    ),
)


def create_cast(now: datetime) -> dict[str, User]:
    """The cast with their posts and roles, by key; what is there already stays."""
    posts = [_post(city, zone, countries, now) for city, zone, countries in POSTS]
    return {person.key: _enroll(person, posts, now) for person in CAST}


def _post(city: str, zone: str, countries: list[str], now: datetime) -> OverseasPost:
    name = f"Demonstration post, {city}"
    found = OverseasPost.objects.filter(name=name).first()
    post = OverseasPost(name=name, city=city, time_zone=zone, countries=countries)
    return found or actions.save_post(post, by=DEMONSTRATION, now=now)


def _enroll(person: DemoPerson, posts: list[OverseasPost], now: datetime) -> User:
    if user := selectors.person_with_address(person.email):
        return user
    user = actions.enroll_person(person.email, by=DEMONSTRATION, now=now, name=person.name, is_demo=True)
    if person.role:
        office = FederalOffice.objects.filter(agency=person.agency).order_by("pk")[0]
        for post in posts if person.is_abroad else [None]:
            actions.grant_role(user, by=DEMONSTRATION, now=now, role=person.role, office=office, post=post)
    return user
