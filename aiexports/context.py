"""What every page knows of the site."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    return {"site": {"is_official": settings.OFFICIAL_SITE, "is_demo": settings.DEMO}}
