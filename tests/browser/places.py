"""Which page is looked at as whom: every address of the access table, and the states that their records do not show."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace as World

from django.urls import reverse

from tests.access_table import ACCESS, ADMIN, ALLAUTH, PEOPLE
from tests.addresses import address

NO_PAGES = {"healthz", "metrics", "admin:jsi18n", "admin:view_on_site"}
LATER = "-later"
FORMLESS = {"buyer_submit", "introduction_detail", "need_create"}  # as the world's records stand; see STATES


@dataclass(frozen=True)
class Place:
    """A page, somebody who may see it, whether its form is sent without any value first, and how it answers."""

    name: str
    who: str
    path: Callable[[World], str]
    is_sent: bool = False
    status: int = 200

    def __str__(self) -> str:
        return f"{self.who}-{self.name}{'-sent' if self.is_sent else ''}"


def every_place() -> list[Place]:
    return [*_own(), *_allauth(), *_workbench(), *STATES]


# --- from the tables --------------------------------------------------------------------------------------------------


def _own() -> Iterator[Place]:
    for name, (seen, *sent) in ACCESS.items():
        if name in NO_PAGES:
            continue
        path = partial(address, name)
        yield from (Place(name, who, path) for who in _viewers(_people(seen, "200")))
        if sent and name not in FORMLESS and (senders := _people(sent[0], "422")):
            yield Place(name, _insider(senders), path, is_sent=True, status=422)


def _people(row: str, status: str) -> list[str]:
    return [who for who, answer in zip(PEOPLE, row.split(), strict=True) if answer == status]


def _viewers(people: list[str]) -> list[str]:
    """Somebody to whom it is empty or public, and a person of each side to whom it is filled."""
    outsiders = [who for who in people if who in ("visitor", "stranger")][:1]
    insiders = [who for who in people if who in ("anchor", "buyer")]
    return outsiders + insiders or people[:1]


def _insider(people: list[str]) -> str:
    return next((who for who in ("anchor", "buyer") if who in people), people[0])


def _allauth() -> Iterator[Place]:
    """With keys and numbers that are nobody's; STATES has the right ones."""
    values = {"account_confirm_email": {"key": "x"}, "account_reset_password_from_key": {"uidb36": "1", "key": "x"}}
    for name, row in ALLAUTH.items():
        answers = dict(zip(("visitor", "stranger"), row.split(), strict=False))
        if who := next((who for who, answer in answers.items() if answer == "200"), None):
            yield Place(name, who, lambda _w, name=name: reverse(name, kwargs=values.get(name, {})))


def _workbench() -> Iterator[Place]:
    for name, row in ADMIN.items():
        _officer, manager = row.split()
        if "200" in row and name not in NO_PAGES:
            arguments = ["core"] if name == "admin:app_list" else []
            who = "manager" if manager == "200" else "officer"
            yield Place(name, who, lambda _w, name=name, arguments=arguments: reverse(name, args=arguments))


# --- other states, and records of the workbench -----------------------------------------------------------------------


def at(path: str, *names: str) -> Callable[[World], str]:
    """The path with numbers of the world's records: `at("/needs/{}/", "posted")`."""
    return lambda world: path.format(*(getattr(getattr(world, name), "pk", getattr(world, name)) for name in names))


def record(model: str, name: str, page: str = "change") -> Callable[[World], str]:
    return lambda world: reverse(f"admin:{model}_{page}", args=[getattr(world, name).pk])


def step(case: str, name: str) -> Callable[[World], str]:
    return at(f"/admin/buyers/vettingcase/{{}}/step/{name}/", case)


STATES = [
    Place("catalogue-nothing-fits", "visitor", at("/catalogue/?q=nothing+like+that")),
    Place("catalogue-bad-choice", "visitor", at("/catalogue/?sector=NONE")),
    Place("organization_invitation", "invited", at("/organizations/invitations/{}/", "colleague_token")),
    Place("organization_ownership-graph", "applicant", at("/organizations/{}/ownership/", "owned")),
    Place("organization_detail-graph", "applicant", at("/organizations/{}/", "owned")),
    Place("stake_add-of-an-owner", "applicant", at("/organizations/{}/ownership/{}/stake/", "owned", "owned_party")),
    Place("admin-ownership", "officer", record("organizations_organization", "owned")),
    Place("admin-finding", "officer", record("organizations_organization", "owned", "finding")),
    Place("admin-finding", "officer", record("organizations_organization", "owned", "finding"), True, 422),
    Place("admin-enter-owner", "officer", at("/admin/organizations/organization/{}/enter/stake/0/", "owned")),
    Place(
        "admin-enter-control",
        "officer",
        at("/admin/organizations/organization/{}/enter/control/0/", "owned"),
        True,
        422,
    ),
    Place("admin-release", "officer", record("screening_listrelease", "release")),
    Place("admin-list-change", "officer", record("screening_listchange", "list_change")),
    Place("admin-countries-bad-day", "officer", at("/admin/screening/listrelease/countries/?day=soon"), status=422),
    Place("consortium_invitation-no-company", "invited", at("/consortia/invitations/{}/", "company_token")),
    Place("consortium_invitation", "rival", at("/consortia/invitations/{}/", "rival_token")),
    Place("consortium_detail", "member", at("/consortia/{}/", "consortium_slug")),
    Place("package_edit-published", "anchor", at("/packages/{}/", "package_slug")),
    Place("package_edit-empty", "anchor", at("/packages/{}/", "empty_slug")),
    Place("admin-package", "officer", record("packages_package", "package")),
    Place("admin-package-suspend", "officer", record("packages_package", "package", "suspend")),
    Place("admin-package-suspend", "officer", record("packages_package", "package", "suspend"), True, 422),
    Place("buyer_detail-trusted", "buyer", at("/buyers/{}/", "trusted")),
    Place("need_create", "buyer", at("/needs/new/"), is_sent=True, status=422),
    Place("need_detail-posted", "buyer", at("/needs/{}/", "posted")),
    Place("buyer_detail-open", "applicant", at("/buyers/{}/", "opened")),
    Place("admin-package-waiting", "officer", record("packages_package", "waiting")),
    Place("admin-package-look", "officer", record("packages_package", "waiting", "look")),
    Place("admin-package-look", "officer", record("packages_package", "waiting", "look"), True, 422),
    Place("catalogue-designated", "visitor", at("/catalogue/?part=designated")),
    Place("admin-designate", "secretary", record("packages_package", "package", "designate"), True, 422),
    Place("admin-companies", "officer", at("/admin/consortia/company/?clearance=cleared")),
    Place("admin-company", "officer", record("consortia_company", "company")),
    Place("admin-company-clear", "officer", record("consortia_company", "company", "clear"), True, 422),
    Place("admin-company-withdraw", "officer", record("consortia_company", "company", "withdraw"), True, 422),
    Place("introduction_new-refused", "rival", at("/introductions/new/?package={}", "package"), status=403),
    Place("introduction_detail-accepted", "anchor", at("/introductions/{}/", "accepted")),
    Place("introduction_detail-accepted", "buyer", at("/introductions/{}/", "accepted")),
    Place("introduction_detail-accepted", "anchor", at("/introductions/{}/", "accepted"), is_sent=True, status=422),
    Place("introduction_detail-declined", "buyer", at("/introductions/{}/", "declined")),
    Place("dashboard", "officer", at("/dashboard/")),
    Place("not-found", "stranger", at("/no/such/page/"), status=404),
    Place("confirm-email", "visitor", at("/accounts/confirm-email/{}/", "email_key")),
    Place("set-password", "visitor", at("{}", "password_path")),
    Place("mfa_index-on", "keyholder", at("/accounts/2fa/")),
    Place("mfa_list_webauthn-filled", "keyholder", at("/accounts/2fa/webauthn/")),
    Place("mfa_edit_webauthn", "keyholder", at("/accounts/2fa/webauthn/keys/{}/edit/", "key")),
    Place("mfa_remove_webauthn", "keyholder", at("/accounts/2fa/webauthn/keys/{}/remove/", "key")),
    Place("mfa_deactivate_totp", "keyholder", at("/accounts/2fa/totp/deactivate/")),
    Place("mfa_view_recovery_codes", "keyholder", at("/accounts/2fa/recovery-codes/")),
    Place("mfa_generate_recovery_codes-again", "keyholder", at("/accounts/2fa/recovery-codes/generate/")),
    Place("account_change_password", "keyholder", at("/accounts/password/change/")),
    Place("account_reauthenticate", f"keyholder{LATER}", at("/accounts/reauthenticate/")),
    Place("mfa_reauthenticate", f"keyholder{LATER}", at("/accounts/2fa/reauthenticate/")),
    Place("mfa_reauthenticate_webauthn", f"keyholder{LATER}", at("/accounts/2fa/webauthn/reauthenticate/")),
    Place("account_login", "visitor", at("/accounts/login/"), is_sent=True, status=422),
    Place("account_signup", "visitor", at("/accounts/signup/"), is_sent=True, status=422),
    Place("account_reset_password", "visitor", at("/accounts/password/reset/"), is_sent=True, status=422),
    Place("account_email", "keyholder", at("/accounts/email/"), is_sent=True, status=422),
    Place("account_change_password", "keyholder", at("/accounts/password/change/"), is_sent=True, status=422),
    Place("mfa_activate_totp", "stranger", at("/accounts/2fa/totp/activate/"), is_sent=True, status=422),
    Place("office", "manager", record("accounts_federaloffice", "office")),
    Place("post", "manager", record("accounts_overseaspost", "post")),
    Place("post-new", "manager", at("/admin/accounts/overseaspost/add/"), is_sent=True, status=422),
    Place("person", "manager", record("accounts_user", "officer")),
    Place("person-grant", "manager", record("accounts_user", "officer", "grant")),
    Place("person-grant", "manager", record("accounts_user", "officer", "grant"), is_sent=True, status=422),
    Place("person-suspend", "manager", record("accounts_user", "officer", "suspend")),
    Place("person-revoke", "manager", at("/admin/accounts/user/{}/revoke/{}/", "officer", "grant")),
    Place("person-history", "manager", record("accounts_user", "officer", "history")),
    Place("queue-hits", "officer", at("/admin/buyers/vettingcase/")),
    Place("case-graph", "officer", record("buyers_vettingcase", "open")),
    Place("case-asked", "officer", record("buyers_vettingcase", "case")),
    Place("case-hit", "officer", record("buyers_vettingcase", "hit")),
    Place("case-recommended", "countersigner", record("buyers_vettingcase", "recommended")),
    Place("case-trusted", "officer", record("buyers_vettingcase", "trust")),
    Place("case-change", "officer", record("buyers_vettingcase", "change")),
    Place("report", "countersigner", at("/admin/buyers/vettingcase/report/{}/", "report")),
    Place("report", "countersigner", at("/admin/buyers/vettingcase/report/{}/", "report"), is_sent=True, status=422),
    Place("file_report", "officer", step("open", "file_report")),
    Place("escalate_case", "officer", step("open", "escalate_case")),
    Place("amend_trust", "officer", step("trust", "amend_trust")),
    Place("take_back_question", "officer", step("case", "take_back_question")),
    Place("absences", "officer", at("/admin/buyers/officerabsence/")),
    Place("absences", "manager", at("/admin/buyers/officerabsence/"), is_sent=True, status=422),
    Place("assign_case", "manager", step("case", "assign_case")),
    Place("recommend_trust", "officer", step("open", "recommend_trust")),
    Place("recommend_trust", "officer", step("open", "recommend_trust"), is_sent=True, status=422),
    Place("ask_question", "officer", step("open", "ask_question"), is_sent=True, status=422),
    Place("refuse_trust-reason", "officer", step("open", "refuse_trust")),
    Place("refuse_trust", "officer", at("/admin/buyers/vettingcase/{}/step/refuse_trust/?reason=OWNERSHIP", "open")),
    Place("countersign_trust", "countersigner", step("recommended", "countersign_trust")),
    Place("return_case", "countersigner", step("recommended", "return_case")),
    Place("suspend_trust", "officer", step("trust", "suspend_trust")),
    Place("revoke_trust", "officer", step("trust", "revoke_trust"), is_sent=True, status=422),
    Place("reports-quarter", "officer", at("/admin/reports/?days=30")),
    Place("hit", "officer", record("screening_hit", "grouped_hit")),
    Place("hit-step", "officer", at("/admin/screening/hit/{}/step/dismiss/", "grouped_hit")),
    Place("search-known", "officer", at("/admin/screening/listentry/?organization={}", "named_organization")),
    Place("search", "officer", at("/admin/screening/listentry/"), is_sent=True, status=422),
    Place("list-entry", "officer", at("/admin/screening/listentry/{}/change/", "listed_entry")),
    Place("notice-draft", "manager", record("calls_notice", "drafted")),
    Place("notice-published", "manager", record("calls_notice", "notice")),
    Place("notice-new", "manager", at("/admin/calls/notice/draft/"), is_sent=True, status=422),
    Place("rule", "officer", record("core_datedrule", "rule")),
    Place("ledger-entry", "officer", record("core_ledgerentry", "entry")),
    Place("mail", "officer", record("core_mail", "mail")),
    Place("outbox-message", "officer", record("core_outboxmessage", "message")),
    Place("introduction", "officer", record("matching_introduction", "introduction")),
    Place("match", "officer", record("matching_match", "match")),
    Place("weights", "officer", record("matching_modelversion", "weights")),
]
