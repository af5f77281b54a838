"""The valid forms of parameters and bodies for the schema: patterns, words, bounds.

It holds only rules that the code really enforces. A tool that generates requests from the schema
(`make schemathesis`) then finds each rule that is not enforced, and each request that is refused
although the schema allows it. Requests that break rules beyond any schema (RE2's syntax, allowed
hosts, too common passwords) get 400 with a sentence.
"""

from __future__ import annotations

from typing import Any

from artifacts.limits import (
    HEALTH_WINDOW_MAX_MINUTES,
    HEALTH_WINDOW_MIN_MINUTES,
    NAME_MAX_CHARS,
    NAMES_AUDITED_MAX,
    PASSWORD_MAX_CHARS,
    QUERIES_MAX,
    REGEX_MAX_CHARS,
    TOKEN_NAME_MAX_CHARS,
    UPLOAD_MAX_BYTES,
    UPLOAD_PARTS_SIGNED_MAX,
    URL_MAX_CHARS,
    USERNAME_MAX_CHARS,
    VERSION_RANGE_MAX_CHARS,
)
from artifacts.rules.identity import ID_PATTERN
from artifacts.rules.paging import offset_pattern

Form = dict[str, Any]

# For those fields that may be empty, the pattern alone.
_DIGEST_OR_NONE: Form = {"pattern": "^([0-9a-f]{64})?$"}
SHA256: Form = {"pattern": "^[0-9a-f]{64}$", "minLength": 64, "maxLength": 64}
_VERSION = r"[vV]?[0-9]{1,8}(\.[0-9]{1,8}){0,2}"
_URL: Form = {
    "minLength": 1,
    "maxLength": URL_MAX_CHARS,
    # As people copy URLs: for a browser, for git or pip, perhaps in brackets.
    "pattern": r"^\W*((https?|ssh|git|upload)://|git\+(https?|ssh)://|git@)",
    "example": "https://huggingface.co/acme/robot",
}

# Parts of paths, by name.
IN_PATH: dict[str, Form] = {
    "artifact_type": {"$ref": "#/components/schemas/ArtifactTypeEnum"},
    "artifact_id": {"type": "string", "pattern": ID_PATTERN, "minLength": 1},
    "upload_id": {"type": "string", "format": "uuid"},
    "name": {"type": "string", "minLength": 1},
    "token_id": SHA256 | {"type": "string"},
}
# Parameters of queries that have a form of their own, by operation.
IN_QUERY: dict[str, dict[str, Form]] = {
    "ArtifactsList": {"offset": {"pattern": offset_pattern(int, str)}},
    "ArtifactByNameGet": {"offset": {"pattern": offset_pattern(int, str)}},
    "PackageConfusionAuditGet": {"offset": {"pattern": offset_pattern(int, int)}},
    "ArtifactCost": {"dependency": {"default": False}},
    "ArtifactAuditGet": {"offset": {"pattern": offset_pattern(int)}},
    "ArtifactDownloadsGet": {"offset": {"pattern": offset_pattern(int)}},
    "UsersList": {"offset": {"pattern": offset_pattern(str)}},
    "RegistryHealthComponents": {
        "windowMinutes": {
            "minimum": HEALTH_WINDOW_MIN_MINUTES,
            "maximum": HEALTH_WINDOW_MAX_MINUTES,
        }
    },
}
# Fields of bodies, by component and field.
IN_BODY: dict[str, dict[str, Form]] = {
    "ArtifactQuery": {
        "version": {
            "maxLength": VERSION_RANGE_MAX_CHARS,
            "pattern": f"^([~^]?{_VERSION}|{_VERSION}-{_VERSION})$",
        },
    },
    "Registration": {"url": _URL},
    "ArtifactSource": {"url": _URL},
    "LicenseCheck": {"github_url": _URL | {"example": "https://github.com/acme/app"}},
    "AuditedName": {"name": {"minLength": 1, "maxLength": NAME_MAX_CHARS}},
    "RegEx": {"regex": {"minLength": 1, "maxLength": REGEX_MAX_CHARS, "example": "rob.t"}},
    "Secret": {"password": {"maxLength": PASSWORD_MAX_CHARS}},
    "Upload": {
        "filename": {
            "minLength": 5,
            "maxLength": 255,
            "pattern": r"\.zip$",
            "example": "robot.zip",
        },
        "size_bytes": {"minimum": 1, "maximum": UPLOAD_MAX_BYTES},
        "sha256": _DIGEST_OR_NONE,
    },
    "PartRequest": {"number": {"minimum": 1}, "sha256": SHA256},
    "PartRequests": {"parts": {"minItems": 1, "maxItems": UPLOAD_PARTS_SIGNED_MAX}},
    "NewToken": {"name": {"minLength": 1, "maxLength": TOKEN_NAME_MAX_CHARS}},
    "NewUser": {
        "name": {"minLength": 1, "maxLength": USERNAME_MAX_CHARS, "pattern": "^[^/]+$"},
        "password": {"minLength": 10, "maxLength": PASSWORD_MAX_CHARS},
    },
}
# Any of the contract's HealthMetricValue. Every whole number is a number, so not `oneOf`.
METRIC_VALUE: Form = {"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "boolean"}]}
# Fields of answers, likewise.
IN_ANSWER: dict[str, dict[str, Form]] = {
    "HealthComponentDetail": {"metrics": {"additionalProperties": METRIC_VALUE}},
}
LISTS: dict[str, Form] = {
    "ArtifactsList": {"minItems": 1, "maxItems": QUERIES_MAX},
    "PackageConfusionAudit": {"minItems": 1, "maxItems": NAMES_AUDITED_MAX},
}
# Answers with artifact ids as keys, which no serializer can describe.
BY_ID = ("ArtifactCost",)
# Answers that are of a plain type unless more is asked for.
OR_PLAIN: dict[str, Form] = {"ArtifactLicenseCheck": {"type": "boolean"}}
# Bodies in which an unknown field is refused: it would widen a search.
CLOSED = ("ArtifactQuery",)
# Statuses that any operation may answer, besides those that it describes itself.
ANY_ANSWER = (400, 503)
WITH_BODY = (413,)
# Of a token for programs.
WITH_TOKEN = (429,)
