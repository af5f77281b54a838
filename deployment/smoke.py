"""Smoke test: sends a running registry the requests of its users, and says what is wrong.

`python -m deployment.smoke URL`, with REGISTRY_SMOKE_USER and REGISTRY_SMOKE_PASSWORD in the
environment. It uses the standard library only, and removes what it creates. `binary.py` holds the
only check that writes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from deployment.binary import check_binary
from deployment.client import Answer, Client, exchange
from deployment.limits import READY_PAUSE_S, READY_TIMEOUT_S
from deployment.refusals import advice_for, is_final, patience_s
from deployment.release import Release, pending_migrations
from deployment.steps import DeploymentFailed, Steps, run_command, say

# The account of a new registry; its password is REGISTRY_ADMIN_PASSWORD.
DEFAULT_USER = "ece30861defaultadminuser"
# Without these two nothing works; the other components report pending work.
VITAL_COMPONENTS = ("database", "storage")
# A bucket is degraded if it lacks a feature that the registry can replace.
WELL_ENOUGH = ("ok", "degraded")
# A two-byte character on a page that needs no sign-in; a gateway that guesses the encoding
# garbles it.
UTF8_SIGN = "\u00b7"
# Checks that a registry refuses while it is not open (REGISTRY_MODE); the operator chose that.
NOT_LET_THROUGH = {
    "read_only": ("binary",),
    "closed": ("login", "list", "page", "static file", "binary"),
}
# The release of a registry that runs outside a package.
NO_RECORD = "a release without a record"
_STYLE_SHEET = re.compile(r'href="([^"]+\.css)"')
_HASHED_NAME = re.compile(r"\.([0-9a-f]{12})\.css$")


@dataclass(frozen=True)
class Credentials:
    """Who signs in for the test."""

    user: str
    password: str


def find_credentials(environment: Mapping[str, str]) -> Credentials:
    """Return who signs in, as the environment says.

    Raises:
        DeploymentFailed: there is no password.
    """
    password = environment.get("REGISTRY_SMOKE_PASSWORD") or environment.get(
        "REGISTRY_ADMIN_PASSWORD"
    )
    if not password:
        raise DeploymentFailed(
            "The smoke test has no password to sign in with.",
            "Set REGISTRY_SMOKE_USER and REGISTRY_SMOKE_PASSWORD (a user who may upload, search "
            "and download), or REGISTRY_ADMIN_PASSWORD.",
        )
    return Credentials(environment.get("REGISTRY_SMOKE_USER") or DEFAULT_USER, password)


def run_smoke(
    url: str, *, credentials: Credentials, expected: Release | None, steps: Steps
) -> Release | None:
    """Run every check in turn; the first that fails ends the test.

    Args:
        expected: the release that must answer; None accepts any.

    Returns:
        The release that answered, as far as known.

    Raises:
        DeploymentFailed: says what is wrong, and where to look.
    """
    client = Client(url)
    with steps.step("health") as step, in_form():
        found = check_health(client, expected)
        step.note = str(found or NO_RECORD)
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("login", lambda: check_login(client, credentials)),
        ("list", lambda: check_list(client)),
        ("page", lambda: check_page(client)),
        ("static file", lambda: check_static_file(client)),
        ("binary", lambda: check_binary(client)),
    )
    left_out = NOT_LET_THROUGH.get(read_mode(client), ())
    if left_out:
        say(f"The registry is not open, so these are not tried: {', '.join(left_out)}.")
    for name, check in checks:
        if name in left_out:
            continue
        with steps.step(name) as step, in_form():
            step.note = check()
    return found


@contextmanager
def in_form() -> Iterator[None]:
    """Turn a malformed answer into an ordinary failure.

    Raises:
        DeploymentFailed: an answer lacks a part that it must have.
    """
    try:
        yield
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise DeploymentFailed(
            f"An answer has not the form that the contract gives it: {error!r}.",
            "Ask for the same by hand and compare it with /schema.",
        ) from error


def check_health(client: Client, expected: Release | None) -> Release | None:
    """Wait until the expected release answers and is healthy; an update takes some seconds.

    A final refusal ends the test sooner, but not at once: an old instance may still answer with the
    former variables, and a new gateway refuses everybody at first.

    Returns:
        The release that answers.

    Raises:
        DeploymentFailed: it does not answer in time, or lacks something that it needs.
    """
    ends_at = time.monotonic() + READY_TIMEOUT_S
    refused_since: float | None = None
    while True:
        answer = client.send("GET", "health")
        now = time.monotonic()
        refused_since = (refused_since or now) if is_final(answer) else None
        try:
            return require_well(answer.require(200), expected)
        except DeploymentFailed as failure:
            if refused_since is not None and now - refused_since >= patience_s(answer):
                raise DeploymentFailed(failure.reason, advice_for(answer)) from None
            if now > ends_at:
                raise
        time.sleep(READY_PAUSE_S)


def require_well(answer: Answer, expected: Release | None) -> Release | None:
    """Check that the right release answers, with all that it needs; return it.

    Raises:
        DeploymentFailed: another release answers, or it lacks something.
    """
    health = answer.json()
    found = Release.of_health(health)
    if expected is not None and (found is None or not found.fits(expected)):
        raise DeploymentFailed(
            f"At {answer.url} answers {found or NO_RECORD}, not {expected}.",
            "Check that the address belongs to this stage, and which versions it has: "
            "make releases STAGE=...",
        )
    components = {each["id"]: each["status"] for each in health["components"]}
    ill = [name for name in VITAL_COMPONENTS if components.get(name) not in WELL_ENOUGH]
    if ill:
        states = ", ".join(f"{name} is {components.get(name, 'not shown')}" for name in ill)
        raise DeploymentFailed(
            f"{answer.url} answers, but {states}.",
            "See what /health/components says about it: mostly an address or a right is missing.",
        )
    if pending := pending_migrations(health):
        raise DeploymentFailed(
            f"Migrations wait to be applied: {', '.join(pending)}.",
            "Apply them with: zappa manage STAGE 'migrate --noinput'",
        )
    return found


def read_mode(client: Client) -> str:
    """Return the registry's mode as it states it; "" for a release that has no modes."""
    with in_form():
        return str(client.send("GET", "health").require(200).json().get("mode", ""))


def check_login(client: Client, credentials: Credentials) -> str:
    """Sign in; later checks use the token."""
    body = {
        "user": {"name": credentials.user, "is_admin": True},
        "secret": {"password": credentials.password},
    }
    token = client.send("PUT", "authenticate", data=body).require(200).json()
    if not isinstance(token, str) or not token.startswith("bearer "):
        raise DeploymentFailed("Signing in gave no token.", "Look at PUT /authenticate by hand.")
    client.token = token
    return credentials.user


def check_list(client: Client) -> str:
    """List the first page of everything."""
    answer = client.send("POST", "artifacts", data=[{"name": "*"}]).require(200)
    page: Any = answer.json()
    if not isinstance(page, list):
        answer.refuse("is no list")
    return f"{len(page)} artifacts on the first page"


def check_page(client: Client) -> str:
    """Read a page, and check that its characters arrived intact."""
    answer = exchange("GET", urljoin(client.base_url, "docs")).require(200)
    if "charset=utf-8" not in answer.headers.get("content-type", "").lower():
        answer.refuse(f"is {answer.headers.get('content-type', 'of no type')}, not UTF-8 text")
    if UTF8_SIGN not in answer.text():
        answer.refuse(f"has lost the letter {UTF8_SIGN!r} of its title")
    return f"{len(answer.body):,} bytes"


def check_static_file(client: Client) -> str:
    """Read the style sheet that the front page names, plain and compressed.

    A gateway passes text on as it is, and anything else (compressed text too) as base64. Both ways
    must deliver the bytes whose hash is in the file's name.
    """
    page = exchange("GET", client.base_url).require(200)
    named = _STYLE_SHEET.search(page.text())
    if named is None:
        page.refuse("names no style sheet")
    url = urljoin(page.url, named[1])
    hashed = _HASHED_NAME.search(url)
    if hashed is None:
        page.refuse(f"names {named[1]}, which has no hash: the manifest is not in the package")
    for encoding in ("identity", "gzip"):
        answer = exchange("GET", url, headers={"Accept-Encoding": encoding}).require(200)
        # Source: Django's ManifestFilesMixin, which names files by this digest.
        digest = hashlib.md5(answer.body, usedforsecurity=False).hexdigest()
        if not digest.startswith(hashed[1]):
            answer.refuse(f"(asked for as {encoding}) is not the file that its name stands for")
    sent_as = answer.headers.get("content-encoding", "plain")
    return f"{named[1].rpartition('/')[2]}, {len(answer.body):,} bytes, also as {sent_as}"


def main(arguments: list[str] | None = None) -> int:
    """Test the registry at an address; return 0 when all checks pass."""
    parser = argparse.ArgumentParser(prog="deployment.smoke", description=__doc__)
    parser.add_argument("url", help="where the registry is, with the path if there is one")
    parser.add_argument("--commit", help="the git commit that has to answer")
    asked = parser.parse_args(arguments)

    def work(steps: Steps) -> str:
        expected = Release(commit=asked.commit) if asked.commit else None
        credentials = find_credentials(os.environ)
        run_smoke(asked.url, credentials=credentials, expected=expected, steps=steps)
        return ""

    return run_command(work)


if __name__ == "__main__":
    sys.exit(main())
