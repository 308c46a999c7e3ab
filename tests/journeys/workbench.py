"""The officers' side: the second step of signing in, and the way of a case through the workbench."""

from django.core.management import call_command

from buyers.states import ChecklistItem
from tests.factories.accounts import app_code
from tests.journeys.people import Person


class SecurityKey:
    """Chromium's virtual authenticator, plugged into a person's browser."""

    OPTIONS = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }

    def __init__(self, person: Person) -> None:
        session = person.page.context.new_cdp_session(person.page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": self.OPTIONS})

    def set_up(self, person: Person) -> None:
        person.follows("Add a key")
        person.writes({"Name": "Office key"})
        person.presses("Add")

    def give(self, person: Person) -> None:
        person.presses("Use a security key")


class App:
    """An authenticator app on a phone."""

    secret: str

    def __init__(self, person: Person) -> None:
        pass

    def set_up(self, person: Person) -> None:
        person.follows("Set up an app")
        self.secret = person.main.locator("#secret").inner_text()
        self._write(person)
        person.presses("Turn on")

    def give(self, person: Person) -> None:
        self._write(person)
        person.presses("Sign in")

    def _write(self, person: Person) -> None:
        person.main.get_by_label("code").fill(app_code(self.secret))


def becomes_officer(person: Person, step: type[SecurityKey | App]) -> None:
    """Signs up as everybody does, is appointed, sets a second step up, and comes back with it on another day."""
    person.opens("/")
    person.signs_up()
    call_command("appoint", person.email, role="OFFICER", verbosity=0)
    person.opens("/admin/")  # a new role ends the person's sessions
    person.gives_password()
    second = step(person)
    second.set_up(person)
    person.signs_out()
    person.signs_in()
    second.give(person)
    person.goes_to("Workbench")


def opens_case(person: Person, buyer: str) -> None:
    person.opens_mail(f"New buyer to vet: {buyer} (Kenya)")
    person.presses("Take the case")
    person.sees("The case is yours.", person.name)


def records_findings(person: Person) -> None:
    person.writes({str(item.label): "Yes" for item in ChecklistItem})
    person.presses("Record findings")
    person.sees("The findings are recorded.")


def recommends(person: Person) -> None:
    person.follows("Recommend trust")
    person.writes({"Your opinion": "A suitable partner."})
    person.presses("Recommend")


def countersigns(person: Person, buyer: str, first: Person) -> None:
    person.opens_mail(f"Trust in {buyer} waits for a second officer")
    person.sees("A suitable partner.", first.name)
    person.follows("Countersign trust")
    person.presses("Preview")
    person.sees("This is the letter as the buyer will read it.", f"To {buyer}:")
    person.presses("Countersign and send the letter")
    person.sees("The buyer is trusted.")


def clears_companies(person: Person, *companies: str) -> None:
    """From the dashboard: each company on its page, then out of the list of those that wait."""
    for company in companies:
        person.opens("/dashboard/")
        person.follows("Companies to clear")
        person.follows(company)
        person.sees("Screened without an open hit.", "Not cleared")
        person.follows("Clear the company")
        person.writes({"How its identity was established": "Extract of the register, seen today."})
        person.writes({"How the representative's authority was established": "Named as director in the extract."})
        person.presses("Clear the company")
        person.sees("The company is cleared.")
