"""Columns count characters, indexes count bytes: the widest row of each table fits both."""

import random
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, models

from artifacts.enums import ArtifactType, ParentOrigin, Relationship
from artifacts.exceptions import ArchiveRefused, InvalidUrl
from artifacts.limits import INDEXED_TEXT_MAX_BYTES, PATH_MAX_CHARS, SOURCE_KEY_MAX_CHARS
from artifacts.rules.archives.paths import check_member_path
from artifacts.rules.text import is_indexable, storable
from artifacts.services.catalogue.candidates import refuse_duplicate
from artifacts.services.lineage.edges import save_edges
from artifacts.services.lineage.parent_links import ParentLink
from tests.factories.artifacts import make_artifact

MODELS = list(apps.get_app_config("artifacts").get_models())
LETTER_BYTES = 4
# Indexed columns that take more characters than an index takes bytes. Whoever adds one has what
# comes into it checked by `is_indexable` where it enters, and a test for that below.
# A revision's repository is what its artifact's source key is made of.
CHECKED = {
    "Artifact.source_key", "Revision.repository", "LineageEdge.parent_key", "File.path",
}  # fmt: skip
SIZES = {
    "PositiveSmallIntegerField": 2**15 - 1, "PositiveIntegerField": 2**31 - 1,
    "IntegerField": 2**31 - 1, "BigIntegerField": 2**63 - 1, "BigAutoField": 2**63 - 1,
    "PositiveBigIntegerField": 2**63 - 1,
}  # fmt: skip


def letters(count: int) -> str:
    """Letters of four bytes without any order: what repeats is packed, and fits everywhere."""
    chance = random.Random(5)
    return "".join(chr(chance.randrange(0x20000, 0x2A6DF)) for _ in range(count))


def indexed(model: type[models.Model]) -> set[str]:
    """The columns that some index is over."""
    meta = model._meta
    names = {
        field.name
        for field in meta.concrete_fields
        if field.unique or getattr(field, "db_index", False)
    }
    for each in (*meta.indexes, *meta.constraints):
        names |= {name.removeprefix("-") for name in getattr(each, "fields", ())}
    return names


def widest(model: type[models.Model], field: models.Field):
    while isinstance(field, models.ForeignKey):
        model, field = field.related_model, field.target_field
    if isinstance(field, (models.CharField, models.TextField)):
        if field.choices:
            return max((value for value, _ in field.choices), key=len)
        count = field.max_length or 10_000
        if f"{model.__name__}.{field.name}" in CHECKED:
            count = min(count, INDEXED_TEXT_MAX_BYTES // LETTER_BYTES)
        return letters(count)
    if field.get_internal_type() in SIZES:
        return SIZES[field.get_internal_type()]
    return {
        "BooleanField": True, "FloatField": 1e300, "UUIDField": UUID(int=5), "BinaryField": b"x",
        "DateField": date.max, "DateTimeField": datetime.max.replace(tzinfo=UTC),
        "DecimalField": 10**29,
        "JSONField": {letters(5): letters(9_000)},
    }[field.get_internal_type()]  # fmt: skip


def test_indexed_text_when_longer_than_an_index_takes_then_is_checked_where_it_enters():
    wide = {
        f"{model.__name__}.{field.name}"
        for model in MODELS
        for field in model._meta.concrete_fields
        if field.name in indexed(model) and isinstance(field, (models.CharField, models.TextField))
        if (field.max_length or 10**9) * LETTER_BYTES > INDEXED_TEXT_MAX_BYTES
    }
    assert wide == CHECKED


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no such limits")
@pytest.mark.parametrize("model", MODELS, ids=lambda each: each.__name__)
def test_widest_row_when_written_then_columns_and_indexes_take_it(model):
    table, columns = model._meta.db_table, model._meta.concrete_fields
    values = [
        field.get_db_prep_save(widest(model, field), connection)
        if not isinstance(field, models.ForeignKey)
        else widest(model, field)
        for field in columns
    ]
    names = ", ".join(f'"{field.column}"' for field in columns)
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        # With the same indexes and without the references, which would need rows of their own.
        cursor.execute(f'CREATE TEMPORARY TABLE widest (LIKE "{table}" INCLUDING ALL)')
        cursor.execute(f"INSERT INTO widest ({names}) VALUES ({places})", values)  # noqa: S608  (names of models)
        cursor.execute("SELECT count(*) FROM widest")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("x" * SOURCE_KEY_MAX_CHARS, True),
        ("x" * (SOURCE_KEY_MAX_CHARS + 1), False),
        (letters(INDEXED_TEXT_MAX_BYTES // LETTER_BYTES), True),
        (letters(INDEXED_TEXT_MAX_BYTES // LETTER_BYTES + 1), False),
        ("\N{CYRILLIC SMALL LETTER ZHE}" * (INDEXED_TEXT_MAX_BYTES // 2 + 1), False),
    ],
)
def test_text_when_an_index_is_over_it_then_has_two_limits(text, fits):
    assert is_indexable(text, SOURCE_KEY_MAX_CHARS) is fits


@pytest.mark.django_db
def test_source_when_it_has_too_many_bytes_then_the_url_is_refused():
    with pytest.raises(InvalidUrl, match="bytes"):
        refuse_duplicate(
            ArtifactType.MODEL, f"direct:https://files.example/{letters(700)}", "https://x"
        )


def test_path_when_it_has_too_many_bytes_then_the_file_is_refused():
    path = "/".join(letters(60) for _ in range(16))
    assert len(path) < PATH_MAX_CHARS
    with pytest.raises(ArchiveRefused, match="bytes"):
        check_member_path(path)


@pytest.mark.django_db
def test_parent_when_its_key_is_too_long_or_its_size_absurd_then_left_out_or_unknown():
    artifact = make_artifact()
    parents = [
        ParentLink(
            ArtifactType.MODEL,
            f"huggingface_model:{name}",
            name,
            "",
            Relationship.FINETUNE,
            ParentOrigin.TAGS,
            10**30,
        )
        for name in ("acme/mother", letters(700))
    ]
    save_edges(artifact=artifact, parents=parents)
    (edge,) = artifact.parent_edges.all()
    assert (edge.parent_name, edge.parent_size_bytes) == ("acme/mother", None)


def test_data_when_it_holds_what_is_no_json_then_null():
    assert storable({"a": [float("inf"), float("nan"), 1.5, "\x00"]}) == {
        "a": [None, None, 1.5, "\N{REPLACEMENT CHARACTER}"]
    }
