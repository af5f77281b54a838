"""What has to hold on a server of one's own, each a function that raises `Broken`."""

import json
import re
import socket

from tests.processes import eventually
from tests.production.machine import ADMIN, PASSWORD, Broken, Machine
from tests.production.visitor import Visitor, content_of

STRANGER = "203.0.113.66"
# What queries hold is nobody's business.
PLANTED = "a-query-that-no-log-may-have"


def demand(holds: object, what: str) -> None:
    if not holds:
        raise Broken(what)


def refuses_uncollected(machine: Machine) -> None:
    """Without its static files the web server says so in one sentence and does not start."""
    machine.start("web")
    process = machine.running.pop("web")
    demand(process.wait(60) == 1, "without static files gunicorn starts")
    (line,) = machine.log("web").splitlines()
    demand("manage.py collectstatic" in line, f"without static files it says {line!r}")


def is_up(machine: Machine, commit: str) -> None:
    """`/health` answers through nginx and tells the release."""
    visitor = Visitor(machine)
    answer = visitor.expect(200, "GET", "/health")
    release = answer.data.get("release", {})
    demand(release.get("commit") == commit, f"/health tells the release {release}")
    demand(answer.headers.get("strict-transport-security") == "max-age=3600", str(answer.headers))


def pages_work(machine: Machine) -> None:
    """The front page, styles that are kept for ever, and signing in at the staff site."""
    visitor = Visitor(machine)
    page = visitor.expect(200, "GET", "/").body.decode()
    styles = re.findall(r'href="(/static/[^"]+\.css)"', page)
    demand(styles, "the front page names no style sheet")
    for path in styles:
        answer = visitor.ask("GET", path, Accept_Encoding="gzip")
        demand(answer.status == 200, f"{path} answered {answer.status}")
        demand("immutable" in answer.headers.get("cache-control", ""), f"{path} is not immutable")
        demand(answer.headers.get("content-encoding") == "gzip", f"{path} is not compressed")
    form = visitor.expect(200, "GET", "/admin/login/")
    cookie = form.headers["set-cookie"].split(";")[0]
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', form.body.decode())
    sent = f"csrfmiddlewaretoken={token}&username={ADMIN}&password={PASSWORD}&next=/admin/"
    answer = visitor.ask(
        "POST", "/admin/login/", sent.encode(), Cookie=cookie,
        Content_Type="application/x-www-form-urlencoded", Referer=f"{machine.url}/admin/login/",
    )  # fmt: skip
    demand(answer.status == 302, f"signing in at the staff site answered {answer.status}")


def probes_work(machine: Machine) -> None:
    """Plain HTTP is for `/health` alone, under whatever name; the rest is sent to TLS."""
    visitor = Visitor(machine)
    plain = f"http://127.0.0.1:{machine.plain_port}"
    answer = visitor.ask("GET", f"{plain}/health", Host="10.1.2.3")
    demand(answer.status == 200, f"a probe was answered {answer.status}")
    demand("strict-transport-security" not in answer.headers, "plain HTTP states HSTS")
    answer = visitor.ask("GET", f"{plain}/artifacts?x={PLANTED}")
    target = f"{machine.url}/artifacts?x={PLANTED}"
    demand(
        (answer.status, answer.headers.get("location")) == (301, target),
        f"plain HTTP was answered {answer.status} {answer.headers.get('location')}",
    )
    answer = visitor.ask("GET", "/artifacts", Host="evil.example")
    demand(answer.status == 400, f"a host that is not ours was answered {answer.status}")


def proxies_are_named(machine: Machine) -> None:
    """A client's own headers change nothing: the address that is noted is nginx's word."""
    visitor = Visitor(machine)
    body = {"user": {"name": "nobody", "is_admin": False}, "secret": {"password": "not it at all"}}
    answer = visitor.ask(
        "PUT", "/authenticate", body, X_Forwarded_For=STRANGER, X_Forwarded_Host="evil.example",
        X_Forwarded_Proto="http", Forwarded=f"for={STRANGER};host=evil.example",
    )  # fmt: skip
    demand(answer.status == 401, f"a wrong password was answered {answer.status}")
    failed = [line for line in lines(machine, "web") if line.get("message") == "login.failed"]
    demand(failed, "no line tells of the failed sign-in")
    demand(failed[-1]["address"] == "127.0.0.1", f"noted as from {failed[-1]['address']}")


def artifacts_work(machine: Machine) -> None:
    """An upload comes back as it was, whole and in part."""
    visitor = Visitor(machine)
    visitor.sign_in()
    artifact_id, content = visitor.register()
    demand(eventually(lambda: visitor.download_is_ready(artifact_id)), "a download is never ready")
    answer = visitor.download(artifact_id)
    demand(answer.status == 200 and content_of(answer.body) == content, "a download is another")
    part = visitor.download(artifact_id, Range="bytes=100-199")
    demand(part.status == 206 and part.body == answer.body[100:200], "a range is another")


def bodies_have_an_end(machine: Machine) -> None:
    """Long JSON is refused in the registry's words, whatever is longer still by nginx."""
    visitor = Visitor(machine)
    visitor.sign_in()
    answer = visitor.ask("POST", "/artifacts", b'"' + b"x" * 1_500_000 + b'"')
    demand(answer.status == 413 and "error" in answer.data, f"1.5 MB: {answer.status}")
    answer = visitor.ask("POST", "/artifacts", b'"' + b"x" * 2_500_000 + b'"')
    demand(answer.status == 413, f"2.5 MB: {answer.status}")


def strangers_upload_nothing(machine: Machine) -> None:
    """Without a signed link nothing is taken in: the answer comes while the body does not."""
    visitor = Visitor(machine)
    raw = socket.create_connection(("127.0.0.1", machine.port), timeout=20)
    with visitor.trusted.wrap_socket(raw, server_hostname="127.0.0.1") as connection:
        head = "PUT /uploads/content/forged HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        connection.sendall(f"{head}Content-Length: 9000000000\r\n\r\nPK".encode())
        answer = connection.recv(4_096)
    status = answer.split(b" ")[1] if b" " in answer else answer
    demand(status in (b"403", b"404", b"410"), f"a forged upload was answered {answer[:60]!r}")


def a_silent_client_holds_nothing(machine: Machine) -> None:
    """More clients than threads send half a body each; others are answered meanwhile."""
    visitor = Visitor(machine)
    held = []
    for _ in range(40):
        raw = socket.create_connection(("127.0.0.1", machine.port), timeout=20)
        slow = visitor.trusted.wrap_socket(raw, server_hostname="127.0.0.1")
        slow.sendall(b"POST /artifacts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500\r\n\r\n[")
        held.append(slow)
    try:
        for _ in range(5):
            visitor.expect(200, "GET", "/health")
    finally:
        for slow in held:
            slow.close()


def logs_are_clean(machine: Machine) -> None:
    """Every line of the registry is JSON, none has a secret, and nginx writes no signed link."""
    visitor = Visitor(machine)
    visitor.sign_in()
    artifact_id, _ = visitor.register()
    demand(eventually(lambda: visitor.download_is_ready(artifact_id)), "a download is never ready")
    link = visitor.expect(302, "GET", f"/artifacts/dataset/{artifact_id}/download").headers
    demand(visitor.ask("GET", link["location"]).status == 200, "the link leads nowhere")
    registry = machine.log("web") + machine.log("worker")
    # The one sentence of the start that was refused.
    _, *wrong = [line for line in registry.splitlines() if not line.startswith("{")]
    demand(wrong == [], f"lines that are no JSON: {wrong[:2]}")
    access, errors = machine.log("access"), machine.log("error")
    demand("/content/[withheld]" in access and "request_id" in access, "nginx writes other lines")
    demand(PLANTED not in access, "nginx writes queries")
    for secret in (PASSWORD, visitor.token, link["location"].rpartition("/")[2]):
        demand(secret not in registry + access + errors, "a secret is in a log")


def lines(machine: Machine, name: str) -> list[dict]:
    """The lines of a log that are JSON."""
    return [json.loads(line) for line in machine.log(name).splitlines() if line.startswith("{")]
