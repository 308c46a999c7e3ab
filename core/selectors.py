"""What a person may see of what they were told and given."""

from typing import Any

from django.db.models import QuerySet

from core.models import Notification, Receipt


def notifications_for(user: Any) -> QuerySet[Notification]:
    """The person's own, newest first."""
    return Notification.objects.filter(recipient=user).order_by("-id")


def receipts_for(user: Any) -> QuerySet[Receipt]:
    return Receipt.objects.filter(issued_to=user).order_by("-id")
