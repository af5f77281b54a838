"""Texts that somebody writes who wants to be expensive, to confuse, or to break something.

Each maker takes a generator and returns a text; the same generator gives the same text.
"""

import random
import string

# What parsers of Markdown, YAML, HTML, JSON, headers, expressions and paths look out for.
SIGNS = (
    "[", "![", "](", "*", "_", "`", "```", "~~~", "|", "|-|", ">", "> ", "- ", "1. ", "#", "<",
    "</",
    "<a href=", "<!--", "&", "&amp;", "\\", "{", "{{", ":", ": ", "- - ", "? ", "!!", "&a ", "*a ",
    "%", "@", "'", '"', '"""', "(", ")", "(a+)+", ".*", "\\pL", "..", "../", "%2F", "%00", ";", ",",
    "=", "\n", "\r\n", "\t", "  \n", " ", "\n\n", "---\n", "https://huggingface.co/", "http://",
    "train ", "trained on ", "A-", "import ", ">>> ", "datasets: ", "license: ", "MIT ", "doi:",
    "@misc{", "accuracy 9", "$", "^", "A", "é", "\u4e2d",
)  # fmt: skip
# Letters that hide, turn the direction, stand for another, or cannot be kept everywhere.
LETTERS = (
    "\0", "\x08", "\x1b", "\x7f", "\x85", "\u00a0", "\u00ad", "\u0130", "\u017f", "\u200b",
    "\u200d",
    "\u202e", "\u2028", "\u2066", "\u2069", "\u212a", "\ufb01", "\ufeff", "\uffff", "\ud800",
    "\udfff",
    "\u034f", "\u3164", "\ufe0f", "\u2800", "\U000e0100",
    "\U0001f468\u200d\U0001f469", "e\u0301", "\u0430", "\u0391", "\uff21", "\U000e0041",
)  # fmt: skip

# Lines of a program on which a parser, or what reads its tree, may choke.
CODE = (
    "import a", "from transformers import AutoModel", "m.save(0x" + "f" * 6_000 + ")",
    'x: "\\ud800" = 1', 'x: "\\x00" = 1', 'x: "' + "-" * 9_000 + '1" = 1', "def f():",
    " return a", "x = " + "not " * 3_000 + "a", "a" + ".b" * 3_000, "a" + "[0]" * 3_000,
    "{**{}, 'a': 1, 'a': 2}", "'%d %(a)s' % (1,)", "'{0.a[b]:{1}}'.format(1)", "from a import *",
    "__all__ += ['a']", "f'{a!r:{b}}'", "lambda *a, **b: (yield)", "print 'a'", "#" + ")" * 300,
    "(" * 150, "\\", "open('a').read()", "async def g(): await a", "match a:",
    " case {**b}: pass", "global a",
)  # fmt: skip


def run(rng: random.Random, chars: int) -> str:
    """One or two signs, again and again."""
    unit = "".join(rng.choices(SIGNS, k=rng.randint(1, 2)))
    return (unit * (chars // len(unit) + 1))[:chars]


def nest(rng: random.Random, chars: int) -> str:
    """Brackets of a kind, opened, and closed or not."""
    opened, closed = rng.choice(
        (("[", "]"), ("{", "}"), ("(", ")"), ("<b>", "</b>"), ("{a: ", "}"), ("[[", ""), ("> ", ""))
    )
    depth = chars // (len(opened) + len(closed))
    return opened * depth + "x" + closed * depth


def grow(rng: random.Random, chars: int) -> str:
    """Runs of a sign, each longer than the one before, as unfinished pairs of a parser."""
    sign, between = rng.choice("`*_[~#|"), rng.choice(("a", " ", "\n", "b\n\n"))
    parts: list[str] = []
    length = 0
    while length < chars:
        parts.append(sign * (len(parts) + 1) + between)
        length += len(parts[-1])
    return "".join(parts)[:chars]


def mix(rng: random.Random, chars: int) -> str:
    """Signs, odd letters and words in any order."""
    pool = (*SIGNS, *LETTERS, *string.ascii_letters, "word", "0123456789", "\x00\x00")
    parts: list[str] = []
    length = 0
    while length < chars:
        parts.append(rng.choice(pool))
        length += len(parts[-1])
    return "".join(parts)[:chars]


def words(rng: random.Random, chars: int) -> str:
    """Sentences with a run of something in the middle: what a pattern takes for its beginning."""
    start = rng.choice(
        ("We train on ", "The accuracy is ", "bearer ", "License: ", "from x import ")
    )
    return start + run(rng, chars - len(start) - 1) + rng.choice("!?.x\n")


def code(rng: random.Random, chars: int) -> str:
    """Blocks of programs."""
    parts: list[str] = []
    length = 0
    while length < chars:
        lines = "\n".join(rng.choices(CODE, k=rng.randint(1, 5)))
        parts.append(f"```python\n{lines}\n```\n\n")
        length += len(parts[-1])
    return "".join(parts)[:chars]


def below(rng: random.Random, chars: int) -> str:
    """Small pieces below a long heading or paragraph, each of which may keep it once more."""
    start = rng.choice(("# ", "")) + rng.choice(("a", "\U0001f600", "acc ")) * (chars // 8) + "\n\n"
    unit = "".join(
        rng.choices(("## a\n\n", "https://a.bc\n\n", "|a|b|\n|-|-|\n|1|2|\n\n", "**b**\n\n"), k=3)
    )
    return (start + unit * (chars // len(unit)))[:chars]


MAKERS = (run, nest, grow, mix, words, code, below)


def text(rng: random.Random, chars_max: int) -> str:
    """Any of them; half are as long as can be, and of the rest short ones are as common as long."""
    chars = chars_max if rng.random() < 0.5 else int(chars_max ** rng.random())
    return rng.choice(MAKERS)(rng, chars)


def encoded(value: str, rng: random.Random) -> bytes:
    """A text as bytes: mostly UTF-8, what UTF-8 cannot say left in; sometimes another coding."""
    coding = rng.choice(("utf-8", "utf-8", "utf-8", "utf-16", "latin-1"))
    if coding == "latin-1":
        return value.encode("latin-1", "replace")
    return value.encode(coding, "surrogatepass")
