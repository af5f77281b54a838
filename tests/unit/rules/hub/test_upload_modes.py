from artifacts.rules.hub.upload_modes import Announced, choose_modes


def test_choose_modes_when_texts_fill_a_commit_then_the_rest_is_sent_before(set_limits):
    set_limits(REGULAR_FILES_MAX_BYTES=250, REGULAR_FILE_MAX_BYTES=100)
    files = [Announced(f"{number}.md", 100) for number in range(4)]
    assert list(choose_modes(files).values()) == ["regular", "regular", "lfs", "lfs"]


def test_choose_modes_when_one_text_is_large_then_it_is_sent_before_and_others_are_not(set_limits):
    set_limits(REGULAR_FILES_MAX_BYTES=250, REGULAR_FILE_MAX_BYTES=100)
    files = [Announced("a.json", 101), Announced("b.json", 100)]
    assert choose_modes(files) == {"a.json": "lfs", "b.json": "regular"}


def test_choose_modes_when_no_text_then_sent_before_unless_empty():
    files = [Announced("a.parquet", 1), Announced("b.safetensors", 0), Announced("c.py", 1)]
    assert choose_modes(files) == {
        "a.parquet": "lfs", "b.safetensors": "regular", "c.py": "regular",
    }  # fmt: skip
