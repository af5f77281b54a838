"""What the files of `deployment/own` say, and the same for this machine."""

import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "deployment/own"
# Where the files suppose things to be.
RELEASE = "/srv/registry/current"
SOCKET = "/run/registry/web.sock"
HOST = "registry.example.com"
CERTIFICATES = "/etc/nginx/registry"
LOGS = "/var/log/nginx"
OPENSSL = "/usr/bin/openssl"


class Unit(ConfigParser):
    """A unit of systemd: names with their case, and lists where a name stands more than once."""

    def __init__(self, name: str) -> None:
        super().__init__(interpolation=None, strict=False, delimiters=("=",))
        self.path = OWN / name
        self.read(self.path, encoding="utf-8")

    def optionxform(self, optionstr: str) -> str:
        return optionstr

    def all(self, name: str) -> list[str]:
        """Every value of a name, in order; a parser keeps the last only."""
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]

    def commands(self, release: Path) -> list[list[str]]:
        """What the unit executes, in a release elsewhere."""
        return [shlex.split(line.replace(RELEASE, str(release))) for line in self.all("ExecStart")]

    def environment(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.all("Environment"))


def variables() -> dict[str, str]:
    """The example of variables, read as systemd reads it."""
    lines = (OWN / "registry.env.example").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: "".join(shlex.split(value)) for name, value in pairs}


def copied() -> list[str]:
    """What of the tree the Dockerfile copies."""
    lines = (OWN / "Dockerfile").read_text(encoding="utf-8").splitlines()
    return [line.split()[1] for line in lines if line.startswith("COPY ")]


def make_tree(target: Path) -> None:
    """Copy what the Dockerfile copies; nothing else of the tree is there when the registry runs."""
    for name in copied():
        source = ROOT / name
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / name)


def nginx_configuration(folder: Path, socket: Path, plain_port: int, tls_port: int) -> str:
    """nginx's configuration for loopback, free ports and a folder."""
    site = (OWN / "nginx.conf").read_text(encoding="utf-8")
    here = {
        "    listen [::]:80 default_server;\n": "",
        "    listen [::]:443 ssl http2 default_server;\n": "",
        "listen 80 ": f"listen 127.0.0.1:{plain_port} ",
        "listen 443 ": f"listen 127.0.0.1:{tls_port} ",
        f"https://{HOST}$": f"https://127.0.0.1:{tls_port}$",
        SOCKET: str(socket),
        CERTIFICATES: str(folder),
        LOGS: str(folder),
    }
    for theirs, ours in here.items():
        if theirs not in site:
            raise AssertionError(f"nginx.conf does not say {theirs!r} any more")
        site = site.replace(theirs, ours)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"    {kind}_temp_path {folder}/temp-{kind};\n" for kind in kinds)
    return (
        f"pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\ndaemon off;\n"
        "worker_processes 1;\nevents { worker_connections 1024; }\n"
        f"http {{\n{places}{site}}}\n"
    )


def make_certificate(folder: Path) -> None:
    """Make a certificate for 127.0.0.1, under the names that nginx.conf has; clients trust it."""
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=registry", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", f"{folder}/privkey.pem", "-out", f"{folder}/fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
