"""Secrets that are kept in Secrets Manager or in SSM's parameters, read by their ARN.

    arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX        the whole text
    arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX#KEY    the value of KEY in its JSON
    arn:aws:ssm:REGION:ACCOUNT:parameter/NAME                       likewise, with or without #KEY

No ARN has a `#`. boto3 is imported only if there is something to read, because that takes as long
as importing Django. This module works without Django, because `deployment/` uses it too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from artifacts.limits import (
    SECRET_ATTEMPTS_MAX,
    SECRET_CONNECT_TIMEOUT_S,
    SECRET_READ_TIMEOUT_S,
    SECRET_REASON_MAX_CHARS,
)

from .arns import parse_arn

# Service -> how the resource in its ARNs begins.
_RESOURCES = {"secretsmanager": "secret:", "ssm": "parameter/"}
FORM = (
    "must be the ARN of a secret (arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME) or of a "
    "parameter (arn:aws:ssm:REGION:ACCOUNT:parameter/NAME), with #KEY behind it for one value of a "
    "JSON object."
)
_ABSENT = ("ResourceNotFoundException", "ParameterNotFound")
_DENIED = ("AccessDeniedException", "AccessDenied")


class SecretUnreadable(Exception):
    """A secret cannot be read; the text names the variable and the ARN, and never a value."""


class Reference(NamedTuple):
    """Where a secret is kept.

    Attributes:
        key: a key of the JSON object in the secret; "" takes the whole text.
    """

    arn: str
    service: str
    region: str
    key: str


def parse(text: str) -> Reference:
    """Parse the ARN of a secret or parameter.

    Raises:
        ValueError: the text is something else.
    """
    arn, sign, key = text.partition("#")
    found = parse_arn(arn)
    begins = _RESOURCES.get(found.service) if found else None
    if (
        found is None
        or begins is None
        or not found.region
        or not found.resource.startswith(begins)
        or found.resource == begins
        or bool(sign) != bool(key)
        or not (key.isascii() and key.isprintable())
    ):
        raise ValueError(FORM)
    return Reference(arn, found.service, found.region, key)


def read(arns: Mapping[str, str]) -> dict[str, str]:
    """Read secrets; each is read once, however many of its keys are wanted.

    Args:
        arns: variable -> ARN, with or without a key.

    Returns:
        Variable -> value.

    Raises:
        SecretUnreadable: one does not exist, may not be read, or has the wrong content.
    """
    wanted: dict[str, Reference] = {}
    for variable, arn in arns.items():
        try:
            wanted[variable] = parse(arn)
        except ValueError as error:
            # The text is not shown: it may be the secret itself, set in the wrong variable.
            raise SecretUnreadable(f"{variable} {error}") from error
    services = _Services()
    texts: dict[str, str] = {}
    values = {}
    for variable, reference in wanted.items():
        if reference.arn not in texts:
            texts[reference.arn] = _ask(services, variable, reference)
        text = texts[reference.arn]
        values[variable] = _pick_value(variable, reference, text) if reference.key else text
    return values


class _Services:
    """AWS clients, one per service and region: making a client takes longer than a request."""

    def __init__(self) -> None:
        """Make a separate session: boto3's shared session would keep credentials forever."""
        import boto3

        self._session: Any = boto3.session.Session()
        self._clients: dict[tuple[str, str], Any] = {}

    def ask(self, reference: Reference) -> str | None:
        """Return the text of a secret; None if its value is not text."""
        client = self._client(reference.service, reference.region)
        if reference.service == "ssm":
            found = client.get_parameter(Name=reference.arn, WithDecryption=True)
            return str(found["Parameter"]["Value"])
        text: str | None = client.get_secret_value(SecretId=reference.arn).get("SecretString")
        return text

    def _client(self, service: str, region: str) -> Any:
        """Return the client of a service."""
        from botocore.config import Config

        if (service, region) not in self._clients:
            patience = Config(
                connect_timeout=SECRET_CONNECT_TIMEOUT_S,
                read_timeout=SECRET_READ_TIMEOUT_S,
                retries={"mode": "standard", "total_max_attempts": SECRET_ATTEMPTS_MAX},
            )
            client = self._session.client(service, region_name=region, config=patience)
            self._clients[service, region] = client
        return self._clients[service, region]


def _ask(services: _Services, variable: str, reference: Reference) -> str:
    """Ask AWS for the text of one secret."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        text = services.ask(reference)
    except ClientError as error:
        raise _unreadable(variable, reference, _reason(reference, error)) from error
    except (BotoCoreError, ValueError) as error:
        said = " ".join(str(error).split())[:SECRET_REASON_MAX_CHARS]
        raise _unreadable(
            variable, reference, f"{said} (in a private network it needs a way to AWS)"
        ) from error
    if text is None:
        raise _unreadable(variable, reference, "it is binary; keep it as text")
    return text


def _reason(reference: Reference, error: Any) -> str:
    """Explain an error from AWS in words that hold no part of a value."""
    code = str(error.response.get("Error", {}).get("Code", "")) or "an error without a name"
    if code in _ABSENT:
        return f"there is none ({code})"
    if code in _DENIED:
        action = (
            "ssm:GetParameter" if reference.service == "ssm" else "secretsmanager:GetSecretValue"
        )
        return f"whoever starts this may not: {action}, or kms:Decrypt with its key ({code})"
    return code


def _pick_value(variable: str, reference: Reference, text: str) -> str:
    """Return the value of a key in a secret's JSON object."""
    found = parse_object(text)
    if found is None:
        raise _unreadable(
            variable, reference, f"it is no JSON object, so it has no {reference.key!a}"
        )
    value = found.get(reference.key)
    if not isinstance(value, str):
        raise _unreadable(variable, reference, f"it has no text under {reference.key!a}")
    return value


def parse_object(text: str) -> dict[str, Any] | None:
    """Parse a JSON object; return None if the text is something else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _unreadable(variable: str, reference: Reference, reason: str) -> SecretUnreadable:
    """Return an error with one sentence about the failure."""
    return SecretUnreadable(f"{variable} names {reference.arn}, which cannot be read: {reason}.")
