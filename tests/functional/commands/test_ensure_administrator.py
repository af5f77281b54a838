import pytest
from django.core.management import call_command

from artifacts.models import DEFAULT_ADMIN_USERNAME, User
from artifacts.services.access.authentication import check_credentials

pytestmark = pytest.mark.django_db


def test_command_when_run_twice_then_one_administrator_with_the_configured_password(
    settings, capsys
):
    settings.REGISTRY_ADMIN_PASSWORD = "configured"
    for _ in range(2):
        call_command("ensure_administrator")
    user = check_credentials(username=DEFAULT_ADMIN_USERNAME, password="configured")
    assert list(User.objects.all()) == [user]
    assert user.is_admin
    assert "has an administrator" in capsys.readouterr().out
