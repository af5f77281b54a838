"""Libraries that load models, and their code repositories.

A library says little about the model that it loads, so this is the last resort for a code
repository, and one found this way is marked so. Source: the Hub's list of libraries
(`huggingface.js`, `model-libraries.ts`: names and repositories).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from artifacts.rules.patterns import Pattern
from artifacts.rules.readme import Readme

REPOSITORIES = {
    "adapter-transformers": "adapter-hub/adapters",
    "allennlp": "allenai/allennlp",
    "asteroid": "asteroid-team/asteroid",
    "audiocraft": "facebookresearch/audiocraft",
    "autogluon": "autogluon/autogluon",
    "bertopic": "MaartenGr/BERTopic",
    "cleanrl": "vwxyzjn/cleanrl",
    "ctranslate2": "OpenNMT/CTranslate2",
    "diffusers": "huggingface/diffusers",
    "espnet": "espnet/espnet",
    "fairchem": "facebookresearch/fairchem",
    "fairseq": "facebookresearch/fairseq",
    "fastai": "fastai/fastai",
    "fasttext": "facebookresearch/fastText",
    "flair": "flairNLP/flair",
    "funasr": "modelscope/FunASR",
    # A format of files; the Hub calls it the library of whatever has them.
    "gguf": "ggml-org/llama.cpp",
    "gliner": "urchade/GLiNER",
    "k2": "k2-fsa/k2",
    "keras": "keras-team/keras",
    "keras-hub": "keras-team/keras-hub",
    "lerobot": "huggingface/lerobot",
    "llama.cpp": "ggml-org/llama.cpp",
    "ml-agents": "Unity-Technologies/ml-agents",
    "mlx": "ml-explore/mlx-examples",
    "mlx-audio": "Blaizzy/mlx-audio",
    "model2vec": "MinishLab/model2vec",
    "monai": "Project-MONAI/MONAI",
    "nemo": "NVIDIA/NeMo",
    "open_clip": "mlfoundations/open_clip",
    "paddlenlp": "PaddlePaddle/PaddleNLP",
    "paddleocr": "PaddlePaddle/PaddleOCR",
    "peft": "huggingface/peft",
    "pyannote-audio": "pyannote/pyannote-audio",
    "sample-factory": "alex-petrenko/sample-factory",
    "sentence-transformers": "UKPLab/sentence-transformers",
    "setfit": "huggingface/setfit",
    "sklearn": "scikit-learn/scikit-learn",
    "spacy": "explosion/spaCy",
    "span-marker": "tomaarsen/SpanMarkerNER",
    "speechbrain": "speechbrain/speechbrain",
    "stable-audio-tools": "Stability-AI/stable-audio-tools",
    "stable-baselines3": "DLR-RM/stable-baselines3",
    "stanza": "stanfordnlp/stanza",
    "tensorflowtts": "TensorSpeech/TensorFlowTTS",
    "terratorch": "IBM/terratorch",
    "tf-keras": "keras-team/tf-keras",
    "timm": "huggingface/pytorch-image-models",
    "torchgeo": "microsoft/torchgeo",
    "transformers": "huggingface/transformers",
    "transformers.js": "huggingface/transformers.js",
    "ultralytics": "ultralytics/ultralytics",
    "unity-sentis": "Unity-Technologies/sentis-samples",
    "whisper.cpp": "ggml-org/whisper.cpp",
    "whisperkit": "argmaxinc/WhisperKit",
}
# Tags in the cards that the training loops of transformers write (`modelcard.py`); other libraries
# that build on these loops add their own name.
_GENERATED = frozenset(("generated_from_trainer", "generated_from_keras_callback"))
_IMPORT = Pattern(r"(?m)^\s*(?:>>> )?(?:from|import) ([A-Za-z]\w*)")
# Python names have neither hyphens nor dots.
_BY_MODULE = {name.replace("-", "_").replace(".", "_"): name for name in REPOSITORIES}
# Libraries that train models and load none come besides.
_NAMES = frozenset((*REPOSITORIES, "trl", "axolotl", "unsloth", "mergekit", "autotrain"))
_OF_LIBRARIES = frozenset(repository.lower() for repository in REPOSITORIES.values())


def find_library(
    stated: str,
    card: Mapping[str, Any],
    config: Mapping[str, Any],
    tags: Sequence[str] = (),
    readme: Readme | None = None,
) -> str:
    """Return the library that loads a model, "" if nothing tells.

    The source takes precedence, then the card, config.json, the tags, and last what the card's code
    imports.

    Args:
        stated: the library that the source states.
    """
    named = stated or card.get("library_name")
    if isinstance(named, str) and named:
        return named.lower()
    # Transformers, diffusers and PEFT write such keys into each config.json that they save.
    if "_diffusers_version" in config:
        return "diffusers"
    if "peft_type" in config:
        return "peft"
    if "transformers_version" in config or ("architectures" in config and "model_type" in config):
        return "transformers"
    tagged = next((tag.lower() for tag in tags if tag.lower() in REPOSITORIES), "")
    if not tagged and _GENERATED.intersection(tags):
        return "transformers"
    return tagged or (_imported(readme) if readme is not None else "")


def _imported(readme: Readme) -> str:
    """Return the first known library that the card's code imports, "" for none."""
    for block in readme.code_blocks:
        for found in _IMPORT.finditer(block.text):
            library = _BY_MODULE.get(found[1].lower())
            if library:
                return library
    return ""


def is_library_name(title: str) -> bool:
    """Whether a heading is the name of a library: `Sentence Transformers`."""
    name = title.strip().lower()
    return {name, name.replace(" ", "-"), name.replace(" ", "_")} & _NAMES != set()


def is_library(repository: str) -> bool:
    """Whether a GitHub repository is one of a library for many models."""
    return repository.lower() in _OF_LIBRARIES
