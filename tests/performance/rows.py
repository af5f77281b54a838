"""A registry of many artifacts, written by the database itself within seconds."""

import json

from django.db import connection

from artifacts.rules.rating.judgement import judge
from tests.factories.evidence import make_evidence

# `n` counts the artifacts; every third is a model, and every tenth model the parent of the nine
# models after it.
_KIND = "(ARRAY['dataset', 'code', 'model'])[n % 3 + 1]"
_ID = f"{_KIND} || '-' || n || '-' || (1760000000000000 + n)"
_KEY = "'huggingface_model:bench/thing-' || {n}"
_README = (
    "'# Thing ' || n || E'\\n\\nA model or data set. License: mit. ' || md5(n::text)"
    " || ' zebra' || n % 500"
    " || ' giraffe' || n % 700 || CASE n % 900 WHEN 0 THEN ' Okapi elephant' ELSE '' END"
    " || repeat(' and so on', 15)"
)
# What /rate answers: every number of the contract.
_SUMMARY = json.dumps(judge(make_evidence(), {"code": 0.5}).summary())
_SERIES = "FROM generate_series(1::bigint, ROWS) AS n"
# The first number of the hour in which everything here happened.
_NOW = "now() - interval '2 days'"
_STATEMENTS = (
    f"""INSERT INTO artifacts_artifact
        (id, type, name, source_key, created_us, uploader_name, current_revision_id)
        SELECT {_ID}, {_KIND}, 'thing-' || n / 2, {_KEY.format(n="n")}, 1760000000000000 + n,
        'bench', n {_SERIES}""",
    f"""INSERT INTO artifacts_revision
        (id, artifact_id, number, url, source_kind, repository, ref, folder, commit, license,
        size_bytes, card, config, facts, content_state, content_reason, stored_bytes, created_at,
        created_by)
        SELECT n, {_ID}, 1, 'https://huggingface.co/bench/thing-' || n, 'huggingface_model',
        'bench/thing-' || n, '', '', '', 'mit', 1000, '{{}}', '{{}}', '{{}}', 'stored', '', 1000,
        {_NOW}, 'bench' {_SERIES}""",
    f"""INSERT INTO artifacts_searchdocument (id, artifact_id, name, readme)
        SELECT n, {_ID}, 'thing-' || n / 2, {_README} {_SERIES}""",
    f"""INSERT INTO artifacts_blob (sha256, size_bytes, created_at)
        SELECT encode(sha256(n::text::bytea), 'hex'), 100, {_NOW} {_SERIES}""",
    f"""INSERT INTO artifacts_file (revision_id, path, part, size_bytes, source_digest, blob_id)
        SELECT n, path, 'code', 100, '', encode(sha256(n::text::bytea), 'hex')
        {_SERIES}, unnest(ARRAY['README.md', 'model.bin', 'config.json']) AS path""",
    f"""INSERT INTO artifacts_versiontag (revision_id, tag, version_key)
        SELECT n, '1.' || n % 200 || '.' || n % 7,
        10000000000000000 + (n % 200) * 100000000 + n % 7 {_SERIES}""",
    f"""INSERT INTO artifacts_auditentry (artifact_id, artifact_type, artifact_name, user_name,
        user_is_admin, action, created_at, note)
        SELECT {_ID}, {_KIND}, 'thing', 'bench', false, action, {_NOW}, ''
        {_SERIES}, unnest(ARRAY['CREATE', 'DOWNLOAD', 'DELETE']) AS action""",
    f"""INSERT INTO artifacts_rating (revision_id, created_at, created_by, rules_version, category,
        net_score, tree_score, gate, gate_reasons, summary, results, evidence, is_incomplete)
        SELECT n, {_NOW}, 'bench', 1, 'other', 0.5, 0.5, 'passed', '[]', '{_SUMMARY}',
        '{{}}', '{{}}',
        n % 1000 = 2 {_SERIES} WHERE n % 3 = 2""",
    """UPDATE artifacts_revision SET current_rating_id = rating.id
        FROM artifacts_rating AS rating WHERE rating.revision_id = artifacts_revision.id""",
    f"""INSERT INTO artifacts_lineageedge (child_id, parent_type, parent_key, parent_name,
        parent_url, relationship, origin, parent_id)
        SELECT {_ID}, 'model', {_KEY.format(n="n - (n - 2) % 30")}, 'parent', '', 'base_model',
        'model_card', 'model-' || n - (n - 2) % 30 || '-' || 1760000000000000 + n - (n - 2) % 30
        {_SERIES} WHERE n % 3 = 2 AND (n - 2) % 30 > 0""",
    f"""INSERT INTO artifacts_lineageedge (child_id, parent_type, parent_key, parent_name,
        parent_url, relationship, origin)
        SELECT {_ID}, 'dataset', 'huggingface_dataset:bench/unknown-' || n, 'unknown', '',
        'training_dataset', 'tags' {_SERIES} WHERE n % 3 = 2""",
    f"""INSERT INTO artifacts_task (id, name, arguments, artifact_id, state, attempts,
        attempts_max, due_at, leased_by, done_bytes, error, created_at, finished_at)
        SELECT gen_random_uuid(), 'mirror_revision', '{{}}', {_ID},
        CASE WHEN n % 1000 = 0 THEN 'ready' WHEN n % 500 = 1 THEN 'failed' ELSE 'succeeded' END,
        1, 8, {_NOW}, '', 0, '', now() - interval '5 hours' + n * interval '1 ms',
        CASE n % 1000 WHEN 0 THEN NULL ELSE now() - interval '4 hours' END {_SERIES}""",
    """INSERT INTO artifacts_idsequence (artifact_type, last_number)
        SELECT unnest(ARRAY['model', 'code', 'dataset']), ROWS""",
    f"""INSERT INTO artifacts_user (id, username, name_key, password, is_admin, is_active,
        can_upload, can_search, can_download, created_at)
        SELECT 1000000 + n, 'bench-' || n, 'bench-' || n, '', false, true, true, true, true,
        {_NOW} {_SERIES}""",
    f"""INSERT INTO artifacts_accesstoken (digest, created_at, expires_at, calls_left, user_id)
        SELECT encode(sha256(n::text::bytea), 'hex'), now(), now() + interval '1 hour', 1000,
        1000000 + n {_SERIES}""",
    f"""INSERT INTO artifacts_upload (id, filename, size_bytes, sha256, created_at, user_id)
        SELECT gen_random_uuid(), 'x.zip', 1, encode(sha256(n::text::bytea), 'hex'),
        now() + interval '1 hour', 1000000 + n {_SERIES}""",
    f"""INSERT INTO artifacts_cachedanswer (key, url, etag, body, confirmed_at)
        SELECT encode(sha256(n::text::bytea), 'hex'), '', '', '', now() {_SERIES}""",
    f"""INSERT INTO artifacts_activitybucket (minute, route, status, artifact_type, requests)
        SELECT date_trunc('minute', now()) - n / 20 * interval '1 minute', 'GET /' || n % 20, 200,
        '', 5 {_SERIES} WHERE n < 2000""",
)


def fill(rows: int) -> None:
    """Write so many artifacts, and everything else in proportion."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for statement in _STATEMENTS:
            cursor.execute(statement.replace("ROWS", str(rows)))
        for table in ("revision", "searchdocument"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('artifacts_{table}', 'id'), %s)",
                [rows],
            )
        # What refers to what is checked now, and not at the end of each test.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("ANALYZE")
        cursor.execute("SET LOCAL statement_timeout = DEFAULT")
