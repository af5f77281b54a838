"""The stack, the marks and the memo of the pickle machine, as far as a verdict needs them.

Source: Python standard library, `pickle._Unpickler`.
"""

from __future__ import annotations

from typing import Any

from artifacts.enums import ScanVerdict
from artifacts.exceptions import TooMuchToRead
from artifacts.limits import PICKLE_ENTRIES_MAX, PICKLE_MEMO_MAX
from artifacts.rules.scanning.values import ANY, Dictionary, Global, Made, Span
from artifacts.rules.scanning.window import Cut

Told = tuple[ScanVerdict, str, str]
GETATTR = frozenset(("builtins.getattr", "__builtin__.getattr"))
FROM_BYTES = "torch.storage._load_from_bytes"
# They call their first argument, or change it.
REBUILDERS = frozenset((
    "torch._tensor._rebuild_from_type", "torch._tensor._rebuild_from_type_v2",
    "torch._utils._set_obj_state",
))  # fmt: skip
# What does whatever its arguments say: only where a pickle calls it itself are those seen.
_FOLLOWED = GETATTR | REBUILDERS | {FROM_BYTES}
HANDED_ON = "It hands on a function that does whatever it is told, a way to any code."
_MORE = "There is more to say of it than is kept: look at the file itself."
# Of a call whose arguments matter.
_ARGUMENTS_MAX = 3
# Of a dictionary: how joblib says what numbers follow.
_ENTRIES = ("dtype", "shape", "numpy_array_alignment_bytes")


class Stack:
    """What opcodes do that only move values.

    Each takes the argument of its opcode, and raises `IndexError` or `Cut` where a loader would
    fail, too.

    Attributes:
        held: how many values lie below the marks.
        memo: the values that could matter later.
        found: what there is to say so far: verdict, global, sentence.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self.stack: list[Any] = []
        self._marks: list[list[Any]] = []
        self.memo: dict[int, Any] = {}
        # How many keys the memo has: all below a number, and some above.
        self._dense, self._sparse = 0, set[int]()
        self.held = 0
        self.found: dict[Told, None] = {}

    def tell(self, verdict: ScanVerdict, name: str, sentence: str) -> None:
        """Note a finding, each once; dangers also behind many that are milder."""
        most = PICKLE_ENTRIES_MAX
        if verdict == ScanVerdict.DANGEROUS:
            most += PICKLE_ENTRIES_MAX
        if len(self.found) < most or (verdict, name, sentence) in self.found:
            self.found[verdict, name, sentence] = None
        else:
            self.found[ScanVerdict.SUSPICIOUS, "", _MORE] = None

    def hand_on(self, *values: Any) -> None:
        """Tell of functions among values that become arguments, items or attributes.

        Whoever calls them then, and with what, nobody can follow.
        """
        if any(isinstance(each, Global) and each.whole in _FOLLOWED for each in values):
            self.tell(ScanVerdict.DANGEROUS, "", HANDED_ON)

    def pop(self) -> Any:
        """Take the top."""
        return self.stack.pop()

    def mark(self, _: Any) -> None:
        """Begin a new stack above the present one."""
        self._marks.append(self.stack)
        self.held += len(self.stack) + 1
        self.stack = []

    def pop_mark(self) -> list[Any]:
        """Return what lies above the last mark, and take it off."""
        items = self.stack
        self.stack = self._marks.pop()
        self.held -= len(self.stack) + 1
        return items

    def pop_one(self, _: Any) -> None:
        """Take the top, or the mark if nothing lies above it."""
        if self.stack:
            self.stack.pop()
        else:
            self.pop_mark()

    def put(self, key: Any) -> None:
        """Remember the top of the stack, if it could matter later."""
        value = self.stack[-1]
        self.count_key(key)
        if isinstance(value, (Global, Made)) or (
            isinstance(value, (str, tuple)) and _is_short(value)
        ):
            if key not in self.memo and len(self.memo) >= PICKLE_MEMO_MAX:
                if isinstance(value, Global) and value.whole in _FOLLOWED:
                    raise TooMuchToRead("The pickle", "it refers to too many values")
                return
            self.memo[key] = value
        else:
            self.memo.pop(key, None)

    def memoize(self, _: Any) -> None:
        """Remember the top under the next number."""
        self.put(self._dense + len(self._sparse))

    def count_key(self, key: Any) -> None:
        """Count the memo's keys as the unpickler does, since `MEMOIZE` goes by their number."""
        if not isinstance(key, int) or key < 0:
            raise Cut
        if key > self._dense:
            self._sparse.add(key)
            if len(self._sparse) > PICKLE_MEMO_MAX:
                raise TooMuchToRead("The pickle", "its memo has too many keys")
        while key == self._dense or self._dense in self._sparse:
            self._sparse.discard(self._dense)
            self._dense += 1

    def get(self, key: Any) -> None:
        """Push what was remembered."""
        self.stack.append(self.memo.get(key, ANY))

    # Values.

    def make_tuple(self, _: Any) -> None:
        """Make a tuple of what lies above the mark."""
        items = self.pop_mark()
        kept = self.keep_items(items)
        self.stack.append(kept if len(items) <= PICKLE_ENTRIES_MAX else ANY)

    def keep_items(self, items: list[Any]) -> tuple[Any, ...]:
        """Return a tuple of what is kept of its items: so much that memory stays bounded.

        Nothing that lies in them, and texts only in short ones, as arguments are.
        """
        self.hand_on(*items)
        is_short = len(items) <= _ARGUMENTS_MAX
        return tuple(
            each
            if isinstance(each, (Global, int, Span)) or (is_short and isinstance(each, (str, Made)))
            else ANY
            for each in items
        )

    def dictionary(self, _: Any) -> None:
        """Make a dictionary of the pairs above the mark."""
        items = self.pop_mark()
        self.hand_on(*items)
        made = Dictionary()
        _fill(made, items)
        self.stack.append(made)

    def set_items(self, _: Any) -> None:
        """Put the pairs above the mark into a dictionary."""
        items = self.pop_mark()
        self.hand_on(*items)
        _fill(self.stack[-1], items)

    def set_item(self, _: Any) -> None:
        """Put one pair into a dictionary."""
        value, key = self.pop(), self.pop()
        self.hand_on(key, value)
        _fill(self.stack[-1], [key, value])

    def collection(self, _: Any) -> None:
        """Make a list or a set, of which nothing is kept."""
        self.hand_on(*self.pop_mark())
        self.stack.append(ANY)

    def forget_items(self, _: Any) -> None:
        """Put what lies above the mark into a list or a set."""
        self.hand_on(*self.pop_mark())
        self.stack[-1]

    def pass_mark(self, _: Any) -> None:
        """Take off what lies above the mark."""
        self.pop_mark()

    def double(self, _: Any) -> None:
        """Push the top again."""
        self.stack.append(self.stack[-1])

    def nothing(self, _: Any) -> None:
        """Push an empty tuple."""
        self.stack.append(())

    def new_dictionary(self, _: Any) -> None:
        """Push an empty dictionary."""
        self.stack.append(Dictionary())

    def forget_item(self, _: Any) -> None:
        """Put the top into a list."""
        self.hand_on(self.pop())

    def persistent(self, _: Any) -> None:
        """Replace the top by what the loader finds for it."""
        self.hand_on(self.pop())
        self.stack.append(ANY)


def _is_short(value: str | tuple[Any, ...]) -> bool:
    """Whether a value could name a global, or hold what does."""
    if isinstance(value, str):
        return value.isascii() and value.replace(".", "_").isidentifier()
    return len(value) <= 4 and any(isinstance(each, (Global, str)) for each in value)  # noqa: PLR2004


def _fill(target: Any, items: list[Any]) -> None:
    """Put pairs into a dictionary, as far as they are kept."""
    if not isinstance(target, Dictionary):
        return
    for key, value in zip(items[::2], items[1::2], strict=False):
        # Those of joblib's wrappers; more would be kept for nothing.
        if isinstance(key, str) and key in _ENTRIES:
            target.entries[key] = value
