"""Reading the opcodes of a pickle with their arguments, of which long ones are skipped.

`pickletools` knows the opcodes; its own reader holds whole arguments, which may have gigabytes.

Source: Python standard library, `pickletools` and `pickle`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pickletools import opcodes  # nosec B403  (describes opcodes, runs none)
from typing import Any, Final

from artifacts.limits import PICKLE_LINE_MAX_BYTES, PICKLE_TEXT_MAX_BYTES
from artifacts.rules.scanning.values import ANY, Span
from artifacts.rules.scanning.window import Cut, Window

OPCODES: Final = {op.code.encode("latin-1"): op for op in opcodes}
# Arguments of a fixed width.
_FIXED: dict[str, struct.Struct] = {
    "uint1": struct.Struct("<B"),
    "uint2": struct.Struct("<H"),
    "int4": struct.Struct("<i"),
    "uint4": struct.Struct("<I"),
    "uint8": struct.Struct("<Q"),
    "float8": struct.Struct(">d"),
}
# Arguments that begin with their length: the length's format, and whether they are text.
_COUNTED: dict[str, tuple[struct.Struct, bool]] = {
    "string1": (_FIXED["uint1"], True),
    "string4": (_FIXED["int4"], True),
    "bytes1": (_FIXED["uint1"], False),
    "bytes4": (_FIXED["uint4"], False),
    "bytes8": (_FIXED["uint8"], False),
    "bytearray8": (_FIXED["uint8"], False),
    "unicodestring1": (_FIXED["uint1"], True),
    "unicodestring4": (_FIXED["uint4"], True),
    "unicodestring8": (_FIXED["uint8"], True),
    "long1": (_FIXED["uint1"], False),
    "long4": (_FIXED["int4"], False),
}


def read_opcode(window: Window) -> tuple[str, Any]:
    """Return the name of the next opcode, and its argument.

    The argument is a number, a text, a pair of texts, a `Span` for bytes, `ANY` for what is not
    kept, None for none.

    Raises:
        Cut: the pickle ends here, or this is none.
    """
    op = OPCODES.get(window.read(1))
    if op is None:
        raise Cut
    return op.name, None if op.arg is None else _ARGUMENTS[op.arg.name](window)


def _fixed(form: struct.Struct) -> Callable[[Window], Any]:
    """Return a reader of numbers."""
    return lambda window: form.unpack(window.take(form.size))[0]


def _counted(form: struct.Struct, is_text: bool) -> Callable[[Window], Any]:  # noqa: FBT001  (a row)
    """Return a reader of what begins with its length."""

    def read(window: Window) -> Any:
        (size,) = form.unpack(window.take(form.size))
        if size < 0:
            raise Cut
        start = window.tell()
        if is_text and size <= PICKLE_TEXT_MAX_BYTES:
            return window.take(size).decode("utf-8", "surrogateescape")
        window.skip(size)
        return ANY if is_text else Span(start, size)

    return read


def _text_line(window: Window) -> Any:
    """Return the text of a line, without the quotation marks of protocol 0."""
    line = window.line(PICKLE_LINE_MAX_BYTES)
    if len(line) > PICKLE_TEXT_MAX_BYTES:
        return ANY
    return line.decode("utf-8", "surrogateescape")


def _quoted_line(window: Window) -> Any:
    """Return the text of a `STRING`, whose escapes are resolved as the unpickler does."""
    text = _text_line(window)
    if text is ANY:
        return ANY
    inner = text.strip()
    if len(inner) < 2 or inner[0] != inner[-1] or inner[0] not in "'\"":  # noqa: PLR2004  (two marks)
        raise Cut
    if "\\" not in inner:
        return inner[1:-1]
    try:
        return inner[1:-1].encode("latin-1").decode("unicode_escape")
    except UnicodeError:
        return ANY


def _unicode_line(window: Window) -> Any:
    """Return the text of a `UNICODE`, in raw-unicode-escape."""
    text = _text_line(window)
    if text is ANY or "\\" not in text:
        return text
    try:
        return text.encode("latin-1").decode("raw-unicode-escape")
    except UnicodeError:
        return ANY


def _whole_number(window: Window) -> Any:
    """Return the number of a line; large ones are of no use here."""
    line = window.line(PICKLE_LINE_MAX_BYTES)
    try:
        # Python itself refuses longer ones.
        return int(line.rstrip(b"L"))
    except ValueError:
        raise Cut from None


def _any_line(window: Window) -> Any:
    """Pass a line by."""
    window.line(PICKLE_LINE_MAX_BYTES)
    return ANY


def _pair(window: Window) -> tuple[Any, Any]:
    """Return two lines: a module, and a name in it."""
    return _text_line(window), _text_line(window)


_ARGUMENTS: dict[str, Callable[[Window], Any]] = {
    **{name: _fixed(form) for name, form in _FIXED.items()},
    **{name: _counted(form, is_text) for name, (form, is_text) in _COUNTED.items()},
    "stringnl": _quoted_line,
    "stringnl_noescape": _text_line,
    "stringnl_noescape_pair": _pair,
    "unicodestringnl": _unicode_line,
    "decimalnl_short": _whole_number,
    "decimalnl_long": _whole_number,
    "floatnl": _any_line,
}
