"""The one settings module. What differs between installations comes from the environment (aiexports/env.py).

Two kinds of run: *embedded* (`make run`, `make test`: servers started from wheels, demonstration banner, demo sign-in)
and *production* (docker-compose.yml: outside servers, no default secrets).
"""

import logging
import os
from pathlib import Path

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from aiexports import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("PORTAL_DATA", str(BASE_DIR / ".data"))).resolve()

# --- the kind of run -------------------------------------------------------------------------------------------------
EMBEDDED = env.flag("PORTAL_EMBEDDED")  # set by aiexports.embedded, with the addresses of its servers
DEMO = env.flag("PORTAL_DEMO", default=EMBEDDED)  # /demo/: sign in as one of the demo cast with a click
DEBUG = env.flag("PORTAL_DEBUG")
OFFICIAL_SITE = env.flag("PORTAL_OFFICIAL_SITE")  # the federal banner and identifier; else a demonstration banner

SECRET_KEY = env.text("SECRET_KEY", "embedded-run-only" if EMBEDDED else None)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if EMBEDDED else "")
SITE_URL = env.text("SITE_URL", f"http://localhost:{env.number('PORT', 8000)}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- rooms, from the bottom up (docs/DEVELOPERS.md) --------------------------------------------------------------------
INSTALLED_APPS = [
    "aiexports",
    "matching",
    "buyers",
    "calls",
    "packages",
    "consortia",
    "screening",
    "organizations",
    "accounts",
    "core",
    "aiexports.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "django_structlog",
]
MIDDLEWARE = [
    "core.middleware.Metrics",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.middleware.RequestLog",
    "core.middleware.RequestClock",
    "accounts.middleware.SessionLimits",
    "accounts.middleware.ReaderPreferences",
    "accounts.middleware.StaffSecondStep",
    "accounts.middleware.FormErrorStatus",
]
ROOT_URLCONF = "aiexports.urls"
WSGI_APPLICATION = "aiexports.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "core.forms.PortalRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "aiexports.context.site",
            ],
        },
    },
]

# --- servers -----------------------------------------------------------------------------------------------------------
WEB_TIMEOUTS = "-c statement_timeout=5s -c lock_timeout=3s -c idle_in_transaction_session_timeout=15s"
WORKER_TIMEOUTS = "-c statement_timeout=60s -c lock_timeout=3s -c idle_in_transaction_session_timeout=90s"
LONG_TIMEOUTS = "-c lock_timeout=10s"  # migrations, imports, backups
PROCESS = env.text("PORTAL_PROCESS", "command")  # web | worker | relay | command; set by who starts the process


def _database(name: str, timeouts: str) -> dict[str, object]:
    entry = env.database(name, os.environ.get("DATABASE_URL"))
    options = {"connect_timeout": 3, "options": f"{timeouts} -c synchronous_commit=on"}
    entry["OPTIONS"] = {**entry["OPTIONS"], **options}  # type: ignore[dict-item]
    return entry | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}


_TIMEOUTS = {"web": WEB_TIMEOUTS, "worker": WORKER_TIMEOUTS, "relay": WORKER_TIMEOUTS}
DATABASES = {
    # The role that runs the portal: neither owner of the tables nor superuser, so it cannot disable a guard.
    "default": _database("DATABASE_URL", _TIMEOUTS.get(PROCESS, LONG_TIMEOUTS)),
    # The role that owns the tables: migrations, backup and restore only (`--database owner`).
    "owner": _database("DATABASE_OWNER_URL", LONG_TIMEOUTS),
}
DATABASE_ROUTERS: list[str] = []

REDIS_URL = env.text("REDIS_URL")  # redis://host:6379/0 or unix:///folder/socket
_SOCKET = REDIS_URL.startswith("unix://")
# Holds allauth's limits by network address only. In PostgreSQL, so that people sign in while Redis is away, and limited.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # beyond the number of addresses that could push others' counts out
    }
}
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://") + "?virtual_host=0" if _SOCKET else REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # the worker waits for its broker however long it is away
CELERY_DB_REUSE_MAX = 1000  # else a connection is made for each task
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 3,
    "retry_on_timeout": True,
    "max_retries": 1,
}
OUTBOX_LEASE_SECONDS = env.number("OUTBOX_LEASE_SECONDS", 20)  # a bell that was not heard so long is rung again
RELAY_HEARTBEAT = env.text("RELAY_HEARTBEAT", "")  # a file that the relay touches after each round, for a health check
CELERY_TASK_DEFAULT_QUEUE = "portal"
CELERY_TIMEZONE = "UTC"
# Beat only rings a bell: core.jobs decides by a unique (job, slot) row whether it is this slot's first ring.
CELERY_BEAT_SCHEDULE = {
    job: {"task": "core.ring", "args": [job, seconds], "schedule": float(min(seconds, 300))}
    for job, seconds in {
        "core.scan_quarantine": 60,
        "core.tidy": 24 * 3600,
        "screening.catch_up": 60,
        "screening.fetch_list": 3600,
        "screening.rescreen_all": 24 * 3600,
        "screening.watch_list": 3600,
        "buyers.expiry": 3600,
        "buyers.chasers": 3600,
    }.items()
}

CSL_URL = env.text("CSL_URL", "")  # where today's screening list is asked for each hour; empty: it is imported by hand

# --- people --------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PortalBackend"]
# NIST SP 800-63B-4: length and a blocklist, no composition rules and no rotation.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "accounts.passwords.LongestPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.GuessableValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("BEHIND_PROXY") else 0
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Anybody can sign up with anybody's address: its owner is mailed no words of theirs.
ACCOUNT_USER_DISPLAY = "allauth.account.utils.user_email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # counted by accounts.lockouts, which a wiped cache does not reset
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_SESSION_REMEMBER = False
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondStepForm",
    "reauthenticate": "accounts.forms.SecondStepAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "AI Exports portal"
# A code of the half minute before or after is taken, too: people type slowly, and phones run late (RFC 6238, section 5.2).
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED
SESSION_IDLE_SECONDS = {"staff": 15 * 60, "other": 30 * 60}
SESSION_ABSOLUTE_SECONDS = SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "accounts.sessions"

# --- security ------------------------------------------------------------------------------------------------------------
_HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 63_072_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_NAME = "__Host-session" if _HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- mail, files, static -------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "AI Exports portal <no-reply@localhost>")
MAILERS = {
    "default": {"BACKEND": "core.mail.FolderBackend", "OPTIONS": {"folder": str(DATA_DIR / "mail")}}
    if EMBEDDED
    else {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": env.text("SMTP_HOST", "localhost"),
            "port": env.number("SMTP_PORT", 587),
            "username": env.text("SMTP_USER", ""),
            "password": env.text("SMTP_PASSWORD", ""),
            "use_tls": env.flag("SMTP_TLS", default=True),
            "timeout": 10,
        },
    }
}
MEDIA_ROOT = DATA_DIR / "files"  # private: served by authorised views only
CLAMD_ADDRESS = env.text("CLAMD_ADDRESS", "")  # host:port or unix:///socket; empty: uploads stay in quarantine
FILES_ACCEL_PREFIX = env.text("FILES_ACCEL_PREFIX", "")  # nginx's internal location, e.g. /protected-files/
FILE_UPLOAD_MAX_BYTES = 25 * 1024 * 1024
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- words and time ------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
LANGUAGES = [
    ("en-us", _("English")),
    ("es", _("Spanish")),
    ("fr", _("French")),
    ("ar", _("Arabic")),
    ("pt", _("Portuguese")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- logs ----------------------------------------------------------------------------------------------------------------
from core.logs import LOGGING  # noqa: E402, F401  (structlog's chain; needs no settings)

DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
# Only our own proxy may name a request; it replaces what a client sends.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = env.flag("BEHIND_PROXY")
DJANGO_STRUCTLOG_TRUST_UPSTREAM_CORRELATION_ID = False
