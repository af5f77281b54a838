import pytest

from artifacts.rules.digest import (
    Algorithm,
    Digest,
    find_sha256,
    hash_git_blob,
    parse_digest,
    parse_sha256,
)

HEX = "0123456789abcdef" * 4


@pytest.mark.parametrize("stated", [f"sha256:{HEX}", f"git:{HEX[:40]}"])
def test_digest_when_parsed_then_written_as_it_was(stated):
    digest = parse_digest(stated)
    assert digest is not None
    assert digest.is_well_formed
    assert str(digest) == stated


@pytest.mark.parametrize("stated", ["", HEX, f"md5:{HEX[:32]}", ":", f"SHA256:{HEX}"])
def test_digest_when_nothing_known_is_stated_then_none(stated):
    assert parse_digest(stated) is None


@pytest.mark.parametrize(
    "stated", ["sha256:", f"sha256:{HEX[1:]}", f"sha256:{HEX.upper()}", f"git:{HEX}", "git:None"]
)
def test_digest_when_the_digits_are_of_another_form_then_not_well_formed(stated):
    digest = parse_digest(stated)
    assert digest is not None
    assert not digest.is_well_formed


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (f"sha256:{HEX}", HEX), (f"git:{HEX[:40]}", None), ("", None),
        ("sha256:../../x", None), (f"sha256:{HEX.upper()}", None),
    ],
)  # fmt: skip
def test_sha256_when_looked_for_in_what_is_stated(stated, expected):
    assert find_sha256(stated) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [(HEX, HEX), (HEX.upper(), None), (HEX[1:], None), ("", None)]
)
def test_sha256_when_parsed_then_64_digits_in_lower_case(text, expected):
    assert parse_sha256(text) == expected


def test_git_blob_when_hashed_then_as_git_does():
    blob = hash_git_blob(5)
    blob.update(b"hello")
    # `printf hello | git hash-object --stdin`
    assert blob.hexdigest() == "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0"
    assert str(Digest(Algorithm.GIT, blob.hexdigest())) == f"git:{blob.hexdigest()}"
