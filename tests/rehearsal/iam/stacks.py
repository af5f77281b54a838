"""What CloudFormation asks IAM for while it works on a stack: it acts with its caller's rights.

Source: the permissions of each resource type's handlers in the CloudFormation registry; API
Gateway Developer Guide, "Control access to a REST API with IAM permissions".
"""

from typing import Any

# By resource type: what is done when one comes, changes and goes. `{}` stands for ids that nobody
# knows before.
OF_RESOURCES = {
    "AWS::ApiGateway::RestApi": {
        "create": (("POST", "restapis"), ("GET", "restapis/{}"), ("PUT", "tags/{}")),
        "update": (("GET", "restapis/{}"), ("PATCH", "restapis/{}")),
        "delete": (("DELETE", "restapis/{}"),),
    },
    "AWS::ApiGateway::Resource": {
        "create": (("POST", "restapis/{}/resources/{}"), ("GET", "restapis/{}/resources")),
        "update": (("GET", "restapis/{}/resources/{}"), ("PATCH", "restapis/{}/resources/{}")),
        "delete": (("DELETE", "restapis/{}/resources/{}"),),
    },
    "AWS::ApiGateway::Method": {
        "create": (
            ("PUT", "restapis/{}/resources/{}/methods/ANY"),
            ("PUT", "restapis/{}/resources/{}/methods/ANY/integration"),
            ("GET", "restapis/{}/resources/{}/methods/ANY"),
        ),
        "update": (
            ("GET", "restapis/{}/resources/{}/methods/ANY"),
            ("PUT", "restapis/{}/resources/{}/methods/ANY"),
            ("PUT", "restapis/{}/resources/{}/methods/ANY/integration"),
        ),
        "delete": (("DELETE", "restapis/{}/resources/{}/methods/ANY"),),
    },
}
BY_COMMAND = {"CreateStack": "create", "UpdateStack": "update", "DeleteStack": "delete"}


class UnknownResource(Exception):
    """A stack holds something whose calls stand nowhere here."""


def asked(operation: str, template: dict[str, Any], region: str) -> list[tuple[str, str]]:
    """Return the actions that an operation on a stack leads to, and their resources."""
    found: dict[tuple[str, str], None] = {}
    for name, resource in template["Resources"].items():
        if resource["Type"] not in OF_RESOURCES:
            raise UnknownResource(f"{name} is {resource['Type']}: add it to {__name__}")
        for method, path in OF_RESOURCES[resource["Type"]][BY_COMMAND[operation]]:
            arn = f"arn:aws:apigateway:{region}::/{path.replace('{}', 'of-the-stack')}"
            found[f"apigateway:{method}", arn] = None
    return list(found)


def roles_handed_over(template: dict[str, Any]) -> set[str]:
    """Return the roles that a stack gives to API Gateway."""
    integrations = (
        resource["Properties"].get("Integration") or {}
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ApiGateway::Method"
    )
    return {each["Credentials"] for each in integrations if "Credentials" in each}
