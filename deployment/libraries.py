"""The libraries of the package: installed from the lock files alone, for Lambda's Linux.

They are kept in `build/` under a name made from the lock files and from the rules of what is
shipped, so the next package takes them from there.
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

LOCKS = (ROOT / "requirements" / "run.txt", ROOT / "requirements" / "lambda.txt")
BUILD = ROOT / "build"
# Lambda's python3.11 runs on Amazon Linux 2 with glibc 2.26; later runtimes take these as well.
_PLATFORMS = ("manylinux2014", *(f"manylinux_2_{minor}" for minor in range(17, 27)))
_ARCHITECTURE = "x86_64"
# What is compiled names its sources as they are called there, so that tracebacks can be read.
TASK_ROOT = "/var/task"


def provide_libraries() -> Path:
    """Return a folder with the libraries, pruned and compiled, laid out as a virtual environment.

    Raises:
        DeploymentFailed: pip could not install them; its own words stand above.
    """
    # Hidden, or Zappa takes its own handler in there for a part of the project.
    wanted = BUILD / f".libraries-{_digest()}"
    if not wanted.is_dir():
        BUILD.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILD, prefix=".libraries-") as folder:
            installed, environment = Path(folder, "installed"), Path(folder, "environment")
            _install(installed)
            _copy_what_is_shipped(installed, packages_of(environment))
            compile_tree(packages_of(environment))
            # Another build may have been faster; its folder holds the same.
            if not wanted.is_dir():
                environment.replace(wanted)
    return wanted


def demand_runtime(runtime: str) -> None:
    """See that this Python is the one that the package will run on.

    Raises:
        DeploymentFailed: it is another, whose compiled code that one would not take.
    """
    if runtime != f"python{_python_version()}":
        raise DeploymentFailed(
            f"The stage runs on {runtime}, and this is Python {_python_version()}.",
            f"Make .venv-deploy with {runtime} (PYTHON={runtime} make package), or name another "
            "runtime in zappa_settings.json.",
        )


def packages_of(environment: Path) -> Path:
    """Return where an environment has its libraries."""
    return environment / "lib" / f"python{_python_version()}" / "site-packages"


def compile_tree(folder: Path) -> None:
    """Compile a tree of the package so that Python believes it without looking at the sources.

    All files in the package have one date and Lambda's folder cannot be written, so code compiled
    the usual way counts as stale there and is compiled again at every cold start, which takes
    several times as long as all the rest. Only ever do this to a copy: in a tree that is worked
    on, changes of the sources would go unnoticed.

    Raises:
        DeploymentFailed: a file is not Python.
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
    """Install what the locks name, and nothing else."""
    platforms = [word for name in _PLATFORMS for word in ("--platform", f"{name}_{_ARCHITECTURE}")]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--target", str(target), "--no-compile", "--no-deps", "--require-hashes"]
    command += ["--only-binary", ":all:", "--implementation", "cp"]
    command += ["--python-version", _python_version(), *platforms]
    command += [word for lock in LOCKS for word in ("-r", str(lock))]
    if subprocess.run(command, check=False).returncode:  # noqa: S603  (pip, with our own words)
        raise DeploymentFailed("pip could not install the libraries.", "See its message above.")


def _copy_what_is_shipped(source: Path, target: Path) -> None:
    """Leave out what production does not need."""
    for path in source.rglob("*"):
        name = path.relative_to(source).as_posix()
        if path.is_file() and is_library_file_shipped(name):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)


def _digest() -> str:
    """Return a name for what would be installed."""
    parts = [*LOCKS, ROOT / "deployment" / "contents.py", Path(__file__)]
    digest = hashlib.sha256(_python_version().encode())
    for path in parts:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _python_version() -> str:
    """Return the version of this Python, for which everything is compiled."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"
