"""Every bucket there is, empty."""

import uuid

import pytest

from artifacts.storage.local import LocalStore
from tests.fakes.storage import FakeStore


@pytest.fixture(scope="session")
def s3_endpoint():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_store(s3_endpoint):
    import boto3
    from storages.backends.s3 import S3Storage

    from artifacts.storage.s3 import S3Store

    name = f"bucket-{uuid.uuid4().hex}"
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    client = boto3.client("s3", endpoint_url=s3_endpoint, region_name="us-east-1", **keys)
    client.create_bucket(Bucket=name)
    return S3Store(
        S3Storage(
            bucket_name=name,
            endpoint_url=s3_endpoint,
            region_name="us-east-1",
            access_key="testing",
            secret_key="testing",
            signature_version="s3v4",
            addressing_style="path",
        )
    )


@pytest.fixture(params=["local", "memory", pytest.param("s3", marks=pytest.mark.s3)])
def store(request, tmp_path):
    if request.param == "s3":
        return request.getfixturevalue("s3_store")
    return LocalStore(tmp_path / "store") if request.param == "local" else FakeStore()
