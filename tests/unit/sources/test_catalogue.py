"""Which source a URL belongs to, and what it names there."""

import pytest

from artifacts.enums import ArtifactType, SourceKind
from artifacts.exceptions import InvalidUrl, UnknownHost, UploadNotFound
from artifacts.sources.catalogue import SOURCES, find_source, get_source, guess_type
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
        (GIT + "a/b/raw/refs/heads/dev/w.bin", GITHUB, "a/b", "dev", "", "b"),
        (GIT + "a/b/blob/refs/tags/v1/w.bin", GITHUB, "a/b", "v1", "", "b"),
        (GIT + "a/b/tree/refs/heads/main/src", GITHUB, "a/b", "main/src", "", "src"),
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
        HUB, HUB + "spaces/a/b", HUB + "datasets", HUB + "a/b%00c",
        GIT, GIT + "only-owner", GIT + "o/.git", GIT + "o/n/tree",
        GIT + "o/n%20x", "https://kaggle.com/code/o/n", "https://kaggle.com/o",
        "https://kaggle.com/o/code", "https://kaggle.com/ds/5", "https://kaggle.com/terms/x", "ftp://x/y",
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
    assert len(SOURCES) == 6


def test_key_when_urls_name_one_source_then_equal():
    keys = {find_source(HUB + path)[1].key for path in ("OpenAI/Whisper", "openai/whisper")}
    assert keys == {"huggingface_model:openai/whisper"}


# ------------------------------------------------------------------ as people copy them


@pytest.mark.parametrize(
    ("page", "ref"),
    [
        ("", ""), (".git", ""), ("/", ""), ("?tab=readme-ov-file#usage", ""), ("/issues", ""),
        ("/issues/12", ""), ("/pull/7/files", ""), ("/pulls?q=is%3Aopen", ""), ("/wiki/Home", ""),
        ("/releases", ""), ("/releases/latest", ""), ("/actions/runs/1", ""), ("/commits", ""),
        ("/compare/a...b", ""), ("/graphs/contributors", ""), ("/tags", ""),
        ("/releases/tag/v1", "v1"), ("/releases/tag/release%2F1.0", "release/1.0"),
        ("/tree/refs/tags/v1", "v1"), ("/archive/refs/tags/v1.zip", "v1"),
        ("/archive/v1.tar.gz", "v1"), ("/archive/refs/heads/feature/x.zip", "feature/x"),
        ("/commit/c0ffee1", "c0ffee1"), ("/commit/c0ffee1.patch", "c0ffee1"),
        ("/blame/v1/src/a.py", "v1"), ("/raw/v1/src/a.py", "v1"), ("/commits/v1/src", "v1"),
        ("/tree/feature%2Fx", "feature/x"), ("/zipball/v1", "v1"),
    ],
)  # fmt: skip
def test_find_source_when_a_page_of_github_is_copied_then_its_repository(page, ref):
    _, found = find_source(f"{GIT}acme/code{page}")
    assert (found.repository, found.name, found.ref, found.folder) == ("acme/code", "code", ref, "")


@pytest.mark.parametrize(
    "url", ["git@github.com:acme/code.git", "ssh://git@github.com/acme/code.git",
            "git://github.com/acme/code", "git+https://github.com/acme/code@v1",
            "<https://GITHUB.com/acme/code/>", "http://www.github.com/acme/code"],
)  # fmt: skip
def test_find_source_when_a_url_is_of_git_then_its_repository(url):
    _, found = find_source(url)
    assert (found.repository, found.name, found.url) == ("acme/code", "code", url)
    assert found.ref == ("v1" if "@v1" in url else "")


@pytest.mark.parametrize(
    ("page", "ref", "folder"),
    [
        ("?library=transformers", "", ""), ("/discussions", "", ""), ("/discussions/3", "", ""),
        ("/viewer/default/train?row=3", "", ""), ("/commits/main", "main", ""),
        ("/tree/HEAD", "HEAD", ""), ("/tree/refs%2Fpr%2F1", "refs/pr/1", ""),
        ("/tree/refs%2Fconvert%2Fparquet/default", "refs/convert/parquet", "default"),
        ("/tree/feature%2Fx/sub", "feature/x", "sub"), ("/tree/refs%2Fheads%2Fmain", "main", ""),
        ("/resolve/v1/a/b.bin?download=true", "v1", ""), ("/edit/main/README.md", "main", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("start", "kind", "repository"),
    [
        (HUB + "acme/robot", MODEL, "acme/robot"),
        ("https://hf.co/datasets/acme/robot", DATASET, "acme/robot"),
        ("https://huggingface.co/api/models/acme/robot", MODEL, "acme/robot"),
        (HUB + "datasets/robot", DATASET, "robot"),
    ],
)
def test_find_source_when_a_page_of_the_hub_is_copied_then_its_repository(
    start, kind, repository, page, ref, folder
):
    _, found = find_source(start + page)
    assert (found.kind, found.repository, found.ref, found.folder) == (
        kind, repository, ref, folder,
    )  # fmt: skip
    assert found.name == (folder or "robot")


@pytest.mark.parametrize(
    ("page", "ref"),
    [
        ("datasets/acme/tea", ""), ("datasets/acme/tea/data", ""), ("acme/tea", ""),
        ("acme/tea/home", ""), ("datasets/acme/tea/versions/4", "4"), ("acme/tea/version/4", "4"),
        ("datasets/acme/tea/discussion/99?sort=hot", ""), ("datasets/acme/tea/versions", ""),
        ("api/v1/datasets/download/acme/tea", ""),
    ],
)  # fmt: skip
def test_find_source_when_a_page_of_kaggle_is_copied_then_its_data_set(page, ref):
    _, found = find_source(f"https://www.kaggle.com/{page}")
    assert (found.repository, found.name, found.ref) == ("acme/tea", "tea", ref)


def test_find_source_when_a_file_is_attached_to_a_release_then_refused():
    with pytest.raises(InvalidUrl, match="release"):
        find_source(GIT + "acme/code/releases/download/v1/model.bin")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (HUB + "openai/whisper-tiny", ArtifactType.MODEL),
        (HUB + "datasets/squad", ArtifactType.DATASET),
        (GIT + "openai/whisper", ArtifactType.CODE),
        ("https://www.kaggle.com/datasets/acme/tea", ArtifactType.DATASET),
        ("https://files.example/robot.safetensors", ArtifactType.MODEL),
        ("https://files.example/tea.csv", ArtifactType.DATASET),
        ("https://files.example/tea.py", ArtifactType.CODE),
        ("https://files.example/tea", ArtifactType.CODE),
        ("https://files.example/notes.pdf", ArtifactType.MODEL),
    ],
)
def test_type_when_nobody_says_it_then_guessed_from_the_address(settings, url, kind):
    settings.REGISTRY_ALLOWED_HOSTS = [*settings.REGISTRY_ALLOWED_HOSTS, "files.example"]
    assert guess_type(find_source(url)[1]) == kind
