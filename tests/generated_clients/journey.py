"""What somebody does with the generated client in Python. Run by its environment, not by ours."""

import io
import os
import time
import zipfile
from http import HTTPStatus

import httpx
from registry_client import AuthenticatedClient, Client
from registry_client.api.artifact import (
    artifact_by_reg_ex_get,
    artifact_cost,
    artifact_create,
    artifact_license_check,
    artifact_lineage_get,
    model_artifact_rate,
)
from registry_client.api.artifacts import artifact_download, artifact_retrieve, artifacts_list
from registry_client.api.authenticate import create_auth_token
from registry_client.api.health import registry_health_components, registry_health_heartbeat
from registry_client.models import (
    Artifact,
    ArtifactQuery,
    ArtifactTypeEnum,
    Authentication,
    Error,
    GivenUser,
    HealthComponents,
    HealthStatusEnum,
    HealthSummary,
    LicenseCheck,
    LineageGraph,
    ModelRating,
    RegEx,
    Registration,
    Secret,
)

URL = os.environ["REGISTRY_URL"]
PATIENCE_S = 60
MODEL = ArtifactTypeEnum.MODEL


def sign_in() -> AuthenticatedClient:
    signing = Authentication(
        GivenUser(os.environ["REGISTRY_USER"], is_admin=True),
        Secret(os.environ["REGISTRY_PASSWORD"]),
    )
    with Client(URL, raise_on_unexpected_status=True) as client:
        health = registry_health_heartbeat.sync(client=client)
        assert isinstance(health, HealthSummary)
        assert isinstance(health.status, HealthStatusEnum)
        assert isinstance(registry_health_components.sync(client=client), HealthComponents)
        token = create_auth_token.sync(client=client, body=signing)
        assert isinstance(token, str)
        signing.secret.password = "wrong"
        assert isinstance(create_auth_token.sync(client=client, body=signing), Error)
    return AuthenticatedClient(
        URL,
        token,
        prefix="",
        auth_header_name="X-Authorization",
        raise_on_unexpected_status=True,
    )


def register(client: AuthenticatedClient) -> str:
    source = Registration("https://huggingface.co/generated/python-client")
    made = artifact_create.sync(MODEL, client=client, body=source)
    assert isinstance(made, Artifact), made
    assert (made.metadata.type_, made.metadata.name) == (MODEL, "python-client")
    again = artifact_create.sync_detailed(MODEL, client=client, body=source)
    assert again.status_code == HTTPStatus.CONFLICT
    assert isinstance(again.parsed, Error)
    return made.metadata.id


def search(client: AuthenticatedClient, made: str) -> None:
    listed = artifacts_list.sync(client=client, body=[ArtifactQuery("*", types=[MODEL])])
    assert made in [each.id for each in listed]
    found = artifact_by_reg_ex_get.sync(client=client, body=RegEx("^python-cl"))
    assert [each.id for each in found] == [made]
    read = artifact_retrieve.sync(MODEL, made, client=client)
    assert isinstance(read, Artifact)
    assert read.data.download_url.startswith(URL)
    costs = artifact_cost.sync(MODEL, made, client=client)
    assert costs[made].total_cost > 0
    lineage = artifact_lineage_get.sync(made, client=client)
    assert isinstance(lineage, LineageGraph)
    assert made in [each.artifact_id for each in lineage.nodes]
    refused = artifact_license_check.sync(made, client=client, body=LicenseCheck("https://x.org/y"))
    assert isinstance(refused, Error), refused


def rate(client: AuthenticatedClient, made: str) -> None:
    rating = model_artifact_rate.sync(made, client=client, evidence=True)
    assert isinstance(rating, ModelRating), rating
    assert 0 <= rating.net_score <= 1
    assert 0 <= rating.size_score.raspberry_pi <= 1


def download(client: AuthenticatedClient, made: str) -> None:
    ends_at = time.monotonic() + PATIENCE_S
    answer = artifact_download.sync_detailed(MODEL, made, client=client)
    while answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE and time.monotonic() < ends_at:
        time.sleep(0.2)
        answer = artifact_download.sync_detailed(MODEL, made, client=client)
    assert answer.status_code == HTTPStatus.FOUND, answer
    bundle = httpx.get(answer.headers["Location"]).raise_for_status().content
    assert "config.json" in zipfile.ZipFile(io.BytesIO(bundle)).namelist()


def main() -> None:
    with sign_in() as client:
        made = register(client)
        search(client, made)
        rate(client, made)
        download(client, made)
    print("python: signed in, registered, searched, rated, downloaded")


if __name__ == "__main__":
    main()
