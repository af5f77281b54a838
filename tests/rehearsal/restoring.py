"""Restoring: what is lost and brought back in each of the ways that the runbook knows.

Each variant is a step of the rehearsal. It makes artifacts, restores database or bucket to an
earlier moment, does what docs/operations.md says, lets the next day's clean-up run, and sees that
every artifact is there with its bytes, and that no number was given twice.
"""

from collections.abc import Callable

from artifacts.enums import ArtifactType
from artifacts.storage.keys import number_key
from tests.rehearsal import checks
from tests.rehearsal.story import Story, some_bytes
from tests.rehearsal.world import REGISTRY_BUCKET


def begin(story: Story) -> None:
    """Keep versions from here on, as the runbook says, and have a day's worth of artifacts."""
    story.bucket().put_bucket_versioning(
        Bucket=REGISTRY_BUCKET, VersioningConfiguration={"Status": "Enabled"}
    )
    story.register(some_bytes(), some_bytes())
    story.world.cloud.fire_schedules(story.world.function, "keep_house")
    checks.settled(story.world)


def database_older(story: Story) -> str:
    """Backup, two more uploads, restore, three more registrations, the next day's clean-up."""
    backup = story.dump()
    lost = story.register(some_bytes(), some_bytes())
    story.restore(backup)
    story.refuse()
    checks.require("rebuild_index" in story.refused("remove_orphans"), "clearing is not refused")
    checks.require("database_behind_bucket" in story.issues(), "health does not say so")
    found = story.rebuild()
    checks.require(
        all(each in found["had no rows"] for each in lost), f"{lost} are not restored: {found}"
    )
    story.register(some_bytes(), some_bytes(), some_bytes())
    return story.end()


def registered_in_the_middle(story: Story) -> str:
    """The same under a release that knows no numbers: somebody registers what was lost again."""
    backup = story.dump()
    twice = some_bytes()
    (old, other) = story.register(twice, some_bytes())
    story.restore(backup)
    story.delete_objects(
        *(number_key(ArtifactType.DATASET, int(each.split("-")[1])) for each in (old, other))
    )
    story.given.clear()  # A release before this one gives them again; ids stay new.
    (new, *_) = story.register(twice, some_bytes(), some_bytes())
    digest = story.promised.pop(old)
    story.deployer.manage("remove_orphans --grace-hours 0")
    said = story.refused("rebuild_index")
    checks.require(f"{old}: its source" in said and new in said, f"not told: {said}")
    story.check_bytes(list(story.promised))
    checks.require(other in story.promised, "the other one is gone")
    # The operator keeps the first one: its id is in users' files.
    story.client().send("DELETE", f"artifacts/dataset/{new}").require(200)
    del story.promised[new]
    story.promised[old] = digest
    story.rebuild()
    return story.end()


def bucket_older(story: Story) -> str:
    """The bucket is restored to a moment before the database's."""
    story.world.cloud.fire_schedules(story.world.function, "keep_house")
    lost = story.register(some_bytes(), some_bytes())
    checks.settled(story.world)
    for artifact_id in lost:
        story.delete_objects(f"artifacts/{artifact_id}/", f"bundles/{artifact_id}/")
    for digest in (story.promised[each] for each in lost):
        story.delete_objects(digest)
    checks.require("bucket_behind_database" in story.issues(), "health does not say so")
    story.refuse()
    found = story.rebuild()
    told = " ".join(found.values())
    checks.require(all(each in told for each in lost), f"{lost} are not told: {found}")
    story.register(some_bytes())
    return story.end()


def both_lost(story: Story) -> str:
    """The bucket is emptied and the database gone: only the bucket's versions are left."""
    checks.settled(story.world)
    before = story.moment()
    story.delete_objects("/")
    story.restore(None)
    story.deployer.manage("migrate --noinput")
    story.deployer.manage("ensure_administrator")
    story.manage_here(f"restore_versions --before {before}")
    story.refuse()
    story.rebuild()
    story.register(some_bytes())
    return story.end()


def reset_undone(story: Story) -> str:
    """Somebody resets the registry, and it is cleared up; within a day it is all back."""
    checks.settled(story.world)
    before = story.moment()
    story.client().send("DELETE", "reset").require(200)
    checks.settled(story.world)
    story.deployer.manage("remove_orphans --grace-hours 0")
    status, listed, _ = checks.ask(
        f"{story.url}/artifacts", "POST", [{"name": "*"}], {"X-Authorization": story.client().token}
    )
    checks.require((status, listed) == (200, []), f"after the reset: {status} {listed}")
    said = story.manage_here(f"restore_versions --before {before}")
    checks.require("A reset undone" in said, said)
    story.rebuild()
    story.register(some_bytes())
    return story.end()


VARIANTS: tuple[tuple[str, Callable[[Story], str]], ...] = (
    ("database restored to before", database_older),
    ("somebody registers in the middle", registered_in_the_middle),
    ("bucket restored to before", bucket_older),
    ("both lost but for versions", both_lost),
    ("a reset is undone", reset_undone),
)
