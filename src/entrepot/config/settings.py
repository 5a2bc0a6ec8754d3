"""Settings, read from the environment. docs/operations.md lists each variable."""

from __future__ import annotations

import logging
import os
import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import ParseResult, unquote, urlparse

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from entrepot.ground.access.core import masked_record
from entrepot.ground.limits.core import networks, read_rates


def _list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def _flag(name: str, default: str = "0") -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


# Database, its log, mail, documents, exports, backups: whatever this product writes is for the account that it runs under alone.
os.umask(os.umask(0o077) | 0o077)
HOME = Path(os.environ.get("ENTREPOT_HOME", "var")).resolve()
HOME.mkdir(parents=True, exist_ok=True)
DEMO = _flag("ENTREPOT_DEMO")
DEBUG = False


def _secret_key() -> str:
    given = os.environ.get("ENTREPOT_SECRET_KEY")
    if given:
        return given
    kept = HOME / "secret-key"
    if not kept.exists():
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return kept.read_text().strip()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = _list("ENTREPOT_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = _list("ENTREPOT_ORIGINS")
# Behind TLS: the proxy speaks to us without it, and `desk.web.middleware.speak_tls` says how a request came.
HTTPS = _flag("ENTREPOT_HTTPS")


def _require_empty(url: ParseResult, name: str) -> None:
    """What is written wrong is not as good as nothing: an empty database would be begun, and mail would go nowhere."""
    if url.geturl():
        msg = f"{name} is none of the addresses that docs/operations.md names."
        raise ValueError(msg)


def _database() -> dict[str, object]:
    url = urlparse(os.environ.get("ENTREPOT_DATABASE", ""))
    if url.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": 60,
            # Compiling a query costs a tenth of a second here, and ours are short. Django turns prepared statements off: its own queries
            # are never prepared either way, those of the record store are (records/tables.py).
            # A server that went away without a word is noticed, and not waited for.
            "OPTIONS": {
                "options": "-c jit=off",
                "prepare_threshold": 5,
                "connect_timeout": 5,
                "keepalives_idle": 20,
                "tcp_user_timeout": 20_000,
            },
        }
    _require_empty(url, "ENTREPOT_DATABASE")
    return {
        "ENGINE": "entrepot.ground.keeping.sqlite",
        "NAME": HOME / "entrepot.sqlite3",
        # Opening one anew for each request costs more than most requests, and closing the last one folds the whole log into the file.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            # A write transaction takes its lock at once and waits for it, instead of failing half way.
            "transaction_mode": "IMMEDIATE",
            "timeout": float(os.environ.get("ENTREPOT_LOCK_SECONDS", "20")),
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-64000; "
            # The log is folded into the file every 64 MB, not every 4: a batch of statements touches a page per index and row.
            "PRAGMA wal_autocheckpoint=16000; "
            # What is deleted or changed is overwritten in the file: an erased person's name is on no page that is free now.
            "PRAGMA secure_delete=ON;",
        },
    }


DATABASES = {"default": _database()}
# Heads of the journal's chain, kept apart from the database (ground/journal/heads.py).
JOURNAL_HEADS = str(HOME / "journal-heads")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # the page of sessions says "two hours ago"
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "entrepot.shell",
    "entrepot.ground.keeping",
    "entrepot.ground.journal",
    "entrepot.ground.work",
    "entrepot.ground.limits",
    "entrepot.ground.region",
    "entrepot.ground.people",
    "entrepot.ground.access",
    "entrepot.ground.documents",
    "entrepot.ground.notices",
    "entrepot.ground.indicators",
    "entrepot.capacity.competencies",
    "entrepot.capacity.needs",
    "entrepot.capacity.training",
    "entrepot.capacity.records",
    "entrepot.capacity.credentials",
    "entrepot.capacity.evaluation",
    "entrepot.capacity.impact",
    "entrepot.capacity.knowledge",
    "entrepot.capacity.publications",
    "entrepot.capacity.reporting",
    "entrepot.capacity.community",
    "entrepot.desk",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "entrepot.desk.web.middleware.speak_tls",
    "django.middleware.security.SecurityMiddleware",
    "entrepot.capacity.records.web.xapi.front.lead_programs",
    "entrepot.desk.web.middleware.guard_browser",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "entrepot.desk.web.middleware.CompressText",
    "entrepot.desk.web.security_log.tell_refusals",
    "entrepot.desk.web.middleware.let_machines_in",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "entrepot.ground.people.web.sessions.end_sessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "entrepot.desk.web.middleware.say_who_asks",
    "entrepot.desk.web.limits.keep_limits",
    "entrepot.desk.web.links.guard_links",
]
ROOT_URLCONF = "entrepot.config.urls"
WSGI_APPLICATION = "entrepot.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["entrepot.shell.loading.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "entrepot.desk.web.middleware.frame",
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
        },
    }
]

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["full_name", "email"]},
    },
    {"NAME": "entrepot.ground.people.passwords.ExpectedWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/today/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "entrepot.ground.people.web.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "entrepot.ground.people.web.passwords.SignInForm",
    "reset_password": "entrepot.ground.people.web.passwords.ForgottenForm",
    "reset_password_from_key": "entrepot.ground.people.web.passwords.NewForm",
    "change_password": "entrepot.ground.people.web.passwords.ChangeForm",
    "set_password": "entrepot.ground.people.web.passwords.FirstForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "entrepot.ground.people.web.reset_tokens.ResetTokens"  # noqa: S105  (a name)
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# What is counted is counted in one place, ground/limits.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "entrepot.ground.people.web.second_step.Adapter"
MFA_FORMS = {
    "authenticate": "entrepot.ground.people.web.guessing.CodeForm",
    "reauthenticate": "entrepot.ground.people.web.guessing.CodeAgainForm",
    "authenticate_webauthn": "entrepot.ground.people.web.guessing.KeyForm",
    "reauthenticate_webauthn": "entrepot.ground.people.web.guessing.KeyAgainForm",
    "login_webauthn": "entrepot.ground.people.web.guessing.PasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Entrepot"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False
# Each limit: so many at once, and as many more in the course of the time; `off`: none. docs/operations.md says what each one counts.
LIMITS = read_rates(
    {
        "failures.account": "6/5m",
        "failures.browser": "6/5m",
        "failures.second-step": "6/5m",
        "failures.code": "10/5m",
        "failures.address": "100/5m",
        "failures.secret": "60/5m",
        "failures.turns": "60/5m",
        "mails.account": "3/15m",
        "mails.address": "60/15m",
        "api.token": "1200/m",
        "api.address": "6000/m",
        "links": "1200/m",
        "certificates": "240/m",
        "addresses": "10/24h",
        "search": "240/m",
        "sign-in": "240/m",
        "documents": "200/24h",
        "xapi.key": "off",
    },
    os.environ.get("ENTREPOT_LIMITS", ""),
)
# The networks of the proxies in front, whose X-Forwarded-For is believed; nobody else's is.
PROXIES = os.environ.get("ENTREPOT_PROXIES", "")
networks(PROXIES)  # says now what is no network
SILENCED_SYSTEM_CHECKS: list[str] = []

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "desk_cache"},
    # Papers that are frozen, as files made once; whoever is erased takes all of them along.
    "prints": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": HOME / "prints",
        "TIMEOUT": 30 * 24 * 3600,
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}
# Over https no other host, and no page without TLS, can set a cookie that begins so; over http browsers refuse it.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = COOKIE_PREFIX + "sessionid"
CSRF_COOKIE_NAME = COOKIE_PREFIX + "csrftoken"
LANGUAGE_COOKIE_NAME = COOKIE_PREFIX + "django_language"
MESSAGE_STORAGE = "entrepot.desk.web.notes.Notes"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
# A sign-in lasts so long at the most, and so long without being used.
SESSION_COOKIE_AGE = int(float(os.environ.get("ENTREPOT_SESSION_HOURS", "12")) * 3600)
SESSION_IDLE_SECONDS = int(float(os.environ.get("ENTREPOT_SESSION_IDLE_MINUTES", "60")) * 60)
CSRF_FAILURE_VIEW = "entrepot.desk.web.errors.stale"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _flag("ENTREPOT_HSTS_SUBDOMAINS", "1")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz"]  # asked for on this machine, past the proxy
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

FILE_UPLOAD_PERMISSIONS = 0o600
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "documents": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Never under an address of their own: a document is served by a view that has asked its rule.
        "OPTIONS": {"location": os.environ.get("ENTREPOT_FILES") or HOME / "documents", "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
# A folder with a model of meaning, for the search among good practices; empty: by words alone.
MEANING = os.environ.get("ENTREPOT_MEANING", "")
# For how many days copies made by `entrepot backup` are kept, as whoever keeps them has settled it: for so long an erased person is in one.
BACKUPS_KEPT = timedelta(days=int(os.environ.get("ENTREPOT_BACKUP_DAYS", "35")))
UPLOAD_LIMIT = int(float(os.environ.get("ENTREPOT_UPLOAD_MB", "20")) * 1_000_000)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "entrepot.ground.documents.uploads.LimitedUpload"]
# How many requests a web process works on at once, how many may wait for that, and how long a body may take before it has to keep a rate.
TURNS = int(os.environ.get("ENTREPOT_TURNS", "4"))
LINE = int(os.environ.get("ENTREPOT_LINE", "100"))
CONNECTIONS = int(os.environ.get("ENTREPOT_CONNECTIONS", "200"))
BODY_SECONDS = float(os.environ.get("ENTREPOT_BODY_SECONDS", "20"))
# From when on `/healthz` and `entrepot check` find something wrong: no sign of a worker, a job that is due, a mail that waits; and the
# last megabytes of a disk.
WORKER_SECONDS = int(os.environ.get("ENTREPOT_WORKER_SECONDS", "120"))
JOB_SECONDS = int(os.environ.get("ENTREPOT_JOB_SECONDS", "900"))
MAIL_SECONDS = int(os.environ.get("ENTREPOT_MAIL_SECONDS", "7200"))
ROOM_MEGABYTES = int(os.environ.get("ENTREPOT_ROOM_MB", "300"))
# Where the product is reached, for the links in mails.
ADDRESS = os.environ.get("ENTREPOT_ADDRESS", "http://127.0.0.1:8000").rstrip("/")


def _mail() -> dict[str, object]:
    """How mail leaves: `smtp://user:password@host:587` (STARTTLS), `smtps://…:465`, `smtp+plain://localhost:25`; empty: a folder."""
    url = urlparse(os.environ.get("ENTREPOT_MAIL", ""))
    if url.scheme not in {"smtp", "smtps", "smtp+plain"}:
        _require_empty(url, "ENTREPOT_MAIL")
        return MAIL_FOLDER
    return {
        "backend": "django.core.mail.backends.smtp.EmailBackend",
        "host": url.hostname or "localhost",
        "port": url.port or {"smtp": 587, "smtps": 465}.get(url.scheme, 25),
        "username": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "use_tls": url.scheme == "smtp",
        "use_ssl": url.scheme == "smtps",
        "timeout": 30,
    }


# What libraries send goes to the outbox too; the outbox sends by MAIL_TRANSPORT, and to invented people only ever into the folder.
EMAIL_BACKEND = "entrepot.ground.notices.backend.OutboxBackend"
MAIL_FOLDER: dict[str, object] = {"backend": "django.core.mail.backends.filebased.EmailBackend", "file_path": str(HOME / "mail")}
MAIL_TRANSPORT = _mail()
DEFAULT_FROM_EMAIL = os.environ.get("ENTREPOT_MAIL_FROM", "entrepot@localhost")

LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [Path(__file__).parents[1] / "locale"]
if DEMO:
    # Pseudo-languages, to see whether pages hold in any language; `entrepot catalogues` makes them, and so does `serve --demo`.
    LOCALE_PATHS = [*LOCALE_PATHS, HOME / "locale"]
    for _code, _name in {"en-xa": "Eẋþåñđéđ (XA)", "ar-xb": "Right to left (XB)", "en-xc": "Ｕｎｓｐａｃｅｄ (XC)"}.items():
        LANGUAGES = [*LANGUAGES, (_code, _name)]
        LANG_INFO[_code] = {"code": _code, "name": _name, "name_local": _name, "bidi": _code == "ar-xb"}

# What is logged holds no secret of a link, whoever logs it and wherever it goes.
logging.setLogRecordFactory(masked_record)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"masked": {"()": "entrepot.ground.access.core.MaskedFormatter"}},
    "loggers": {"entrepot.security": {"level": "INFO"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "masked"}},
    "root": {"handlers": ["console"], "level": os.environ.get("ENTREPOT_LOG", "WARNING")},
}
