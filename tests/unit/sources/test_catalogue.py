"""Which source a URL belongs to, and what it names there."""

import pytest

from artifacts.enums import SourceKind
from artifacts.exceptions import InvalidUrl, UnknownHost, UploadNotFound
from artifacts.sources.catalogue import SOURCES, find_source, get_source
from tests.unit.sources.asking import GIT, HUB

pytestmark = pytest.mark.django_db
MODEL, DATASET, GITHUB = (
    SourceKind.HUGGINGFACE_MODEL,
    SourceKind.HUGGINGFACE_DATASET,
    SourceKind.GITHUB,
)


# ------------------------------------------------------------------ urls


@pytest.mark.parametrize(
    ("url", "kind", "repository", "ref", "folder", "name"),
    [
        (HUB + "openai/whisper-tiny", MODEL, "openai/whisper-tiny", "", "", "whisper-tiny"),
        (HUB + "openai/whisper-tiny/tree/main", MODEL, "openai/whisper-tiny", "main", "",
         "whisper-tiny"),
        ("https://hf.co/gpt2", MODEL, "gpt2", "", "", "gpt2"),
        ("https://www.huggingface.co/gpt2/tree/v1/onnx", MODEL, "gpt2", "v1", "onnx", "onnx"),
        (HUB + "a/b/blob/main/config.json", MODEL, "a/b", "main", "", "b"),
        (HUB + "datasets/squad", DATASET, "squad", "", "", "squad"),
        (HUB + "datasets/rajpurkar/squad/", DATASET, "rajpurkar/squad", "", "", "squad"),
        (GIT + "openai/whisper", GITHUB, "openai/whisper", "", "", "whisper"),
        (GIT + "openai/whisper.git", GITHUB, "openai/whisper", "", "", "whisper"),
        (GIT + "a/b/tree/main", GITHUB, "a/b", "main", "", "b"),
        (GIT + "a/b/tree/main/src/x", GITHUB, "a/b", "main/src/x", "", "x"),
        (GIT + "a/b/blob/v1/README.md", GITHUB, "a/b", "v1", "", "b"),
        ("https://www.kaggle.com/datasets/o/n?x=1", SourceKind.KAGGLE, "o/n", "", "", "n"),
    ],
)  # fmt: skip
def test_find_source_when_a_url_is_known_then_read(url, kind, repository, ref, folder, name):
    _, found = find_source(url)
    assert (found.kind, found.repository, found.ref, found.folder, found.name, found.url) == (
        kind, repository, ref, folder, name, url,
    )  # fmt: skip


@pytest.mark.parametrize(
    "url",
    [
        HUB, HUB + "spaces/a/b", HUB + "datasets", HUB + "a/b/discussions", HUB + "a/b%00c",
        GIT, GIT + "only-owner", GIT + "o/.git", GIT + "o/n/issues", GIT + "o/n/tree",
        GIT + "o/n%20x", "https://kaggle.com/o/n", "https://kaggle.com/code/o/n", "ftp://x/y",
        "https://user:word@github.com/o/n", "https://github.com:8443/o/n", "not a url", "",
        "https://github.com/o/../n", "https://[", "https://github.com:99999999/o/n", "x" * 2_001,
        "https://github.com\\@evil.example/o/n", "https://git\u202ehub.com/o/n", "upload://x",
        "upload://7d9f8d0e-0000-4000-8000-000000000000",
    ],
)  # fmt: skip
def test_find_source_when_a_url_names_nothing_then_refused(url):
    with pytest.raises((InvalidUrl, UploadNotFound)):
        find_source(url)


@pytest.mark.parametrize(
    "url", ["https://evil.example/x", "https://127.0.0.1/x", "https://github.com.evil.example/o/n"]
)
def test_find_source_when_the_host_is_unknown_then_says_which_are_known(url):
    with pytest.raises(UnknownHost, match=r"github\.com"):
        find_source(url)


@pytest.mark.parametrize("kind", list(SourceKind))
def test_get_source_when_asked_by_kind_then_the_one_that_has_it(kind):
    assert kind in get_source(kind.value).kinds
    assert len(SOURCES) == 5


def test_key_when_urls_name_one_source_then_equal():
    keys = {find_source(HUB + path)[1].key for path in ("OpenAI/Whisper", "openai/whisper")}
    assert keys == {"huggingface_model:openai/whisper"}
