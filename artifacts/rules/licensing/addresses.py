"""Which license an address names: `license_link` on the Hub, and addresses in place of a name."""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import unquote, urlsplit

from artifacts.rules.licensing.families import find_family
from artifacts.rules.licensing.spellings import find_spelling

# Places of code and models: their paths name owners and repositories, of which any may be called
# like a license. The file's own name counts there, and the family of a vendor's model.
_HOSTS_OF_ALL = frozenset((
    "bitbucket.org", "github.com", "gitlab.com", "hf.co", "huggingface.co", "kaggle.com",
    "modelscope.cn", "raw.githubusercontent.com",
))  # fmt: skip
_ENDINGS = (".html", ".htm", ".txt", ".md", ".rst", ".pdf", ".php", ".en", ".de", ".fr")
_FILE_WORDS = ("license", "licence", "copying", "model", "notice", "use_policy")
# creativecommons.org/publicdomain/zero/1.0 and /licenses/by-nc/4.0
_COMMONS_ZERO = "zero"
_SIZE = 2


def is_address(text: str) -> bool:
    """Whether a text is a URL."""
    return text.startswith(("http://", "https://", "www.")) and len(text.split()) == 1


def find_address(address: str) -> str:
    """Return the canonical name of the license at an address or in a file, "" if it tells none.

    Args:
        address: a URL, or the path of a file in the repository.
    """
    if not is_address(address):
        return _find_file(address.rpartition("/")[2].lower())
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError:
        return ""
    host = parts.netloc.lower().removeprefix("www.")
    steps = [_bare(unquote(each)) for each in parts.path.lower().split("/") if each]
    if host in _HOSTS_OF_ALL:
        return (_find_file(steps[-1]) if steps else "") or find_family("/".join(steps))
    return _find_in_steps(host, steps)


def _find_in_steps(host: str, steps: list[str]) -> str:
    """Return the license that the path of a license's own page names."""
    if host.endswith("creativecommons.org") and len(steps) > _SIZE:
        kind = "cc0" if steps[1] == _COMMONS_ZERO else f"cc-{steps[1]}"
        return find_spelling(f"{kind}-{steps[2]}")
    pairs = [f"{one}-{two}" for one, two in pairwise(steps)]
    whose = host.split(".")[-2] if "." in host else host
    family = find_family(f"{host} {' '.join(steps)}")
    owned = [f"{whose}-{each}" for each in reversed(steps)]
    for each in (*reversed(pairs), *reversed(steps), *([] if family else owned)):
        bare = each.replace("_", "-").removeprefix("license-")
        found = find_spelling(bare) or find_spelling(_with_dot(bare))
        if found:
            return found
    return family or find_spelling(whose)


def _with_dot(step: str) -> str:
    """Return a step with a dot in its version, as opensource.org has none: `apache-2-0`."""
    name, _, minor = step.rpartition("-")
    _, _, major = name.rpartition("-")
    return f"{name}.{minor}" if major.isdecimal() and minor.isdecimal() else step


def _find_file(name: str) -> str:
    """Return the license that a file's name tells, as in `LICENSE-MIT` and `LICENSE.apache-2.0`."""
    bare = _bare(name)
    for word in _FILE_WORDS:
        bare = bare.replace(word, " ")
    plain = bare.strip(" -_.")
    return find_spelling(plain) or find_family(plain)


def _bare(step: str) -> str:
    """Return a step of a path without the endings of files."""
    for ending in _ENDINGS:
        step = step.removesuffix(ending)
    return step
