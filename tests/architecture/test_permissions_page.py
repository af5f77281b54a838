"""The page about permissions is that of the routes as they are."""

from django.conf import settings
from django.core.management import call_command

from artifacts.api import permissions_page as page
from artifacts.routes import ROUTES

PAGE = settings.BASE_DIR / "docs" / "security" / "permissions.md"


def test_page_when_compared_with_the_routes_then_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page.permissions_page(), "Run `make docs`."


def test_page_when_made_then_a_line_for_each_method():
    rows = [line for line in page.permissions_page().splitlines() if line.startswith("| `")]
    assert len(rows) == sum(len(route.methods) for route in ROUTES)
    assert (
        "| `GET /artifact/byName/{name}` | `ArtifactViewSet.by_name` | `search` | goes on |" in rows
    )
    (rate,) = [row for row in rows if "/rate`" in row]
    assert "`search`, with `refresh` `upload` too" in rate


def test_command_when_run_then_the_page_is_written(tmp_path, capsys):
    call_command("write_permissions_page", str(tmp_path / "new" / "page.md"))
    assert (tmp_path / "new" / "page.md").read_text(encoding="utf-8") == page.permissions_page()
    assert "Wrote" in capsys.readouterr().out
