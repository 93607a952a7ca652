"""Which tests run one after the other in one worker, and which of them first."""

from xdist.scheduler import LoadFileScheduling

# What takes minutes, the longest first: whatever came last would run alone while the other worker has nothing left to do.
LONGEST = (
    "workflows",
    "test_faults.py",
    "test_airflow.py",
    "test_replicas.py",
    "test_warehouse.py",
    "test_hpc.py",
    "test_rds.py",
    "test_ecs_services.py",
    "test_host_registration.py",
    "test_container_images.py",
    "test_redshift_data.py",
    "test_zero_etl.py",
    "test_external_s3.py",
    "test_zero_etl_binlog.py",
    "test_zero_etl_faults.py",
    "test_dbt.py",
    "test_every_operation.py",
    "test_crash.py",
    "test_status.py",
    "test_task_life.py",
    "test_s3_durability.py",
    "test_auto_copy.py",
)


def part(nodeid: str) -> str:
    """What is run whole by one worker: a file, or a directory, whose files share what is costly to start."""
    return nodeid.split("::", 1)[0].split("/", 1)[0]


def turn(nodeid: str) -> int:
    """A smaller one for what is to begin earlier."""
    name = part(nodeid)
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


class Parts(LoadFileScheduling):
    """Hands parts to workers in the order in which they were collected, if xdist is told not to change that."""

    def _split_scope(self, nodeid: str) -> str:
        return part(nodeid)
