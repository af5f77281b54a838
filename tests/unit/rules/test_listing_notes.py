from artifacts.limits import NOTED_FILES_MAX, NOTED_FILES_SHOWN_MAX
from artifacts.rules.listing_notes import (
    describe_notes,
    find_own_name,
    note_links,
    note_renamed,
    note_submodules,
)


def test_describe_notes_when_there_is_nothing_odd_then_none():
    assert describe_notes(note_renamed({}) | note_submodules({}) | note_links([])) == ()
    assert describe_notes({"renamed_files": 7, "submodules": ["a"], "symbolic_links": "b"}) == ()


def test_describe_notes_when_something_is_not_kept_as_it_is_then_named():
    facts = (
        note_submodules({"deps/fmt": "ab12" * 10})
        | note_links(["latest"])
        | note_renamed({"Icon[U+000D]": "Icon\r"})
    )
    submodules, links, renamed = describe_notes(facts)
    assert "deps/fmt (at commit ab12ab12ab12)" in submodules
    assert "submodules" in submodules
    assert links.endswith("latest.")
    assert renamed.endswith("Icon[U+000D] as Icon[U+000D].")
    assert find_own_name(facts, "Icon[U+000D]") == "Icon\r"
    assert find_own_name(facts, "latest") == ""


def test_describe_notes_when_they_are_many_then_the_first_and_their_number():
    (note,) = describe_notes(note_links(str(number) for number in range(NOTED_FILES_MAX + 5)))
    assert note.endswith(f"and {NOTED_FILES_MAX - NOTED_FILES_SHOWN_MAX:,} more.")
