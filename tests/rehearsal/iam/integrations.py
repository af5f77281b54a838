"""A stack's integrations keep the role that they were given; moto forgets it.

Without it everything that API Gateway calls would seem to be called in its own name.
"""

from typing import Any

from moto.apigateway.models import Method

_create: Any = vars(Method)["create_from_cloudformation_json"].__func__


def _create_with_role(
    kind: Any, resource_name: str, cloudformation_json: dict[str, Any], *more: Any, **named: Any
) -> Any:
    method = _create(kind, resource_name, cloudformation_json, *more, **named)
    given = cloudformation_json["Properties"]["Integration"].get("Credentials")
    method.method_integration.credentials = given
    return method


def keep_roles_of_integrations() -> None:
    """Change moto, for as long as this process lives."""
    setattr(Method, "create_from_cloudformation_json", classmethod(_create_with_role))  # noqa: B010
