"""Addresses of the workbench's pages and what stands on them."""

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from buyers.models import VettingCase

QUEUE = "/admin/buyers/vettingcase/"


def case_page(case: VettingCase) -> str:
    return reverse("admin:buyers_vettingcase_change", args=[case.pk])


def step_page(case: VettingCase, name: str) -> str:
    return reverse("admin:buyers_vettingcase_step", args=[case.pk, name])


def letter_on(browser: Client, path: str) -> dict[str, str]:
    """What the page offers to send."""
    form = browser.get(path).context["form"]
    return {name: field.value() or "" for name, field in ((bound.name, bound) for bound in form)}


def template_of(response: HttpResponse) -> str:
    return response.templates[0].name


def status_of(case: VettingCase) -> str:
    return VettingCase.objects.get(pk=case.pk).status
