"""What a person may see of what they were told and given."""

from typing import Any

from django.db.models import QuerySet

from core.models import Mail, Notification, Receipt, StoredFile
from core.states import FileStatus, MailDelivery


def notifications_for(user: Any) -> QuerySet[Notification]:
    """The person's own, newest first."""
    return Notification.objects.filter(recipient=user).order_by("-id")


def receipts_for(user: Any) -> QuerySet[Receipt]:
    return Receipt.objects.filter(issued_to=user).order_by("-id")


def failed_mail() -> QuerySet[Mail]:
    return Mail.objects.filter(delivery=MailDelivery.FAILED)


def waiting_files() -> QuerySet[StoredFile]:
    """Oldest first."""
    return StoredFile.objects.filter(status=FileStatus.QUARANTINED).order_by("created_at")
