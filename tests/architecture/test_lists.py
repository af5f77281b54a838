"""Every list that the API answers has pages or a limit, and says which here."""

import pytest
from drf_spectacular.generators import SchemaGenerator

from artifacts import limits

PAGES = "pages"
# Operation -> how what it lists is bounded: by pages, or by limits of these names.
BOUNDED: dict[str, str | tuple[str, ...]] = {
    "ArtifactsList": PAGES,
    "ArtifactByNameGet": PAGES,
    "ArtifactAuditGet": PAGES,
    "ArtifactDownloadsGet": PAGES,
    "ArtifactMonitorGet": ("MONITOR_CHANGES_MAX", "MONITOR_PROGRAM_MAX_BYTES"),
    "ArtifactMonitorSet": ("MONITOR_CHANGES_MAX", "MONITOR_PROGRAM_MAX_BYTES"),
    "ArtifactMonitorDelete": ("MONITOR_CHANGES_MAX", "MONITOR_PROGRAM_MAX_BYTES"),
    "UsersList": PAGES,
    "UserTokensList": ("PROGRAM_TOKENS_MAX",),
    "ArtifactByRegExGet": ("REGEX_RESULTS_MAX", "ANSWER_MAX_BYTES"),
    "ArtifactLineageGet": ("LINEAGE_NODES_MAX", "GRAPH_MAX_BYTES"),
    "ArtifactCost": ("COST_DEPENDENCIES_MAX",),
    "UploadPartsSign": ("UPLOAD_PARTS_SIGNED_MAX",),
    "UploadRetrieve": ("UPLOAD_MAX_BYTES", "UPLOAD_PART_BYTES"),
    "UploadComplete": ("UPLOAD_MAX_BYTES", "UPLOAD_PART_BYTES"),
    "RegistryHealthComponents": ("HEALTH_WINDOW_MAX_MINUTES",),
    "RegistryHealthHeartbeat": ("HEALTH_WINDOW_MAX_MINUTES",),
    "ModelArtifactRate": ("DATASETS_NAMED_MAX", "ANSWER_MAX_BYTES"),
    "ArtifactLicenseCheck": ("ANSWER_MAX_BYTES",),
    "ArtifactDecisionGet": ("DECISIONS_SHOWN_MAX",),
    "ArtifactDecisionPut": ("DECISIONS_SHOWN_MAX",),
    "PackageConfusionAudit": ("NAMES_AUDITED_MAX", "LOOK_ALIKE_CANDIDATES_MAX"),
    "PackageConfusionAuditGet": PAGES,
    "ArtifactMonitorTry": ("MONITOR_REQUESTS_MAX",),
    "ArtifactScansGet": ("SCANS_SHOWN_MAX", "SCAN_FINDINGS_MAX"),
}
# Lists of a few words that code names: permissions, tracks.
OF_CODE = {
    "TracksList", "UserRetrieve", "UserCreate", "UserPermissionsSet", "UserPasswordChange",
    "UploadBegin",
}  # fmt: skip


@pytest.fixture(scope="module")
def schema() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


def grows(part: dict, schema: dict) -> bool:
    """Whether a schema has something in it that may be any number of things."""
    if "$ref" in part:
        return grows(schema["components"]["schemas"][part["$ref"].rpartition("/")[2]], schema)
    inside = [*part.get("properties", {}).values(), *part.get("allOf", ()), *part.get("oneOf", ())]
    is_open = part.get("type") == "array" or bool(part.get("additionalProperties"))
    return is_open or any(grows(each, schema) for each in inside)


def operations(schema: dict):
    for methods in schema["paths"].values():
        for operation in methods.values():
            if isinstance(operation, dict) and "operationId" in operation:
                yield operation


def answers(operation: dict, status_class: str = "2"):
    for status, answer in operation["responses"].items():
        if status.startswith(status_class):
            yield from (content["schema"] for content in answer.get("content", {}).values())


def test_list_when_it_may_grow_then_its_bound_is_declared(schema):
    growing = {
        operation["operationId"]
        for operation in operations(schema)
        if any(grows(each, schema) for each in answers(operation))
    }
    assert len(growing) > 10
    assert growing <= set(BOUNDED) | OF_CODE
    assert not set(BOUNDED) & OF_CODE


def test_list_when_in_pages_then_offset_leads_on_and_is_described(schema):
    paged = {operation["operationId"]: operation for operation in operations(schema)}
    for name, bound in BOUNDED.items():
        operation = paged[name]
        asked = {(each["in"], each["name"]) for each in operation.get("parameters", ())}
        told = set(
            operation["responses"]["200" if "200" in operation["responses"] else "202"].get(
                "headers", ()
            )
        )
        is_paged = bound == PAGES
        assert (("query", "offset") in asked, "offset" in told) == (is_paged, is_paged), name


@pytest.mark.parametrize(
    "name", sorted({name for each in BOUNDED.values() if each != PAGES for name in each})
)
def test_limit_when_named_then_it_is_one(name):
    assert isinstance(getattr(limits, name), int)
