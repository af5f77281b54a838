"""A sensitive model, and a program whose verdict the test says."""

from collections.abc import Iterator
from unittest import mock

import pytest

from artifacts.enums import MonitorVerdict, Part
from artifacts.models import Artifact, File, SearchDocument, User
from artifacts.sandbox.monitors import MonitorTask
from artifacts.services.content import monitoring, monitors
from artifacts.services.content.bundles import build_bundle
from artifacts.services.content.monitor_runs import Judged
from tests.factories.repositories import make_repository


class Judge:
    """Stands where programs are run, and notes what it was to run."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.tasks: list[MonitorTask] = []
        self.verdict = Judged(MonitorVerdict.ALLOWED, 0, "welcome")

    def refuse(self, output: str = "not you") -> None:
        self.verdict = Judged(MonitorVerdict.REFUSED, 3, output, "It refused this one.")

    def break_down(self) -> None:
        self.verdict = Judged(MonitorVerdict.NOT_RUN, None, "no node", "There is no Node.js here.")

    def __call__(self, task: MonitorTask, *, key: str) -> Judged:
        self.tasks.append(task)
        self.asked.append((task.downloader_name, key))
        return self.verdict


@pytest.fixture
def judge() -> Iterator[Judge]:
    made = Judge()
    with (
        mock.patch.object(monitoring, "judge_on_zip", made),
        mock.patch.object(monitors, "judge_on_zip", made),
        mock.patch.object(monitors, "require_runnable"),
    ):
        yield made


@pytest.fixture
def model(uploader: User) -> Artifact:
    """A model of ursula's, whose zips are there."""
    artifact = make_repository()
    artifact.uploader = uploader
    artifact.save()
    SearchDocument.objects.create(artifact=artifact, name=artifact.name, readme="")
    File.objects.filter(path__endswith=".safetensors").update(part=Part.WEIGHTS)
    for part in ("full", "weights"):
        build_bundle(artifact_id=artifact.id, revision=1, part=part)
    return artifact


@pytest.fixture
def guarded(model: Artifact, uploader: User, judge: Judge) -> Artifact:
    """The same with a program."""
    monitors.set_monitor(artifact_id=model.id, program="process.exit(0)", user=uploader)
    return model
