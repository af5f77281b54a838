"""JSON that is almost right: one place of a true answer or body holds what nobody expects there."""

import json
import random
from typing import Any

from tests.hostile.texts import encoded, text

NUMBERS = ("NaN", "Infinity", "-1", "1e999", "-0.0", "1" * 400, "9" * 5_000, "1.5", str(2**63), "0")
DEEP = 2_000


class Raw(str):
    """JSON as it is to be sent, although no program of ours would write it so."""

    __slots__ = ()


def odd_value(rng: random.Random, chars_max: int) -> Any:
    """A value that may be of any type, size and depth."""
    kind = rng.randrange(8)
    if kind == 0:
        return Raw(rng.choice(NUMBERS))
    if kind == 1:
        return Raw("[" * DEEP + "]" * rng.choice((DEEP, 0)))
    if kind == 2:
        return Raw('{"a":' * DEEP + "1" + "}" * DEEP)
    if kind == 3:
        return [text(rng, 50) for _ in range(rng.randint(0, 2_000))]
    if kind == 4:
        return {text(rng, 50): rng.choice((None, 1, "x", [])) for _ in range(rng.randint(0, 500))}
    if kind == 5:
        return Raw('{"license": "mit", "license": "gpl-3.0", "license": null}')
    return rng.choice((None, True, [], {}, "", text(rng, chars_max), text(rng, chars_max)))


def spoiled(value: Any, rng: random.Random, chars_max: int = 20_000) -> Any:
    """The value with one place of it replaced, removed or repeated."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(sorted(value))
        if rng.random() < 0.1:
            return {name: each for name, each in value.items() if name != key}
        return value | {key: spoiled(value[key], rng, chars_max)}
    if isinstance(value, list) and value and rng.random() < 0.9:
        place = rng.randrange(len(value))
        if rng.random() < 0.1:
            return value + [value[place]] * rng.choice((1, 3_000))
        return [*value[:place], spoiled(value[place], rng, chars_max), *value[place + 1 :]]
    return odd_value(rng, chars_max)


def dump(value: Any, rng: random.Random) -> bytes:
    """The JSON of a value, raw parts as they are; sometimes cut, padded or spoiled as bytes."""
    sent = (
        encoded(_dump(value), rng)
        if rng.random() < 0.2
        else _dump(value).encode("utf-8", "replace")
    )
    if rng.random() < 0.1:
        place = rng.randrange(len(sent) + 1)
        sent = rng.choice(
            (sent[:place], sent[:place] + rng.randbytes(3) + sent[place:], sent + b"]")
        )
    return sent


def _dump(value: Any) -> str:
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(str(k))}:{_dump(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_dump, value)) + "]"
    return json.dumps(value)
