"""Instances, tasks and connections have to fit together, and are told before a deployment."""

import pytest
from django.core.checks import run_checks
from django.db import OperationalError, connection

from artifacts import limit_checks
from artifacts.limits import DATABASE_SPARE_CONNECTIONS

CONNECTIONS_MAX = 100


@pytest.fixture
def on_lambda(settings, monkeypatch):
    """A function of 20 instances, 10 of them for tasks, before a server of 100 connections."""
    settings.REGISTRY_TASKS, settings.REGISTRY_STORAGE = "lambda", "s3"
    settings.AWS_STORAGE_BUCKET_NAME = "content"
    settings.REGISTRY_CONCURRENCY, settings.REGISTRY_TASKS_MAX = 20, 10
    server = Server()
    monkeypatch.setattr(limit_checks, "connection", server)
    return settings, server


class Server:
    """A PostgreSQL server that is asked one thing."""

    vendor = "postgresql"
    settings_dict: dict[str, object]
    answer: str | Exception = str(CONNECTIONS_MAX)

    def __init__(self):
        self.settings_dict = {}

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def execute(self, statement):
        assert statement == "SHOW max_connections"
        if isinstance(self.answer, Exception):
            raise self.answer

    def fetchone(self):
        return (self.answer,)


def ids_of(tag: str) -> list[str]:
    return [each.id for each in run_checks(tags=[tag], include_deployment_checks=True)]


@pytest.mark.parametrize(
    ("instances", "found"),
    [
        (CONNECTIONS_MAX - DATABASE_SPARE_CONNECTIONS, []),
        (CONNECTIONS_MAX - DATABASE_SPARE_CONNECTIONS + 1, ["registry.E021"]),
        (1_000, ["registry.E021"]),
        (0, ["registry.W021"]),
    ],
)
def test_connections_when_instances_may_be_more_then_told_before_a_deployment(
    on_lambda, instances, found
):
    settings, _server = on_lambda
    settings.REGISTRY_CONCURRENCY = instances
    assert ids_of("limits") == found


def test_connections_when_told_then_with_both_numbers_and_what_to_set(on_lambda):
    settings, _server = on_lambda
    settings.REGISTRY_CONCURRENCY = 200
    (found,) = run_checks(tags=["limits"], include_deployment_checks=True)
    assert "200 instances" in found.msg
    assert "takes 100" in found.msg
    assert "REGISTRY_CONCURRENCY to 90" in found.hint


def test_connections_when_a_pooler_shares_them_out_then_silent(on_lambda):
    settings, server = on_lambda
    settings.REGISTRY_CONCURRENCY = 1_000
    server.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
    assert ids_of("limits") == []


def test_connections_when_the_database_is_lost_then_others_say_so(on_lambda):
    _settings, server = on_lambda
    server.answer = OperationalError("gone")
    assert ids_of("limits") == []


def test_connections_when_nothing_is_started_by_aws_then_silent(on_lambda):
    settings, _server = on_lambda
    settings.REGISTRY_TASKS, settings.REGISTRY_CONCURRENCY = "worker", 1_000
    assert ids_of("limits") == []


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no such number")
def test_connections_when_a_real_server_is_asked_then_it_answers(settings):
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        taken = int(cursor.fetchone()[0])
    settings.REGISTRY_TASKS, settings.REGISTRY_CONCURRENCY = "lambda", taken
    (found,) = limit_checks.check_connections()
    assert (found.id, f"takes {taken}" in found.msg) == ("registry.E021", True)


@pytest.mark.parametrize(
    ("instances", "tasks", "found"),
    [
        (20, 10, []),
        (20, 19, []),
        (20, 20, ["registry.E020"]),
        (20, 0, ["registry.E020"]),
        (1, 1, ["registry.E020"]),
        (0, 5, []),
    ],
)
def test_tasks_when_they_could_take_every_instance_then_refused(on_lambda, instances, tasks, found):
    settings, _server = on_lambda
    settings.REGISTRY_CONCURRENCY, settings.REGISTRY_TASKS_MAX = instances, tasks
    assert [each.id for each in limit_checks.check_tasks_max()] == found
    assert set(found) <= set(ids_of("security"))
