"""All jobs in one table: what runs each, what to do when it is given up, and its patience.

A task may be delivered twice, late, or after a crash, so running a job repeatedly must be safe.
`artifacts/work/jobs.py` names the jobs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from artifacts.limits import TASK_PATIENCE_S
from artifacts.services.access import people_records
from artifacts.services.catalogue import deletion, registration, replacement
from artifacts.services.content import bundles, lfs_checks, mirror, upload_checks
from artifacts.services.lineage import edges
from artifacts.services.records import decision_records, global_records
from artifacts.services.trust import (
    chosen,
    copy_ratings,
    demonstration,
    examined,
    following,
    rating,
    rerating,
    rescanning,
    scans,
)
from artifacts.services.upkeep import reset
from artifacts.work.jobs import Job


@dataclass(frozen=True)
class GiveUp:
    """What to do when a job has failed for good.

    Attributes:
        run: called with the task's `artifact_id`, its arguments and the `reason`; returns whether
            there was anything to do.
        event: the event to log; if there was nothing to do it is `task.failed`.
    """

    run: Callable[..., bool]
    event: str


@dataclass(frozen=True)
class Row:
    """How to run a job.

    Attributes:
        run: called with the arguments of the task.
        takes_artifact_id: whether `run` also takes the `artifact_id` of the task.
        patience_s: for how long after it was scheduled a silent source is no reason to give it up,
            regardless of the number of attempts.
    """

    run: Callable[..., object]
    takes_artifact_id: bool = True
    give_up: GiveUp | None = None
    patience_s: float = 0.0


# By name, since the rows of tasks store names.
TABLE: dict[str, Row] = {
    Job.INGEST_ARTIFACT: Row(
        registration.complete_registration,
        give_up=GiveUp(registration.drop_artifact, "registration.dropped"),
    ),
    Job.INGEST_REPLACEMENT: Row(replacement.complete_replacement),
    # A registered artifact waits for its source longer than a registration that is under way.
    Job.MIRROR_REVISION: Row(
        mirror.mirror_revision,
        takes_artifact_id=False,
        give_up=GiveUp(mirror.give_up_mirror, "mirror.failed"),
        patience_s=TASK_PATIENCE_S,
    ),
    Job.RATE_MODEL: Row(rating.complete_rating, patience_s=TASK_PATIENCE_S),
    Job.RATE_EXAMINED_MODEL: Row(examined.rate_examined_model, patience_s=TASK_PATIENCE_S),
    Job.DEMONSTRATE_MODEL: Row(demonstration.demonstrate_model),
    Job.RATE_COPIES: Row(copy_ratings.rate_copies),
    Job.FOLLOW_PARENT: Row(following.follow_parent, takes_artifact_id=False),
    Job.RESOLVE_PARENTS: Row(edges.resolve_parents),
    Job.BUILD_BUNDLE: Row(bundles.build_bundle),
    Job.CHECK_UPLOAD: Row(
        upload_checks.check_upload,
        takes_artifact_id=False,
        give_up=GiveUp(upload_checks.give_up_check, "upload.refused"),
    ),
    Job.CHECK_LFS_OBJECT: Row(
        lfs_checks.check_object,
        takes_artifact_id=False,
        give_up=GiveUp(lfs_checks.give_up_check, "large_file.refused"),
    ),
    Job.REMOVE_OBJECTS: Row(deletion.remove_objects),
    Job.REMOVE_EVERYTHING: Row(reset.remove_everything, takes_artifact_id=False),
    Job.STORE_PEOPLE: Row(people_records.store_people, takes_artifact_id=False),
    Job.STORE_DECISIONS: Row(decision_records.store_decisions),
    Job.STORE_GLOBALS: Row(global_records.store_globals, takes_artifact_id=False),
    Job.RERATE_MODELS: Row(rerating.rerate_models, takes_artifact_id=False),
    Job.RATE_CHOSEN: Row(chosen.rate_chosen, takes_artifact_id=False),
    Job.SCAN_REVISION: Row(scans.scan_revision, takes_artifact_id=False),
    Job.SCAN_AGAIN: Row(rescanning.scan_again, takes_artifact_id=False),
    Job.JUDGE_SCANS: Row(rescanning.judge_scans, takes_artifact_id=False),
}
