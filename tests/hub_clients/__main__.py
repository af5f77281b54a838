"""`make hub-clients`: the field's own clients against real registries.

    python -m tests.hub_clients [--quick] [--ground NAME]... [--verbose]

Exit status 1 when a check failed. What cannot be made here is counted as skipped, with its reason.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

from tests.hub_clients import (
    demanded,
    driving,
    readme_lines,
    real_weights,
    requests_counted,
    shared_check,
    small_files,
)
from tests.hub_clients.grounds import GROUNDS, Ground
from tests.hub_clients.large import large_model
from tests.hub_clients.populating import Populated, populate
from tests.hub_clients.tally import SKIPPED, Tally

QUICK_GROUNDS = ("local files", "S3")
QUICK_ENVIRONMENTS = ("2", "0")
ENVIRONMENTS = ("2", "1", "0")
LIBRARIES = "libraries"


def main() -> int:
    options = _options()
    tally = Tally(is_verbose=options.verbose)
    grounds = options.ground or (QUICK_GROUNDS if options.quick else [*GROUNDS])
    environments = QUICK_ENVIRONMENTS if options.quick else ENVIRONMENTS
    parquet = None if options.quick else driving.make_parquet()
    for name in grounds:
        tally.ground = name
        with tempfile.TemporaryDirectory(prefix="hub-clients-") as folder:
            _try_on(tally, GROUNDS[name], Path(folder), environments, parquet)
    if not (options.quick or options.ground):
        tally.ground = "beside"
        _once(tally)
    print(*tally.failures, tally.summary(), sep="\n")
    return 1 if tally.failures else 0


def _try_on(
    tally: Tally,
    serve: Callable[[Path], AbstractContextManager[Ground]],
    folder: Path,
    environments: tuple[str, ...],
    parquet: bytes | None,
) -> None:
    """Try all clients on one ground."""
    with serve(folder) as ground:
        populated = populate(ground, parquet)
        for where in environments:
            for program in ("hub.py", "hub_refusals.py"):
                driving.drive_python(tally, where, program, populated.for_one_client())
            facts = populated.for_one_client(0)
            driving.drive_python(tally, where, "hub_writes.py", facts, facts["tokens"]["writer"])
        if parquet is not None:
            driving.drive_python(tally, LIBRARIES, "libraries.py", populated.for_one_client())
        _try_javascript(tally, populated.for_one_client(0))
        facts = populated.for_one_client(0)
        tally.check("nothing is told without a token", partial(demanded.refused_without, facts))
        where = LIBRARIES if parquet is not None else environments[0]
        lines = partial(readme_lines.run, facts, where, loads=where == LIBRARIES)
        tally.check("the README's lines", lines)
        tally.check(
            "a snapshot costs two requests a file, and three",
            partial(requests_counted.count, populated, environments[0]),
        )
        if parquet is not None:
            _run_shared(tally, populated, environments)


def _try_javascript(tally: Tally, facts: Mapping[str, Any]) -> None:
    name = "@huggingface/hub in Node.js"
    if not driving.NODE_MODULES.exists():
        tally.note(SKIPPED, name, "not installed: make hub-clients does that")
        return
    driving.drive(tally, name, facts, ["node", str(driving.PROGRAMS / "hub.mjs")])


def _run_shared(tally: Tally, populated: Populated, environments: tuple[str, ...]) -> None:
    facts = populated.for_one_client(0)
    everywhere = (*environments, LIBRARIES)
    tally.check("the check beside the project", lambda: shared_check.run(facts, everywhere))


def _once(tally: Tally) -> None:
    """Make the checks that need a registry of their own, once."""
    with tempfile.TemporaryDirectory(prefix="hub-clients-") as folder:
        tally.check("real weights", partial(real_weights.compare, tally, Path(folder)))
    with tempfile.TemporaryDirectory(prefix="hub-clients-") as folder:
        tally.check("500 small files", partial(_compare_small_files, Path(folder)))
    with (
        tempfile.TemporaryDirectory(prefix="hub-clients-") as folder,
        large_model(Path(folder)) as large,
    ):
        for where in ENVIRONMENTS:
            for expires in (False, True):
                name = (
                    f"1 GB cut three times{', links expired' if expires else ''}, .venv-hub-{where}"
                )
                tally.check(name, partial(large.fetch, where, expires=expires))


def _compare_small_files(folder: Path) -> str:
    """Print a goal's figure, which fails no check."""
    compared = str(small_files.compare(folder))
    print(f"{small_files.FILES} small files: {compared}", flush=True)
    return compared


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few clients on two grounds")
    parser.add_argument(
        "--ground", action="append", choices=[*GROUNDS], help="this one only; repeatable"
    )
    parser.add_argument("--verbose", action="store_true", help="print what passed, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
