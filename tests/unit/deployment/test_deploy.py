"""What goes live stays only when it works; what fails leaves what was there before."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from deployment import deploy, rollback
from deployment.release import Release
from deployment.rollback import roll_back
from deployment.steps import DeploymentFailed, Steps
from tests.unit.deployment.fake_stage import FakeStage, built, fail

FIRST, SECOND, THIRD = (Release(version=f"0.{n}.0", commit=f"c{n}") for n in (1, 2, 3))


@pytest.fixture
def world(monkeypatch, tmp_path):
    """Nothing is built or migrated; `accepted` holds the releases that pass the smoke test."""
    accepted = [FIRST, SECOND, THIRD]
    monkeypatch.setenv("REGISTRY_SMOKE_PASSWORD", "a-long-password-1")
    monkeypatch.setattr(deploy, "BUILD", tmp_path)
    monkeypatch.setattr(deploy, "check_migrations", lambda: None)
    monkeypatch.setattr(deploy, "build", built)
    monkeypatch.setattr(deploy, "migrate", lambda *_: None)

    def smoke(stage, *, url, expected, steps):
        live = stage.function.live
        if live != expected or live not in accepted:
            raise DeploymentFailed(f"{live} does not work.", "Look at the log.")

    for module in (deploy, rollback):
        monkeypatch.setattr(module, "smoke_live", smoke)
    return accepted


def bring(stage):
    return deploy.deploy(stage, url="", steps=Steps())


def test_deploy_when_the_stage_is_new_then_zappa_deploys(world, tmp_path):
    stage: Any = FakeStage(new=FIRST)
    assert bring(stage) == FIRST
    assert stage.commands == [f"deploy --zip {tmp_path / 'dev.zip'}"]


def test_deploy_when_the_stage_is_there_then_zappa_updates(world, tmp_path):
    stage: Any = FakeStage(FIRST, new=SECOND)
    assert bring(stage) == SECOND
    assert stage.commands == [f"update --zip {tmp_path / 'dev.zip'}"]
    assert stage.function.live == SECOND
    assert stage.published == {"WORD": "new"}


@pytest.mark.parametrize("status", [403, 404])
def test_deploy_when_the_bucket_for_packages_cannot_be_used_then_nothing_was_begun(
    world, monkeypatch, status
):
    def refuse() -> None:
        answer: Any = {"ResponseMetadata": {"HTTPStatusCode": status}}
        raise ClientError(answer, "HeadBucket")

    migrated = []
    monkeypatch.setattr(deploy, "migrate", lambda *given: migrated.append(given))
    stage: Any = FakeStage(FIRST, new=SECOND)
    stage.faults["head_bucket"] = refuse
    with pytest.raises(DeploymentFailed, match=rf"bucket packages .*answer {status}") as caught:
        bring(stage)
    assert "REGISTRY_DEPLOYMENT_BUCKET" in caught.value.advice
    assert stage.commands == migrated == []


def test_deploy_when_programs_would_not_be_confined_then_what_is_live_is_untouched(world):
    stage: Any = FakeStage(FIRST, new=SECOND)
    stage.faults["programs"] = fail("The function does not confine programs.")
    with pytest.raises(DeploymentFailed, match="does not confine"):
        bring(stage)
    assert stage.commands == []
    assert stage.function.live == FIRST


def test_variables_when_given_no_more_then_they_are_named():
    former = {"Environment": {"Variables": {"A": "1", "B": "2"}}}
    assert deploy.removed_variables(former, {"B": "3"}) == ["A"]
    assert deploy.removed_variables({}, {}) == deploy.removed_variables(None, {}) == []


def test_deploy_when_the_release_does_not_work_then_the_former_answers_with_its_variables(world):
    stage: Any = FakeStage(FIRST, new=SECOND)
    world.remove(SECOND)
    with pytest.raises(DeploymentFailed) as caught:
        bring(stage)
    assert stage.function.live == FIRST
    assert stage.function.environment == stage.published == {"WORD": "old"}
    assert "release 0.2.0 (c2) does not work" in caught.value.reason
    assert "release 0.1.0 (c1) is back and answers" in caught.value.reason


def test_deploy_when_two_in_a_row_do_not_work_then_the_last_good_one_answers(world):
    stage: Any = FakeStage(FIRST, new=SECOND)
    world[:] = [FIRST]
    for release in (SECOND, THIRD):
        stage.new = release
        with pytest.raises(DeploymentFailed, match="is back and answers"):
            bring(stage)
        assert stage.function.live == FIRST


def test_deploy_when_a_release_was_rejected_then_nobody_can_be_rolled_back_to_it(world):
    stage: Any = FakeStage(FIRST, SECOND, new=THIRD)
    world.remove(THIRD)
    with pytest.raises(DeploymentFailed):
        bring(stage)
    assert [release for _, release in stage.function.versions] == [SECOND, FIRST]
    assert roll_back(stage, back=1, url="", steps=Steps()) == FIRST


def test_deploy_when_the_first_release_does_not_work_then_it_says_that_there_is_nothing_before(
    world,
):
    stage: Any = FakeStage(new=FIRST)
    world.clear()
    with pytest.raises(DeploymentFailed, match="no release to roll back to") as caught:
        bring(stage)
    assert "zappa undeploy dev" in caught.value.advice
    assert [command.split()[0] for command in stage.commands] == ["deploy"]


def test_deploy_when_zappa_fails_after_the_code_is_live_then_it_is_rolled_back(world):
    stage: Any = FakeStage(FIRST, new=SECOND)
    stage.faults["update"] = fail("touch answered 502", after=stage.go_live)
    with pytest.raises(DeploymentFailed, match="touch answered 502"):
        bring(stage)
    assert stage.function.live == FIRST


def test_deploy_when_zappa_fails_before_the_code_is_live_then_no_code_is_touched(world):
    stage: Any = FakeStage(FIRST, new=SECOND)
    stage.faults["update"] = fail("no such bucket")
    with pytest.raises(DeploymentFailed, match="no such bucket"):
        bring(stage)
    assert [command.split()[0] for command in stage.commands] == ["update"]
    assert stage.function.live == FIRST


def interrupted(stage):
    def act():
        stage.go_live()
        raise KeyboardInterrupt

    return act


def unreachable(stage):
    def act():
        stage.go_live()
        raise EndpointConnectionError(endpoint_url="https://lambda")

    return act


@pytest.mark.parametrize("fault", [interrupted, unreachable])
def test_deploy_when_it_is_cut_off_half_way_then_it_is_rolled_back(world, fault):
    stage: Any = FakeStage(FIRST, new=SECOND)
    stage.faults["update"] = fault(stage)
    with pytest.raises(DeploymentFailed):
        bring(stage)
    assert stage.function.live == FIRST


def test_deploy_when_the_migration_fails_then_nothing_goes_live(world, monkeypatch):
    stage: Any = FakeStage(FIRST, new=SECOND)
    monkeypatch.setattr(deploy, "migrate", lambda *_: fail("column exists")())
    with pytest.raises(DeploymentFailed, match="column exists"):
        bring(stage)
    assert stage.commands == []


def test_deploy_when_nobody_can_sign_in_for_the_test_then_nothing_is_built(world, monkeypatch):
    monkeypatch.delenv("REGISTRY_SMOKE_PASSWORD")
    stage: Any = FakeStage(FIRST, new=SECOND)
    monkeypatch.setattr(deploy, "build", lambda *_: pytest.fail("It was built."))
    with pytest.raises(DeploymentFailed, match="no password to sign in with"):
        bring(stage)
    with pytest.raises(DeploymentFailed, match="no password to sign in with"):
        roll_back(stage, back=1, url="", steps=Steps())
    assert stage.commands == []


def test_deploy_when_migrations_take_something_away_then_nothing_is_built(world, monkeypatch):
    stage: Any = FakeStage(FIRST, new=SECOND)
    monkeypatch.setattr(deploy, "check_migrations", fail("RemoveField"))
    monkeypatch.setattr(deploy, "build", lambda *_: pytest.fail("It was built."))
    with pytest.raises(DeploymentFailed, match="RemoveField"):
        bring(stage)


def test_deploy_when_zappa_rolls_back_nothing_and_says_done_then_it_is_found_out(world):
    stage: Any = FakeStage(FIRST, new=SECOND)
    world.remove(SECOND)
    stage.faults["rollback"] = lambda: None
    with pytest.raises(DeploymentFailed) as caught:
        bring(stage)
    assert "The rollback failed too" in caught.value.reason
    assert "is not live" in caught.value.reason
    assert "release 0.2.0 (c2) does not work" in caught.value.reason


def test_deploy_when_the_former_release_fails_as_well_then_both_failures_are_told(world):
    stage: Any = FakeStage(FIRST, new=SECOND)
    world.clear()
    with pytest.raises(DeploymentFailed) as caught:
        bring(stage)
    assert "release 0.2.0 (c2) does not work" in caught.value.reason
    assert "The rollback failed too: release 0.1.0 (c1) does not work" in caught.value.reason


def test_deploy_when_the_former_code_is_in_no_version_then_it_says_how_to_bring_it_back(world):
    stage: Any = FakeStage(FIRST, new=SECOND)
    stage.function.versions.clear()
    world.remove(SECOND)
    with pytest.raises(DeploymentFailed, match="in no published version") as caught:
        bring(stage)
    assert "git checkout" in caught.value.advice


# ------------------------------------------------------------------ by hand


def test_rollback_when_asked_for_two_back_then_that_one_answers(world):
    stage: Any = FakeStage(FIRST, SECOND, THIRD, new=THIRD)
    assert roll_back(stage, back=2, url="", steps=Steps()) == FIRST
    assert stage.function.live == FIRST


@pytest.mark.parametrize("back", [0, -1, 2, 30])
def test_rollback_when_there_is_no_such_version_then_zappa_is_not_asked(world, back):
    stage: Any = FakeStage(FIRST, SECOND, new=SECOND)
    with pytest.raises(DeploymentFailed):
        roll_back(stage, back=back, url="", steps=Steps())
    assert stage.commands == []


def test_rollback_when_zappa_does_nothing_and_says_done_then_it_is_found_out(world):
    stage: Any = FakeStage(FIRST, SECOND, new=SECOND)
    stage.faults["rollback"] = lambda: None
    with pytest.raises(DeploymentFailed, match="version 1 is not live"):
        roll_back(stage, back=1, url="", steps=Steps())


def test_rollback_when_the_older_release_does_not_work_then_it_says_so(world):
    stage: Any = FakeStage(FIRST, SECOND, new=SECOND)
    world.remove(FIRST)
    with pytest.raises(DeploymentFailed, match="does not work"):
        roll_back(stage, back=1, url="", steps=Steps())


# ------------------------------------------------------------------ the check of the migrations


@pytest.mark.slow
def test_check_migrations_when_they_only_add_then_it_passes():
    deploy.check_migrations()


def test_check_migrations_when_the_check_fails_then_its_words_are_told(monkeypatch):
    monkeypatch.setattr(deploy, "_CHECKED_BY", "no_such_module")
    with pytest.raises(DeploymentFailed, match="no_such_module"):
        deploy.check_migrations()
