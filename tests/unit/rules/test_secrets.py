import secrets

import pytest

from artifacts.rules.program_tokens import make_program_token, make_session_token
from artifacts.rules.secrets import WITHHELD, without_secrets, without_values

TOKEN = "Zk3_f9Qy7LrT2vXw8mBn4cHj6sDp1gUe5oRi0aKtYqE"


@pytest.mark.parametrize(
    "text",
    [
        f"GET /content/{TOKEN}:1abcde:x",
        f"/uploads/content/parts/{TOKEN}",
        f"https://bucket.example/blob?X-Amz-Signature={TOKEN}&x=1",
        f"https://user:{TOKEN}@example.com/",
        f"X-Authorization: bearer {TOKEN}",
        f"BEARER {TOKEN[:20]} and more",
        f"'sessionid': {TOKEN[:20]!r}",
        f"csrftoken={TOKEN[:20]}; sessionid={TOKEN[:20]}",
        f'{{"password": "{TOKEN[:12]}"}}',
        f"aws_secret_access_key={TOKEN[:30]}",
        f"it was {TOKEN}.",
        f"passphrase={TOKEN[:12]}",
        f"pwd: {TOKEN[:12]}",
        f"session_id={TOKEN[:12]}",
    ],
)
def test_text_when_a_secret_stands_in_it_then_it_is_withheld(text):
    found = without_secrets(text)
    assert TOKEN[:12] not in found
    assert WITHHELD in found


@pytest.mark.parametrize(
    "text",
    [
        "artifact.registered",
        "https://huggingface.co/openai-community/gpt2",
        "model-17-1760000000000017 failed 3 times",
        f"blobs/sha256/{'ab' * 32}",
        "openai/whisper-large-v3-turbo-for-the-bench-of-2026",
    ],
)
def test_text_when_nothing_is_secret_then_as_it_is(text):
    assert without_secrets(text) == text


@pytest.mark.parametrize("begin", ["hf_", "ghp_", "gho_", "github_pat_", "AKIA", "ASIA"])
def test_credential_of_a_service_when_it_is_short_or_in_small_letters_then_withheld(begin):
    text = f"https://github.com/acme/{begin}{'a1b2c3d4' * 2}"
    assert without_secrets(text) == f"https://github.com/acme/{WITHHELD}"


@pytest.mark.parametrize("secret", ["pa'ss\"wo`rd;", "with/slash and=more", "0123456789"])
def test_secret_when_it_is_known_then_withheld_in_each_of_its_spellings(secret):
    text = f"{secret} {secret!r} postgres://u:{secret}@h/ {without_secrets(secret)}"
    assert secret not in without_secrets(text, [secret])
    assert repr(secret)[1:-1] not in without_secrets(text, [secret])


def test_secret_when_too_short_to_tell_then_no_line_is_taken_apart_for_it():
    assert without_secrets("a registry", ["a", ""]) == "a registry"


@pytest.mark.parametrize("text", ["it is correct-horse", "it is correct-horse" + " battery" * 20])
def test_secret_when_it_becomes_known_or_is_forgotten_then_texts_are_looked_through_anew(text):
    assert without_secrets(text) == text
    assert "horse" not in without_secrets(text, ["correct-horse"])
    assert without_secrets(text, iter(["another-one"])) == text


@pytest.mark.parametrize("make", [make_program_token, make_session_token])
@pytest.mark.parametrize("form", ["{}", "HF_TOKEN={}", "a,{};b", "/x/{}/y", "<{}>", "'{}'", "é{}"])
def test_token_of_ours_when_logged_then_nothing_of_it_stays(make, form):
    token = make()
    for without in (without_secrets, without_values):
        found = without(form.format(token))
        assert not any(token[at : at + 8] in found for at in range(len(token) - 8))


def test_random_token_when_logged_then_always_withheld():
    for _ in range(500):
        token = secrets.token_urlsafe(32)
        assert token not in without_secrets(f"it was {token} here")


DUPLICATE = 'duplicate key value violates unique constraint "artifact_source"'
NOT_UNIQUE = "UNIQUE constraint failed: artifacts_artifact.source_key"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{DUPLICATE}\nDETAIL:  Key (source_key)=(x) already exists.", DUPLICATE),
        ("invalid syntax for integer: \"12'3\"", f"invalid syntax for integer: {WITHHELD}"),
        ("url: /a/b?token=x (Caused by X('y'))", f"url: {WITHHELD} {WITHHELD}"),
        (NOT_UNIQUE, NOT_UNIQUE),
        ("Invalid chunk size: b'hunter2'", f"Invalid chunk size: {WITHHELD}"),
        ('no literal: b"hunter\'2"', f"no literal: {WITHHELD}"),
        ("can't find 'a secret' here", f"can't find {WITHHELD} here"),
        ("can't find 'it's a secret' here", f"can't find {WITHHELD} here"),
        ("was 'a secret that was cut o", f"was {WITHHELD}"),
        ('was "a secret\\" of two" here', f"was {WITHHELD} here"),
    ],
)  # fmt: skip
def test_foreign_text_when_kept_then_its_words_without_its_values(text, found):
    assert without_values(text) == found


def test_foreign_text_when_long_then_short():
    assert len(without_values("word " * 10_000)) <= 300
    assert len(without_secrets("word " * 10_000)) <= 2_000
