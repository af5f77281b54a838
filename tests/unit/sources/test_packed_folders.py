"""A zip of a folder, with files that were laid beside it, is read like the folder."""

import pytest

from artifacts.rules.reading import ReadState, read_readings
from artifacts.sources.uploads import UploadSource
from tests.unit.sources.test_uploads import CARD, sent, snapshot_of

CONFIG = b'{"model_type": "tea"}'
SPDX = b"SPDX-License-Identifier: ISC\n"


def taken(uploader, files):
    found = snapshot_of(UploadSource(), sent(uploader, files))
    return found, read_readings(found.facts)


@pytest.mark.parametrize(
    ("folder", "beside"),
    [("robot/", "notes.txt"), ("a/b/", "LICENSE"), ("robot/", ".config/x"), ("docs/", "run.py")],
)
def test_upload_when_files_lie_beside_the_folder_then_its_card_is_read(uploader, folder, beside):
    files = {f"{folder}README.md": CARD, f"{folder}config.json": CONFIG, beside: b"tea"}
    found, readings = taken(uploader, files)
    assert (found.license, found.config) == ("mit", {"model_type": "tea"})
    assert readings["readme"].path == f"{folder}README.md"


@pytest.mark.parametrize("place", ["robot/LICENSE", "LICENSE"])
def test_upload_when_terms_lie_in_the_folder_or_beside_it_then_read(uploader, place):
    files = {"robot/README.md": b"# Tea", place: SPDX, "notes.txt": b"x"}
    assert taken(uploader, files)[0].license == "ISC"


@pytest.mark.parametrize(
    "paths", [("one/README.md", "two/README.md"), ("a/b/readme.md", "a/c/x", "d/y")]
)
def test_upload_when_cards_lie_in_one_of_several_folders_then_not_said_to_be_absent(
    uploader, paths
):
    found, readings = taken(uploader, dict.fromkeys(paths, CARD))
    assert (found.readme, found.license) == ("", "")
    assert readings["readme"].state == ReadState.NOT_OPENED
    assert readings["readme"].path == paths[0]
    assert paths[0] in readings["card"].reason


def test_upload_when_the_letters_of_the_card_are_unknown_then_unreadable(uploader):
    # Words of Cyrillic letters in KOI8-R.
    card = b"\xde\xc1\xca \xc7\xcf\xd2\xd1\xde\xc9\xca"
    _, readings = taken(uploader, {"README.md": card, "x": b"1"})
    assert readings["readme"].state == readings["card"].state == ReadState.UNREADABLE
    assert "README.md" in readings["card"].reason


def test_upload_when_front_matter_stands_above_unknown_letters_then_it_is_read(uploader):
    found, readings = taken(uploader, {"README.md": CARD + b"\xde\xc1\xca\xc7 " * 90, "x": b"1"})
    assert (found.license, readings["card"].state) == ("mit", ReadState.READ)


def test_upload_when_few_letters_of_the_card_are_unknown_then_read(uploader):
    card = CARD + "Thé chaud, très fort.".encode("latin-1")
    found, readings = taken(uploader, {"README.md": card, "x": b"1"})
    assert (found.license, readings["readme"].state) == ("mit", ReadState.READ)
