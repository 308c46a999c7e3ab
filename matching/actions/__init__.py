"""Every way matches and introductions change."""

from matching.actions.introductions import (
    accept_introduction,
    close_introduction,
    decline_introduction,
    request_introduction,
    withdraw_introduction,
    write_message,
)
from matching.actions.matches import (
    refresh_buyer,
    refresh_need,
    refresh_organization,
    refresh_package,
    tell_of_match,
)

__all__ = [
    "accept_introduction",
    "close_introduction",
    "decline_introduction",
    "refresh_buyer",
    "refresh_need",
    "refresh_organization",
    "refresh_package",
    "request_introduction",
    "tell_of_match",
    "withdraw_introduction",
    "write_message",
]
