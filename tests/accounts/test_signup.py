import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.models import User
from core.models import Mail
from tests.accounts.conftest import PASSWORD, is_signed_in, mails_to, sign_in, somebody

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Nora Lindqvist",
    "email": "Nora@Example.com",
    "password1": PASSWORD,
    "language": "es",
    "time_zone": "America/Bogota",
}


def link_in(mail: Mail) -> str:
    """The path of the one address of ours in the text."""
    (path,) = re.findall(r"http://localhost:8000(/accounts/\S+/)", mail.text)
    return path


def test_a_person_signs_up_confirms_the_address_and_signs_in(client):
    sent = client.post("/accounts/signup/", FORM)
    assert (sent.status_code, sent["Location"]) == (302, reverse("account_email_verification_sent"))
    user = User.objects.get()
    assert (user.email, user.name, user.language, user.time_zone) == (
        "nora@example.com", "Nora Lindqvist", "es", "America/Bogota",
    )  # fmt: skip
    assert not is_signed_in(client)
    assert sign_in(client, user)["Location"] == reverse("account_email_verification_sent")

    (mail, *_) = mails_to("nora@example.com")
    page = client.get(link_in(mail))
    assert page.status_code == 200
    assert not EmailAddress.objects.get().verified, "a GET changes nothing"
    client.post(link_in(mail))
    assert EmailAddress.objects.get().verified
    assert sign_in(client, user)["Location"] == "/dashboard/"
    assert is_signed_in(client)


def test_whoever_signs_up_with_anothers_address_puts_no_words_into_the_mail(client):
    client.post("/accounts/signup/", FORM | {"name": "Nora\r\n\r\nYou won: see evil.example\tnow"})
    assert User.objects.get().name == "Nora You won: see evil.example now"
    (mail,) = mails_to("nora@example.com")
    assert [words for words in ("Nora", "evil") if words in mail.text + mail.html + mail.subject] == []


def test_signing_up_with_a_known_address_looks_the_same_and_mails_its_owner(client, client_b):
    somebody("nora")
    known = client.post("/accounts/signup/", FORM, follow=True)
    unknown = client_b.post("/accounts/signup/", FORM | {"email": "new@example.com"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert (known.status_code, without_tokens(known)) == (unknown.status_code, without_tokens(unknown))
    assert known.cookies.keys() == unknown.cookies.keys()
    assert User.objects.filter(email="nora@example.com").count() == 1
    (told,) = mails_to("nora@example.com")
    assert "already" in told.text
    assert len(mails_to("new@example.com")) == 1


def test_a_new_password_for_an_unknown_address_looks_the_same(client, client_b):
    somebody("nora")
    known = client.post("/accounts/password/reset/", {"email": "nora@example.com"}, follow=True)
    unknown = client_b.post("/accounts/password/reset/", {"email": "nobody@example.com"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert without_tokens(known) == without_tokens(unknown)


def test_signing_in_with_an_unknown_address_looks_like_a_wrong_password(client, client_b):
    nora = somebody("nora")
    wrong = sign_in(client, nora, "not the password at all")
    unknown = client_b.post("/accounts/login/", {"login": "nobody@example.com", "password": "not the password at all"})
    assert wrong.status_code == unknown.status_code == 422
    assert without_tokens(wrong) == without_tokens(unknown).replace("nobody@example.com", "nora@example.com")


def without_tokens(response) -> str:
    """The body without what differs between any two answers: CSRF tokens, nonces and the message's address."""
    text = re.sub(r'(value|nonce|content)="[A-Za-z0-9_\-+/=]{20,}"', "", response.content.decode())
    return text.replace("new@example.com", "nora@example.com")


@pytest.mark.parametrize(
    "password",
    [
        "fourteen chars",
        "passwordpassword",
        "aaaaaaaaaaaaaaaa",
        "abcdefghijklmnop",
        "1234567890123456",
        "qwertyuiopasdfgh",
        "2026-letmein-2026!!",
        "AI Exports Portal 2026",
        "nora@example.com",
        "x" * 500 + "yzvwq" * 101,
    ],
)
def test_a_guessable_or_endless_password_is_refused(client, password):
    refused = client.post("/accounts/signup/", FORM | {"password1": password})
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {"password1"}
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "пять белых лошадей бегут", "no capitals or digits", "portal heron slate river", "g7!kQ2#zV9@mP4$x"],
)
def test_a_long_unusual_password_needs_no_composition(client, password):
    assert client.post("/accounts/signup/", FORM | {"password1": password}).status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("language", "tlh"), ("time_zone", "Mars/Olympus"), ("email", "nora"), ("name", "x" * 201)],
)
def test_sign_up_names_the_field_that_is_wrong(client, field, value):
    refused = client.post("/accounts/signup/", FORM | {field: value})
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {field}


def test_the_password_field_allows_pasting_and_password_managers(client):
    page = client.get("/accounts/signup/").content.decode()
    assert 'autocomplete="new-password"' in page
    assert "onpaste" not in page


@pytest.mark.parametrize("bad", ["nora\0@example.com", "x" * 1_000_000, "\ud83d"], ids=["nul", "megabyte", "surrogate"])
@pytest.mark.parametrize("field", ["name", "email", "password1", "language", "time_zone"])
def test_hostile_sign_up_is_refused_without_an_error(client, field, bad):
    value = bad.encode("utf-8", "surrogatepass")
    sent = client.post("/accounts/signup/", {**FORM, field: value.decode("utf-8", "replace")})
    assert sent.status_code in (400, 422) or (field, bad) in SURVIVES


SURVIVES = {("name", "\ud83d"), ("password1", "\ud83d")}  # a replacement character is a character


@pytest.mark.parametrize("bad", ["a\0b", "x" * 1_000_000], ids=["nul", "megabyte"])
@pytest.mark.parametrize("field", ["login", "password"])
def test_hostile_sign_in_is_refused_without_an_error(client, field, bad):
    somebody("nora")
    sent = client.post("/accounts/login/", {"login": "nora@example.com", "password": PASSWORD} | {field: bad})
    assert sent.status_code == 422
