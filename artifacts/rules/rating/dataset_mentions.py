"""Finding the data sets that a model's card names, and whether it was trained on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from artifacts.limits import DATASETS_NAMED_MAX
from artifacts.rules.names import is_hub_name_part
from artifacts.rules.page_urls import dataset_url, read_path
from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.dataset_names import (
    find_names,
    is_dataset_name,
    is_well_known,
)
from artifacts.rules.rating.evidence import DatasetFoundBy, Purpose
from artifacts.rules.rating.keyed_names import is_name_of_data
from artifacts.rules.rating.languages import is_on_training_data
from artifacts.rules.rating.training_claims import EVALUATION, find_training_text
from artifacts.rules.rating.training_rows import find_training_rows
from artifacts.rules.rating.training_titles import is_of_data, is_of_training, is_on_derived
from artifacts.rules.readme import Link, Readme
from artifacts.rules.values import read_strings

_PAGES = frozenset(("viewer", "blob", "tree", "resolve", "raw"))
_WORD = Pattern(r"[\w./-]+")
# The words of a link that leads to the data and does not say their name.
_PLAIN_WORDS = (
    "dataset", "data set", "datasets", "data sets", "corpus", "training data", "database",
)  # fmt: skip
# Places where people keep data, besides the Hub.
_PLACE = Pattern(
    r"(?i)https?://(?:[\w-]+\.)*(?:universe\.roboflow\.com/[\w-]+/[\w-]"
    r"|kaggle\.com/(?:datasets|c|competitions)/[\w-]|zenodo\.org/records?/\d"
    r"|figshare\.com/articles/dataset/|physionet\.org/content/|openml\.org/d/"
    r"|archive\.ics\.uci\.edu/(?:ml/datasets|dataset)/|data\.mendeley\.com/datasets/"
    r"|openslr\.org/\d|catalog\.ldc\.upenn\.edu/|modelscope\.cn/datasets/|ieee-dataport\.org/"
    r"|opus\.nlpl\.eu/|registry\.opendata\.aws/|grand-challenge\.org"
    r"|(?:dataverse|dataverse\.harvard\.edu)[./][^\s]*dataset|data\.gov|data\.world/[\w-])"
)
_NO_DATA_PAGE = Pattern(
    r"(?i)https?://(?:[\w-]+\.)*(?:huggingface\.co|hf\.co|arxiv\.org|doi\.org|wikipedia\.org|pypi\.org)"
)
# `Sen1Floods11`, `CubiCasa5k`: names of tools have no numbers inside.
_NUMBERED = Pattern(r"[A-Z][A-Za-z-]*\d[\w-]*")
_BEFORE_MAX_CHARS = 60
# All links of a section have its title: what is matched anew for each has to be short.
_TITLE_MAX_CHARS = 200
_CALLED = frozenset(("dataset", "datasets"))
_PLACE_NAME = Pattern(r"[A-Z0-9][\w.+-]*(?: [\w.+-]+){0,5}")
# What people write where the name of the Hub belongs: "Common Voice 11".
_TITLE = Pattern(r"[A-Z][\w.-]*(?: [\w.-]+){1,5}")
# Shorter beginnings are shared by names that have nothing in common.
_PREFIX_MIN_CHARS = 4


@dataclass(frozen=True)
class DatasetMention:
    """A data set that a card names. `evidence.DatasetFacts` explains the fields.

    Attributes:
        url: "" for one that is named in a sentence without a link.
        quote: the words that name it, "" for front matter and tags.
    """

    repository: str
    url: str
    found_by: DatasetFoundBy
    purpose: Purpose
    quote: str = ""


def find_datasets(
    card: Mapping[str, Any], tags: Sequence[str], readme: Readme, repository: str = ""
) -> tuple[DatasetMention, ...]:
    """Return each data set that a card names once, whatever the order of its front matter.

    Those in the front matter come first, then tags, links, and sentences on training.

    Args:
        repository: the model's own name, to tell what its card says of other models.
    """
    training = find_training_text(readme, repository) | find_training_rows(readme)
    # The Hub's key is the plural; people write the singular as well.
    stated = (*read_strings(card.get("datasets")), *read_strings(card.get("dataset")))
    found: list[DatasetMention] = []
    by_identity: dict[str, list[DatasetMention]] = {}
    for mention in chain(
        _stated(stated, "card"),
        _stated((each[8:] for each in tags if each.startswith("dataset:")), "tag"),
        _linked(readme, training),
        _in_sentences(training),
    ):
        identity = _identity(mention.repository)
        if not mention.url and any(map(partial(_is_longer, identity), by_identity)):
            continue
        same = by_identity.setdefault(identity, [])
        if not any(_is_same(mention, each) for each in same):
            same.append(mention)
            found.append(mention)
            if len(found) == DATASETS_NAMED_MAX:
                break
    return tuple(found)


def hub_dataset(url: object) -> str:
    """Return the name of the data set whose page on the Hub an address is, "" for anything else.

    The address of a file in a data set, such as a picture, does not count as a mention.
    """
    segments = read_path(url, "huggingface.co") or read_path(url, "hf.co")
    if len(segments) < 2 or segments[0] != "datasets":  # noqa: PLR2004  ("datasets" and a name)
        return ""
    names = [segments[1], *(each for each in segments[2:3] if each not in _PAGES)]
    if set(segments[2:]) & {"resolve", "raw"} or not all(map(is_hub_name_part, names)):
        return ""
    return "/".join(names)


def _stated(names: Sequence[str] | Iterator[str], by: DatasetFoundBy) -> Iterator[DatasetMention]:
    """Yield the data sets that a field states, those with an owner first, then by name.

    The field is a set: its order must not decide what is looked at, or which spelling is kept.
    """
    stated = {hub_dataset(each) or each.removeprefix("datasets/") for each in names}
    for name in sorted(stated, key=lambda each: ("/" not in each, each.lower(), each)):
        is_address = name.count("/") <= 1 and all(map(is_hub_name_part, name.split("/")))
        if (is_address or _TITLE.fullmatch(name)) and is_dataset_name(name):
            yield DatasetMention(name, dataset_url(name) if is_address else "", by, "training")


def _linked(readme: Readme, training: Mapping[str, str]) -> Iterator[DatasetMention]:
    """Yield the data sets that links lead to; without words on training they prove no training."""
    words: dict[str, frozenset[str]] = {}
    for link in readme.links:
        name = hub_dataset(link.url)
        if is_on_derived(link.section.split(" / ")):
            continue
        if name and "documentation-images" not in name:
            if link.context not in words:
                lines = map(str.strip, link.context.split("\n"))
                words[link.context] = _words(" ".join(training.get(each, "") for each in lines))
            is_training = _is_named(link, name, words[link.context]) or is_on_training_data(
                link.section.rpartition(" / ")[2]
            )
            purpose: Purpose = "training" if is_training else "evaluation"
            yield DatasetMention(name, dataset_url(name), "readme", purpose, link.context)
        elif not name and (_is_place(link.url) or _is_plain(link.text) or _may_be_data(link)):
            lines = map(str.strip, link.context.split("\n"))
            said = " ".join(training.get(each, "") for each in lines)
            if page := _find_page(link, said):
                yield DatasetMention(page, "", "readme", "training", link.context)


def _find_page(link: Link, said: str) -> str:
    """Return the name of data outside of the Hub that a link leads to, "" if they are no such.

    Args:
        said: the words around it that are about training.
    """
    text = link.text.strip()
    page = _page_name(link.url)
    is_told = (text or link.url) in said
    if is_told and _is_plain(text):
        return page
    is_place = is_told and _is_place(link.url) and not _NO_DATA_PAGE.match(link.url)
    if not is_place and not _may_be_data(link):
        return ""
    # "Roboflow Universe" is the name of the place, and not that of the data.
    host = page.partition("/")[0]
    is_name = _PLACE_NAME.fullmatch(text) and any(
        each not in host for each in text.lower().split(" ")
    )
    return text if is_name else page


def _is_place(url: str) -> bool:
    """Whether an address is that of a place where data are kept, or says so itself."""
    return bool(_PLACE.match(url)) or not _CALLED.isdisjoint(url.partition("?")[0].split("/")[3:-1])


def _may_be_data(link: Link) -> bool:
    """Whether a link in a section on training or its data leads to data.

    It leads to a place of data, has the name of some for its words, or stands behind "from". Other
    models, tools and papers have neither numbers in their names nor such words before them.
    """
    title = link.section.rpartition(" / ")[2][:_TITLE_MAX_CHARS]
    if not is_of_training(title) or _NO_DATA_PAGE.match(link.url):
        return False
    before = link.context.partition(link.text or link.url)[0][-_BEFORE_MAX_CHARS:]
    if EVALUATION.search(before):
        return False
    text = link.text.strip()
    is_named = _NUMBERED.fullmatch(text) is not None and is_name_of_data(text)
    is_source = before.rstrip("( ").endswith(" from") and is_of_data(link.section)
    return _is_place(link.url) or is_named or is_source


def _is_plain(words: str) -> bool:
    """Whether words say that something is data, and name none: "a big Spanish corpus"."""
    plain = words.strip()
    return plain.lower().endswith(_PLAIN_WORDS) and not find_names({plain: plain})


def _page_name(url: str) -> str:
    """Return the host and path of a page, by which a data set without a name is known."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path}".removeprefix("www.").rstrip("/")


def _is_named(link: Link, name: str, words: frozenset[str]) -> bool:
    """Whether words on training hold a link's own words, or the name or address behind it."""
    said = (_words(link.text), _words(name), _words(name.rpartition("/")[2]), _words(link.url))
    return any(each and each <= words for each in said)


def _in_sentences(training: Mapping[str, str]) -> Iterator[DatasetMention]:
    """Yield the data sets that sentences on training name."""
    for name, line in find_names(training).items():
        is_address = name.count("/") == 1 and all(map(is_hub_name_part, name.split("/")))
        url = dataset_url(name) if is_address and not is_well_known(name) else ""
        yield DatasetMention(name, url, "readme", "training", line)


def _words(text: str) -> frozenset[str]:
    """Return the words of a text; addresses and names with hyphens are one word each."""
    return frozenset(each.strip("./-") for each in _WORD.findall(text.lower()))


def _is_same(one: DatasetMention, other: DatasetMention) -> bool:
    """Whether two names with one identity mean one data set; old names had no owner."""
    owners = {each.repository.lower().rpartition("/")[0] for each in (one, other)} - {""}
    return len(owners) <= 1


def _is_longer(one: str, other: str) -> bool:
    """Whether one name is the other with more at one end: `squad` and `squadv11`."""
    shorter, longer = sorted((one, other), key=len)
    is_part = longer.startswith(shorter) or longer.endswith(shorter)
    return len(shorter) >= _PREFIX_MIN_CHARS and is_part


def _identity(name: str) -> str:
    """Return the form that spellings of one data set share, such as `fair_face`, `org/FairFace`."""
    short = name.lower().rpartition("/")[2]
    return "".join(each for each in short if each.isalnum()) or short
