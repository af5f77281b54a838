"""The services' interfaces: moto, what it lacks for Zappa, and a Lambda that really runs code.

moto keeps functions, buckets, stacks, roles and rules. What is added here:

- GetFunction by `function:<name>:<version>`, with an address of that version's own code; moto
  fails at the first and has the newest code for every version. `zappa rollback` needs both.
- The list of function URLs, which every `zappa update` asks for.
- The media types of a REST API that are binary, which stand in the path of a patch.
- 201 for AddPermission, which Zappa takes for the only success.
- Invoke, on the instances of `functions.py`.
- Numbers of versions that are never given twice.
- Buckets that another server keeps: S3's requests for them are handed on to it.
- What the template of the alarms is made of.
- Lambda's limits on what is deployed, so that a package or an environment which AWS would refuse
  is refused here; and any runtime but the one that instances really have.
"""

import base64
import json
import logging
import os
import re
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, unquote

from moto.apigateway.models import apigateway_backends
from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.events.models import events_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from tests.rehearsal.functions import Functions, NoInstanceFree, NoSuchFunction
from tests.rehearsal.iam.guard import Guard
from tests.rehearsal.iam.integrations import keep_roles_of_integrations
from tests.rehearsal.instance import Deployment
from tests.rehearsal.lambda_limits import fault_of
from tests.rehearsal.s3_forwarding import App, asks_for_bucket
from tests.rehearsal.templates import know_what_alarms_are_made_of
from tests.rehearsal.version_numbers import number_versions_as_lambda_does
from tests.rehearsal.wsgi import (
    Environ,
    Start,
    guarded,
    is_policy_of_bucket,
    keep_policy,
    read_body,
    refuse,
    reply,
    tell,
    with_body,
)

REGION = "us-east-1"

FUNCTIONS = "/2015-03-31/functions"
# A name, a partial ARN (`function:name`) or an ARN, each with or without a version at its end.
FUNCTION = (
    r"(?:arn:aws:lambda:[^:/]+:\d+:)?(?:function:)?(?P<name>[\w-]+)(?::(?P<version>[\w$-]+))?"
)


class AwsServer:
    """Serves on a port of 127.0.0.1 from its making until `close`."""

    def __init__(self) -> None:
        number_versions_as_lambda_does()
        keep_roles_of_integrations()
        # The runbook attaches one of AWS's own policies.
        os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.functions: Functions | None = None
        self.guard = Guard(REGION)
        know_what_alarms_are_made_of(may_leave=self.guard.leave_events)
        # Events are answered 202 and forgotten, as if the service had lost them.
        self.loses_events = False
        self.lost_events = 0
        self.buckets_elsewhere: dict[str, App] = {}
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.server = make_server("127.0.0.1", 0, self, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.routes: tuple[tuple[str, str, Callable[..., Iterable[bytes]]], ...] = (
            ("GET", rf"/_code/{FUNCTION}", self.download_code),
            ("GET", rf"{FUNCTIONS}/{FUNCTION}/?", self.get_function),
            ("GET", rf"/2021-10-31/functions/{FUNCTION}/urls", self.list_function_urls),
            ("POST", rf"{FUNCTIONS}/{FUNCTION}/invocations/?", self.invoke),
            ("POST", rf"{FUNCTIONS}/{FUNCTION}/policy/?", self.add_permission),
            ("PATCH", r"/restapis/[\w-]+", self.change_rest_api),
            ("POST", rf"{FUNCTIONS}/?", self.checked),
            ("PUT", rf"{FUNCTIONS}/{FUNCTION}/(?:code|configuration)/?", self.checked),
        )
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer one request: ours, or moto's, unless who asks may not."""
        environ, refusal = guarded(environ, self.guard)
        if refusal is not None:
            return tell(start, refusal)
        if is_policy_of_bucket(environ):
            return keep_policy(environ, start, self.guard)
        # Clients that send no length send a body in chunks, which moto reads for itself.
        path = unquote(environ["PATH_INFO"])
        for method, pattern, answer in self.routes:
            match = re.fullmatch(pattern, path)
            if match and environ["REQUEST_METHOD"] == method:
                return answer(environ, start, **match.groupdict())
        elsewhere = self.buckets_elsewhere.get(asks_for_bucket(environ))
        if elsewhere is not None:
            return elsewhere(environ, start)
        return self.moto(environ, start)

    # -------------------------------------------------------------- Lambda

    def find(self, name: str, qualifier: str) -> tuple[Deployment, bytes] | None:
        """Return what is deployed under a name and a version, and its zip."""
        try:
            function = lambda_backends[DEFAULT_ACCOUNT_ID][REGION].get_function(
                name, None if qualifier in {"", "$LATEST"} else qualifier
            )
        except UnknownFunctionException:
            return None
        deployment = Deployment(
            name=name,
            version=str(function.version) if qualifier not in {"", "$LATEST"} else "$LATEST",
            arn=function.function_arn,
            handler=function.handler,
            timeout_s=float(function.timeout),
            memory_mb=int(function.memory_size),
            environment=tuple(sorted(function.environment_vars.items())),
            code_sha256=function.code_sha_256,
            runtime=function.run_time if function.run_time in self.functions.runtimes else "",
        )
        return deployment, function.code_bytes

    def download_code(self, environ: Environ, start: Start, name: str, version: str) -> list[bytes]:
        found = self.find(name, version)
        if found is None:
            return reply(start, 404, {})
        return reply(start, 200, found[1], {"Content-Type": "application/zip"})

    def get_function(
        self, environ: Environ, start: Start, name: str, version: str | None
    ) -> Iterable[bytes]:
        query = parse_qs(environ.get("QUERY_STRING", ""))
        version = version or query.get("Qualifier", [None])[0]
        target = f"{FUNCTIONS}/{name}", f"Qualifier={version}" if version else ""
        status, headers, body = self.ask_moto(environ, *target)
        if status.startswith("200"):
            answer = json.loads(body)
            found = f"{name}:{answer['Configuration']['Version']}"
            answer["Code"]["Location"] = f"{self.url}/_code/{found}"
            return reply(start, 200, answer)
        start(status, headers)
        return [body]

    def list_function_urls(
        self, environ: Environ, start: Start, name: str, version: str | None
    ) -> list[bytes]:
        function = lambda_backends[DEFAULT_ACCOUNT_ID][REGION].get_function(name)
        config = function.url_config
        return reply(start, 200, {"FunctionUrlConfigs": [config.to_dict()] if config else []})

    def add_permission(
        self, environ: Environ, start: Start, name: str, version: str | None
    ) -> Iterable[bytes]:
        def created(status: str, headers: Any, error: Any = None) -> Any:
            return start("201 Created" if status.startswith("200") else status, headers, error)

        return self.moto(environ, created)

    def invoke(self, environ: Environ, start: Start, name: str, version: str | None) -> list[bytes]:
        query = parse_qs(environ.get("QUERY_STRING", ""))
        qualifier = version or query.get("Qualifier", [""])[0]
        payload = read_body(environ) or b"{}"
        try:
            if environ.get("HTTP_X_AMZ_INVOCATION_TYPE") == "Event":
                if self.loses_events:
                    self.lost_events += 1
                else:
                    self.functions.invoke_later(name, qualifier, payload)
                return reply(start, 202, b"")
            outcome = self.functions.invoke(name, qualifier, payload)
        except NoSuchFunction as error:
            return refuse(start, 404, "ResourceNotFoundException", f"Function not found: {error}")
        except NoInstanceFree as error:
            return refuse(start, 429, "TooManyRequestsException", str(error))
        headers = {"X-Amz-Executed-Version": qualifier or "$LATEST"}
        if outcome.error:
            headers["X-Amz-Function-Error"] = outcome.error
        if environ.get("HTTP_X_AMZ_LOG_TYPE") == "Tail":
            headers["X-Amz-Log-Result"] = base64.b64encode(outcome.log).decode("ascii")
        return reply(start, 200, outcome.body, headers)

    def change_rest_api(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Let moto change a REST API, with each binary media type as a value, where it looks."""
        changes = json.loads(read_body(environ))
        for change in changes.get("patchOperations") or ():
            _, found, name = change["path"].partition("/binaryMediaTypes/")
            if found:
                change["value"] = name.replace("~1", "/").replace("~0", "~")
        return self.moto(with_body(environ, json.dumps(changes).encode()), start)

    def checked(self, environ: Environ, start: Start, **_names: str | None) -> Iterable[bytes]:
        """Let moto create or change a function, once Lambda's own limits are kept."""
        body = read_body(environ)
        fault = fault_of(json.loads(body or b"{}"), runtimes=self.functions.runtimes)
        if fault:
            return refuse(start, 400, "InvalidParameterValueException", fault)
        return self.moto(with_body(environ, body), start)

    def ask_moto(self, environ: Environ, path: str, query: str) -> tuple[str, Any, bytes]:
        target = f"{path}?{query}" if query else path
        changed = {
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "RAW_URI": target,
            "REQUEST_URI": target,
        }
        said: list[Any] = []

        def keep(status: str, headers: Any, error: Any = None) -> Any:
            said[:] = [status, headers]
            return lambda _data: None

        body = b"".join(self.moto(environ | changed, keep))
        return said[0], said[1], body

    # -------------------------------------------------------------- what else was deployed

    def rest_api(self, name: str) -> dict[str, Any] | None:
        """Return the REST API of a name: its id, stages, and whether bodies may be binary."""
        for api in apigateway_backends[DEFAULT_ACCOUNT_ID][REGION].apis.values():
            if api.name == name:
                return {
                    "id": api.id,
                    "stages": list(api.stages),
                    "takes_binary": "*/*" in (api.binaryMediaTypes or ()),
                }
        return None

    def integrations(self, name: str) -> set[tuple[str | None, str]]:
        """Return what the REST API of a name calls: the role it was given, and the address."""
        return {
            (method.method_integration.credentials, method.method_integration.uri)
            for api in apigateway_backends[DEFAULT_ACCOUNT_ID][REGION].apis.values()
            if api.name == name
            for resource in api.resources.values()
            for method in resource.resource_methods.values()
            if method.method_integration is not None
        }

    def has_function_url(self, name: str) -> bool:
        """Say whether a function has an address of its own."""
        functions = lambda_backends[DEFAULT_ACCOUNT_ID][REGION]
        try:
            return functions.get_function(name).url_config is not None
        except UnknownFunctionException:
            return False

    def rules(self) -> dict[str, list[dict[str, Any]]]:
        """Return the targets of each enabled rule of EventBridge that runs on a schedule."""
        backend = events_backends[DEFAULT_ACCOUNT_ID][REGION]
        rules = [rule for bus in backend.event_buses.values() for rule in bus.rules.values()]
        return {
            rule.arn: [dict(target) for target in rule.targets]
            for rule in rules
            if rule.scheduled_expression and rule.state == "ENABLED"
        }
