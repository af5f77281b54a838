"""Reading what the card of a data set says in words; fields and placeholders say nothing.

The topics are those of Gebru et al., Datasheets for Datasets (arXiv:1803.09010), of Pushkarna et
al., Data Cards (arXiv:2204.01075), and of the Hub's template for dataset cards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from artifacts.rules.patterns import Pattern, count_words
from artifacts.rules.rating.curves import saturating, weighted
from artifacts.rules.readme import Readme, Section, parse_readme

# Topic by topic what a title has that is about it, and what a sentence elsewhere has.
_TITLES = {
    "making": Pattern(
        r"(?i)creation|curation|rationale|motivation|source|collect|process|annotat|label"
        r"|methodology|construct|generated|generation|filter|provenance"
        r"|how .{0,20}(?:made|built|created)",
        before=r"\w",
    ),
    "structure": Pattern(
        r"(?i)structure|instance|field|feature|column|schema|split|format|statistic|size"
        r"|composition|subset|example|content",
        before=r"\w",
    ),
    "cautions": Pattern(
        r"(?i)bias|limitation|risk|ethic|social impact|personal|sensitive|privacy|consideration"
        r"|safety|caveat|known issue|recommendation",
        before=r"\w",
    ),
    "uses": Pattern(
        r"(?i)uses?|usage|intended|tasks?|out.of.scope|leaderboard|purpose", before=r"\w"
    ),
    "terms": Pattern(
        r"(?i)licen[cs]|citation|citing|cite|curators?|contact|author|maint(?:ain|enance)"
        r"|acknowledg|contribution|credit|terms",
        before=r"\w",
    ),
}  # fmt: skip
_SENTENCES = {
    "making": Pattern(
        r"(?i)collected|scraped|crawled|gathered|sampled|annotat(?:ed|ors?)|label(?:l?ed|l?ers)"
        r"|generated (?:by|with|using|from)|created (?:by|with|using|from)|derived from|recorded"
        r"|extracted|filtered|deduplicated|compiled from|based on|consent|crowdsourced|translated",
        before=r"\w",
        after=r"\w",
    ),
    "structure": Pattern(
        r"(?i)(?:contain|consist|comprise|comprising|include|including)\w* .{0,40}\d"
        r"|columns?|fields?|rows?|splits?|jsonl?|csv|parquet",
        before=r"\w",
        after=r"\w",
    ),
    "cautions": Pattern(
        r"(?i)bias(?:es|ed)?|limitations?|known (?:limits|issues|problems)|offensive|toxic"
        r"|harmful|personal(?:ly)?|privacy"
        r"|anonymi[sz]ed|sensitive|not (?:be )?representative|caution",
        before=r"\w",
        after=r"\w",
    ),
    "uses": Pattern(
        r"(?i)intended|can be used|may be used|designed (?:for|to)|suitable for|should not be used"
        r"|benchmark for|useful for",
        before=r"\w",
        after=r"\w",
    ),
    "terms": Pattern(
        r"(?i)licen[cs]ed?|copyright|terms of use|maintained by|contact", before=r"\w", after=r"\w"
    ),
}  # fmt: skip
_CONTENTS = Pattern(r"(?i)(?:table of )?contents?|toc|index")
_ADDRESS = Pattern(r"https?://\S+")
# What templates and their users leave where nobody wrote anything.
_NOTHING = Pattern(
    r"(?i)\[?(?:needs? more information|more information (?:is )?needed)\]?"
    r"|this dataset card aims to be a base template for new datasets\.?"
    r"|it has been generated using this raw template\.?"
    r"|dataset card for dataset name|\[dataset name\]|lorem ipsum"
) | Pattern(
    r"(?i)t\.?b\.?[ad]\.?|to ?do|fix ?me|n/a|coming soon|to be (?:added|completed|filled|written"
    r"|determined|announced|done)|work in progress|wip|none|unknown|optional",
    before=r"\w",
    after=r"\w",
)
# Marks in which templates and people leave what is to be filled in.
_BLANK = Pattern(r"\{\{[^{}]*\}\}") | Pattern(
    r"(?i)[\[<(](?:insert|add|describe|fill|provide|write|your|placeholder|tbd|todo)[^\[\]<>()]*[\]>)]"
)
# A template's sentence that tells the author what to write.
_PROMPT = Pattern(
    r"(?i)\W*(?:please )?(?:briefly )?(?:describe|provide|explain|list|state|discuss|insert|mention"
    r"|summari[sz]e|fill in|address questions|add|enter|note) (?:the|a|an|any|all|how|what|here|if"
    r"|your|this|relevant|whether)"
)
# "Curated by:" says nothing without a name behind it.
_LABEL = Pattern(r"(?m)^[ \t]*[-*]?[ \t]*\w[\w ,()/&-]{0,50}:[ \t]*$")
_SENTENCE_END = Pattern(r"[.!?]\s|\n")
# 25 words tell where data come from, or whom they may harm, in two sentences.
_FULL_TOPIC_WORDS = 25
# A page of text is a full description; a paragraph of 60 words half of one.
_HALF_WORDS = 60
# An example of the data in a code block shows their structure.
_EXAMPLE_WORDS = 15
_QUOTE_LEAST_WORDS = 5
# How the data were made matters most to whoever has to judge a model that was trained on them.
_WEIGHTS = {
    "description": 0.30, "making": 0.25, "structure": 0.15, "cautions": 0.15, "uses": 0.075,
    "terms": 0.075,
}  # fmt: skip


@dataclass(frozen=True)
class Documentation:
    """The words about a data set.

    Attributes:
        words: how many there are in all.
        words_by_topic: how many there are on each topic: making, structure, cautions, uses, terms.
        quote: a sentence or paragraph of it, "" for none.
    """

    words: int = 0
    words_by_topic: Mapping[str, int] = field(default_factory=dict)
    quote: str = ""

    def joined(self, other: Documentation) -> Documentation:
        """Return both together."""
        return Documentation(
            self.words + other.words,
            {
                topic: self.words_by_topic.get(topic, 0) + other.words_by_topic.get(topic, 0)
                for topic in {**self.words_by_topic, **other.words_by_topic}
            },
            self.quote or other.quote,
        )

    def shares(self) -> dict[str, float]:
        """Return for the description and each topic, from 0 to 1, how far it is covered."""
        topics = {
            topic: min(1.0, self.words_by_topic.get(topic, 0) / _FULL_TOPIC_WORDS)
            for topic in _WEIGHTS
            if topic != "description"
        }
        return {"description": saturating(self.words, _HALF_WORDS), **topics}

    def share(self) -> float:
        """Return how far the data set is documented, from 0 to 1."""
        return weighted((_WEIGHTS[topic], each) for topic, each in self.shares().items())


def read_documentation(text: str) -> Documentation:
    """Count the words that a card has on each topic.

    Args:
        text: the card, with or without front matter.

    Raises:
        TooMuchToRead: the budget is used up.
    """
    readme = parse_readme(text)
    name = next((each.title for each in readme.sections if each.level == 1), "")
    counts: dict[str, int] = {}
    total, quote = 0, ""
    for section in readme.sections:
        if _CONTENTS.fullmatch(section.title.strip()):
            continue
        for topic, sentence in _topical(section, name):
            words = count_words(sentence)
            total += words
            if topic:
                counts[topic] = counts.get(topic, 0) + words
            if not quote and words >= _QUOTE_LEAST_WORDS and ":" not in sentence:
                quote = sentence
    for topic, words in _code_words(readme):
        counts[topic] = counts.get(topic, 0) + words
    return Documentation(total, counts, quote)


def _topical(section: Section, name: str) -> Iterator[tuple[str, str]]:
    """Yield the sentences of a section that were written for it, each with its topic, "" for none.

    The nearest title with a topic decides; without one, each sentence tells its own.

    Args:
        name: the title of the card, which names the data set and no topic.
    """
    above = (each for each in reversed(section.path) if each != name)
    of_title = next(filter(None, (_find_topic(_TITLES, each) for each in above)), "")
    text = _BLANK.sub(" ", _ADDRESS.sub(" ", section.text))
    text = _LABEL.sub(" ", _NOTHING.sub(" ", text))
    for sentence in filter(None, map(str.strip, _SENTENCE_END.split(text))):
        if _PROMPT.match(sentence):
            continue
        yield of_title or _find_topic(_SENTENCES, sentence), sentence


def _code_words(readme: Readme) -> Iterator[tuple[str, int]]:
    """Yield what code blocks count for: a citation, or an example of the data."""
    for block in readme.code_blocks:
        if block.is_citation:
            yield "terms", _FULL_TOPIC_WORDS
        elif _TITLES["structure"].search(block.section):
            yield "structure", _EXAMPLE_WORDS


def _find_topic(patterns: Mapping[str, Pattern], words: str) -> str:
    """Return the first topic that words are about, "" for none."""
    return next((topic for topic, each in patterns.items() if each.search(words)), "")
