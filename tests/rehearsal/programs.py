"""Programs of sensitive models on the deployed registry: in their function, and at its doors."""

import hashlib
import io
import secrets
import time
import zipfile
from collections.abc import Sequence

from artifacts.sandbox.function import code_version
from artifacts.sandbox.monitors import MonitorTask
from artifacts.sandbox.remote import describe_task, read_answer
from artifacts.sandbox.watching import ProgramRun
from deployment.client import Answer, Client, exchange
from tests.monitors.function import bucket_with
from tests.monitors.hostile import BREACH, HONEST
from tests.monitors.targets import targets
from tests.rehearsal import checks
from tests.rehearsal.checks import USER, require
from tests.rehearsal.story import KEPT_WITHIN_S
from tests.rehearsal.world import SECRET_OF_PROGRAMS, World

REFUSES = "console.log(`${process.argv[4]} is not Ada`); process.exit(3);"
# Once an operator allows a host: this machine, which is where Lambda listens.
ASKS = 'fetch("https://localhost/").then(process.abort, error => console.log(error.message))'
# It has to see the zip that is about to be downloaded, and its own three names.
ALLOWS = """
const fs = require("node:fs"), [, , model, uploader, downloader, zip] = process.argv;
const bytes = fs.readFileSync(zip);
console.log(bytes.length, bytes.includes("config.json"), model, uploader === downloader);
"""


def check_walls(world: World) -> str:
    """Run hostile and honest programs in the function that was deployed.

    Raises:
        CheckFailed: one got what it wanted, or an honest one did not.
    """
    content = _zip_of({"config.json": b"{}"})
    with bucket_with(content) as link, targets(SECRET_OF_PROGRAMS) as aimed:
        for name, program in aimed.programs.items():
            found = _run(world, program, link, len(content))
            stopped = found.exit_status not in {0, None} and BREACH not in found.output
            require(stopped, f"hostile: {name}: {found}")
        require(aimed.bystander.poll() is None, "the bystander was killed")
        for name, (program, status, words) in HONEST.items():
            found = _run(world, program, link, len(content))
            works = found.exit_status == status and words in found.output
            require(works, f"honest: {name}: {found}")
        found = _run(world, ASKS, link, len(content), hosts=("localhost:443",))
        told = [(each.host, each.status) for each in found.requests or ()]
        refused = found.output == "localhost leads to an address that is refused."
        require(refused and told == [("localhost:443", None)], f"asking this machine: {found}")
    numbers = f"{len(aimed.programs)} hostile ones got nothing, {len(HONEST)} honest ones worked"
    return f"{numbers}, one that may ask was told that this machine is nobody to ask"


def check_decision(world: World, url: str) -> str:
    """Set a program by the API; see that it refuses a download, that another allows it, and both.

    Raises:
        CheckFailed: something was given out that it refused, or refused that it allowed.
    """
    client = Client(url)
    client.token = checks.sign_in(url, world.password).removeprefix("bearer ")
    name = f"sensitive-{secrets.token_hex(4)}"
    artifact_id = _register(world, client, name)
    monitor = f"artifact/model/{artifact_id}/monitor"
    client.send("PUT", monitor, data={"program": REFUSES}).require(200)
    answer = _download(client, artifact_id).require(403)
    require(f"{USER} is not Ada" in answer.text(), f"refused otherwise: {answer.text()}")
    client.send("PUT", monitor, data={"program": ALLOWS}).require(200)
    location = _download(client, artifact_id).require(302).headers["location"]
    size_bytes = len(exchange("GET", location).require(200).body)
    listed = client.send("GET", f"artifact/model/{artifact_id}/downloads").require(200).text()
    said = f"{size_bytes} true {name} true"
    require(said in listed, f"the list of downloads lacks {said!r}: {listed}")
    client.send("DELETE", monitor).require(200, 204)
    _download(client, artifact_id).require(302)
    return f"403 with its words, then 302; it saw all {size_bytes} bytes"


def _run(
    world: World, program: str, link: str, size_bytes: int, hosts: Sequence[str] = ()
) -> ProgramRun:
    """Call the function for programs as the registry calls it."""
    task = MonitorTask(program, "robot", "ursula", "mallory")
    answer = world.cloud.client("lambda").invoke(
        FunctionName=world.programs,
        Qualifier=code_version(),
        Payload=describe_task(task, zip_url=link, zip_size_bytes=size_bytes, hosts=hosts),
    )
    said = answer["Payload"].read()
    return ProgramRun(None, said.decode()) if "FunctionError" in answer else read_answer(said)


def _register(world: World, client: Client, name: str) -> str:
    """Send a model in and wait until it can be downloaded; return its id."""
    data = _zip_of({"config.json": b"{}", "weights.bin": name.encode() * 100})
    announced = {
        "filename": f"{name}.zip",
        "size_bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    target = client.send("POST", "uploads", data=announced).require(201).json()
    sent = exchange(target["method"], target["upload_url"], headers=target["headers"], body=data)
    sent.require(200, 201, 204)
    made = client.send("POST", "artifact/model", data={"url": target["url"], "name": name})
    artifact_id = str(made.require(201).json()["metadata"]["id"])
    ends_at = time.monotonic() + KEPT_WITHIN_S
    while _download(client, artifact_id).status == 503 and time.monotonic() < ends_at:
        world.cloud.fire_schedules(world.function, "due_tasks")
        time.sleep(1)
    _download(client, artifact_id).require(302)
    return artifact_id


def _download(client: Client, artifact_id: str) -> Answer:
    return client.send("GET", f"artifacts/model/{artifact_id}/download")


def _zip_of(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return packed.getvalue()
