"""Our own names as people read them: on pages, in forms and messages.

Plain Python, like the word lists (`enums.py`).
"""

from __future__ import annotations

from typing import Final

# What people read instead of one of our own names, where its letters alone do not say it: for the
# words below, the jobs of tasks, columns of lists, and the devices of the size score.
_SAID: Final = {
    "dataset": "data set",
    "training_dataset": "training data",
    "evaluation_dataset": "evaluation data",
    "finetune": "fine-tune",
    "config_json": "configuration",
    "readme": "README",
    "huggingface_model": "Hugging Face, models",
    "huggingface_dataset": "Hugging Face, data sets",
    "github": "GitHub",
    "kaggle": "Kaggle",
    "direct": "a file on the web",
    "upload": "uploaded",
    "commit": "uploaded by commits",
    "pending": "being fetched",
    "CREATE": "registered",
    "UPDATE": "updated",
    "DOWNLOAD": "downloaded",
    "RATE": "rated",
    "AUDIT": "trail read",
    "DELETE": "deleted",
    "MONITOR": "monitor changed",
    "REFUSE": "download refused",
    "not_run": "could not be run",
    "DECIDE": "decided on",
    "ramp_up_time": "ramp-up time",
    "dataset_and_code_score": "data set and code",
    "dataset_quality": "data set quality",
    "size_score": "size",
    "ready": "waiting",
    "write": "read and write",
    "uploader_name": "registered by",
    "user_name": "who",
    "artifact_name": "artifact",
    "artifact_id": "id of the artifact",
    "artifact_type": "type",
    "content_state": "content",
    "source_kind": "source",
    "raspberry_pi": "Raspberry Pi",
    "jetson_nano": "Jetson Nano",
    "desktop_pc": "desktop PC",
    "aws_server": "AWS server",
    "ingest_artifact": "ask the source",
    "ingest_replacement": "ask the source for an update",
    "mirror_revision": "fetch the files",
    "rate_model": "rate the model",
    "rate_examined_model": "rate again, by the bytes of its files",
    "demonstrate_model": "run the example of its card",
    "rate_copies": "rate models with the same card or weights",
    "follow_parent": "rate again after a parent",
    "resolve_parents": "link what was made with it",
    "build_bundle": "pack a zip for a download",
    "check_lfs_object": "compare a large file that was sent",
    "remove_objects": "remove what is no longer needed",
    "remove_everything": "remove what a reset left",
    "store_people": "store users in the bucket",
    "store_decisions": "store decisions in the bucket",
    "store_globals": "store in the bucket what scans may find",
    "rerate_models": "rate models by the rules of this release",
    "rate_chosen": "rate the chosen models",
    "scan_revision": "scan the files",
    "scan_again": "scan files by the rules of this release",
    "judge_scans": "judge scans by what is allowed",
    "answer_ms": "answers within",
    "oldest_due_s": "oldest due for",
    "failed_last_24_h": "given up within 24 hours",
    "last_lease_until": "last lease ends",
    "server_errors": "answered with a server error",
    "resting": "sources that are left alone for a moment",
    "postponed": "to be tried again",
    "postgresql": "PostgreSQL",
    "sqlite": "SQLite",
}

# What each permission allows, as the end of "may ...".
PERMISSIONS_IN_WORDS: Final = {
    "search": "look for artifacts, and see what they are, how they are rated and who used them",
    "download": "download them",
    "upload": "register, replace and delete artifacts, and have models rated again",
    "decide": "approve, reject and quarantine revisions, and see what is in quarantine and why",
    "manage": "replace and delete any artifact, where others may only do so with their own",
}


def say(name: str) -> str:
    """Return one of our own names as people say it: `link_only` as "link only"."""
    return _SAID.get(name) or name.replace("_", " ")


def title(name: str) -> str:
    """Return the same with a capital letter, as it stands alone."""
    said = say(name)
    return said[:1].upper() + said[1:]
