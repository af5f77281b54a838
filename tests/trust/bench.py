"""`make bench-trust`: how verdicts and scores spread over the models of ../shared.

Registers every model of the Hub that the stand-in has in a registry with empty data, inside this
process, does all work that waits, and prints a row for each metric. Ends with 1 if a metric gives
more than half of the recorded models that it rates one score: it tells little then. Unknown counts
as no score. The models of the cases are shown, but decide nothing: each was made to be odd.

    python -m tests.trust.bench RECORDED CASES...     folders hub/models of the stand-in's data
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import django
from django.core.management import call_command

from tests.trust.distribution import QUANTILES, Distribution, describe, write_line


def main() -> int:
    recorded, *cases = (list_repositories(Path(each)) for each in sys.argv[1:])
    everything = sorted({*recorded, *(each for case in cases for each in case)})
    django.setup()
    call_command("migrate", verbosity=0)
    for line in register_all(everything):
        print(line)
    look_over("Recorded models and those of the cases", everything)
    found = look_over("Recorded models", recorded)
    constant = [name for name, each in found.items() if each.is_near_constant]
    if constant:
        print(f"FAILED: most recorded models have one score: {', '.join(constant)}.")
    return int(bool(constant))


def list_repositories(folder: Path) -> list[str]:
    """The names of all models in a folder, as in `owner/name`."""
    return sorted(f"{each.parent.name}/{each.name}" for each in folder.glob("*/*") if each.is_dir())


def register_all(repositories: list[str]) -> Iterator[str]:
    """Register models and do the work that follows; yield a line for each that is refused."""
    from artifacts.enums import ArtifactType
    from artifacts.exceptions import RegistryError
    from artifacts.models import User
    from artifacts.services.access.users import ensure_administrator
    from artifacts.services.catalogue.registration import register_artifact
    from artifacts.tasks.runner import run_one

    ensure_administrator()
    user = User.objects.get()
    for repository in repositories:
        url = f"https://huggingface.co/{repository}"
        try:
            register_artifact(artifact_type=ArtifactType.MODEL, url=url, name=None, user=user)
        except RegistryError as error:
            yield f"refused: {repository}: {error.message}"
    while run_one("bench"):
        pass


def look_over(title: str, repositories: list[str]) -> dict[str, Distribution]:
    """Print verdicts and scores of models; return the distribution of each metric."""
    from artifacts.models import Artifact
    from artifacts.rules.rating.catalogue import METRICS

    models = Artifact.objects.visible().filter(current_revision__repository__in=repositories)
    rated = models.select_related("current_revision__current_rating").order_by("source_key")
    ratings = [each.current_revision.current_rating for each in rated]
    assert all(ratings), "a model has no rating"
    verdicts = Counter(str(rating.gate) for rating in ratings)
    counted = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    print(f"{title}, {len(ratings)}: {counted or 'none'}.")
    heads = "  ".join(f"{share:4.0%}" for share in QUANTILES)
    print(f"{'metric':24} {'unknown':>8} {'rated':>6}   {heads}   most common")
    found = {
        str(metric.name): describe([rating.results[metric.name]["score"] for rating in ratings])
        for metric in METRICS
    }
    net_score = describe([rating.net_score for rating in ratings])
    for name, each in (found | {"net_score": net_score}).items():
        print(write_line(name, each))
    print()
    return found


if __name__ == "__main__":
    sys.exit(main())
