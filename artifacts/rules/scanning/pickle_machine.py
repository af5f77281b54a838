"""Following what an unpickler would do, without doing it.

A machine like Python's own, with a stack, marks and a memo, whose values are only known as far as a
verdict needs them. So it tells which globals a pickle loads, however their names came onto the
stack, and which of them it calls. What it cannot follow it says: a name that nobody can read is
no honest one.

Source: Python standard library, `pickle._Unpickler` and `pickletools`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from artifacts.enums import ScanVerdict
from artifacts.exceptions import TooMuchToRead
from artifacts.limits import (
    PICKLE_GLOBALS_MAX,
    PICKLE_MEMO_MAX,
    PICKLE_STACK_MAX,
)
from artifacts.rules.scanning.numpy_kinds import count_item_bytes, holds_objects
from artifacts.rules.scanning.pickle_globals import judge_global
from artifacts.rules.scanning.pickle_opcodes import read_opcode
from artifacts.rules.scanning.pickle_stack import FROM_BYTES, GETATTR, REBUILDERS, Stack, Told
from artifacts.rules.scanning.values import ANY, Dictionary, Global, Made, Span
from artifacts.rules.scanning.window import Cut, Window

_D, _S = ScanVerdict.DANGEROUS, ScanVerdict.SUSPICIOUS
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
COMPUTED = "It loads a global by a name that it computes or hides, so that nobody can read it."
_COMPUTED_BY_NOBODY = "It loads a global whose name it computes, so that nobody can read it."
HIDDEN = "It takes hidden attributes of its values, a way to any code."
_TUPLES, _UNSEEN = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}, "?"


class Machine(Stack):
    """One pickle, from a position in a window to its end.

    Attributes:
        has_ended: whether the pickle was complete.
    """

    def __init__(self, window: Window, load_nested: Callable[[Window], Iterator[Told]]) -> None:
        """Begin where the window stands.

        Args:
            load_nested: looks into bytes that are loaded as a file of their own.
        """
        super().__init__()
        self._window, self._load_nested = window, load_nested
        self._globals: dict[tuple[str, str], tuple[Global, Made]] = {}
        self.has_ended = False

    def run(self) -> None:
        """Follow the pickle until it ends or breaks; what was found until then counts."""
        try:
            while True:
                name, argument = read_opcode(self._window)
                if name == "STOP":
                    self.hand_on(self.pop())
                    self.has_ended = True
                    return
                self._step(name, argument)
                if len(self.stack) + self.held > PICKLE_STACK_MAX:
                    raise TooMuchToRead("The pickle", "its stack is too deep")
        except (Cut, IndexError):
            return

    def _step(self, name: str, argument: Any) -> None:
        """Do what an opcode does."""
        if name in _CONSTANTS:
            self.stack.append(argument)
        elif name in _PUSHED:
            self.stack.append(ANY)
        elif name in _TUPLES:
            size = _TUPLES[name]
            if len(self.stack) < size:
                raise Cut
            self.stack[-size:] = [self.keep_items(self.stack[-size:])]
        else:
            step = self._steps.get(name)
            if step is not None:
                step(self, argument)

    # Loading and calling.

    def _load(self, module: Any, name: Any) -> Global:
        """Return a global, and judge it when it is first met."""
        if not isinstance(module, str) or not isinstance(name, str):
            if len(self.memo) >= PICKLE_MEMO_MAX:
                raise TooMuchToRead("The pickle", "it refers to too many values")
            # Random numbers spell neither of the two.
            is_spelled = isinstance(module, (str, Made)) or isinstance(name, (str, Made))
            self.tell(_D, "", COMPUTED if is_spelled else _COMPUTED_BY_NOBODY)
            return Global(_UNSEEN, _UNSEEN)
        known = self._globals.get((module, name))
        if known is None:
            if len(self._globals) >= PICKLE_GLOBALS_MAX:
                raise TooMuchToRead("The pickle", "it loads too many different globals")
            loaded = Global(module, name)
            known = self._globals[module, name] = loaded, Made(loaded)
            if loaded.whole not in GETATTR:
                self._judge(loaded)
        return known[0]

    def _judge(self, loaded: Global) -> None:
        """Tell of a global that is not in the allow-list."""
        verdict = judge_global(loaded.module, loaded.name)
        if verdict == _D:
            self.tell(_D, loaded.whole, f"Loading it reaches the system through {loaded.whole}.")
        elif verdict == _S:
            self.tell(
                _S, loaded.whole, f"Loading it calls or needs {loaded.whole}, which is not known."
            )

    def _global(self, argument: Any) -> None:
        self.stack.append(self._load(*argument))

    def _stack_global(self, _: Any) -> None:
        name, module = self.pop(), self.pop()
        self.stack.append(self._load(module, name))

    def _extension(self, code: Any) -> None:
        told = f"It loads a global by a number (extension {code}), which hides its name."
        self.tell(_D, "", told)
        self.stack.append(Global(_UNSEEN, _UNSEEN))

    def _reduce(self, _: Any) -> None:
        args, callee = self.pop(), self.pop()
        self.stack.append(self._call(callee, args))

    def _new_object_ex(self, _: Any) -> None:
        self.pop()
        self._reduce(None)

    def _object(self, _: Any) -> None:
        items = self.pop_mark()
        self.stack.append(self._call(items[0], self.keep_items(items[1:])))

    def _instance(self, argument: Any) -> None:
        items = self.pop_mark()
        self.stack.append(self._call(self._load(*argument), self.keep_items(items)))

    def _call(self, callee: Any, args: Any) -> Any:
        """Return what a call makes."""
        if not isinstance(callee, Global):
            if callee is ANY or isinstance(callee, (Made, Dictionary)):
                self.tell(_S, "", "It calls something that it computes while it is loaded.")
            return ANY
        if callee.whole in GETATTR:
            return self._attribute(args)
        if callee.whole == FROM_BYTES:
            self._load_bytes(args)
        elif callee.whole in REBUILDERS:
            self._rebuild(callee, args)
        if callee.module == _UNSEEN:
            return ANY
        if callee.whole in _KEPT_CALLS and isinstance(args, tuple):
            return Made(callee, args)
        # One for all calls of the same: nothing is kept of them.
        return self._globals[callee.module, callee.name][1]

    def _rebuild(self, callee: Global, args: Any) -> None:
        """Judge the first argument of a function of PyTorch that calls it, or changes it."""
        first = args[0] if isinstance(args, tuple) and args else None
        is_setter = callee.whole.endswith("_set_obj_state")
        if is_setter and isinstance(first, Global):
            self.tell(_D, "", f"It changes {first.whole} itself, for all who use it.")
        elif first is None or not (is_setter or isinstance(first, Global)):
            self.tell(_S, "", f"It has {callee.whole} call something that it computes.")

    def _attribute(self, args: Any) -> Any:
        """Return what `getattr` finds, as a global of its own that is judged like any other."""
        if isinstance(args, tuple) and len(args) > 1:
            owner, name = args[:2]
            if isinstance(owner, Global) and isinstance(name, str):
                return self._load(owner.module, f"{owner.name}.{name}")
            if isinstance(name, str) and name.isidentifier() and not name.startswith("_"):
                told = f"It takes the attribute {name!r} of a value that it computes."
                self.tell(_S, "", told)
                return ANY
        self.tell(_D, "", HIDDEN)
        return ANY

    def _load_bytes(self, args: Any) -> None:
        """Look into bytes that PyTorch loads as a file of its own."""
        span = args[0] if isinstance(args, tuple) and args else None
        if not isinstance(span, Span):
            self.tell(_S, FROM_BYTES, f"It loads a file of PyTorch ({FROM_BYTES}) out of bytes "
                       "that it computes.")  # fmt: skip
            return
        here = self._window.tell()
        for told in self._load_nested(self._window.part(span.start, span.size)):
            self.tell(*told)
        self._window.seek(here)

    def _build(self, _: Any) -> None:
        """Give a value its state."""
        state, target = self.pop(), self.stack[-1]
        self.hand_on(state)
        if isinstance(target, Global):
            self.tell(_D, "", f"It changes {target.whole} itself, for all who use it.")
        elif isinstance(target, Made) and target.by.whole in _WRAPPERS:
            self._pass_array(state)
        elif isinstance(target, Made) and target.by.whole in _KEPT_CALLS:
            target.state = state

    def _pass_array(self, state: Any) -> None:
        """Pass by the numbers of an array, which joblib writes between two opcodes.

        Source: joblib, `numpy_pickle.NumpyArrayWrapper.read_array`.
        """
        entries = state.entries if isinstance(state, Dictionary) else {}
        dtype, shape = entries.get("dtype"), entries.get("shape")
        kind = dtype.args[0] if isinstance(dtype, Made) and dtype.args else None
        state = dtype.state if isinstance(dtype, Made) else None
        is_pickled = True if kind in ("O", "O8", "|O") else holds_objects(state)
        if is_pickled:
            self._run_inner()
            return
        size = count_item_bytes(kind, state)
        if size is None or is_pickled is None or not isinstance(shape, tuple):
            self.tell(_S, "", "It holds an array of an unknown kind, behind which nothing is seen.")
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

    # What each opcode does that is in no list above.
    _steps: ClassVar[dict[str, Callable[[Machine, Any], None]]] = {
        "MARK": Stack.mark,
        "POP": Stack.pop_one,
        "POP_MARK": Stack.pass_mark,
        "DUP": Stack.double,
        "PUT": Stack.put,
        "BINPUT": Stack.put,
        "LONG_BINPUT": Stack.put,
        "MEMOIZE": Stack.memoize,
        "GET": Stack.get,
        "BINGET": Stack.get,
        "LONG_BINGET": Stack.get,
        "TUPLE": Stack.make_tuple,
        "EMPTY_TUPLE": Stack.nothing,
        "EMPTY_DICT": Stack.new_dictionary,
        "DICT": Stack.dictionary,
        "SETITEMS": Stack.set_items,
        "SETITEM": Stack.set_item,
        "LIST": Stack.collection,
        "FROZENSET": Stack.collection,
        "APPENDS": Stack.forget_items,
        "ADDITEMS": Stack.forget_items,
        "APPEND": Stack.forget_item,
        "BINPERSID": Stack.persistent,
        "GLOBAL": _global,
        "STACK_GLOBAL": _stack_global,
        "EXT1": _extension,
        "EXT2": _extension,
        "EXT4": _extension,
        "REDUCE": _reduce,
        "NEWOBJ": _reduce,
        "NEWOBJ_EX": _new_object_ex,
        "OBJ": _object,
        "INST": _instance,
        "BUILD": _build,
    }
