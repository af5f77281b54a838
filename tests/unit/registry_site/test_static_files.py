import json
from typing import Any

import pytest
from django.contrib.staticfiles import storage
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.urls import set_script_prefix

from registry_site.static_files import (
    PrefixedStaticStorage,
    StaticFilesMiddleware,
    refuse_uncollected,
)


@pytest.fixture
def folder(settings, tmp_path):
    (tmp_path / "site.css").write_text("body {}", encoding="utf-8")
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_USE_FINDERS = False
    return tmp_path


def test_links_when_prefixes_take_turns_then_each_request_has_its_own(folder):
    (folder / "staticfiles.json").write_text(
        '{"version": "1.1", "paths": {"site.css": "site.0a1b.css"}, "hash": ""}', encoding="utf-8"
    )
    storage = PrefixedStaticStorage()
    found = []
    for each in ("/", "/production/", "/"):
        set_script_prefix(each)
        found.append(storage.url("site.css"))
    assert found == [
        "/static/site.0a1b.css",
        "/production/static/site.0a1b.css",
        "/static/site.0a1b.css",
    ]


def test_files_when_none_is_asked_for_then_the_folder_is_not_looked_at(folder, rf):
    middleware = StaticFilesMiddleware(lambda _request: HttpResponse("page"))
    assert middleware(rf.get("/health")).content == b"page"
    assert middleware.files == {}


@pytest.mark.django_db  # the end of an answer looks after connections
def test_files_when_one_is_asked_for_then_served_and_others_not_found(folder, rf):
    middleware = StaticFilesMiddleware(lambda _request: HttpResponse("page", status=404))
    answer: Any = middleware(rf.get("/static/site.css"))
    assert b"".join(answer.streaming_content) == b"body {}"
    answer.close()
    assert middleware(rf.get("/static/none.css")).status_code == 404
    assert middleware(rf.get("/site.css")).status_code == 404


class TestRefusal:
    """A start without what pages name."""

    @pytest.fixture
    def collected(self, settings, monkeypatch, folder):
        settings.REGISTRY_TASKS = "worker"

        def say(*names: str) -> None:
            told = {"version": "1.1", "hash": "", "paths": {name: name for name in names}}
            (folder / "staticfiles.json").write_text(json.dumps(told), encoding="utf-8")
            monkeypatch.setattr(storage, "staticfiles_storage", PrefixedStaticStorage())

        return say

    @pytest.fixture
    def ours(self) -> list[str]:
        names = [path for finder in get_finders() for path, _ in finder.list([])]
        assert len(names) > 10
        return names

    def test_start_when_all_were_collected_then_goes_on(self, collected, ours):
        collected(*ours, "of an older release.css")
        refuse_uncollected()

    def test_start_when_none_was_collected_then_says_what_to_run(self, collected):
        collected()
        with pytest.raises(ImproperlyConfigured, match=r"manage\.py collectstatic"):
            refuse_uncollected()

    def test_start_when_the_collection_is_an_older_ones_then_names_what_is_new(
        self, collected, ours
    ):
        collected(*ours[1:])
        with pytest.raises(ImproperlyConfigured, match=ours[0]):
            refuse_uncollected()

    def test_start_when_a_package_is_served_then_does_not_look(self, settings, collected):
        settings.REGISTRY_TASKS = "lambda"
        collected()
        refuse_uncollected()

    def test_start_when_files_come_from_the_tree_then_nothing_is_missing(self, settings):
        settings.REGISTRY_TASKS = "worker"
        refuse_uncollected()
