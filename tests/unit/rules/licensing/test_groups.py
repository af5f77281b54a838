import pytest

from artifacts.rules.licensing.groups import find_group


@pytest.mark.parametrize(
    ("stated", "group"),
    [
        ("mit", "permissive"), ("Apache License 2.0", "permissive"), ("cc0-1.0", "permissive"),
        ("GPL-3.0", "copyleft"), ("lgpl-2.1", "copyleft"), ("cc-by-sa-4.0", "copyleft"),
        ("cc-by-nc-4.0", "restricted"), ("cc-by-nd-4.0", "restricted"), ("llama3.1", "restricted"),
        ("openrail", "restricted"), ("cc-by-nc-sa-4.0", "restricted"),
        ("my own words", "unknown"), ("other", "unknown"), ("x" * 5_000, "unknown"),
        ("", "none"), ("none", "none"),
        # People may take the freest choice, and have to keep all that is joined.
        ("MIT OR GPL-3.0-only", "permissive"), ("MIT AND GPL-3.0-only", "copyleft"),
        ("MIT AND cc-by-nc-4.0", "restricted"), ("MIT AND LicenseRef-mine", "unknown"),
    ],
)  # fmt: skip
def test_group_when_a_license_is_stated_then_by_what_it_lets_people_do(stated, group):
    assert find_group(stated) == group
