"""What we say to a consortium about its packages."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.notifications import Letter
from packages.models import Package


def _letter(package: Package, kind: str, subject: str, body: str) -> Letter:
    return Letter(
        kind=f"packages.{kind}",
        subject=subject,
        body=body,
        path=reverse("package_edit", args=[package.slug]),
        reason=_("You get this because your company is a member of the consortium."),
    )


def package_suspended(package: Package) -> Letter:
    names = {"package": package, "reason": package.suspension_reason}
    body = _("The program has suspended this package. It is not shown in the catalogue. The reason given: %(reason)s")
    return _letter(package, "suspended", _("“%(package)s” is suspended") % names, body % names)


def package_reinstated(package: Package) -> Letter:
    names = {"package": package}
    body = _("The package is offered in the catalogue again, as it was last published.")
    return _letter(package, "reinstated", _("“%(package)s” is offered again") % names, body)


def package_designated(package: Package) -> Letter:
    names = {"package": package}
    body = _(
        "The Secretary of Commerce designated “%(package)s” as a priority AI export package. The catalogue shows it so. A "
        "designation is no license and no financing approval, and creates no right or benefit."
    )
    return _letter(package, "designated", _("“%(package)s” is designated") % names, body % names)


def designation_ended(package: Package) -> Letter:
    names = {"package": package}
    body = _(
        "The designation of “%(package)s” as a priority AI export package has ended. The catalogue says so no more."
    )
    return _letter(package, "designation_ended", _("The designation of “%(package)s” ended") % names, body % names)


def version_accepted(package: Package) -> Letter:
    names = {"package": package}
    body = _("An officer of the program has looked at what changed in “%(package)s”. The catalogue shows it again.")
    return _letter(
        package, "version_accepted", _("“%(package)s” is offered as it was last published") % names, body % names
    )
