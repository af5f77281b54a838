"""Paths that no client of good will sends: each is answered, and none is our mistake."""

from urllib.parse import quote

import pytest

from tests.clients import message_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/artifact/byName/a%00b"), ("GET", "/artifacts/model/%00"),
        ("GET", "/artifacts/mo%00del/1"), ("GET", "/users/%00"), ("DELETE", "/users/a%00"),
        ("PUT", "/users/%00/permissions"), ("POST", "/artifact/%00"),
        ("GET", "/artifact/model/%00/audit"),
    ],
)  # fmt: skip
def test_path_when_it_holds_nul_then_400(admin_api, anonymous, method, path):
    answer = admin_api.send(method, path)
    assert answer.status_code == 400
    assert "NUL" in message_of(answer)
    assert anonymous.send(method, path).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/artifact/byName/%ff", "/artifact/byName/", "/artifact/byName/..", "/artifacts/model/1/",
     "/users/a%2Fb", "/artifact/byName/" + "x" * 5_000],
)  # fmt: skip
def test_path_when_it_names_nothing_then_404_in_json(admin_api, path):
    answer = admin_api.get(path)
    assert answer.status_code == 404
    assert message_of(answer)


@pytest.mark.parametrize("name", ["Lina Torres", "名前", "a%2Fb", "a+b@c.d", "#?&", "permissions"])
def test_user_when_the_name_has_odd_characters_then_addressed_percent_encoded(admin_api, name):
    path = "/users/" + quote(name, safe="")
    body = {"name": name, "password": "a-long-password-9"}
    assert admin_api.post("/users", body).status_code == 201
    assert admin_api.get(path).json()["name"] == name
    changed = admin_api.put(f"{path}/permissions", {"permissions": ["search"]})
    assert changed.json()["permissions"] == ["search"]
    assert admin_api.delete(path).status_code == 200
    assert admin_api.get(path).status_code == 404


@pytest.mark.parametrize("name", ["a/b", ".", ".."])
def test_user_when_the_name_could_not_be_addressed_then_400(admin_api, name):
    answer = admin_api.post("/users", {"name": name, "password": "a-long-password-9"})
    assert answer.status_code == 400
    assert "slash" in message_of(answer)
