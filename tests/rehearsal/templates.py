"""What moto's CloudFormation lacks of `deployment/alarms.yaml`: it leaves such resources out.

Each is made by the call that CloudFormation makes for it, on moto's own service.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from moto.awslambda.models import lambda_backends
from moto.cloudformation import parsing
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.common_models import CloudFormationModel
from moto.logs.models import logs_backends
from moto.sns.models import sns_backends

Properties = dict[str, Any]


class Resource(CloudFormationModel):
    """A resource that is known by its name; a change replaces it."""

    def __init__(self, name: str) -> None:
        self.physical_resource_id = name

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @classmethod
    def has_cfn_attr(cls, _attr: str) -> bool:
        return False

    @classmethod
    def create_from_cloudformation_json(  # type: ignore[override]  # moto gives them by position
        cls, name: str, template: Any, account_id: str, region_name: str, **_given: Any
    ) -> "Resource":
        return cls(cls.make(name, template["Properties"], account_id, region_name))

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: "Resource | None",
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> "Resource":
        # There was none while its condition did not hold.
        if original_resource is not None:
            cls.unmake(original_resource.physical_resource_id, account_id, region_name)
        return cls.create_from_cloudformation_json(
            new_resource_name, cloudformation_json, account_id, region_name
        )

    @classmethod
    def delete_from_cloudformation_json(
        cls, name: str, _template: Any, account_id: str, region_name: str
    ) -> None:
        cls.unmake(name, account_id, region_name)

    @classmethod
    def make(cls, name: str, given: Properties, account_id: str, region_name: str) -> str:
        raise NotImplementedError

    @classmethod
    def unmake(cls, name: str, account_id: str, region_name: str) -> None:
        raise NotImplementedError


class Alarm(Resource):
    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::CloudWatch::Alarm"

    @classmethod
    def make(cls, name: str, given: Properties, account_id: str, region_name: str) -> str:
        cloudwatch_backends[account_id][region_name].put_metric_alarm(
            name=given["AlarmName"],
            namespace=given["Namespace"],
            metric_name=given["MetricName"],
            comparison_operator=given["ComparisonOperator"],
            evaluation_periods=int(given["EvaluationPeriods"]),
            datapoints_to_alarm=int(given["DatapointsToAlarm"]),
            period=int(given["Period"]),
            threshold=float(given["Threshold"]),
            statistic=given.get("Statistic"),
            extended_statistic=given.get("ExtendedStatistic"),
            description=given["AlarmDescription"],
            dimensions=given.get("Dimensions", []),
            alarm_actions=given["AlarmActions"],
            ok_actions=given["OKActions"],
            treat_missing_data=given["TreatMissingData"],
        )
        return given["AlarmName"]

    @classmethod
    def unmake(cls, name: str, account_id: str, region_name: str) -> None:
        cloudwatch_backends[account_id][region_name].delete_alarms([name])


class MetricFilter(Resource):
    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Logs::MetricFilter"

    @classmethod
    def make(cls, name: str, given: Properties, account_id: str, region_name: str) -> str:
        logs = logs_backends[account_id][region_name]
        if given["LogGroupName"] not in logs.groups:
            raise LookupError(f"there is no log group {given['LogGroupName']}")
        # The stubs say `str`; moto keeps what it is given.
        wanted: Any = [
            {key[0].lower() + key[1:]: value for key, value in each.items()}
            for each in given["MetricTransformations"]
        ]
        logs.put_metric_filter(name, given["FilterPattern"], given["LogGroupName"], wanted)
        return name

    @classmethod
    def unmake(cls, name: str, account_id: str, region_name: str) -> None:
        logs = logs_backends[account_id][region_name]
        for found in logs.describe_metric_filters(prefix=name):
            logs.delete_metric_filter(name, found["logGroupName"])


class EventInvokeConfig(Resource):
    # Whether a function's role may send to a queue: Lambda takes no destination without that.
    may_leave: ClassVar[Callable[[str, str], bool]]

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Lambda::EventInvokeConfig"

    @classmethod
    def make(cls, name: str, given: Properties, account_id: str, region_name: str) -> str:
        queue = given["DestinationConfig"]["OnFailure"]["Destination"]
        if not cls.may_leave(given["FunctionName"], queue):
            raise PermissionError(f"the function's role may not call SendMessage on {queue}")
        lambda_backends[account_id][region_name].put_function_event_invoke_config(
            given["FunctionName"],
            {
                "MaximumRetryAttempts": int(given["MaximumRetryAttempts"]),
                "MaximumEventAgeInSeconds": int(given["MaximumEventAgeInSeconds"]),
                "DestinationConfig": given["DestinationConfig"],
            },
        )
        return given["FunctionName"]

    @classmethod
    def unmake(cls, name: str, account_id: str, region_name: str) -> None:
        lambda_backends[account_id][region_name].delete_function_event_invoke_config(name)


class Subscription(Resource):
    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::SNS::Subscription"

    @classmethod
    def make(cls, name: str, given: Properties, account_id: str, region_name: str) -> str:
        made = sns_backends[account_id][region_name].subscribe(
            given["TopicArn"], given["Endpoint"], given["Protocol"]
        )
        return made.arn

    @classmethod
    def unmake(cls, name: str, account_id: str, region_name: str) -> None:
        sns_backends[account_id][region_name].unsubscribe(name)


def know_what_alarms_are_made_of(*, may_leave: Callable[[str, str], bool]) -> None:
    """Let moto's CloudFormation make what is above.

    Args:
        may_leave: whether the role of a function may send to a queue, by name and ARN.
    """
    EventInvokeConfig.may_leave = staticmethod(may_leave)
    models = {
        model.cloudformation_type(): model
        for model in (Alarm, MetricFilter, EventInvokeConfig, Subscription)
    }
    parsing.get_model_list.cache_clear()
    parsing.get_model_map.cache_clear()
    parsing.get_name_type_map.cache_clear()
    # Only those that are made directly from moto's base are found by it.
    parsing.get_model_map().update(models)
