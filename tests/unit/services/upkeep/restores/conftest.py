"""Where bytes rest, and a registry that somebody uses."""

import uuid

import pytest
from django.test import override_settings

from tests.fakes import seaweed
from tests.unit.services.upkeep.restores.story import (
    Registry,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with seaweed.serve(tmp_path_factory.mktemp("seaweed")) as running:
        yield running


@pytest.fixture
def versioned(request):
    """A bucket that keeps versions, on a real server."""
    server, name = request.getfixturevalue("server"), f"bucket-{uuid.uuid4().hex}"
    server.client().create_bucket(Bucket=name)
    server.client().put_bucket_versioning(
        Bucket=name, VersioningConfiguration={"Status": "Enabled"}
    )
    options = {
        "bucket_name": name,
        "endpoint_url": server.url,
        "region_name": seaweed.REGION,
        "access_key": seaweed.ACCESS_KEY,
        "secret_key": seaweed.SECRET_KEY,
        "signature_version": "s3v4",
        "addressing_style": "path",
    }
    storages = {"default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}}
    with override_settings(STORAGES=storages, REGISTRY_STORAGE="s3"):
        yield


@pytest.fixture
def kept(request):
    """Where bytes rest."""
    if getattr(request, "param", "local") == "versioned":
        request.getfixturevalue("versioned")


@pytest.fixture
def registry(kept, source, uploader, django_capture_on_commit_callbacks) -> Registry:
    return Registry(source, uploader, django_capture_on_commit_callbacks)
