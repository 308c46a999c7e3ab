"""Every address of the portal by its name, with the record of `factories.world` that it shows."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace as World
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

Arguments = Callable[[World], list[Any]]


def nothing(_world: World) -> list[Any]:
    return []


ARGUMENTS: dict[str, Arguments] = {
    "receipt_detail": lambda w: [w.receipt.number],
    "organization_detail": lambda w: [w.organization.pk],
    "organization_edit": lambda w: [w.organization.pk],
    "party_add": lambda w: [w.organization.pk, "OWNER"],
    "party_edit": lambda w: [w.organization.pk, w.party.pk],
    "party_remove": lambda w: [w.organization.pk, w.party.pk],
    "organization_ownership": lambda w: [w.organization.pk],
    "stake_add": lambda w: [w.organization.pk, 0],
    "control_add": lambda w: [w.organization.pk, 0],
    "stake_edit": lambda w: [w.organization.pk, w.stake.pk],
    "holding_end": lambda w: [w.organization.pk, "stake", w.stake.pk],
    "holding_remove": lambda w: [w.organization.pk, "stake", w.stake.pk],
    "organization_people": lambda w: [w.organization.pk],
    "membership_change": lambda w: [w.organization.pk, w.membership.pk],
    "colleague_invitation_withdraw": lambda w: [w.organization.pk, w.colleague_invitation.pk],
    "document_add": lambda w: [w.organization.pk],
    "document_download": lambda w: [w.file.pk],
    "organization_invitation": lambda w: [w.colleague_token],
    "company_detail": lambda w: [w.company.pk],
    "company_edit": lambda w: [w.company.pk],
    "consortium_form": lambda w: [w.company.pk],
    "consortium_invitation": lambda w: [w.company_token],
    "consortium_detail": lambda w: [w.consortium.slug],
    "company_invite": lambda w: [w.consortium.slug],
    "company_invitation_withdraw": lambda w: [w.consortium.slug, w.company_invitation.pk],
    "member_components": lambda w: [w.consortium.slug, w.member.pk],
    "member_end": lambda w: [w.consortium.slug, w.member.pk],
    "consortium_dissolve": lambda w: [w.consortium.slug],
    "package_detail": lambda w: [w.package.slug],
    "package_edit": lambda w: [w.draft.slug],
    "package_publish": lambda w: [w.draft.slug],
    "package_withdraw": lambda w: [w.package.slug],
    "package_version": lambda w: [w.package.slug, 1],
    "package_step": lambda w: [w.draft.slug, "summary"],
    "package_component": lambda w: [w.draft.slug, "A"],
    "item_add": lambda w: [w.draft.slug, "A"],
    "item_edit": lambda w: [w.draft.slug, "A", w.item.pk],
    "item_remove": lambda w: [w.draft.slug, "A", w.item.pk],
    "notice_detail": lambda w: [w.notice.slug],
    "buyer_add_profile": lambda w: [w.supplier.pk],
    "buyer_detail": lambda w: [w.buyer.pk],
    "buyer_edit": lambda w: [w.buyer.pk],
    "buyer_submit": lambda w: [w.buyer.pk],
    "question_answer": lambda w: [w.buyer.pk],
    "case_withdraw": lambda w: [w.buyer.pk],
    "buyer_party_remove": lambda w: [w.buyer.pk, w.buyer_party.pk],
    "buyer_parties": lambda w: [w.buyer.pk, "owners"],
    "need_detail": lambda w: [w.need.pk],
    "need_edit": lambda w: [w.need.pk],
    "need_post": lambda w: [w.need.pk],
    "need_close": lambda w: [w.need.pk],
    "match_detail": lambda w: [w.match.pk],
    "introduction_detail": lambda w: [w.introduction.pk],
    "introduction_accept": lambda w: [w.introduction.pk],
    "introduction_decline": lambda w: [w.introduction.pk],
    "introduction_withdraw": lambda w: [w.introduction.pk],
    "introduction_close": lambda w: [w.introduction.pk],
}


def address(name: str, world: World) -> str:
    path = reverse(name, args=ARGUMENTS.get(name, nothing)(world))
    if name == "introduction_new":
        return f"{path}?package={world.package.pk}&need={world.introduction.need_id}"
    return path


def walk(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """Names (with namespace) and routes of all patterns, however deeply included; a nameless one is named by its route."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield namespace + (pattern.name or route), route
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern, route, inner)


def all_names() -> list[str]:
    return sorted({name for name, _route in walk(get_resolver())})


def own_names() -> list[str]:
    """Without the workbench's and allauth's."""
    foreign = ("admin:", "account_", "mfa_")
    return [name for name in all_names() if not name.startswith(foreign)]
