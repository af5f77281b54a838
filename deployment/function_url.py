"""Closes a gap that Zappa leaves when a function has its own URL (`function_url_enabled`).

Such a URL needs two permissions: to call the URL, and to call the function. Zappa grants the second
to everybody without restricting it to calls through the URL. Any AWS account could then invoke the
function directly, and an event of `zappa manage` runs any command.

zappa_settings.json names `narrow`.
"""

from __future__ import annotations

from typing import Any

# Zappa's own name for the permission, so that Zappa finds it and does not grant it again.
# Source: Zappa, `core.py`, FUNCTION_URL_PUBLIC_PERMISSION_RULES.
PERMISSION = "FunctionURLAllowPublicAccessInvoke"


def narrow(cli: Any) -> None:
    """After Zappa brought the function live: let the public call it only through its URL.

    Source: AWS Lambda Developer Guide, "Control access to Lambda function URLs".
    """
    if not cli.use_function_url or cli.function_url_config["authorizer"] != "NONE":
        return
    client = cli.zappa.lambda_client
    client.remove_permission(FunctionName=cli.lambda_name, StatementId=PERMISSION)
    client.add_permission(
        FunctionName=cli.lambda_name,
        StatementId=PERMISSION,
        Action="lambda:InvokeFunction",
        Principal="*",
        InvokedViaFunctionUrl=True,
    )
