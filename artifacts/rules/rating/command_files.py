"""The files that commands in a card read, and those that other commands leave behind for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.commands import (
    WORD,
    WRITING,
    divide_commands,
    find_models,
    is_housekeeping,
    list_commands,
)
from artifacts.rules.weights import is_weights

# Recordings and pictures in folders, with the option before them.
_RECORDING = Pattern(
    r"(?i)(?:[ \t]|=)(--?[\w-]*[ \t=])?[\"']?"
    r"((?:[\w.-]+/)+[\w.-]+\.(?:wav|flac|mp3|ogg|jpe?g|png|mp4|tiff?))"
)
# The same without a folder, behind an option that takes something in.
_TAKEN = Pattern(
    r"(?i)[ \t]--(?:input|audio|image|img|video|wav|speech|picture|source|prompt|ref|reference)"
    r"(?:[-_](?:file|path|audio|image|wav))?[ \t=][\"']?"
    r"([\w-]+\.(?:wav|flac|mp3|ogg|jpe?g|png|mp4|tiff?))",
    after=r"\w",
)
# A recording that is no option's value, right behind a command: what it is run with.
_PLAIN = Pattern(
    r"(?i)[ \t][\w.-]+(?: [a-z]+)? [\"']?([\w-]+\.(?:wav|flac|mp3|ogg|jpe?g|png|mp4|tiff?))",
    after=r"\w",
)
# What a command leaves behind for those after it.
_WRITTEN = Pattern(
    r"(?i)(?:[ \t]--?(?:o|(?:out|save|dest|target)[\w-]*)(?:[ \t]+|=)|[ \t]>>?[ \t]*)"
    r"[\"']?([^\s\"'<>]+)"
)
_CLONE = "git clone "


def clones(text: str, repository: str) -> bool:
    """Whether a command clones a GitHub repository, whose files are there from then on."""
    address = f"github.com/{repository}".lower()
    for each in divide_commands(text):
        if each.startswith(_CLONE):
            stated = each.lower().replace("github.com:", "github.com/")
            if f"{address}.git" in stated or f"{address} " in f"{stated} ".replace("/ ", " "):
                return True
    return False


def find_lacking(text: str, files: Collection[str]) -> list[str]:
    """Return the weights and recordings that commands read and the repository lacks.

    Args:
        files: the names of the repository's files, without folders.
    """
    named = [each for each in find_models(text) if is_weights(each) and "://" not in each]
    for command in list_commands(text):
        if (plain := _PLAIN.match(command)) and not plain[1].lower().startswith(WRITING):
            named.append(plain[1])
        named += [found[1] for found in _TAKEN.finditer(command)]
        for found in _RECORDING.finditer(command):
            option = (found[1] or "").strip("-= \t").lower()
            if not option.startswith(WRITING) and option != "o":
                named.append(found[2])
    there = {*files, *_find_left_behind(text)}
    return [each for each in dict.fromkeys(named) if each.rpartition("/")[2] not in there]


def _find_left_behind(text: str) -> Iterator[str]:
    """Yield the names of files that commands fetch, move or write, without folders."""
    for command in divide_commands(text):
        for found in _WRITTEN.finditer(f" {command}"):
            yield found[1].rpartition("/")[2]
        if is_housekeeping(command):
            for word in WORD.findall(command):
                yield word.rpartition("/")[2]
