import ast
import logging
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client

from registry_site.forwarding import HEALTH_PATH, ForwardingMiddleware
from tests.unit.settings.test_production import shown

PROBES = "registry_site.forwarding.ProbeMiddleware"
LIES = {
    "X-Forwarded-For": "203.0.113.5",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "1",
    "X-Forwarded-Ssl": "on",
    "Forwarded": "for=203.0.113.5;proto=https;host=evil.example",
}


def left(rf, middleware=None) -> set[str]:
    """Which of the headers the next layer sees."""
    seen: set[str] = set()

    def answer(request):
        seen.update(name for name in LIES if name in request.headers)
        return HttpResponse()

    middleware = middleware or ForwardingMiddleware(answer)
    middleware.get_response = answer
    middleware(rf.get("/", headers=LIES, REMOTE_ADDR="198.51.100.7"))
    return seen


def test_headers_when_nobody_is_trusted_then_taken_away(rf, settings):
    settings.REGISTRY_TRUSTED_PROXIES = ("10.0.0.0/8",)
    assert left(rf) == set()


def test_headers_when_a_proxy_is_trusted_then_left(rf, settings):
    settings.REGISTRY_TRUSTED_PROXIES = ("198.51.100.0/24",)
    assert left(rf) == set(LIES)


def test_proxy_when_nobody_named_it_then_a_line_tells_once(rf, settings, caplog):
    settings.REGISTRY_TRUSTED_PROXIES = 0
    middleware = ForwardingMiddleware(lambda _request: HttpResponse())
    with caplog.at_level(logging.WARNING):
        left(rf, middleware)
        left(rf, middleware)
    told = [(each.message, each.address) for each in caplog.records]
    assert told == [("proxy.not_trusted", "198.51.100.7")]


@pytest.fixture
def in_production(settings):
    """What production says of schemes and hosts."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_REDIRECT_EXEMPT = ["^health$"]
    settings.SECURE_HSTS_SECONDS = 60
    settings.ALLOWED_HOSTS = [".registry.example"]
    before = settings.MIDDLEWARE.index("django.middleware.security.SecurityMiddleware")
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:before], PROBES, *settings.MIDDLEWARE[before:]]
    settings.REGISTRY_TRUSTED_PROXIES = ("127.0.0.1/32",)
    return settings


def asked(path: str, host: str = "registry.example", **more: Any):
    return Client(raise_request_exception=False).get(path, headers={"Host": host}, **more)


def test_scheme_when_a_proxy_says_https_then_answered_with_hsts(db, in_production):
    answer = asked("/tracks", HTTP_X_FORWARDED_PROTO="https")
    assert answer.status_code == 200
    assert answer["Strict-Transport-Security"] == "max-age=60"


def test_scheme_when_a_stranger_says_https_then_sent_to_https(db, in_production):
    answer = asked("/tracks", HTTP_X_FORWARDED_PROTO="https", REMOTE_ADDR="198.51.100.7")
    assert (answer.status_code, answer["Location"]) == (301, "https://registry.example/tracks")


@pytest.mark.parametrize("host", ["10.1.2.3", "10.1.2.3:8000", "[::1]:80", "no host at all"])
def test_probe_when_it_knows_no_name_and_no_tls_then_answered(db, in_production, host):
    answer = asked(HEALTH_PATH, host)
    assert answer.status_code == 200
    assert "Strict-Transport-Security" not in answer


@pytest.mark.parametrize("path", ["/health/components", "/tracks", "/healthy", "/health/"])
def test_probe_when_it_asks_for_more_then_refused(db, in_production, path):
    assert asked(path, "10.1.2.3", HTTP_X_FORWARDED_PROTO="https").status_code in (400, 404)
    assert asked(path).status_code == 301


def test_probe_when_it_writes_then_refused(db, in_production):
    answer = Client().post(HEALTH_PATH, headers={"Host": "10.1.2.3"}, secure=True)
    assert answer.status_code == 400


def test_order_when_the_settings_list_it_then_nothing_reads_a_header_before():
    assert django_settings.MIDDLEWARE[0] == "registry_site.forwarding.ForwardingMiddleware"


@pytest.mark.slow
def test_probes_when_their_host_is_looked_past_then_in_production_and_before_it_is_read():
    assert PROBES not in django_settings.MIDDLEWARE
    order = ast.literal_eval(shown("settings.MIDDLEWARE"))
    assert order.index(PROBES) < order.index("django.middleware.security.SecurityMiddleware")


@pytest.mark.slow
def test_hsts_when_set_then_for_so_long_and_for_this_host_alone():
    read = "settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS"
    assert shown(read) == "31536000 False"
    assert shown(read, REGISTRY_HSTS_SECONDS="3600") == "3600 False"
    assert shown("settings.SECURE_REDIRECT_EXEMPT") == f"['^{HEALTH_PATH[1:]}$']"
