"""Lambda never gives a version's number again; moto counts the versions that are left.

So after one was deleted, as `zappa update` and our rollback do, moto would number the next one
like one that is there.
"""

from typing import Any

from moto.awslambda.models import LambdaStorage

_publish = LambdaStorage.publish_version


def _publish_with_a_new_number(storage: Any, name_or_arn: str, description: str = "") -> Any:
    function = storage.get_function_by_name_or_arn_forbid_qualifier(name_or_arn)
    versions = storage._functions[function.function_name]["versions"]
    # The newest is never deleted, so the highest number is always there.
    gaps = max((int(each.version) for each in versions), default=0) - len(versions)
    versions[:0] = [None] * gaps
    try:
        return _publish(storage, name_or_arn, description)
    finally:
        del versions[:gaps]


def number_versions_as_lambda_does() -> None:
    """Change moto, for as long as this process lives."""
    setattr(LambdaStorage, "publish_version", _publish_with_a_new_number)  # noqa: B010
