"""The libraries of the package: installed only from the lock file, for Lambda's Linux.

They are cached in `build/` under a name derived from the lock file and from the rules of what is
shipped, so that the next build reuses them.
"""

from __future__ import annotations

import compileall
import hashlib
import py_compile
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deployment.contents import ROOT, is_library_file_shipped
from deployment.steps import DeploymentFailed

LOCK = ROOT / "requirements" / "run.txt"
BUILD = ROOT / "build"
# From python3.12 on, Lambda's Linux is Amazon Linux 2023 with glibc 2.34; a wheel for an older one
# runs there as well.
_GLIBC_MINOR = 34
_PLATFORMS = ("manylinux2014", *(f"manylinux_2_{minor}" for minor in range(17, _GLIBC_MINOR + 1)))
_ARCHITECTURE = "x86_64"
# Lambda's folder of code. Compiled files name their sources there, so that tracebacks are right.
TASK_ROOT = "/var/task"


def provide_libraries() -> Path:
    """Return a folder with the libraries, pruned and compiled, laid out as a virtual environment.

    Raises:
        DeploymentFailed: pip could not install them; it has printed why.
    """
    # Hidden, or Zappa would take its own handler in there for a part of the project.
    wanted = BUILD / f".libraries-{_digest()}"
    if not wanted.is_dir():
        BUILD.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILD, prefix=".libraries-") as folder:
            installed, environment = Path(folder, "installed"), Path(folder, "environment")
            _install(installed)
            _copy_what_is_shipped(installed, locate_packages(environment))
            compile_tree(locate_packages(environment))
            # Another build may have finished first; its folder holds the same.
            if not wanted.is_dir():
                environment.replace(wanted)
    return wanted


def demand_runtime(runtime: str) -> None:
    """Check that this Python is the one that the package will run on.

    Raises:
        DeploymentFailed: it is another, whose compiled code the runtime would not accept.
    """
    if runtime != f"python{_python_version()}":
        raise DeploymentFailed(
            f"The stage runs on {runtime}, and this is Python {_python_version()}.",
            "Remove .venv-deploy: make package STAGE=... recreates it with the stage's Python. Or "
            "name another runtime in zappa_settings.json.",
        )


def locate_packages(environment: Path) -> Path:
    """Return the folder where an environment has its libraries."""
    return environment / "lib" / f"python{_python_version()}" / "site-packages"


def compile_tree(folder: Path) -> None:
    """Compile a tree of the package so that Python uses the result without checking the sources.

    All files in the package have the same date and Lambda's folder is read-only. Code compiled as
    usual would count as stale and be compiled again at every cold start, which takes several times
    as long as everything else. Do this only to a copy: in a working tree, changes of the sources
    would go unnoticed.

    Raises:
        DeploymentFailed: a file is not valid Python.
    """
    is_compiled = compileall.compile_dir(
        folder,
        quiet=1,
        stripdir=str(folder),
        prependdir=TASK_ROOT,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not is_compiled:
        raise DeploymentFailed("What is to be packed does not compile.", "See the message above.")


def _install(target: Path) -> None:
    """Install what the lock file names, and nothing else."""
    platforms = [word for name in _PLATFORMS for word in ("--platform", f"{name}_{_ARCHITECTURE}")]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--target", str(target), "--no-compile", "--no-deps", "--require-hashes"]
    command += ["--only-binary", ":all:", "--implementation", "cp"]
    command += ["--python-version", _python_version(), *platforms]
    command += ["-r", str(LOCK)]
    if subprocess.run(command, check=False).returncode:  # noqa: S603  (pip, with our own words)
        raise DeploymentFailed("pip could not install the libraries.", "See its message above.")


def _copy_what_is_shipped(source: Path, target: Path) -> None:
    """Copy the libraries without what production does not need."""
    for path in source.rglob("*"):
        name = path.relative_to(source).as_posix()
        if path.is_file() and is_library_file_shipped(name):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)


def _digest() -> str:
    """Return a digest of what would be installed."""
    parts = [LOCK, ROOT / "deployment" / "contents.py", Path(__file__)]
    digest = hashlib.sha256(_python_version().encode())
    for path in parts:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _python_version() -> str:
    """Return this Python's version, for which everything is compiled."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"
