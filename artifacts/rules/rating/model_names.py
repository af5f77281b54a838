"""Which labels of a table, and which sentences, speak of this model and which of another one."""

from __future__ import annotations

from collections.abc import Iterable

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.evidence import ModelFacts
from artifacts.rules.rating.languages import fold
from artifacts.rules.values import read_strings
from artifacts.rules.weights import USUAL_NAMES

_TOKEN = Pattern(r"[A-Za-z]+|\d+(?:\.\d+)*")
_OURS = Pattern(
    r"(?i)ours?|this (?:model|work|repo(?:sitory)?|checkpoint)|the model|we|it|proposed"
    r"|fine-?tuned(?: model)?",
    before=r"\w",
    after=r"\w",
)
_OURS_ABROAD = (
    "este modelo", "nuestro", "nosso", "ce modèle", "notre", "dieses modell", "unser", "本模型",
    "我们", "本文", "本方法", "提案手法",
    "このモデル", "本モデル", "이 모델", "questo modello", "dit model", "ten model", "наш",
)  # fmt: skip
_FILE = Pattern(
    r"(?i)[\w.+-]{1,120}\.(?:mlpackage|mlmodel|gguf|onnx|tflite|safetensors|pth?|bin|ckpt|nemo|engine"
    r"|task|keras|h5|pkl|joblib)"
)
# Families of models that comparisons name. None of them is the model at hand if its own name lacks
# the word.
_FAMILIES = Pattern(
    r"(?i)(?:chat)?gpt-?\d?\w*|claude|gemini|gemma|llama|alpaca|vicuna|mistral|mixtral|qwen|deepseek"
    r"|falcon|phi|bloomz?|opt|pythia|olmo|yi|command-?r|grok|palm|mpt|internlm|glm|chatglm|baichuan"
    r"|\w*bert\w*|xlnet|electra|\w*t5|bart|pegasus|xlm-?r?|clip|siglip|blip|llava|vit|deit|swin"
    r"|resnet|efficientnet|convnext|dino|yolo\w*|whisper|wav2vec|hubert|bge|gte|e5|sbert"
    r"|stable diffusion|sdxl|flux|dall-?e|midjourney|kimi|granite|smollm|nemotron"
    r"|chronos|timesfm|moirai|xtts|nllb|bm25|parakeet|canary|tabpfn|jina|minilm|mpnet|opus-mt",
    before=r"\w",
    after="A-Za-z",
)
_BASELINE = Pattern(
    r"(?i)(?:the )?(?:base(?:line)?|original|teacher|vanilla|pre-?trained|before)(?: model)?"
    r"|(?:others?|previous|prior)(?: (?:results?|models?|methods?|works?|best|sota))?"
    r"|(?:the )?(?:sota|state[- ]of[- ]the[- ]art)"
)
_OF_BASELINE = Pattern(
    r"(?i)[ (,](?:of|by|with|for)? ?(?:the )?(?:original|base(?:line)?|starting)(?: model)?\)?\z"
)
_FULL_PRECISION = Pattern(
    r"(?i)(?:bf16|fp16|fp32|f16|f32|bfloat16|float16|float32|un-?quanti[sz]ed|full[- ]precision)"
    r"(?: (?:model|baseline))?"
)
# How weights are quantised, as the names of their files end.
_QUANTISED = Pattern(
    r"(?i)i?q\d\w*|tq\d\w*|b?f(?:p)?(?:16|32)|f(?:16|32)|fp8\w*|(?:int|w)[48]\w*|\d-?bit|mxfp4|nvfp4"
    r"|nf4|awq|gptq\w*"
)
_COMPARISON = Pattern(
    r"(?i)compar\w+|versus|vs|than|baselines?|outperform\w*|whereas|unlike|other models?"
    r"|base model|original|state.of.the.art|sota",
    before=r"\w",
    after=r"\w",
)
# "The original reaches a WER of 18.2": what this model was made from, by its place in a sentence.
_VERB = (
    r"(?: [\w-]+){0,2} (?:reach\w*|achieve[sd]?|attain\w*|obtain\w*|gets?|got|ha[sd]|scor\w+|is at)"
)
_OF_ORIGINAL = Pattern(
    rf"(?i)\W*(?:the )?(?:original|un-?quanti[sz]ed|full[- ]precision|uncompressed){_VERB}",
    after=r"\w",
)
_OF_BASE = Pattern(rf"(?i)\W*(?:the )?(?:base|teacher|source|parent){_VERB}", after=r"\w")
# Shorter names begin too many others.
_JOINED_MIN_CHARS = 4
# What a label may say beyond the model's name.
_NEUTRAL = frozenset((
    "ours", "our", "this", "model", "the", "new", "hf", "v", "best", "final", "shot", "zero", "few",
))  # fmt: skip
# `LLaMA-2-7b`, `GPT4`, `google/byt5`: letters with digits or a slash, unlike words of the language.
_NAME_SHAPE = Pattern(r"\w/\w|[A-Za-z]{2,20}[-.]?\d|[A-Z][a-z]{0,20}[A-Z]")

# How surely a label that is called like a file of weights is this model's: less than by its name.
_BY_FILE = 0.01
# Names of weights that say nothing of the model.
_USUAL_STEMS = frozenset((*USUAL_NAMES, "best", "checkpoint", "final", "last", "weights"))
_VERSION = Pattern(r"(?i)v(\d{1,3}(?:\.\d{1,3})*)", before=r"\w", after=r"\w")
_SIZED = Pattern(r"\d")


class ModelNames:
    """The names of a model, and of those that it was made from."""

    def __init__(
        self, repository: str, bases: Iterable[str] = (), paths: Iterable[str] = ()
    ) -> None:
        """Keep the names, such as `acme/robot-7b`, and those of the weights among its files."""
        owner, _, short = repository.rpartition("/")
        self._short, self._joined = _tokens(short), _joined(short)
        self._version = _find_version(short)
        self._owner = _tokens(owner)
        stems = (_name_of_file(each) for each in paths if _FILE.search(each))
        self._files = frozenset(map(_joined, set(stems) - _USUAL_STEMS))
        self._bases = frozenset(
            tokens
            for each in bases
            for tokens in (_tokens(each), _tokens(each.rpartition("/")[2]))
            if tokens != self._short
        )

    def likeness(self, label: str) -> float:
        """Return how surely a label names this model: 0 for not, up to 1."""
        tokens = _tokens(label)
        found = self._likeness_of_name(label, tokens)
        # Nothing that is known besides may take a row away which the model's name tells.
        return found or _BY_FILE * self._is_of_file(label)

    def _is_of_file(self, label: str) -> bool:
        """Whether a label is called like a file of weights, or like how one is quantised."""
        joined = _joined(label)
        is_precision = _QUANTISED.fullmatch(label.strip()) is not None
        return joined in self._files or (
            is_precision and any(each.endswith(joined) for each in self._files)
        )

    def _likeness_of_name(self, label: str, tokens: frozenset[str]) -> float:
        """Return how surely a label names this model by its name alone."""
        if self._is_base(label):
            return 0.0
        core = tokens - _NEUTRAL - self._owner or tokens - _NEUTRAL
        joined, ours = _joined(label), self._joined
        if _begins(joined, ours) or _begins(ours, joined):
            return min(len(joined), len(ours)) / max(len(joined), len(ours))
        # `tiny` is whisper-tiny; `BERT` is not kettle-bert, which may have been made from it.
        is_family = bool(core) and _FAMILIES.fullmatch(" ".join(sorted(core))) is not None
        if core and self._short and not is_family and (core <= self._short or self._short <= core):
            return len(core & self._short) / len(core | self._short)
        is_ours = _OURS.search(label) or any(each in label.lower() for each in _OURS_ABROAD)
        return 0.5 if is_ours and not self._names_family(label) else 0.0

    def names_another(self, label: str) -> bool:
        """Whether a label, of which it is known that it names a model, names another one.

        Files lie in this repository.
        """
        if _FILE.fullmatch(label.strip()):
            return False
        return self.names_family(label) or (
            not self.likeness(label) and bool(_NAME_SHAPE.search(label))
        )

    def names_family(self, label: str) -> bool:
        """Whether a label names a family of models that is not this model's own, or a baseline."""
        return not self.likeness(label) and (
            self._names_family(label)
            or bool(_BASELINE.fullmatch(label.strip()))
            or bool(_OF_BASELINE.search(label.strip()))
            or self._is_base(label)
        )

    def names_full_precision(self, label: str) -> bool:
        """Whether a label is that of weights before they were quantised, and not this model's."""
        return not self.likeness(label) and bool(_FULL_PRECISION.fullmatch(label.strip()))

    def names_any_family(self, label: str) -> bool:
        """Whether a label names a family of models with a size or version, be it this one's own."""
        return bool(_FAMILIES.search(label)) and bool(_SIZED.search(label))

    def speaks_of_another(self, sentence: str) -> bool:
        """Whether a sentence compares other models and does not speak of this one.

        A family alone says nothing: "the BERT classifier reaches 0.93" may well be this model.
        """
        is_of_base = _OF_ORIGINAL.match(sentence) or (self._bases and _OF_BASE.match(sentence))
        if not (is_of_base or _COMPARISON.search(sentence)) or _OURS.search(sentence):
            return False
        if len(self._joined) >= _JOINED_MIN_CHARS and self._joined in _joined(sentence):
            return False
        if is_of_base:
            return True
        families = [_tokens(each) for each in _FAMILIES.findall(sentence)]
        return bool(families) and not any(each <= self._short for each in families)

    def find_other_versions(self, labels: Iterable[str]) -> set[int]:
        """Return which labels are of other versions, where one is of this model's: "F1, v1"."""
        versions = [_find_version(label) for label in labels]
        if not self._version or self._version not in versions:
            return set()
        return {number for number, each in enumerate(versions) if each not in ("", self._version)}

    def _is_base(self, label: str) -> bool:
        """Whether a label is the name of what this model was made from, as in "Pot-3B (BF16)"."""
        name, _, aside = label.partition("(")
        is_about_it = bool(aside) and not _tokens(aside) <= self._short
        is_about_it = is_about_it and not _OURS.search(aside)
        return _tokens(label) in self._bases or (is_about_it and _tokens(name) in self._bases)

    def _names_family(self, words: str) -> bool:
        """Whether words name a family of models that is not this model's own."""
        return any(not _tokens(each) <= self._short for each in _FAMILIES.findall(words))


def name_model(model: ModelFacts) -> ModelNames:
    """Return the names of a model: its own, those of its bases and of its weights."""
    bases = read_strings(model.card.get("base_model"))
    return ModelNames(model.repository, bases, (each.path for each in model.files))


def _find_version(name: str) -> str:
    """Return the number of the version that a name states, as in `pots-v2`, "" for none."""
    found = _VERSION.search(name.replace("_", "-"))
    return found[1] if found else ""


def _tokens(name: str) -> frozenset[str]:
    """Return the words and numbers of a name in lower case."""
    return frozenset(each.lower() for each in _TOKEN.findall(fold(name[:300])))


def _joined(name: str) -> str:
    """Return the letters and digits of a name: `FashionBot` and `fashion-bot` are one."""
    return "".join(each for each in fold(name) if each.isalnum())


def _name_of_file(path: str) -> str:
    """Return a file's name without ending, or its folder's if it has a usual name."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0].lower()
    return folder.rpartition("/")[2].lower() if folder and stem in _USUAL_STEMS else stem


def _begins(name: str, longer: str) -> bool:
    """Whether a longer name begins with a name, without cutting a number in two."""
    if len(name) < _JOINED_MIN_CHARS or not longer.startswith(name):
        return False
    rest = longer[len(name) :]
    return not (rest[:1].isdigit() and name[-1].isdigit())
