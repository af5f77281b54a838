"""Start-up checks, each with an id, that explain settings which cannot work together."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from artifacts.access_checks import is_published

_HOST_AND_PORT = re.compile(r"(\[[0-9a-f:]+\]|[a-z0-9.\-]+):\d{1,5}")


@register(Tags.security)
def check_storage(**_: Any) -> list[CheckMessage]:
    """Check that S3 has a bucket."""
    if settings.REGISTRY_STORAGE == "s3" and not settings.AWS_STORAGE_BUCKET_NAME:
        return [
            Error(
                "REGISTRY_STORAGE is s3, but no bucket is named.",
                hint="Set AWS_STORAGE_BUCKET_NAME, or REGISTRY_STORAGE=local.",
                id="registry.E001",
            )
        ]
    return []


@register(Tags.security)
def check_monitor_function(**_: Any) -> list[CheckMessage]:
    """Check that the function for programs can reach their zips: by signed links of S3 alone."""
    if settings.REGISTRY_MONITOR_FUNCTION and settings.REGISTRY_STORAGE != "s3":
        return [
            Error(
                "REGISTRY_MONITOR_FUNCTION names a function on AWS, which cannot read the folder "
                "in which this registry keeps its bytes.",
                hint="Set REGISTRY_STORAGE=s3, or run programs on this machine: leave it out.",
                id="registry.E014",
            )
        ]
    return []


@register(Tags.security)
def check_monitor_hosts(**_: Any) -> list[CheckMessage]:
    """Check that no program is to ask the function's own machine, where Lambda itself listens."""
    return [
        Error(
            f"REGISTRY_MONITOR_HOSTS holds {host!r}, which is this machine, and on AWS Lambda no "
            "program may ask that.",
            hint="Name the host by its name in the network, or leave it out.",
            id="registry.E015",
        )
        for host in settings.REGISTRY_MONITOR_HOSTS
        if settings.REGISTRY_MONITOR_FUNCTION and host.startswith(("localhost:", "127."))
    ]


@register(Tags.security)
def check_private_hosts(**_: Any) -> list[CheckMessage]:
    """Check that each entry has a port: a host alone would open all of its ports."""
    wrong = [
        entry
        for entry in settings.REGISTRY_PRIVATE_HOSTS
        if _HOST_AND_PORT.fullmatch(entry) is None or not _is_address(f"http://{entry}")
    ]
    return [
        Error(
            f"REGISTRY_PRIVATE_HOSTS holds {entry!r}, which is not of the form host:port.",
            hint="Write it as in 127.0.0.1:9000.",
            id="registry.E002",
        )
        for entry in wrong
    ]


@register(Tags.security)
def check_base_url(**_: Any) -> list[CheckMessage]:
    """Check the base URL, to which paths are appended to make links."""
    base = settings.REGISTRY_BASE_URL
    if base and not _is_address(base):
        return [
            Error(
                f"REGISTRY_BASE_URL is {base!r}, which is no plain web address.",
                hint="Write it as in https://registry.example.com, without credentials or query.",
                id="registry.E003",
            )
        ]
    return []


@register("storage", deploy=True)
def check_bucket(**_: Any) -> list[CheckMessage]:
    """Try the bucket: without a feature, the registry finds another way or writes nothing."""
    from artifacts.exceptions import StorageUnavailable
    from artifacts.storage.abilities import Gravity
    from artifacts.storage.proof import try_bucket

    if check_storage():
        return []
    try:
        found = try_bucket()
    except StorageUnavailable as error:
        if settings.REGISTRY_STORAGE == "s3":
            from artifacts.storage.s3_errors import is_refusal

            if is_refusal(error):
                hint = "See AWS_STORAGE_BUCKET_NAME, and who may use that bucket."
                return [Error(error.message, hint=hint, id="registry.E013")]
        return [checks.Warning(error.message, hint="It was not tried.", id="registry.W010")]
    return [
        Error(each.lack, hint=f"{each.remedy} Seen: {each.detail}", id="registry.E009")
        if each.gravity == Gravity.REFUSED
        else checks.Warning(
            each.lack, hint=f"{each.remedy} Seen: {each.detail}", id="registry.W011"
        )
        for each in found
    ]


def _is_address(text: str) -> bool:
    """Say whether a URL has only a scheme, a host, and perhaps a port and a path."""
    try:
        parts = urlsplit(text)
        is_port_possible = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or "@" in parts.netloc or re.search(r"\s", text))
    return parts.scheme in ("http", "https") and bool(parts.hostname) and is_port_possible and plain


@register(Tags.security)
def check_tasks(**_: Any) -> list[CheckMessage]:
    """Refuse files on disk on Lambda: instances of a function do not share them."""
    if settings.REGISTRY_TASKS == "lambda" and settings.REGISTRY_STORAGE == "local":
        return [
            Error(
                "REGISTRY_TASKS is lambda, but payloads are kept on the instance's own disk.",
                hint="Set REGISTRY_STORAGE=s3.",
                id="registry.E004",
            )
        ]
    return []


@register(Tags.security)
def check_task_place(**_: Any) -> list[CheckMessage]:
    """Check where tasks run: a function is frozen after each answer, and requests lack the time."""
    found: list[CheckMessage] = []
    if settings.AWS_LAMBDA_FUNCTION_NAME and settings.REGISTRY_TASKS != "lambda":
        found.append(
            Error(
                f"REGISTRY_TASKS is {settings.REGISTRY_TASKS}, but this is a function on Lambda: "
                "no worker lives beside it, and its gateway waits for no task.",
                hint="Set REGISTRY_TASKS=lambda.",
                id="registry.E007",
            )
        )
    if settings.REGISTRY_TASKS == "immediate" and not settings.IS_FOR_TRYING_OUT:
        found.append(
            Error(
                "REGISTRY_TASKS is immediate: each request would itself fetch all that it "
                "registers, and what fails would not be tried again.",
                hint="Set REGISTRY_TASKS=worker and run manage.py run_worker.",
                id="registry.E008",
            )
        )
    return found


@register(Tags.security)
def check_published_password(**_: Any) -> list[CheckMessage]:
    """Warn that the default administrator has a published password."""
    password = settings.REGISTRY_ADMIN_PASSWORD
    if settings.IS_FOR_TRYING_OUT or (password and not is_published(password)):
        return []
    return [
        checks.Warning(
            "The default administrator still has the published password, or one made of it.",
            hint="Set REGISTRY_ADMIN_PASSWORD to one of your own.",
            id="registry.W001",
        )
    ]


@register(Tags.security, deploy=True)
def check_published_password_on_deploy(**_: Any) -> list[CheckMessage]:
    """Make an error at deployment of what is only a warning at each start."""
    return [
        Error(message.msg, hint=message.hint, id="registry.E005")
        for message in check_published_password()
    ]


@register()
def check_demonstration_python(**_: Any) -> list[CheckMessage]:
    """Check that the Python that runs demonstrations exists."""
    path = settings.REGISTRY_DEMONSTRATION_PYTHON
    if not path or (Path(path).is_file() and os.access(path, os.X_OK)):
        return []
    return [
        Error(
            f"REGISTRY_DEMONSTRATION_PYTHON names {path!r}, which is no program.",
            hint="Name the python of an environment that has the libraries, or leave it empty.",
            id="registry.E006",
        )
    ]
