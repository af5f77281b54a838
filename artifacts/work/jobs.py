"""The names of all jobs, as the rows of tasks store them.

Services schedule a job by its name. The function that runs it is listed in a layer above them, in
`artifacts/tasks/table.py`.
"""

from __future__ import annotations

from enum import StrEnum


class Job(StrEnum):
    """What a task does. The values are stored, so never rename one.

    A row may also name a job of an older or newer release.
    """

    INGEST_ARTIFACT = "ingest_artifact"
    INGEST_REPLACEMENT = "ingest_replacement"
    MIRROR_REVISION = "mirror_revision"
    RATE_MODEL = "rate_model"
    RATE_EXAMINED_MODEL = "rate_examined_model"
    DEMONSTRATE_MODEL = "demonstrate_model"
    RATE_COPIES = "rate_copies"
    FOLLOW_PARENT = "follow_parent"
    RESOLVE_PARENTS = "resolve_parents"
    BUILD_BUNDLE = "build_bundle"
    CHECK_UPLOAD = "check_upload"
    CHECK_LFS_OBJECT = "check_lfs_object"
    REMOVE_OBJECTS = "remove_objects"
    REMOVE_EVERYTHING = "remove_everything"
    STORE_PEOPLE = "store_people"
    STORE_DECISIONS = "store_decisions"
    STORE_GLOBALS = "store_globals"
    RERATE_MODELS = "rerate_models"
    RATE_CHOSEN = "rate_chosen"
    SCAN_REVISION = "scan_revision"
    SCAN_AGAIN = "scan_again"
    JUDGE_SCANS = "judge_scans"

    @property
    def is_long(self) -> bool:
        """Whether it may take minutes: it moves many bytes, runs a program, rates many models."""
        return self in _LONG


# What these were about is gone once they are given up, a registration's artifact or an upload's
# bytes: to do them again would change nothing, and look like a success.
GONE_WHEN_GIVEN_UP = frozenset({Job.INGEST_ARTIFACT, Job.CHECK_UPLOAD, Job.CHECK_LFS_OBJECT})
_LONG = frozenset(
    {
        Job.MIRROR_REVISION,
        Job.DEMONSTRATE_MODEL,
        Job.BUILD_BUNDLE,
        Job.CHECK_UPLOAD,
        Job.CHECK_LFS_OBJECT,
        Job.REMOVE_EVERYTHING,
        Job.RERATE_MODELS,
        Job.RATE_CHOSEN,
        Job.SCAN_REVISION,
        Job.SCAN_AGAIN,
    }
)
