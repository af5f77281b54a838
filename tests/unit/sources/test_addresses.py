import socket

import pytest

from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.sources import addresses
from artifacts.sources.addresses import AddressRefused, is_public, resolve
from artifacts.sources.http import Client
from artifacts.sources.inquiry import Inquiry
from tests.fakes.loopback import json_reply


def answer_with(monkeypatch, *found: str) -> None:
    """Let every name resolve to these addresses."""
    infos = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in found]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_kwargs: infos)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "140.82.121.4", "2606:50c0:8000::154", "::ffff:8.8.8.8"],
    ids=["ipv4", "github", "ipv6", "mapped-public"],
)
def test_is_public_when_source_could_be_there_then_true(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("127.8.9.10", id="loopback-elsewhere"),
        pytest.param("0.0.0.0", id="this-host"),  # noqa: S104  (an address to refuse)
        pytest.param("10.0.0.1", id="private-10"),
        pytest.param("172.16.0.1", id="private-172"),
        pytest.param("192.168.1.1", id="private-192"),
        pytest.param("169.254.169.254", id="cloud-metadata"),
        pytest.param("100.64.0.1", id="carrier-grade-nat"),
        pytest.param("192.0.0.9", id="ietf-assignments"),
        pytest.param("192.0.2.1", id="documentation"),
        pytest.param("192.88.99.1", id="6to4-relay"),
        pytest.param("198.18.0.1", id="benchmarking"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("::1", id="ipv6-loopback"),
        pytest.param("::", id="ipv6-unspecified"),
        pytest.param("fe80::1%eth0", id="link-local-with-zone"),
        pytest.param("fec0::1", id="site-local"),
        pytest.param("fd00:ec2::254", id="cloud-metadata-ipv6"),
        pytest.param("ff02::1", id="ipv6-multicast"),
        pytest.param("2001:db8::1", id="ipv6-documentation"),
        pytest.param("3fff::1", id="ipv6-documentation-new"),
        pytest.param("::ffff:127.0.0.1", id="mapped-loopback"),
        pytest.param("::ffff:169.254.169.254", id="mapped-metadata"),
        pytest.param("::127.0.0.1", id="ipv4-compatible"),
        pytest.param("::ffff:0:127.0.0.1", id="ipv4-translated"),
        pytest.param("64:ff9b::7f00:1", id="nat64"),
        pytest.param("64:ff9b:1::7f00:1", id="nat64-local"),
        pytest.param("2002:7f00:1::", id="6to4-loopback"),
        pytest.param("2001:0:7f00:1::", id="teredo"),
        pytest.param("5f00::1", id="segment-routing"),
    ],
)
def test_is_public_when_address_leads_inside_then_false(address):
    assert not is_public(address)


def test_resolve_when_all_addresses_public_then_all_returned(monkeypatch):
    answer_with(monkeypatch, "8.8.8.8", "1.1.1.1")
    assert resolve("example.org", 443) == ["8.8.8.8", "1.1.1.1"]


@pytest.mark.parametrize(
    "found",
    [("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ()],
    ids=["private", "one-among-public-ones", "none"],
)
def test_resolve_when_any_address_unfit_then_refused(monkeypatch, found):
    answer_with(monkeypatch, *found)
    with pytest.raises(AddressRefused):
        resolve("example.org", 443)


@pytest.mark.parametrize(
    ("host", "port"), [("inside", 8080), ("INSIDE", 443)], ids=["other-port", "no-port"]
)
def test_resolve_when_settings_name_another_port_then_refused(monkeypatch, settings, host, port):
    settings.REGISTRY_PRIVATE_HOSTS = ("inside:9000",)
    answer_with(monkeypatch, "10.0.0.1")
    with pytest.raises(AddressRefused):
        resolve(host, port)


def test_resolve_when_settings_name_host_and_port_then_allowed(monkeypatch, settings):
    settings.REGISTRY_PRIVATE_HOSTS = ("inside:9000",)
    answer_with(monkeypatch, "10.0.0.1")
    assert resolve("Inside", 9000) == ["10.0.0.1"]


def test_get_when_name_leads_to_private_address_then_nothing_is_connected(monkeypatch, inquiry):
    answer_with(monkeypatch, "169.254.169.254")
    connected = []
    monkeypatch.setattr(addresses, "create_connection", lambda *args, **_: connected.append(args))
    with pytest.raises(SourceRefused, match="REGISTRY_PRIVATE_HOSTS"):
        Client("https://huggingface.co").get("/x", inquiry=inquiry)
    assert connected == []


def test_get_when_name_changes_between_check_and_connection_then_checked_address_used(
    monkeypatch, inquiry, pauses
):
    """DNS rebinding: a second look-up would answer another address, so there is none."""
    answer_with(monkeypatch, "8.8.8.8")
    connected = []

    def refuse(address, *_args, **_kwargs):
        connected.append(address)
        answer_with(monkeypatch, "127.0.0.1")
        raise ConnectionRefusedError

    monkeypatch.setattr(addresses, "create_connection", refuse)
    with pytest.raises(SourceRefused):
        # The second attempt looks the name up again, and checks it again.
        Client("https://huggingface.co").get("/x", inquiry=inquiry)
    assert connected == [("8.8.8.8", 443)]


def test_get_when_every_address_is_silent_then_they_share_the_time(monkeypatch, set_limits, pauses):
    answer_with(monkeypatch, *["8.8.8.8"] * 5)
    limits = []

    def time_out(_address, timeout_s, **_kwargs):
        limits.append(timeout_s)
        raise TimeoutError

    monkeypatch.setattr(addresses, "create_connection", time_out)
    set_limits(ATTEMPTS_MAX=1)
    with pytest.raises(SourceUnavailable, match=r"huggingface\.co does not answer"):
        Client("https://huggingface.co").get("/x", inquiry=Inquiry(30))
    assert limits == [pytest.approx(5 / 3)] * 3


def test_get_when_first_address_is_dead_then_the_next_is_tried(monkeypatch, server, inquiry):
    server.routes["/x"] = json_reply({"fine": True})

    def fail_first(address, *_args, **_kwargs):
        if address[0] == "127.0.0.9":
            raise ConnectionRefusedError
        connected = socket.socket()
        connected.connect(address)
        return connected

    monkeypatch.setattr(addresses, "resolve", lambda _host, _port: ["127.0.0.9", "127.0.0.1"])
    monkeypatch.setattr(addresses, "create_connection", fail_first)
    assert Client(server.url).get("/x", inquiry=inquiry).json() == {"fine": True}


def test_get_when_name_does_not_resolve_then_unavailable(monkeypatch, inquiry, pauses):
    def fail(*_args, **_kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", fail)
    with pytest.raises(SourceUnavailable, match=r"huggingface\.co does not answer"):
        Client("https://huggingface.co").get("/x", inquiry=inquiry)


def test_get_when_label_of_name_is_too_long_then_refused(inquiry):
    with pytest.raises(SourceRefused):
        Client(f"https://{'a' * 64}.org").get("/x", inquiry=inquiry)
