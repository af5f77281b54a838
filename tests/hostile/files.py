"""Files as an attacker uploads them: cards, configurations, weights, and zips around them."""

import io
import json
import random
import struct
import warnings
import zipfile

from tests.hostile.data import dump, spoiled
from tests.hostile.texts import LETTERS, encoded, text

CARD = {
    "license": "mit",
    "datasets": ["squad"],
    "base_model": "org/base",
    "tags": ["code"],
    "model-index": [{"name": "x", "results": [{"metrics": [{"type": "accuracy", "value": 0.9}]}]}],
}
CONFIG = {"model_type": "bert", "_name_or_path": "org/base", "architectures": ["BertModel"]}
TENSOR = {"dtype": "U8", "shape": [8], "data_offsets": [0, 8]}
WEIGHTS = {"w": TENSOR, "__metadata__": {"format": "pt"}}
TEXT_MAX_CHARS = 300_000
HEADER_TENSORS_MAX = 200_000


def card(rng: random.Random) -> bytes:
    """A README: front matter that is true, spoiled or no YAML at all, and a body."""
    body = text(rng, TEXT_MAX_CHARS)
    matter = rng.choice(
        (
            _yaml(spoiled(CARD, rng)),
            text(rng, TEXT_MAX_CHARS),
            "license: mit\n" + "\n".join(f"k{n}: {n}" for n in range(rng.randint(0, 20_000))),
            "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]",
            "x: 2024-13-45\ny: 1_000\nz: !!python/object/apply:os.system [id]\n<<: {a: 1}",
        )
    )
    if rng.random() < 0.2:
        return encoded(body, rng)
    return encoded(f"---\n{matter}\n---\n# Model\n\n{body}", rng)


def config(rng: random.Random) -> bytes:
    return dump(spoiled(CONFIG, rng), rng)


def weights(rng: random.Random) -> bytes:
    """A safetensors file: right, spoiled, with a huge header, or with a length that lies."""
    kind = rng.randrange(4)
    header = dump(WEIGHTS, random.Random(0))
    if kind == 1:
        header = dump(spoiled(WEIGHTS, rng), rng)
    elif kind == 2:
        empty = {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}
        count = int(HEADER_TENSORS_MAX ** rng.random())
        header = json.dumps(WEIGHTS | {f"t{n}": empty for n in range(count)}).encode()
    length = len(header) if kind != 3 else rng.choice((0, 2**63, 100_000_000, len(header) + 1))
    return struct.pack("<Q", length) + header + bytes(8)


def archive(rng: random.Random) -> bytes:
    """A zip of such files, sometimes spoiled itself."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that is there twice is meant
        for name, maker in (("README.md", card), ("config.json", config)):
            if rng.random() < 0.9:
                made.writestr(name, maker(rng))
        made.writestr("model.safetensors", weights(rng))
        for _ in range(rng.choice((0, 0, 1, 5, 200))):
            made.writestr(_name(rng), text(rng, 1_000).encode("utf-8", "replace"))
    sent = held.getvalue()
    if rng.random() < 0.2:
        place = rng.randrange(len(sent))
        sent = sent[:place] + rng.randbytes(rng.randint(1, 40)) + sent[place + rng.randint(0, 40) :]
    return sent


def _name(rng: random.Random) -> str:
    """A member's name that is odd, but can be written into a zip."""
    odd = "".join(each for each in rng.choice(LETTERS) if not "\ud800" <= each <= "\udfff")
    stem = rng.choice(
        ("a", "README.md", "../up", "/root", "C:\\x", "con", "a/" * 60 + "b", "." * 300)
    )
    return f"{stem}{odd.replace(chr(0), '')}{rng.randrange(10)}"


def _yaml(value: object) -> str:
    return dump(value, random.Random(0)).decode("utf-8", "replace")
