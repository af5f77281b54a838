"""The package that Lambda runs: our code, the libraries, static files and the release's record.

Zappa's own package holds only the settings that it generates (`"exclude": ["*"]`). `callbacks.pack`
calls `build_package` to make the whole package from them. So `make package`, `zappa package`,
`zappa deploy` and `zappa update` all produce the same.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from deployment.contents import PROJECT_TREES, ROOT, STATIC_IGNORED, is_project_file_shipped
from deployment.libraries import BUILD, compile_tree, locate_packages, provide_libraries
from deployment.record import describe_release
from deployment.steps import DeploymentFailed
from deployment.variables import tools_environment
from registry_site.release import RECORD_NAME

# AWS accepts 50 MB in one upload, as `zappa rollback` makes it, and 250 MB unpacked.
ZIPPED_MAX_BYTES = 50_000_000
UNZIPPED_MAX_BYTES = 200_000_000
# The oldest date that a zip can hold; with one date, packages of the same content are identical.
_DATE = (1980, 1, 1, 0, 0, 0)
# Readable by every user, whichever one Lambda runs the code as.
_MODE = 0o100644 << 16
_PARTS_SHOWN = 12
_MB = 1_000_000


@dataclass(frozen=True)
class Size:
    """How large a package is.

    Attributes:
        parts: unpacked bytes by the first component of the path, largest first.
    """

    zipped_bytes: int
    unzipped_bytes: int
    parts: tuple[tuple[str, int], ...]


def build_package(target: Path, zappa_settings: bytes) -> Size:
    """Write the package.

    Args:
        target: the zip; replaced if it exists.
        zappa_settings: the module of settings that Zappa generated.

    Raises:
        DeploymentFailed: a part could not be made, or the package is too large.
    """
    libraries = locate_packages(provide_libraries())
    with tempfile.TemporaryDirectory(dir=BUILD, prefix=".package-") as folder:
        stage = Path(folder)
        _copy_project(stage)
        (stage / "zappa_settings.py").write_bytes(zappa_settings)
        compile_tree(stage)
        record = describe_release(libraries)
        (stage / RECORD_NAME).write_text(json.dumps(record, indent=2), encoding="utf-8")
        _collect_static(stage / "staticfiles")
        _write_zip(target, (libraries, stage))
    size = measure(target)
    if size.zipped_bytes > ZIPPED_MAX_BYTES or size.unzipped_bytes > UNZIPPED_MAX_BYTES:
        raise DeploymentFailed(
            f"The package has {size.zipped_bytes:,} bytes ({size.unzipped_bytes:,} unpacked); at "
            f"most {ZIPPED_MAX_BYTES:,} ({UNZIPPED_MAX_BYTES:,}) are allowed.",
            f"Leave something out in deployment/contents.py. The largest parts:\n{describe(size)}",
        )
    return size


def measure(package: Path) -> Size:
    """Measure a package."""
    parts: Counter[str] = Counter()
    with zipfile.ZipFile(package) as archive:
        for entry in archive.infolist():
            parts[entry.filename.split("/")[0]] += entry.file_size
    return Size(package.stat().st_size, parts.total(), tuple(parts.most_common()))


def describe(size: Size) -> str:
    """Return a package's size and its largest parts as a table."""
    lines = [
        f"{size.zipped_bytes / _MB:7.1f} MB zipped",
        f"{size.unzipped_bytes / _MB:7.1f} MB unpacked, of which",
        *(f"{count / _MB:7.1f} MB {name}" for name, count in size.parts[:_PARTS_SHOWN]),
    ]
    return "\n".join(lines)


def _copy_project(stage: Path) -> None:
    """Copy those files of our own tree that go into the package."""
    for tree in PROJECT_TREES:
        for path in (ROOT / tree).rglob("*"):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and is_project_file_shipped(name):
                (stage / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, stage / name)


def _collect_static(target: Path) -> None:
    """Collect static files with hashes in their names, and the manifest that lists them.

    Raises:
        DeploymentFailed: Django could not; it has printed why.
    """
    command = [sys.executable, "-B", "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    command += [word for name in STATIC_IGNORED for word in ("--ignore", name)]
    environment = tools_environment(
        DJANGO_SETTINGS_MODULE="deployment.static_settings", REGISTRY_STATIC_ROOT=str(target)
    )
    # Our own command.
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:  # noqa: S603  (our words)
        raise DeploymentFailed("Static files could not be collected.", "See the message above.")


def _write_zip(target: Path, trees: tuple[Path, ...]) -> None:
    """Pack trees into one zip, sorted by name."""
    files = {
        path.relative_to(tree).as_posix(): path
        for tree in trees
        for path in tree.rglob("*")
        if path.is_file()
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.external_attr = _MODE
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name].read_bytes())
