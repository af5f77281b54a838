"""What a request to S3 asks IAM for.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3";
Amazon S3 API Reference, "Permissions" of each operation.
"""

import re
from collections.abc import Mapping
from urllib.parse import unquote

# What a bucket's settings are read and written by: the query's key, and the actions' last words.
OF_BUCKET = {
    "acl": "BucketAcl",
    "cors": "BucketCORS",
    "encryption": "EncryptionConfiguration",
    "lifecycle": "LifecycleConfiguration",
    "location": "BucketLocation",
    "policy": "BucketPolicy",
    "publicAccessBlock": "BucketPublicAccessBlock",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
}
# Questions of a list, an address or an answer; they name no other operation.
HARMLESS = frozenset(
    {
        "continuation-token", "delimiter", "encoding-type", "fetch-owner", "key-marker",
        "list-type", "marker", "max-keys", "max-parts", "max-uploads", "part-number-marker",
        "prefix", "start-after", "upload-id-marker", "version-id-marker", "x-id",
        # Links of the older kind carry their signature under these names.
        "AWSAccessKeyId", "Expires", "Signature",
    }
)  # fmt: skip
DELETED = re.compile(rb"<Key>([^<]*)</Key>(\s*<VersionId>)?")


class UnknownRequest(Exception):
    """What such a request asks for stands nowhere here."""


def asked(
    method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
) -> list[tuple[str, str]]:
    """Return the actions of a request and their resources.

    Args:
        path: with the bucket as its first part, decoded.
        headers: their names in small letters.
        body: read for a deletion of several only.

    Raises:
        UnknownRequest: it has a part that is not known here.
    """
    bucket, _, key = path.removeprefix("/").partition("/")
    words = {
        name
        for name in query
        if name not in HARMLESS and not name.lower().startswith(("response-", "x-amz-"))
    }
    if not bucket:
        return [("s3:ListAllMyBuckets", "*")]
    arn = f"arn:aws:s3:::{bucket}"
    if not key:
        return _of_bucket(method, words, arn, body)
    return [(action, f"{arn}/{key}") for action in _of_object(method, words, headers)] + [
        ("s3:GetObject", f"arn:aws:s3:::{source.removeprefix('/')}")
        for source in [unquote(headers.get("x-amz-copy-source", "")).partition("?")[0]]
        if source
    ]


def _of_bucket(method: str, words: set[str], arn: str, body: bytes) -> list[tuple[str, str]]:
    if method == "POST" and words == {"delete"} and (deleted := DELETED.findall(body)):
        return [
            ("s3:DeleteObjectVersion" if version else "s3:DeleteObject", f"{arn}/{key.decode()}")
            for key, version in deleted
        ]
    if len(words) == 1 and method in {"GET", "PUT", "DELETE"}:
        [word] = words
        if word in OF_BUCKET:
            return [(f"s3:{'Get' if method == 'GET' else 'Put'}{OF_BUCKET[word]}", arn)]
        if method == "GET" and word in {"uploads", "versions"}:
            what = "MultipartUploads" if word == "uploads" else "Versions"
            return [(f"s3:ListBucket{what}", arn)]
    plain = {
        "GET": "s3:ListBucket",
        "HEAD": "s3:ListBucket",
        "PUT": "s3:CreateBucket",
        "DELETE": "s3:DeleteBucket",
    }
    if words or method not in plain:
        raise UnknownRequest(f"{method} of a bucket with {sorted(words)}")
    return [(plain[method], arn)]


def _of_object(method: str, words: set[str], headers: Mapping[str, str]) -> list[str]:
    version = "Version" if "versionId" in words else ""
    rest = words - {"versionId", "partNumber"}
    if rest == {"uploadId"}:
        by_method = {
            "GET": "s3:ListMultipartUploadParts",
            "DELETE": "s3:AbortMultipartUpload",
            "PUT": "s3:PutObject",
            "POST": "s3:PutObject",
        }
        return [by_method[method]]
    if rest == {"uploads"} and method == "POST":
        return ["s3:PutObject"]
    if rest or method not in {"GET", "HEAD", "PUT", "DELETE"}:
        raise UnknownRequest(f"{method} of an object with {sorted(words)}")
    if method in {"GET", "HEAD"}:
        return [f"s3:GetObject{version}"]
    if method == "DELETE":
        return [f"s3:DeleteObject{version}"]
    actions = ["s3:PutObject"]
    if "if-match" in headers:
        # Whether it is still the same has to be looked at.
        actions.append("s3:GetObject")
    if "x-amz-tagging" in headers:
        actions.append("s3:PutObjectTagging")
    return actions
