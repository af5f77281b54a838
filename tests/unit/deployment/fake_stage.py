"""A stage in memory: Zappa's commands as they are on AWS, with the faults that they have there."""

from collections.abc import Callable
from pathlib import Path

from deployment.function import Version
from deployment.release import Release
from deployment.steps import DeploymentFailed


class FakeFunction:
    """Versions, newest first, each with a release; `live` is what answers."""

    def __init__(self, *releases: Release) -> None:
        self.versions: list[tuple[Version, Release]] = []
        self.environment: dict[str, str] = {"WORD": "old"}
        self.live: Release | None = None
        for release in releases:
            self.publish(release)

    def publish(self, release: Release) -> None:
        number = self.versions[0][0].number + 1 if self.versions else 1
        self.versions.insert(0, (Version(number, f"sha-{release.commit}", "today"), release))
        self.live = release

    def find_configuration(self):
        if self.live is None:
            return None
        return {
            "CodeSha256": f"sha-{self.live.commit}",
            "Environment": {"Variables": dict(self.environment)},
        }

    def live_environment(self):
        return dict(self.environment)

    def list_versions(self):
        return [version for version, _ in self.versions]

    def forget_versions(self, *, rejected_sha256: str = ""):
        kept, *older = self.versions
        gone = (kept[0].code_sha256, rejected_sha256)
        self.versions = [kept, *(each for each in older if each[0].code_sha256 not in gone)]

    def read_version_release(self, version):
        return dict(self.versions)[version]

    def restore_configuration(self, former):
        self.environment = former["Environment"]["Variables"]

    def keep_only_variables(self, wanted):
        assert wanted == {"WORD": "new"}
        return []

    def wait_until_updated(self):
        """Nothing takes time here."""


class FakeStage:
    """`faults` maps a command of Zappa's to what it does instead."""

    def __init__(self, *releases: Release, new: Release) -> None:
        self.name = "dev"
        self.new = new
        self.environment = {"WORD": "new"}
        self.function = FakeFunction(*releases)
        self.commands: list[str] = []
        self.faults: dict[str, Callable[[], None]] = {}
        # The variables that the gateway's requests meet, where the stage has SnapStart.
        self.published: dict[str, str] = {}

    @property
    def packages(self):
        return self, "packages"

    def head_bucket(self, *, Bucket: str) -> None:  # noqa: N803  (boto3's name)
        assert Bucket == "packages"
        self.faults.get("head_bucket", lambda: None)()

    def provide_programs(self) -> str:
        self.faults.get("programs", lambda: None)()
        return "none is wanted"

    def publish(self) -> None:
        self.published = self.function.live_environment()

    def zappa(self, command: str, *words: str) -> None:
        self.commands.append(" ".join((command, *words)))
        if command in self.faults:
            self.faults[command]()
        elif command in {"deploy", "update"}:
            self.go_live()
        elif command == "rollback":
            self.function.publish(self.function.versions[int(words[1])][1])

    def go_live(self) -> None:
        self.function.publish(self.new)
        self.function.environment = {"WORD": "new"}

    def find_url(self) -> str:
        return "http://registry.example"


def fail(reason: str, *, after=lambda: None):
    """What a command does that fails, perhaps after it has changed something."""

    def act() -> None:
        after()
        raise DeploymentFailed(reason, "Do something.")

    return act


def built(stage: FakeStage, package: Path) -> Release:
    """Build nothing."""
    package.parent.mkdir(exist_ok=True)
    package.write_bytes(b"zip")
    return stage.new
