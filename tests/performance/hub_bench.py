"""What the Hub's clients cost before each file, against reading an artifact by its id."""

import itertools

from django.core.handlers.base import BaseHandler
from django.http import HttpRequest
from django.test import RequestFactory, override_settings

from artifacts.models import DEFAULT_ADMIN_USERNAME, AccessToken, Artifact, User
from artifacts.services.access import authentication
from tests.factories.repositories import make_repository
from tests.performance.in_process import READS, Figures, median_ms, password

# As many files as `openai/whisper-tiny` has, of which each is asked for in turn.
FILES = {f"part-{number}.json": b"{}" for number in range(16)}
_HEAD = "/acme/robot/resolve/main/{}"
_TREE = "/api/models/acme/robot/tree/main?recursive=true&expand=false"


def run(_rows: int) -> Figures:
    """HEAD of a file and the tree, each with its token, as a share of what reads by id reach."""
    user = User.objects.get(username=DEFAULT_ADMIN_USERNAME)
    token = authentication.issue_token(username=user.username, password=password())
    bearer = f"Bearer {token}"
    AccessToken.objects.update(calls_left=10 * READS)
    make_repository(files=FILES, number=1_000_000)
    rows = Artifact.objects.order_by("created_us").values_list("id", "type")[:READS]
    keys, paths = itertools.cycle(list(rows)), itertools.cycle(FILES)
    factory, handler = RequestFactory(), BaseHandler()

    def send(request: HttpRequest) -> None:
        answer = handler.get_response(request)
        if answer.status_code != 200:
            raise RuntimeError(answer)

    def read() -> None:
        key, kind = next(keys)
        send(factory.get(f"/artifacts/{kind}/{key}", headers={"X-Authorization": token}))

    def head() -> None:
        send(factory.head(_HEAD.format(next(paths)), headers={"Authorization": bearer}))

    def tree() -> None:
        send(factory.get(_TREE, headers={"Authorization": bearer}))

    with override_settings(ALLOWED_HOSTS=["*"]):
        handler.load_middleware()
        read_ms, head_ms, tree_ms = median_ms([read, head, tree], READS)
    return [
        (f"{what}, a second, against reads by id (goal: at least 0.8)",
         f"{read_ms / taken_ms:.2f} times ({1000 / taken_ms:.0f} against {1000 / read_ms:.0f})")
        for what, taken_ms in (
            ("HEAD of a file by the Hub's clients", head_ms),
            (f"their tree of {len(FILES)} files", tree_ms),
        )
    ]  # fmt: skip
