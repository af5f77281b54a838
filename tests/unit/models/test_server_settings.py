import pytest
from django.db import connection, transaction

from artifacts.models.server_settings import transaction_with

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no such settings"),
]


def now() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('enable_seqscan')")
        return cursor.fetchone()


def test_settings_when_the_transaction_ends_then_they_are_as_before():
    before = now()
    with transaction_with(lock_timeout="70ms", enable_seqscan="off"):
        assert now() == ("70ms", "off")
    assert now() == before


def test_settings_when_it_is_a_part_of_a_transaction_then_the_rest_is_as_before():
    with transaction.atomic():
        before = now()
        with transaction_with(lock_timeout="70ms"):
            assert now()[0] == "70ms"
        assert now() == before
        with pytest.raises(RuntimeError), transaction_with(lock_timeout="70ms"):
            raise RuntimeError
        assert now() == before
