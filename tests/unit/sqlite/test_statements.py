"""Placeholders of statements, as SQLite knows them: converted once, and the same each time."""

import pytest
from django.db import connection

from registry_site.sqlite import base

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite"),
]
LONG = " " * base._CONVERTED_MAX_CHARS


@pytest.mark.parametrize("rest", ["", LONG], ids=["kept", "too-long-to-keep"])
def test_statement_when_run_again_then_takes_the_values_of_each_time(rest):
    found = []
    with connection.cursor() as cursor:
        for value in (1, 2):
            cursor.execute(f"SELECT %s, '100%%', '%%s'{rest}", [value])
            found.append(cursor.fetchone())
        cursor.execute(f"SELECT %(a)s, %(b)s, %(a)s{rest}", {"a": 1, "b": 2})
        found.append(cursor.fetchone())
    assert found == [(1, "100%", "%s"), (2, "100%", "%s"), (1, 2, 1)]


def test_statement_when_it_is_long_then_not_kept():
    base._convert.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [1])
        cursor.execute(f"SELECT %s{LONG}", [1])
    assert base._convert.cache_info().currsize == 1
