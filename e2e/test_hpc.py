"""Clusters of Slurm with Slurm's own commands, Open MPI, and the REST API: elastic, and whole again after kills."""

import os
import shutil
import signal
import time
from functools import partial

import pytest
from hpc_clusters import FILE, Cluster, call, left_of
from identities import allow, unique, user
from installation import ROOT
from needs import require
from waiting import eventually

PERMANENT = "compute-st-small-1"
HELLO = (ROOT / "examples" / "hpc" / "hello.c").read_bytes()


@pytest.fixture(scope="module")
def tools(as_root) -> None:
    for program in ("slurmctld", "slurmd", "munged", "sinfo", "curl", "ip", "mpicc"):
        require(shutil.which(program) is not None, f"{program} is not installed")


@pytest.fixture(scope="module")
def cluster(installation, tools):
    """One permanent node, and two that come when jobs want them."""
    own = Cluster(installation, least=1)
    yield own
    own.delete()


def test_nodes_come_for_an_mpi_program_and_its_batch_job(cluster):
    described = cluster.describe()
    assert (described["clusterStatus"], described["computeFleetStatus"]) == ("CREATE_COMPLETE", "RUNNING")
    assert cluster.nodes() == {PERMANENT: "idle", "compute-dy-small-1": "idle~", "compute-dy-small-2": "idle~"}
    assert cluster.run("id", "-un").strip() == "ubuntu"

    cluster.run("sh", "-c", "cat > hello.c && mpicc hello.c -o hello", stdin=HELLO)
    job = cluster.submit("srun ./hello; srun hostname", "-N3", "--ntasks-per-node=2")
    cluster.until(job, "COMPLETED")
    lines = cluster.output(job)
    nodes = sorted(line for line in lines if line in cluster.nodes())
    assert nodes == sorted(2 * list(cluster.nodes()))
    for rank in range(6):
        assert [line for line in lines if f"rank {rank} of 6" in line], lines
    instances = cluster.pcluster("describe-cluster-instances", "-n", cluster.name)["instances"]
    assert sorted(one["nodeType"] for one in instances) == 3 * ["ComputeNode"] + ["HeadNode"]
    assert {one["instanceType"] for one in instances} == {"groundplane.1x512", "groundplane.2x256"}


def test_a_job_that_wants_more_memory_than_its_node_has_is_killed(cluster):
    job = cluster.submit("python3 -c 'print(len(bytearray(600_000_000)))'", f"-w{PERMANENT}")
    cluster.until(job, "FAILED", "OUT_OF_MEMORY", "COMPLETED", "CANCELLED")
    assert "600000000" not in cluster.output(job)


def test_a_killed_node_is_made_again_and_its_job_run_anew(cluster):
    job = cluster.submit("echo run $SLURM_RESTART_COUNT; until [ -e go ]; do sleep 0.2; done; echo done", f"-w{PERMANENT}")
    cluster.until_begun(job)
    victim = cluster.processes("slurmd")[PERMANENT]
    os.kill(os.getpgid(victim), signal.SIGKILL)  # the process whose end is that of the node's namespaces
    eventually(lambda: runs_again(cluster, "slurmd", PERMANENT, victim), "the node is there again", seconds=240)
    cluster.run("touch", "go")
    cluster.until(job, "COMPLETED")
    assert cluster.output(job) == ["run 1", "done"]


def test_jobs_go_on_when_slurms_daemons_are_killed(installation, cluster):
    job = cluster.submit("echo begun; until [ -e over ]; do sleep 0.2; done; echo done", f"-w{PERMANENT}")
    cluster.until_begun(job)
    state, now = installation.data / "hpc" / cluster.id / "state" / "job_state", time.time()
    held = cluster.submit("true", "--hold")
    eventually(lambda: state.exists() and state.stat().st_mtime > now, "slurmctld has written down that the job runs")
    for program, node in (("slurmctld", "head"), ("slurmd", PERMANENT)):
        victim = cluster.processes(program)[node]
        os.kill(victim, signal.SIGKILL)
        eventually(partial(runs_again, cluster, program, node, victim), f"{program} runs again")
    cluster.run("touch", "over")
    cluster.until(job, "COMPLETED")
    assert cluster.output(job) == ["begun", "done"]
    cluster.run("scancel", held)


def test_jobs_go_on_when_the_head_node_is_killed(cluster):
    program = "for i in 1 2 3; do srun hostname; until [ -e step-$i ]; do sleep 0.2; done; done; echo done"
    job = cluster.submit(program, "-N1", f"-w{PERMANENT}")
    cluster.until_begun(job)
    victim = cluster.processes("slurmctld")["head"]
    os.kill(os.getpgid(victim), signal.SIGKILL)  # with all of the node, and the network that the others are connected by
    eventually(lambda: runs_again(cluster, "slurmctld", "head", victim), "the head node is there again", seconds=240)
    cluster.wait(f"sinfo -hN -n {PERMANENT} -o %t | grep -qx mix")
    cluster.run("touch", "step-1", "step-2", "step-3")
    cluster.until(job, "COMPLETED")
    assert cluster.output(job) == [*(3 * [PERMANENT]), "done"]


def runs_again(cluster: Cluster, program: str, node: str, before: int) -> bool:
    return cluster.processes(program).get(node, before) != before


def test_idle_nodes_go(cluster):
    cluster.wait("! sinfo -hN -o '%N %t' | grep -e -dy- | grep -qv '~$'")
    eventually(lambda: list(cluster.processes("slurmd")) == [PERMANENT], "only the permanent node runs")


def test_the_fleet_stops_and_starts(cluster):
    cluster.pcluster("update-compute-fleet", "-n", cluster.name, "--status", "STOP_REQUESTED")
    eventually(
        lambda: cluster.describe()["computeFleetStatus"] == "STOPPED" and not cluster.processes("slurmd"),
        "no compute node runs",
        pause=0.5,
    )
    cluster.pcluster("update-compute-fleet", "-n", cluster.name, "--status", "START_REQUESTED")
    cluster.wait(f"sinfo -hN -n {PERMANENT} -o %t | grep -qx idle")


def test_nothing_is_left_of_a_cluster_that_is_deleted(installation, tools):
    gone = Cluster(installation, most=1)
    identity = gone.id
    gone.submit("sleep 600", "-N1")
    eventually(lambda: gone.processes("slurmd"), "the node is there")
    gone.delete()
    assert call(installation, "GET", f"/v3/clusters/{gone.name}")[0] == 404
    eventually(lambda: not left_of(identity, installation.data), "nothing is left")


def test_the_api_tells_all_that_is_wrong_with_a_file(installation, tools):
    text = FILE.format(least=5, most=2, idle=1).replace("ubuntu2204", "windows")
    body = {"clusterName": unique("bad"), "clusterConfiguration": text}
    status, answer = call(installation, "POST", "/v3/clusters", body)
    assert status == 400
    told = {one["id"]: one for one in answer["configurationValidationErrors"] if one["level"] == "ERROR"}
    assert "windows" in told["Image/Os"]["message"]
    assert any(place.startswith("Scheduling/SlurmQueues[0]/ComputeResources[0]") for place in told)


def test_who_may_not_is_refused(installation, tools):
    other = user(installation, allow("s3:*"))
    status, answer = call(installation, "GET", "/v3/clusters", **other["keys"])
    assert status == 403
    assert "execute-api:Invoke" in answer["message"]
    reader = user(installation, allow("execute-api:Invoke", resource="arn:aws:execute-api:*:*:*/*/GET/*"))
    assert call(installation, "GET", "/v3/clusters", **reader["keys"])[0] == 200
    assert call(installation, "DELETE", "/v3/clusters/none", **reader["keys"])[0] == 403
