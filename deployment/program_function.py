"""The function for programs of sensitive models: another one of AWS Lambda, on Node.js.

Its role may write its log and nothing else. A deployment provides it where
REGISTRY_MONITOR_ROLE_ARN names that role, before the release goes live that needs it. Each code of
it is a version, with an alias named after the code; a release asks for its own
(`artifacts/sandbox/function`). So nothing has to be done for a rollback, and what is live is not
touched before the new one is.
"""

from __future__ import annotations

from typing import Any

from botocore.config import Config

from artifacts.limits import (
    MONITOR_FUNCTION_DISK_MB,
    MONITOR_FUNCTION_MEMORY_MB,
    MONITOR_FUNCTION_TIMEOUT_S,
)
from artifacts.sandbox.function import ARCHITECTURE, HANDLER, RUNTIME, build_code, code_version
from artifacts.sandbox.monitors import MonitorTask
from artifacts.sandbox.remote import describe_task, read_answer
from deployment.limits import (
    FUNCTION_READY_PAUSE_S,
    FUNCTION_READY_TIMEOUT_S,
    PROGRAMS_CALL_TIMEOUT_S,
)
from deployment.steps import DeploymentFailed
from deployment.variables import PROGRAMS_HOSTS

_SUFFIX = "-programs"
# boto3 would repeat an invocation that takes long.
_PATIENCE = Config(read_timeout=PROGRAMS_CALL_TIMEOUT_S, retries={"total_max_attempts": 1})
_WAITING = {
    "Delay": FUNCTION_READY_PAUSE_S,
    "MaxAttempts": FUNCTION_READY_TIMEOUT_S // FUNCTION_READY_PAUSE_S,
}
STANDING = "the walls stand"
# Tries what a hostile program would, in ways that harm nothing.
_TRIAL = """
const fs = require("node:fs"), net = require("node:net");
const hole = what => { console.log("not walled off:", what); process.exit(1); };
const refused = (what, attempt) => { try { attempt(); } catch { return; } hole(what); };
refused("files", () => fs.readFileSync("/proc/self/environ"));
refused("its home", () => fs.writeFileSync(process.env.HOME + "/x", "x"));
refused("processes", () => process.kill(process.ppid, 0));
if (Object.keys(process.env).some(name => name.startsWith("AWS_"))) hole("the environment");
const server = net.createServer();
server.on("error", () => stand());
server.listen(0, "127.0.0.1", () => hole("the network"));
"""
_ALONE = f"const stand = () => console.log({STANDING!r});"
# Where programs may ask hosts, one is asked for by which nobody may get: this machine.
_ASKING = f"""
const stand = () => fetch("https://localhost/").then(() => hole("this machine"),
  ({{ message }}) => console.log(message.endsWith("is refused.") ? {STANDING!r} : message));
"""
_ASKED = "localhost:443"


def name_for(function: str) -> str:
    """Return what the function for programs of a registry's function is called."""
    return f"{function}{_SUFFIX}"


def of_cli(cli: Any) -> ProgramFunction:
    """Return the function that belongs to a stage which Zappa has read."""
    client = cli.zappa.boto_session.client(
        "lambda", region_name=cli.zappa.lambda_client.meta.region_name, config=_PATIENCE
    )
    return ProgramFunction(
        name_for(cli.lambda_name),
        client,
        role_arn=getattr(cli, "programs_role_arn", ""),
        may_ask=bool(cli.aws_environment_variables.get(PROGRAMS_HOSTS)),
    )


class ProgramFunction:
    """The function; it need not exist."""

    def __init__(
        self, name: str, client: Any, *, role_arn: str = "", may_ask: bool = False
    ) -> None:
        """Keep its name, boto3's client for Lambda, and its role; "" if it is not wanted.

        Args:
            may_ask: whether the stage lets programs ask hosts; then that is tried as well.
        """
        self.name = name
        self.client = client
        self.role_arn = role_arn
        self.may_ask = may_ask

    def provide(self) -> str:
        """Make the present code callable by its alias, and try it; return what was done.

        Raises:
            DeploymentFailed: its walls do not stand, or it does not run.
        """
        if not self.role_arn:
            return ""
        version = code_version()
        there = self._find(version)
        if there is None or there["Role"] != self.role_arn:
            self._bring()
            self._lead(version, is_new=there is None)
        self.try_out()
        return f"{version} {'was there' if there else 'is new'}, and {STANDING}"

    def try_out(self) -> None:
        """Run a program that tries every wall.

        Raises:
            DeploymentFailed: one of them does not stand, or the function does not run.
        """
        program = _TRIAL + (_ASKING if self.may_ask else _ALONE)
        event = describe_task(
            MonitorTask(program, "", "", ""),
            zip_url="",
            zip_size_bytes=0,
            hosts=(_ASKED,) if self.may_ask else (),
        )
        answer = self.client.invoke(FunctionName=self.name, Qualifier=code_version(), Payload=event)
        said = answer["Payload"].read()
        run = read_answer(said)
        if "FunctionError" in answer or run.exit_status != 0 or run.output != STANDING:
            raise DeploymentFailed(
                f"The function {self.name} does not confine programs: "
                f"{run.output or said.decode(errors='replace')}",
                "Nothing of the registry was changed. Its log says more (/aws/lambda/"
                f"{self.name}). To deploy without programs of sensitive models, leave "
                "REGISTRY_MONITOR_ROLE_ARN out; models that have one are given to nobody then.",
            )

    def remove(self) -> str:
        """Remove it with all its versions; return what was done."""
        if self._find() is None:
            return f"There is no function {self.name}."
        self.client.delete_function(FunctionName=self.name)
        return f"{self.name} was removed."

    def _find(self, qualifier: str = "") -> dict[str, Any] | None:
        """Return the configuration of a version; None if there is none."""
        which = {"Qualifier": qualifier} if qualifier else {}
        try:
            found: dict[str, Any] = self.client.get_function_configuration(
                FunctionName=self.name, **which
            )
        except self.client.exceptions.ResourceNotFoundException:
            return None
        return found

    def _bring(self) -> None:
        """Create the function from the present code, or update it, and wait until it can run."""
        settings = {
            "Role": self.role_arn,
            "Handler": HANDLER,
            "Runtime": RUNTIME,
            "Description": "Runs programs of sensitive models",
            "Timeout": MONITOR_FUNCTION_TIMEOUT_S,
            "MemorySize": MONITOR_FUNCTION_MEMORY_MB,
            "EphemeralStorage": {"Size": MONITOR_FUNCTION_DISK_MB},
        }
        if self._find() is None:
            self.client.create_function(
                FunctionName=self.name,
                Code={"ZipFile": build_code()},
                Architectures=[ARCHITECTURE],
                **settings,
            )
            self._wait("function_active")
            return
        self.client.update_function_configuration(FunctionName=self.name, **settings)
        self._wait("function_updated")
        self.client.update_function_code(
            FunctionName=self.name, ZipFile=build_code(), Architectures=[ARCHITECTURE]
        )
        self._wait("function_updated")

    def _lead(self, version: str, *, is_new: bool) -> None:
        """Publish what was brought, and let an alias lead to it."""
        number = self.client.publish_version(FunctionName=self.name)["Version"]
        self._wait("published_version_active", Qualifier=number)
        change = self.client.create_alias if is_new else self.client.update_alias
        change(FunctionName=self.name, Name=version, FunctionVersion=number)

    def _wait(self, state: str, **which: str) -> None:
        self.client.get_waiter(state).wait(FunctionName=self.name, WaiterConfig=_WAITING, **which)
