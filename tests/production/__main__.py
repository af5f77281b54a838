"""`make production-smoke`: the whole story, and what came of it."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from tests.fakes import hub_server, seaweed
from tests.processes import eventually
from tests.production import checks, files
from tests.production.load import CLIENTS, Load
from tests.production.machine import Broken, Machine, own_database
from tests.production.visitor import Visitor

SHARED = files.ROOT.parent / "shared/tools"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
BUCKET = "registry"
# All that the acceptance suite has.
POINTS = 322
RESTARTS = 3
# Answers between two blows.
MEANWHILE = 60
ARTIFACTS = 5


def main() -> int:
    """Run the story; returns the exit status."""
    began = time.monotonic()
    # Whoever ends this program ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="registry-own-")))
        # nginx's workers are other users.
        folder.chmod(0o755)
        machine = Machine(folder, Path(os.environ["OWN_VENV"]).absolute())
        stack.callback(machine.end)
        first, second = (
            stack.enter_context(own_database(os.environ["DATABASE_URL"])) for _ in range(2)
        )
        s3 = stack.enter_context(seaweed.serve(folder / "s3"))
        s3.client().create_bucket(Bucket=BUCKET)
        sources = stack.enter_context(started_sources(folder))
        on_s3 = {"REGISTRY_STORAGE": "s3", "AWS_STORAGE_BUCKET_NAME": BUCKET} | s3.environment
        on_s3 |= sources | {"DATABASE_URL": first}
        # Bytes in another place are another registry: it would not take the first one's rows.
        on_files = sources | {"DATABASE_URL": second}
        try:
            tell_story(machine, on_s3, on_files)
        except Broken as error:
            print(f"FAILED: {error}")
            for name in ("web", "worker", "nginx", "error"):
                print(f"---- the last words of {name}:\n{machine.last_words(name)}")
            return 1
    print(f"production-smoke: all well, {time.monotonic() - began:.0f} s")
    return 0


def tell_story(machine: Machine, on_s3: dict[str, str], on_files: dict[str, str]) -> None:
    """Make a release, start it, use it, restart it under load; on S3, then on local files."""
    files.make_tree(machine.release)
    (machine.release / ".venv").symlink_to(machine.python)
    files.make_certificate(machine.folder)
    machine.set_up(**on_s3)
    step("without static files: one sentence", lambda: checks.refuses_uncollected(machine))
    step("release: record and static files", lambda: prepare(machine))
    step("registry-migrate.service", lambda: machine.run_unit("registry-migrate.service"))
    machine.start_nginx()
    step("web and worker start", lambda: begin(machine))
    step("health and release", lambda: checks.is_up(machine, COMMIT))
    step("front page, staff site, static files", lambda: checks.pages_work(machine))
    step("probes over plain HTTP", lambda: checks.probes_work(machine))
    step("proxies are named", lambda: checks.proxies_are_named(machine))
    step("upload and download through S3", lambda: checks.artifacts_work(machine))
    step("bodies have an end", lambda: checks.bodies_have_an_end(machine))
    step("silent clients hold nobody up", lambda: checks.a_silent_client_holds_nothing(machine))
    if "--quick" in sys.argv:
        print("acceptance: left out")
    elif SHARED.is_dir():
        step("acceptance in full through nginx", lambda: accept(machine))
    else:
        print(f"acceptance: skipped, {SHARED} is not here")
    step("restarts under load", lambda: restart_under_load(machine))
    step("a worker process killed under load", lambda: kill_under_load(machine))
    machine.stop("worker")
    machine.stop("web")
    machine.set_up(**on_files)
    step("registry-migrate.service", lambda: machine.run_unit("registry-migrate.service"))
    step("the same on local files", lambda: begin(machine))
    step("upload and download through nginx", lambda: checks.artifacts_work(machine))
    step("strangers upload nothing", lambda: checks.strangers_upload_nothing(machine))
    step("logs have no secret", lambda: checks.logs_are_clean(machine))
    step("everything stops within seconds", lambda: end(machine))


def step(name: str, deed: Callable[[], str | None]) -> None:
    """Do one thing and say how it went."""
    began = time.monotonic()
    told = deed()
    print(f"{name}: well, {time.monotonic() - began:.1f} s", flush=True)
    if told:
        print(told, flush=True)


def prepare(machine: Machine) -> None:
    """What the Dockerfile and docs/own-servers.md do, with the Python of the release."""
    command = [".venv/bin/python", "-m", "deployment.own.prepare", "--commit", COMMIT]
    ended = machine.run(command, {"PATH": os.environ["PATH"]})
    checks.demand(ended.returncode == 0, f"prepare: {ended.stderr[-2000:]}")


def begin(machine: Machine) -> str:
    """Start web and worker, and wait until somebody is served."""
    began = time.monotonic()
    machine.start("web")
    machine.start("worker")
    Visitor(machine).expect(200, "GET", "/health")
    return f"  the first answer came {time.monotonic() - began:.1f} s after the start"


def accept(machine: Machine) -> str:
    """Run the acceptance suite over TLS, as tests/acceptance.sh judges it."""
    result = machine.folder / "result.json"
    suite = [sys.executable, str(SHARED / "acceptance.py"), "--base-url", machine.url,
             "--wait-ready", "60", "--front-page", "--no-reference", "--min-points", str(POINTS),
             "--json", str(result)]  # fmt: skip
    trusting = os.environ | {
        "SSL_CERT_FILE": str(machine.certificate),
        "REGISTRY_ADMIN_PASSWORD": machine.variables["REGISTRY_ADMIN_PASSWORD"],
    }
    ended = subprocess.run(suite, env=trusting, capture_output=True, text=True, check=False)
    checks.demand(ended.returncode == 0, f"{ended.stdout[-3000:]}\n{ended.stderr[-1000:]}")
    verdict = subprocess.run(
        [sys.executable, str(files.ROOT / "tests/acceptance_verdict.py"), str(result)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    checks.demand(verdict.returncode == 0, verdict.stdout)
    points = json.loads(result.read_text(encoding="utf-8")).get("suite_points")
    return f"  {POINTS} points were asked for, {points} given"


def restart_under_load(machine: Machine) -> str:
    """Stop gunicorn and start it again while clients work: nobody may notice but by waiting."""
    told = []
    with working(machine) as load:
        for _ in range(RESTARTS):
            load.wait_for(MEANWHILE)
            stopped_s = machine.stop("web")
            machine.start("web")
            told.append(f"{stopped_s:.1f}")
        load.wait_for(MEANWHILE)
    verdict = load.verdict(f"{CLIENTS} clients, {RESTARTS} restarts")
    return f"  {verdict}; stopping took {', '.join(told)} s"


def kill_under_load(machine: Machine) -> str:
    """Kill one of gunicorn's processes: what it was answering is lost, and nothing else."""
    with working(machine) as load:
        load.wait_for(MEANWHILE)
        os.kill(machine.workers()[0], signal.SIGKILL)
        aim = load.answered.total() + MEANWHILE
        goes_on = eventually(lambda: load.answered.total() >= aim)
    checks.demand(goes_on, "hardly anybody is answered after it")
    checks.demand(len(load.failed) <= CLIENTS, "\n".join(load.failed[:20]))
    return (
        f"  {load.answered.total()} requests answered, {len(load.failed)} failed "
        f"({CLIENTS} were under way at most)"
    )


@contextmanager
def working(machine: Machine) -> Iterator[Load]:
    """Clients at work on some artifacts, whose bundles are there."""
    visitor = Visitor(machine)
    visitor.sign_in()
    made = [visitor.register() for _ in range(ARTIFACTS)]
    ready = all(eventually(partial(visitor.download_is_ready, i)) for i, _ in made)
    checks.demand(ready, "a download is never ready")
    with Load(machine, made) as load:
        yield load


def end(machine: Machine) -> str:
    """End everything, and look at what the processes said of it."""
    told = [f"{name} {machine.stop(name):.1f} s" for name in ("web", "worker", "nginx")]
    return f"  {', '.join(told)}"


@contextmanager
def started_sources(folder: Path) -> Iterator[dict[str, str]]:
    """The stand-in for the sources, or a Hub that has any model; yields what leads to it."""
    if not SHARED.is_dir():
        hub, url = hub_server.start()
        try:
            yield {"HF_ENDPOINT": url, "REGISTRY_PRIVATE_HOSTS": url.partition("://")[2]}
        finally:
            hub.shutdown()
        return
    program = str(SHARED / "upstream_server.py")
    command = [sys.executable, program, "--port", "0", "--scale", "0.001"]
    path = folder / "upstream.env"
    with path.open("wb") as told:
        process = subprocess.Popen(command, stdout=told)
    try:
        if not eventually(lambda: "ready" in path.read_text(encoding="utf-8")):
            raise Broken("the stand-in for the sources does not start")
        words = shlex.split(path.read_text(encoding="utf-8"), comments=True)
        yield dict(word.split("=", 1) for word in words if "=" in word) | {
            "GITHUB_TOKEN": "stand-in",
            "HF_TOKEN": "stand-in",
        }
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    if shutil.which("nginx") is None:
        sys.exit("nginx is not here: apt-get install nginx-light")
    sys.exit(main())
