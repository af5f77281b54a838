import pytest
from django.core.management import CommandError, call_command


@pytest.mark.parametrize("options", [[], ["--record", "registry/people/none.json"]])
def test_command_when_there_is_no_record_then_fails_with_a_sentence(db, options):
    with pytest.raises(CommandError, match="no record of people"):
        call_command("restore_people", *options)
