"""License files: which is opened, and what follows from it."""

import pytest

from artifacts.limits import LICENSE_FILE_MAX_BYTES
from artifacts.rules.descriptions import Description, leave_closed, open_bytes
from artifacts.rules.licensing import files
from artifacts.rules.licensing.files import find_linked_path, settle_license
from artifacts.rules.licensing.texts import LicenseText
from artifacts.rules.reading import Readable, Reading, ReadState

MIT, GPL = b"The words of MIT.\n", b"The words of the GPL.\n"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:%b\nsize 9\n" % (b"0" * 64)
NEAR = b"The words of Apache, and a cup.\n"
OWN = b"Tea terms\n\nWhoever drinks this tea returns the cup.\n"


@pytest.fixture(autouse=True)
def known_text(monkeypatch):
    """One license is known by its text: how texts are compared has tests of its own."""
    known = {
        MIT.decode(): LicenseText("MIT"),
        GPL.decode(): LicenseText("GPL-3.0-only"),
        NEAR.decode(): LicenseText("", "Apache-2.0", "cup", 'It says "cup".'),
    }
    odd = LicenseText("", reason="It is no known license.")
    monkeypatch.setattr(files, "read_license_text", lambda text: known.get(text, odd))


def says(readme: str = "", link: object = None) -> Description:
    readings: dict[Readable, Reading] = {"readme": Reading(ReadState.READ, "README.md")}
    return Description(readme, {"license_link": link}, {}, readings)


class Cupboard:
    """Files that can be opened; it remembers which were."""

    def __init__(self, contents: dict[str, bytes]):
        self.contents, self.opened = contents, list[str]()

    def open_file(self, path: str):
        self.opened.append(path)
        return open_bytes(path, self.contents[path])

    def settle(
        self,
        stated: str,
        link: object = None,
        files_max: int = 1,
        guessed: str = "",
        size_bytes: int | None = None,
    ):
        return settle_license(
            stated,
            says(link=link),
            guessed=guessed,
            repository="acme/robot",
            sizes_bytes=dict.fromkeys(self.contents, size_bytes),
            open_file=self.open_file,
            files_max=files_max,
        )


@pytest.mark.parametrize("name", ["LICENSE", "copying.txt", "LICENCE.rst", "LICENSES/MIT.txt"])
@pytest.mark.parametrize(
    "stated", ["", "other", "Other", "unknown", "NOASSERTION", "custom", "the-terms-of-acme"]
)
def test_settle_license_when_nothing_known_is_stated_then_the_file_decides(name, stated):
    cupboard = Cupboard({name: MIT, "README.md": b""})
    license_, reading = cupboard.settle(stated)
    assert (license_, reading.state, reading.path) == ("MIT", ReadState.READ, name)
    assert reading.reason == ""


@pytest.mark.parametrize("stated", ["apache-2.0", "gpl-3.0 OR mit", "llama3.1", "cc-by-nc-4.0"])
def test_settle_license_when_a_known_one_is_stated_then_no_file_is_opened(stated):
    cupboard = Cupboard({"LICENSE": MIT})
    license_, reading = cupboard.settle(stated)
    assert (license_, cupboard.opened) == (stated, [])
    assert (reading.state, reading.path) == (ReadState.NOT_OPENED, "LICENSE")


@pytest.mark.parametrize(
    ("stated", "expected"), [("", "other"), ("other", "other"), ("acme-terms", "acme-terms")]
)
def test_settle_license_when_the_text_is_not_recognised_then_that_is_said(stated, expected):
    license_, reading = Cupboard({"LICENSE.md": OWN}).settle(stated)
    assert (license_, reading.state) == (expected, ReadState.READ)
    assert "LICENSE.md" in reading.reason
    assert "no known license" in reading.reason


@pytest.mark.parametrize(
    ("path", "raw", "state"),
    [
        ("LICENSE", b"", ReadState.UNREADABLE),
        ("LICENSE", b" \n", ReadState.UNREADABLE),
        ("LICENSE", b"x" * LICENSE_FILE_MAX_BYTES, ReadState.UNREADABLE),
        ("LICENSE.pdf", b"%PDF-1.7", ReadState.NOT_OPENED),
        ("license.html", b"<p>", ReadState.NOT_OPENED),
        ("LICENSE", POINTER, ReadState.NOT_OPENED),
    ],
)
def test_settle_license_when_the_file_cannot_be_read_then_none_is_made_up(path, raw, state):
    license_, reading = Cupboard({path: raw}).settle("")
    assert (license_, reading.state, reading.path) == ("", state, path)
    assert path in reading.reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_settle_license_when_the_text_has_another_encoding_then_recognised(encoding):
    assert Cupboard({"LICENSE": MIT.decode().encode(encoding)}).settle("")[0] == "MIT"


@pytest.mark.parametrize(
    "link",
    ["TERMS.md", "./TERMS.md", "https://huggingface.co/acme/robot/blob/main/TERMS.md",
     "https://huggingface.co/Acme/Robot/resolve/main/TERMS.md",
     "https://github.com/acme/robot/raw/v1/TERMS.md"],
)  # fmt: skip
def test_settle_license_when_the_card_links_to_a_file_then_that_one(link):
    cupboard = Cupboard({"LICENSE": OWN, "TERMS.md": MIT})
    assert cupboard.settle("other", link)[0] == "MIT"
    assert cupboard.opened == ["TERMS.md"]


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("./docs/LICENSE.md", "docs/LICENSE.md"),
        ("LICENSE%20AGREEMENT.md", "LICENSE AGREEMENT.md"),
        ("https://hf.co/a/b/blob/main/x/LICENSE", "x/LICENSE"),
        ("https://hf.co/a/b/tree/main/LICENSE", ""),
        ("https://hf.co/a/bc/blob/main/LICENSE", ""),
        ("https://hf.co/a/b", ""),
        ("https://[", ""),
    ],
)
def test_find_linked_path_when_it_leads_into_the_repository_then_the_path(link, path):
    assert find_linked_path(link, "a/b") == path


@pytest.mark.parametrize(
    "link",
    ["https://acme.example/terms", "https://huggingface.co/acme/base/blob/main/LICENSE", "x.md"],
)
def test_settle_license_when_the_link_leads_elsewhere_then_that_it_was_not_opened(link):
    license_, reading = Cupboard({"README.md": b""}).settle("", link)
    assert (license_, reading.state, reading.path) == ("", ReadState.NOT_OPENED, link)


@pytest.mark.parametrize("link", [None, 7, ["x"], "", "https://[", "x" * 10_000])
def test_settle_license_when_there_is_no_file_then_absent_whatever_the_link_is(link):
    license_, reading = Cupboard({"README.md": b""}).settle("", link)
    assert license_ == ""
    assert reading.state in (ReadState.ABSENT, ReadState.NOT_OPENED)


@pytest.mark.parametrize("name", ["LICENSE-MODEL", "model_license.txt", "WEIGHTS_LICENSE.md"])
def test_settle_license_when_a_file_is_about_the_model_then_it_counts_beside_what_is_stated(name):
    cupboard = Cupboard({"LICENSE": MIT, name: OWN})
    license_, reading = cupboard.settle("apache-2.0")
    assert (license_, cupboard.opened) == ("apache-2.0 AND other", [name])
    assert reading.path == name


def test_settle_license_when_there_are_several_files_then_all_count_that_may_be_opened():
    cupboard = Cupboard({"LICENSE-A": MIT, "LICENSE-B": OWN, "LICENSE-C": MIT})
    license_, reading = cupboard.settle("", files_max=2)
    assert license_ == "MIT AND other"
    assert "LICENSE-B: It is no known license." in reading.reason
    assert "Not opened: LICENSE-C." in reading.reason


def test_settle_license_when_one_of_several_cannot_be_read_then_that_is_the_reading():
    license_, reading = Cupboard({"LICENSE-A": MIT, "LICENSE-B": b""}).settle("", files_max=2)
    assert (license_, reading.state, reading.path) == ("MIT", ReadState.UNREADABLE, "LICENSE-B")


def test_settle_license_when_files_are_not_known_then_not_asked():
    license_, reading = settle_license(
        "other",
        says(),
        repository="a/b",
        sizes_bytes=None,
        open_file=lambda path: leave_closed(path, ""),
    )
    assert (license_, reading.state) == ("other", ReadState.NOT_ASKED)


@pytest.mark.parametrize(
    ("text", "guessed", "license_"),
    [
        (MIT, "Apache-2.0", "MIT"), (OWN, "Apache-2.0", "Apache-2.0"), (NEAR, "MIT", "MIT"),
        (NEAR, "Apache-2.0", "other"), (OWN, "NOASSERTION", "other"), (OWN, "", "other"),
        (b"", "Apache-2.0", "Apache-2.0"), (b"", "", ""),
    ],
)  # fmt: skip
def test_settle_license_when_the_source_guesses_then_only_if_the_text_is_not_another(
    text, guessed, license_
):
    assert Cupboard({"LICENSE": text}).settle("", guessed=guessed)[0] == license_


def test_settle_license_when_the_source_guesses_and_lists_no_file_then_that_counts():
    assert Cupboard({"README.md": b""}).settle("", guessed="MIT")[0] == "MIT"


@pytest.mark.parametrize(
    ("readme", "license_", "state"),
    [
        ("# Tea\n\n## License\n\nMIT\n", "MIT", ReadState.READ),
        ("## License\n\nTerms of Acme.\n", "other", ReadState.READ),
        ("# Tea\n", "", ReadState.ABSENT),
    ],
)
def test_settle_license_when_only_words_state_it_then_those_count(readme, license_, state):
    found, reading = settle_license(
        "",
        says(readme),
        repository="a/b",
        sizes_bytes={"README.md": 9},
        open_file=Cupboard({}).open_file,
    )
    assert (found, reading.state) == (license_, state)
    assert bool(reading.reason) == (license_ == "other")


CLOSED = "# Tea\n\n## License\n\nMIT, for non-commercial use only.\n"


@pytest.mark.parametrize(
    ("stated", "paths", "license_"),
    [
        ("mit", [], "(mit) AND LicenseRef-Non-Commercial"),
        ("mit OR gpl-3.0", None, "(mit OR gpl-3.0) AND LicenseRef-Non-Commercial"),
        ("", ["LICENSE"], "(MIT) AND LicenseRef-Non-Commercial"),
        ("cc-by-nc-4.0", [], "cc-by-nc-4.0"),
        ("the-terms-of-acme", [], "the-terms-of-acme"),
        ("", [], "other"),
    ],
)
def test_settle_license_when_the_readme_takes_business_away_then_it_is_gone(
    stated, paths, license_
):
    cupboard = Cupboard({"LICENSE": MIT})
    found, _ = settle_license(
        stated,
        says(CLOSED),
        repository="a/b",
        sizes_bytes=dict.fromkeys(paths) if paths is not None else None,
        open_file=cupboard.open_file,
    )
    assert found == license_


@pytest.mark.parametrize(
    ("paths", "license_", "words"),
    [
        ({"LICENSE": OWN, "MODEL_LICENSE.pdf": b""}, "other", "It is no known license."),
        ({"LICENSE": MIT, "MODEL_LICENSE.pdf": b""}, "other AND MIT", "no plain text"),
        ({"LICENSE": MIT, "LICENSE-guide.pdf": b""}, "MIT", "no plain text"),
    ],
)
def test_license_when_a_page_lies_beside_a_text_then_the_text_is_opened_too(paths, license_, words):
    cupboard = Cupboard(paths)
    found, reading = settle_license(
        "",
        says(),
        repository="a/b",
        sizes_bytes=dict.fromkeys(sorted(paths)),
        open_file=cupboard.open_file,
    )
    assert cupboard.opened == ["LICENSE"]
    assert found == license_
    assert words in reading.reason
