"""Which files of our own tree and of the installed libraries go into the package.

The rehearsal proves each line: with only the package on the path, it signs in to the staff site,
lists, opens pages, and loads static files and the schema.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Our own code that answers requests and runs tasks. Nothing else of the tree is shipped.
PROJECT_TREES = ("artifacts", "registry_site", "templates")
_NOT_IN_PRODUCTION = {
    "artifacts/static",  # collected, with hashes in the names
    "artifacts/management/commands/serve.py",
    "artifacts/management/commands/write_metric_pages.py",
    "artifacts/management/commands/write_permissions_page.py",
    "registry_site/settings/development.py",
    "registry_site/settings/testing.py",
}

# The AWS services that the code calls; botocore's descriptions of the others take 15 MB.
_AWS_SERVICES = {"lambda", "s3", "secretsmanager", "ssm", "sts"}
# Applications whose static files none of our pages loads.
STATIC_IGNORED = ("rest_framework",)
_LANGUAGE = "en"

_DROPPED_TREES = {
    # Needed only to build, or to serve without Lambda.
    "cffi",
    "pycparser",
    "waitress",
    # Features that the registry does not use.
    "boto3/examples",
    "django/contrib/admin/static",
    "django/contrib/gis",
    "django/contrib/postgres",  # REST framework would import it at its start
    "rest_framework/static",
}
_DROPPED_NAMES = {"__pycache__", "tests", "bin"}
_DROPPED_SUFFIXES = (".pyi", ".po", ".c", ".h", ".pxd", ".pyx", ".exe")


def is_project_file_shipped(path: str) -> bool:
    """Say whether a file of our own tree goes into the package; the path starts at its root."""
    parts = path.split("/")
    is_noise = "__pycache__" in parts or any(part.startswith(".") for part in parts)
    return not is_noise and not _is_within(path, _NOT_IN_PRODUCTION)


def is_library_file_shipped(path: str) -> bool:
    """Say whether a library's file is needed; the path starts at the folder of all libraries."""
    parts = path.split("/")
    if not _DROPPED_NAMES.isdisjoint(parts) or path.endswith(_DROPPED_SUFFIXES):
        return False
    if _is_within(path, _DROPPED_TREES):
        return False
    if parts[0].endswith(".dist-info"):
        # Some libraries look up their own version there.
        return parts[1] == "METADATA"
    if parts[:2] in (["botocore", "data"], ["boto3", "data"]) and parts[3:]:
        return parts[2] in _AWS_SERVICES
    if "locale" in parts[:-1]:
        language = parts[parts.index("locale") + 1]
        return language in (_LANGUAGE, "__init__.py")
    return True


def _is_within(path: str, trees: set[str]) -> bool:
    """Say whether a path is one of the trees or lies in one."""
    return any(path == tree or path.startswith(f"{tree}/") for tree in trees)
