"""Families of licenses that vendors write anew for each model, recognised by their names.

`license_name` on the Hub is free text: `nvidia-open-model-license`, `lfm1.0`. What such a license
allows depends on its family much more than on its version. Families restrict what may be done, so
a name that merely sounds like one is never taken for a freer license than it is.
"""

from __future__ import annotations

from artifacts.rules.licensing.terms import COMMUNITY, NON_COMMERCIAL, RESEARCH, TERMS
from artifacts.rules.patterns import Pattern

# "llama3.1", "Llama 3.2 Community License", "META LLAMA-4"; not "tinyllama".
_LLAMA = Pattern(r"llama[ _-]*v?([0-9](?:[._-][0-9])?)?", before="a-z", after="0-9")
_WORDS = Pattern(r"[a-z]+|[0-9]+")
# Words that mean "not for business"; phrases below say `nc` for any of them.
_NON_COMMERCIAL_WORDS = frozenset((
    "academic", "nc", "noncommercial", "nonproduction", "nscl", "nsclv", "research",
))  # fmt: skip
_RAIL_WORDS = frozenset(("openrail", "openrails"))
# Families with the phrases that tell them: all words of one phrase have to be in the name. The
# first family that fits decides.
_FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Modified-MIT", ("modified mit", "kimi")),
    ("FLUX-Non-Commercial", ("flux nc", "flux dev")),
    ("FAIR-NC-Research", ("fair nc",)),
    ("FAIR-Chemistry", ("fair chemistry", "fairchem")),
    ("NVIDIA-Research", ("nvidia internal", "nvidia scientific", "nvidia evaluation")),
    ("NVIDIA-Non-Commercial", ("nvidia nc", "nsclv", "nvidia source code")),
    ("NVIDIA-Open-Model", ("nvidia open", "nvidia nemotron", "nemotron open")),
    ("NVIDIA-Community", ("nvidia community",)),
    ("Stability-Non-Commercial", ("stability nc", "stabilityai nc", "stable nc", "sai nc")),
    ("Stability-Community", ("stability community", "stabilityai community", "stable community")),
    ("OpenRAIL++-M", ("creativeml rail plus", "sdxl rail")),
    ("CreativeML-OpenRAIL-M", ("creativeml rail", "stable diffusion rail")),
    ("BigCode-OpenRAIL-M", ("bigcode rail",)),
    ("BigScience-BLOOM-RAIL-1.0", ("bloom rail",)),
    ("BigScience-OpenRAIL-M", ("bigscience rail",)),
    ("DINOv3", ("dinov 3", "dino v 3", "dino 3")),
    ("SAM", ("sam license", "sam licence", "sam 3")),
    ("LFM-Open", ("lfm",)),
    ("Qwen-Research", ("qwen nc", "qianwen nc")),
    ("Qwen", ("qwen", "qianwen")),
    ("DeepSeek", ("deepseek",)),
    ("Falcon", ("falcon",)),
    ("Mistral-Non-Production", ("mnpl", "mistral production")),
    ("Mistral-Research", ("mrl", "mistral nc")),
    ("Cohere-Non-Commercial", ("cohere", "c 4 ai", "aya nc")),
    ("Tencent-Hunyuan-Community", ("hunyuan", "tencent")),
    ("Yi", ("yi",)),
    ("Baichuan", ("baichuan",)),
    ("InternLM", ("internlm",)),
    ("Jamba-Open-Model", ("jamba",)),
    ("Grok-2-Community", ("grok",)),
    ("MiniMax", ("minimax",)),
    ("MiniCPM", ("minicpm",)),
    ("openPangu", ("openpangu", "pangu")),
    ("Skywork", ("skywork",)),
    ("XVERSE", ("xverse",)),
    ("Aquila", ("aquila", "baai")),
    ("EXAONE", ("exaone",)),
    ("HyperCLOVA-X", ("hyperclova", "hyperclovax")),
    ("Apple-AMLR", ("amlr", "apple nc")),
    ("Apple-ASCL", ("ascl", "apple sample code")),
    ("Microsoft-Research", ("msrla", "microsoft nc", "msr nc")),
    ("Coqui-Public-Model", ("cpml", "coqui")),
    ("AI2-ImpACT", ("ai 2 impact",)),
    ("CogVideoX", ("cogvideox", "cogvlm", "cogview")),
    ("GLM", ("glm", "chatglm")),
    ("Intel-Research", ("intel nc",)),
    ("DeepFloyd-IF", ("deepfloyd",)),
    ("BRIA", ("bria",)),
    ("Open-Aleph", ("open aleph",)),
    ("Fair-AI-Public-1.0-SD", ("faipl", "fair ai public")),
    ("Playground-Community", ("playground community",)),
    ("Kolors", ("kolors",)),
    ("LTX-Open-Weights", ("ltx", "ltxv")),
    ("Databricks-Open-Model", ("databricks", "dbrx")),
    ("Solar", ("upstage solar", "solar license")),
    ("SeaLLMs", ("seallm", "seallms")),
    ("PLaMo-Community", ("plamo",)),
    ("HAI-DEF", ("health ai developer", "hai def", "medgemma")),
    ("Gemma", ("gemma", "paligemma")),
    # What the words of a name tell of a license that no list knows.
    (RESEARCH, ("research", "academic", "evaluation license")),
    (NON_COMMERCIAL, ("nc",)),
    ("OpenRAIL", ("rail",)),
    (COMMUNITY, ("community",)),
)


def find_family(name: str) -> str:
    """Return the canonical name of the family that a license's name tells, "" for none."""
    lower = name.lower()
    llamas = [each[1] for each in _LLAMA.finditer(lower)]
    if llamas:
        version = max(llamas, key=len).replace("_", ".").replace("-", ".")
        known = [f"Llama-{each}" for each in (version, version[:1]) if each]
        return next((each for each in known if each in TERMS), "Llama-Community")
    words = _words_of(lower)
    for family, phrases in _SPLIT_FAMILIES:
        if any(phrase <= words for phrase in phrases):
            return family
    return ""


def _words_of(lower: str) -> frozenset[str]:
    """Return the words of a name, with `nc` and `rail` for all words of their meaning."""
    words = set(_WORDS.findall(lower))
    if words & _NON_COMMERCIAL_WORDS or {"non", "commercial"} <= words:
        words.add("nc")
    if words & _RAIL_WORDS:
        words.add("rail")
    return frozenset(words)


_SPLIT_FAMILIES = tuple(
    (family, tuple(frozenset(each.split()) for each in phrases)) for family, phrases in _FAMILIES
)
