"""What the instances of a rehearsal have been through, for whoever reads its end."""

from tests.rehearsal.world import World

LOG_SHOWN_LINES = 15


def instances(world: World) -> str:
    """Tell what the instances have been through."""
    world.cloud.functions.recycle()
    started = world.cloud.functions.started
    inits = sorted(each.init_s for each in started if each.init_s is not None)
    calls = sum(each.invocations for each in started)
    middle = inits[len(inits) // 2]
    memory = max(each.peak_memory_mb for each in started)
    return (
        f"{len(started)} instances took {calls} invocations; from process start to ready"
        f" {middle:.2f} s (median), {inits[-1]:.2f} s (most); {memory:.0f} MB at most"
    )


def last_words(world: World) -> str:
    """Return what was refused, and the ends of the instances' logs."""
    refused = world.cloud.server.guard.ledger.refused
    parts = [f"refused: {each.who}: {each.call}" for each in refused]
    for instance in world.cloud.functions.started[-3:]:
        lines = instance.log.read_text(encoding="utf-8", errors="replace").splitlines()
        parts.append(f"--- {instance.log}\n" + "\n".join(lines[-LOG_SHOWN_LINES:]))
    return "\n".join(parts)
