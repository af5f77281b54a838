import http.client
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from artifacts.storage import s3_heartbeat

NOW = datetime(2026, 11, 25, 18, 0, 0, tzinfo=UTC)


@pytest.fixture
def credentials(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret/of+the=example")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)


@pytest.fixture
def bucket():
    """A server on loopback that answers HEAD with the status it is told to."""

    class Bucket(BaseHTTPRequestHandler):
        status = 200
        asked = []

        def do_HEAD(self):
            self.asked.append((self.path, self.headers))
            self.send_response(self.status)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    vars_of: Any = Bucket
    vars_of.options = {
        "bucket_name": "models",
        "region_name": "eu-central-1",
        "endpoint_url": f"http://127.0.0.1:{server.server_port}",
        "addressing_style": "path",
    }
    yield Bucket
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("token", ["", "a-token-of-the-role"])
def test_sign_when_compared_with_botocore_then_the_same(credentials, monkeypatch, token):
    if token:
        monkeypatch.setenv("AWS_SESSION_TOKEN", token)
    ours = s3_heartbeat.sign("s3.example:9000", "/models", "eu-central-1", NOW)
    theirs = AWSRequest("HEAD", "http://s3.example:9000/models")
    theirs.context["timestamp"] = NOW.strftime("%Y%m%dT%H%M%SZ")
    theirs.headers["X-Amz-Date"] = theirs.context["timestamp"]
    theirs.headers["X-Amz-Content-SHA256"] = s3_heartbeat._NO_BODY
    if token:
        theirs.headers["X-Amz-Security-Token"] = token
    auth = S3SigV4Auth(
        Credentials("AKEXAMPLE", "secret/of+the=example", token or None), "s3", "eu-central-1"
    )
    canonical = auth.canonical_request(theirs)
    signature = auth.signature(auth.string_to_sign(theirs, canonical), theirs)
    assert ours["Authorization"].endswith(f"Signature={signature}")
    assert "/20261125/eu-central-1/s3/aws4_request" in ours["Authorization"]


def test_beat_when_the_bucket_says_yes_then_it_beats(credentials, bucket):
    assert s3_heartbeat.is_beating(bucket.options)
    ((path, headers),) = bucket.asked[-1:]
    assert path == "/models"
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKEXAMPLE/")


@pytest.mark.parametrize("status", [301, 403, 404, 500, 503])
def test_beat_when_the_bucket_says_anything_else_then_the_client_is_to_be_asked(
    credentials, bucket, status
):
    bucket.status = status
    assert not s3_heartbeat.is_beating(bucket.options)


def test_beat_when_nobody_answers_then_not(credentials, bucket):
    gone = bucket.options | {"endpoint_url": "http://127.0.0.1:9"}
    assert not s3_heartbeat.is_beating(gone)


def test_beat_when_credentials_are_elsewhere_then_the_client_is_to_be_asked(bucket, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    before = len(bucket.asked)
    assert not s3_heartbeat.is_beating(bucket.options)
    assert len(bucket.asked) == before


def test_address_when_it_is_amazons_then_the_buckets_own(credentials, monkeypatch):
    asked: list[tuple[Any, ...]] = []

    class Connection:
        def __init__(self, host, timeout):
            asked.append((host, timeout))

        def request(self, method, path, headers):
            asked.append((method, path, headers["host"]))
            raise OSError

        def close(self):
            pass

    monkeypatch.setattr(http.client, "HTTPSConnection", Connection)
    options = {
        "bucket_name": "models",
        "region_name": "eu-central-1",
        "endpoint_url": None,
        "addressing_style": "virtual",
    }
    assert not s3_heartbeat.is_beating(options)
    host = "models.s3.eu-central-1.amazonaws.com"
    assert asked[0][0] == host
    assert asked[1] == ("HEAD", "/", host)
