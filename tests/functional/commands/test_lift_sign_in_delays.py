import io

import pytest
from django.core.management import call_command

from artifacts.models import SignInTally

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("options", "lifted"),
    [
        ({}, {"ada", "otto", ""}),
        ({"name": "ADA"}, {"ada"}),
        ({"address": "192.0.2.1"}, {"ada", ""}),
        ({"name": "ada", "address": "192.0.2.2"}, set()),
    ],
)
def test_delays_when_lifted_then_those_that_were_named(options, lifted):
    for name, address in (("ada", "192.0.2.1"), ("otto", "192.0.2.2"), ("", "192.0.2.1")):
        SignInTally.objects.create(name=name, address=address, failures=9, forgiven_us=2**60)
    said = io.StringIO()
    call_command("lift_sign_in_delays", **options, stdout=said)
    found = set(SignInTally.objects.filter(forgiven_us=0).values_list("name", flat=True))
    assert found == lifted
    assert said.getvalue() == f"{len(lifted)} delays were lifted.\n"
