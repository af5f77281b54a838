import pytest

from artifacts.rules.layout import read_layout


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["README.md", "LICENSE", "config.json", "a.safetensors"],
         ("README.md", "", "LICENSE", "config.json", 1)),
        (["x/readme.md", "x/COPYING", "x/config.json", "x/w/a.bin", "x/w/b.bin"],
         ("x/readme.md", "", "x/COPYING", "x/config.json", 2)),
        # The terms were laid beside the folder.
        (["LICENSE", "x/README.md", "x/a.pt"], ("x/README.md", "", "LICENSE", "", 1)),
        (["a/README.md", "b/README.md", "b/c.py"], ("", "a/README.md", "", "", 0)),
        (["train.py"], ("", "", "", "", 0)),
        ([], ("", "", "", "", 0)),
    ],
    ids=["at the top", "in a folder", "terms beside", "two folders", "code", "nothing"],
)  # fmt: skip
def test_layout_when_read_then_what_a_registration_would_find(paths, found):
    layout = read_layout(paths)
    assert found == (
        layout.readme, layout.other_readme, layout.license_file, layout.config, len(layout.weights),
    )  # fmt: skip
    assert layout.refusal == ""


@pytest.mark.parametrize("path", ["../a", "/etc/passwd", "C:/a", "a\\b", "a/./b"])
def test_layout_when_a_path_is_unsafe_then_says_why(path):
    assert "Rename the file" in read_layout(["README.md", path]).refusal
