"""A long text in steps: the same data as in one, and a turn for others between two steps."""

import gc
import io
import json
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from artifacts.exceptions import RegistryError, TooMuchToRead
from artifacts.rules import json_steps
from artifacts.rules.archives.safetensors import check_header
from artifacts.rules.budget import in_task
from artifacts.rules.documents import read_json
from artifacts.rules.json_steps import decode_in_steps
from tests.performance.stalls import tensors
from tests.unit.rules.test_documents import PIECES, VALUES

# Coverage would be measured as well, and is dearer than the work.
pytestmark = [pytest.mark.no_cover, pytest.mark.slow]

ONCE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch):
    monkeypatch.setattr(json_steps, "_PIECE_CHARS", 5)


@ONCE
@given(VALUES, st.sampled_from(["", " ", "\n \t\r  \n    "]))
def test_steps_when_the_text_is_json_then_what_the_decoder_says(text, blanks):
    separators = (f"{blanks},{blanks}", f"{blanks}:{blanks}")
    spaced = json.dumps(json.loads(text), separators=separators, ensure_ascii=False)
    found = decode_in_steps(blanks + spaced + blanks, json.JSONDecoder(), "It")
    assert json.dumps(found) == json.dumps(json.loads(blanks + spaced + blanks))


@ONCE
@given(PIECES | st.text('[]{},:"1 a\\'))
def test_steps_when_the_text_is_none_then_an_error_where_the_decoder_has_one(text):
    try:
        expected = json.dumps(json.loads(text))
    except ValueError:
        expected = None
    try:
        found = json.dumps(decode_in_steps(text, json.JSONDecoder(), "It"))
    except ValueError as error:
        found = None if json_steps.KEY_TWICE not in str(error) else expected
    assert found == expected


def test_steps_when_a_key_stands_twice_then_an_error():
    with pytest.raises(ValueError, match="twice"):
        decode_in_steps('{"a": [1, 2, 3], "b": 1, "a": [1, 2, 3]}', json.JSONDecoder(), "It")


def test_steps_when_they_take_too_long_then_too_much(set_limits):
    set_limits(JUDGED_AT_ONCE_CPU_S=0.0)
    with pytest.raises(TooMuchToRead, match="It is too much"):
        decode_in_steps("[" + "1," * 10_000 + "1]", json.JSONDecoder(), "It")


def longest_turn_s(call) -> float:
    """CPU time that a thread uses before another one, which only waits, gets its turn."""

    def work() -> None:
        ready.wait()
        try:
            with in_task():
                call()
        except RegistryError:
            pass
        finally:
            done.set()
            seen.wait()

    ready, done, seen = threading.Event(), threading.Event(), threading.Event()
    thread = threading.Thread(target=work)
    thread.start()
    clock = time.pthread_getcpuclockid(thread.ident)
    longest_s, before_s = 0.0, time.clock_gettime(clock)
    ready.set()
    is_done = False
    while not is_done:
        is_done = done.wait(0.001)
        now_s = time.clock_gettime(clock)
        longest_s, before_s = max(longest_s, now_s - before_s), now_s
    seen.set()
    thread.join()
    return longest_s


def header_of(count: int):
    raw = tensors(count)
    return lambda: check_header(io.BytesIO(raw), len(raw))


KEYS = "{" + ",".join(f'"{number}":""' for number in range(250_000)) + "}"


@pytest.mark.parametrize(
    "call",
    [
        lambda: read_json(KEYS, "It", depth_max=None),
        lambda: read_json("[" + "[]," * 150_000 + "[]]", "It", depth_max=None),
        lambda: read_json("[" * 2_000_000, "It"),
        header_of(20_000),
    ],
    ids=["keys", "lists", "brackets", "tensors"],
)
def test_long_text_when_it_is_read_then_others_get_their_turn(monkeypatch, call):
    """Measured against one call of the decoder, on the same machine; the better of two tries."""
    monkeypatch.undo()
    # What other tests left behind is not to be looked through by the collector meanwhile.
    gc.collect()
    gc.freeze()
    started_s = time.thread_time()
    json.loads(KEYS)
    at_once_s = time.thread_time() - started_s
    longest_s = min(longest_turn_s(call) for _ in range(2))
    gc.unfreeze()
    assert longest_s < at_once_s / 2
