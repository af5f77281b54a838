"""Where registries run that the clients are tried on: each with sources of its own, on loopback."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fakes import loopback, seaweed
from tests.fakes.loopback import Loopback
from tests.hub_clients.below_prefix import PREFIX
from tests.hub_clients.material import KEPT_MAX_BYTES
from tests.performance.registry import ROOT, Registry

BUCKET = "hub-clients"
LARGE_MAX_BYTES = 1_000_000_000
NOTHING: Mapping[str, str] = {}


@dataclass
class Ground:
    """A registry, and what it registers from.

    Attributes:
        sources: the Hub and GitHub of this registry.
    """

    registry: Registry
    sources: Loopback

    @property
    def url(self) -> str:
        """What HF_ENDPOINT is."""
        return self.registry.url


class PrefixedRegistry(Registry):
    """A registry below a path."""

    program = ("-m", "tests.hub_clients.below_prefix")
    prefix = PREFIX


@contextmanager
def on_files(folder: Path) -> Iterator[Ground]:
    """A registry that keeps its bytes in a folder."""
    with _running(Registry, folder, {}) as ground:
        yield ground


@contextmanager
def on_s3(folder: Path) -> Iterator[Ground]:
    """A registry that keeps its bytes on a server of S3's kind: on another origin than its own."""
    with seaweed.serve(folder / "s3") as server:
        server.client().create_bucket(Bucket=BUCKET)
        settings = {
            "REGISTRY_STORAGE": "s3",
            "AWS_STORAGE_BUCKET_NAME": BUCKET,
            **server.environment,
        }
        with _running(Registry, folder, settings) as ground:
            yield ground


@contextmanager
def below_a_prefix(folder: Path) -> Iterator[Ground]:
    """A registry that answers below a path only."""
    # The worker is started by the program's path, from which the packages are not found.
    with _running(PrefixedRegistry, folder, {"PYTHONPATH": str(ROOT)}) as ground:
        yield ground


@contextmanager
def with_room(
    folder: Path, hub_url: str = "", more: Mapping[str, str] = NOTHING
) -> Iterator[Ground]:
    """A registry that keeps large files too, perhaps with another Hub than the ground's.

    Args:
        more: settings besides.
    """
    settings = {"REGISTRY_CONTENT_MAX_BYTES": str(LARGE_MAX_BYTES), **more}
    if hub_url:
        settings |= {"HF_ENDPOINT": hub_url}
        settings |= {"REGISTRY_PRIVATE_HOSTS": hub_url.removeprefix("http://")}
    with _running(Registry, folder, settings) as ground:
        yield ground


@contextmanager
def _running(kind: type[Registry], folder: Path, settings: dict[str, str]) -> Iterator[Ground]:
    with ExitStack() as stack:
        sources = stack.enter_context(loopback.serve())
        chosen = {
            "GITHUB_API_URL": sources.url,
            "GITHUB_TOKEN": "of-the-hub-clients",
            "REGISTRY_CONTENT_MAX_BYTES": str(KEPT_MAX_BYTES),
            # Each request has a line: they are counted.
            "LOG_LEVEL": "info",
        }
        registry = kind(folder / "data", sources.url, **chosen | settings)
        registry.start()
        stack.callback(registry.stop)
        yield Ground(registry, sources)


# What each run of the clients is tried on, by the name that its lines have.
GROUNDS: dict[str, Callable[[Path], AbstractContextManager[Ground]]] = {
    "local files": on_files,
    "S3": on_s3,
    "below a prefix": below_a_prefix,
}
