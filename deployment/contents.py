"""What of the installed libraries and of our own tree goes into the package.

Each line here is proven by running the package: the rehearsal signs in to the staff site, lists,
opens pages, loads static files and the schema with nothing but the package on the path.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Ours: what answers requests and does tasks. Everything else of the tree stays at home.
PROJECT_TREES = ("artifacts", "registry_site", "templates")
_NOT_IN_PRODUCTION = {
    "artifacts/static",  # collected, with hashes in the names
    "artifacts/management/commands/serve.py",
    "artifacts/management/commands/write_metric_pages.py",
    "registry_site/settings/development.py",
    "registry_site/settings/testing.py",
}

# Which of Amazon's services the code calls; the descriptions of the others take 15 MB.
_AWS_SERVICES = {"lambda", "s3", "sts"}
# Applications whose static files no page of ours loads.
STATIC_IGNORED = ("rest_framework",)
_LANGUAGE = "en"

_DROPPED_TREES = {
    # Needed to build, or to serve in ways that Lambda does not.
    "cffi",
    "pycparser",
    "waitress",
    # Half of the operator's tools; the handler needs the rest.
    "zappa/cli.py",
    "zappa/core.py",
    "zappa/letsencrypt.py",
    # Features that the registry does not use.
    "boto3/examples",
    "django/contrib/admin/static",
    "django/contrib/gis",
    "rest_framework/static",
}
_DROPPED_NAMES = {"__pycache__", "tests", "bin"}
_DROPPED_SUFFIXES = (".pyi", ".po", ".c", ".h", ".pxd", ".pyx", ".exe")


def is_project_file_shipped(path: str) -> bool:
    """Say whether a file of our own tree, named from its root, goes into the package."""
    parts = path.split("/")
    is_noise = "__pycache__" in parts or any(part.startswith(".") for part in parts)
    return not is_noise and not _lies_in(path, _NOT_IN_PRODUCTION)


def is_library_file_shipped(path: str) -> bool:
    """Say whether a file of the installed libraries, named from their root, is needed."""
    parts = path.split("/")
    if not _DROPPED_NAMES.isdisjoint(parts) or path.endswith(_DROPPED_SUFFIXES):
        return False
    if _lies_in(path, _DROPPED_TREES):
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


def _lies_in(path: str, trees: set[str]) -> bool:
    """Say whether a path is one of the trees or in one."""
    return any(path == tree or path.startswith(f"{tree}/") for tree in trees)
