"""Sending a zip in parts, as clients do; parts are small here, so that there are several."""

import hashlib
import io
import zipfile
from urllib.parse import urlsplit

from tests.clients import ApiClient

PART_BYTES = 300
UNKNOWN = "6f1c6f0e-0000-4000-8000-000000000000"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make_zip(text: str = "tea") -> bytes:
    """A zip of three parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo("README.md"), f"# {text}\n" + "x" * 600)
    return target.getvalue()


def pieces_of(data: bytes) -> list[bytes]:
    return [data[start : start + PART_BYTES] for start in range(0, len(data), PART_BYTES)]


def announce(api: ApiClient, data: bytes, **changes) -> str:
    body = {"filename": "robot.zip", "size_bytes": len(data), "in_parts": True} | changes
    answer = api.post("/uploads", body)
    assert answer.status_code == 201
    return answer.json()["id"]


def send_part(api: ApiClient, upload_id: str, number: int, data: bytes):
    """Have a part signed and send it; the answer of where it went."""
    body = {"parts": [{"number": number, "sha256": digest(data)}]}
    answer = api.post(f"/uploads/{upload_id}/parts", body)
    assert answer.status_code == 200
    (target,) = answer.json()["parts"]
    return put(api, target, data)


def put(api: ApiClient, target: dict, data: bytes):
    path = urlsplit(target["upload_url"]).path
    return api.client.generic(target["method"], path, data, headers=target["headers"])


def complete(api: ApiClient, upload_id: str, data: bytes):
    digests = [digest(piece) for piece in pieces_of(data)]
    return api.post(f"/uploads/{upload_id}/complete", {"sha256": digests})


def send_all(api: ApiClient, data: bytes, **changes) -> str:
    """Announce a zip and send all of its parts."""
    upload_id = announce(api, data, **changes)
    for number, piece in enumerate(pieces_of(data), 1):
        assert send_part(api, upload_id, number, piece).status_code == 201
    return upload_id
