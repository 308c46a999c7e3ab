"""What a password may not be, after NIST SP 800-63B-4, 3.1.1.2: short, or one that an attacker tries first.

Length is Django's own validator. No composition rules and no rotation: neither makes a password harder to guess.
"""

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 1000
# What somebody would guess first for this portal; a password must have more to it than these.
CONTEXT_WORDS = (
    "aiexports", "americanai", "american", "exports", "export", "portal", "program", "commerce", "trade", "federal",
    "government", "artificial", "intelligence", "password", "passphrase", "letmein", "welcome", "login", "admin",
)  # fmt: skip
SEQUENCES = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "zyxwvutsrqponmlkjihgfedcba",
)
FEWEST_LEFT = 6


class LongestPasswordValidator:
    """Refuses megabytes, which only cost the server time."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(
                _("Use a password of at most %(longest)d characters.") % {"longest": LONGEST}, code="password_too_long"
            )

    def get_help_text(self) -> str:
        return _("Several words that do not belong together make a good password. Spaces and every script are fine.")


class GuessableValidator:
    """Refuses a password made of the portal's or the person's own words, of one piece repeated, or of keys in a row."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        text = "".join(character for character in password.lower() if character.isalnum())
        if _repeats(text) or _runs(text) or self._is_padded(text):
            raise ValidationError(
                _("This password is easy to guess: it repeats itself, follows the keyboard, or is a common one with "
                  "digits around it."),
                code="password_predictable",
            )  # fmt: skip
        if len(_without(text, [*CONTEXT_WORDS, *_own_words(user)])) < FEWEST_LEFT:
            raise ValidationError(
                _("This password is easy to guess: it is made of your own name or address, or of this portal's words."),
                code="password_of_context",
            )

    def _is_padded(self, text: str) -> bool:
        """A common password between digits: `letmein` in 2026letmein2026."""
        core = text.strip("0123456789")
        return len(core) >= 3 and core in self.common

    def get_help_text(self) -> str:
        return _("It can’t be your name or address, this portal’s name, or a word or keys repeated.")


def _repeats(text: str) -> bool:
    """One piece again and again (`passwordpassword`), or hardly any different characters."""
    return len(set(text)) < 5 or re.fullmatch(r"(.{1,20}?)\1+.{0,3}", text[:LONGEST]) is not None


def _runs(text: str) -> bool:
    """What is left without the keyboard's and the alphabet's rows is hardly anything."""
    pieces = [sequence[start : start + 4] for sequence in SEQUENCES for start in range(len(sequence) - 3)]
    return len(re.sub("|".join(pieces), "", text[:LONGEST])) < FEWEST_LEFT


def _own_words(user: Any) -> list[str]:
    words = f"{getattr(user, 'email', '')} {getattr(user, 'name', '')}".lower()
    return [word for word in re.findall(r"\w+", words) if len(word) >= 4]


def _without(text: str, words: list[str]) -> str:
    """Letters that are left without the words and without digits, which are what people put around them."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text.strip("0123456789")
