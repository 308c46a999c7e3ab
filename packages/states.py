from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.transitions import Machine, Transition


class PackageStatus(TextChoices):
    DRAFT = "DRAFT", _("Draft")
    PUBLISHED = "PUBLISHED", _("Published")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    SUSPENDED = "SUSPENDED", _("Suspended")


class DesignationStatus(TextChoices):
    IN_FORCE = "IN_FORCE", _("Designated")
    ENDED = "ENDED", _("Ended")


class Sector(TextChoices):
    """Use cases named in EO 14320 sec. 3(b)(i)(E) come first; the others were seen in the program's reporting."""

    SOFTWARE = "SOFTWARE", _("Software engineering")
    EDUCATION = "EDUCATION", _("Education")
    HEALTH = "HEALTH", _("Healthcare")
    AGRICULTURE = "AGRICULTURE", _("Agriculture")
    TRANSPORT = "TRANSPORT", _("Transportation and logistics")
    PUBLIC_SAFETY = "PUBLIC_SAFETY", _("Public safety")
    GOVERNMENT = "GOVERNMENT", _("Public administration")
    ENERGY = "ENERGY", _("Energy")
    MINERALS = "MINERALS", _("Critical minerals")
    FINANCE = "FINANCE", _("Finance")
    MANUFACTURING = "MANUFACTURING", _("Manufacturing")
    TELECOM = "TELECOM", _("Telecommunications")


class Deployment(TextChoices):
    ON_PREMISES = "ON_PREMISES", _("On the buyer's premises")
    IN_COUNTRY_CLOUD = "IN_COUNTRY_CLOUD", _("Cloud in the buyer's country")
    REGIONAL_CLOUD = "REGIONAL_CLOUD", _("Cloud in the region")
    US_CLOUD = "US_CLOUD", _("Cloud in the United States")
    EDGE = "EDGE", _("Edge devices")


class PriceBand(TextChoices):
    UNDER_1M = "UNDER_1M", _("Under $1 million")
    FROM_1M = "FROM_1M", _("$1 million to $10 million")
    FROM_10M = "FROM_10M", _("$10 million to $100 million")
    FROM_100M = "FROM_100M", _("$100 million to $1 billion")
    FROM_1B = "FROM_1B", _("$1 billion and more")


PRICE_BAND_USD: dict[str, tuple[int, int | None]] = {
    PriceBand.UNDER_1M: (0, 1_000_000),
    PriceBand.FROM_1M: (1_000_000, 10_000_000),
    PriceBand.FROM_10M: (10_000_000, 100_000_000),
    PriceBand.FROM_100M: (100_000_000, 1_000_000_000),
    PriceBand.FROM_1B: (1_000_000_000, None),
}
"""Lower bound (inclusive) and upper bound (exclusive) in U.S. dollars."""


class Bloc(TextChoices):
    """Regional blocs that a package may target instead of single countries (EO 14320 sec. 3(b)(ii))."""

    EU = "EU", _("European Union")
    GCC = "GCC", _("Gulf Cooperation Council")
    ASEAN = "ASEAN", _("Association of Southeast Asian Nations")
    AU = "AU", _("African Union")
    MERCOSUR = "MERCOSUR", _("Mercosur")
    CARICOM = "CARICOM", _("Caribbean Community")


BLOC_MEMBERS: dict[str, set[str]] = {
    "EU": {
        "AT",
        "BE",
        "BG",
        "HR",
        "CY",
        "CZ",
        "DK",
        "EE",
        "FI",
        "FR",
        "DE",
        "GR",
        "HU",
        "IE",
        "IT",
        "LV",
        "LT",
        "LU",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SK",
        "SI",
        "ES",
        "SE",
    },
    "GCC": {"BH", "KW", "OM", "QA", "SA", "AE"},
    "ASEAN": {"BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "TL", "VN"},
    "AU": {
        "DZ",
        "AO",
        "BJ",
        "BW",
        "BF",
        "BI",
        "CV",
        "CM",
        "CF",
        "TD",
        "KM",
        "CG",
        "CD",
        "CI",
        "DJ",
        "EG",
        "GQ",
        "ER",
        "SZ",
        "ET",
        "GA",
        "GM",
        "GH",
        "GN",
        "GW",
        "KE",
        "LS",
        "LR",
        "LY",
        "MG",
        "MW",
        "ML",
        "MR",
        "MU",
        "MA",
        "MZ",
        "NA",
        "NE",
        "NG",
        "RW",
        "ST",
        "SN",
        "SC",
        "SL",
        "SO",
        "ZA",
        "SS",
        "SD",
        "TZ",
        "TG",
        "TN",
        "UG",
        "ZM",
        "ZW",
        "EH",
    },
    "MERCOSUR": {"AR", "BO", "BR", "PY", "UY"},
    "CARICOM": {"AG", "BS", "BB", "BZ", "DM", "GD", "GY", "HT", "JM", "KN", "LC", "MS", "SR", "TT", "VC"},
}
"""Members of each bloc as the blocs themselves list them; a member under suspension is still listed."""


class Party(TextChoices):
    """Who builds, owns and operates data centers and infrastructure (EO 14320 sec. 3(b)(iii))."""

    CONSORTIUM = "CONSORTIUM", _("The consortium")
    BUYER = "BUYER", _("The buyer")
    JOINT = "JOINT", _("Both together")
    THIRD_PARTY = "THIRD_PARTY", _("A third party")


class Language(TextChoices):
    EN = "en", _("English")
    AR = "ar", _("Arabic")
    ES = "es", _("Spanish")
    FR = "fr", _("French")
    PT = "pt", _("Portuguese")
    HI = "hi", _("Hindi")
    ID = "id", _("Indonesian")
    JA = "ja", _("Japanese")
    KO = "ko", _("Korean")
    PL = "pl", _("Polish")
    SW = "sw", _("Swahili")
    TR = "tr", _("Turkish")
    VI = "vi", _("Vietnamese")


class Standard(TextChoices):
    ISO_27001 = "ISO_27001", _("ISO/IEC 27001")
    ISO_42001 = "ISO_42001", _("ISO/IEC 42001")
    NIST_AI_RMF = "NIST_AI_RMF", _("NIST AI Risk Management Framework")
    NIST_CSF = "NIST_CSF", _("NIST Cybersecurity Framework")
    FEDRAMP = "FEDRAMP", _("FedRAMP")
    SOC2 = "SOC2", _("SOC 2")


class HardwareKind(TextChoices):
    """What EO 14320 sec. 3(b)(i)(A) names of the hardware component."""

    CHIPS = "CHIPS", _("Chips")
    ACCELERATORS = "ACCELERATORS", _("Accelerators")
    SERVERS = "SERVERS", _("Servers")
    STORAGE = "STORAGE", _("Data center storage")
    CLOUD = "CLOUD", _("Cloud services")
    NETWORK = "NETWORK", _("Networking")
    OTHER = "OTHER", _("Other")


class UsOriginBasis(TextChoices):
    """How the U.S.-origin value was reckoned; no method is prescribed in what is known of the call."""

    BILL_OF_MATERIALS = "BILL_OF_MATERIALS", _("Bill of materials, part by part")
    MANUFACTURING_COST = "MANUFACTURING_COST", _("Parts and costs of manufacture in the United States")
    SUPPLIER_STATEMENT = "SUPPLIER_STATEMENT", _("A statement of the supplier")
    ESTIMATE = "ESTIMATE", _("An estimate")


class TrainingCompute(TextChoices):
    """Operations of training; 10^26 is the line of ECCN 4E091 for model weights."""

    UNDER_1E23 = "UNDER_1E23", _("Under 10^23 operations")
    FROM_1E23 = "FROM_1E23", _("10^23 to under 10^25 operations")
    FROM_1E25 = "FROM_1E25", _("10^25 to 10^26 operations")
    OVER_1E26 = "OVER_1E26", _("More than 10^26 operations")


class CsfFunction(TextChoices):
    """The functions of the NIST Cybersecurity Framework 2.0."""

    GOVERN = "GOVERN", _("Govern")
    IDENTIFY = "IDENTIFY", _("Identify")
    PROTECT = "PROTECT", _("Protect")
    DETECT = "DETECT", _("Detect")
    RESPOND = "RESPOND", _("Respond")
    RECOVER = "RECOVER", _("Recover")


class RmfFunction(TextChoices):
    """The functions of the NIST AI Risk Management Framework 1.0."""

    GOVERN = "GOVERN", _("Govern")
    MAP = "MAP", _("Map")
    MEASURE = "MEASURE", _("Measure")
    MANAGE = "MANAGE", _("Manage")


class Iso27001Theme(TextChoices):
    """The themes of controls in Annex A of ISO/IEC 27001:2022."""

    ORGANIZATIONAL = "ORGANIZATIONAL", _("Organizational controls")
    PEOPLE = "PEOPLE", _("People controls")
    PHYSICAL = "PHYSICAL", _("Physical controls")
    TECHNOLOGICAL = "TECHNOLOGICAL", _("Technological controls")


class Iso42001Theme(TextChoices):
    """The groups of controls in Annex A of ISO/IEC 42001:2023."""

    POLICIES = "POLICIES", _("Policies related to AI")
    ORGANIZATION = "ORGANIZATION", _("Internal organization")
    RESOURCES = "RESOURCES", _("Resources for AI systems")
    IMPACTS = "IMPACTS", _("Assessing impacts of AI systems")
    LIFE_CYCLE = "LIFE_CYCLE", _("AI system life cycle")
    DATA = "DATA", _("Data for AI systems")
    INFORMATION = "INFORMATION", _("Information for interested parties")
    USE = "USE", _("Use of AI systems")
    THIRD_PARTIES = "THIRD_PARTIES", _("Third-party and customer relationships")


PACKAGE = Machine(
    "packages.package",
    PackageStatus,
    initial=PackageStatus.DRAFT,
    transitions=[
        Transition(
            "publish_package",
            sources=[PackageStatus.DRAFT, PackageStatus.PUBLISHED, PackageStatus.WITHDRAWN],
            target=PackageStatus.PUBLISHED,
            role="anchor",
        ),
        Transition(
            "withdraw_package", sources=[PackageStatus.PUBLISHED], target=PackageStatus.WITHDRAWN, role="anchor"
        ),
        Transition(
            "suspend_package", sources=[PackageStatus.PUBLISHED], target=PackageStatus.SUSPENDED, role="officer"
        ),
        Transition(
            "reinstate_package", sources=[PackageStatus.SUSPENDED], target=PackageStatus.PUBLISHED, role="officer"
        ),
    ],
)

DESIGNATION = Machine(
    "packages.designation",
    DesignationStatus,
    initial=DesignationStatus.IN_FORCE,
    transitions=[
        Transition(
            "end_designation",
            sources=[DesignationStatus.IN_FORCE],
            target=DesignationStatus.ENDED,
            role="decision maker for the Secretary of Commerce",
        ),
    ],
)
