"""Backups of a test's database and bucket, and their restoring to the moment they are from."""

from django.apps import apps
from django.db import connection

from artifacts.models import BucketProof, Listing
from artifacts.storage.keys import NUMBERS_PREFIX
from artifacts.storage.store import get_store

# What the bucket was found to lack belongs to the bucket's server, not to a moment. Listings are
# written by the database itself, as soon as the rows are there that they are of.
LEFT_OUT = {BucketProof, Listing}


class DatabaseBackup:
    """Every row of the registry, as it was."""

    def __init__(self) -> None:
        models = set(apps.get_app_config("artifacts").get_models()) - LEFT_OUT
        self._rows = {model: list(model._default_manager.all()) for model in models}

    def restore(self) -> None:
        empty_database(self._rows)
        for model, rows in self._rows.items():
            model._default_manager.bulk_create(rows)


def empty_database(models=None) -> None:
    """Lose every row."""
    chosen = models or set(apps.get_app_config("artifacts").get_models()) - LEFT_OUT
    with connection.cursor() as cursor:
        for model in chosen:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608  (names of models)


class BucketBackup:
    """Every object of a bucket, as it was."""

    def __init__(self) -> None:
        self._objects = {found.key: get_store().read(found.key) for found in get_store().list("")}

    def restore(self) -> None:
        store = get_store()
        store.delete([found.key for found in store.list("")])
        for key, data in self._objects.items():
            store.replace(key, data, "application/octet-stream")


def forget_numbers() -> None:
    """Have a bucket as releases before decision 0031 left it: no number is known there."""
    get_store().delete([found.key for found in get_store().list(NUMBERS_PREFIX)])
