"""Restart policies, health checks and ulimits of tasks on the host, as boto3 sees them."""

from host_tasks import container, container_of, describe, finish, output, register, start, stop_and_wait, until_stopped
from waiting import eventually

HEALTHY_WHEN_THERE = {"command": ["CMD-SHELL", 'test -e "$PROBE"'], "interval": 5, "timeout": 5, "retries": 1}


def probed(probe) -> dict:
    """Fields of a container whose health is whether a file exists."""
    return {"environment": [{"name": "PROBE", "value": str(probe)}], "healthCheck": HEALTHY_WHEN_THERE}


def health(ecs, task: dict) -> str:
    return describe(ecs, task["taskArn"]).get("healthStatus", "UNKNOWN")


def test_a_restart_policy_starts_a_container_again_in_its_task(ecs, logs, scratch):
    count = scratch / "count"
    # Longer than the period even for an agent that saw the start late; its line is out before its trace is.
    script = f"echo started; echo run >> {count}; sleep 70; exit 3"
    policy = {"enabled": True, "restartAttemptPeriod": 60}
    task = start(ecs, register(ecs, container(script, restartPolicy=policy)))
    eventually(lambda: count.exists() and count.read_text().split() == ["run", "run"], "it runs again", seconds=240)
    assert describe(ecs, task["taskArn"])["lastStatus"] == "RUNNING"
    stopped = stop_and_wait(ecs, task["taskArn"])
    assert output(logs, stopped)[:2] == ["started", "started"]
    assert count.read_text().split() == ["run", "run"]


def test_what_ends_too_early_is_not_restarted(ecs, scratch):
    count = scratch / "count"
    task = finish(ecs, f"echo run >> {count}; exit 3", restartPolicy={"enabled": True})
    assert container_of(task)["exitCode"] == 3
    assert count.read_text().split() == ["run"]


def test_health_follows_the_check(ecs, scratch):
    probe = scratch / "well"
    task = start(ecs, register(ecs, container("sleep 600", **probed(probe))))
    eventually(lambda: health(ecs, task) == "UNHEALTHY", "the check fails")
    probe.touch()
    eventually(lambda: health(ecs, task) == "HEALTHY", "the check succeeds")
    (main,) = describe(ecs, task["taskArn"])["containers"]
    assert main["healthStatus"] == "HEALTHY"
    probe.unlink()
    eventually(lambda: health(ecs, task) == "UNHEALTHY", "the check fails again")
    assert describe(ecs, task["taskArn"])["lastStatus"] == "RUNNING"
    stop_and_wait(ecs, task["taskArn"])


def test_a_container_waits_for_the_health_of_another(ecs, scratch):
    probe, trace = scratch / "well", scratch / "trace"
    database = container(f"echo database >> {trace}; sleep 1; touch $PROBE; sleep 600", **probed(probe))
    main = container(f"echo main >> {trace}", dependsOn=[{"containerName": "database", "condition": "HEALTHY"}])
    task = start(ecs, register(ecs, {**database, "name": "database"}, main))
    stopped = until_stopped(ecs, task["taskArn"])
    assert container_of(stopped)["exitCode"] == 0
    assert trace.read_text().split() == ["database", "main"]


def test_ulimits_bind(ecs, logs):
    task = finish(ecs, "ulimit -n", ulimits=[{"name": "nofile", "softLimit": 123, "hardLimit": 456}])
    assert output(logs, task) == ["123"]


def test_a_ulimit_that_the_host_does_not_grant_fails_the_start(ecs):
    task = finish(ecs, "true", ulimits=[{"name": "nofile", "softLimit": 2_000_000_000, "hardLimit": 2_000_000_000}])
    assert task["stopCode"] == "TaskFailedToStart"
    assert "NOFILE" in task["stoppedReason"]
