"""The operator's shell, and what stands around it, without a checkout."""

import os
import re
import subprocess
from fnmatch import fnmatch

import pytest

from tests.rehearsal import deployer as deployers
from tests.rehearsal.cloud import FOREIGN
from tests.rehearsal.deployer import TOOLS_MADE_OF, CommandFailed, Deployer
from tests.rehearsal.practice import exports
from tests.rehearsal.world import ROOT


@pytest.fixture
def operator(tmp_path):
    """Whoever gives commands, in an empty folder."""
    operator = Deployer.__new__(Deployer)
    operator.folder, operator.log = tmp_path / "checkout", tmp_path / "checkout.log"
    operator.programs = tmp_path / "bin"
    operator.folder.mkdir()
    operator.become({"PATH": os.environ["PATH"], "GREETING": "good day"})
    return operator


def test_give_when_something_is_exported_then_the_next_line_has_it(operator):
    operator.give("export A='two\nlines' B=$GREETING; C=private")
    assert operator.give('echo "$A|$B|$C"') == "two\nlines|good day|\n"


def test_give_when_somebody_else_goes_on_then_nothing_is_left_of_the_first(operator):
    operator.give("export A=1")
    operator.become({"PATH": os.environ["PATH"]})
    assert operator.give('echo "$A$GREETING"') == "\n"


@pytest.mark.parametrize("line", ["false", "exit 3", "false | true", "no-such-program"])
def test_give_when_a_line_fails_then_it_is_named(operator, line):
    with pytest.raises(CommandFailed, match=line.split(" |")[0]):
        operator.give(line)


def test_give_when_a_failure_is_expected_then_what_it_said(operator):
    assert operator.give("echo no; exit 2", expect=2) == "no\n"
    with pytest.raises(CommandFailed):
        operator.give("true", expect=2)


def test_give_when_a_command_fails_inside_the_function_then_noticed(operator):
    with pytest.raises(CommandFailed, match="zappa manage"):
        operator.give("echo Traceback # .venv-deploy/bin/zappa manage production x")


def test_tools_when_made_of_something_then_a_checkout_takes_that_for_old():
    # Or `make` would make them anew, through a link, in the tree that the checkout is of.
    rules = re.findall(r"\.stamp: (.*)", (ROOT / "Makefile").read_text())
    made_of = {word for rule in rules for word in rule.split() if "$" not in word}
    assert len(made_of) > 3
    assert [word for word in made_of if not any(fnmatch(word, old) for old in TOOLS_MADE_OF)] == []


def test_aws_when_the_operator_calls_it_then_at_the_address_of_this_cloud(operator, tmp_path):
    program = tmp_path / "venv/bin/aws"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$@"\n')
    program.chmod(0o755)
    deployers._write_aws(operator.programs, tmp_path / "venv")
    operator.give("export AWS_ENDPOINT_URL=http://127.0.0.1:1")
    said = operator.give('aws rds describe-db-instances --query "a b"')
    assert said == "--endpoint-url http://127.0.0.1:1 rds describe-db-instances --query a b\n"


def test_exports_when_sourced_then_a_shell_is_in_this_cloud_and_no_other(operator, tmp_path):
    operator.environment |= {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "ODD": 'it\'s "one"'}
    (tmp_path / "operator.env").write_text(exports(operator.environment))
    strange = dict.fromkeys(FOREIGN, "elsewhere")
    done = subprocess.run(
        ["/bin/bash", "-c", f"source {tmp_path}/operator.env; env"],
        env={"PATH": os.environ["PATH"], **strange},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert "AWS_ENDPOINT_URL=http://127.0.0.1:1" in lines
    assert 'ODD=it\'s "one"' in lines
    assert not [line for line in lines if line.endswith("=elsewhere")]
