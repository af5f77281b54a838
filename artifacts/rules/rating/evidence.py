"""The facts that metrics judge, each group with where it came from. Nothing is asked for here.

A group is either there, or `Missing` with the reason: a metric never has to guess whether a zero
was counted or never looked for. `services.evidence` fills these in; they are kept with the rating.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from artifacts.exceptions import TooMuchToRead


@dataclass(frozen=True)
class Missing:
    """Facts that are not there.

    Attributes:
        reason: a sentence that goes on from "The code repository: ..." and ends with a full stop.
        try_later: True when the source did not answer; False when it was looked for and is absent.
    """

    reason: str
    try_later: bool = False


class Unread(Mapping[str, Any]):
    """A card or configuration that was too much to read: whoever looks into it is told so.

    An empty one would say that nothing is stated.
    """

    def __init__(self, reason: str) -> None:
        """Keep the sentence that says why."""
        self.reason = reason

    def __getitem__(self, key: str) -> NoReturn:
        raise TooMuchToRead.again(self.reason)

    def __iter__(self) -> NoReturn:
        raise TooMuchToRead.again(self.reason)

    def __len__(self) -> int:
        raise TooMuchToRead.again(self.reason)


@dataclass(frozen=True)
class FileFacts:
    """A file of a repository, as its listing shows it.

    Attributes:
        part: `weights`, `dataset`, `code`, `card` or `config` (see `rules.parts`).
        size_bytes: None when the listing has no sizes.
    """

    path: str
    size_bytes: int | None
    part: str


@dataclass(frozen=True)
class ModelFacts:
    """The model's own repository.

    Attributes:
        repository: the source's word for it, as in `openai/whisper-tiny`.
        origin: where it comes from, in the words of `enums.SourceKind`.
        readme: the card's text with its front matter, "" for none.
        card: the front matter as data, {} for none.
        config: config.json as data, {} for none.
        license: as stated by the source, "" for none.
        library: the Hub's `library_name` or the card's, "" for none.
        task: the Hub's `pipeline_tag`, "" for none.
        tags: the Hub's tags, such as `arxiv:1810.04805`, `dataset:squad`.
        versions: names of the repository's git tags.
        downloads: in the last month; None where the source does not count.
        likes: None where the source has none.
        unread: why the `card`, the `config` or `weights` were too much to read, where they were.
    """

    repository: str
    origin: str
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
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CommitFacts:
    """The history of the model's own repository on the Hub.

    Attributes:
        commits_by_author: login or name to commits; bots are left out.
        is_partial: True when older commits were not read.
    """

    commits_by_author: Mapping[str, int]
    is_partial: bool = False


@dataclass(frozen=True)
class ReviewFacts:
    """How much of a code repository came through reviewed pull requests.

    Attributes:
        commits: commits looked at, without merge commits and those of bots.
        reviewed_commits: those of them whose merged pull request somebody else approved.
        additions: lines added by `commits`, without weights, lock files and vendored data where the
            source tells files apart; None where only commits were counted.
        reviewed_additions: the same of `reviewed_commits`.
        method: how it was found, in words, as in "the newest 300 commits, by GraphQL".
        is_sample: True when not all commits were looked at.
    """

    commits: int
    reviewed_commits: int
    additions: int | None
    reviewed_additions: int | None
    method: str
    is_sample: bool


@dataclass(frozen=True)
class CodeFacts:
    """The code repository that belongs to a model.

    Attributes:
        repository: as in `openai/whisper`.
        url: its page.
        found_by: `card` (front matter), `readme` (a link), `base_model` (that of the model it was
            made from) or `library` (that of the library it is loaded with: a last resort).
        instead_of: the repository that was named and does not exist, "" for none.
        license: SPDX id as GitHub states it; "" for none, `NOASSERTION` for one it does not know.
        contributors: commits of each contributor, most first, without bots; or why they are absent.
        files: every file of the default branch; or why they are absent.
        languages: language to bytes.
        releases: number of published releases.
        stars, forks, open_issues: None where unknown.
        pushed_at: ISO 8601, "" for unknown.
    """

    repository: str
    url: str
    found_by: str
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


@dataclass(frozen=True)
class DatasetFacts:
    """A data set that a model was trained on or evaluated with.

    Attributes:
        repository: as in `rajpurkar/squad`, or the name under which the card mentions it.
        url: its page, "" when it is only mentioned by name.
        found_by: `card` (front matter `datasets`), `tag`, or `readme` (a link).
        purpose: `training` or `evaluation`, as far as the card tells them apart.
        is_found: True when its source knows it; the rest is empty otherwise.
        license: as stated, "" for none.
        card: its front matter as data.
        description: what its source says about it in words, "" for nothing.
        size_bytes: None for unknown.
        examples: number of rows over all splits, None for unknown.
        splits: names, as in `("train", "test")`.
        downloads: in the last month; None where unknown.
    """

    repository: str
    url: str
    found_by: str
    purpose: str = "training"
    is_found: bool = False
    license: str = ""
    card: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""
    size_bytes: int | None = None
    examples: int | None = None
    splits: tuple[str, ...] = ()
    downloads: int | None = None
    likes: int | None = None
    is_gated: bool = False


@dataclass(frozen=True)
class ParentFacts:
    """A registered model that this one was made from, and its net score."""

    artifact_id: str
    name: str
    net_score: float


@dataclass(frozen=True)
class DemonstrationFacts:
    """What came of running the code in the card, in a sandbox, on the files that are kept.

    Attributes:
        output: the end of what it printed.
        section: where in the card the code stands.
    """

    ended_well: bool
    is_timed_out: bool
    output: str
    section: str


@dataclass(frozen=True)
class Evidence:
    """Everything that a rating may rest on.

    Attributes:
        datasets: those that a source knows or the card names, in the order of mention.
        demonstration: None where nothing was executed, as usual.
    """

    model: ModelFacts
    commits: CommitFacts | Missing
    code: CodeFacts | Missing
    datasets: tuple[DatasetFacts, ...] | Missing
    parents: tuple[ParentFacts, ...] = ()
    demonstration: DemonstrationFacts | None = None

    def with_unread(self) -> Evidence:
        """Return it as metrics are shown it: what is empty for being too much to read says so."""
        unread = self.model.unread
        if not unread:
            return self
        hidden: dict[str, Any] = {
            name: Unread(unread[name]) for name in ("card", "config") if name in unread
        }
        return replace(self, model=replace(self.model, **hidden))
