"""What judges strangers' texts takes time in proportion to their length.

Each text is one that took minutes, or would have: the work is measured at growing lengths.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest

from artifacts.enums import SourceKind
from artifacts.exceptions import Unreadable
from artifacts.rules.cards import divide_readme
from artifacts.rules.front_matter import find_repeated, read_front_matter
from artifacts.rules.html import TableReader, addresses, extract_words
from artifacts.rules.licensing.files import find_linked_path
from artifacts.rules.licensing.names import parse_license
from artifacts.rules.licensing.texts import identify_text
from artifacts.rules.lineage.parents import find_parents
from artifacts.rules.parts import classify_part
from artifacts.rules.rating.claims import count_in_text, find_claims
from artifacts.rules.rating.dataset_mentions import find_datasets
from artifacts.rules.rating.dataset_names import names_in_prose
from artifacts.rules.rating.demonstration import judge_blocks
from artifacts.rules.rating.evidence import CodeFacts, Evidence, FileFacts, Missing, ModelFacts
from artifacts.rules.rating.libraries import find_library
from artifacts.rules.rating.links import CodeLink, list_code_links
from artifacts.rules.rating.metrics import code_quality, ramp_up_time
from artifacts.rules.rating.model_names import ModelNames
from artifacts.rules.rating.ownership import Claimant, RepositoryText, prove_ownership
from artifacts.rules.rating.papers import find_papers
from artifacts.rules.readme import CodeBlock, Link, Readme, Section, Table
from artifacts.rules.search.versions import version_key
from artifacts.rules.usual_names import find_license_files
from tests.growth import repeated, too_fast

# Coverage would be measured as well, and is dearer than the work.
pytestmark = [pytest.mark.no_cover, pytest.mark.slow]

ABSENT = Missing("nobody looked")
CODE = "https://github.com/a/b"
NAMES = ModelNames("a/b")


def code(text: str) -> object:
    return judge_blocks([CodeBlock("", text, "")], repository="a/b", library="x", paths=())


def blocks(text: str) -> object:
    made = [CodeBlock("python", "import a\n", title) for title in text]
    return find_library("", {}, {}, readme=Readme(code_blocks=tuple(made)))


def prose(text: str) -> object:
    return names_in_prose(Readme((Section("Training", 1, text),)))


def claims(text: str) -> object:
    return count_in_text(text, "", NAMES, [])


def leads(text: str) -> object:
    tables = (Table((("x", "y"), ("1", "2")), "", text),) * (len(text) // 20)
    return find_claims(Readme(tables=tables), NAMES)


def links(text: str) -> object:
    readme = Readme(links=(Link(CODE, "", text, text),) * (len(text) // 20))
    return list_code_links("c/d", {}, readme), find_datasets({}, (), readme)


def repository(text: str) -> object:
    link = CodeLink("x/d", "readme", text)
    claimant = Claimant("c/d", frozenset({"1810.04805"}), is_derived=False)
    return prove_ownership(claimant, link, RepositoryText("x/d", CODE, text, text, text))


def sections(text: str) -> object:
    readme = Readme(
        tuple(Section(f"{number}", 1, "") for number, _ in enumerate(text)),
        tuple(CodeBlock("", "@article{x", f"{number}") for number, _ in enumerate(text)),
    )
    return ramp_up_time._topics(readme)


def template(text: str) -> object:
    return ramp_up_time.own_words(Readme((Section("", 0, text),)))


def papers(text: str) -> object:
    return find_papers(ModelFacts("a/b", SourceKind.HUGGINGFACE_MODEL, readme=text))


def parents(text: str) -> object:
    return find_parents(repository="a/b", card={"base_model": text}, config={}, tags=())


def paths(text: str) -> object:
    files = tuple(FileFacts(text[:1_000], 1, classify_part(text[:1_000])) for _ in text[::1_000])
    facts = CodeFacts("a/b", CODE, "readme", files=files)
    ramp_up_time._interface(ModelFacts("a/b", SourceKind.HUGGINGFACE_MODEL, files=files))
    return code_quality.judge(
        Evidence(ModelFacts("a/b", SourceKind.HUGGINGFACE_MODEL), ABSENT, facts, ABSENT)
    )


def matter(text: str) -> object:
    with suppress(Unreadable):
        read_front_matter(f"---\na: b: c\n{text}\n---\n")
    return find_repeated(f"---\n{text}\n---\n")


def license_names(text: str) -> object:
    return find_license_files([text]), find_linked_path(text, text[:10])


def table(text: str) -> object:
    reader = TableReader()
    reader.feed("<table><tr><td>")
    return [reader.feed(piece) for piece in text.split("|")], reader.feed("</table>")


@pytest.mark.parametrize(
    ("work", "start", "unit", "tail"),
    [
        pytest.param(code, "", "\n", "x", id="empty-lines"),
        pytest.param(code, "", " ", "x", id="blanks"),
        pytest.param(code, "", ">>> \n", "x", id="prompts"),
        pytest.param(code, "import a\n", "print x\n", "", id="prints"),
        pytest.param(code, "import a\nx=", "'<ab>',", "1", id="gaps"),
        pytest.param(code, "import a\nx=", "a.", "a", id="attributes"),
        pytest.param(code, "import a\nx=", "-", "1", id="minuses"),
        pytest.param(code, "import a\nx=", "1+", "1", id="sums"),
        pytest.param(code, "import a\nx='", "{{", "'", id="braces"),
        pytest.param(blocks, "", "x", "", id="blocks"),
        pytest.param(prose, "train ", "A-", "", id="hyphens"),
        pytest.param(prose, "train ", "A ", "", id="capitals"),
        pytest.param(prose, "train ", "A dataset ", "", id="data-sets"),
        pytest.param(prose, "", "train. ", "", id="sentences"),
        pytest.param(claims, "", "f1 1.2 ", "", id="claims"),
        pytest.param(claims, "", "accuracy ", "", id="measures"),
        pytest.param(claims, "", "1.2", "", id="numbers"),
        pytest.param(leads, "", "x ", "", id="leads"),
        pytest.param(links, "", "x ", "", id="links"),
        pytest.param(repository, "", "a/b ", "", id="repositories"),
        pytest.param(repository, "", "a.", "/b", id="owners"),
        pytest.param(repository, "", "huggingface.co/a/b ", "", id="pages"),
        pytest.param(repository, "", "hf.co/", "", id="hosts"),
        pytest.param(repository, "", "arXiv:1810.04806 ", "", id="papers-of-code"),
        pytest.param(repository, "", "doi.org/10.1000/", "", id="dois"),
        pytest.param(sections, "", "x", "", id="sections"),
        pytest.param(template, "", " \t", "x", id="indents"),
        pytest.param(template, "", "a" * 20, ":", id="labels"),
        pytest.param(papers, "arxiv", ".", "", id="dots"),
        pytest.param(parents, "bert", "-a", ".a", id="old-name"),
        pytest.param(parents, "https://hf.co/", "a/", "", id="address"),
        pytest.param(paths, "", "/", "x.gguff", id="slashes"),
        pytest.param(paths, "", "requirements", "", id="requirements"),
        pytest.param(identify_text, "", "non commercial use", "", id="license-text"),
        pytest.param(parse_license, "", "(mit OR isc) AND ", "mit", id="license"),
        pytest.param(parse_license, "", "a(", "", id="brackets"),
        pytest.param(extract_words, "", "<", "", id="tags"),
        pytest.param(extract_words, "", "<!--", "", id="comments"),
        pytest.param(addresses, "", "href = ", "", id="addresses"),
        pytest.param(table, "", "<b>|", "", id="cell"),
        pytest.param(matter, "", "license: x\n", "", id="licenses"),
        pytest.param(matter, "", "a\tb\n", "", id="tabs"),
        pytest.param(matter, "", "a: [\n", "", id="open-lists"),
        pytest.param(matter, "a:", " \n", "", id="empty-values"),
        pytest.param(divide_readme, "", "<!---->", "---\n", id="first-comments"),
        pytest.param(divide_readme, "", "\n \ufeff", "---\n", id="first-blanks"),
        pytest.param(divide_readme, "---\n", "...x\n", "", id="fences"),
        pytest.param(license_names, "license", "-a", "", id="license-words"),
        pytest.param(license_names, "", "/license", "", id="license-folders"),
        pytest.param(version_key, "", "1.", "", id="version"),
    ],
)  # fmt: skip
def test_judging_when_a_text_is_hostile_then_time_grows_as_it_does(
    work: Callable[[str], object], start, unit, tail
):
    assert too_fast(work, repeated(unit, tail, start)) == ""


def test_license_when_its_combinations_are_millions_then_each_choice_is_kept_once():
    group = "(mit OR isc OR gpl OR mpl OR epl OR bsd)"
    # As many as six licenses have subsets that are not empty.
    assert len(parse_license(" AND ".join([group] * 10)).choices) == 2**6 - 1
    more = group.replace(")", " OR zlib)")
    assert parse_license(" AND ".join([more] * 9)).choices == (frozenset(("unknown",)),)
