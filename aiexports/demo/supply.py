"""Twelve consortia and thirty packages."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from accounts.actions import enroll_person
from accounts.models import User
from accounts.rules import DEMONSTRATION
from consortia import actions as consortia
from consortia.models import Company, Consortium
from consortia.selectors import members_of
from consortia.states import ComponentLetter, ConsortiumKind
from core import outbox
from organizations.actions import add_party
from organizations.states import PartyKind, PartyRole
from packages import actions as packages
from packages.models import Package


@dataclass(frozen=True)
class Team:
    """A consortium: its companies with country, the sectors and markets that its packages serve."""

    name: str
    companies: tuple[tuple[str, str], ...]
    sectors: tuple[str, ...]
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    titles: tuple[str, ...]


TEAMS = (
    Team("Cedar Ridge Alliance", (("Cedar Ridge Compute Inc", "US"), ("Lakeshore Annotation LLC", "US"), ("Tamarack Defense Software Inc", "US")), ("HEALTH", "GOVERNMENT"), ("KE", "GH", "BR", "AE"), ("en", "fr", "pt"), ("Hospital AI in a box", "National health data platform", "Clinical language assistant")),
    Team("Prairie Grid Consortium", (("Prairie Grid Systems Inc", "US"), ("Juniper Mesa Models LLC", "US"), ("Nordlys Modellering AS", "NO")), ("ENERGY", "MINERALS"), ("AE", "SA", "CL", "PL"), ("en", "ar", "es"), ("Grid forecasting stack", "Mine safety intelligence", "Sovereign energy compute")),
    Team("Harborview Trade Stack", (("Harborview Cloud Corp", "US"), ("Quillfeather Data Inc", "US")), ("TRANSPORT", "MANUFACTURING"), ("VN", "ID", "MX", "KE"), ("en", "vi", "id", "es"), ("Port logistics AI", "Factory quality vision", "Customs document reader")),
    Team("Bluestem Agriculture AI", (("Bluestem Agronomics Inc", "US"), ("Fallow Field Sensors LLC", "US"), ("Hayloft Security Inc", "US")), ("AGRICULTURE",), ("IN", "BR", "KE", "ID"), ("en", "hi", "pt", "sw"), ("Crop advisory stack", "Irrigation planner for districts")),
    Team("Sagebrush Education Group", (("Sagebrush Learning Inc", "US"), ("Pocket Mesa Networks LLC", "US")), ("EDUCATION",), ("IN", "PL", "MX", "GH"), ("en", "es", "pl", "hi"), ("Tutoring in local languages", "Campus compute cluster", "Teacher workload assistant")),
    Team("Ironwood Public Safety", (("Ironwood Response Corp", "US"), ("Lantern Hill Analytics Inc", "US"), ("Copperline Radio LLC", "US")), ("PUBLIC_SAFETY", "GOVERNMENT"), ("PL", "RO", "JP", "CO"), ("en", "pl", "ja", "es"), ("Disaster response platform", "Emergency call triage")),
    Team("Silver Birch Finance Stack", (("Silver Birch Computing Inc", "US"), ("Mossbank Models Inc", "US")), ("FINANCE",), ("SG", "JP", "BR", "AE"), ("en", "ja", "pt", "ar"), ("Fraud detection for central banks", "Credit files in small languages")),
    Team("Redstone Telecom AI", (("Redstone Edge Inc", "US"), ("Whitewater Labeling LLC", "US"), ("Kobo Heights Software KK", "JP")), ("TELECOM",), ("JP", "ID", "VN", "SA"), ("en", "ja", "id", "ar"), ("Network operations copilot", "Edge AI for rural towers", "Spectrum planner")),
    Team("Granite Falls Code Works", (("Granite Falls Software Inc", "US"), ("Otter Creek Hardware Corp", "US")), ("SOFTWARE", "GOVERNMENT"), ("KR", "PL", "AE", "CL"), ("en", "ko", "pl", "ar"), ("Government software factory", "Legacy code renewal")),
    Team("Wild Plum Care Network", (("Wild Plum Health Inc", "US"), ("Sandbar Privacy LLC", "US"), ("Goldfinch Imaging Inc", "US")), ("HEALTH",), ("IN", "KR", "SA", "CO"), ("en", "ar", "ko", "es"), ("Radiology triage", "Rural clinic assistant")),
    Team("Longleaf Mobility", (("Longleaf Robotics Corp", "US"), ("Dry Creek Mapping Inc", "US")), ("TRANSPORT", "MINERALS"), ("CL", "KR", "SA", "GH"), ("en", "es", "fr"), ("Autonomous haulage stack", "City traffic control", "Rail inspection vision")),
    Team("Northwater Opportunity Team", (("Northwater Systems Inc", "US"), ("Elk Meadow Data Inc", "US")), ("GOVERNMENT", "EDUCATION"), ("AE", "PL"), ("en", "ar"), ("Emirates citizen services stack", "Public records assistant")),
)  # fmt: skip

PRICES = ("FROM_1M", "FROM_10M", "FROM_10M", "FROM_100M")
PRODUCTS = {
    "A": (
        "Accelerated server rack",
        "Liquid-cooled racks with accelerators, storage and network, installed and tested.",
    ),
    "B": ("Data pipeline and labeling", "Ingest, cleaning and labeling with records of origin for each data set."),
    "C": ("Domain language model", "A model tuned for the sector, with evaluations that the buyer can repeat."),
    "D": ("Model security suite", "Access control, monitoring and red-team tests, mapped to the NIST frameworks."),
    "E": ("Sector application", "The application that people use every day, with training and support."),
}


def build(cast: dict[str, User], now: datetime) -> list[Package]:
    """All of it; packages are published after everybody was screened."""
    consortia_made = [_consortium(position, team, cast, now) for position, team in enumerate(TEAMS)]
    outbox.drain(now)
    for consortium, _lead in consortia_made:
        _clear(consortium, cast["officer"], now)
    made = [
        _package(number, consortium, team, title, lead, now)
        for number, (consortium, team, title, lead) in enumerate(
            (consortium, team, title, lead)
            for (consortium, lead), team in zip(consortia_made, TEAMS, strict=True)
            for title in team.titles
        )
    ]
    outbox.drain(now)
    return made


def people_of_team(position: int, cast: dict[str, User], now: datetime) -> list[User]:
    """The persons of a team's companies: some of the cast first, invented ones for the rest."""
    known = {0: ["anchor", "member"], 1: ["rival"]}.get(position, [])
    people = [cast[key] for key in known]
    for number in range(len(people), len(TEAMS[position].companies)):
        company = TEAMS[position].companies[number][0]
        email = f"export@{slugify(company)}.example"
        people.append(enroll_person(email, by=DEMONSTRATION, now=now, name=f"Export desk, {company}", is_demo=True))
    return people


def _consortium(position: int, team: Team, cast: dict[str, User], now: datetime) -> tuple[Consortium, User]:
    people = people_of_team(position, cast, now)
    companies = [
        _company(name, country, by, position * 3 + number, now)
        for number, ((name, country), by) in enumerate(zip(team.companies, people, strict=True))
    ]
    is_on_demand = position == len(TEAMS) - 1
    formed = consortia.form_consortium(
        companies[0],
        by=people[0],
        now=now,
        name=team.name,
        kind=ConsortiumKind.ON_DEMAND if is_on_demand else ConsortiumKind.PRE_SET,
        opportunity="Citizen services of a federation of seven emirates." if is_on_demand else "",
        summary="A standing team that delivers and supports complete stacks.",
        components=["A", "C"],
    )
    shares = {2: [["B", "D", "E"]], 3: [["B", "E"], ["D"]]}[len(companies)]
    for company, by, components in zip(companies[1:], people[1:], shares, strict=True):
        invitation, _token = consortia.invite_company(
            formed, by=people[0], now=now, email=by.email, components=components
        )
        consortia.accept_invitation(invitation, by=by, now=now, company=company, components=components)
    return formed, people[0]


def _company(name: str, country: str, by: User, number: int, now: datetime) -> Company:
    company = consortia.register_company(
        by=by,
        now=now,
        legal_name=name,
        country=country,
        headquarters_country=country,
        address=f"{100 + number} Industry Road",
        website=f"https://{slugify(name)}.example",
        summary="An invented company of the demonstration.",
        capabilities=["A", "B", "C", "D", "E"],
    )
    owner = {
        "kind": PartyKind.PERSON,
        "name": OWNERS[number % len(OWNERS)],
        "country": country,
        "share_percent": Decimal(70),
    }
    add_party(company.organization, by=by, now=now, role=PartyRole.OWNER, **owner)
    second = owner | {"name": OWNERS[(number + 1) % len(OWNERS)], "share_percent": Decimal(30)}
    add_party(company.organization, by=by, now=now, role=PartyRole.OWNER, **second)
    contact = {"kind": PartyKind.PERSON, "name": by.name, "country": country, "email": by.email}
    add_party(company.organization, by=by, now=now, role=PartyRole.CONTACT, **contact)
    return company


def _clear(consortium: Consortium, officer: User, now: datetime) -> None:
    """As an officer does before anything is published."""
    for member in members_of(consortium):
        consortia.clear_company(
            member.company,
            by=officer,
            now=now,
            representative=member.accepted_by,
            identity_basis="Extract of the register of companies, shown by the company.",
            authority_basis="Named in the extract as one who signs for it alone.",
        )


OWNERS = ("Philippa Thornquist", "Everett Halloway", "Marisol Quennell", "Tobias Wexcombe", "Ingrid Fairleigh", "Desmond Arkwell", "Rosalind Ashcombe")  # fmt: skip


def _package(number: int, consortium: Consortium, team: Team, title: str, lead: User, now: datetime) -> Package:
    package = packages.create_package(consortium, by=lead, now=now, title=title)
    if number % 15 == 14:  # an unfinished draft, for whoever wants to fill one in
        return package
    packages.save_step(package, by=lead, now=now, fields=_offer(number, team, title))
    for letter in ComponentLetter:
        _fill(package, letter.value, number, lead, now)
    packages.publish_package(package, by=lead, now=now)
    if number % 15 == 13:
        packages.withdraw_package(package, by=lead, now=now)
    return package


def _offer(number: int, team: Team, title: str) -> dict[str, Any]:
    return {
        "summary": f"{title}: hardware, data, models, security and applications from one team, delivered, trained and "
        "supported in the buyer's country.",
        "target_countries": list(team.countries),
        "target_blocs": ["GCC"] if "AE" in team.countries else [],
        "sectors": list(team.sectors),
        "deployments": [["ON_PREMISES", "IN_COUNTRY_CLOUD"], ["IN_COUNTRY_CLOUD", "REGIONAL_CLOUD"], ["ON_PREMISES", "EDGE"]][number % 3],
        "languages": list(team.languages),
        "standards": [["ISO_27001", "NIST_AI_RMF"], ["ISO_27001", "ISO_42001", "SOC2"]][number % 2],
        "capacity_mw": Decimal(2 + number * 3 % 40),
        "price_band": PRICES[number % len(PRICES)],
        "delivery_weeks": 12 + number * 5 % 40,
        "built_by": "CONSORTIUM",
        "owned_by": ["BUYER", "JOINT"][number % 2],
        "operated_by": ["JOINT", "BUYER", "CONSORTIUM"][number % 3],
        "operating_model": "The anchor member builds with local contractors; the buyer owns the site; operation is handed "
        "over in the second year.",
    }  # fmt: skip


def _fill(package: Package, letter: str, number: int, lead: User, now: datetime) -> None:
    name, description = PRODUCTS[letter]
    supplier = next(member for member in members_of(package.consortium) if letter in member.components)
    value = Decimal(1_000_000 * (1 + number % 9))
    fields = {
        "name": name,
        "supplier": supplier,
        "description": description,
        "maker": str(supplier.company),
        "value_usd": value,
        "us_origin_value_usd": value * (45 + number * 3 % 50) / 100,
        "made_in": "US",
        "confidential_fields": ["maker"] if number % 4 == 0 else [],
    }
    fields |= _facts(letter, number, package)
    packages.save_component(package, by=lead, now=now, letter=letter, summary=description)
    packages.save_item(package, by=lead, now=now, letter=letter, fields=fields)


def _facts(letter: str, number: int, package: Package) -> dict[str, Any]:
    """What the component asks for beyond what every item has."""
    known: dict[str, dict[str, Any]] = {
        "A": {
            "hardware_kind": "SERVERS",
            "product_model": f"Rack {8 + number % 3 * 8}",
            "quantity": 8 + number,
            "us_origin_basis": ["BILL_OF_MATERIALS", "SUPPLIER_STATEMENT"][number % 2],
            "us_manufacture": "Assembled, integrated and tested in the United States.",
            "accelerators": 64 * (1 + number % 4),
            "storage_tb": 500 * (1 + number % 3),
            "network": "Two fabrics, one for training and one for storage; no cloud service is needed.",
        },
        "B": {
            "pipelines": "Documents, tables and sensor readings are taken in, cleaned, and given out by query.",
            "labeling": "By the buyer's own staff with the tool that is delivered; a tenth is labeled twice.",
            "data_origin": ["US"],
            "has_personal_data": number % 2 == 0,
            "data_governance": "The buyer keeps its data, on its premises, and says who may see them.",
        },
        "C": {
            "product_model": f"{str(package.consortium).split()[0]} {7 + number % 3 * 6}B",
            "developer": str(package.consortium),
            "model_license": "Perpetual for the buyer; no resale",
            "model_origin": "US",
            "has_open_weights": number % 2 == 0,
            "training_compute": ["UNDER_1E23", "FROM_1E23"][number % 2],
            "evaluations": "A public suite of questions of the sector, with code and data to repeat it.",
        },
        "D": {
            "nist_csf": ["GOVERN", "IDENTIFY", "PROTECT", "DETECT", "RESPOND", "RECOVER"],
            "nist_ai_rmf": ["GOVERN", "MAP", "MEASURE", "MANAGE"],
            "iso_27001": ["ORGANIZATIONAL", "TECHNOLOGICAL"],
            "iso_42001": ["LIFE_CYCLE", "DATA", "USE"],
        },
        "E": {"references": "None outside of this demonstration.", "application_sectors": package.sectors},
    }
    return known[letter]
