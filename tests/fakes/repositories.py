"""Repositories on a server of loopback, as the Hub and GitHub would give them.

Each function takes the files as a mapping of path to bytes, and lays down every answer that a
registration, a rating and a mirroring ask for.
"""

import gzip
import hashlib
import io
import tarfile
from urllib.parse import quote

from tests.fakes.hub_server import commit_of, git_digest
from tests.fakes.loopback import Loopback, Reply, json_reply

# Git keeps files of these kinds outside, under the SHA-256 of their bytes.
LARGE = (".safetensors", ".parquet")
Files = dict[str, bytes]
# The name of a tag -> the commit that it stands for.
Tags = dict[str, str]


def publish_model(
    server: Loopback, repository: str, files: Files, *, commit: str = "", tags: Tags | None = None
) -> None:
    """Let the Hub have a model, at a commit of its name's unless another is given."""
    _publish_on_hub(server, "models", "", repository, files, commit, tags)


def publish_dataset(server: Loopback, repository: str, files: Files) -> None:
    """Let the Hub have a data set."""
    _publish_on_hub(server, "datasets", "/datasets", repository, files)


def _publish_on_hub(
    server: Loopback,
    kind: str,
    prefix: str,
    repository: str,
    files: Files,
    commit: str = "",
    tags: Tags | None = None,
) -> None:
    commit = commit or commit_of(repository)
    api = f"/api/{kind}/{repository}"
    info = {"id": repository, "sha": commit, "gated": False, "tags": [], "siblings": []}
    named = [
        {"name": name, "ref": f"refs/tags/{name}", "targetCommit": target}
        for name, target in (tags or {}).items()
    ]
    server.routes |= {
        f"{api}/revision/main": json_reply(info),
        f"{api}/tree/{commit}": json_reply([_hub_entry(*each) for each in files.items()]),
        f"{api}/refs": json_reply({"tags": named, "branches": [], "converts": []}),
        f"{api}/commits/{commit}": json_reply([]),
    }
    for path, data in files.items():
        place = f"{commit}/{quote(path)}"
        server.routes[f"{prefix}/{repository}/resolve/{place}"] = Reply(data)
        if not path.endswith(LARGE):
            server.routes[f"{prefix}/{repository}/raw/{place}"] = Reply(data)


def _hub_entry(path: str, data: bytes) -> dict[str, object]:
    entry: dict[str, object] = {"type": "file", "path": path, "size": len(data)}
    if path.endswith(LARGE):
        digest = hashlib.sha256(data).hexdigest()
        entry["lfs"] = {"oid": digest, "size": len(data), "pointerSize": 130}
    return entry | {"oid": git_digest(data)}


def publish_code(server: Loopback, repository: str, files: Files) -> None:
    """Let GitHub have a repository, under the `server.url` that stands for its API."""
    commit = commit_of(repository)
    api = f"/repos/{repository}"
    tree = [
        {
            "path": path,
            "type": "blob",
            "mode": "100644",
            "size": len(data),
            "sha": git_digest(data),
        }
        for path, data in files.items()
    ]
    server.routes |= {
        api: json_reply({"full_name": repository, "default_branch": "main"}),
        f"{api}/commits/main": Reply(commit.encode()),
        f"{api}/git/trees/{commit}": json_reply({"tree": tree, "truncated": False}),
        f"{api}/readme": Reply(files["README.md"]),
        f"{api}/tags": json_reply([]),
        f"{api}/tarball/{commit}": Reply(_archive(f"{commit[:7]}/", files)),
    }


def _archive(top: str, files: Files) -> bytes:
    """Pack the files as GitHub does: below one folder, as a gzipped tar archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path, data in files.items():
            member = tarfile.TarInfo(top + path)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return gzip.compress(packed.getvalue())
