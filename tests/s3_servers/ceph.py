"""A Ceph cluster as small as it can be: one monitor and one OSD that keeps all in memory."""

import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

READY_WITHIN_S = 120.0


class Cluster:
    """Its files lie in one folder; its processes are started by whoever iterates `prepare`."""

    def __init__(self, folder: Path, monitor_port: int, port: int) -> None:
        self.folder, self.port = folder, port
        self._config = folder / "ceph.conf"
        fsid, address = uuid.uuid4(), f"127.0.0.1:{monitor_port}"
        self._monitor = address
        self._config.write_text(
            f"""[global]
fsid = {fsid}
mon host = v2:{address}
mon initial members = a
auth cluster required = none
auth service required = none
auth client required = none
public addr = 127.0.0.1
cluster addr = 127.0.0.1
run dir = {folder}
admin socket = {folder}/$name.asok
log file = {folder}/$name.out
keyring = {folder}/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd crush chooseleaf type = 0
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon allow pool delete = true
mon max pg per osd = 2000
mon data avail crit = 1
mon data avail warn = 1
[mon.a]
mon data = {folder}/mon
[osd.0]
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 2147483648
osd class load list = *
osd class default list = *
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw data = {folder}/rgw
ms mon client mode = crc
rgw thread pool size = 64
rgw run sync thread = false
rgw enable gc threads = false
rgw enable lc threads = false
"""
        )

    def prepare(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each process that the cluster needs, once what it needs is there."""
        monmap, config = self.folder / "monmap", ["-c", str(self._config)]
        fsid = self._config.read_text().split("fsid = ")[1].split()[0]
        make = ["monmaptool", "--create", "--fsid", fsid, "--addv", "a", f"[v2:{self._monitor}]"]
        _run([*make, str(monmap)])
        (self.folder / "keyring").touch()
        (self.folder / "rgw").mkdir()
        (self.folder / "osd").mkdir()
        _run(["ceph-mon", *config, "--mkfs", "-i", "a", "--monmap", str(monmap)])
        yield "mon", ["ceph-mon", *config, "-f", "-i", "a"]
        osd_uuid = str(uuid.uuid4())
        self._ceph("osd", "new", osd_uuid)
        _run(["ceph-osd", *config, "-i", "0", "--mkfs", "--osd-uuid", osd_uuid])
        yield "osd", ["ceph-osd", *config, "-f", "-i", "0"]

    def wait_for(self, name: str) -> None:
        """Wait until a process does its work."""
        done = {"mon": '"quorum_names":["a"]', "osd": '"num_up_osds":1'}[name]
        ends_at = time.monotonic() + READY_WITHIN_S
        while done not in self._ceph("status", "--format", "json"):
            if time.monotonic() > ends_at:
                raise RuntimeError(f"Ceph's {name} does not start: see {self.folder}/{name}.log")
            time.sleep(0.5)

    def make_user(self, access_key: str, secret_key: str) -> None:
        """Make the user of the gateway; its pools come with it."""
        user = ["user", "create", "--uid=registry", "--display-name=registry"]
        keys = [f"--access-key={access_key}", f"--secret-key={secret_key}"]
        _run(["radosgw-admin", "-c", str(self._config), "-n", "client.rgw", *user, *keys])

    def gateway(self) -> list[str]:
        """Return what runs the gateway."""
        return ["radosgw", "-c", str(self._config), "-n", "client.rgw", "-f"]

    def _ceph(self, *words: str) -> str:
        patient = ["ceph", "-c", str(self._config), "--connect-timeout", "30", *words]
        return _run(patient).replace(" ", "")


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2_000:]}")
    return done.stdout
