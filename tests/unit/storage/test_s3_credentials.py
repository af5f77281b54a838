"""Credentials that live for a while only, and what is signed with them."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.credentials import Credentials, RefreshableCredentials
from botocore.exceptions import ClientError, CredentialRetrievalError
from storages.backends.s3 import S3Storage

from artifacts.exceptions import CredentialsEnded
from artifacts.storage.base import UploadPart
from artifacts.storage.s3 import S3Store
from artifacts.storage.s3_clients import QUICK, S3Clients
from artifacts.storage.s3_errors import Endings, endings, translate, translated

pytestmark = pytest.mark.slow

HOUR_S = 3_600


@pytest.fixture(scope="module")
def storage():
    return S3Storage(
        bucket_name="bucket", endpoint_url="http://127.0.0.1:9", region_name="eu-central-1",
        access_key="AK", secret_key="secret", signature_version="s3v4", addressing_style="path",
    )  # fmt: skip


@pytest.fixture
def store(storage):
    return S3Store(storage)


def role(life: timedelta, renewed: timedelta | None = None) -> RefreshableCredentials:
    """Credentials of a role that end, and what comes in their place when they are renewed."""

    def renew():
        end = datetime.now(UTC) + (renewed or life)
        return {"access_key": "AK2", "secret_key": "s", "token": "t", "expiry_time": str(end)}

    return RefreshableCredentials("AK", "s", "t", datetime.now(UTC) + life, renew, "role")


def sign_with(monkeypatch, store, credentials) -> None:
    monkeypatch.setattr(store.quick_client._request_signer, "_credentials", credentials)


def links_of(store) -> list[str]:
    digest = "ab" * 32
    part = UploadPart(1, 0, 5, digest)
    return [
        store.download_url("a", filename="a", content_type="b", expires_s=HOUR_S),
        store.download_url("a", filename="a", content_type="b", expires_s=HOUR_S, method="HEAD"),
        store.upload_target("a", size_bytes=5, sha256=digest, expires_s=HOUR_S).url,
        store.parts.target("a", "id", part, expires_s=HOUR_S).url,
    ]


def claimed_s(url: str) -> int:
    return int(parse_qs(urlsplit(url).query)["X-Amz-Expires"][0])


@pytest.mark.parametrize(
    ("credentials", "lowest", "highest"),
    [
        pytest.param(lambda: role(timedelta(minutes=16)), 900, 960, id="end before the link would"),
        pytest.param(lambda: role(timedelta(hours=6)), HOUR_S, HOUR_S, id="end later"),
        pytest.param(
            lambda: role(timedelta(minutes=2), timedelta(minutes=30)),
            1_740,
            1_800,
            id="renewed first",
        ),
        pytest.param(lambda: Credentials("AK", "s"), HOUR_S, HOUR_S, id="of a user"),
        pytest.param(
            lambda: Credentials("AK", "s", "t"), HOUR_S, HOUR_S, id="do not tell their end"
        ),
    ],
)
def test_link_when_signed_then_never_claims_more_than_its_credentials_live(
    monkeypatch, store, credentials, lowest, highest
):
    sign_with(monkeypatch, store, credentials())
    claims = [claimed_s(url) for url in links_of(store)]
    assert len(claims) == 4
    assert lowest <= min(claims) <= max(claims) <= highest


def test_link_when_the_credentials_have_ended_and_stay_so_then_says_so(monkeypatch, store):
    sign_with(monkeypatch, store, role(timedelta(seconds=-5), timedelta(seconds=-5)))
    with pytest.raises(CredentialsEnded, match="have ended"):
        links_of(store)


def test_link_when_no_credentials_can_be_had_then_says_so(monkeypatch, store):
    def renew():
        raise CredentialRetrievalError(provider="role", error_msg="refused")

    ended = RefreshableCredentials("AK", "s", "t", datetime.now(UTC), renew, "role")
    sign_with(monkeypatch, store, ended)
    with pytest.raises(CredentialsEnded, match="CredentialRetrievalError"):
        links_of(store)


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidToken", "RequestExpired"])
def test_refusal_when_credentials_have_ended_then_says_so(code):
    found = translate(ClientError({"Error": {"Code": code}}, "PutObject"), "a")
    assert isinstance(found, CredentialsEnded)
    assert code in found.message
    assert "have ended" in found.message


def test_clients_when_credentials_have_ended_then_made_anew_with_those_of_now(storage, monkeypatch):
    monkeypatch.setattr(endings, "_counted_at", float("-inf"))
    clients = S3Clients(storage)
    first = clients.get(QUICK)
    assert clients.get(QUICK) is first
    translate(ClientError({"Error": {"Code": "ExpiredToken"}}, "PutObject"), "a")
    second = clients.get(QUICK)
    assert second is not first
    translate(ClientError({"Error": {"Code": "ExpiredToken"}}, "PutObject"), "a")
    assert clients.get(QUICK) is second, "not each of many refusals costs new clients"


def test_endings_when_told_again_later_then_counted(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    counted = Endings()
    for now[0] in (100.0, 101.0, 111.0):
        counted.note()
    assert counted.count == 2


def test_error_of_another_kind_when_raised_then_left_as_it_is():
    with pytest.raises(RuntimeError, match="ours"), translated("a"):
        raise RuntimeError("ours")


@pytest.mark.parametrize("ask", [lambda store: store.probe(), lambda store: store.stat("a")])
def test_head_when_its_answer_has_no_words_then_another_gives_them(monkeypatch, store, ask):
    def wordless(**_given):
        raise ClientError({"Error": {"Code": "400"}}, "HeadBucket")

    def wordy(**_given):
        raise ClientError({"Error": {"Code": "ExpiredToken"}}, "ListObjectsV2")

    for client in (store._probing_client, store.quick_client):
        monkeypatch.setattr(client, "head_bucket", wordless)
        monkeypatch.setattr(client, "head_object", wordless)
        monkeypatch.setattr(client, "list_objects_v2", wordy)
    with pytest.raises(CredentialsEnded, match="ExpiredToken"):
        ask(store)
