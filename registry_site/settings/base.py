"""Settings that all environments share. docs/settings.md describes each variable."""

from pathlib import Path
from typing import Any

from artifacts.enums import MetricName
from artifacts.limits import (
    LISTED_SIZE_MAX_BYTES,
    PASSWORD_MAX_CHARS,
    PROGRAM_TOKEN_CALLS_PER_MINUTE,
    REQUEST_BODY_MAX_BYTES,
    TASKS_MAX_ON_LAMBDA,
)
from registry_site.release import VERSION, read_release

from . import environment as env
from . import given

given.refuse_unknown_names()
# boto3 reads these itself, but only complains later and in its own words.
_AWS_ENDPOINT_URL_ANY = env.base_url("AWS_ENDPOINT_URL", "")
_AWS_ENDPOINTS = (
    env.base_url("AWS_ENDPOINT_URL_LAMBDA", ""),
    env.base_url("AWS_ENDPOINT_URL_SECRETS_MANAGER", ""),
    env.base_url("AWS_ENDPOINT_URL_SSM", ""),
)
_AWS_CREDENTIALS = (
    env.token("AWS_ACCESS_KEY_ID"),
    env.token("AWS_SECRET_ACCESS_KEY"),
    env.token("AWS_SESSION_TOKEN"),
)
given.fetch_secrets()

BASE_DIR = Path(__file__).resolve().parents[2]
REGISTRY_VERSION = VERSION
# None outside a package.
REGISTRY_RELEASE = read_release(BASE_DIR)
# Whether this installation serves only the person who started it.
IS_FOR_TRYING_OUT = False

# ------------------------------------------------------------------ where things are kept

REGISTRY_DATA_DIR = env.path("REGISTRY_DATA_DIR", BASE_DIR / "data")
REGISTRY_STORAGE = env.choice("REGISTRY_STORAGE", ("local", "s3"), "local")
REGISTRY_MIRROR = env.choice("REGISTRY_MIRROR", ("always", "small", "never"), "always")
REGISTRY_CONTENT_MAX_BYTES = env.integer(
    "REGISTRY_CONTENT_MAX_BYTES", 20_000_000_000, minimum=0, maximum=LISTED_SIZE_MAX_BYTES
)
REGISTRY_TASKS = env.choice("REGISTRY_TASKS", ("immediate", "worker", "lambda"), "worker")
# 0: the number of instances at once is not known.
REGISTRY_CONCURRENCY = env.integer("REGISTRY_CONCURRENCY", 0, minimum=0, maximum=100_000)
# 0: as many tasks at once as there are workers. Functions run tasks beside requests, so half of the
# instances stay free for requests.
REGISTRY_TASKS_MAX = env.integer(
    "REGISTRY_TASKS_MAX",
    (max(1, REGISTRY_CONCURRENCY // 2) if REGISTRY_CONCURRENCY else TASKS_MAX_ON_LAMBDA)
    if REGISTRY_TASKS == "lambda"
    else 0,
    minimum=0,
    maximum=100_000,
)
# What follows from code that reaches the system, found in a file: its revision goes into
# quarantine, or it is only recorded.
REGISTRY_SCAN = env.choice("REGISTRY_SCAN", ("quarantine", "record"), "quarantine")
REGISTRY_GATE = env.choice("REGISTRY_GATE", ("record", "enforce"), "record")
REGISTRY_GATE_UNKNOWN = env.choice("REGISTRY_GATE_UNKNOWN", ("refuse", "accept"), "refuse")
REGISTRY_GATE_THRESHOLDS: dict[str, float] = {}
if env.text("REGISTRY_GATE_THRESHOLDS", ""):
    # Imported only where they are set: each module costs every start.
    from .thresholds import read_thresholds

    REGISTRY_GATE_THRESHOLDS = read_thresholds("REGISTRY_GATE_THRESHOLDS", MetricName.values())
REGISTRY_DOWNLOADS = env.choice("REGISTRY_DOWNLOADS", ("any", "passed", "approved"), "any")
REGISTRY_DECISIONS_BY = env.choice("REGISTRY_DECISIONS_BY", ("one", "two"), "one")
REGISTRY_MODE = env.choice("REGISTRY_MODE", ("open", "read_only", "closed"), "open")
REGISTRY_RESET = env.choice("REGISTRY_RESET", ("on", "off"), "off")
REGISTRY_TOKEN_RATE = env.integer(
    "REGISTRY_TOKEN_RATE", PROGRAM_TOKEN_CALLS_PER_MINUTE, minimum=1, maximum=1_000_000
)
REGISTRY_HUB_PULL = env.choice("REGISTRY_HUB_PULL", ("on", "off"), "off")
REGISTRY_PUBLIC_PAGES = env.choice("REGISTRY_PUBLIC_PAGES", ("on", "off"), "off")
REGISTRY_OWNERSHIP = env.choice("REGISTRY_OWNERSHIP", ("any", "uploader"), "any")
REGISTRY_PEOPLE_RECORD = env.choice("REGISTRY_PEOPLE_RECORD", ("on", "off"), "on")
REGISTRY_DEMONSTRATION_PYTHON = env.text("REGISTRY_DEMONSTRATION_PYTHON", "")
# The Node.js that runs the programs of sensitive models; "" looks along PATH.
REGISTRY_NODE = env.text("REGISTRY_NODE", "")
# The function on AWS Lambda that runs them instead; "" for this machine.
REGISTRY_MONITOR_FUNCTION = env.pattern(
    "REGISTRY_MONITOR_FUNCTION", "", r"[A-Za-z0-9_-]{1,64}", "a function's name"
)
# What they may ask for their decision; none: they have no network of any kind.
REGISTRY_MONITOR_HOSTS: tuple[str, ...] = ()
if env.text("REGISTRY_MONITOR_HOSTS", ""):
    # Imported only where they are set: each module costs every start.
    from .asked_hosts import read_hosts

    REGISTRY_MONITOR_HOSTS = read_hosts("REGISTRY_MONITOR_HOSTS")
REGISTRY_BASE_URL = env.base_url("REGISTRY_BASE_URL", "")
# No form accepts a longer one.
REGISTRY_ADMIN_PASSWORD = env.secret("REGISTRY_ADMIN_PASSWORD", maximum_chars=PASSWORD_MAX_CHARS)
# Where `manage.py serve` listens; 0 means any free port.
PORT = env.integer("PORT", 8000, minimum=0, maximum=env.PORT_MAX)

AWS_STORAGE_BUCKET_NAME = env.pattern(
    "AWS_STORAGE_BUCKET_NAME", "", r"arn:[!-~]{1,2000}|[A-Za-z0-9._-]{1,255}", "a bucket's name"
)
AWS_ENDPOINT_URL = env.base_url("AWS_ENDPOINT_URL_S3", "") or _AWS_ENDPOINT_URL_ANY
AWS_REGION = env.pattern(
    "AWS_REGION", "us-east-1", r"[A-Za-z0-9-]{1,63}", "a region's name, as in us-east-1"
)
# Lambda sets it to the name of the function; "" elsewhere.
AWS_LAMBDA_FUNCTION_NAME = env.pattern(
    "AWS_LAMBDA_FUNCTION_NAME", "", r"[A-Za-z0-9_-]{1,140}", "a function's name"
)

_LOCAL_STORAGE: dict[str, Any] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": str(REGISTRY_DATA_DIR / "bucket")},
}
_S3_STORAGE: dict[str, Any] = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": AWS_STORAGE_BUCKET_NAME,
        "region_name": AWS_REGION,
        "endpoint_url": AWS_ENDPOINT_URL or None,
        # Without these two, URLs are signed the old way, which newer regions refuse.
        "signature_version": "s3v4",
        "addressing_style": "path" if AWS_ENDPOINT_URL else "virtual",
        "default_acl": None,
        "querystring_auth": True,
    },
}
STORAGES: dict[str, Any] = {
    "default": _S3_STORAGE if REGISTRY_STORAGE == "s3" else _LOCAL_STORAGE,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# ------------------------------------------------------------------ the outside world

HF_ENDPOINT = env.base_url("HF_ENDPOINT", "https://huggingface.co")
GITHUB_API_URL = env.base_url("GITHUB_API_URL", "https://api.github.com")
GITHUB_WEB_URL = env.base_url("GITHUB_WEB_URL", "https://github.com")
KAGGLE_URL = env.base_url("KAGGLE_URL", "https://www.kaggle.com")
HF_TOKEN = env.token("HF_TOKEN")
GITHUB_TOKEN = env.token("GITHUB_TOKEN")
REGISTRY_ALLOWED_HOSTS = env.hosts(
    "REGISTRY_ALLOWED_HOSTS",
    (
        "huggingface.co", "www.huggingface.co", "hf.co", "www.hf.co",
        "github.com", "www.github.com", "kaggle.com", "www.kaggle.com",
    ),
)  # fmt: skip
# `host:port` pairs that outbound requests may reach although their addresses are private.
REGISTRY_PRIVATE_HOSTS = env.hosts_with_ports("REGISTRY_PRIVATE_HOSTS")

# ------------------------------------------------------------------ Django

# The operator's own proxies that a request passes; each adds to `X-Forwarded-For`.
REGISTRY_TRUSTED_PROXIES = env.proxies("REGISTRY_TRUSTED_PROXIES")
ALLOWED_HOSTS: list[str] = ["127.0.0.1", "localhost", "[::1]"]
ROOT_URLCONF = "registry_site.urls"
WSGI_APPLICATION = "registry_site.wsgi.application"
AUTH_USER_MODEL = "artifacts.User"
# Paths of artifacts end without a slash, and a redirect would lose a POST's body.
APPEND_SLASH = False

INSTALLED_APPS = [
    "registry_site.admin_config.RegistryAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "artifacts.apps.ArtifactsConfig",
]
MIDDLEWARE = [
    # Before anything reads a header that it removes.
    "registry_site.forwarding.ForwardingMiddleware",
    "artifacts.middleware.RequestMiddleware",
    # Outside of all that may refuse a request.
    "registry_site.pages.ErrorPageMiddleware",
    "registry_site.body_limits.BodyLimitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Before static files, because it refuses foreign hosts for them too.
    "django.middleware.common.CommonMiddleware",
    "registry_site.static_files.StaticFilesMiddleware",
    "artifacts.api.answers.AnswerMiddleware",
    "artifacts.api.methods.MethodMiddleware",
    "artifacts.api.modes.ModeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "registry_site.pages.PageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
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
            ]
        },
    }
]
PASSWORD_HASHERS = ["registry_site.password_hashers.BoundedArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "registry_site.password_validators.TakenByFormsValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
WHITENOISE_STATIC_PREFIX = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "staticfiles"
CSRF_FAILURE_VIEW = "artifacts.api.handlers.form_refused"
LOGIN_URL = "admin:login"
# Used also for a sign-in whose `next` leads to another site.
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = ["artifacts.admin.backends.RegistryBackend"]
# Larger JSON bodies are refused before they are parsed; files never come this way.
DATA_UPLOAD_MAX_MEMORY_SIZE = REQUEST_BODY_MAX_BYTES

# Runs a task at once if REGISTRY_TASKS is `immediate`.
TASK_RUNNER = "artifacts.tasks.runner.run_one"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["artifacts.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["artifacts.api.permissions.RoutePermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["artifacts.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "artifacts.api.exception_handler.handle_exception",
    "UNAUTHENTICATED_USER": None,
    "COMPACT_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Trustworthy Model Registry",
    "DESCRIPTION": "Register, find, judge and download machine-learning artifacts.",
    "VERSION": "3.4.7",
    "SERVE_INCLUDE_SCHEMA": False,
    # Where two fields share a name, or an enumeration's own says too little. Never rename one:
    # clients are generated from them.
    "ENUM_NAME_OVERRIDES": {
        "ArtifactTypeEnum": "artifacts.enums.ArtifactType.choices",
        "HealthStatusEnum": "artifacts.api.health_serializers.STATUSES",
        "MonitorVerdictEnum": "artifacts.enums.MonitorVerdict.choices",
        "ScanVerdictEnum": "artifacts.enums.ScanVerdict.choices",
        "VerdictEnum": "artifacts.enums.GateVerdict.choices",
        "UploadMethodEnum": "artifacts.api.upload_serializers.UPLOAD_METHODS",
    },
    "PREPROCESSING_HOOKS": ["artifacts.api.openapi.apply_descriptions"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "artifacts.api.openapi.apply_forms",
    ],
}

LOG_LEVEL = env.choice(
    "LOG_LEVEL", ("debug", "info", "warning", "error", "critical"), "info"
).upper()
LOGGING_CONFIG = "registry_site.logs.configure_process"
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "registry_site.logs.LineFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(route)s %(message)s",
        }
    },
    # The only handler: handlers of libraries' loggers are removed.
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # At DEBUG it writes a line for each rule that it tries on each line of a card.
        "markdown_it": {"level": "INFO"},
        # artifacts/middleware.py writes one line for each request, crashes and refusals included.
        # Lines of Django would count the same request again.
        **{
            name: {"level": "CRITICAL"}
            for name in ("django.request", "django.security", "django.server")
        },
    },
}
