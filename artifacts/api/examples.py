"""The one table of examples on /docs, in the order in which a person learns the API.

Paths and bodies hold names of what an earlier example has put aside, as in `{ID}` and `$ID`. Each
example runs as pasted after those before it: a test runs them all against a whole registry.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Example(NamedTuple):
    """One operation, as one would first use it.

    Attributes:
        operation: the id of the operation in the schema.
        path: with its query, below the registry's address.
        says: what one has to know beyond the schema's summary.
        body: what is sent as JSON; None for nothing.
        keeps: the name under which a part of the answer is put aside, and the fields that lead to
            it; none for the answer itself.
        file: where a program keeps an answer that is bytes; "" for JSON.
        not_run: why the example alone does not work as pasted; "" if it does.
    """

    operation: str
    path: str
    says: str = ""
    body: Any = None
    keeps: tuple[str, ...] = ()
    file: str = ""
    not_run: str = ""


class Section(NamedTuple):
    """One errand."""

    id: str
    title: str
    says: str
    examples: tuple[Example, ...]


_MODEL = "https://huggingface.co/openai/whisper-tiny"
_PROJECT = "https://github.com/openai/whisper"
_LARGE_BYTES = 200_000_000
# The last arguments are the model, its uploader, who wants to download it, and the zip.
_MONITOR = 'if (process.argv[4] === "mallory") { console.log("Not for you."); process.exit(1) }'
_NO_BYTES_SENT = "It needs parts that were sent."

SECTIONS: tuple[Section, ...] = (
    Section("sign-in", "Sign in", "Everything but health needs a token.", (
        Example(
            "CreateAuthToken", "/authenticate",
            "The token stands for you in 1,000 calls, or for 10 hours. A page makes one, too: your "
            "account.",
            body={
                "user": {"name": "$NAME", "is_admin": False},
                "secret": {"password": "$PASSWORD"},
            },
            keeps=("TOKEN",),
        ),
        Example(
            "UserTokenCreate", "/users/{NAME}/tokens",
            "For programs: it lasts up to a year, is limited by rate instead of calls, and never "
            "does more than its scope says. The answer has it once.",
            body={"name": "nightly build", "scope": "read", "lifetime_days": 30},
            keeps=("TOKEN_ID", "id"),
        ),
        Example("UserTokenDelete", "/users/{NAME}/tokens/{TOKEN_ID}"),
        Example(
            "UserPasswordChange", "/users/{NAME}/password",
            "Every token and session of yours ends, the one of this call too: sign in again.",
            body={"old_password": "$PASSWORD", "new_password": "another-long-password-of-mine"},
            not_run="It ends the token of all examples below.",
        ),
    )),
    Section("register", "Register", "By the URL of a source, or from a zip of your own.", (
        Example(
            "ArtifactCreate", "/artifact/model",
            "The artifact is there at once; large content follows in the background. What is "
            "registered already is refused with 409, which names its id.",
            body={"url": _MODEL}, keeps=("ID", "metadata", "id"),
        ),
        Example(
            "ArtifactUpdate", "/artifacts/model/{ID}",
            "The source is read again; name, id and type stay.",
            body={
                "metadata": {"name": "whisper-tiny", "id": "$ID", "type": "model"},
                "data": {"url": _MODEL},
            },
        ),
        Example(
            "UploadBegin", "/uploads",
            "The answer says where the zip goes, in one piece or in parts, and under which `url` "
            "it is registered afterwards.",
            body={"filename": "my-model.zip", "size_bytes": _LARGE_BYTES}, keeps=("UPLOAD", "id"),
        ),
        Example(
            "UploadPartsSign", "/uploads/{UPLOAD}/parts",
            "Each part goes by PUT to the address that the answer gives for it.",
            body={"parts": [{"number": 1, "sha256": "0" * 64}]},
        ),
        Example("UploadRetrieve", "/uploads/{UPLOAD}"),
        Example(
            "UploadComplete", "/uploads/{UPLOAD}/complete",
            "Once every part was sent. Then register the `url` of the announcement.",
            body={"parts": [{"number": 1, "sha256": "0" * 64}]}, not_run=_NO_BYTES_SENT,
        ),
        Example("UploadAbort", "/uploads/{UPLOAD}"),
    )),
    Section("find", "Find", "By name, by expression, or page by page.", (
        Example(
            "ArtifactsList", "/artifacts",
            "An artifact is listed if it fits at least one of the queries. The next page begins at "
            "the answer's `offset` header.",
            body=[{"name": "*", "types": ["model"]}],
        ),
        Example("ArtifactByNameGet", "/artifact/byName/whisper-tiny"),
        Example(
            "ArtifactByRegExGet", "/artifact/byRegEx",
            "RE2 syntax; without a match the answer is 404.", body={"regex": "^whisper"},
        ),
        Example("ArtifactRetrieve", "/artifacts/model/{ID}"),
    )),
    Section("trust", "Trust", "How good it is, what it was made from, whether you may use it.", (
        Example(
            "ModelArtifactRate", "/artifact/model/{ID}/rate?evidence=true",
            "With the reasons and the facts behind each score.",
        ),
        Example("ArtifactLineageGet", "/artifact/model/{ID}/lineage"),
        Example(
            "ArtifactLicenseCheck", "/artifact/model/{ID}/license-check?explain=true",
            body={"github_url": _PROJECT},
        ),
        Example("ArtifactCost", "/artifact/model/{ID}/cost?dependency=true"),
        Example("ArtifactAuditGet", "/artifact/model/{ID}/audit"),
        Example("ArtifactDecisionGet", "/artifact/model/{ID}/decision"),
        Example(
            "ArtifactDecisionPut", "/artifact/model/{ID}/decision",
            "`rejected` and `quarantined` take effect at once; an approval needs somebody who did "
            "not register the model.",
            body={
                "decision": "approved", "reason": "Reviewed by the vision team.",
                "expires_at": "2036-01-01T00:00:00Z",
            },
            not_run="A model that fails the gate needs its failures named in `waived`.",
        ),
        Example(
            "ArtifactScansGet", "/artifact/model/{ID}/scans",
            "Moments after the content has arrived; until then `why_not` says what is missing.",
        ),
    )),
    Section("download", "Download", "Whole or in part, and on after an interruption.", (
        Example(
            "ArtifactDownload", "/artifacts/model/{ID}/download?part=weights",
            "Without `part` you get everything. Content that has not arrived yet is 503 with "
            "`Retry-After`.",
            file="weights.zip",
        ),
        Example(
            "ArtifactMonitorSet", "/artifact/model/{ID}/monitor",
            "A program that decides before each download; for whoever registered the model, and "
            "for administrators.",
            body={"program": _MONITOR},
            not_run="Only where Node.js can be confined.",
        ),
        Example("ArtifactMonitorGet", "/artifact/model/{ID}/monitor", not_run="Needs a program."),
        Example(
            "ArtifactMonitorTry", "/artifact/model/{ID}/monitor/dry-run",
            "Runs it for you, and lets nothing out.",
            body={"program": _MONITOR},
            not_run="Only where Node.js can be confined.",
        ),
        Example("ArtifactDownloadsGet", "/artifact/model/{ID}/downloads"),
        Example(
            "ArtifactMonitorDelete", "/artifact/model/{ID}/monitor", not_run="Needs a program."
        ),
    )),
    Section("administration", "Administration", "For administrators, and for probes.", (
        Example("RegistryHealthHeartbeat", "/health"),
        Example("RegistryHealthComponents", "/health/components?windowMinutes=60"),
        Example("TracksList", "/tracks"),
        Example(
            "PackageConfusionAuditGet", "/artifacts/PackageConfusionAudit",
            "For those who may decide: what the last audit found and nobody cleared.",
        ),
        Example(
            "PackageConfusionAudit", "/artifacts/PackageConfusionAudit",
            "Before you register something: what is its name like?",
            body=[{"name": "somebody/whisper-tinny"}],
        ),
        Example("UsersList", "/users"),
        Example(
            "UserCreate", "/users",
            body={"name": "grace", "password": "a-password-of-hers", "permissions": ["search"]},
        ),
        Example(
            "UserPermissionsSet", "/users/grace/permissions",
            "What is not named is taken away.", body={"permissions": ["search", "download"]},
        ),
        Example("UserRetrieve", "/users/grace"),
        Example(
            "UserTokensList", "/users/grace/tokens",
            "Everybody may list and revoke their own.",
        ),
        Example("UserDelete", "/users/grace"),
        Example("ArtifactDelete", "/artifacts/model/{ID}", "Its audit trail stays."),
        Example(
            "RegistryReset", "/reset", "It removes every artifact and every user.",
            not_run="It needs REGISTRY_RESET=on, and leaves nothing.",
        ),
    )),
)  # fmt: skip

# Parameters that the schema names without a word; by operation where a name means several things.
PARAMETERS: dict[str, str] = {
    "artifact_type": "What kind of artifact it is.",
    "artifact_id": "As the answer to the registration, or a listing, has it.",
    "token_id": "As the answer that made the token, or the list, has it.",
    "upload_id": "As the answer to the announcement has it.",
    "ArtifactByNameGet.name": "The whole name; capital letters count.",
    "name": "The user's name.",
    "part": "One part alone; without it the whole.",
    "strict": "Answer 503 while a component is lost, for probes.",
    "includeTimeline": "Add the counts of each minute.",
    "windowMinutes": "How many minutes the counts look back.",
}
# What an answer means that the schema describes by its form alone.
ANSWERS: dict[str, str] = {"200": "It worked.", "201": "Made; the answer describes it."}
