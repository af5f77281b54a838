"""Following what an unpickler would do, without doing it.

A machine like Python's own, with a stack, marks and a memo, whose values are only known as far as a
verdict needs them. So it tells which globals a pickle loads, however their names came onto the
stack, and which of them it calls. What it cannot follow it says: a name that nobody can read is
no honest one.

Source: Python standard library, `pickle._Unpickler` and `pickletools`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from artifacts.enums import ScanVerdict
from artifacts.exceptions import TooMuchToRead
from artifacts.limits import PICKLE_ENTRIES_MAX, PICKLE_MEMO_MAX, PICKLE_STACK_MAX
from artifacts.rules.scanning.pickle_globals import judge_global
from artifacts.rules.scanning.pickle_opcodes import read_opcode
from artifacts.rules.scanning.values import ANY, Dictionary, Global, Made, Span
from artifacts.rules.scanning.window import Cut, Window

Told = tuple[ScanVerdict, str, str]
_D, _S = ScanVerdict.DANGEROUS, ScanVerdict.SUSPICIOUS
_GETATTR = frozenset(("builtins.getattr", "__builtin__.getattr"))
_FROM_BYTES = "torch.storage._load_from_bytes"
_WRAPPERS = frozenset((
    "joblib.numpy_pickle.NumpyArrayWrapper",
    "sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper",
))  # fmt: skip
# Calls whose arguments are looked at later; all others only need to be known as made.
_KEPT_CALLS = _WRAPPERS | {"numpy.dtype"}
# Opcodes that push one value of which nothing need be known.
_PUSHED = frozenset((
    "NONE", "NEWTRUE", "NEWFALSE", "FLOAT", "BINFLOAT", "EMPTY_LIST", "EMPTY_SET", "PERSID",
    "NEXT_BUFFER", "LONG1", "LONG4",
))  # fmt: skip
_CONSTANTS = frozenset((
    "INT", "BININT", "BININT1", "BININT2", "LONG", "STRING", "BINSTRING", "SHORT_BINSTRING",
    "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8", "UNICODE", "SHORT_BINUNICODE",
    "BINUNICODE", "BINUNICODE8",
))  # fmt: skip
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_UNSEEN = "?"


class Machine:
    """One pickle, from a position in a window to its end.

    Attributes:
        has_ended: whether the pickle was complete.
        found: what there is to say so far: verdict, global, sentence.
    """

    def __init__(self, window: Window, load_nested: Callable[[Window], Iterator[Told]]) -> None:
        """Begin where the window stands.

        Args:
            load_nested: looks into bytes that are loaded as a file of their own.
        """
        self._window, self._load_nested = window, load_nested
        self._stack: list[Any] = []
        self._marks: list[list[Any]] = []
        self._memo: dict[int, Any] = {}
        # How many keys the memo has: all below a number, and some above.
        self._dense, self._sparse = 0, set[int]()
        self._held = 0
        self._globals: dict[tuple[str, str], tuple[Global, Made]] = {}
        self.has_ended = False
        self.found: dict[Told, None] = {}

    def run(self) -> None:
        """Follow the pickle until it ends or breaks; what was found until then counts."""
        try:
            while True:
                name, argument = read_opcode(self._window)
                if name == "STOP":
                    self._pop()
                    self.has_ended = True
                    return
                self._step(name, argument)
                if len(self._stack) + self._held > PICKLE_STACK_MAX:
                    raise TooMuchToRead("The pickle", "its stack is too deep")
        except (Cut, IndexError):
            return

    def _step(self, name: str, argument: Any) -> None:
        """Do what an opcode does."""
        if name in _CONSTANTS:
            self._stack.append(argument)
        elif name in _PUSHED:
            self._stack.append(ANY)
        elif name in _TUPLES:
            size = _TUPLES[name]
            if len(self._stack) < size:
                raise Cut
            self._stack[-size:] = [tuple(self._stack[-size:])]
        else:
            step = _STEPS.get(name)
            if step is not None:
                step(self, argument)

    # The stack and the memo.

    def _pop(self) -> Any:
        return self._stack.pop()

    def _mark(self, _: Any) -> None:
        self._marks.append(self._stack)
        self._held += len(self._stack) + 1
        self._stack = []

    def _pop_mark(self) -> list[Any]:
        items = self._stack
        self._stack = self._marks.pop()
        self._held -= len(self._stack) + 1
        return items

    def _pop_one(self, _: Any) -> None:
        if self._stack:
            self._stack.pop()
        else:
            self._pop_mark()

    def _put(self, key: Any) -> None:
        """Remember the top of the stack, if it could matter later."""
        value = self._stack[-1]
        self._count_key(key)
        if isinstance(value, (Global, Made)) or (
            isinstance(value, (str, tuple)) and _is_short(value)
        ):
            if key not in self._memo and len(self._memo) >= PICKLE_MEMO_MAX:
                return
            self._memo[key] = value
        else:
            self._memo.pop(key, None)

    def _memoize(self, _: Any) -> None:
        self._put(self._dense + len(self._sparse))

    def _count_key(self, key: Any) -> None:
        """Count the keys of the memo as the unpickler does, since `MEMOIZE` goes by their number."""
        if not isinstance(key, int):
            # `PUT` takes a line of digits.
            key = int(key) if isinstance(key, str) and key.isdecimal() else -1
        if key < 0:
            raise Cut
        if key > self._dense:
            self._sparse.add(key)
            if len(self._sparse) > PICKLE_MEMO_MAX:
                raise TooMuchToRead("The pickle", "its memo has too many keys")
        while key == self._dense or self._dense in self._sparse:
            self._sparse.discard(self._dense)
            self._dense += 1

    def _get(self, key: Any) -> None:
        self._stack.append(self._memo.get(key, ANY))

    # Values.

    def _tuple(self, _: Any) -> None:
        items = self._pop_mark()
        self._stack.append(tuple(items) if len(items) <= PICKLE_ENTRIES_MAX else ANY)

    def _dictionary(self, _: Any) -> None:
        items = self._pop_mark()
        made = Dictionary()
        _fill(made, items)
        self._stack.append(made)

    def _set_items(self, _: Any) -> None:
        items = self._pop_mark()
        _fill(self._stack[-1], items)

    def _set_item(self, _: Any) -> None:
        value, key = self._pop(), self._pop()
        _fill(self._stack[-1], [key, value])

    def _collection(self, _: Any) -> None:
        self._pop_mark()
        self._stack.append(ANY)

    def _forget_items(self, _: Any) -> None:
        self._pop_mark()
        self._stack[-1]  # noqa: B018  (raises where a loader would)

    # Loading and calling.

    def _load(self, module: Any, name: Any) -> Global:
        """Return a global, and judge it when it is first met."""
        if not isinstance(module, str) or not isinstance(name, str):
            if len(self._memo) >= PICKLE_MEMO_MAX:
                raise TooMuchToRead("The pickle", "it refers to too many values")
            told = "It loads a global whose name it computes, so that nobody can read it."
            self._tell(_D, "", told)
            return Global(_UNSEEN, _UNSEEN)
        known = self._globals.get((module, name))
        if known is None:
            if len(self._globals) >= PICKLE_ENTRIES_MAX * 10:
                raise TooMuchToRead("The pickle", "it loads too many different globals")
            loaded = Global(module, name)
            known = self._globals[module, name] = loaded, Made(loaded)
            if loaded.whole not in _GETATTR:
                self._judge(loaded)
        return known[0]

    def _judge(self, loaded: Global) -> None:
        """Tell of a global that is not in the allow-list."""
        verdict = judge_global(loaded.module, loaded.name)
        if verdict == _D:
            self._tell(_D, loaded.whole, f"Loading it reaches the system through {loaded.whole}.")
        elif verdict == _S:
            self._tell(
                _S, loaded.whole, f"Loading it calls or needs {loaded.whole}, which is not known."
            )

    def _global(self, argument: Any) -> None:
        self._stack.append(self._load(*argument))

    def _stack_global(self, _: Any) -> None:
        name, module = self._pop(), self._pop()
        self._stack.append(self._load(module, name))

    def _extension(self, code: Any) -> None:
        told = f"It loads a global by a number (extension {code}), which hides its name."
        self._tell(_D, "", told)
        self._stack.append(Global(_UNSEEN, _UNSEEN))

    def _reduce(self, _: Any) -> None:
        args, callee = self._pop(), self._pop()
        self._stack.append(self._call(callee, args))

    def _new_object_ex(self, _: Any) -> None:
        self._pop()
        self._reduce(None)

    def _object(self, _: Any) -> None:
        items = self._pop_mark()
        self._stack.append(self._call(items[0], tuple(items[1:])))

    def _instance(self, argument: Any) -> None:
        items = self._pop_mark()
        self._stack.append(self._call(self._load(*argument), tuple(items)))

    def _call(self, callee: Any, args: Any) -> Any:
        """Return what a call makes."""
        if not isinstance(callee, Global):
            if callee is ANY or isinstance(callee, (Made, Dictionary)):
                self._tell(_S, "", "It calls something that it computes while it is loaded.")
            return ANY
        if callee.whole in _GETATTR:
            return self._attribute(args)
        if callee.whole == _FROM_BYTES:
            self._load_bytes(args)
        if callee.module == _UNSEEN:
            return ANY
        if callee.whole in _KEPT_CALLS and isinstance(args, tuple):
            return Made(callee, args)
        # One for all calls of the same: nothing is kept of them.
        return self._globals[callee.module, callee.name][1]

    def _attribute(self, args: Any) -> Any:
        """Return what `getattr` finds, as a global of its own that is judged like any other."""
        if isinstance(args, tuple) and len(args) > 1:
            owner, name = args[:2]
            if isinstance(owner, Global) and isinstance(name, str):
                return self._load(owner.module, f"{owner.name}.{name}")
            if isinstance(name, str) and name.isidentifier() and not name.startswith("_"):
                told = f"It takes the attribute {name!r} of a value that it computes."
                self._tell(_S, "", told)
                return ANY
        self._tell(_D, "", "It takes hidden attributes of its values, a way to any code.")
        return ANY

    def _load_bytes(self, args: Any) -> None:
        """Look into bytes that PyTorch loads as a file of its own."""
        span = args[0] if isinstance(args, tuple) and args else None
        if not isinstance(span, Span):
            self._tell(_S, _FROM_BYTES, f"It loads a file of PyTorch ({_FROM_BYTES}) out of bytes "
                       "that it computes.")  # fmt: skip
            return
        here = self._window.tell()
        for told in self._load_nested(self._window.part(span.start, span.size)):
            self._tell(*told)
        self._window.seek(here)

    def _build(self, _: Any) -> None:
        """Give a value its state."""
        state, target = self._pop(), self._stack[-1]
        if isinstance(target, Global):
            self._tell(_D, "", f"It changes {target.whole} itself, for all who use it.")
        elif isinstance(target, Made) and target.by.whole in _WRAPPERS:
            self._pass_array(target, state)
        elif isinstance(target, Made) and target.by.whole in _KEPT_CALLS:
            target.state = state

    def _pass_array(self, wrapper: Made, state: Any) -> None:
        """Pass by the numbers of an array, which joblib writes between two opcodes.

        Source: joblib, `numpy_pickle.NumpyArrayWrapper.read_array`.
        """
        entries = state.entries if isinstance(state, Dictionary) else {}
        dtype, shape = entries.get("dtype"), entries.get("shape")
        kind = dtype.args[0] if isinstance(dtype, Made) and dtype.args else None
        if kind in ("O", "O8", "|O"):
            self._run_inner()
            return
        size = _item_bytes(kind)
        if size is None or not isinstance(shape, tuple):
            self._tell(
                _S, "", "It holds an array of an unknown kind, behind which nothing is seen."
            )
            raise Cut
        count = 1
        for length in shape:
            if not isinstance(length, int) or length < 0:
                raise Cut
            count *= length
        if "numpy_array_alignment_bytes" in entries:
            (padding,) = self._window.take(1)
            self._window.skip(padding)
        self._window.skip(count * size)

    def _run_inner(self) -> None:
        """Follow a pickle that stands between two opcodes of this one."""
        inner = Machine(self._window, self._load_nested)
        inner.run()
        self.found |= inner.found
        if not inner.has_ended:
            raise Cut

    def _tell(self, verdict: ScanVerdict, name: str, sentence: str) -> None:
        """Note a finding, each once."""
        if len(self.found) < PICKLE_ENTRIES_MAX:
            self.found[verdict, name, sentence] = None


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
        if len(target.entries) < PICKLE_ENTRIES_MAX and isinstance(key, str):
            target.entries[key] = value


def _item_bytes(kind: Any) -> int | None:
    """Return the size of one item of a numpy array; None for unknown.

    Args:
        kind: such as `f8`, `U10`.
    """
    if not isinstance(kind, str):
        return None
    letter, digits = kind.lstrip("<>|=")[:1], kind.lstrip("<>|=")[1:]
    if letter not in "biufcSUVmM" or not digits.isdecimal() or len(digits) > 9:  # noqa: PLR2004
        return None
    return int(digits) * (4 if letter == "U" else 1)


_STEPS: dict[str, Callable[[Machine, Any], None]] = {
    "MARK": Machine._mark,
    "POP": Machine._pop_one,
    "POP_MARK": lambda machine, _: (machine._pop_mark(), None)[1],
    "DUP": lambda machine, _: machine._stack.append(machine._stack[-1]),
    "PUT": Machine._put,
    "BINPUT": Machine._put,
    "LONG_BINPUT": Machine._put,
    "MEMOIZE": Machine._memoize,
    "GET": Machine._get,
    "BINGET": Machine._get,
    "LONG_BINGET": Machine._get,
    "TUPLE": Machine._tuple,
    "EMPTY_TUPLE": lambda machine, _: machine._stack.append(()),
    "EMPTY_DICT": lambda machine, _: machine._stack.append(Dictionary()),
    "DICT": Machine._dictionary,
    "SETITEMS": Machine._set_items,
    "SETITEM": Machine._set_item,
    "LIST": Machine._collection,
    "FROZENSET": Machine._collection,
    "APPENDS": Machine._forget_items,
    "ADDITEMS": Machine._forget_items,
    "APPEND": lambda machine, _: (machine._pop(), None)[1],
    "BINPERSID": lambda machine, _: (machine._pop(), machine._stack.append(ANY))[1],
    "GLOBAL": Machine._global,
    "STACK_GLOBAL": Machine._stack_global,
    "EXT1": Machine._extension,
    "EXT2": Machine._extension,
    "EXT4": Machine._extension,
    "REDUCE": Machine._reduce,
    "NEWOBJ": Machine._reduce,
    "NEWOBJ_EX": Machine._new_object_ex,
    "OBJ": Machine._object,
    "INST": Machine._instance,
    "BUILD": Machine._build,
}
