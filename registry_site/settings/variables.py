"""Every variable that the registry reads from its environment, in one table.

`environment.py` reads them and refuses a name that is not here; docs/settings.md describes each.
Without Django, because whoever deploys needs the table without it.
"""

from typing import NamedTuple


class Variable(NamedTuple):
    """What holds for a variable beside its form, which its reader in `environment.py` knows.

    Attributes:
        secret: whether its value may be shown to nobody, not in a complaint about it either.
        demanded: where there is no default for it: "production", or production with "s3".
        deployed: whether a deployment hands it to the function where it is set.
    """

    secret: bool = False
    demanded: str = ""
    deployed: bool = False


VARIABLES: dict[str, Variable] = {
    "PORT": Variable(),
    "DJANGO_SETTINGS_MODULE": Variable(),
    "REGISTRY_DATA_DIR": Variable(),
    "REGISTRY_DEMONSTRATION_PYTHON": Variable(),
    "REGISTRY_STORAGE": Variable(),
    "REGISTRY_TASKS": Variable(),
    "SECRET_KEY": Variable(secret=True, demanded="production"),
    "SECRET_KEY_FALLBACKS": Variable(secret=True, deployed=True),
    "DATABASE_URL": Variable(secret=True, demanded="production"),
    "DATABASE_POOLER": Variable(deployed=True),
    "DJANGO_ALLOWED_HOSTS": Variable(demanded="production"),
    "DJANGO_CSRF_TRUSTED_ORIGINS": Variable(deployed=True),
    "AWS_STORAGE_BUCKET_NAME": Variable(demanded="s3"),
    "AWS_ENDPOINT_URL": Variable(deployed=True),
    "AWS_ENDPOINT_URL_LAMBDA": Variable(deployed=True),
    "AWS_ENDPOINT_URL_S3": Variable(deployed=True),
    # These are Lambda's own to set, on a function.
    "AWS_REGION": Variable(),
    "AWS_LAMBDA_FUNCTION_NAME": Variable(),
    "AWS_ACCESS_KEY_ID": Variable(secret=True),
    "AWS_SECRET_ACCESS_KEY": Variable(secret=True),
    "AWS_SESSION_TOKEN": Variable(secret=True),
    "GITHUB_API_URL": Variable(deployed=True),
    "GITHUB_TOKEN": Variable(secret=True, deployed=True),
    "GITHUB_WEB_URL": Variable(deployed=True),
    "HF_ENDPOINT": Variable(deployed=True),
    "HF_TOKEN": Variable(secret=True, deployed=True),
    "KAGGLE_URL": Variable(deployed=True),
    "LOG_LEVEL": Variable(deployed=True),
    "REGISTRY_ADMIN_PASSWORD": Variable(secret=True, deployed=True),
    "REGISTRY_ALLOWED_HOSTS": Variable(deployed=True),
    "REGISTRY_BASE_URL": Variable(deployed=True),
    "REGISTRY_CONTENT_MAX_BYTES": Variable(deployed=True),
    "REGISTRY_GATE": Variable(deployed=True),
    "REGISTRY_MIRROR": Variable(deployed=True),
    "REGISTRY_PRIVATE_HOSTS": Variable(deployed=True),
    "REGISTRY_TRUSTED_PROXIES": Variable(deployed=True),
}

DEMANDED = tuple(name for name, each in VARIABLES.items() if each.demanded == "production")
DEMANDED_WITH_S3 = tuple(name for name, each in VARIABLES.items() if each.demanded == "s3")
ACCEPTED = tuple(name for name, each in VARIABLES.items() if each.deployed)
