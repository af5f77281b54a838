"""Who asks, by which policies he is judged, and what AWS tells him when they do not let him.

Callers are known by the key of their signature. A key that nobody has named belongs to the account
itself, which may do anything and is not written down.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from moto.core.models import DEFAULT_ACCOUNT_ID

from tests.rehearsal.iam import documents, requests, s3, stacks
from tests.rehearsal.iam.ledger import Ledger
from tests.rehearsal.iam.policies import Call, Policy, Verdict, judge
from tests.rehearsal.iam.requests import Asked, Request

LAMBDA, GATEWAY, EVENTS = "lambda.amazonaws.com", "apigateway.amazonaws.com", "events.amazonaws.com"
WORDS = {LAMBDA: "lambda", GATEWAY: "gateway", EVENTS: "events"}
# Services that answer in XML, and call what is refused AccessDenied.
IN_XML = frozenset({"cloudformation", "iam", "s3", "sts"})
# Somebody on the Internet whom AWS does not know.
STRANGER = "anonymous"


@dataclass(frozen=True)
class Refusal:
    """What AWS answers in the place of doing it."""

    status: int
    kind: str
    text: str
    service: str = ""

    @property
    def in_xml(self) -> bool:
        return self.service in IN_XML


class Guard:
    """Judges requests, and what services do for somebody."""

    def __init__(self, region: str) -> None:
        self.region = region
        self.ledger = Ledger()
        # By the key of a signature: the word for who it is, and the ARN.
        self.callers: dict[str, tuple[str, str]] = {}
        # By a bucket's name. moto would judge them as well, but without their conditions.
        self.of_buckets: dict[str, Policy] = {}

    # -------------------------------------------------------------- requests

    def judges(self, headers: Mapping[str, str], query: Mapping[str, str]) -> bool:
        """Say whether a request is of somebody whom policies bind."""
        signer = requests.signer_of(headers, query)
        return signer is not None and signer[0] in self.callers

    def look(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Refusal | None:
        """Judge a request of somebody whom policies bind.

        Args:
            target: path and query, still encoded.
            headers: their names in small letters.
            body: may be empty for S3's single objects.
        """
        path, _, words = target.partition("?")
        pairs = parse_qs(words, keep_blank_values=True)
        query = {name: values[-1] for name, values in pairs.items()}
        signer = requests.signer_of(headers, query)
        if signer is None:
            raise ValueError("a request without a signature is nobody's")
        key, region, service = signer
        request = Request(key, region, service, method, unquote(path), query, headers, body)
        who, arn = self.callers[key]
        try:
            operation, asked = requests.asked(request, DEFAULT_ACCOUNT_ID)
            asked += self._by_cloudformation(request, operation)
        except (requests.UnknownRequest, s3.UnknownRequest, stacks.UnknownResource) as error:
            call = Call(arn, f"{service}:unknown", str(error))
            self.ledger.write(who, call, (), Verdict(False))
            return Refusal(501, "NotImplemented", f"the rehearsal does not know: {error}", service)
        for each in asked:
            if not self._may(who, arn, each):
                return Refusal(
                    403,
                    "AccessDenied" if service in IN_XML else "AccessDeniedException",
                    f"User: {arn} is not authorized to perform: {each.action}"
                    f" on resource: {each.resource}",
                    service,
                )
        return self._untrusted(operation, asked)

    def _may(self, who: str, arn: str, asked: Asked) -> bool:
        context = {
            "aws:principalarn": arn,
            "aws:principalaccount": arn.split(":")[4],
            # The wire is plain on this machine only; addresses of AWS are https.
            "aws:securetransport": "true",
        }
        if asked.passed_to:
            context["iam:passedtoservice"] = asked.passed_to
        call = Call(arn, asked.action, asked.resource, tuple(sorted(context.items())))
        return self._decide(who, call, [*documents.of_caller(arn), *self._of_resource(call)])

    def _of_resource(self, call: Call) -> Iterable[Policy]:
        kind = call.resource.split(":")[2:3]
        if kind == ["s3"]:
            bucket = call.resource.rpartition(":")[2].partition("/")[0]
            if bucket in self.of_buckets:
                yield self.of_buckets[bucket]
        if kind == ["lambda"]:
            yield from documents.of_function(call.resource)

    def _decide(self, who: str, call: Call, policies: Iterable[Policy]) -> bool:
        those = tuple(policies)
        verdict = judge(call, those)
        self.ledger.write(who, call, those, verdict)
        return verdict.allowed

    def _by_cloudformation(self, request: Request, operation: str) -> list[Asked]:
        """Return what CloudFormation will do with its caller's rights."""
        if request.service != "cloudformation" or operation not in stacks.BY_COMMAND:
            return []
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        former = documents.template_of(form["StackName"], request.region)
        if operation == "DeleteStack":
            return [Asked(*each) for each in stacks.asked(operation, former, request.region)]
        first: list[Asked] = []
        text = form.get("TemplateBody", "")
        if not text:
            bucket, _, key = urlsplit(form["TemplateURL"]).path.removeprefix("/").partition("/")
            first = [Asked("s3:GetObject", f"arn:aws:s3:::{bucket}/{key}")]
            text = documents.object_in(bucket, key).decode()
        template: dict[str, Any] = json.loads(text)
        if template["Resources"] == former["Resources"]:
            return first
        found = stacks.asked(operation, template, request.region)
        handed = sorted(stacks.roles_handed_over(template))
        passed = [Asked("iam:PassRole", role, GATEWAY) for role in handed]
        return [*first, *(Asked(*each) for each in found), *passed]

    def _untrusted(self, operation: str, asked: Iterable[Asked]) -> Refusal | None:
        """Refuse roles that are handed to a service which they do not trust.

        API Gateway does not look at that before it calls; then it is too late (`gateway_may`).
        """
        for each in asked:
            if each.passed_to == LAMBDA and not self.takes_on(LAMBDA, each.resource):
                text = "The role defined for the function cannot be assumed by Lambda."
                return Refusal(400, "InvalidParameterValueException", text)
            if each.passed_to == EVENTS and not self.takes_on(EVENTS, each.resource):
                text = f"Provided role '{each.resource}' cannot be assumed by principal '{EVENTS}'."
                return Refusal(400, "ValidationException", text)
        return None

    # -------------------------------------------------------------- services

    def takes_on(self, service: str, role: str) -> bool:
        """Say whether a service may take a role on."""
        call = Call(service, "sts:AssumeRole", role)
        return self._decide(WORDS[service], call, documents.of_trust(role))

    def gateway_may(self, integrations: Iterable[tuple[str | None, str]]) -> bool:
        """Say whether API Gateway may call what its integrations name.

        Args:
            integrations: the role that each was given, and the address of its function.
        """
        for role, address in integrations:
            arn = address.partition("/functions/")[2].removesuffix("/invocations")
            if role is not None and not self.takes_on(GATEWAY, role):
                return False
            call = Call(role or GATEWAY, "lambda:InvokeFunction", arn)
            own = documents.of_caller(role) if role else ()
            if not self._decide("gateway", call, [*own, *documents.of_function(arn)]):
                return False
        return True

    def events_may(self, rule: str, function: str) -> bool:
        """Say whether EventBridge may call a rule's target, which lies with the function itself."""
        context = (("aws:sourceaccount", DEFAULT_ACCOUNT_ID), ("aws:sourcearn", rule))
        call = Call(EVENTS, "lambda:InvokeFunction", function, context)
        return self._decide("events", call, documents.of_function(function))

    def strangers_may(self, function: str, *, by_url: bool) -> bool:
        """Say whether anybody may call a function, by its address or as a call of Lambda."""
        if not by_url:
            call = Call(STRANGER, "lambda:InvokeFunction", function)
            return judge(call, documents.of_function(function)).allowed
        through = (("lambda:functionurlauthtype", "NONE"), ("lambda:invokedviafunctionurl", "true"))
        return all(
            self._decide(
                "stranger",
                Call(STRANGER, action, function, through),
                documents.of_function(function),
            )
            for action in ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction")
        )

    def leave_events(self, function: str, queue: str) -> bool:
        """Say whether a function's role may leave events in a queue; Lambda asks beforehand."""
        return self._may(
            "function", documents.role_of(function, self.region), Asked("sqs:SendMessage", queue)
        )

    def write_logs(self, function: str) -> None:
        """Judge what Lambda does with the function's role to keep its log."""
        role = documents.role_of(function, self.region)
        group = f"arn:aws:logs:{self.region}:{DEFAULT_ACCOUNT_ID}:log-group:/aws/lambda/{function}"
        for action, resource in (
            ("CreateLogGroup", group),
            ("CreateLogStream", f"{group}:log-stream:2026"),
            ("PutLogEvents", f"{group}:log-stream:2026"),
        ):
            self._may("function", role, Asked(f"logs:{action}", resource))
