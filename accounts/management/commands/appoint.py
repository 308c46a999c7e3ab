"""Makes the first federal officer or manager of an installation, from the machine that it runs on."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from accounts import actions, links, selectors
from accounts.models import FederalOffice, User
from accounts.rules import COMMAND_LINE
from accounts.states import Role
from core.errors import UnableTo


class Command(BaseCommand):
    help = "Give a person a federal role; somebody new gets a link on which they set their password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", choices=Role.values, default=Role.MANAGER)
        parser.add_argument("--name", help="full name of somebody new")
        parser.add_argument("--office", help="part of the office's name, where a role is held at more than one")

    def handle(self, *, email: str, role: str, name: str | None, office: str | None, **options: Any) -> None:
        try:
            validate_email(email)
            grant = actions.appoint(
                email,
                by=COMMAND_LINE,
                now=timezone.now(),
                name=name or email.partition("@")[0],
                role=Role(role),
                office=self._office(role, office),
            )
        except ValidationError:
            raise CommandError(f"{email} is no e-mail address.") from None
        except UnableTo as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"{grant.user} now holds the role “{grant.get_role_display()}” at {grant.place}.")
        self._say_what_is_next(grant.user)

    def _office(self, role: str, part: str | None) -> FederalOffice:
        offices = selectors.offices_for_role(role).filter(name__icontains=part or "").order_by("pk")
        if not offices:
            raise CommandError(f"The role {role} is not held at an office like “{part}”.")
        if len(offices) > 1 and (part or Role(role) in (Role.EVALUATOR, Role.SUPPORT)):
            names = ", ".join(office.name for office in offices)
            raise CommandError(f"Say with --office at which of these: {names}.")
        return offices[0]

    def _say_what_is_next(self, person: User) -> None:
        if person.has_usable_password():
            self.stdout.write("They sign in as before; the portal then asks for a second step.")
            return
        self.stdout.write(
            "Give them this link. On it they set a password, once, within 3 days; at the sign-in the portal asks them "
            f"to set up a second step:\n  {links.password_link(person)}"
        )
