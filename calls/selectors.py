from django.db.models import QuerySet

from calls.models import Notice
from calls.states import NoticeStatus


def notices() -> QuerySet[Notice]:
    """What the public sees, newest first."""
    return Notice.objects.filter(status=NoticeStatus.PUBLISHED).order_by("-issued_date", "-id")
