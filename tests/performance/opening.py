"""What staff open, done on many rows: their front page, the health dashboard, the lists."""

from collections.abc import Callable

import pytest
from django.test import Client

from artifacts.admin import lists
from artifacts.models import User
from artifacts.services.upkeep import activity

_STAFF = "/admin/artifacts"


def count_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists count a part of the rows here, as they do of a larger registry's."""
    monkeypatch.setattr(lists, "ROWS_COUNTED_MAX", 300)
    # Counts of requests are written now and then, in the middle of whichever request comes next.
    monkeypatch.setattr(activity, "count", lambda *_counted: None)


def opened(path: str) -> Callable[[User], object]:
    def look(user: User) -> None:
        user.is_admin = True
        user.save()
        client = Client()
        client.force_login(user)
        assert client.get(path).status_code == 200

    return look


OPENED: dict[str, Callable[[User], object]] = {
    "open the staff's front page": opened("/admin/"),
    "open the dashboard": opened("/health/dashboard"),
    "open the dashboard of a day": opened("/health/dashboard?minutes=1440"),
    "open the list of artifacts": opened(f"{_STAFF}/artifact/"),
    "open the list of tasks": opened(f"{_STAFF}/task/"),
    "open the list of failed tasks": opened(f"{_STAFF}/task/?state__exact=failed"),
    "open the audit trail": opened(f"{_STAFF}/auditentry/"),
    "open the list of ratings": opened(f"{_STAFF}/rating/"),
    "open the list of revisions": opened(f"{_STAFF}/revision/"),
    "open the list of files": opened(f"{_STAFF}/file/"),
    "open the list of users": opened(f"{_STAFF}/user/"),
    "open the list of counts": opened(f"{_STAFF}/activitybucket/"),
}
# See `test_plans.WHOLE`.
OPENED_WHOLE = {
    # How much is stored is read of all revisions, once in five minutes.
    "open the staff's front page": ('SUM("artifacts_revision"."stored_bytes")',),
}
