"""`next` never leads elsewhere, whatever it is made of and whichever host the request names."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
HOST = "registry.example.com"
OTHER = "evil.example"
HOSTILE = [
    f"//{OTHER}/", f"///{OTHER}", f"/\\{OTHER}", f"\\\\{OTHER}", f"https:{OTHER}",
    f"https://{OTHER}/", f"https:///{OTHER}", f"http:\\\\{OTHER}", "javascript:alert(1)",
    "data:text/html,x", f"//{OTHER}@{HOST}/", f"https://{HOST}@{OTHER}/", f"https://{HOST}.{OTHER}",
    f"/\t/{OTHER}", f"\t//{OTHER}", f"/\n/{OTHER}", f"\x00//{OTHER}", f"\x0b//{OTHER}",
    f" //{OTHER}", "//evil%2eexample", f"/%5c{OTHER}", "http://[::1", f"//\u2215{OTHER}",
    "https://evil\u3002example/", f"ftp://{OTHER}/", f"//{HOST}\\@{OTHER}/", f".//{OTHER}",
    f"?next=//{OTHER}", "",
]  # fmt: skip


@pytest.fixture
def browser(settings, administrator) -> Client:
    settings.ALLOWED_HOSTS = [HOST]
    return Client(raise_request_exception=False, headers={"Host": HOST})


def stays(answer, asked: str) -> bool:
    """Whether a browser that follows the answer is still here, as browsers read addresses."""
    if "Location" not in answer:
        return True
    base = f"http://{HOST}{asked}"
    place = "".join(each for each in answer["Location"] if each not in "\t\r\n").strip()
    where = urlsplit(urljoin(base, place.replace("\\", "/")))
    return (where.scheme, where.netloc) in {("http", HOST), ("https", HOST)}


@pytest.mark.parametrize("next_url", HOSTILE)
@pytest.mark.parametrize("in_body", [True, False])
def test_sign_in_when_next_leads_elsewhere_then_not_followed(browser, next_url, in_body):
    path = reverse("admin:login")
    words = {"username": "ada", "password": "a-long-password-1"}
    if in_body:
        answer = browser.post(path, words | {"next": next_url})
    else:
        answer = browser.post(path, words, query_params={"next": next_url})
    assert answer.status_code == 302
    assert stays(answer, path), answer["Location"]
    again = browser.get(path, query_params={"next": next_url})
    assert stays(again, path)
    assert b"javascript:alert" not in again.content


def test_sign_in_when_next_leads_elsewhere_then_led_to_the_staff_site(browser):
    words = {"username": "ada", "password": "a-long-password-1", "next": f"https://{OTHER}/"}
    answer = browser.post(reverse("admin:login"), words)
    assert answer["Location"] == reverse("admin:index")


@pytest.mark.parametrize("next_url", HOSTILE)
def test_sign_out_when_next_leads_elsewhere_then_not_followed(browser, administrator, next_url):
    for given in ({"data": {"next": next_url}}, {"query_params": {"next": next_url}}):
        browser.force_login(administrator)
        answer = browser.post(reverse("admin:logout"), **given)
        assert answer.status_code in (200, 302)
        assert stays(answer, reverse("admin:logout"))


@pytest.mark.parametrize("name", ["index", "artifacts_user_add", "reset"])
def test_staff_page_when_next_is_given_then_no_redirect_follows_it(browser, administrator, name):
    path = reverse(f"admin:{name}")
    for signed_in in (False, True):
        if signed_in:
            browser.force_login(administrator)
        for next_url in HOSTILE[:8]:
            assert stays(browser.get(path, query_params={"next": next_url}), path)


@pytest.mark.parametrize("path", [f"//{OTHER}/admin/", f"/\\{OTHER}/admin/", f"/admin//{OTHER}/"])
def test_path_when_it_looks_like_a_host_then_no_redirect_goes_there(browser, path):
    answer = browser.generic("GET", "/", headers={"Host": HOST}, PATH_INFO=path)
    assert stays(answer, "/")


def test_sign_in_when_next_stays_here_then_followed(browser):
    path = reverse("admin:artifacts_user_changelist")
    words = {"username": "ada", "password": "a-long-password-1", "next": path}
    assert browser.post(reverse("admin:login"), words)["Location"] == path
