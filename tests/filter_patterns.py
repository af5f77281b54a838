"""CloudWatch's filter patterns for JSON lines, as far as `deployment/alarms.yaml` uses them.

Source: CloudWatch Logs, "Filter pattern syntax for metric filters": `{ ... }` around comparisons
`$.field = "text"` and `!=`, joined by `&&` and `||`, which bind like Python's `and` and `or`.
"""

import json
import operator
import re

_TOKEN = re.compile(r'\s*(\(|\)|&&|\|\||!=|=|\$\.\w+|"[^"]*")')
# What joins comparisons, from what binds least to what binds most.
_JOINERS = (("||", operator.or_), ("&&", operator.and_))


def matches(pattern: str, line: str) -> bool:
    """Whether a line of the log is counted; a line that is no JSON never is."""
    inside = pattern.strip()
    if not (inside.startswith("{") and inside.endswith("}")):
        raise ValueError(f"no pattern for JSON: {pattern}")
    try:
        fields = json.loads(line)
    except ValueError:
        return False
    tokens = _tokens(inside[1:-1])
    found = _joined(tokens, fields)
    if tokens:
        raise ValueError(f"not understood: {tokens}")
    return found


def compared(pattern: str) -> dict[str, set[str]]:
    """Return the texts that each field is compared with."""
    found: dict[str, set[str]] = {}
    for field, text in re.findall(r'\$\.(\w+)\s*!?=\s*"([^"]*)"', pattern):
        found.setdefault(field, set()).add(text)
    return found


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        if token is None:
            raise ValueError(f"not understood: {text[at:]}")
        tokens.append(token[1])
        at = token.end()
    return tokens


def _joined(tokens: list[str], fields: dict, level: int = 0) -> bool:
    if level == len(_JOINERS):
        return _one(tokens, fields)
    sign, join = _JOINERS[level]
    found = _joined(tokens, fields, level + 1)
    while tokens and tokens[0] == sign:
        tokens.pop(0)
        found = join(found, _joined(tokens, fields, level + 1))
    return found


def _one(tokens: list[str], fields: dict) -> bool:
    first = tokens.pop(0)
    if first == "(":
        found = _joined(tokens, fields)
        if tokens.pop(0) != ")":
            raise ValueError("a parenthesis is open")
        return found
    sign, text = tokens.pop(0), tokens.pop(0)
    if not first.startswith("$.") or sign not in {"=", "!="}:
        raise ValueError(f"not understood: {first} {sign}")
    value = fields.get(first[2:])
    return value is not None and (str(value) == text.strip('"')) == (sign == "=")
