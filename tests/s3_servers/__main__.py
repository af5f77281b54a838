"""`make s3-servers`: starts each server, tries it, and writes the table of docs/storage.md.

    python -m tests.s3_servers [--only NAME]...

Exit status 1 when the registry neither works whole on a server nor refuses it, or when a server
that is taken fails a test of the protocol.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "storage.md"
BEGIN, END = "<!-- table: make s3-servers -->", "<!-- end of the table -->"
PROTOCOL = ("test_storage_protocol.py", "test_parts_protocol.py", "test_presigned.py")


@dataclass(frozen=True)
class Row:
    """What came of one server."""

    name: str
    version: str
    broken: tuple[str, ...]
    outcome: str
    protocol: str
    is_right: bool

    def __str__(self) -> str:
        broken = ", ".join(f"`{name}`" for name in self.broken) or "none"
        return f"| {self.name} {self.version} | {broken} | {self.outcome} | {self.protocol} |"


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--only", action="append", default=[])
    asked = options.parse_args().only
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry_site.settings.testing")
    import django

    django.setup()
    from tests.s3_servers.servers import SERVERS, NotHere

    rows = []
    for name, serve in SERVERS.items():
        if asked and name not in asked:
            continue
        with tempfile.TemporaryDirectory(prefix="s3-server-") as scratch:
            try:
                with serve(Path(scratch)) as server:
                    row = _tried(name, server, Path(scratch))
            except NotHere as reason:
                row = Row(name, "", (), f"not tried: {reason}", "", is_right=False)
        rows.append(row)
        sys.stdout.write(f"{row}\n")
        sys.stdout.flush()
    if not asked:
        _write(rows)
    return 0 if all(row.is_right for row in rows) else 1


def _tried(name, server, scratch: Path) -> Row:
    from artifacts.storage.abilities import abilities_with
    from tests.s3_servers.trial import Failed, work_on

    found = _proof(server)
    refused = bool(abilities_with(found).refusal)
    work = scratch / "work"
    work.mkdir()
    try:
        refusal = work_on(server, work)
    except Failed as failure:
        outcome, is_right = f"**fails**: {failure}", False
    else:
        outcome = "refused at the start" if refusal else "works whole"
        is_right = bool(refusal) == refused
    # What is refused need not pass.
    protocol, passes = ("", True) if refused else _protocol(server)
    broken = tuple(each.promise for each in found)
    return Row(name, server.version, broken, outcome, protocol, is_right and passes)


def _proof(server):
    from artifacts.storage.abilities import NONE
    from artifacts.storage.promises import prove
    from artifacts.storage.s3 import S3Store
    from tests.contract.conftest import s3_store

    trusting = s3_store(server.url)
    return prove(trusting, S3Store(trusting._clients._storage, lambda: NONE))


def _protocol(server) -> tuple[str, bool]:
    """Run the tests that every place for bytes passes."""
    paths = [str(ROOT / "tests/contract" / name) for name in PROTOCOL]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *paths],
        cwd=ROOT,
        env=os.environ | {"S3_TRIED_URL": server.url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-6_000:])
    counts = re.findall(r"\d+ (?:passed|failed|skipped|error)", done.stdout.splitlines()[-1])
    said = ", ".join(counts)
    return said, done.returncode == 0


def _write(rows: list[Row]) -> None:
    """Put the table in its place."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    table = [
        "| Server | Promises it breaks | The registry | Protocol tests |",
        "| --- | --- | --- | --- |",
    ]
    lines = "\n".join([*table, *map(str, rows)])
    PAGE.write_text(f"{before}{BEGIN}\n\n{lines}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
