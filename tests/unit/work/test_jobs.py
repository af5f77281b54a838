from artifacts.work.jobs import Job

LONG_JOBS = {
    "mirror_revision", "build_bundle", "check_upload", "check_lfs_object",
    "demonstrate_model", "remove_everything",
    "rate_chosen",
    "rerate_models", "scan_again", "scan_revision",
}  # fmt: skip
SHORT_JOBS = {
    "ingest_artifact", "ingest_replacement", "rate_model", "rate_examined_model",
    "rate_copies", "follow_parent", "resolve_parents",
    "remove_objects", "store_people", "store_decisions", "store_globals", "judge_scans",
}  # fmt: skip


def test_jobs_when_listed_then_as_rows_name_them():
    """Rows of releases that still run have these names: none may change."""
    assert {job.value for job in Job} == LONG_JOBS | SHORT_JOBS


def test_jobs_when_listed_then_each_is_long_or_short():
    assert {job.value for job in Job if job.is_long} == LONG_JOBS
