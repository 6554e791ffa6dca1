"""The one settings file. What differs between machines comes from the environment; every variable has its meaning beside it.

HUYUAN_MODE         demo (default) or production, nothing else; production refuses the embedded database and the demo sign-in buttons
HUYUAN_VAR          data folder, default var/
DATABASE_URL        postgresql:// address used by the application (role without rights to rewrite the audit)
DATABASE_OWNER_URL  postgresql:// address that owns the tables and runs migrations; default DATABASE_URL
HUYUAN_HOSTS        host names this installation answers to, comma separated; default localhost addresses
HUYUAN_ADDRESS      public address, as https://anquan.example.cn; default http://localhost:8000
HUYUAN_PROXIES      how many trusted proxies stand in front, each of which sets X-Forwarded-For and X-Forwarded-Proto;
                    default 0, which believes neither (everybody behind a proxy would then share one lock-out)
HUYUAN_STREAMS      public address of the streams process; default port 8001 beside HUYUAN_ADDRESS
HUYUAN_PANELS       host:port where alarm panels are received (SIA DC-09, TCP and UDP); default port 8010 beside HUYUAN_ADDRESS
HUYUAN_TILES        address template of the base map, with {x} {y} {z}, and {s:01234567} where the names of its hosts
                    differ, as in https://t{s:01234567}.tianditu.gov.cn/…; empty shows the plain outline
HUYUAN_GATEWAY_URL  address of the gateway for short messages and voice calls (POST of JSON: to, kind, text, sign, page; the
                    page's code in Idempotency-Key); empty keeps them on /dev/outbox in a demo, and fails them in production
HUYUAN_GATEWAY_KEY  what the gateway knows this installation by, sent as a bearer token
HUYUAN_INSIDE_RECEIVERS  names and networks inside the installation's own network to which alarms may be sent all the same, comma
                    separated, as 10.8.0.0/16,line.police.lan; empty allows public addresses only
HUYUAN_EMAIL_URL    smtp://user:password@host:port for outgoing mail; empty writes mails to var/mail
"""

import os
import sys
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from huyuan.common.keys import read_or_make_key
from huyuan.config import embedded_postgres

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("HUYUAN_VAR", BASE_DIR / "var")).resolve()


def refuse(sentence: str) -> NoReturn:
    """End with the sentence that says how to set this installation up."""
    print(sentence, file=sys.stderr)
    raise SystemExit(2)


MODE = os.environ.get("HUYUAN_MODE", "demo")
if MODE not in {"demo", "production"}:
    refuse(f"HUYUAN_MODE is “{MODE}”. Set it to demo or production; without it the demo runs.")
DEMO = MODE == "demo"
PACKS = BASE_DIR / "packs"


def database(url: str, role: str | None = None) -> dict[str, Any]:
    """Django's connection settings for a postgresql:// address; a socket folder may stand in ?host=."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    # A database that has gone silent is given up after seconds, not after the quarter of an hour that TCP waits.
    options: dict[str, Any] = {"connect_timeout": 5, "tcp_user_timeout": 10_000}
    if role:
        options["assume_role"] = role
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or query.get("host", "")),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options,
    }


def database_urls() -> tuple[str, str]:
    """The application's and the owner's address; starts the embedded server when the environment names none."""
    given = os.environ.get("DATABASE_URL")
    if given:
        return given, os.environ.get("DATABASE_OWNER_URL", given)
    if not DEMO:
        refuse("DATABASE_URL is not set. A real installation needs its own PostgreSQL: set DATABASE_URL.")
    return embedded_postgres.urls_for(VAR)


APPLICATION_ROLE = "huyuan_app"
application_url, owner_url = database_urls()
one_login = application_url == owner_url
DATABASE_OWNER_ADDRESS = owner_url
DATABASES = {
    "default": database(application_url, APPLICATION_ROLE if one_login else None),
    "owner": database(owner_url),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = read_or_make_key(VAR / "keys" / "secret.key").hex()
AUDIT_KEY_FILE = VAR / "keys" / "audit.key"
AUDIT_HEADS = VAR / "audit" / "heads.jsonl"
MEDIA_ROOT = VAR / "files"
FILE_KEYS = VAR / "keys" / "files"
IMPORTS_ROOT = VAR / "imports"
# What a process has taken and not yet stored: on the disk of its own host, never shared between hosts.
JOURNAL = VAR / "journal"
# Proves the tokens of phones; the same files on every host that answers them.
PRESS_KEYS = VAR / "keys" / "press"

DEBUG = False
# Threads of each web process, made as they are needed; the last few take presses and nothing else.
WEB_THREADS = 16
WEB_THREADS_FOR_ALARMS = 4
ADDRESS = os.environ.get("HUYUAN_ADDRESS", "http://localhost:8000").rstrip("/")
STREAMS = os.environ.get("HUYUAN_STREAMS", "http://localhost:8001").rstrip("/")
PANELS = os.environ.get("HUYUAN_PANELS", "127.0.0.1:8010")
TILES = os.environ.get("HUYUAN_TILES", "")
proxies = os.environ.get("HUYUAN_PROXIES", "0")
if not (proxies.isascii() and proxies.isdigit()):
    refuse(f"HUYUAN_PROXIES is “{proxies}”. Set it to the number of trusted proxies in front; 0 for none.")
PROXIES = int(proxies)
ALLOWED_HOSTS = [h for h in os.environ.get("HUYUAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
if DEMO:
    ALLOWED_HOSTS.append("*")
CSRF_TRUSTED_ORIGINS = [ADDRESS]
WHITENOISE_USE_FINDERS = True

INSTALLED_APPS = [
    "huyuan.config",
    "huyuan.web",
    "huyuan.api",
    "huyuan.emergency",
    "huyuan.inspections",
    "huyuan.guardposts",
    "huyuan.facilities",
    "huyuan.policy",
    "huyuan.ledgers",
    "huyuan.attachments",
    "huyuan.notifications",
    "huyuan.people",
    "huyuan.organisations",
    "huyuan.search",
    "huyuan.audit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "huyuan.web.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "huyuan.people.middleware.reader_language",
    "huyuan.web.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "huyuan.people.middleware.acting_post",
    "huyuan.policy.middleware.count_effort",
    "huyuan.web.middleware.AnswerRefusals",
]

ROOT_URLCONF = "huyuan.config.urls"
WSGI_APPLICATION = "huyuan.config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "huyuan.web.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "huyuan.web.templatetags.icons"],
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "huyuan.config.statics.NamedFilesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "huyuan.config.statics.HashedStorage"},
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "huyuan" / "locale"]
FORMAT_MODULE_PATH = "huyuan.config.formats"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["phone", "name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:today"
ACCOUNT_ADAPTER = "huyuan.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "phone"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "activate": "20/m/ip",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "huyuan.web.forms.AddPasskeyForm", "edit_webauthn": "huyuan.web.forms.EditPasskeyForm"}
MFA_TOTP_ISSUER = "Huyuan"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
USERSESSIONS_TRACK_ACTIVITY = False
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

INSIDE_RECEIVERS = [one.strip() for one in os.environ.get("HUYUAN_INSIDE_RECEIVERS", "").split(",") if one.strip()]

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ADDRESS.startswith("https:")
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if ADDRESS.startswith("https:") else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "huyuan.web.errors.csrf_failure"

FILE_UPLOAD_HANDLERS = ["huyuan.web.uploads.BoundedUploadHandler"]
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

mail = urlsplit(os.environ.get("HUYUAN_EMAIL_URL", ""))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if mail.hostname else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST, EMAIL_PORT = mail.hostname or "", mail.port or 465
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(mail.username or ""), unquote(mail.password or "")
EMAIL_TIMEOUT = 20
EMAIL_USE_SSL = EMAIL_PORT == 465
GATEWAY_URL, GATEWAY_KEY = os.environ.get("HUYUAN_GATEWAY_URL", ""), os.environ.get("HUYUAN_GATEWAY_KEY", "")
PUSH_KEY_FILE = VAR / "keys" / "push.key"
DEFAULT_FROM_EMAIL = os.environ.get("HUYUAN_MAIL_FROM", "huyuan@localhost")

PROCRASTINATE_DATABASE_ALIAS = "default"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"huyuan": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}

APPLICATION_NAME = _("Huyuan")
