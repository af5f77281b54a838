"""One scenario from beginning to end: lose a component, ask everything, get it back, look again."""

import time
from dataclasses import dataclass, field

from tests.faults import operations
from tests.faults.client import Answer
from tests.faults.lane import Lane
from tests.faults.operations import BACK, LOST, WELL, Cast
from tests.faults.scenarios import Scenario

# For a page that tells of what it met, and for a task that is late.
SAID_WITHIN_S = 20.0
# What an error's sentence tells somebody to do.
ADVICE = ("again", "operator", "later")
FAULTS_FROM = 500
UNAVAILABLE = 503


@dataclass
class Observed:
    """What was seen of one scenario.

    Attributes:
        cells: status and error code, by operation.
        slowest: the operation that took longest, and its seconds.
        said: the state of each component that is not well, as the registry told it.
        back_s: seconds until the tasks were done once the component was back.
        problems: sentences about what was not as expected.
    """

    scenario: Scenario
    cells: dict[str, str] = field(default_factory=dict)
    slowest: tuple[str, float] = ("", 0.0)
    said: list[str] = field(default_factory=list)
    back_s: float = 0.0
    problems: list[str] = field(default_factory=list)

    def note(self, phase: str, answers: dict[str, Answer]) -> None:
        """Compare answers with what is expected of them."""
        expected = self.scenario.answers if phase == LOST else WELL
        for name, answer in answers.items():
            cell = cell_of(answer)
            if cell != expected[name]:
                self.problem(f"{phase}: {name} answered {cell} instead of {expected[name]}")
            if answer.seconds > self.scenario.within_s:
                self.problem(f"{phase}: {name} took {answer.seconds:.1f} s")
            self.problems += [f"{self.scenario.name}: {name} {each}" for each in faults_of(answer)]
        if phase == LOST:
            self.cells |= {name: cell_of(answer) for name, answer in answers.items()}
            timed = [(name, answer.seconds) for name, answer in answers.items()]
            self.slowest = max([self.slowest, *timed], key=lambda each: each[1])

    def problem(self, sentence: str) -> None:
        self.problems.append(f"{self.scenario.name}: {sentence}")


def cell_of(answer: Answer) -> str:
    """Return what a table shows of an answer."""
    if not answer.status:
        return "no answer"
    return f"{answer.status} {answer.error.get('code', '')}".strip()


def faults_of(answer: Answer) -> list[str]:
    """Say what an error's answer lacks: a sentence with advice, and when to come back."""
    if answer.status < FAULTS_FROM or not answer.headers.get("x-request-id"):
        return []  # All is well, or the bucket itself answered.
    text = answer.error.get("message") or answer.body.decode()
    found = [] if any(word in text for word in ADVICE) else [f"gives no advice: {text[:200]}"]
    if answer.status == UNAVAILABLE and "retry-after" not in answer.headers:
        found.append("does not say when to ask again")
    return found


def observe(lane: Lane, scenario: Scenario) -> Observed:
    """Go through a scenario. The registry is as at its beginning afterwards."""
    seen = Observed(scenario)
    cast = operations.prepare(lane, scenario.name)
    # Something is lost in the midst of it; but a function that is awake needs no waking.
    arriving = "" if scenario.needs_sleep else operations.start_transfer(lane, cast)
    before = lane.listed()
    scenario.lose(lane)
    try:
        arriving = arriving or operations.start_transfer(lane, cast)
        lost = operations.try_all(lane, cast, LOST)
        seen.note(LOST, lost)
        _note_what_is_said(lane, seen)
    finally:
        scenario.regain(lane)
    lane.wait_for_sources()
    back = operations.try_all(lane, cast, BACK)
    seen.note(BACK, back)
    seen.back_s = lane.wait_for_tasks()
    _look_for_losses(lane, seen, cast, before | {arriving}, (lost, back))
    operations.digest_at(operations.link_to(lane, arriving))
    _reset(lane, seen)
    return seen


def _note_what_is_said(lane: Lane, seen: Observed) -> None:
    """Wait until the registry tells of what it lacks, and of nothing else that is lost."""
    ends_at = time.monotonic() + SAID_WITHIN_S
    wanted = set(seen.scenario.says)
    while True:
        answer = lane.ask("GET", "/health/components")
        components = answer.json["components"] if answer.status == 200 else []
        said = {f"{each['id']} {each['status']}" for each in components if each["status"] != "ok"}
        if (components and wanted <= said) or time.monotonic() > ends_at:
            break
        time.sleep(0.5)
    seen.said = sorted(said)
    if not components or not wanted <= said:
        seen.problem(f"/health/components says {sorted(said)}, without {sorted(wanted)}")
    if others := {each for each in said - wanted if each.endswith("critical")}:
        seen.problem(f"/health/components says {sorted(others)} as well")


def _look_for_losses(
    lane: Lane, seen: Observed, cast: Cast, before: set[str], phases: tuple[dict[str, Answer], ...]
) -> None:
    """See that what was answered is what there is, and that contents are whole."""
    there = lane.listed()
    promised = set(before)
    for answers in phases:
        for name, answer in answers.items():
            if name.startswith("register") and answer.status in (201, 202):
                promised.add(answer.json["metadata"]["id"])
            if name == "delete" and answer.status == 200:
                promised.discard(answer.json["deleted"])
    # A deletion that was answered with an error may have happened, or not.
    unsure = {spare.deleted for spare in cast.spares.values()}
    if missing := promised - unsure - there:
        seen.problem(f"registered, and gone: {sorted(missing)}")
    if gone := (unsure - promised) & there:
        seen.problem(f"deleted, and there: {sorted(gone)}")
    if operations.digest_at(operations.link_to(lane, cast.kept)) != cast.digest:
        seen.problem("the content is another than before")
    operations.digest_at(operations.link_to(lane, cast.replaced))


def _reset(lane: Lane, seen: Observed) -> None:
    """Try the reset without the component; what it answers is what it did."""
    before = lane.listed()
    seen.scenario.lose(lane)
    try:
        answer = operations.reset(lane)
    finally:
        seen.scenario.regain(lane)
    seen.note(LOST, {"reset": answer})
    kept = before if answer.status != 200 else set()
    if lane.listed() != kept:
        seen.problem("the reset answered one thing and did another")
    if answer.status != 200:
        seen.note(BACK, {"reset": operations.reset(lane)})
    lane.wait_for_tasks()
    lane.sign_in()
