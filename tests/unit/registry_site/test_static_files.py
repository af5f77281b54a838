import pytest
from django.http import HttpResponse
from django.urls import set_script_prefix

from registry_site.static_files import PrefixedStaticStorage, StaticFilesMiddleware


@pytest.fixture
def prefix():
    yield set_script_prefix
    set_script_prefix("/")


@pytest.fixture
def folder(settings, tmp_path):
    (tmp_path / "site.css").write_text("body {}", encoding="utf-8")
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_USE_FINDERS = False
    return tmp_path


def test_links_when_prefixes_take_turns_then_each_request_has_its_own(prefix, folder):
    (folder / "staticfiles.json").write_text(
        '{"version": "1.1", "paths": {"site.css": "site.0a1b.css"}, "hash": ""}', encoding="utf-8"
    )
    storage = PrefixedStaticStorage()
    found = []
    for each in ("/", "/production/", "/"):
        prefix(each)
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
    answer = middleware(rf.get("/static/site.css"))
    assert b"".join(answer.streaming_content) == b"body {}"
    answer.close()
    assert middleware(rf.get("/static/none.css")).status_code == 404
    assert middleware(rf.get("/site.css")).status_code == 404
