import time
from hashlib import sha256

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from accounts.models import User

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def person(name: str = "person", **fields: object) -> User:
    """A user with an e-mail address made of the name; the same one when asked again."""
    found = User.objects.filter(email=f"{name}@example.com").first()
    return found or User.objects.create_user(f"{name}@example.com", name=name.title(), **fields)


def app_code(secret: str = TOTP_SECRET, *, seconds_ago: int = 0) -> str:
    """What an authenticator app shows, or showed that long ago."""
    return format_hotp_value(hotp_value(secret, int(time.time() - seconds_ago) // 30))


def with_second_steps(user: User) -> User:
    """A security key, an authenticator app and recovery codes."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": TOTP_SECRET})
    key = {"name": "Office key", "credential": _credential()}
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=key)
    RecoveryCodes.activate(user)
    return user


def _credential() -> dict[str, object]:
    """What a browser answers when a key is added, of a key that nobody holds."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    attested = AttestedCredentialData.create(Aaguid.NONE, b"key-of-nobody", public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, attested)
    client = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"challenge", "http://localhost")
    return {
        "id": websafe_encode(b"key-of-nobody"),
        "rawId": websafe_encode(b"key-of-nobody"),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
