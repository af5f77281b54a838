"""Each route that could give out or show an artifact, and how to ask it; and all other routes.

A new route fails `test_quarantine.py` until it stands in `DOORS` or in `ELSEWHERE`.
"""

from dataclasses import dataclass

from tests.factories.repositories import COMMIT, OLD_COMMIT

NAME = "plover"


@dataclass(frozen=True)
class Door:
    """One way to ask for the model, or for a list that has it.

    Attributes:
        client: `api`, `hub`, or `page` for a person in a browser.
        is_list: whether the answer is a list, from which the model has to be absent.
    """

    route: str
    path: str
    client: str = "api"
    method: str = "GET"
    body: object = None
    is_list: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def _hub(kind: str) -> list[Door]:
    """The Hub's door, for one kind, by id, alias, tag, number and pinned commit."""
    found = []
    base = "" if kind == "models" else "datasets/"
    for suffix, repo in (("", f"acme/{NAME}"), ("-alias", NAME)):
        name = f"hub-{kind}{suffix}"
        for revision in ("main", "v1.0", "r2", COMMIT, OLD_COMMIT, "r1"):
            for word in ("resolve", "raw"):
                for method in ("GET", "HEAD"):
                    path = f"/{base}{repo}/{word}/{revision}/config.json"
                    found.append(Door(f"{name}-{word}", path, "hub", method))
            for word in ("revision", "tree", "commits"):
                path = f"/api/{kind}/{repo}/{word}/{revision}"
                found.append(Door(f"{name}-{word}", path, "hub"))
            path = f"/api/{kind}/{repo}/paths-info/{revision}"
            body = {"paths": ["config.json"]}
            found.append(Door(f"{name}-paths-info", path, "hub", "POST", body))
        for ending, path in (("-refs", "/refs"), ("-auth-check", "/auth-check"), ("", "")):
            found.append(Door(f"{name}{ending}", f"/api/{kind}/{repo}{path}", "hub"))
    found += [
        Door(f"hub-{kind}-search", f"/api/{kind}?{query}", "hub", is_list=True)
        for query in ("", "search=plover", "author=acme", "sort=lastModified", "filter=license:mit")
    ]
    found.append(Door(f"hub-{kind}-page", f"/{base}acme/{NAME}", "page"))
    found += [
        Door(f"hub-{kind}-page-{word}", f"/{base}acme/{NAME}/{word}/main/config.json", "page")
        for word in ("commit", "tree", "blob")
    ]
    return found


def _search(route: str, path: str, body: object) -> Door:
    return Door(route, path, "api", "POST", body, is_list=True)


DOORS = (
    _search("artifacts", "/artifacts", [{"name": "*"}]),
    _search("artifacts", "/artifacts", [{"name": NAME, "types": ["model"]}]),
    _search("artifacts", "/artifacts", [{"name": "*", "version": "1.0.0"}]),
    _search("artifact-by-regex", "/artifact/byRegEx", {"regex": "plover"}),
    _search("artifact-by-regex", "/artifact/byRegEx", {"regex": "^plov"}),
    _search("artifact-by-regex", "/artifact/byRegEx", {"regex": "wades"}),
    Door("artifact-by-name", f"/artifact/byName/{NAME}", is_list=True),
    Door("artifact", "/artifacts/model/{id}"),
    *(
        Door("artifact-download", f"/artifacts/model/{{id}}/download?part={part}", method=method)
        for part in ("full", "weights", "card")
        for method in ("GET", "HEAD")
    ),
    Door("artifact-lineage", "/artifact/model/{id}/lineage"),
    Door("artifact-cost", "/artifact/model/{id}/cost"),
    Door("artifact-cost", "/artifact/model/{id}/cost?dependency=true"),
    Door("artifact-audit", "/artifact/model/{id}/audit"),
    Door("artifact-decision", "/artifact/model/{id}/decision"),
    Door("artifact-scans", "/artifact/model/{id}/scans"),
    Door("home", "/", "page", is_list=True),
    *(
        Door("catalogue", f"/catalogue?{query}", "page", is_list=True)
        for query in ("", "q=plover", "q=wades", "q={id}", "q=acme/plover", "license=permissive")
    ),
    Door("compare", "/compare?ids={id},{child}", "page", is_list=True),
    *(
        Door("artifact-page", f"/a/{{id}}?tab={tab}", "page")
        for tab in ("", "scores", "files", "lineage", "revisions", "audit", "use", "scan")
    ),
    Door("artifact-page", "/a/{id}?format=json", "page"),
    Door("artifact-page-download", "/a/{id}/download/full", "page"),
    Door("artifact-page-download", "/a/{id}/download/weights", "page"),
    Door("file-page-download", "/files/{file}", "page"),
    Door("file-page-download", "/files/{old_file}", "page"),
    Door("family", "/lineage/{id}", "page"),
    Door("registration-progress", "/register/{id}", "page"),
    *_hub("models"),
    *_hub("datasets"),
)
# Routes that a quarantine concerns and that other tests ask: those that write, or need a rating.
ASKED_ELSEWHERE = {
    "artifact-rate", "artifact-license-check", "license-check-page", "artifact-page-decision",
    "artifact-monitor", "artifact-monitor-dry-run", "artifact-page-monitor", "artifact-downloads",
    "artifact-create", "content",
    *(
        f"hub-{kind}-{word}"
        for kind in ("models", "datasets")
        for word in ("preupload", "lfs-batch", "commit", "tag", "branch")
    ),
    "hub-repos-create", "hub-repos-delete",
}  # fmt: skip
# What never shows an artifact, or only words that several have, or is for those who decide alone.
ELSEWHERE = ASKED_ELSEWHERE | {
    "package-confusion-audit", "look-alike",
    "health", "health-components", "health-dashboard", "tracks", "schema", "docs", "reset",
    "authenticate", "users", "user", "user-permissions", "user-password", "user-tokens",
    "user-token", "uploads", "upload", "upload-parts", "upload-complete", "upload-content",
    "upload-part-content", "upload-page", "upload-page-token", "upload-page-check",
    "sign-in", "sign-out", "account", "account-tokens", "account-program-tokens",
    "account-token-revoke", "account-password", "account-delete", "register",
    "hub-validate-yaml", "hub-no-xet", "hub-lfs-complete", "hub-lfs-verify",
    "hub-agent-harnesses", "hub-whoami", "hub-models-tags-by-type", "hub-datasets-tags-by-type",
    *(
        f"hub-{kind}{suffix}-xet-{word}-token"
        for kind in ("models", "datasets")
        for suffix, word in (("", "read"), ("-alias", "read"), ("", "write"))
    ),
}  # fmt: skip
