"""The page of a metric, generated from the metric itself so that page and formula agree."""

from __future__ import annotations

from artifacts.rules.rating.gate import THRESHOLD
from artifacts.rules.rating.metric import Metric
from artifacts.rules.rating.net_score import WEIGHTS


def metric_page(metric: Metric) -> str:
    """Return a metric's page as Markdown.

    Raises:
        ValueError: its sentence, its sources or a part of its scale is empty.
    """
    scale = metric.scale
    words = (metric.title, metric.sentence, scale.zero, scale.middle, scale.one, scale.unknown)
    if not all(words) or not metric.sources:
        raise ValueError(f"The metric {metric.name} does not say what its numbers mean.")
    weight = WEIGHTS.get(metric.name)
    share = f"{weight:.0%} of the net score." if weight else "It is no part of the net score."
    sources = "\n".join(f"- {source}" for source in metric.sources)
    return f"""# {metric.title}

<!-- Made by `make docs` from {metric.judge.__module__}: change that file. -->

{metric.sentence} In the API: `{metric.name}`. {share}

| Score | Means |
| --- | --- |
| 0 | {scale.zero} |
| middle | {scale.middle} |
| 1 | {scale.one} |
| unknown | {scale.unknown} |

Looks at: {", ".join(metric.uses)}. The gate asks for {THRESHOLD}.

Sources:

{sources}
"""


def index_page(metrics: tuple[Metric, ...]) -> str:
    """Return the page that links to the others."""
    rows = "\n".join(
        f"| [{each.title}]({each.name}.md) | {each.sentence} | "
        f"{f'{WEIGHTS[each.name]:.0%}' if each.name in WEIGHTS else '-'} |"
        for each in metrics
    )
    return f"""# Metrics

<!-- Made by `make docs`. -->

| Metric | What it tells | Of the net score |
| --- | --- | --- |
{rows}

The net score is the mean of the metrics by these weights; what is unknown counts as 0, what does
not apply is left out. `GET /artifact/model/{{id}}/rate?evidence=true` answers the reason and the
facts of each. The gate asks for {THRESHOLD} of each; `REGISTRY_GATE_THRESHOLDS` may ask otherwise.
"""
