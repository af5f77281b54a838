"""The license check: may a project on GitHub build on a model?

The question is sent by POST, though it changes nothing here: the registry has to ask GitHub, which
counts that, and previews, prefetching and crawlers follow links. An address with both fields filled
in can be shared all the same; whoever opens it sends the question with one click.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import urlencode

from artifacts.exceptions import (
    ArtifactNotFound,
    InvalidRequest,
    LicenseUnavailable,
    ProjectNotFound,
)
from artifacts.limits import COST_DEPENDENCIES_MAX, NAME_MAX_CHARS, URL_MAX_CHARS
from artifacts.rules.licensing.compatibility import Verdict
from artifacts.rules.page_urls import only_web_url
from artifacts.selectors.catalogue.named import Named, list_models_called
from artifacts.selectors.lineage.foundation import (
    StatedLicense,
    list_edges_below,
    list_licenses,
)
from artifacts.services.trust import licensing
from artifacts.web.links import PageLinks

_OK: Final = 200
_MALFORMED: Final = 400
_REFUSED: Final = 403
_NOT_FOUND: Final = 404
_SOURCE_SILENT: Final = 502


@dataclass
class Question:
    """What is asked, and what is wrong with it.

    Attributes:
        model: the id or the name of a model, as it was written.
        project: the address of a repository on GitHub, as it was written.
        model_fault, project_fault: what is wrong with a field, "" for nothing.
        fault: what stands in the way of an answer, though the question is well-formed.
        is_unregistered: whether no model of this name is here.
        namesakes: the models of this name, if there are several.
        status: of the answer.
    """

    model: str
    project: str
    model_fault: str = ""
    project_fault: str = ""
    fault: str = ""
    namesakes: tuple[Named, ...] = ()
    is_unregistered: bool = False
    status: int = _OK

    @property
    def address(self) -> str:
        """The address that shows the form with this question."""
        return f"?{urlencode({'model': self.model, 'project': self.project})}"


@dataclass(frozen=True)
class Answer:
    """Whether a project may use a model, and what that rests on.

    Attributes:
        chain: the licenses of the registered things that the model was made from.
    """

    model: Named
    verdict: Verdict
    chain: tuple[StatedLicense, ...]


def check_license(request: HttpRequest) -> HttpResponse:
    """Show the form, filled in from the address, or answer the question that was sent."""
    sent = request.POST if request.method == "POST" else request.GET
    question = Question(
        sent.get("model", "").strip()[:NAME_MAX_CHARS],
        sent.get("project", "").strip()[:URL_MAX_CHARS],
    )
    answer = None
    if request.method == "POST":
        if request.user.is_authenticated:
            answer = _ask(question)
        else:
            question.fault = "Sign in to ask: each answer needs one from GitHub, which counts them."
            question.status = _REFUSED
    if request.POST.get("format") == "json" and answer is not None:
        return JsonResponse(asdict(answer))
    links = PageLinks(request.user)
    context = {
        "question": question,
        "answer": answer,
        "links": links,
        "register_url": links.registration(only_web_url(question.model)),
    }
    return render(request, "web/trust/license_check.html", context, status=question.status)


def _ask(question: Question) -> Answer | None:
    """Answer a question; None for one that has a fault, which is noted in it."""
    model = _find_model(question)
    if not question.project:
        question.project_fault = "Write the address of a repository on GitHub."
        question.status = _MALFORMED
    if model is None or question.project_fault:
        return None
    try:
        verdict = licensing.check_license(
            artifact_id=model.artifact_id, github_url=question.project
        )
    except InvalidRequest as error:
        question.project_fault, question.status = error.message, _MALFORMED
    except ProjectNotFound as error:
        question.project_fault, question.status = error.message, _NOT_FOUND
    except ArtifactNotFound as error:
        question.model_fault, question.status = error.message, _NOT_FOUND
    except LicenseUnavailable as error:
        question.fault = f"{error.message} Ask again in some minutes: it is not known until then."
        question.status = _SOURCE_SILENT
    else:
        return Answer(model, verdict, _list_chain(model.artifact_id))
    return None


def _find_model(question: Question) -> Named | None:
    """Return the model that is meant; None if there is none or more than one."""
    if not question.model:
        question.model_fault, question.status = "Write the name or the id of a model.", _MALFORMED
        return None
    found = list_models_called(question.model)
    if len(found) == 1:
        return found[0]
    if found:
        question.namesakes, question.status = found, _MALFORMED
        question.model_fault = "Several models have this name. Choose one by its id:"
    else:
        question.status, question.is_unregistered = _NOT_FOUND, True
        question.model_fault = "No model here has this name or id. Names are compared exactly."
    return None


def _list_chain(artifact_id: str) -> tuple[StatedLicense, ...]:
    """Return the licenses of the registered things that a model was made from."""
    edges = list_edges_below([artifact_id], COST_DEPENDENCIES_MAX)
    below = {each.parent_id for each in edges if each.parent_id}
    return list_licenses(below - {artifact_id}).rows
