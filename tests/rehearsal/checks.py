"""What is looked at over HTTP while the deployed function answers."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from deployment.binary import check_binary
from deployment.client import Client
from tests.rehearsal.visitor import Page, Visitor
from tests.rehearsal.world import World

USER = "ece30861defaultadminuser"
# What a token may be used for, in calls (artifacts/limits/access.py).
TOKEN_CALLS = 1_000
TOO_MANY = 40
THREADS = 24
LOST_WITHIN_S = 20.0
SETTLED_WITHIN_S = 240.0


class CheckFailed(Exception):
    """Something answered otherwise than it had to."""


def require(holds: object, what: str) -> None:
    """Stop when something does not hold.

    Raises:
        CheckFailed: it does not.
    """
    if not holds:
        raise CheckFailed(what)


def ask(
    url: str, method: str = "GET", data: object = None, headers: dict[str, str] | None = None
) -> tuple[int, Any, dict[str, str]]:
    """Send a request; return status, body (JSON where it is), and headers. Follows no redirect."""
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(url, body, headers or {}, method=method)
    if body is not None:
        request.add_header("Content-Type", "application/json")
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=60) as answer:
            status, found, fields = answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            status, found, fields = error.code, error.read(), error.headers
    is_json = "json" in (fields.get("Content-Type") or "")
    names = {name.lower(): value for name, value in fields.items()}
    return status, json.loads(found or b"null") if is_json else found, names


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        return None


def check_release(url: str, version: str, commit: str) -> str:
    """See that this release answers, with its database up to date."""
    status, health, _ = ask(f"{url}/health")
    require(status == 200, f"/health answers {status}: {health}")
    release = health.get("release") or {}
    found = (release.get("version"), release.get("commit"))
    require(found == (version, commit), f"{found} answers, not {(version, commit)}")
    return f"{version} {commit[:12]}"


def check_gone(world: World) -> str:
    """See that nothing is left of a deployment: no function, no schedule, no answer."""
    for name in (world.function, world.programs):
        require(world.cloud.server.find(name, "") is None, f"{name} is still there")
    left = [rule for rule in world.cloud.server.rules() if "registry" in rule]
    require(not left, f"schedules are left: {left}")
    # A REST API outlives its CloudFormation stack in moto, and stands before nothing then (500).
    statuses = {door: ask(f"{world.urls[door]}/health")[0] for door in ("rest", "url")}
    require(statuses["rest"] in {403, 500} and statuses["url"] == 403, f"{statuses}")
    return str(statuses)


def sign_in(url: str, password: str) -> str:
    """Return a token."""
    status, token, _ = ask(
        f"{url}/authenticate",
        "PUT",
        {"user": {"name": USER, "is_admin": True}, "secret": {"password": password}},
    )
    require(status == 200, f"PUT /authenticate answers {status}: {token}")
    return str(token)


def check_tokens(world: World, url: str) -> str:
    """Spend a token through several instances at once: not one call more or less than it has."""
    before = Counter({each.log: each.invocations for each in world.cloud.functions.started})
    headers = {"X-Authorization": sign_in(url, world.password)}

    def call(_number: int) -> int:
        return ask(f"{url}/artifacts/model/model-0-0", headers=headers)[0]

    with ThreadPoolExecutor(THREADS) as pool:
        statuses = Counter(pool.map(call, range(TOKEN_CALLS + TOO_MANY)))
    # Whether the artifact exists is asked after the token has been counted.
    require(
        statuses == {404: TOKEN_CALLS, 403: TOO_MANY},
        f"{TOKEN_CALLS + TOO_MANY} calls with a token of {TOKEN_CALLS}: {dict(statuses)}",
    )
    after = Counter({each.log: each.invocations for each in world.cloud.functions.started})
    shares = sorted((after - before).values(), reverse=True)
    require(len(shares) >= 2, f"only {len(shares)} instance has answered")
    return f"{statuses[404]} counted, {statuses[403]} refused, by {len(shares)} instances {shares}"


def check_staff_site(world: World, url: str, *, host: str = "") -> str:
    """Sign in, open every list and a few pages, load what they link, and begin a reset."""
    prefix = urllib.parse.urlsplit(url).path
    visitor = Visitor(url)
    first = visitor.get(f"{prefix}/")
    require(first.status == 200, f"the front page answers {first.status}")
    signing_in = f"{prefix}/admin/login/"
    answer = visitor.post(signing_in, {"username": USER, "password": world.password}, host=host)
    require(answer.status == 302, f"signing in answers {answer.status}")
    index = _opened(visitor, answer.headers["location"])
    lists = sorted(
        path
        for path in {part.partition('"')[0] for part in index.text.split('href="')[1:]}
        if path.startswith(f"{prefix}/admin/artifacts/")
        and path.count("/") == prefix.count("/") + 4
    )
    require(len(lists) > 5, f"the staff site links {lists}")
    pages = [first, index, *(_opened(visitor, path) for path in lists)]
    pages.append(_opened(visitor, f"{prefix}/admin/reset/"))
    pages.append(_opened(visitor, f"{prefix}/docs"))
    require(b"openapi" in visitor.get(f"{prefix}/schema").body, "/schema is no description")
    files = sorted({path for page in pages for path in visitor.linked_files(page)})
    require(len(files) > 3, f"the pages link {files}")
    for path in files:
        file = _opened(visitor, path)
        require("immutable" in file.headers.get("cache-control", ""), f"{path} is not kept")
    return f"{len(pages)} pages, {len(files)} files"


def check_staff_reset(world: World, url: str) -> None:
    """Reset the registry on its page, as somebody who is signed in."""
    visitor = Visitor(url)
    fields = {"username": USER, "password": world.password}
    visitor.post("/admin/login/", fields)
    wrong = visitor.post("/admin/reset/", {"confirmation": "reset"})
    require(wrong.status == 200, f"the reset takes the wrong word: {wrong.status}")
    answer = visitor.post("/admin/reset/", {"confirmation": "RESET"})
    require(answer.status == 302, f"the reset answers {answer.status}")
    headers = {"X-Authorization": sign_in(url, world.password)}
    status, listed, _ = ask(f"{url}/artifacts", "POST", [{"name": "*"}], headers)
    require((status, listed) == (200, []), f"after the reset: {status} {listed}")


def check_woken_tasks(world: World, url: str) -> str:
    """Send a megabyte in and fetch it back: a wake-up by event has its content kept."""
    check_binary(_client(world, url))
    return settled(world)


def check_lost_wake_up(world: World, url: str) -> str:
    """Lose the wake-up: nothing is kept until the schedule's next event."""
    server = world.cloud.server
    server.loses_events, server.lost_events = True, 0
    try:
        with ThreadPoolExecutor(1) as pool:
            kept = pool.submit(check_binary, _client(world, url))
            ends_at = time.monotonic() + LOST_WITHIN_S
            while not server.lost_events and time.monotonic() < ends_at:
                time.sleep(0.05)
            time.sleep(1)
            is_waiting = not kept.done()
            world.cloud.fire_schedules(world.function, "due_tasks")
            kept.result()
    finally:
        server.loses_events = False
    require(server.lost_events > 0, "no wake-up was sent that could be lost")
    require(is_waiting, "the content was kept although nobody was woken")
    return f"{server.lost_events} lost; {settled(world)}"


def check_schedules(world: World) -> str:
    """Fire each schedule that was deployed once."""
    fired = world.cloud.fire_schedules(world.function)
    require(fired >= 2, f"{fired} schedules are deployed")
    return f"{fired} fired; {settled(world)}"


def _client(world: World, url: str) -> Client:
    client = Client(url)
    client.token = sign_in(url, world.password)
    return client


def settled(world: World) -> str:
    """Wait until nothing is under way, and see that no event has failed."""
    functions = world.cloud.functions
    require(functions.settle(SETTLED_WITHIN_S), "events are still under way")
    outcomes, functions.outcomes = functions.outcomes, []
    failed = [f"{event}: {outcome.body!r}" for event, outcome in outcomes if outcome.error]
    require(not failed, f"events failed: {failed[:3]}")
    return f"{len(outcomes)} events"


def _opened(visitor: Visitor, path: str) -> Page:
    page = visitor.get(path)
    require(page.status == 200, f"{path} answers {page.status}")
    return page
