import subprocess
import sys

from django.core.files.storage import storages
from django.test import override_settings

from artifacts.storage.local import LocalStore
from artifacts.storage.store import get_store

S3 = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": "b", "access_key": "a", "secret_key": "s"},
    }
}


def test_get_store_when_asked_twice_is_one(bucket):
    assert get_store() is get_store()
    assert isinstance(get_store(), LocalStore)
    assert get_store().location == bucket


def test_get_store_when_settings_change_is_another():
    before = get_store()
    with override_settings(STORAGES=storages.backends | S3, REGISTRY_STORAGE="s3"):
        assert type(get_store()).__name__ == "S3Store"
        assert get_store().bucket == "b"
    assert type(get_store()) is type(before)


def test_local_start_when_a_store_is_made_never_loads_boto3():
    program = (
        "import django, sys; django.setup();"
        "from artifacts.storage.store import get_store; get_store();"
        "sys.exit('boto3' in sys.modules or 'botocore' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
