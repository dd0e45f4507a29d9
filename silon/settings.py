"""Settings: one file, from the environment only; a missing or wrong variable is named and stops the start.

Every variable is described in .env.example.
"""

import base64
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from silon.demo_accounts import ACCOUNTS, STORY_ACCOUNT

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def _required(name: str) -> str:
    text = env.str(name, default="")
    if not text:
        raise ImproperlyConfigured(f"{name} is not set. See .env.example; `make run` sets it by itself.")
    return text


def _database(name: str) -> dict:
    """A PostgreSQL URL; the socket directory may be given as ?host=/path."""
    config = environ.Env.db_url_config(_required(name))
    options = config.get("OPTIONS", {})
    config["HOST"] = options.pop("host", config.get("HOST", ""))
    config["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    config["CONN_HEALTH_CHECKS"] = True
    return config


def _kek() -> bytes:
    """The key-encryption key: 32 bytes, base64, in SILON_KEK or in the file SILON_KEK_FILE names."""
    path = env.str("SILON_KEK_FILE", default="")
    text = Path(path).read_text("ascii").strip() if path else _required("SILON_KEK")
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ImproperlyConfigured("SILON_KEK is not base64.") from error
    if len(key) != 32:
        raise ImproperlyConfigured(f"SILON_KEK must hold 32 bytes, not {len(key)}.")
    return key


def _email_backend() -> str:
    """Where letters go. The console shows secret links, so it serves only where everybody knows the passwords."""
    console = "django.core.mail.backends.console.EmailBackend"
    trying = DEBUG or DEMO
    backend = env.str(
        "EMAIL_BACKEND", default=console if trying else "django.core.mail.backends.smtp.EmailBackend"
    )
    if backend == console and not trying:
        raise ImproperlyConfigured(
            "EMAIL_BACKEND writes mails, with their secret links, to the log. Set EMAIL_HOST instead."
        )
    return backend


def _site_url() -> str:
    """Where the site is, for links in mails; empty when nothing says it, and then the first mail says so."""
    if trusted := env.str("SITE_URL", default="") or next(iter(CSRF_TRUSTED_ORIGINS), ""):
        return trusted
    return f"http://127.0.0.1:{env.str('PORT', default='8000')}" if DEBUG or DEMO else ""


def _two_factor_exempt() -> frozenset[str]:
    """Whose password suffices: the demo's accounts, whose password everybody knows. Nobody else, ever."""
    named = frozenset(env.list("SILON_TWO_FACTOR_EXEMPT", default=[]))
    if named and not DEMO:
        raise ImproperlyConfigured("SILON_TWO_FACTOR_EXEMPT is for the demo only. Unset it.")
    return named | frozenset((*ACCOUNTS, STORY_ACCOUNT) if DEMO else ())


DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("SILON_DEMO", default=False)
DEMO_PASSWORD = env.str("SILON_DEMO_PASSWORD", default="silon-demo")
SECRET_KEY = _required("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = _site_url()
SILON_KEK = _kek()
SILON_DATA = Path(env.str("SILON_DATA", default=str(BASE_DIR / ".data" / "files")))
UPLOAD_LIMIT_BYTES = env.int("SILON_UPLOAD_LIMIT_MB", default=300) * 1024 * 1024
ATTACHMENT_LIMIT_BYTES = env.int("SILON_ATTACHMENT_LIMIT_MB", default=10) * 1024 * 1024
SCANS_LIMIT_BYTES = env.int("SILON_SCANS_LIMIT_MB", default=4096) * 1024 * 1024
ROLLS_LIMIT_BYTES = env.int("SILON_ROLLS_LIMIT_MB", default=4096) * 1024 * 1024
SCAN_INSPECTORS = env.int("SILON_SCAN_INSPECTORS", default=2)
# Each takes an election whose identities are being destroyed, and erases what its app kept of people beside the rows.
ERASED_WITH_IDENTITIES = ["verification.erasing.erase_notes", "verification.rolls.erasing.erase_voters"]
UNFINISHED_FILE_HOURS = env.int("SILON_UNFINISHED_FILE_HOURS", default=48)
SILENT_BODY_SECONDS = env.int("SILON_SILENT_BODY_SECONDS", default=60)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "bootstrap",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "lucide",
    "rest_framework",
    "foundation.accounts",
    "foundation.keys",
    "foundation.regions",
    "foundation.workflow",
    "foundation.jobs",
    "foundation.drafts",
    "foundation.attachments",
    "foundation.readings",
    "candidates",
    "candidates.mandates",
    "supports",
    "supports.retention",
    "supports.privacy",
    "supports.help_desk",
    "supports.recommendations",
    "supports.scans",
    "supports.repairs",
    "verification",
    "verification.corrections",
    "verification.results",
    "verification.duplicates",
    "verification.rolls",
    "silon",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Before CSRF, which would read the body: who asks is known, and may, before a byte of the body is read.
    "foundation.accounts.access.AccessMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "foundation.drafts.middleware.DraftMiddleware",
    "foundation.web.RefusalMiddleware",
]

ROOT_URLCONF = "silon.urls"
WSGI_APPLICATION = "silon.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "silon.context.frame",
            ],
        },
    },
]

# "default" is the application's role (no DDL, Events append-only); "owner" migrates and nothing else.
DATABASES = {"default": _database("DATABASE_URL")}
if env.str("DATABASE_OWNER_URL", default=""):
    DATABASES["owner"] = _database("DATABASE_OWNER_URL")
# How long a starting process waits for a database that recovers or starts beside it.
DATABASE_WAIT_SECONDS = env.int("DATABASE_WAIT_SECONDS", default=90)
DATABASE_ROUTERS = ["silon.routers.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = _required("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 4 * 3600
# A message is delivered again only after the longest task could have ended.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": CELERY_TASK_TIME_LIMIT + 900,
    # A request that rings gives up at once when the broker is away, the sweep rings later; workers try for ever.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.2,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that is full refuses a worker's own notes about its messages: it waits as for one that is away.
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
JOB_SWEEP_SECONDS = env.int("JOB_SWEEP_SECONDS", default=5)
JOB_LOST_AFTER_SECONDS = env.int("JOB_LOST_AFTER_SECONDS", default=30)
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "foundation.jobs.sweep", "schedule": JOB_SWEEP_SECONDS},
    "sweep-mail": {"task": "foundation.accounts.sweep_mail", "schedule": 60},
    "sweep-rounds": {"task": "supports.sweep_rounds", "schedule": JOB_SWEEP_SECONDS},
    "sweep-reopenings": {"task": "verification.reopening.sweep", "schedule": JOB_SWEEP_SECONDS},
    "sweep-unsubmitted": {"task": "supports.retention.sweep_drafts", "schedule": 3600},
    "sweep-drafts": {"task": "foundation.drafts.sweep_drafts", "schedule": 3600},
    "sweep-accounts": {"task": "foundation.accounts.sweep_accounts", "schedule": 3600},
    "sweep-files": {"task": "foundation.keys.sweep_files", "schedule": 3600},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "foundation.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "foundation.accounts.login_form.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Failed log-ins are counted by foundation.accounts.attempts: per account and network together.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None, "change_password": "10/m/user"}
MFA_ADAPTER = "foundation.accounts.mfa_adapter.MFAAdapter"
MFA_FORMS = {"authenticate": "foundation.accounts.code_form.CodeForm"}
MFA_TOTP_ISSUER = "Silon Terbuka"
MFA_TOTP_TOLERANCE = 1  # phones go wrong by half a minute
TWO_FACTOR_EXEMPT = _two_factor_exempt()
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
EMAIL_BACKEND = _email_backend()
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", default="") or None
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Silon Terbuka <silon@localhost>")
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("COOKIES_SECURE", default=not (DEBUG or DEMO))
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)

KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105 — the name of a model
REST_KNOX = {"TOKEN_MODEL": KNOX_TOKEN_MODEL, "AUTH_HEADER_PREFIX": "Token", "TOKEN_LIMIT_PER_USER": None}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["foundation.accounts.access.ApiTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["foundation.accounts.access.DeclaredPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["foundation.api.TextJson"],
    "DEFAULT_PAGINATION_CLASS": "foundation.api.Cursor",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "foundation.api.error_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Silon Terbuka",
    "DESCRIPTION": "Dukungan bakal pasangan calon perseorangan: unggah, periksa, hitung.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PERMISSIONS": ["foundation.accounts.access.DeclaredPermission"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "WindowKind": "candidates.models.Window.Kind",
        "RulingKind": "candidates.models.Ruling.Kind",
        "RoundOrPool": "supports.models.Submission.Kind",
        "GroupKind": "verification.duplicates.models.Group.Kind",
        "ScanKind": "supports.scans.models.Kind",
        "RollKind": "verification.rolls.models.Kind",
        "RollStatus": "verification.rolls.api_shapes.STATES",
        "TimeZone": "candidates.models.Zone",
        "PairStatus": "candidates.api_shapes.PAIR_STATUSES",
        "RecommendationStatus": "supports.recommendations.api.STATES",
        "MandateStatus": "candidates.mandates.api.STATUSES",
        "DataRequestStatus": "supports.privacy.api_shapes.STATUSES",
        "DataRequestKind": "supports.privacy.models.DataRequest.Kind",
        "MarkKind": "supports.privacy.models.Mark.Kind",
        "HelpThreadStatus": "supports.help_desk.api_shapes.STATUSES",
        "SubmissionStatus": "supports.handing_in.api_shapes.SUBMISSION_STATUSES",
        "StaffRole": "foundation.accounts.staff_api.ROLES",
        "UploadStatus": "supports.api_shapes.UPLOAD_STATUSES",
        "VerminStatus": "supports.api_shapes.VERMIN_STATUSES",
        "DecidedStatus": "verification.api_shapes.DECIDED_STATUSES",
        "BulkStatus": "verification.api_shapes.BULK_STATUSES",
        "CorrectionStatus": "verification.corrections.api_shapes.CORRECTION_STATUSES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "foundation.api.add_errors",
    ],
}

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia")]
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG or DEMO
# Without finders the collected files are served, and must be there.
STATIC_ROOT = (
    None if WHITENOISE_USE_FINDERS else Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
)
STORAGES = {
    "default": {
        "BACKEND": env.str("FILE_STORAGE", default="django.core.files.storage.FileSystemStorage"),
        "OPTIONS": env.json("FILE_STORAGE_OPTIONS", default={"location": str(SILON_DATA), "base_url": None}),
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Only pages that take a file change this, after they know who asks: no other page writes a byte of one.
FILE_UPLOAD_HANDLERS = ["foundation.storage.RefusingUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
CSRF_FAILURE_VIEW = "foundation.web.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # /readyz says "not yet" by 503; that is an answer, not a fault.
    "filters": {
        "no_503": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: getattr(record, "status_code", None) != 503,
        }
    },
    "loggers": {
        "django.request": {"filters": ["no_503"]},
        # Lines every few seconds that say nothing: what a job did is in its row.
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}
