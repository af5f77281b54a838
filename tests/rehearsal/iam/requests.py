"""What a request to a service of AWS asks IAM for: actions and the ARNs that they are about.

Which operation a request is comes from Amazon's own descriptions of its services (botocore).

Source: Service Authorization Reference, by service; IAM User Guide, "Grant a user permissions to
pass a role to an AWS service".
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, quote

from botocore.loaders import Loader
from botocore.model import ServiceModel

from tests.rehearsal.iam import s3

# Where the name in a signature is not the name in an action.
PREFIXES = {"monitoring": "cloudwatch"}
MODELS = {"monitoring": "cloudwatch"}
OF_LAMBDA = {"Invoke": "InvokeFunction"}
# IAM lets everybody ask who he is, whatever his policies say.
ASKS_NOTHING = frozenset({("sts", "GetCallerIdentity")})
CREDENTIAL = re.compile(r"Credential=([^/,&]+)/\d{8}/([^/,&]+)/([^/,&]+)/aws4_request")
FUNCTION = re.compile(r"(?:arn:[^/]*?:)?(?:function:)?([\w-]+)(?::([\w$-]+))?")


class UnknownRequest(Exception):
    """No operation of the service is asked for so."""


@dataclass(frozen=True)
class Request:
    """A request as it came, with the signature's key, region and service."""

    key: str
    region: str
    service: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Asked:
    """One thing that a request asks for.

    Attributes:
        passed_to: the service that a role is handed to.
    """

    action: str
    resource: str
    passed_to: str = ""


def signer_of(headers: Mapping[str, str], query: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return key, region and service of a request's signature, in its headers or its address."""
    if "AWSAccessKeyId" in query:  # links of the older kind, which S3 takes still
        return query["AWSAccessKeyId"], "", "s3"
    signature = headers.get("authorization") or f"Credential={query.get('X-Amz-Credential', '')}"
    found = CREDENTIAL.search(signature)
    return (found[1], found[2], found[3]) if found else None


def asked(request: Request, account: str) -> tuple[str, list[Asked]]:
    """Return the operation that a request is, and all that it asks for.

    Raises:
        UnknownRequest: it is none that Amazon describes.
    """
    if request.service == "s3":
        found = s3.asked(request.method, request.path, request.query, request.headers, request.body)
        return "", [Asked(*each) for each in found]
    operation, given = _operation(request)
    if (request.service, operation) in ASKS_NOTHING:
        return operation, []
    base = f"{request.region}:{account}"
    if request.service == "apigateway":
        path = "/".join(quote(part, safe="") for part in request.path.strip("/").split("/"))
        resource = f"arn:aws:apigateway:{request.region}::/{path}"
        first = Asked(f"apigateway:{request.method}", resource)
    else:
        prefix = PREFIXES.get(request.service, request.service)
        name = OF_LAMBDA.get(operation, operation)
        first = Asked(f"{prefix}:{name}", _resource(request.service, given, base))
    return operation, [first, *_implied(request.service, operation, given, first.resource)]


def _resource(service: str, given: Mapping[str, Any], base: str) -> str:
    """Return the ARN that a request is about; `*` where its kind has none."""
    if service == "lambda" and (name := given.get("FunctionName") or given.get("Resource")):
        matched = FUNCTION.fullmatch(name)
        if matched is None:
            raise UnknownRequest(f"a function called {name}")
        version = matched[2] or given.get("Qualifier")
        return f"arn:aws:lambda:{base}:function:{matched[1]}" + (f":{version}" if version else "")
    if service == "events" and (name := given.get("Rule") or given.get("Name")):
        return f"arn:aws:events:{base}:rule/{name}"
    if service == "cloudformation" and (name := given.get("StackName")):
        return name if name.startswith("arn:") else f"arn:aws:cloudformation:{base}:stack/{name}/-"
    if service == "logs" and (name := given.get("logGroupName")):
        return f"arn:aws:logs:{base}:log-group:{name}"
    # The function names both by their ARNs, and no other way.
    kept = {"secretsmanager": "SecretId", "ssm": "Name"}.get(service, "")
    return str(given[kept]) if str(given.get(kept, "")).startswith("arn:") else "*"


def _implied(
    service: str, operation: str, given: Mapping[str, Any], resource: str
) -> Iterable[Asked]:
    """Yield what else has to be allowed: roles that are handed over, code that is fetched, tags."""
    if service == "lambda":
        yield from _implied_by_lambda(operation, given, resource)
    if service == "events":
        roles = {given.get("RoleArn"), *(each.get("RoleArn") for each in given.get("Targets", ()))}
        for role in sorted(filter(None, roles)):
            yield Asked("iam:PassRole", role, "events.amazonaws.com")
    if service == "apigateway" and given.get("credentials"):
        yield Asked("iam:PassRole", given["credentials"], "apigateway.amazonaws.com")
    if service == "cloudformation" and any(name.startswith("Tags.") for name in given):
        yield Asked("cloudformation:TagResource", resource)


def _implied_by_lambda(operation: str, given: Mapping[str, Any], resource: str) -> Iterable[Asked]:
    if role := given.get("Role"):
        yield Asked("iam:PassRole", role, "lambda.amazonaws.com")
    code = given.get("Code", {}) if operation == "CreateFunction" else given
    if "S3Bucket" in code:
        yield Asked("s3:GetObject", f"arn:aws:s3:::{code['S3Bucket']}/{code['S3Key']}")
    if operation == "CreateFunction" and given.get("Tags"):
        yield Asked("lambda:TagResource", resource)
    if given.get("VpcConfig", {}).get("SubnetIds"):
        for what in ("SecurityGroups", "Subnets", "Vpcs"):
            yield Asked(f"ec2:Describe{what}", "*")


def _operation(request: Request) -> tuple[str, dict[str, Any]]:
    """Return a request's operation and what it gives, the parts of its path included."""
    if target := request.headers.get("x-amz-target"):
        return target.rpartition(".")[2], json.loads(request.body or b"{}")
    found = re.fullmatch(r"/service/\w+/operation/(\w+)", request.path)
    if found:  # CBOR; the services that speak it here have no ARNs
        return found[1], {}
    is_form = request.headers.get("content-type", "").startswith("application/x-www-form")
    form = {n: v[0] for n, v in parse_qs(request.body.decode()).items()} if is_form else {}
    if action := form.get("Action") or request.query.get("Action"):
        return action, {**request.query, **form}
    for method, pattern, name in _routes(MODELS.get(request.service, request.service)):
        match = pattern.fullmatch(request.path.rstrip("/"))
        if match and method == request.method:
            body = json.loads(request.body) if request.body.startswith(b"{") else {}
            return name, {**body, **request.query, **match.groupdict()}
    raise UnknownRequest(f"{request.service}: {request.method} {request.path}")


@cache
def _routes(service: str) -> list[tuple[str, re.Pattern[str], str]]:
    """Return method, path and name of each operation, those with the fewest open parts first."""
    model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    routes = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path = http["requestUri"].partition("?")[0].rstrip("/")
        open_parts = re.sub(r"\\\{(\w+)(\\\+)?\\\}", _open_part, re.escape(path))
        routes.append((http["method"], re.compile(open_parts), name))
    return sorted(routes, key=lambda route: (route[1].groups, -len(route[1].pattern)))


def _open_part(part: re.Match[str]) -> str:
    """Return what an open part of a path may be; only ARNs hold slashes."""
    holds_slashes = part[2] or part[1].lower() in {"resource", "resourcearn"}
    return f"(?P<{part[1]}>{'.+' if holds_slashes else '[^/]+'})"
