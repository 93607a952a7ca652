"""A whole Airflow as people operate it: scheduler, DAG processor, triggerer and API server."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from installation import ROOT, free_port
from waiting import eventually

EXAMPLE = ROOT / "examples" / "airflow"
VENV = ROOT / "e2e" / ".airflow-venv"
COMPONENTS = ("api-server", "scheduler", "dag-processor", "triggerer")
USER = "admin"
POLL_SECONDS = 0.3
# For what takes some seconds on an idle machine: each step and each part of Airflow is a Python process with many imports.
PATIENCE_SECONDS = 600


class AirflowService:
    """Processes with a home and free ports of their own, driven and read through Airflow's REST API.

    Each process leads a session of its own, so that what it forks can be found and ended with it.
    """

    def __init__(self, home: Path, dag_folders: list[Path], environment: dict[str, str]) -> None:
        self.home = home
        self.port = free_port()
        self.password = secrets.token_urlsafe(16)
        self.processes: dict[str, subprocess.Popen] = {}
        self.token = ""
        bundles = [
            {
                "name": folder.parent.name,
                "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
                "kwargs": {"path": str(folder)},
            }
            for folder in dag_folders
        ]
        self.environment = {
            **{name: value for name, value in environment.items() if not name.startswith("AIRFLOW__")},
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API__SECRET_KEY": secrets.token_hex(32),
            "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(64),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__CORE__PARALLELISM": "4",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
            "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(bundles),
            "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
            "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()),
            # A triggerer that is gone is noticed after some seconds instead of half a minute.
            "AIRFLOW__TRIGGERER__JOB_HEARTBEAT_SEC": "1",
            "AIRFLOW__TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": "5",
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts everything; returns when every part reports itself healthy."""
        self.home.mkdir(parents=True, exist_ok=True)
        passwords = self.home / "passwords.json"
        passwords.touch(mode=0o600)
        passwords.write_text(json.dumps({USER: self.password}))
        subprocess.run(self._command(), env=self.environment, check=True, timeout=900)
        for component in COMPONENTS:
            self.start_component(component)
        eventually(self._answers, f"Airflow's API server answers; see {self.home}/*.log", seconds=PATIENCE_SECONDS, pause=POLL_SECONDS)
        answer = self._request("POST", "/auth/token", {"username": USER, "password": self.password})
        self.token = answer["access_token"]
        eventually(self._healthy, "every part of Airflow is healthy", seconds=PATIENCE_SECONDS, pause=POLL_SECONDS)

    def start_component(self, component: str) -> None:
        """Starts one part; its output goes to a file in the home directory."""
        with (self.home / f"{component}.log").open("ab") as log:
            self.processes[component] = subprocess.Popen(
                self._command(component), env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )

    def kill_component(self, component: str) -> None:
        """kill -9 for one part and all that it started."""
        process = self.processes.pop(component)

        def gone() -> bool:
            members = session_members(process.pid)
            for pid in members:
                with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
                    os.kill(pid, signal.SIGKILL)
            return not members

        eventually(gone, f"nothing is left of {component}")
        process.wait()

    def stop(self) -> None:
        """Ends every part, politely first; what is left of it after that is killed."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                pass
        for component in list(self.processes):
            self.kill_component(component)

    def leftovers(self) -> list[str]:
        """The command lines of processes that still run with this Airflow's home; none should after a stop."""
        mark = f"AIRFLOW_HOME={self.home}".encode()
        found = []
        for directory in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (directory / "environ").read_bytes().split(b"\0"):
                    found.append((directory / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
        return found

    def wait_for_dag(self, dag: str) -> None:
        """Waits until the DAG processor has read the DAG."""
        eventually(lambda: self._known(dag), f"Airflow knows the DAG {dag}", seconds=PATIENCE_SECONDS, pause=POLL_SECONDS)

    def trigger(self, dag: str, **conf) -> "DagRun":
        """Starts a run of the DAG with these parameters."""
        self.wait_for_dag(dag)
        return DagRun(self, dag, conf)

    def api(self, method: str, path: str, body: dict | None = None) -> dict:
        """Calls Airflow's public REST API."""
        return self._request(method, f"/api/v2{path}", body)

    def _command(self, *words: str) -> list[str]:
        program = [sys.executable, EXAMPLE / "local_airflow.py", "--home", self.home, "--venv", VENV, *words]
        return [str(word) for word in program]

    def _request(self, method: str, path: str, body: dict | None = None) -> dict:
        request = urllib.request.Request(
            f"{self.url}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                **({"Authorization": f"Bearer {self.token}"} if self.token else {}),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            error.add_note(error.read().decode(errors="replace"))
            raise

    def _answers(self) -> bool:
        for component, process in self.processes.items():
            assert process.poll() is None, f"{component} ended:\n{(self.home / f'{component}.log').read_text()}"
        try:
            return bool(self.api("GET", "/version"))
        except OSError:  # nobody listens yet, or does not answer in time
            return False

    def _healthy(self) -> bool:
        health = self.api("GET", "/monitor/health")
        return all(health[part]["status"] == "healthy" for part in ("scheduler", "dag_processor", "triggerer"))

    def _known(self, dag: str) -> bool:
        try:
            return bool(self.api("GET", f"/dags/{dag}"))
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            errors = self.api("GET", "/importErrors")["import_errors"]
            assert not errors, errors
            return False


class DagRun:
    """One run of a DAG, which begins with the object."""

    def __init__(self, airflow: AirflowService, dag: str, conf: dict) -> None:
        self.airflow = airflow
        self.dag = dag
        self.conf = conf
        self._begin()

    def _begin(self) -> None:
        body = {"logical_date": None, "conf": self.conf}
        self.id = self.airflow.api("POST", f"/dags/{self.dag}/dagRuns", body)["dag_run_id"]
        self.path = f"/dags/{self.dag}/dagRuns/{self.id}"

    def task(self, task: str) -> dict:
        """The task instance as Airflow reports it."""
        return self.airflow.api("GET", f"{self.path}/taskInstances/{task}")

    def until(self, task: str, *states: str, seconds: float = PATIENCE_SECONDS) -> dict:
        """Waits until the task instance is in one of the states, and returns it."""

        def reached() -> dict | None:
            instance = self.task(task)
            return instance if instance["state"] in states else None

        try:
            return eventually(reached, f"{task} is {' or '.join(states)}", seconds, POLL_SECONDS)
        except AssertionError as late:
            late.add_note(f"it is {self.task(task)['state']}\n{self.log(task)}")
            raise

    def until_deferred(self, task: str, attempt: int = 1) -> None:
        """Waits until that attempt is deferred and the scheduler knows that its first process has ended.

        What ends the step may happen only then, or the scheduler may take the resumed step for lost (see `finish_once`).
        """
        self.until_attempt(task, attempt, "deferred")
        noted = f"state success for task instance TaskInstanceKey(dag_id='{self.dag}', task_id='{task}', run_id='{self.id}'"
        log = self.airflow.home / "scheduler.log"

        def known() -> bool:
            return any(noted in line and f"try_number={attempt}," in line for line in log.read_text().splitlines())

        eventually(known, f"the scheduler knows that attempt {attempt} of {task} is deferred", PATIENCE_SECONDS, POLL_SECONDS)

    def until_attempt(self, task: str, attempt: int, state: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Waits until the task instance is in that state in that attempt."""

        def reached() -> bool:
            instance = self.task(task)
            return (instance["try_number"], instance["state"]) == (attempt, state)

        eventually(reached, f"attempt {attempt} of {task} is {state}", seconds, POLL_SECONDS)

    def until_logged(self, task: str, line: str) -> str:
        """Waits until a line that the ECS task writes is in the step's log, and returns the log.

        The provider's trigger reads what is left of the output only after it has fired, and Airflow may end it before that:
        of a deferred step only what was written while the trigger watched is sure to be in Airflow's log.
        """

        def logged() -> str | None:
            log = self.log(task)
            return log if f"] {line}\n" in f"{log}\n" else None

        return eventually(logged, f"the log of {task} has the line {line}", PATIENCE_SECONDS, POLL_SECONDS)

    def until_xcom(self, task: str, key: str, seconds: float = PATIENCE_SECONDS):
        """Waits until the task has pushed a value of that key, and returns it."""

        def pushed():
            entries = self.airflow.api("GET", f"{self.path}/taskInstances/{task}/xcomEntries")["xcom_entries"]
            return any(entry["key"] == key for entry in entries)

        eventually(pushed, f"{task} pushes {key}", seconds, POLL_SECONDS)
        return self.xcom(task, key)

    def finish(self, seconds: float = PATIENCE_SECONDS) -> dict[str, str]:
        """Waits for the end of the run and returns the state of each task; prints the logs of those that failed."""

        def ended() -> bool:
            return self.airflow.api("GET", self.path)["state"] in ("success", "failed")

        eventually(ended, f"{self.path} ends; its tasks: {self.states()}", seconds, POLL_SECONDS)
        states = self.states()
        for task in (name for name, state in states.items() if state == "failed"):
            print(f"{self.path}, {task}:\n{self.log(task)}\n")
        return states

    def finish_once(self, seconds: float = PATIENCE_SECONDS) -> dict[str, str]:
        """Waits for the end as `finish` does. A run in which the scheduler took a resumed step for lost is begun anew.

        Airflow's issue 72716: a step whose trigger fires before its first process is known to have ended may be marked as
        failed while it runs. Airflow writes that down as a state mismatch.
        """
        for _ in range(4):
            states = self.finish(seconds)
            if not self.lost_by_the_scheduler():
                return states
            self._begin()
        raise AssertionError(f"Airflow's scheduler lost every run of {self.dag}")

    def lost_by_the_scheduler(self) -> bool:
        """Whether Airflow has noted that it gave up a step of this run that was running."""
        query = urllib.parse.urlencode({"dag_id": self.dag, "run_id": self.id, "event": "state mismatch"})
        return self.airflow.api("GET", f"/eventLogs?{query}")["total_entries"] > 0

    def states(self) -> dict[str, str]:
        """The state of each task."""
        instances = self.airflow.api("GET", f"{self.path}/taskInstances")["task_instances"]
        return {instance["task_id"]: instance["state"] for instance in instances}

    def log(self, task: str, attempt: int | None = None) -> str:
        """The task's log as the user interface shows it: one line per event, with its error if there is one."""
        number = attempt or max(1, self.task(task)["try_number"])
        answer = self.airflow.api("GET", f"{self.path}/taskInstances/{task}/logs/{number}?full_content=true")
        return "\n".join(line if isinstance(line, str) else written(line) for line in answer["content"])

    def xcom(self, task: str, key: str = "return_value"):
        """A value that the task pushed."""
        return self.airflow.api("GET", f"{self.path}/taskInstances/{task}/xcomEntries/{key}?deserialize=true")["value"]

    def mark_failed(self, task: str) -> None:
        """What the user interface's button "mark as failed" does."""
        self.airflow.api("PATCH", f"{self.path}/taskInstances/{task}", {"new_state": "failed"})

    def clear(self, task: str) -> None:
        """What the user interface's button "clear" does: the task runs once more."""
        body = {"dry_run": False, "dag_run_id": self.id, "task_ids": [task], "only_failed": False}
        self.airflow.api("POST", f"/dags/{self.dag}/clearTaskInstances", body)


def written(event: dict) -> str:
    """One structured log event as text."""
    errors = [f"{error['exc_type']}: {error['exc_value']}" for error in event.get("error_detail") or []]
    return " ".join([str(event.get("event", "")), *errors])


def started_for(ecs, arn: str) -> list[str]:
    """Every ECS task, running or stopped, that was started for the same Airflow task as this one."""
    (task,) = ecs.describe_tasks(tasks=[arn])["tasks"]
    same = {"startedBy": task["startedBy"]}
    return [
        found for status in ("RUNNING", "STOPPED")
        for found in ecs.list_tasks(desiredStatus=status, **same)["taskArns"]
    ]


def session_members(leader: int) -> list[int]:
    """The processes of the leader's session that still run."""
    return [
        int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat")
        if (fields := status_fields(stat)) and fields[0] != "Z" and int(fields[3]) == leader
    ]


def status_fields(stat: Path) -> list[str]:
    """The fields after the command's name: state, parent, group, session; empty when the process is gone."""
    try:
        return stat.read_text().rpartition(") ")[2].split()
    except OSError:
        return []
