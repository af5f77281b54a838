"""Models of each kind that a registration meets, and a GitHub that has them.

Each function publishes one with all that belongs to it, and returns the URL to register.
"""

import json
import re
from collections.abc import Callable

from tests.factories.licenses import TEXTS
from tests.fakes.hub_server import commit_of, git_digest
from tests.fakes.loopback import Loopback, Reply, json_reply
from tests.fakes.repositories import publish_model

PEOPLE = [{"login": name, "type": "User", "contributions": 9} for name in ("ada", "bob", "eve")]
SCRIPTS = {"README.md": b"# Kettle\n", "train.py": b"print(1)\n", "tests/test_a.py": b"\n"}
FRONT = "---\nlicense: mit\n---\n"
WEIGHTS = {"model.safetensors": b"\0" * 64}


def graph_commit(reviewer: str) -> dict[str, object]:
    review = {"author": {"login": reviewer}}
    pull = {"merged": True, "author": {"login": "ada"}, "reviews": {"nodes": [review]}}
    return {"additions": 10, "parents": {"totalCount": 1}, "author": {"name": "ada"},
            "associatedPullRequests": {"nodes": [pull]}}  # fmt: skip


class GitHub(Loopback):
    """A GitHub whose repositories answer by REST and, with a token, by the graph."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, dict[str, bytes]] = {}
        self.pages = 1

    def reply_to(self, path: str) -> Reply:
        return self.answer_graph() if path == "/graphql" else super().reply_to(path)

    def publish(self, repository: str, files: dict[str, bytes], branch: str = "main") -> None:
        """Let GitHub have a repository, whose newest commits were reviewed by pull requests."""
        self.files[repository] = files
        api, commit = f"/repos/{repository}", commit_of(repository)
        tree = [
            {"path": path, "type": "blob", "size": len(data), "sha": git_digest(data)}
            for path, data in files.items()
        ]
        listed = json_reply({"tree": tree})
        review = {"state": "APPROVED", "user": {"login": "bob"}}
        head = {"ref": f"refs/heads/{branch}", "object": {"sha": commit}}
        first = branch.partition("/")[0]
        about = {"full_name": repository, "default_branch": "main", "stargazers_count": 3}
        self.routes |= {
            api: json_reply(about),
            f"/repos/{repository.title()}": json_reply(about),  # Names are compared ignoring case.
            f"{api}/commits/main": Reply(commit.encode()),
            f"{api}/git/matching-refs/heads/{first}": json_reply([head]),
            f"{api}/git/trees/{commit}": listed,
            f"{api}/git/trees/main": listed,
            f"{api}/git/trees/HEAD": listed,
            f"{api}/readme": Reply(files["README.md"]),
            f"{api}/tags": json_reply([{"name": "v1.0", "commit": {"sha": commit}}]),
            f"{api}/contributors": json_reply(PEOPLE),
            f"{api}/commits": json_reply([{"sha": f"c{n}", "parents": [{}]} for n in range(9)]),
            f"{api}/pulls/3/reviews": json_reply([review]),
        } | {f"{api}/contents/{path}": Reply(data) for path, data in files.items()}
        pull = {"number": 3, "merged_at": "2026-01-01", "user": {"login": "ada"}}
        for number in range(9):
            self.routes[f"{api}/commits/c{number}/pulls"] = json_reply([pull])

    def answer_graph(self) -> Reply:
        """Answer for what one question names: facts, texts, or files of a commit."""
        asked = json.loads([each.body for each in self.asked if each.body][-1])
        said = asked["variables"]
        if "name0" in said:
            named = [f"{said[f'owner{n}']}/{said[f'name{n}']}" for n in range(len(said) // 2)]
            return json_reply({"data": {f"r{n}": self.text(each) for n, each in enumerate(named)}})
        repository = f"{said['owner']}/{said['name']}"
        if repository not in self.files:
            return json_reply({"data": {"repository": None}, "errors": [{"type": "NOT_FOUND"}]})
        found = self.facts(repository, after=said.get("after"))
        for name in re.findall(r"(file\d+): object", asked["query"]):
            data = self.files[repository].get(said[name].partition(":")[2])
            found[name] = data and {"text": data.decode()}
        return json_reply({"data": {"repository": found}})

    def text(self, repository: str) -> dict[str, object] | None:
        if repository not in self.files:
            return None
        readme = {"text": self.files[repository]["README.md"].decode()}
        return {"nameWithOwner": repository, "readme0": readme}

    def facts(self, repository: str, after: str | None) -> dict[str, object]:
        has_more = self.pages > 1 and after is None
        page = {"hasNextPage": has_more, "endCursor": "next" if has_more else None}
        history = {"pageInfo": page, "nodes": [graph_commit("bob"), graph_commit("ada")]}
        target = {"oid": commit_of(repository), "history": history}
        return {
            "nameWithOwner": repository,
            "stargazerCount": 3,
            "refs": {"nodes": [{"name": "v1.0", "target": {"oid": commit_of(repository)}}]},
            "defaultBranchRef": {"target": target},
        }


def code_of_its_own(hub: Loopback, github: GitHub) -> str:
    github.publish("acme/kettle", SCRIPTS)
    card = f"{FRONT}# Robot\n\nThe code is in [this repository](https://github.com/acme/kettle).\n"
    publish_model(hub, "acme/robot", {"README.md": card.encode(), "config.json": b"{}"} | WEIGHTS)
    return "https://huggingface.co/acme/robot"


def code_of_others_that_names_it(hub: Loopback, github: GitHub) -> str:
    readme = b"# Kettle\n\nWeights: https://huggingface.co/acme/robot\n"
    github.publish("lab/kettle", SCRIPTS | {"README.md": readme})
    card = f"{FRONT}# Robot\n\nThe code is in [this repository](https://github.com/lab/kettle).\n"
    publish_model(hub, "acme/robot", {"README.md": card.encode(), "config.json": b"{}"} | WEIGHTS)
    return "https://huggingface.co/acme/robot"


def mentioned_code_and_a_base(hub: Loopback, github: GitHub) -> str:
    github.publish("widgets/input", SCRIPTS)
    github.publish("labs/brew", SCRIPTS | {"README.md": b"https://huggingface.co/lab/leaf\n"})
    base = "# Leaf\n\nThe code is in [this repository](https://github.com/labs/brew).\n"
    publish_model(hub, "lab/leaf", {"README.md": base.encode()})
    hub.routes["/lab/leaf/raw/main/README.md"] = Reply(base.encode())
    card = "---\nlicense: mit\nbase_model: lab/leaf\ndatasets: [a/one, b/two, c/three]\n---\n"
    card += "# Robot\n\nThe code is in [this repository](https://github.com/widgets/input).\n"
    publish_model(hub, "acme/robot", {"README.md": card.encode(), "config.json": b"{}"} | WEIGHTS)
    return "https://huggingface.co/acme/robot"


MODEL = {
    "README.md": b"# Robot\n\nA model.\n",
    "config.json": b'{"model_type": "bert"}',
    "COPYING": TEXTS["MIT"].encode(),
    "train.py": b"print(1)\n",
} | WEIGHTS


def all_on_github(_hub: Loopback, github: GitHub) -> str:
    github.publish("acme/robot", MODEL)
    return "https://github.com/Acme/Robot"


def a_branch_with_a_slash(_hub: Loopback, github: GitHub) -> str:
    github.publish("acme/robot", MODEL, "feature/tea")
    return "https://github.com/acme/robot/tree/feature/tea"


def a_folder_of_such_a_branch(_hub: Loopback, github: GitHub) -> str:
    inside = {f"small/{path}": data for path, data in MODEL.items()}
    github.publish("acme/robot", MODEL | inside, "feature/tea")
    return "https://github.com/acme/robot/tree/feature/tea/small"


Kind = Callable[[Loopback, GitHub], str]
KINDS: tuple[Kind, ...] = (
    code_of_its_own, code_of_others_that_names_it, mentioned_code_and_a_base,
    all_on_github, a_branch_with_a_slash, a_folder_of_such_a_branch,
)  # fmt: skip
