"""An address of the function's own opens the function to nobody who does not use it."""

from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from deployment.function_url import PERMISSION, narrow


def cli_of(client, *, is_used, authorizer="NONE"):
    return SimpleNamespace(
        use_function_url=is_used,
        function_url_config={"authorizer": authorizer},
        lambda_name="registry-dev",
        zappa=SimpleNamespace(lambda_client=client),
    )


def test_permission_when_the_address_is_public_then_it_is_given_for_the_address_only():
    client = Mock()
    narrow(cli_of(client, is_used=True))
    removal, addition = client.method_calls
    assert removal.kwargs == {"FunctionName": "registry-dev", "StatementId": PERMISSION}
    assert (removal[0], addition[0]) == ("remove_permission", "add_permission")
    assert addition.kwargs["InvokedViaFunctionUrl"] is True
    assert addition.kwargs["StatementId"] == PERMISSION


@pytest.mark.parametrize(
    "settings", [{"is_used": False}, {"is_used": True, "authorizer": "AWS_IAM"}]
)
def test_permission_when_no_address_is_public_then_nothing_is_asked(settings):
    client = Mock()
    narrow(cli_of(client, **settings))
    assert client.method_calls == []
