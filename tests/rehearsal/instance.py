"""One execution environment: a process that runs deployed code and nothing else.

Its path holds the unpacked package, the standard library, and the folder of the runtime client
(which Lambda provides too). It sees Lambda's variables and the function's, and cannot write
outside its temporary folder. SIGSTOP freezes it between invocations.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.rehearsal.runtime import Runtime
from tests.rehearsal.runtime_api import Invocation, RuntimeApi

# What a new environment may take to load the function, before Lambda starts it once more.
INIT_MAX_S = 10.0
# How often a wait looks whether the process is still alive.
LOOK_S = 0.1
# What comes back in X-Amz-Log-Result.
LOG_TAIL_BYTES = 4096


@dataclass(frozen=True)
class Deployment:
    """What the Lambda service knows of one version of a function.

    Attributes:
        initialization: `snap-start` for a version that wakes up from a snapshot of its start.
        runtime: as Lambda calls it; "" for the Python that functions usually run on.
    """

    name: str
    version: str
    arn: str
    handler: str
    timeout_s: float
    memory_mb: int
    environment: tuple[tuple[str, str], ...]
    code_sha256: str
    initialization: str = "on-demand"
    runtime: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of an invocation. `error` is empty, or Lambda's word for who failed."""

    body: bytes
    error: str = ""
    log: bytes = b""

    @property
    def value(self) -> object:
        return json.loads(self.body or b"null")


class Instance:
    """Starts at once; ends when the function times out, its process dies, or it is stopped."""

    def __init__(
        self,
        deployment: Deployment,
        *,
        runtime: Runtime,
        task: Path,
        own: Path,
        keys: dict[str, str],
    ) -> None:
        self.deployment = deployment
        self.runtime = runtime
        self.invocations = 0
        self.peak_memory_mb = 0.0
        self.log = own / "log"
        self.kept_bytes = 0
        self.api = RuntimeApi(self.freeze, self.thaw)
        temporary = own / "tmp"
        temporary.mkdir(parents=True)
        temporary.chmod(0o777)
        self.process: subprocess.Popen[bytes] | None = None
        started_at = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*_unprivileged(), *runtime.command(task, deployment.handler)],
                cwd=task,
                env=self._environment(task, temporary, keys),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.spawned_at = started_at

    def _environment(self, task: Path, temporary: Path, keys: dict[str, str]) -> dict[str, str]:
        deployment = self.deployment
        return {
            **dict(deployment.environment),
            **keys,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{self.runtime.name}",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(deployment.memory_mb),
            "AWS_LAMBDA_FUNCTION_NAME": deployment.name,
            "AWS_LAMBDA_FUNCTION_VERSION": deployment.version,
            "AWS_LAMBDA_INITIALIZATION_TYPE": deployment.initialization,
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{deployment.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": f"[{deployment.version}]{self.log.parent.name}",
            "AWS_LAMBDA_RUNTIME_API": self.api.address,
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "LAMBDA_TASK_ROOT": str(task),
            "LANG": "en_US.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            # Lambda's /tmp is an instance's own.
            "TMPDIR": str(temporary),
            "TZ": ":UTC",
            "_HANDLER": deployment.handler,
        }

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def init_s(self) -> float | None:
        """How long it took from the start of the process to the first asking for work."""
        started_at = self.api.started_at
        return None if started_at is None else started_at - self.spawned_at

    def _note_memory(self) -> None:
        """Remember the most memory that the process has held, while it can be asked."""
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    self.peak_memory_mb = int(line.split()[1]) / 1000

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def invoke(self, payload: bytes) -> Outcome:
        """Run one event. Afterwards the instance is of use only while `is_alive`."""
        timeout_s = self.deployment.timeout_s
        invocation = Invocation(payload, self.deployment.arn, timeout_s)
        self.invocations += 1
        from_byte = self.log.stat().st_size
        self.api.hand_over(invocation)
        allowed_s = timeout_s + (INIT_MAX_S if self.api.started_at is None else 0.0)
        ends_at = time.monotonic() + allowed_s
        while not invocation.is_answered.wait(LOOK_S):
            if not self.is_alive and not invocation.is_answered.wait(LOOK_S):
                return self._died(invocation, from_byte)
            if time.monotonic() > ends_at:
                self.stop()
                text = f"{invocation.id} Task timed out after {timeout_s:.2f} seconds"
                return self._failed("Sandbox.Timedout", text, from_byte)
        error = "Unhandled" if invocation.kind == "error" else ""
        return Outcome(invocation.body, error, self._tail(from_byte))

    def _died(self, invocation: Invocation, from_byte: int) -> Outcome:
        self.stop()
        if self.api.init_error:
            return Outcome(self.api.init_error, "Unhandled", self._tail(from_byte))
        status = self.process.returncode
        text = f"RequestId: {invocation.id} Error: Runtime exited with error: exit status {status}"
        return self._failed("Runtime.ExitError", text, from_byte)

    def _failed(self, kind: str, text: str, from_byte: int) -> Outcome:
        with self.log.open("a") as log:
            log.write(f"{kind}: {text}\n")
        body = json.dumps({"errorType": kind, "errorMessage": text}).encode()
        return Outcome(body, "Unhandled", self._tail(from_byte))

    def _tail(self, from_byte: int) -> bytes:
        with self.log.open("rb") as log:
            log.seek(max(from_byte, self.log.stat().st_size - LOG_TAIL_BYTES))
            return log.read()

    def _signal(self, number: int) -> None:
        if self.process is not None and self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def stop(self) -> None:
        """End it as Lambda does: without a word."""
        self._note_memory()
        self._signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()
        self.api.close()


def _unprivileged() -> list[str]:
    """Return what stands before a command so that not even root may write where all may only read.

    Another user would do as well, but could not read a Python that lies in root's home.
    """
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all", "--"]
