"""Whether one schema says at least what another says."""

from collections.abc import Iterator
from typing import Any

# The contract writes them as addresses; ours may also be `upload://...`, and have a pattern.
_LOOSE_FORMATS = ("uri",)
Schema = dict[str, Any]


def gaps(ours: Schema, theirs: Schema, roots: tuple[Schema, Schema], where: str) -> Iterator[str]:
    """What of a schema of the contract ours does not say, one place each.

    Args:
        roots: both documents, in which references are followed.
        where: the place, for what is said about it; of what is sent it has the word "request".
    """
    ours, theirs = _resolved(ours, roots[0]), _resolved(theirs, roots[1])
    if "oneOf" in ours and "oneOf" not in theirs:
        # Ours may be something else when more is asked for; one of the forms is the contract's.
        found = [list(gaps(each, theirs, roots, where)) for each in ours["oneOf"]]
        yield from () if [] in found else (f"{where}: no form is the contract's",)
        return
    if "type" in theirs and _kind(ours) != theirs["type"]:
        yield f"{where}: type {_kind(ours)}, not {theirs['type']}"
        return
    for key in ("format", "pattern", "minimum", "maximum", "default"):
        if key in theirs and ours.get(key) != theirs[key] and theirs[key] not in _LOOSE_FORMATS:
            yield f"{where}: {key} {ours.get(key)!r}, not {theirs[key]!r}"
    if "enum" in theirs and not set(ours.get("enum", ["anything"])) <= set(theirs["enum"]):
        yield f"{where}: {ours.get('enum')}, not of {theirs['enum']}"
    yield from _inner_gaps(ours, theirs, roots, where)


def _inner_gaps(
    ours: Schema, theirs: Schema, roots: tuple[Schema, Schema], where: str
) -> Iterator[str]:
    """The same of what is in it."""
    if missing := set(theirs.get("required", ())) - set(ours.get("required", ())):
        yield f"{where}: not required: {sorted(missing)}"
    for name, each in theirs.get("properties", {}).items():
        own = ours.get("properties", {})
        if each.get("readOnly") and " request" in where:
            continue
        if name in own:
            yield from gaps(own[name], each, roots, f"{where}.{name}")
        else:
            yield f"{where}.{name}: not there"
    for key in ("items", "additionalProperties"):
        if isinstance(theirs.get(key), dict):
            yield from gaps(ours.get(key, {}), theirs[key], roots, f"{where}[]")


def _resolved(part: Schema, root: Schema) -> Schema:
    """Follow references to the schema that they name."""
    while "$ref" in part or "allOf" in part:
        name = part["$ref"].rpartition("/")[2] if "$ref" in part else ""
        part = root["components"]["schemas"][name] if name else part["allOf"][0]
    return part


def _kind(part: Schema) -> str:
    """The type; "" where there are several."""
    return str(part.get("type", ""))
