"""Every bucket there is, empty."""

import uuid

import pytest

from artifacts.storage.local import LocalStore
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


def s3_store(endpoint):
    """A store on an S3 server, with a bucket of its own."""
    import boto3
    from storages.backends.s3 import S3Storage

    from artifacts.storage.s3 import S3Store

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


@pytest.fixture(
    params=[
        "local",
        "memory",
        pytest.param("moto", marks=pytest.mark.s3),
        pytest.param("seaweed", marks=pytest.mark.s3),
    ]
)
def store(request, tmp_path):
    return make_store(request, tmp_path)


def make_store(request, tmp_path):
    """The store that a fixture's parameter names."""
    if request.param == "local":
        return LocalStore(tmp_path / "store")
    if request.param == "memory":
        return FakeStore()
    endpoint = {"moto": "s3_endpoint", "seaweed": "seaweed_endpoint"}[request.param]
    return s3_store(request.getfixturevalue(endpoint))
