"""What looks inflated, where there is more than one answer reads."""

from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.enums import ArtifactType, AuditAction
from artifacts.models import AuditEntry
from artifacts.selectors.trust.look_alikes import _find_inflated

pytestmark = pytest.mark.django_db


def fetched(artifact_id: str, user_name: str, times: int) -> None:
    at = timezone.now().replace(minute=5, second=0) - timedelta(days=1)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            artifact_id=artifact_id,
            artifact_type=ArtifactType.MODEL,
            artifact_name="tea",
            user_name=user_name,
            user_is_admin=False,
            action=AuditAction.DOWNLOAD,
            created_at=at,
        )
        for _ in range(times)
    )


def test_inflated_when_rows_are_cut_then_nothing_is_said_of_what_was_read_in_part(set_limits):
    fetched("b", "mallory", 60)
    for name in ("ursula", "zoe"):
        fetched("b", name, 60)
    fetched("a", "mallory", 60)
    set_limits(INFLATION_ROWS_MAX=2)
    assert list(_find_inflated(["b", "a"])) == ["a"]
    set_limits(INFLATION_ROWS_MAX=4)
    assert list(_find_inflated(["b", "a"])) == ["a", "b"]
