import hashlib

import pytest

from artifacts.enums import Part, SourceKind
from artifacts.exceptions import InvalidUrl, SourceMismatch, SourceRefused
from artifacts.limits import REF_MAX_CHARS
from artifacts.sources.base import SourceFile
from artifacts.sources.huggingface import HuggingFaceSource
from tests.fakes.loopback import Reply, serve
from tests.unit.sources.huggingface.conftest import COMMIT, WEIGHTS

MODEL, DATASET = SourceKind.HUGGINGFACE_MODEL, SourceKind.HUGGINGFACE_DATASET
LONG_NAME = "a" * 96


@pytest.mark.parametrize(
    ("path", "kind", "repository", "name", "ref", "folder"),
    [
        ("acme/robot", MODEL, "acme/robot", "robot", "", ""),
        ("acme/robot/", MODEL, "acme/robot", "robot", "", ""),
        ("gpt2", MODEL, "gpt2", "gpt2", "", ""),
        ("gpt2/tree/main", MODEL, "gpt2", "gpt2", "main", ""),
        (f"acme/{LONG_NAME}", MODEL, f"acme/{LONG_NAME}", LONG_NAME, "", ""),
        ("acme/robot/tree/v1.0", MODEL, "acme/robot", "robot", "v1.0", ""),
        ("acme/robot/tree/main/onnx/fp16", MODEL, "acme/robot", "fp16", "main", "onnx/fp16"),
        ("acme/robot/blob/main/README.md", MODEL, "acme/robot", "robot", "main", ""),
        ("acme/robot/resolve/v1/model.bin", MODEL, "acme/robot", "robot", "v1", ""),
        ("acme/robot/commit/c0ffee1", MODEL, "acme/robot", "robot", "c0ffee1", ""),
        ("acme/robot/tree/refs/pr/1", MODEL, "acme/robot", "robot", "refs/pr/1", ""),
        ("datasets/acme/tea", DATASET, "acme/tea", "tea", "", ""),
        ("datasets/squad", DATASET, "squad", "squad", "", ""),
        ("datasets/acme/tea/tree/main/data", DATASET, "acme/tea", "data", "main", "data"),
    ],
)
@pytest.mark.parametrize(
    "start",
    ["https://huggingface.co/", "https://www.huggingface.co/", "https://hf.co/", "http://hf.co/"],
)
def test_parse_when_page_of_a_repository_then_reference(
    start, path, kind, repository, name, ref, folder
):
    reference = HuggingFaceSource().parse(start + path)
    assert (reference.kind, reference.repository, reference.name) == (kind, repository, name)
    assert (reference.ref, reference.folder, reference.url) == (ref, folder, start + path)


@pytest.mark.parametrize(
    "path",
    [
        "", "datasets", "spaces/acme/demo", "collections/acme/x", "papers/2401.1", "docs/hub",
        "models", "acme/robot/tree",
        "acme/a%20b", "acme/robot%3Fx", f"acme/robot/tree/{'r' * (REF_MAX_CHARS + 1)}",
    ],
)  # fmt: skip
def test_parse_when_another_page_of_the_hub_then_invalid(path):
    with pytest.raises(InvalidUrl):
        HuggingFaceSource().parse(f"https://huggingface.co/{path}")


def test_parse_when_another_host_then_none():
    assert HuggingFaceSource().parse("https://github.com/acme/robot") is None


def contents(reference_url, files, inquiry):
    source = HuggingFaceSource()
    snapshot = source.fetch_snapshot(source.parse(reference_url), inquiry)
    chosen = [file for file in snapshot.files if file.path in files]
    found = source.fetch_contents(snapshot.reference, snapshot.commit, chosen)
    return {file: b"".join(chunks) for file, chunks in found}


def test_fetch_contents_when_asked_then_bytes_of_the_commit(hub, inquiry, settings):
    settings.HF_TOKEN = "hf_secret"
    url = "https://huggingface.co/acme/robot/tree/main/sub"
    found = contents(url, ("model.safetensors",), inquiry)
    ((file, data),) = found.items()
    assert file.digest == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert hub.paths[-1] == f"/acme/robot/resolve/{COMMIT}/sub/model.safetensors"
    assert hub.asked[-1].headers["authorization"] == "Bearer hf_secret"


def test_fetch_contents_when_weights_are_elsewhere_then_token_stays_home(hub, inquiry, settings):
    settings.HF_TOKEN = "hf_secret"
    with serve() as storage:
        settings.REGISTRY_PRIVATE_HOSTS = (hub.host, storage.host)
        path = f"/acme/robot/resolve/{COMMIT}/sub/model.safetensors"
        hub.routes[path] = Reply(status=302, headers={"Location": f"{storage.url}/blob?sig=1"})
        storage.routes["/blob"] = Reply(WEIGHTS)
        found = contents("https://hf.co/acme/robot", ("sub/model.safetensors",), inquiry)
        assert list(found.values()) == [WEIGHTS]
        assert "authorization" not in storage.asked[0].headers


def test_fetch_contents_when_file_is_longer_than_listed_then_mismatch(hub, inquiry):
    hub.routes[f"/acme/robot/resolve/{COMMIT}/sub/model.safetensors"] = Reply(WEIGHTS + b"!")
    with pytest.raises(SourceMismatch):
        contents("https://hf.co/acme/robot", ("sub/model.safetensors",), inquiry)


@pytest.mark.parametrize("path", ["../../../api/whoami-v2", "a/./b", "a//b"])
def test_fetch_contents_when_a_name_leads_out_of_the_repository_then_not_asked_for(
    hub, inquiry, path
):
    source = HuggingFaceSource()
    snapshot = source.fetch_snapshot(source.parse("https://hf.co/acme/robot"), inquiry)
    hub.asked.clear()
    file = SourceFile("x", 1, f"git:{'a' * 40}", Part.CODE, source_path=path)
    with pytest.raises(SourceRefused, match="no git"):
        next(source.fetch_contents(snapshot.reference, snapshot.commit, [file]))
    assert hub.asked == []


def test_fetch_contents_when_a_file_has_another_name_here_then_asked_for_by_its_own(hub, inquiry):
    source = HuggingFaceSource()
    snapshot = source.fetch_snapshot(source.parse("https://hf.co/acme/robot"), inquiry)
    hub.routes[f"/acme/robot/resolve/{COMMIT}/Icon%0D"] = Reply(b"i")
    file = SourceFile("Icon[U+000D]", 1, f"git:{'a' * 40}", Part.CODE, source_path="Icon\r")
    fetched = source.fetch_contents(snapshot.reference, snapshot.commit, [file])
    assert [b"".join(chunks) for _, chunks in fetched] == [b"i"]
