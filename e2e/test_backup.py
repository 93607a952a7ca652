"""A backup that is made while calls go on, and an installation that is made of it."""

import pytest
from host_tasks import unique
from installation import Installation


@pytest.fixture
def restored():
    made = Installation()
    yield made
    made.remove()


def test_a_backup_of_a_running_installation_is_restored(own_installation, restored):
    ecs, secrets = own_installation.client("ecs"), own_installation.client("secretsmanager")
    before, after, secret = unique("before"), unique("after"), unique("secret")
    ecs.create_cluster(clusterName=before)
    secrets.create_secret(Name=secret, SecretString="s3cret")
    backup = own_installation.directory / "backup"
    own_installation.run("backup", str(backup))
    ecs.create_cluster(clusterName=after)

    restored.run("restore", str(backup), "--secret-key-file", str(own_installation.data / "secret.key"))
    restored.up()

    clusters = restored.client("ecs").list_clusters()["clusterArns"]
    assert any(arn.endswith(before) for arn in clusters)
    assert not any(arn.endswith(after) for arn in clusters)
    assert restored.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"] == "s3cret"
    assert restored.exported["AWS_ACCESS_KEY_ID"] == own_installation.exported["AWS_ACCESS_KEY_ID"]
    with pytest.raises(AssertionError, match="has a database already"):
        restored.run("restore", str(backup))
