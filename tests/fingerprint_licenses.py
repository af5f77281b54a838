"""Writes `artifacts/rules/licensing/fingerprints.txt` out of the texts of SPDX's list.

    python -m tests.fingerprint_licenses FOLDER...

Each folder holds `{id}.json` with `licenseText`, as the npm package spdx-license-list has them;
later ones add copies that differ, such as those of choosealicense.com, which GitHub offers. The
texts stay where they are; the file holds hashes of their sentences only.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from artifacts.rules.licensing.fingerprints import Mark, Sentence, load_fingerprints, write_sentence
from artifacts.rules.licensing.leftovers import find_weight
from artifacts.rules.licensing.terms import TERMS, Kind, find_terms
from artifacts.rules.licensing.texts import identify_text
from artifacts.rules.licensing.words import Words, read_words

TARGET = Path(__file__).parents[1] / "artifacts/rules/licensing/fingerprints.txt"
# Near relations of common licenses, which must not be taken for those.
ALSO = """
Apache-1.0 Artistic-1.0 BSD-1-Clause BSD-3-Clause-Attribution BSD-3-Clause-LBNL
BSD-4-Clause-UC BSD-Source-Code
Beerware BlueOak-1.0.0 CC-BY-1.0 CC-BY-SA-2.0 CC-BY-NC-ND-2.0 CC-BY-ND-2.0 CECILL-2.1 CECILL-B
CECILL-C EPL-1.0 GFDL-1.2-only ICU JSON LGPL-2.0-only MIT-CMU MIT-Modern-Variant
MITNFA MPL-1.0 NTP ODC-By-1.0 OLDAP-2.8 PSF-2.0 Python-2.0 Python-2.0.1 QPL-1.0 Ruby SGI-B-2.0
UPL-1.0 Unicode-DFS-2016 Unicode-3.0 Vim W3C curl libtiff zlib-acknowledgement Libpng PHP-3.01
TCL bzip2-1.0.6 MulanPSL-1.0 O-UDA-1.0
"""
_BSD = (
    "name of {the copyright holder} nor", "PROVIDED BY {THE COPYRIGHT HOLDERS AND CONTRIBUTORS}",
    "EVENT SHALL {THE COPYRIGHT HOLDER OR CONTRIBUTORS} BE", 'PROVIDED BY {COPYRIGHT HOLDER} "AS',
    "EVENT SHALL {COPYRIGHT HOLDER} BE", "name of {[Owner Organization]} nor",
)  # fmt: skip
_MIT = (
    "EVENT SHALL {THE AUTHORS OR COPYRIGHT HOLDERS} BE",
    "permission notice [(including the next paragraph)] shall",
)
# In braces: others may write their own name there. In brackets: it may be there or not.
MARKS = {
    "MIT": _MIT,
    "MIT-0": _MIT,
    "NCSA": (
        "EVENT SHALL {THE CONTRIBUTORS OR COPYRIGHT HOLDERS} BE",
        "names of {<Name of Development Group, Name of Institution>}, nor",
    ),
    "ISC": ("AND {ISC} DISCLAIMS", "EVENT SHALL {ISC} BE"),
    "0BSD": ("AND {THE AUTHOR} DISCLAIMS", "EVENT SHALL {THE AUTHOR} BE"),
    "PostgreSQL": (
        "EVENT SHALL {THE UNIVERSITY OF CALIFORNIA} BE", "IF {THE UNIVERSITY OF CALIFORNIA} HAS",
        "{THE UNIVERSITY OF CALIFORNIA} SPECIFICALLY", "AND {THE UNIVERSITY OF CALIFORNIA} HAS",
    ),
    "BSD-1-Clause": _BSD, "BSD-2-Clause": _BSD, "BSD-3-Clause": _BSD, "BSD-3-Clause-Clear": _BSD,
    "BSD-4-Clause": (*_BSD, "developed by {the organization}."), "BSD-2-Clause-Patent": _BSD,
}  # fmt: skip
# From these words on, a text only says how to use it, or nothing that binds.
APPENDIX = {
    "Apache-2.0": "END OF TERMS AND CONDITIONS", "ECL-2.0": "END OF TERMS AND CONDITIONS",
    "GPL-2.0-only": "END OF TERMS AND CONDITIONS", "GPL-3.0-only": "END OF TERMS AND CONDITIONS",
    "AGPL-3.0-only": "END OF TERMS AND CONDITIONS", "LGPL-2.1-only": "END OF TERMS AND CONDITIONS",
    "LGPL-2.0-only": "END OF TERMS AND CONDITIONS",
    "MPL-2.0": "Exhibit A - Source Code Form License Notice",
    "GFDL-1.3-only": "ADDENDUM: How to use", "GFDL-1.2-only": "ADDENDUM: How to use",
}  # fmt: skip
# Before these words, a text has its title only.
BEGINNING = {
    "NCSA": "Permission is hereby granted", "PostgreSQL": "Permission to use",
    "EUPL-1.1": "This European Union Public Licence", "HPND": "Permission to use",
    "EUPL-1.2": "This European Union Public Licence", "AFL-3.0": "This Academic Free License",
    "OSL-3.0": "This Open Software License", "WTFPL": "DO WHAT THE FUCK YOU WANT TO PUBLIC LICENSE",
    "BSD-4-Clause-UC": "Redistribution and use",
    "ECL-2.0": "TERMS AND CONDITIONS FOR USE", "MulanPSL-2.0": "Your reproduction, use",
    "CC0-1.0": "The laws of most jurisdictions",
    "BSL-1.0": "Permission is hereby granted", "Zlib": "This software is",
    **{f"CC-{kind}-4.0": "By exercising the Licensed Rights"
       for kind in ("BY", "BY-SA", "BY-NC", "BY-ND", "BY-NC-SA", "BY-NC-ND")},
}  # fmt: skip
# Words that copies have instead of others.
VARIANTS = {"ISC": ("modify, and/or distribute", "modify, and distribute")}
# Notices by which a file says that it is under a license: (its text, from here, up to here).
NOTICES = {
    "Apache-2.0": ("Apache-2.0", "Licensed under the Apache License, Version 2.0", "\0"),
    "MPL-2.0": ("MPL-2.0", "This Source Code Form is subject to the terms of", "If it is not"),
    "GPL-2.0-or-later": ("GPL-2.0-only", "This program is free software; you can redistribute",
                         "Also add information"),
    "GPL-3.0-or-later": ("GPL-3.0-only", "This program is free software: you can redistribute",
                         "Also add information"),
    "AGPL-3.0-or-later": ("AGPL-3.0-only", "This program is free software: you can redistribute",
                          "Also add information"),
}  # fmt: skip
# Sentences that later copies of a text have at its end.
LATER = {
    "GPL-3.0-only": "But first, please read <https://www.gnu.org/licenses/why-not-lgpl.html>.",
    "AGPL-3.0-only": "But first, please read <https://www.gnu.org/licenses/why-not-lgpl.html>.",
}
# Here another license begins, which the text repeats.
END = {"LGPL-3.0-only": "GNU GENERAL PUBLIC LICENSE Version 3"}
# Sentences of more words are divided; a change is found as exactly as they are short.
WORDS_MIN, WORDS_MAX = 5, 16
_NAME, _OPEN, _SHUT, _CUT = "\x01", "\x02", "\x03", "\x04"


def main(folders: list[Path]) -> None:
    """Write the file."""
    lines: list[str] = []
    for folder in folders:
        lines += write_folder(folder)
        TARGET.write_text("\n".join(lines) + "\n", encoding="ascii")
        load_fingerprints.cache_clear()
    lines += write_notices(folders[0])
    TARGET.write_text("\n".join(lines) + "\n", encoding="ascii")


def write_notices(folder: Path) -> list[str]:
    """Return the lines of notices and of texts with other words."""
    lines = []
    for name, (whole, start, end) in NOTICES.items():
        text = json.loads((folder / f"{whole}.json").read_text(encoding="utf-8"))["licenseText"]
        notice = start + text.partition(start)[2].partition(end)[0]
        lines.append(_line(name, _cut_sentences(read_words(notice), ".")))
    for name, (words, others) in VARIANTS.items():
        text = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["licenseText"]
        lines.append(_line(name, fingerprint(name, text.replace(words, others))))
    return lines


def _line(name: str, sentences: list[Sentence]) -> str:
    """Return the line of a text."""
    return f"{name} {''.join(map(write_sentence, sentences))}"


def write_folder(folder: Path) -> list[str]:
    """Return the lines of the texts in a folder that the file does not hold yet."""
    lines = []
    for name in sorted({*TERMS, *ALSO.split()}):
        if find_terms(name).kind == Kind.UNKNOWN or name.endswith("-or-later"):
            continue  # The text is that of "-only"; which one is meant stands elsewhere.
        path = folder / f"{name}.json"
        if path.is_file():
            text = json.loads(path.read_text(encoding="utf-8"))["licenseText"]
            if TARGET.is_file() and identify_text(text) == name:
                continue
            sentences = fingerprint(name, text)
            lines.append(_line(name, sentences))
    return lines


def fingerprint(name: str, text: str) -> list[Sentence]:
    """Return the sentences of a license's text."""
    sentences: list[Sentence] = []
    optional, after_name = False, False
    for part in _parts(_marked(name, text)):
        if part in (_OPEN, _SHUT, _CUT):
            optional = part == _OPEN or (optional and part == _CUT)
            continue
        if part == _NAME:
            after_name = True
            continue
        mark: Mark = "?" if optional else "."
        cut = _cut_sentences(read_words(part), mark)
        if cut and after_name:
            cut[0] = cut[0]._replace(mark="*")
        sentences += cut
        after_name = after_name and not cut
    return sentences


def _cut_sentences(words: Words, mark: Mark) -> list[Sentence]:
    """Return words as sentences."""
    runs = ((start, end - start) for start, end in _runs(words))
    return [Sentence(length, words.hash_at(start, length), mark) for start, length in runs]


def _marked(name: str, text: str) -> str:
    """Return a text without its title and notices, with signs where it may differ."""
    body = _without_notices(name, text)
    for mark in MARKS.get(name, ()):
        if "{" in mark:
            before, _, rest = mark.partition("{")
            inside, _, after = rest.partition("}")
            body = _replace(body, before + inside + after, f"{before} {_NAME} {after}")
        else:
            before, _, rest = mark.partition("[")
            inside, _, after = rest.partition("]")
            body = _replace(
                body, before.strip() + after, f"{before} {_OPEN} {inside} {_SHUT} {after}"
            )
    appendix, beginning, end = APPENDIX.get(name), BEGINNING.get(name), END.get(name)
    if end:
        body = body.partition(end)[0]
    if appendix:
        body = body.replace(appendix, f"{_OPEN} {appendix}", 1)
    body += f" {_OPEN} {LATER[name]}" if name in LATER else ""
    if beginning and beginning in body:
        title, _, rest = body.partition(beginning)
        body = f"{_OPEN} {title} {_SHUT} {beginning} {rest}"
    return body


def _replace(body: str, words: str, marked: str) -> str:
    """Return a text with words replaced wherever they stand."""
    return body.replace(words, marked)


def _without_notices(name: str, text: str) -> str:
    """Return a text without what carries no weight: its title, and notices of copyright.

    Paragraphs become lines, and signs stand between them.
    """
    kept: list[str] = []
    has_begun = False
    for line in text.splitlines():
        words = read_words(line)
        count = len(words.words)
        is_light = find_weight(words, [(0, count)], frozenset((name,))) is None
        is_dated = any(each.isdecimal() or each == "year" for each in words.words)
        is_notice = is_light and is_dated and "copyright" in words.words[:2]
        has_begun = has_begun or not is_light
        kept.append(line if count and has_begun and not is_notice else _CUT)
    return " ".join(" ".join(kept).split())


def _parts(body: str) -> Iterator[str]:
    """Yield the parts of a text between its signs, and the signs."""
    part: list[str] = []
    for piece in body.split(" "):
        if piece in (_NAME, _OPEN, _SHUT, _CUT):
            yield " ".join(part)
            yield piece
            part = []
        else:
            part.append(piece)
    yield " ".join(part)


def _runs(words: Words) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a part as runs of words."""
    start, count = 0, len(words.words)
    for at in range(count):
        piece = words.pieces[words.piece_numbers[at]]
        is_last = at + 1 == count or words.piece_numbers[at + 1] != words.piece_numbers[at]
        length = at + 1 - start
        left = count - at - 1
        is_end = piece.endswith((".", ";", ":")) or (piece.endswith(",") and length >= WORDS_MIN)
        if is_last and left and (is_end or length >= WORDS_MAX):
            yield start, at + 1
            start = at + 1
    if start < count:
        yield start, count


if __name__ == "__main__":
    TARGET.unlink(missing_ok=True)
    main([Path(each) for each in sys.argv[1:]])
