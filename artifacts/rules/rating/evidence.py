"""The facts that metrics judge, in groups. This module gathers nothing itself.

A group is either present, or `Missing` with the reason: a metric never has to guess whether a zero
was counted or never looked for. `services.trust.evidence` fills them in; the rating keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from artifacts.enums import Part, SourceKind
from artifacts.rules.eval_results import StatedResult
from artifacts.rules.rating.ancestry import BaseFacts, BaseSize, ParentFacts
from artifacts.rules.rating.attribution import CopyFacts, MentionedCode, Ownership
from artifacts.rules.rating.data_documentation import Documentation
from artifacts.rules.reading import ABSENT, Readable, Reading, ReadState

# How a code repository was found: as the model's own, in the front matter or through a link in the
# README; as that of the base model; or, as a last resort, as that of the library that loads it.
CodeFoundBy = Literal["card", "readme", "base_model", "library"]
OWN_CODE: tuple[CodeFoundBy, ...] = ("card", "readme")
# How a data set was found: in the front matter, among the tags, or in the README.
DatasetFoundBy = Literal["card", "tag", "readme"]
# What a data set was used for, according to the card.
Purpose = Literal["training", "evaluation"]


@dataclass(frozen=True)
class Missing:
    """Facts that are missing.

    Attributes:
        reason: a sentence that continues "The code repository: ..." and ends with a full stop.
        try_later: True if the source did not answer; False if it answered that there is nothing.
        is_to_be_asked: True if no request was left to ask for them yet.
    """

    reason: str
    try_later: bool = False
    is_to_be_asked: bool = False


@dataclass(frozen=True)
class FileFacts:
    """A file in a repository's listing.

    Attributes:
        size_bytes: None if the listing has no sizes.
        digest: as the source states it, such as `sha256:<hex>`; "" for nothing.
    """

    path: str
    size_bytes: int | None
    part: Part
    digest: str = ""


@dataclass(frozen=True)
class ModelFacts:
    """The model's own repository.

    Attributes:
        repository: its name at the source, such as `openai/whisper-tiny`.
        readme: the card's text with its front matter, "" for none.
        card: the front matter as data, {} for none.
        config: config.json as data, {} for none.
        license: as the source states it, "" for none.
        library: the Hub's `library_name` or the card's, "" for none.
        task: the Hub's `pipeline_tag`, "" for none.
        tags: the Hub's tags, such as `arxiv:1810.04805`, `dataset:squad`.
        versions: names of the repository's git tags.
        downloads: in the last month; None where the source does not count.
        likes: None where the source has none.
        readings: how far card, configuration, license file and so on were read.
        commit: the commit that was read, "" for none.
        page_url: its page at the source, "" for uploads.
        faults: path -> what is wrong with the content of a file, as a sentence.
        pointers: paths of pointers of Git LFS; their sizes are those of what they stand for.
        results: those in files of `.eval_results/`; `readings` says how far those were read.
        scan: what the Hub's scanners say of the files (`securityRepoStatus`), {} for nothing.
        scanned: what the registry's own scan found, a sentence for each file.
    """

    repository: str
    origin: SourceKind
    readme: str = ""
    card: Mapping[str, Any] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    license: str = ""
    library: str = ""
    task: str = ""
    tags: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    files: tuple[FileFacts, ...] = ()
    downloads: int | None = None
    likes: int | None = None
    created_at: str = ""
    modified_at: str = ""
    readings: Mapping[Readable, Reading] = field(default_factory=dict)
    commit: str = ""
    page_url: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    pointers: frozenset[str] = frozenset()
    results: tuple[StatedResult, ...] = ()
    scan: Mapping[str, Any] = field(default_factory=dict)
    scanned: tuple[str, ...] = ()


@dataclass(frozen=True)
class CommitFacts:
    """The history of the model's own repository on the Hub.

    Attributes:
        commits_by_author: number of commits by login or name, without bots.
        is_partial: True if older commits were not read.
    """

    commits_by_author: Mapping[str, int]
    is_partial: bool = False


@dataclass(frozen=True)
class ReviewFacts:
    """How much of a code repository came through reviewed pull requests.

    Attributes:
        commits: number of commits examined, without merge commits and those of bots.
        reviewed_commits: how many of them had a merged pull request that another person approved.
        additions: lines added by `commits`, without weights, lock files and vendored data where the
            source distinguishes files; None where only commits were counted.
        reviewed_additions: lines added by `reviewed_commits`.
        method: how the numbers were obtained, such as "the newest 300 commits, by GraphQL".
        is_sample, is_to_be_asked: True if not all commits were examined; for lack of requests yet.
    """

    commits: int
    reviewed_commits: int
    additions: int | None
    reviewed_additions: int | None
    method: str
    is_sample: bool
    is_to_be_asked: bool = False


@dataclass(frozen=True)
class CodeFacts:
    """The code repository that belongs to a model, or the one of its base or library.

    Attributes:
        repository: its name, such as `openai/whisper`.
        instead_of: the repository that was named but does not exist, "" for none.
        license: SPDX id as GitHub states it; "" for none, `NOASSERTION` for one it does not know.
        contributors: commits of each, most first, without bots; or why they are missing.
        files: every file of the default branch; or why they are missing.
        languages: bytes by language.
        releases, stars, forks, open_issues: None where unknown.
        pushed_at, created_at: ISO 8601, "" for unknown.
        commit: the newest of the default branch, "" for unknown.
        ownership: what shows that it is the model's own; None for somebody else's.
        owner_kind: "organisation" or "person", "" for unknown.
    """

    repository: str
    url: str
    found_by: CodeFoundBy
    instead_of: str = ""
    license: str = ""
    contributors: tuple[int, ...] | Missing = Missing("it was not looked for.")
    files: tuple[FileFacts, ...] | Missing = Missing("it was not looked for.")
    languages: Mapping[str, int] = field(default_factory=dict)
    releases: int | None = None
    stars: int | None = None
    forks: int | None = None
    open_issues: int | None = None
    is_archived: bool = False
    pushed_at: str = ""
    reviews: ReviewFacts | Missing = Missing("it was not looked for.")
    commit: str = ""
    ownership: Ownership | None = None
    created_at: str = ""
    owner_kind: str = ""

    @property
    def is_own(self) -> bool:
        """Whether it is the model's own: others' people and reviews say nothing about the model."""
        return self.found_by in OWN_CODE


@dataclass(frozen=True)
class DatasetFacts:
    """A data set that a model was trained on or evaluated with.

    Attributes:
        repository: its name, such as `rajpurkar/squad`, or the name by which the card mentions it.
        url: its page, "" if it is only mentioned by name.
        quote: the words of the model's card that name it, "" for front matter and tags.
        reading: how far its source was asked about it; all that follows is empty unless it is read.
        license: as stated, "" for none.
        card: its front matter as data.
        description: its source's description in words, "" for none.
        documentation: what its card says in words.
        text_reading: how far its card was read.
        croissant_reading: how far its Croissant metadata were read, which complete the rest.
        commit: the commit at its source, "" for unknown.
        size_bytes, examples: None for unknown; examples are the rows of all splits.
        splits: names, as in `("train", "test")`.
        downloads: in the last month; None where unknown.
    """

    repository: str
    url: str
    found_by: DatasetFoundBy
    purpose: Purpose = "training"
    quote: str = ""
    reading: Reading = ABSENT
    license: str = ""
    card: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""
    documentation: Documentation = field(default_factory=Documentation)
    text_reading: Reading = ABSENT
    croissant_reading: Reading = ABSENT
    commit: str = ""
    size_bytes: int | None = None
    examples: int | None = None
    splits: tuple[str, ...] = ()
    downloads: int | None = None
    likes: int | None = None
    is_gated: bool = False

    @property
    def is_found(self) -> bool:
        """Whether its source knows it."""
        return self.reading.state is ReadState.READ

    @property
    def is_to_be_asked(self) -> bool:
        """Whether there is more to ask about it, for which no request was left."""
        readings = (self.reading, self.text_reading, self.croissant_reading)
        return any(each.state is ReadState.NOT_ASKED for each in readings)


@dataclass(frozen=True)
class DemonstrationFacts:
    """The result of running the card's code in a sandbox, on the files that the registry keeps.

    Attributes:
        output, section: the end of what it printed; the card's section that holds the code.
    """

    ended_well: bool
    is_timed_out: bool
    output: str
    section: str


@dataclass(frozen=True)
class Evidence:
    """Everything that a rating may use.

    Attributes:
        datasets: those that a source knows or the card names, in the order of mention.
        bases: all registered ancestors, nearest first.
        base_size: that of the model that an adapter needs; None where nobody has to know it.
        demonstration: None if nothing was executed, which is the usual case.
        mentioned_code: linked in the card, without proof that they are the model's own.
        copy: the model by somebody else whose card or weights this one has.
    """

    model: ModelFacts
    commits: CommitFacts | Missing
    code: CodeFacts | Missing
    datasets: tuple[DatasetFacts, ...] | Missing
    parents: tuple[ParentFacts, ...] = ()
    bases: tuple[BaseFacts, ...] = ()
    base_size: BaseSize | Missing | None = None
    demonstration: DemonstrationFacts | None = None
    mentioned_code: tuple[MentionedCode, ...] = ()
    copy: CopyFacts | None = None
