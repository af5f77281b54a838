import pytest

from deployment.contents import is_library_file_shipped, is_project_file_shipped


@pytest.mark.parametrize(
    "path",
    [
        "artifacts/api/views/upkeep.py",
        "artifacts/management/commands/rebuild_index.py",
        "registry_site/settings/production.py",
        "templates/base.html",
    ],
)
def test_project_when_it_runs_in_production_then_shipped(path):
    assert is_project_file_shipped(path)


@pytest.mark.parametrize(
    "path",
    [
        "artifacts/api/__pycache__/health.cpython-311.pyc",
        "artifacts/.DS_Store",
        "artifacts/static/registry/site.css",
        "artifacts/management/commands/serve.py",
        "registry_site/settings/development.py",
        "registry_site/settings/testing.py",
    ],
)
def test_project_when_production_does_not_need_it_then_not_shipped(path):
    assert not is_project_file_shipped(path)


@pytest.mark.parametrize(
    "path",
    [
        "boto3/data/s3/2006-03-01/resources-1.json",
        "botocore/data/endpoints.json",
        "botocore/data/lambda/2015-03-31/service-2.json.gz",
        "botocore/data/s3/2006-03-01/service-2.json.gz",
        "botocore/data/secretsmanager/2017-10-17/service-2.json.gz",
        "botocore/data/ssm/2014-11-06/service-2.json.gz",
        "django/conf/locale/__init__.py",
        "django/conf/locale/en/formats.py",
        "django/contrib/admin/locale/en/LC_MESSAGES/django.mo",
        "django/contrib/admin/templates/admin/base.html",
        "psycopg_binary.libs/libpq-1.so.5",
        "psycopg-3.3.9.dist-info/METADATA",
    ],
)
def test_library_when_production_needs_it_then_shipped(path):
    assert is_library_file_shipped(path)


@pytest.mark.parametrize(
    "path",
    [
        "bin/django-admin",
        "botocore/data/ec2/2016-11-15/service-2.json.gz",
        "cffi/api.py",
        "django/conf/locale/de/formats.py",
        "django/contrib/admin/locale/en/LC_MESSAGES/django.po",
        "django/contrib/admin/static/admin/css/base.css",
        "django/contrib/gis/__init__.py",
        "psycopg/py.typed.pyi",
        "psycopg-3.3.9.dist-info/RECORD",
        "sqlparse/__pycache__/tokens.cpython-311.pyc",
        "waitress/server.py",
        "django/contrib/postgres/fields/__init__.py",
    ],
)
def test_library_when_production_does_not_need_it_then_not_shipped(path):
    assert not is_library_file_shipped(path)
