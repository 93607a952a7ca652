"""What Prometheus sees: its own parser reads /metrics, and the numbers are those of what was done."""

import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError
from host_tasks import container, register, unique
from prometheus_client.parser import text_string_to_metric_families
from waiting import eventually


def fetch(installation, **headers: str) -> str:
    request = urllib.request.Request(f"{installation.endpoint}/metrics", headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        return answer.read().decode()


def samples(installation) -> dict[tuple, float]:
    """Values by name and labels; the parser complains about what Prometheus would."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(fetch(installation))
        for sample in family.samples
    }


def value(found: dict[tuple, float], name: str, **labels: str) -> float:
    return found.get((name, frozenset(labels.items())), 0)


def test_everything_that_an_operator_watches_is_there(installation):
    families = {family.name: family for family in text_string_to_metric_families(fetch(installation))}
    kinds = {
        "groundplane_calls": "counter",
        "groundplane_call_duration_seconds": "histogram",
        "groundplane_agents": "gauge",
        "groundplane_tasks": "gauge",
        "groundplane_services": "gauge",
        "groundplane_store_commit_duration_seconds": "histogram",
        "groundplane_store_transactions": "counter",
        "groundplane_store_queue_length": "gauge",
        "groundplane_audit_records": "counter",
        "groundplane_log_events": "counter",
        "groundplane_trails_failing": "gauge",
        "groundplane_integration_lag_seconds": "gauge",
        "groundplane_build_info": "gauge",
        "jvm_memory_used_bytes": "gauge",
        "jvm_gc_collection_seconds": "summary",
        "jvm_threads_current": "gauge",
        "process_cpu_seconds": "counter",
    }
    assert {name: families[name].type for name in kinds if name in families} == kinds
    assert all(family.documentation for family in families.values())


def test_calls_are_counted_by_operation_and_error(installation, ecs):
    before = samples(installation)
    ecs.list_clusters()
    ecs.list_clusters()
    with pytest.raises(ClientError) as refused:
        ecs.describe_task_definition(taskDefinition=unique("none"))
    after = samples(installation)

    def more(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    code = refused.value.response["Error"]["Code"]
    assert more("groundplane_calls_total", service="ecs", operation="ListClusters", code="OK") == 2
    assert more("groundplane_calls_total", service="ecs", operation="DescribeTaskDefinition", code=code) == 1
    assert more("groundplane_call_duration_seconds_count", service="ecs", operation="ListClusters") == 2
    assert more("groundplane_call_duration_seconds_bucket", service="ecs", operation="ListClusters", le="+Inf") == 2


def test_what_clients_make_up_makes_no_series(installation):
    for number in range(20):
        request = urllib.request.Request(
            installation.endpoint, data=b"{}", headers={"X-Amz-Target": f"AmazonSSM.MadeUp{number}"}
        )
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=60)
    assert "MadeUp" not in fetch(installation)


def test_content_and_records_and_commits_are_counted(installation, s3, bucket):
    before = samples(installation)
    s3.put_object(Bucket=bucket, Key="thing", Body=b"x" * 100_000)
    assert len(s3.get_object(Bucket=bucket, Key="thing")["Body"].read()) == 100_000
    after = samples(installation)
    for direction in ("in", "out"):
        name, labels = "groundplane_content_bytes_total", {"service": "s3", "direction": direction}
        assert value(after, name, **labels) - value(before, name, **labels) == 100_000
    for name in (
        "groundplane_audit_records_total",
        "groundplane_store_transactions_total",
        "groundplane_store_commit_duration_seconds_count",
    ):
        assert value(after, name) > value(before, name)


def test_a_service_that_is_short_of_tasks_shows(installation, ecs):
    before = samples(installation)
    assert value(before, "groundplane_agents", state="connected") == 1
    name = unique("service")
    definition = register(ecs, {**container("exec sleep 600"), "memory": 10_000_000})
    ecs.create_service(serviceName=name, taskDefinition=definition, launchType="EXTERNAL", desiredCount=2)
    try:
        short = value(samples(installation), "groundplane_services", state="SHORT")
        assert short == value(before, "groundplane_services", state="SHORT") + 1
    finally:
        ecs.delete_service(service=name, force=True)
    eventually(
        lambda: value(samples(installation), "groundplane_services", state="SHORT") == short - 1,
        "a service that is not wanted is short of nothing",
    )


def test_from_elsewhere_only_the_token_opens(installation):
    """A proxy on this machine passes on what others ask."""
    token = (installation.data / "operator.token").read_text().strip()
    assert (installation.data / "operator.token").stat().st_mode & 0o777 == 0o600
    for headers in ({"X-Forwarded-For": "192.0.2.7"}, {"Authorization": "Bearer wrong"}):
        with pytest.raises(urllib.error.HTTPError) as refused:
            fetch(installation, **headers)
        assert refused.value.code == 401
        assert "operator.token" in refused.value.read().decode()
    assert "groundplane_build_info" in fetch(
        installation, **{"X-Forwarded-For": "192.0.2.7", "Authorization": f"Bearer {token}"}
    )
