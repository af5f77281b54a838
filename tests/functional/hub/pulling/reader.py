"""A client of the Hub whose user has a token for programs."""

from django.test import Client

from artifacts.enums import TokenScope
from artifacts.models import User
from artifacts.services.access.account import make_token_for_programs
from artifacts.tasks.runner import run_one
from tests.secret_watch import remember

ID = "acme/robot"
INFO = f"/api/models/{ID}"
READS = {
    "info": INFO,
    "revision": f"{INFO}/revision/main",
    "tree": f"{INFO}/tree/main?recursive=true",
    "resolve": f"/{ID}/resolve/main/README.md",
}


class Reader:
    """A client of the Hub."""

    def __init__(self, user: User, scope: TokenScope = TokenScope.WRITE) -> None:
        token, _ = make_token_for_programs(user=user, name="x", scope=scope, lifetime_days=1)
        self.headers = {"Authorization": f"Bearer {remember(token)}"}
        self.client = Client()

    def get(self, path: str):
        return self.client.get(path, headers=self.headers)

    def head(self, path: str):
        return self.client.head(path, headers=self.headers)


def run_tasks() -> None:
    for _ in range(20):
        if not run_one("test"):
            return
