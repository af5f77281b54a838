"""A registry that cannot be reset says so at every door."""

import os
import subprocess
import sys

import pytest
from django.urls import reverse

from artifacts.models import User
from tests.clients import message_of

SENTENCE = "This registry cannot be reset"


@pytest.fixture(autouse=True)
def off(settings):
    settings.REGISTRY_RESET = "off"


def test_reset_when_off_then_an_administrator_gets_403_that_names_the_setting(admin_api):
    answer = admin_api.delete("/reset")
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "reset_off"
    assert "REGISTRY_RESET" in message_of(answer)
    assert User.objects.filter(username="ada").exists()


def test_reset_when_off_then_others_are_answered_as_ever(api, anonymous):
    assert api.delete("/reset").status_code == 401
    assert anonymous.delete("/reset").status_code == 403


def test_staff_site_when_off_then_no_button_and_no_form(client, administrator, settings):
    client.force_login(administrator)
    pages = ("admin:index", "admin:reset")
    said = [client.get(reverse(page)).content.decode() for page in pages]
    assert [SENTENCE in page for page in said] == [True, True]
    assert reverse("admin:reset") not in said[0]
    assert "<form" not in said[1].partition('id="content"')[2]
    settings.REGISTRY_RESET = "on"
    said = [client.get(reverse(page)).content.decode() for page in pages]
    assert [SENTENCE in page for page in said] == [False, False]
    assert "RESET to confirm" in said[1]


def test_staff_site_when_off_then_a_form_of_before_is_refused(client, administrator):
    client.force_login(administrator)
    answer = client.post(reverse("admin:reset"), {"confirmation": "RESET"})
    assert answer.status_code == 403
    assert User.objects.filter(username="ada").exists()


@pytest.mark.parametrize(("module", "default"), [("base", "off"), ("development", "on")])
def test_setting_when_not_given_then_off_but_where_the_registry_is_tried_out(module, default):
    environment = {k: v for k, v in os.environ.items() if k != "REGISTRY_RESET"}
    code = f"from registry_site.settings import {module} as s; print(s.REGISTRY_RESET)"
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == default
