"""Drawing one panel, as each site includes it."""

from django.template.loader import render_to_string

from artifacts.selectors.catalogue.overview import Overview


def draw(name: str, overview: Overview, **context) -> str:
    return render_to_string(f"panels/{name}.html", {"panel": getattr(overview, name)} | context)
