"""The variables that production reads, by name. docs/settings.md describes each of them.

Plain tuples, because whoever deploys needs them without Django.
"""

DEMANDED = ("SECRET_KEY", "DATABASE_URL", "DJANGO_ALLOWED_HOSTS")
DEMANDED_WITH_S3 = ("AWS_STORAGE_BUCKET_NAME",)
# AWS_REGION and the function's credentials are Lambda's own to set.
ACCEPTED = (
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_LAMBDA",
    "AWS_ENDPOINT_URL_S3",
    "DATABASE_POOLER",
    "DJANGO_CSRF_TRUSTED_ORIGINS",
    "GITHUB_API_URL",
    "GITHUB_TOKEN",
    "GITHUB_WEB_URL",
    "HF_ENDPOINT",
    "HF_TOKEN",
    "KAGGLE_URL",
    "LOG_LEVEL",
    "REGISTRY_ADMIN_PASSWORD",
    "REGISTRY_ALLOWED_HOSTS",
    "REGISTRY_BASE_URL",
    "REGISTRY_CONTENT_MAX_BYTES",
    "REGISTRY_GATE",
    "REGISTRY_MIRROR",
    "REGISTRY_PRIVATE_HOSTS",
    "REGISTRY_TRUSTED_PROXIES",
    "SECRET_KEY_FALLBACKS",
)
