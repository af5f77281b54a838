"""Finding names of data sets in a card's sentences where no link leads to them.

Such a name proves little: the authors say what they trained on, and people may be able to find it.
`training_claims` decides which words are about that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.keyed_names import is_name_of_data
from artifacts.rules.rating.training_claims import find_training_text
from artifacts.rules.readme import Readme

# A card with more names than this is a survey, not an account of what was used.
_NAMES_MAX = 20
# Checked after a match, which is cheaper than counting in the pattern.
_NAME_MAX_WORDS, _WORD_MAX_CHARS = 5, 41
_WORD = r"[A-Z][\w.+&-]*"
# "the Farfetch dataset", "Common Voice 11 corpus".
_WORDS = rf"({_WORD}(?:[ -](?:{_WORD}|\d[\w.]*))*)"
_BEFORE = (
    # A short form in brackets may stand between: the Kitchen Anomaly Benchmark (KAB) data set.
    Pattern(rf"{_WORDS}(?: ?\([A-Z][\w-]{{0,20}}\))? [Dd]ata ?(?:[Ss]et|base)", before=r"\w/")
    # "the Meltome Atlas": words for collections that are part of the name.
    | Pattern(
        rf"({_WORD}(?: {_WORD}){{0,2}} (?:Atlas|Archive|Database|Treebank|Challenge|Open Data))",
        before=r"\w/",
        after=r"\w",
    )
    | Pattern(rf"{_WORDS} corp(?:us|ora)", before=r"\w/", after=r"\w")
    | Pattern(rf"{_WORDS}(?: [a-z]{{1,20}})? [Cc]ollection", before=r"\w/", after=r"\w")
)
# "Telco Churn from Kaggle", "the Tide archive": where they are kept, and what they are.
_PLACED = Pattern(
    rf"{_WORDS} (?:from|on|at) (?:the )?(?:Kaggle|UCI|OpenML|Zenodo|Roboflow|PhysioNet|figshare)"
    rf"|the {_WORDS} (?:archive|competition|challenge|treebank)",
    before=r"\w/",
    after=r"\w",
)
# "the training sets of AMI, DIHARD and REPERE", "the following data sets: A, B and C".
_LISTED = Pattern(
    r"(?:(?:train(?:ing)?|validation|dev)(?: and [a-z]+)? (?:sets?|splits?|portions?|parts?) of"
    r"|(?:data ?sets|corpora)(?:,? (?:such as|like|including|namely)|:)) (?:the )?"
    rf"({_WORDS}(?:,? (?:and )?(?:the )?{_WORDS})*)",
    before=r"\w",
)
# "the ZINC15 and PubChem data sets"
_BOTH = Pattern(
    rf"(?:the |from |on |of ){_WORDS},? and (?:the )?{_WORDS} (?:[Dd]ata ?[Ss]ets|corpora)"
)
# "trained on PubTables1M": a name in a shape that no word has, at the very end of its clause.
_ALONE = Pattern(
    r"(?:^|[.] )on (?:the )?([A-Z][a-z]*-?[A-Z0-9][\w-]*(?: (?:[A-Z][\w-]*|\d{1,4})){0,3})"
    # Which part of it: "KettleSpeech dev".
    r"(?: (?:train|training|dev|development|test|clean)(?:-[a-z0-9]+)?(?: sets?| split)?)?"
    r"(?:\s*[.,;)]|\s*$| (?:and|for|at|with|from|using|by|over|until|plus|in) )"
)
# "4.9 million pairs (SkyCaption-5M)", "9,000 images of OpenScans": amounts of what, and whence.
_AMOUNT = Pattern(
    r"(?:[\d,.]+k?|million|thousand|hours of) (?:[a-z-]+ ){0,3}(?:images|pairs|pictures|photographs"
    r"|photos|clips|videos|samples|hours|frames|recordings|utterances|captions|scans|tiles|series|audio"
    r"|dialogues|conversations|sentences|documents|articles|reviews|tweets|questions|sequences"
    r"|molecules|episodes|trajectories|pages)"
    r"[a-z ]{0,30}(?: (?:from|of|in) (?:the )?| ?\()([A-Z][a-z]*-?[A-Z0-9][A-Za-z0-9-]*)"
    r"(?:[.,;)\s]|$)"
)
# "aus dem Korpus GT4HistOCR": other languages have the name behind the word for it.
_ABROAD = Pattern(
    r"(?:[Kk]orpus|[Kk]orpora|Datens\wtze?n?|jeux? de d\w{5}s|conjuntos? de (?:datos|dados)"
    r"|corpus|bases? de (?:datos|dados)) (?:d[aeio]s? )?\W?"
    rf"({_WORD}(?: {_WORD}){{0,2}})",
    before=r"\w",
) | Pattern(rf"({_WORD})-(?:Korpus|Datensatz)", before=r"\w")
# Patterns know no other scripts than the Latin one.
_IN_SCRIPTS = ("数据集", "数据", "语料库", "语料", "データセット", "コーパス", "데이터셋", "말뭉치")
_WIKIPEDIAS = (
    "ウィキペディア",
    "维基百科",
    "維基百科",
    "위키백과",
    "Википедии",
    "Википедия",
    "Википедию",
)
# "trained on the wine quality dataset": a name written small, right behind the verb.
_SMALL = Pattern(r"(?:^|[.] )on the ([a-z][\w-]*(?: [a-z0-9][\w-]*){0,3}) data ?set(?:[^\w-]|$)")
_NO_SMALL_NAMES = frozenset((
    "above", "aforementioned", "chat", "company", "complete", "conversation", "corresponding",
    "dev", "dialogue", "entire", "first", "images", "instruct", "last", "latest", "latter", "main",
    "mentioned", "obtained", "previous", "provided", "question", "reference", "respective",
    "result", "second", "task", "third", "underlying", "upstream", "user", "whole",
))  # fmt: skip
_PARTICIPLES = ("ed", "ing")
# "and the CupDataset from a server": a name that says itself what it is.
_ENDING = Pattern(r"([A-Z][\w-]{0,30}[a-z0-9-](?:Data[Ss]et|Corpus))", before=r"\w", after=r"\w")
_COLLECTION = " Collection"
# What stands behind "comes from", "uses", "based on", "includes" in Chinese.
# The Russian words for a data set have the name behind them, too.
_SOURCES, _SOURCE = (
    "来自", "采用", "使用", "基于", "包括", "датасета", "датасете", "датасеты", "датасет",
    "корпуса", "корпусе", "корпус",
), " <- "  # fmt: skip
_BEHIND = Pattern(r"<- +([A-Z][\w.+-]*(?: [A-Z][\w.+-]*){0,3})")
_BETWEEN = Pattern(r",? and (?:the )?|, (?:the )?")
# "the fair_face dataset": names of the Hub have a sign that no word has.
_OF_HUB = Pattern(r"([A-Za-z0-9][A-Za-z0-9.-]*[/_][\w./-]*) (?:data ?set|corpus)", before=r"\w/")
# "dataset: opus", which `training_claims` says twice: behind a key, any word is a name.
_KEYED = Pattern(r"([A-Za-z][\w-]*)\W{0,3} \. ([A-Za-z][\w-]*) dataset", before=r"\w-", after=r"\w")
# "a data set (called WebText)", "data sets such as YFCC100M".
_AFTER = Pattern(
    r"(?:data ?set|corpus)(?:[^\w.\n]|[^\w.\n][^.\n]{0,18}[^\w.\n])(?:called|named|known as)"
    rf"\W{{1,4}}({_WORD}(?: {_WORD}){{0,3}})",
    before=r"\w",
) | Pattern(
    r"(?:data ?sets|corpora),? (?:such as|like|including|namely) (?:the )?"
    rf"({_WORD}(?: {_WORD}){{0,3}})",
    before=r"\w",
)
# Well-known data sets, which sentences name without the word "data set".
_KNOWN = Pattern(
    r"(?i)imagenet(?:-?(?:1k|21k|22k))?|(?:ms[ -]?)?coco|laion[\w-]*|conceptual captions"
    r"|cc3m|cc12m|visual genome|datacomp[\w-]*|common ?crawl|m?c4|oscar|the pile|redpajama[\w-]*"
    r"|refinedweb|fineweb[\w-]*|wikipedia|book ?corpus|openwebtext\d?|openwebtextcorpus|webtext"
    r"|squad(?: ?v?\d(?:\.\d)?)?|snli|multinli|mnli|librispeech|libritts|common ?voice"
    r"|voxpopuli|voxceleb\d?|audioset|(?:fashion-?)?mnist|cifar-?100?|div2k|flickr2k|flickr30k|ade20k|kitti|kinetics[\w-]*"
    r"|ms ?marco|natural questions|the stack(?: v\d)?|alpaca|sharegpt|ultrachat|openorca|dolly"
    r"|celeba(?:-hq)?|ffhq|fairface|gooaq|eli5|s2orc|samsum|xsum|cnn/daily ?mail|conll-?2003"
    r"|imdb|sst-?2|ag ?news|slimpajama[\w-]*|dolma|starcoderdata|proof-pile[\w-]*|ljspeech|vctk"
    r"|mimic[ -]?(?:iii|iv|cxr)|wikisql|gsm8k|cc-?news|cc-?100|europarl|wmt ?\d\d|paracrawl|tatoeba"
    r"|objaverse(?:-xl)?|shapenet|objects365|open ?images(?: v\d)?|lvis|sa-1b|bdd100k|cityscapes"
    r"|nuscenes|mapillary vistas|scannet\w*(?:\+\+)?|bigearthnet|era5(?:-land)?|glint360k|ms1m\w*"
    r"|webface\w*|musdb18\w*|fsd50k|esc-?50|urbansound8k|gigaspeech|voxlingua107|aishell-?\d"
    r"|wenetspeech|open x-embodiment|d4rl|chexpert|brats(?: ?\d{4})?|plantvillage"
    r"|xnli|hh-rlhf|oasst\d|ultrafeedback[\w-]*|slimorca|openhermes[\w.-]*|metamathqa|flan|dureader"
    # Prices of an index are one series, wherever they come from.
    r"|s&p ?500|nasdaq-?100|nifty ?50|nikkei ?225|csi ?300|ftse ?100|euro stoxx 50",
    before=r"\w/-",
    after=r"\w/-",
)
# Words before "data set" that are not names.
_NO_NAMES = frozenset((
    "a", "additional", "all", "an", "and", "annotated", "another", "audio", "augmented", "balanced",
    "benchmark", "bilingual", "both", "clean", "code", "collected", "combined", "comprehensive",
    "curated", "custom", "customized", "data", "diverse", "domain", "each", "evaluation", "famous",
    "final", "fine-tuning", "finetuning", "following", "for", "full", "gold", "hf",
    "high-quality", "hub", "hugging face", "huggingface", "human", "if", "image", "in",
    "in-domain", "in-house", "instruction", "internal", "it", "its", "kaggle", "labeled",
    "large", "large-scale", "medical", "mixed", "model", "monolingual", "multilingual", "my",
    "n/a", "new", "no", "none", "null", "on", "one", "open", "open-source", "original", "other",
    "our", "own", "parallel", "preference", "pretraining", "private", "proprietary", "public",
    "publicly", "raw", "same", "selected", "several", "small", "some", "source", "speech", "such",
    "synthetic", "target", "test", "text", "that", "the", "their", "these", "this", "training",
    "translated", "two", "unknown", "unlabeled", "unlabelled", "used", "using", "validation",
    "various", "video", "we", "web", "with", "you", "your",
))  # fmt: skip
# Languages and their adjectives say what a data set is in, and name none.
_LANGUAGES = frozenset((
    "afrikaans", "albanian", "amharic", "arabic", "armenian", "assamese", "azerbaijani", "basque",
    "belarusian", "bengali", "bosnian", "brazilian", "breton", "bulgarian", "burmese", "cantonese",
    "catalan", "chinese", "croatian", "czech", "danish", "dutch", "english", "esperanto",
    "estonian", "european", "finnish", "french", "frisian", "galician", "georgian", "german",
    "greek", "gujarati", "hausa", "hebrew", "hindi", "hungarian", "icelandic", "igbo",
    "indonesian", "irish", "italian", "japanese", "javanese", "kannada", "kazakh", "khmer",
    "kinyarwanda", "korean", "kurdish", "kyrgyz", "lao", "latin", "latvian", "lithuanian",
    "luxembourgish", "macedonian", "malay", "malayalam", "maltese", "mandarin", "maori", "marathi",
    "mongolian", "nepali", "norwegian", "odia", "pashto", "persian", "polish", "portuguese",
    "punjabi", "romanian", "russian", "sanskrit", "serbian", "sindhi", "sinhala", "slovak",
    "slovenian", "somali", "spanish", "sundanese", "swahili", "swedish", "tagalog", "tajik",
    "tamil", "tatar", "telugu", "thai", "tibetan", "turkish", "turkmen", "ukrainian", "urdu",
    "uyghur", "uzbek", "vietnamese", "welsh", "wolof", "xhosa", "yiddish", "yoruba", "zulu",
))  # fmt: skip
# What front matter and generated cards write where a file was loaded: the loaders of the library
# `datasets` (its packaged modules), and words for nothing.
_LOADERS = frozenset((
    "arrow", "audiofolder", "cache", "csv", "custom", "dataset", "generator", "hdf5",
    "imagefolder", "json", "jsonl", "n/a", "na", "none", "null", "other", "pandas", "parquet",
    "pdffolder", "private", "sql", "text", "tsv", "unknown", "videofolder", "webdataset", "xml",
    "your_dataset", "your-dataset",
))  # fmt: skip


def is_dataset_name(name: str) -> bool:
    """Whether a name stands for a data set, unlike `None`, a language or a loader of files."""
    lower = name.lower()
    return bool(lower) and lower not in _LOADERS | _LANGUAGES


def is_well_known(name: str) -> bool:
    """Whether people know a data set by this name, which is then no address: `CNN/DailyMail`."""
    return _KNOWN.fullmatch(name) is not None


def names_in_prose(readme: Readme, repository: str = "") -> tuple[str, ...]:
    """Return the data sets that the card's sentences on training name, in order, each once."""
    return tuple(find_names(find_training_text(readme, repository)))


def find_names(training: Mapping[str, str]) -> dict[str, str]:
    """Return the data sets that words on training name, each with the line that names it.

    Args:
        training: see `find_training_text`.
    """
    found: dict[str, str] = {}
    seen: set[str] = set()
    for line, words in training.items():
        for name in filter(is_dataset_name, _list_names(words)):
            if len(found) == _NAMES_MAX:
                return found
            if name.lower() not in seen:
                seen.add(name.lower())
                found[name] = line
    return found


def _list_names(text: str) -> Iterator[str]:
    """Yield the names in words on training."""
    for word in _IN_SCRIPTS if not text.isascii() else ():
        text = text.replace(word, " data set ").replace("  data set", " data set")
    for word in _WIKIPEDIAS if not text.isascii() else ():
        text = text.replace(word, " Wikipedia ")
    names = [
        next(filter(None, (match[n] for n in range(1, 5))))
        + _COLLECTION * match[0].endswith(_COLLECTION)
        for match in _BEFORE.finditer(text)
    ]
    names += filter(_is_of_words, (match[1] or match[2] for match in _PLACED.finditer(text)))
    names += [match[1] or match[2] for match in _AFTER.finditer(text)]
    names += filter(is_name_of_data, (match[1] for match in _ALONE.finditer(text)))
    names += filter(is_name_of_data, (match[1] for match in _AMOUNT.finditer(text)))
    names += filter(_is_written_small, (match[1] for match in _SMALL.finditer(text)))
    names += [match[1] or match[2] for match in _ABROAD.finditer(text)]
    names += [match[1] for match in _ENDING.finditer(text)]
    names += filter(_has_shape, (match[1] for match in _BEHIND.finditer(_mark_sources(text))))
    names += [match[1] for match in _OF_HUB.finditer(text)]
    names += [match[2] for match in _KEYED.finditer(text) if match[1] == match[2]]
    names += [name for match in _LISTED.finditer(text) for name in _BETWEEN.split(match[1])]
    names += [match[1] for match in _BOTH.finditer(text)]
    kept = [each for each in map(_without_common_words, names) if each]
    yield from kept
    longer = [f" {each.lower()} " for each in kept]
    for each in _KNOWN.findall(text):
        known = each[4:] if each.lower().startswith("the ") else each
        # "Virtual KITTI 2" is another data set than KITTI.
        inside = sum(f" {known.lower()} " in name for name in longer)
        if not inside or text.lower().count(known.lower()) > inside:
            yield known


def _mark_sources(text: str) -> str:
    """Return a text with a sign for the words of other scripts that say whence data are."""
    for word in _SOURCES if not text.isascii() else ():
        text = text.replace(word, _SOURCE)
    return text


def _has_shape(name: str) -> bool:
    """Whether a name has a number or two capitals, unlike a word of the language."""
    return any(map(str.isdecimal, name)) or sum(map(str.isupper, name)) > 1


def _is_of_words(name: str) -> bool:
    """Whether a name has several words, or a shape that no word has: "Images" from somewhere."""
    kept = _without_common_words(name)
    return " " in kept or _has_shape(kept)


def _is_written_small(name: str) -> bool:
    """Whether a word of a name says more than what kind of data it is, and what became of it."""
    return not all(
        _is_common(each) or each in _NO_SMALL_NAMES or each.endswith(_PARTICIPLES)
        for each in name.split(" ")
    )


def _without_common_words(name: str) -> str:
    """Return a name without common words at its start, "" if nothing is left."""
    words = name.rstrip(".").split(" ")[-_NAME_MAX_WORDS:]
    if max(map(len, words)) > _WORD_MAX_CHARS:
        return ""
    while words and _is_common(words[0]):
        words.pop(0)
    kept = " ".join(words)
    return "" if all(map(_is_common, words)) or kept.lower() in _NO_NAMES else kept


def _is_common(word: str) -> bool:
    """Whether a word names no data set; so do all parts of a word with hyphens."""
    lower = word.lower()
    common = _NO_NAMES | _LANGUAGES
    return lower in common or all(each in common for each in lower.split("-"))
