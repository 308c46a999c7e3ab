"""A person at a browser of their own: who sees what the page shows, and has nothing else but their mail."""

import re
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Locator, Page, Response, expect

from core import outbox
from core.models import Mail
from core.states import MailDelivery

PASSWORD = "seven herons over slate"
CONTROL = "input:not([type=checkbox], [type=radio]), select, textarea"
Value = str | Iterable[str]


class Person:
    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name
        self.email = f"{name.split()[0].lower()}@example.com"
        self.failures: list[str] = []
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if response.status >= 500:
            self.failures.append(f"{response.status} {response.url}")

    # --- the page -----------------------------------------------------------------------------------------------------

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def opens(self, path: str) -> int:
        """Goes to an address; the status of what is shown in the end."""
        response = self.page.goto(path)
        assert response is not None
        return response.status

    def follows(self, link: str) -> None:
        self._clicks(self.main.get_by_role("link", name=link, exact=True).first)

    def presses(self, button: str) -> None:
        self._clicks(self.main.get_by_role("button", name=button, exact=True).first)

    def goes_to(self, link: str) -> None:
        """By the links that stand on every page."""
        self._clicks(self.page.get_by_role("banner").get_by_role("link", name=link, exact=True))

    def _clicks(self, target: Locator) -> None:
        """And waits for the page that it leads to."""
        with self.page.expect_navigation():
            target.click()

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.main.get_by_text(text).first).to_be_visible()

    def does_not_see(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_text(text)).to_have_count(0)

    def row(self, *headings: str) -> list[str]:
        """What stands under these headings in the first row of their table."""
        cells = [self.main.locator(f"td[data-label='{heading}']").first for heading in headings]
        return [" ".join(cell.inner_text().split()) for cell in cells]

    def writes(self, values: Mapping[str, Value]) -> None:
        """Fills fields in by their labels: text, an option's words, or the words of the boxes to tick."""
        for label, value in values.items():
            words = re.compile(rf"^\s*{re.escape(label)}(\s*\(required\))?\s*$", re.IGNORECASE)
            group = self.main.get_by_role("group", name=words)
            if group.count():
                self._ticks(group, [value] if isinstance(value, str) else value)
            else:
                self._fills(self.main.get_by_label(words).and_(self.page.locator(CONTROL)), str(value))

    def _ticks(self, group: Locator, choices: Iterable[str]) -> None:
        for choice in choices:
            group.locator("label").get_by_text(choice, exact=True).click()

    def _fills(self, control: Locator, value: str) -> None:
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)

    # --- the mail -----------------------------------------------------------------------------------------------------

    def mail(self, subject: str) -> Mail:
        """The newest mail that arrived under this subject."""
        deliver()
        arrived = Mail.objects.filter(to_address=self.email, delivery=MailDelivery.SENT).order_by("-pk")
        found = arrived.filter(subject=subject).first()
        assert found, f"{self.email} has no mail “{subject}”, only {[mail.subject for mail in arrived]}"
        return found

    def opens_mail(self, subject: str) -> int:
        """Follows the link in it."""
        (link,) = re.findall(rf"{re.escape(settings.SITE_URL)}(/\S+)", self.mail(subject).text)
        return self.opens(link)

    def subjects(self) -> list[str]:
        deliver()
        return list(Mail.objects.filter(to_address=self.email).order_by("pk").values_list("subject", flat=True))

    # --- an account ---------------------------------------------------------------------------------------------------

    def signs_up(self) -> None:
        """From any page that has the link, to the verified address and the first sign-in."""
        self._clicks(self.page.get_by_role("link", name="Sign up", exact=True).first)
        self.writes({"Full name": self.name, "E-mail address": self.email, "Password": PASSWORD})
        self.presses("Sign up")
        self.sees("We sent you a mail.")
        self.opens_mail("Confirm your e-mail address")
        self.presses("Confirm")
        self.signs_in()

    def signs_in(self) -> None:
        self.opens("/accounts/login/")
        self.gives_password()

    def gives_password(self) -> None:
        self.writes({"E-mail address": self.email, "Password": PASSWORD})
        self.presses("Sign in")

    def signs_out(self) -> None:
        self._clicks(self.page.get_by_role("banner").get_by_role("button", name="Sign out"))


def deliver() -> None:
    """What relay and workers do all day."""
    outbox.drain(timezone.now())
