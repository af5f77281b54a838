import sys
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import get_resolver, include, path, reverse

from registry_site import lazy_views
from registry_site.lazy_views import LazyView, import_views

MODULE = "registry_tests_lazy"
SOURCE = """
from django.http import HttpResponse
from django.views import View
from django.views.decorators.csrf import csrf_exempt

@csrf_exempt
def greet(request, name):
    return HttpResponse(f"hello {name}")

class Greeting(View):
    def get(self, request, name):
        return HttpResponse(f"good day, {name}")
"""


@pytest.fixture
def view(monkeypatch, tmp_path):
    (tmp_path / f"{MODULE}.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield lambda name: LazyView(f"{MODULE}.{name}")
    sys.modules.pop(MODULE, None)


def test_view_when_only_named_in_a_route_then_nothing_is_imported(view, settings):
    names = sys.modules | {}
    urls: Any = type("Urls", (), {"urlpatterns": [path("<name>", view("greet"), name="greet")]})
    assert reverse("greet", urlconf=urls, args=["you"]) == "/you"
    assert MODULE not in names
    assert MODULE not in sys.modules


@pytest.mark.parametrize(
    ("name", "body"), [("greet", b"hello you"), ("Greeting", b"good day, you")]
)
def test_view_when_called_then_the_function_or_the_class_answers(view, rf, name, body):
    answer = view(name)(rf.get("/you"), name="you")
    assert isinstance(answer, HttpResponse)
    assert answer.content == body


def test_view_when_asked_for_its_marks_then_shows_those_of_the_real_one(view):
    assert view("greet").csrf_exempt
    assert not hasattr(view("Greeting"), "csrf_exempt")
    assert view("Greeting").__name__ == "Greeting"


def test_view_when_it_is_not_there_then_the_call_says_which(rf):
    with pytest.raises(ImportError, match="no_such_view"):
        LazyView("artifacts.web.home.views.no_such_view")(rf.get("/"))


def test_views_when_all_are_imported_then_those_of_included_routes_too(view, settings, monkeypatch):
    inner: Any = type("Inner", (), {"urlpatterns": [path("<name>", view("greet"))]})
    urls: Any = type("Urls", (), {"urlpatterns": [path("inner/", include(inner.urlpatterns))]})
    monkeypatch.setattr(lazy_views, "get_resolver", lambda: get_resolver(urls))
    assert MODULE not in sys.modules
    import_views()
    assert MODULE in sys.modules
