"""Clusters, as the ECS API reference describes them."""

import pytest
from botocore.exceptions import ClientError
from host_tasks import container, register, start, stop_and_wait, unique


def code_of(caught) -> str:
    return caught.value.response["Error"]["Code"]


@pytest.fixture
def cluster(ecs):
    name = unique("cluster")
    ecs.create_cluster(clusterName=name, tags=[{"key": "desk", "value": "rates"}])
    yield name
    ecs.delete_cluster(cluster=name)


def test_create_describe_delete(ecs, sts):
    account = sts.get_caller_identity()["Account"]
    name = unique("cluster")
    made = ecs.create_cluster(clusterName=name)["cluster"]
    assert made["clusterArn"] == f"arn:aws:ecs:us-east-1:{account}:cluster/{name}"
    assert made["clusterName"] == name and made["status"] == "ACTIVE"
    for count in ("runningTasksCount", "pendingTasksCount", "registeredContainerInstancesCount"):
        assert made[count] == 0
    described = ecs.describe_clusters(clusters=[made["clusterArn"]])
    assert described["failures"] == [] and described["clusters"][0]["clusterArn"] == made["clusterArn"]
    assert made["clusterArn"] in ecs.list_clusters()["clusterArns"]
    assert ecs.delete_cluster(cluster=name)["cluster"]["status"] == "INACTIVE"
    assert made["clusterArn"] not in ecs.list_clusters()["clusterArns"]


def test_creating_again_returns_the_same_cluster(ecs, cluster):
    again = ecs.create_cluster(clusterName=cluster)["cluster"]
    assert again["clusterName"] == cluster and again["status"] == "ACTIVE"


def test_tags_are_shown_when_asked_for(ecs, cluster):
    (plain,) = ecs.describe_clusters(clusters=[cluster])["clusters"]
    (tagged,) = ecs.describe_clusters(clusters=[cluster], include=["TAGS"])["clusters"]
    assert plain.get("tags", []) == []
    assert tagged["tags"] == [{"key": "desk", "value": "rates"}]


def test_default_is_described_when_no_cluster_is_named(ecs):
    assert ecs.describe_clusters()["clusters"][0]["clusterName"] == "default"


def test_pages(ecs):
    names = {unique("page") for _ in range(5)}
    for name in names:
        ecs.create_cluster(clusterName=name)
    try:
        pages = list(ecs.get_paginator("list_clusters").paginate(PaginationConfig={"PageSize": 2}))
        assert all(len(page["clusterArns"]) <= 2 for page in pages)
        listed = [arn.rsplit("/", 1)[-1] for page in pages for arn in page["clusterArns"]]
        assert len(listed) == len(set(listed)) and names <= set(listed)
    finally:
        for name in names:
            ecs.delete_cluster(cluster=name)


@pytest.mark.parametrize("name", ["a b", "ä", "x" * 256, "a/b"])
def test_bad_name(ecs, name):
    with pytest.raises(ClientError) as caught:
        ecs.create_cluster(clusterName=name)
    assert code_of(caught) == "InvalidParameterException"


def test_missing_cluster(ecs):
    name = unique("absent")
    for call in (
        lambda: ecs.delete_cluster(cluster=name),
        lambda: ecs.list_tasks(cluster=name),
        lambda: ecs.describe_tasks(cluster=name, tasks=["0" * 32]),
        lambda: ecs.list_container_instances(cluster=name),
        lambda: ecs.run_task(cluster=name, taskDefinition=register(ecs, container("true")), launchType="EXTERNAL"),
    ):
        with pytest.raises(ecs.exceptions.ClusterNotFoundException, match="Cluster not found"):
            call()


def test_a_cluster_with_instances_is_not_deleted(ecs):
    with pytest.raises(ecs.exceptions.ClusterContainsContainerInstancesException):
        ecs.delete_cluster(cluster="default")


def test_running_tasks_are_counted(ecs, idle):
    def count() -> int:
        (cluster,) = ecs.describe_clusters(clusters=["default"])["clusters"]
        return cluster["runningTasksCount"] + cluster["pendingTasksCount"]

    before = count()
    task = start(ecs, register(ecs, container("sleep 60")))
    assert count() == before + 1
    stop_and_wait(ecs, task["taskArn"])
    assert count() == before


def test_a_cluster_without_instances_runs_nothing(ecs, cluster):
    with pytest.raises(ecs.exceptions.InvalidParameterException, match="No Container Instances were found"):
        ecs.run_task(cluster=cluster, taskDefinition=register(ecs, container("true")), launchType="EXTERNAL")
