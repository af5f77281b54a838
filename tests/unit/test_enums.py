import subprocess
import sys

import pytest

from artifacts.enums import ArtifactType, ContentState, SourceKind


def test_word_when_found_then_the_member_itself():
    assert ArtifactType.find_word("dataset") is ArtifactType.DATASET


@pytest.mark.parametrize("text", ["", "Dataset", "DATASET", "book"])
def test_word_when_the_list_has_none_then_none(text):
    assert ArtifactType.find_word(text) is None


def test_words_when_shown_then_labels_and_when_sent_then_values():
    assert ContentState.LINK_ONLY.label == "Link Only"
    assert f"{ContentState.LINK_ONLY}" == "link_only"
    assert SourceKind.choices()[0] == ("huggingface_model", "Huggingface Model")
    assert [type(value) for value in ArtifactType.values()] == [str, str, str]


def test_words_when_imported_then_without_django():
    script = "import sys, artifacts.enums, artifacts.rules.parts; print('django' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"
