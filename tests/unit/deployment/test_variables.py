import pytest

from deployment.steps import DeploymentFailed
from deployment.variables import function_environment
from registry_site.settings.variables import DEMANDED, DEMANDED_WITH_S3

EVERYTHING = dict.fromkeys((*DEMANDED, *DEMANDED_WITH_S3), "x")


def test_function_when_deployed_then_has_every_variable_that_production_demands_with_a_bucket():
    found = function_environment({**EVERYTHING, "HOME": "/root"}, {"REGISTRY_STORAGE": "s3"})
    assert found == {**EVERYTHING, "REGISTRY_STORAGE": "s3"}


def test_function_when_variables_are_missing_then_all_of_them_are_named():
    with pytest.raises(DeploymentFailed) as caught:
        function_environment({"SECRET_KEY": "x"}, {})
    for name in ("DATABASE_URL", "DJANGO_ALLOWED_HOSTS", "AWS_STORAGE_BUCKET_NAME"):
        assert name in caught.value.reason
