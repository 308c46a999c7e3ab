from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "aiexports"
    verbose_name = _("AI exports portal")
    default = True


class PortalAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our own site, so that every registration lands behind its door."""

    default_site = "aiexports.admin.PortalAdminSite"
    default = False
