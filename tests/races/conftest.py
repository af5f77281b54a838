"""What a world's operations meet outside."""

import pytest

from artifacts.exceptions import SourceUnavailable
from artifacts.rules.rating.evidence import CommitFacts
from artifacts.sandbox.watching import ProgramRun
from artifacts.services.content import monitor_hosts
from artifacts.services.trust import code_search, dataset_search, evidence
from artifacts.sources import catalogue
from tests.races.sources import SOURCES


@pytest.fixture
def sources(monkeypatch, set_limits, settings):
    settings.REGISTRY_TASKS = "worker"
    monkeypatch.setattr(catalogue, "SOURCES", SOURCES)
    set_limits(DOWNLOAD_WAIT_S=0.01)
    # What programs of models do is tried elsewhere; here each lets everybody have everything.
    monkeypatch.setattr(monitor_hosts, "find_node", lambda _: "node")
    monkeypatch.setattr(monitor_hosts, "run_monitor", lambda *_, **__: ProgramRun(0, "fine"))
    monkeypatch.setattr(evidence, "fetch_commits", lambda *_: CommitFacts({"ada": 5}))
    for room, name in (
        (evidence, "fetch_code_facts"), (code_search, "fetch_card"), (code_search, "fetch_texts"),
        (dataset_search, "fetch_dataset"),
    ):  # fmt: skip
        monkeypatch.setattr(room, name, _silent)


def _silent(*_given, **_named):
    raise SourceUnavailable("Nobody answers.")
