"""The supply side: from a company to a published package."""

from tests.journeys.people import Person

COMPONENTS = {
    "A": "A – AI-optimized hardware and infrastructure",
    "B": "B – Data pipelines and labeling systems",
    "C": "C – AI models and systems",
    "D": "D – Security and cybersecurity measures",
    "E": "E – AI applications for specific use cases",
}
MARKET = {
    "Target countries": ["Kenya", "Brazil"],
    "Target regional blocs": "Gulf Cooperation Council",
    "Sectors": ["Energy"],
    "Languages": ["English", "Swahili"],
}
DELIVERY = {
    "Deployment models": ["On the buyer's premises"],
    "Capacity in megawatts": "20",
    "Price band": "$10 million to $100 million",
    "Weeks to deliver": "30",
    "Standards met": "ISO/IEC 27001",
}
OPERATION = {
    "Who builds": "The consortium",
    "Who owns": "The buyer",
    "Who operates": "Both together",
    "Business and operational model": "The consortium builds; the buyer owns.",
}
FACTS = {
    "A": {
        "Quantity": "12",
        "Value in U.S. dollars": "1000000",
        "U.S.-origin value in U.S. dollars": "600000",
        "Where made": "United States",
        "Extent of manufacture in the United States": "Assembled in Texas.",
    },
    "C": {"Country of origin of the model": "United States", "Open weights": "No"},
}
SECRET = "Supplier prices as agreed in May"


def registers_company(person: Person, name: str, *letters: str) -> None:
    person.goes_to("Companies")
    person.follows("Register a company")
    person.writes(
        {
            "Legal name": name,
            "Country of incorporation": "United States",
            "Country of headquarters": "United States",
            "Address": "1 Main Street",
            "What the company does": "Builds things.",
            "Components that the company can supply": [COMPONENTS[letter] for letter in letters],
        }
    )
    person.presses("Register")
    person.sees(name)
    names_owner_and_contact(person)


def names_owner_and_contact(person: Person) -> None:
    person.follows("Legal entity, owners and documents")
    person.follows("Add: Contact")
    person.writes({"Full name": person.name, "E-mail address": person.email})
    person.presses("Save")
    person.sees(f"{person.name} was added.")
    person.follows("Add an owner")
    person.writes(
        {
            "Person or entity": "Person",
            "Full name": "Dana Whitfield",
            "Country": "United States",
            "Share in percent": "60",
        }
    )
    person.presses("Add the owner")
    person.sees("Dana Whitfield was added.")


def forms_consortium(person: Person, name: str, *letters: str) -> None:
    """With the first of the person's companies."""
    person.goes_to("Companies")
    person.main.get_by_role("heading", level=2).get_by_role("link").first.click()
    person.follows("Form a consortium")
    person.writes(
        {
            "Name": name,
            "Components that your company will supply itself": [COMPONENTS[letter] for letter in letters],
        }
    )
    person.presses("Form the consortium")
    person.sees(name)


def invites(person: Person, guest: Person) -> None:
    person.follows("Invite a company")
    person.writes({"E-mail address": guest.email, "Message": "We need your security products."})
    person.presses("Send the invitation")
    person.sees(guest.email)


def joins(guest: Person, consortium: str, company: str, *letters: str) -> None:
    """By the mail's link: it leads somebody unknown to sign up, and somebody without a company to register one."""
    subject = f"Invitation to the consortium “{consortium}”"
    guest.opens_mail(subject)
    guest.signs_up()
    guest.opens_mail(subject)
    guest.sees("Register your company first")
    registers_company(guest, company, *letters)
    guest.opens_mail(subject)
    guest.writes({"Components that your company will supply": [COMPONENTS[letter] for letter in letters]})
    guest.presses("Accept for the company")
    guest.sees(consortium, company)


def fills_package(person: Person, title: str, suppliers: dict[str, str]) -> None:
    """All steps of the editor, one after the other; `suppliers` names the company for each letter."""
    person.follows("New package")
    person.writes({"Title of the package": title})
    person.presses("Start the draft")
    person.writes({"Summary": "A complete stack for electric grids."})
    person.presses("Save and continue")
    for step in (MARKET, DELIVERY, OPERATION):
        person.writes(step)
        person.presses("Save and continue")
    for letter, company in suppliers.items():
        fills_component(person, letter, company)
    person.sees("The package is complete.")


def fills_component(person: Person, letter: str, company: str) -> None:
    person.sees(COMPONENTS[letter])
    person.follows("Add a product or service")
    person.writes({"Product or service": f"Product {letter}", "Supplier": company, "Description": SECRET})
    person.writes(FACTS.get(letter, {}))
    person.writes({"Business confidential": "Description"})
    person.presses("Save")
    person.writes({"What this component delivers": f"All that {letter} needs."})
    person.presses("Save and continue")


def publishes(person: Person, title: str) -> str:
    """The address of the package in the catalogue."""
    person.follows("Check and publish")
    person.sees("Check what will be public", title)
    person.does_not_see(SECRET)
    person.presses("Publish")
    person.sees("Receipt", f"Version 1 of “{title}” is published.")
    person.follows("Continue")
    person.sees(title, "registered, not designated by Commerce")
    person.does_not_see(SECRET)
    return person.page.url
