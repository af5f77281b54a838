"""The syntax of names in AWS, to find mistakes without asking AWS."""

from __future__ import annotations

import ipaddress

from registry_site.settings.arns import parse_arn

_ROLE = "role/"
# Source: Amazon S3 User Guide, "General purpose bucket naming rules".
_BUCKET_NAME_CHARS = range(3, 64)


def is_role(arn: str) -> bool:
    """Say whether a text is the ARN of a role."""
    found = parse_arn(arn)
    return (
        found is not None
        and (found.service, found.region) == ("iam", "")
        and found.resource.startswith(_ROLE)
        and found.resource != _ROLE
    )


def is_bucket(name: str) -> bool:
    """Say whether a text is a valid name of a bucket or a valid ARN of an access point."""
    if name.startswith("arn:"):
        return True
    letters = name.replace("-", "").replace(".", "")
    return (
        len(name) in _BUCKET_NAME_CHARS
        and letters.isascii()
        and letters.isalnum()
        and letters == letters.lower()
        and name[0] not in ".-"
        and name[-1] not in ".-"
    )


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine; an empty host means a local socket."""
    if host in ("", "localhost") or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
