"""Running a model's program on a zip of it, and judging how that ended."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from artifacts.enums import MonitorVerdict
from artifacts.exceptions import ContentPending, MonitorUnavailable, ObjectMissing
from artifacts.limits import MONITOR_OUTPUT_MAX_CHARS
from artifacts.rules.printed import clean_printed
from artifacts.sandbox.monitors import MonitorTask
from artifacts.sandbox.watching import ProgramRequest, ProgramRun
from artifacts.services.content.monitor_hosts import choose_host

logger = logging.getLogger(__name__)
_ASKED = "[Asked for it: "


@dataclass(frozen=True)
class Judged:
    """How a program ended, and what that means.

    Attributes:
        exit_status: None if it was not run.
        output: the end of what it printed, cleaned.
        reason: a sentence that says how it ended; "" where it allows the download.
        requests: what was asked of hosts for it; None if the operator allows none.
    """

    verdict: MonitorVerdict
    exit_status: int | None
    output: str
    reason: str = ""
    requests: tuple[ProgramRequest, ...] | None = None

    @property
    def kept(self) -> str:
        """What a row keeps of it: the output and, behind it, what was asked.

        A program may print the like; where hosts are allowed, what stands last is the registry's.
        """
        if self.requests is None:
            return self.output
        return f"{self.output}\n{_ASKED}{_listed(self.requests)}]".strip()


def said_in(kept: str) -> str:
    """Return what a program printed, of what a row keeps."""
    return kept.rpartition(_ASKED)[0].strip() if _ASKED in kept else kept


def judge_on_zip(task: MonitorTask, *, key: str) -> Judged:
    """Run a program on a zip of the bucket.

    Raises:
        ContentPending: the zip was removed a moment ago.
        MonitorsBusy: too many programs run at this moment.
    """
    try:
        return _judge(choose_host().run(task, key))
    except MonitorUnavailable as error:
        return _not_run(error.reason, error.reason, detail=error.detail)
    except ObjectMissing as error:
        raise ContentPending("The zip of this part is being made. Ask again soon.") from error


def require_runnable() -> None:
    """Check that programs can be run here, by running one that does nothing.

    Raises:
        MonitorUnavailable: they cannot; the message says why, and what an operator can do.
        MonitorsBusy: too many programs run at this moment.
    """
    try:
        run = choose_host().run(MonitorTask("process.exit(0)", "", "", ""), None)
    except MonitorUnavailable as error:
        _not_run(error.reason, error.reason, detail=error.detail)
        raise
    if run.exit_status != 0 or run.is_timed_out:
        raise MonitorUnavailable(_judge(run).reason)


def _judge(run: ProgramRun) -> Judged:
    """Say what the end of a program means: only 0, in time, lets anybody have the model."""
    output = clean_printed(run.output, MONITOR_OUTPUT_MAX_CHARS)
    if run.requests:
        logger.info("monitor.asked", extra={"requests": _listed(run.requests)})
    if run.exit_status is None:
        return _not_run(f"Nothing confines such programs here. {output}", output)
    if run.is_timed_out:
        reason = "It took too long and was ended."
    elif run.is_too_long:
        reason = "It printed too much and was ended."
    elif run.exit_status < 0:
        reason = f"It was ended by the signal {-run.exit_status}, as by using too much memory."
    elif run.exit_status:
        reason = f"It refused this one, with the exit status {run.exit_status}."
    else:
        return Judged(MonitorVerdict.ALLOWED, 0, output, requests=run.requests)
    return Judged(MonitorVerdict.REFUSED, run.exit_status, output, reason, run.requests)


def _listed(requests: Sequence[ProgramRequest]) -> str:
    """Return what was asked in a line, without paths or bodies, which may tell of the model."""
    lines = (
        f"{each.method} {each.host}, {each.status or 'no answer'}, {each.sent_bytes} bytes sent, "
        f"{each.received_bytes} received"
        for each in requests
    )
    return "; ".join(lines) or "nothing"


def _not_run(reason: str, output: str, *, detail: str = "") -> Judged:
    """Note for operators that a program was to be run and was not."""
    logger.warning("monitor.not_run", extra={"reason": f"{output} {detail}".strip()})
    return Judged(MonitorVerdict.NOT_RUN, None, output, reason)
