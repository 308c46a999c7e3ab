"""The demand side: from a buyer to a posted need."""

from tests.journeys.people import Person
from tests.journeys.supply import COMPONENTS

NEED = {
    "What is needed": "Forecast load and faults of a grid of 4,000 stations.",
    "Components needed": [COMPONENTS[letter] for letter in "ACE"],
    "Sectors": "Energy",
    "Destination country": "Kenya",
    "Acceptable deployment models": "On the buyer's premises",
    "Languages": ["English", "Swahili"],
    "Budget in U.S. dollars": "12000000",
}


def registers_buyer(person: Person, name: str, country: str = "Kenya") -> None:
    """The steps of the registration, up to what is checked before it is submitted."""
    person.goes_to("Buyers")
    person.follows("Register as a buyer")
    person.writes(
        {
            "Legal name": name,
            "Country of incorporation": country,
            "Country of headquarters": country,
            "Kind of buyer": "Utility or operator",
            "What the organization does": "Runs the power grid of a county.",
            "Intended end use": "Forecasting of load and faults.",
        }
    )
    person.presses("Save and continue")
    person.writes({"Person or entity": "Government", "Full name": "County of the Lake", "Share in percent": "100"})
    person.presses("Add")
    person.follows("Continue")
    person.writes({"Full name": person.name, "E-mail address": person.email})
    person.presses("Add")
    person.follows("Continue")
    person.follows("Continue")


def submits(person: Person, name: str) -> None:
    person.sees("Check your answers", name)
    person.presses("Submit for vetting")
    person.sees("Receipt", f"The profile of {name} was submitted for vetting.")
    person.follows("Continue")
    person.sees("Under review")


def posts_need(person: Person, title: str) -> None:
    person.follows("Write a need")
    person.writes({"Title": title} | NEED)
    person.presses("Save the draft")
    person.follows("Check and post")
    person.presses("Post the need")
    person.sees(title, "Posted")
