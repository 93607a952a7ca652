"""Snapshots of the warehouse: taken while somebody writes, restored over what came after, and across kill -9."""

import os
import signal

import psycopg
import pytest
from waiting import eventually
from warehouses import Warehouse


def snapshot(warehouse: Warehouse, name: str) -> dict:
    return warehouse.redshift.get_snapshot(snapshotName=name)["snapshot"]


def becomes(warehouse: Warehouse, name: str, status: str) -> dict:
    eventually(lambda: snapshot(warehouse, name)["status"] == status, f"snapshot {name} is {status}")
    return snapshot(warehouse, name)


def restored(warehouse: Warehouse, name: str, meanwhile=lambda: None) -> None:
    """Has the namespace restored from a snapshot."""
    answer = warehouse.redshift.restore_from_snapshot(
        namespaceName=warehouse.name, workgroupName=warehouse.name, snapshotName=name
    )
    assert answer["namespace"]["status"] == "MODIFYING"
    meanwhile()
    eventually(lambda: namespace(warehouse)["status"] == "AVAILABLE", "the namespace is restored")


def namespace(warehouse: Warehouse) -> dict:
    return warehouse.redshift.get_namespace(namespaceName=warehouse.name)["namespace"]


def test_a_snapshot_has_what_was_committed_and_its_users(warehouse):
    warehouse.psql("CREATE DATABASE sales")
    with warehouse.connect(dbname="sales") as sales:
        sales.execute("CREATE TABLE deal AS SELECT 7 AS i")
    warehouse.psql("CREATE TABLE trade AS SELECT i FROM generate_series(1, 1000) t(i)")
    warehouse.psql("CREATE USER bob PASSWORD 'Password1'")
    warehouse.psql("GRANT SELECT ON trade TO bob")
    with warehouse.connect() as writing:
        writing.execute("INSERT INTO trade VALUES (-1)")
        taken = warehouse.redshift.create_snapshot(
            namespaceName=warehouse.name, snapshotName=warehouse.name, retentionPeriod=3
        )["snapshot"]
        assert taken["status"] == "CREATING"
        assert becomes(warehouse, warehouse.name, "AVAILABLE")["snapshotRemainingDays"] == 3
        writing.commit()

        warehouse.psql("DROP TABLE trade")
        warehouse.psql("DROP USER bob")
        warehouse.psql("CREATE USER eve PASSWORD 'Password1'")
        warehouse.psql("CREATE TABLE later(i INTEGER)")
        warehouse.redshift.update_namespace(namespaceName=warehouse.name, adminUserPassword="Another1234")
        restored(warehouse, warehouse.name)
        with pytest.raises(psycopg.OperationalError):
            writing.execute("SELECT 1")

    assert warehouse.psql("SELECT count(*), min(i) FROM trade").stdout == "1000|1\n"
    assert warehouse.psql("SELECT count(*) FROM trade", user="bob", password="Password1").stdout == "1000\n"
    assert "authentication failed" in warehouse.psql("SELECT 1", user="eve", password="Password1").stderr
    assert warehouse.psql("SELECT count(*) FROM svv_all_tables WHERE table_name = 'later'").stdout == "0\n"
    with warehouse.connect(dbname="sales") as sales:
        assert sales.execute("SELECT i FROM deal").fetchone() == (7,)
    warehouse.redshift.delete_snapshot(snapshotName=warehouse.name)
    files = warehouse.data / "warehouse" / "backups" / taken["snapshotArn"].split("/")[-1]
    eventually(lambda: not files.exists(), "its files are removed")


def test_snapshots_and_restores_outlive_the_control_plane(own_installation):
    def killed():
        os.kill(own_installation.status()["pid"], signal.SIGKILL)
        own_installation.up()

    warehouse = Warehouse(own_installation)
    warehouse.psql("CREATE TABLE trade AS SELECT i FROM generate_series(1, 100000) t(i)")
    warehouse.redshift.create_snapshot(namespaceName=warehouse.name, snapshotName="good")
    killed()
    becomes(warehouse, "good", "AVAILABLE")
    warehouse.psql("DROP TABLE trade")
    restored(warehouse, "good", meanwhile=killed)
    assert warehouse.psql("SELECT count(*) FROM trade").stdout == "100000\n"

    # A worker that is killed, and then nobody has the databases.
    os.kill(warehouse.worker_pid(), signal.SIGKILL)
    warehouse.redshift.create_snapshot(namespaceName=warehouse.name, snapshotName="bad")
    arn = becomes(warehouse, "bad", "AVAILABLE")["snapshotArn"]
    file = warehouse.data / "warehouse" / "backups" / arn.split("/")[-1] / "dev.duckdb"
    with file.open("r+b") as damaged:
        damaged.seek(file.stat().st_size // 2)
        byte = damaged.read(1)
        damaged.seek(-1, os.SEEK_CUR)
        damaged.write(bytes([byte[0] ^ 1]))
    warehouse.psql("CREATE TABLE later AS SELECT 1 AS i")
    restored(warehouse, "bad")
    assert snapshot(warehouse, "bad")["status"] == "FAILED"
    assert warehouse.psql("SELECT i FROM later").stdout == "1\n"
    beside = [entry.name for entry in (warehouse.data / "warehouse").iterdir() if entry.is_dir()]
    assert sorted(beside) == sorted([warehouse.namespace["namespaceId"], "backups"])

    warehouse.redshift.delete_workgroup(workgroupName=warehouse.name)
    warehouse.redshift.delete_namespace(namespaceName=warehouse.name, finalSnapshotName="last")
    becomes(warehouse, "last", "AVAILABLE")
    other = Warehouse(own_installation)
    restored(other, "last")
    assert other.psql("SELECT count(*) FROM trade, later").stdout == "100000\n"
