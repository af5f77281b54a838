import pytest

from artifacts.rules.reading import ABSENT, Reading, ReadState


@pytest.mark.parametrize("state", ReadState)
def test_reading_when_kept_as_data_then_read_again(state):
    reading = Reading(state, "LICENSE", "It is closed.")
    assert Reading.from_data(reading.as_data()) == reading


@pytest.mark.parametrize(
    ("state", "is_known"),
    [(ReadState.READ, True), (ReadState.ABSENT, True), (ReadState.UNREADABLE, False),
     (ReadState.NOT_OPENED, False), (ReadState.NOT_ASKED, False)],
)  # fmt: skip
def test_reading_when_it_was_read_or_is_not_there_then_known(state, is_known):
    assert Reading(state).is_known is is_known


def test_reading_when_its_state_is_of_another_version_then_not_said_to_be_absent():
    assert Reading.from_data({"state": "half"}).state == ReadState.NOT_ASKED
    assert ABSENT.state == ReadState.ABSENT
