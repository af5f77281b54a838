"""Every variable that the registry reads from its environment, in one table.

`environment.py` reads them, `given.py` refuses names that are not here, and docs/settings.md
describes each. A second table lists what only `deployment/` reads: one line in either table makes a
variable known. The module works without Django, because `deployment/` needs that.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

# The suffix of a variable that says where a secret is kept instead of holding it.
SECRET_ARN = "_SECRET_ARN"  # noqa: S105  (a name's ending)
# Every variable with this prefix is meant for the registry.
PREFIX = "REGISTRY_"


class Variable(NamedTuple):
    """The properties of a variable, except its syntax, which its reader in `environment.py` checks.

    Attributes:
        secret: whether its value must never be shown, not even in a complaint about it.
        demanded: where it has no default: in "production", or in production with "s3".
        deployed: whether a deployment passes it to the function if it is set.
    """

    secret: bool = False
    demanded: str = ""
    deployed: bool = False


VARIABLES: dict[str, Variable] = {
    "PORT": Variable(),
    "DJANGO_SETTINGS_MODULE": Variable(),
    "REGISTRY_DATA_DIR": Variable(),
    "REGISTRY_DEMONSTRATION_PYTHON": Variable(),
    "REGISTRY_NODE": Variable(),
    "REGISTRY_STORAGE": Variable(),
    "REGISTRY_TASKS": Variable(),
    "SECRET_KEY": Variable(secret=True, demanded="production"),
    "SECRET_KEY_FALLBACKS": Variable(secret=True, deployed=True),
    "DATABASE_URL": Variable(secret=True, demanded="production"),
    "DATABASE_CREDENTIALS": Variable(secret=True, deployed=True),
    "DATABASE_POOLER": Variable(deployed=True),
    "DJANGO_ALLOWED_HOSTS": Variable(demanded="production"),
    "DJANGO_CSRF_TRUSTED_ORIGINS": Variable(deployed=True),
    "AWS_STORAGE_BUCKET_NAME": Variable(demanded="s3"),
    "AWS_ENDPOINT_URL": Variable(deployed=True),
    "AWS_ENDPOINT_URL_LAMBDA": Variable(deployed=True),
    "AWS_ENDPOINT_URL_S3": Variable(deployed=True),
    "AWS_ENDPOINT_URL_SECRETS_MANAGER": Variable(deployed=True),
    "AWS_ENDPOINT_URL_SSM": Variable(deployed=True),
    # On a function, Lambda itself sets these.
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
    "REGISTRY_CONCURRENCY": Variable(deployed=True),
    "REGISTRY_CONTENT_MAX_BYTES": Variable(deployed=True),
    "REGISTRY_DECISIONS_BY": Variable(deployed=True),
    "REGISTRY_DOWNLOADS": Variable(deployed=True),
    "REGISTRY_GATE": Variable(deployed=True),
    "REGISTRY_GATE_THRESHOLDS": Variable(deployed=True),
    "REGISTRY_GATE_UNKNOWN": Variable(deployed=True),
    "REGISTRY_HSTS_SECONDS": Variable(deployed=True),
    "REGISTRY_HUB_PULL": Variable(deployed=True),
    "REGISTRY_MIRROR": Variable(deployed=True),
    "REGISTRY_MODE": Variable(deployed=True),
    # A deployment sets it.
    "REGISTRY_MONITOR_FUNCTION": Variable(),
    "REGISTRY_MONITOR_HOSTS": Variable(deployed=True),
    "REGISTRY_OWNERSHIP": Variable(deployed=True),
    "REGISTRY_PEOPLE_RECORD": Variable(deployed=True),
    "REGISTRY_PRIVATE_HOSTS": Variable(deployed=True),
    "REGISTRY_PUBLIC_PAGES": Variable(deployed=True),
    "REGISTRY_RESET": Variable(deployed=True),
    "REGISTRY_SCAN": Variable(deployed=True),
    "REGISTRY_TASKS_MAX": Variable(deployed=True),
    "REGISTRY_TOKEN_RATE": Variable(deployed=True),
    "REGISTRY_TRUSTED_PROXIES": Variable(deployed=True),
}

# A secret may be kept in Secrets Manager or in SSM's parameters: its variable -> the one that says
# where. AWS's own credentials are not in here, since reading the others needs them.
SECRET_ARNS: dict[str, str] = {
    name: f"{name}{SECRET_ARN}"
    for name, each in VARIABLES.items()
    if each.secret and (each.demanded or each.deployed)
}
VARIABLES |= {name: Variable(deployed=True) for name in SECRET_ARNS.values()}

# Variables on the operator's machine -> whether they may stand in the operator's file for a stage.
# No process of the registry reads them.
OPERATORS: dict[str, bool] = {
    "REGISTRY_ENV_FILE": False,
    "REGISTRY_ROLE_ARN": True,
    "REGISTRY_DEPLOYMENT_BUCKET": True,
    "REGISTRY_MONITOR_ROLE_ARN": True,
    "REGISTRY_SUBNET_IDS": True,
    "REGISTRY_SECURITY_GROUP_IDS": True,
    "REGISTRY_SMOKE_USER": False,
    "REGISTRY_SMOKE_PASSWORD": False,
    "REGISTRY_DIRTY_TREE": False,
    # deployment/package.py and own/prepare.py set it for a command that they run.
    "REGISTRY_STATIC_ROOT": False,
    # Names a registry's log to programs that test it; the processes they start inherit it.
    "REGISTRY_LOG": False,
}

DEMANDED = tuple(name for name, each in VARIABLES.items() if each.demanded == "production")
DEMANDED_WITH_S3 = tuple(name for name, each in VARIABLES.items() if each.demanded == "s3")
ACCEPTED = tuple(name for name, each in VARIABLES.items() if each.deployed)
KNOWN = frozenset((*VARIABLES, *OPERATORS))


def unknown_names(names: Iterable[str]) -> list[str]:
    """Return a sentence for each name that is in no table, with the most similar known name."""
    return [
        f"{name} is no variable of the registry.{f' Is {near} meant?' if near else ''}"
        for name in sorted(set(names) - KNOWN)
        for near in [find_nearest(name, KNOWN)]
    ]


def find_nearest(name: str, known: Collection[str]) -> str:
    """Return the name that was probably meant, in any case of letters; "" if none is similar."""
    # Imported only after a typing mistake.
    from difflib import get_close_matches

    by_letters = {each.upper(): each for each in sorted(known)}
    near = get_close_matches(name.upper(), by_letters, n=1)
    return by_letters[near[0]] if near else ""
