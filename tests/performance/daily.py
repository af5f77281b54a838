"""What a registry's worker, its day and its health do, done on many rows."""

from artifacts.exceptions import SourceUnavailable
from artifacts.models import LineageEdge, User
from artifacts.selectors.upkeep.health import get_activity, get_database, list_components
from artifacts.services.trust import following
from artifacts.services.upkeep import orphans
from artifacts.services.upkeep.housekeeping import keep_house
from artifacts.storage.keys import record_key
from artifacts.storage.store import get_store
from artifacts.work import leases
from tests.factories.ratings import make_rating
from tests.performance.browsing import MODEL, NEWEST, NUMBER


def work(_user: User) -> None:
    """A worker's round."""
    assert leases.anything_due()
    task = leases.lease_next("worker")
    assert leases.renew_lease(task)
    leases.finish_task(task)
    leases.fail_task(leases.lease_next("worker"), SourceUnavailable("It sleeps."))


def tidy(_user: User) -> None:
    """A day's housekeeping, of a bucket with one thing of each kind."""
    store = get_store()
    for key in (
        f"blobs/sha256/ab/cd/{'ab' * 32}", f"uploads/sha256-{'ab' * 32}.zip",
        "artifacts/model-1-5/metadata.json", f"bundles/{MODEL}/7/full.zip",
        # Without the newest one's the bucket would be of an earlier time.
        record_key(NEWEST),
    ):  # fmt: skip
        store.replace(key, b"x", "text/plain")
    keep_house()
    orphans.remove_orphans(grace_hours=0)


def follow(_user: User) -> None:
    """Bring nine children up to date."""
    for edge in LineageEdge.objects.filter(parent_id=MODEL):
        make_rating(edge.child)
    following.follow_parent(parent_key=f"huggingface_model:bench/thing-{NUMBER}")


def look_at_health(_user: User) -> None:
    list_components(get_database(), 60, with_timeline=True)
    get_activity(60)
