import subprocess
import sys

import pytest

from artifacts.enums import ArtifactType, ContentState, SourceKind, Word
from artifacts.rules.rating.catalogue import METRICS
from artifacts.rules.rating.metrics.size_score import COMFORTABLE_BYTES
from artifacts.said import title
from artifacts.work.jobs import Job


def test_word_when_found_then_the_member_itself():
    assert ArtifactType.find_word("dataset") is ArtifactType.DATASET


@pytest.mark.parametrize("text", ["", "Dataset", "DATASET", "book"])
def test_word_when_the_list_has_none_then_none(text):
    assert ArtifactType.find_word(text) is None


def test_words_when_shown_then_labels_and_when_sent_then_values():
    assert ContentState.LINK_ONLY.label == "Link only"
    assert f"{ContentState.LINK_ONLY}" == "link_only"
    assert SourceKind.choices()[0] == ("huggingface_model", "Huggingface Model")
    assert [type(value) for value in ArtifactType.values()] == [str, str, str]


@pytest.mark.parametrize("words", [*Word.__subclasses__(), Job, COMFORTABLE_BYTES])
def test_words_when_people_read_them_then_no_letters_of_programs(words):
    said = [title(word) for word in words]
    assert all(each and "_" not in each and each[:1] == each[:1].upper() for each in said)
    assert len(set(said)) == len(said)


def test_words_when_people_read_them_then_data_set_is_two_words():
    lists = [*Word.__subclasses__(), Job]
    said = " ".join(title(word) for words in lists for word in words).lower()
    assert "dataset" not in said
    assert "data set" in said
    assert [each.title for each in METRICS] == [each.name.label for each in METRICS]


def test_words_when_imported_then_without_django():
    script = "import sys, artifacts.enums, artifacts.rules.parts; print('django' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"
