"""Where facts about data sets come from: the model's card that names them, and their own pages."""

from __future__ import annotations

from artifacts.rules.cards import divide_readme
from artifacts.rules.page_urls import dataset_url
from artifacts.rules.rating.citation import Citation, cite
from artifacts.rules.rating.evidence import DatasetFacts, ModelFacts
from artifacts.rules.reading import ReadState


def cite_mention(model: ModelFacts, dataset: DatasetFacts) -> Citation:
    """Return the place where a model's card or tags name a data set."""
    if dataset.found_by == "tag":
        return cite(model, "", f"dataset:{dataset.repository}")
    return cite(model, quote=dataset.quote or _find_line(model, dataset.repository))


def _find_line(model: ModelFacts, name: str) -> str:
    """Return the words of the front matter that name a data set: it may have moved since."""
    short = name.rpartition("/")[2].lower()
    lines = (each.strip() for each in divide_readme(model.readme)[0].splitlines())
    named = [each for each in lines if short in each.lower() and not each.startswith("#")]
    listed = (each for each in named if each.startswith(("-", "dataset")))
    return next(listed, "").removeprefix("-").strip() or f"datasets: {name}"


def cite_dataset(dataset: DatasetFacts) -> tuple[Citation, ...]:
    """Return the places where a data set is described, none for one that is not found."""
    if not dataset.is_found:
        return ()
    page, path = dataset_url(dataset.repository), dataset.text_reading.path
    places = [Citation(page, commit=dataset.commit)]
    if dataset.text_reading.state is ReadState.READ:
        url = f"{page}/blob/{dataset.commit or 'HEAD'}/{path}"
        places.insert(0, Citation(url, path, dataset.commit, quote=dataset.documentation.quote))
    if dataset.croissant_reading.state is ReadState.READ:
        places.append(
            Citation(f"https://huggingface.co/api/datasets/{dataset.repository}/croissant")
        )
    return tuple(places)
