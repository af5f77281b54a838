"""Every bucket there is, empty."""

import os
import threading
import uuid
from contextlib import contextmanager
from typing import Any

import pytest

from artifacts.storage.abilities import NONE, abilities_with
from artifacts.storage.local import LocalStore
from artifacts.storage.promises import prove
from artifacts.storage.s3 import S3Store
from tests.fakes import seaweed
from tests.fakes.storage import FakeStore


@pytest.fixture(scope="session")
def s3_endpoint():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def seaweed_endpoint(tmp_path_factory):
    with seaweed.serve(tmp_path_factory.mktemp("seaweed")) as server:
        yield server.url


@contextmanager
def one_at_a_time(_key):
    """What the rows of `storage.once` do, for the threads of a test without a database."""
    with _RIGHT:
        yield


_RIGHT = threading.Lock()
_FOUND = {}


def careful_store(endpoint):
    """A store on an S3 server that was tried first, as the registry does."""
    trusting = s3_store(endpoint)
    cautious = S3Store(trusting._clients._storage, lambda: NONE, one_at_a_time)
    if endpoint not in _FOUND:
        _FOUND[endpoint] = prove(trusting, cautious)
    able = abilities_with(_FOUND[endpoint])
    store: Any = S3Store(trusting._clients._storage, lambda: able, one_at_a_time)
    store.broken = {each.promise for each in _FOUND[endpoint]}
    return store


def s3_store(endpoint):
    """A store on an S3 server, with a bucket of its own."""
    import boto3
    from storages.backends.s3 import S3Storage

    name = f"bucket-{uuid.uuid4().hex}"
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=seaweed.REGION,
        aws_access_key_id=seaweed.ACCESS_KEY,
        aws_secret_access_key=seaweed.SECRET_KEY,
    )
    client.create_bucket(Bucket=name)
    return S3Store(
        S3Storage(
            bucket_name=name,
            endpoint_url=endpoint,
            region_name=seaweed.REGION,
            access_key=seaweed.ACCESS_KEY,
            secret_key=seaweed.SECRET_KEY,
            signature_version="s3v4",
            addressing_style="path",
        )
    )


# `make s3-servers` names a server by its address: then it is asked, and nothing else.
TRIED = os.environ.get("S3_TRIED_URL", "")
S3 = [pytest.param(name, marks=pytest.mark.s3) for name in ("moto", "seaweed")]


@pytest.fixture(params=["tried"] if TRIED else ["local", "memory", *S3])
def store(request, tmp_path):
    return make_store(request, tmp_path)


def make_store(request, tmp_path):
    """The store that a fixture's parameter names."""
    if request.param == "local":
        return LocalStore(tmp_path / "store")
    if request.param == "memory":
        return FakeStore()
    if request.param == "tried":
        return careful_store(TRIED)
    endpoint = {"moto": "s3_endpoint", "seaweed": "seaweed_endpoint"}[request.param]
    return s3_store(request.getfixturevalue(endpoint))
