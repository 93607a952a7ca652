"""What answers TPC-H's questions: the warehouse on its port, PostgreSQL, and the warehouse's engine in this process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psycopg
import tpch
from installation import Installation
from postgres import PostgresCluster
from warehouses import Warehouse

CAPACITY = 4
# As a worker's: a unit of capacity has one, and no worker has more than half of the machine's.
MEBIBYTES = min(CAPACITY * 1024, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**21)
CORES = os.cpu_count() or 1
# What PostgreSQL's guides advise for analysis on a machine of its own with some memory.
POSTGRES_SETTINGS = {
    "shared_buffers": "4GB",
    "effective_cache_size": "12GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": str(CORES),
    "max_parallel_workers": str(CORES),
    "jit": "off",
    "max_connections": "200",
}


class Bucket:
    """A bucket, and the words with which COPY reads it."""

    def __init__(self, installation: Installation, name: str) -> None:
        self.name = name
        self._s3 = installation.client("s3")
        self._s3.create_bucket(Bucket=name)
        exported = installation.exported
        self.credentials = (
            f"ACCESS_KEY_ID '{exported['AWS_ACCESS_KEY_ID']}' SECRET_ACCESS_KEY '{exported['AWS_SECRET_ACCESS_KEY']}'"
        )

    def upload(self, directory: Path) -> None:
        """All files of a directory, under its name."""
        for file in sorted(directory.rglob("*")):
            if file.is_file():
                self._s3.upload_file(str(file), self.name, f"{directory.name}/{file.relative_to(directory)}")

    def source(self, key: str) -> str:
        """FROM and who reads."""
        return f"FROM 's3://{self.name}/{key}' {self.credentials}"


@contextmanager
def groundplane(installation: Installation, directory: Path) -> Iterator[Warehouse]:
    """A workgroup with TPC-H's tables, loaded from S3."""
    bucket = Bucket(installation, "warehouse-tpch")
    bucket.upload(directory)
    warehouse = Warehouse(installation, capacity=CAPACITY)
    with warehouse.connect(autocommit=True) as connection:
        for name, table in tpch.TABLES.items():
            connection.execute(
                f"CREATE TABLE {name}({table.columns}) DISTKEY({table.distributed_by}) SORTKEY({table.sorted_by})"
            )
            connection.execute(f"COPY {name} {bucket.source(f'{directory.name}/{name}.parquet')} PARQUET")
    yield warehouse


@contextmanager
def postgres(directory: Path) -> Iterator[PostgresCluster]:
    """A PostgreSQL server with TPC-H's tables, keys, indexes and statistics."""
    cluster = PostgresCluster(POSTGRES_SETTINGS)
    try:
        with connect(cluster) as connection:
            for name, table in tpch.TABLES.items():
                connection.execute(f"CREATE UNLOGGED TABLE {name}({table.columns})")
                with (
                    connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT csv, HEADER)") as copy,
                    (directory / f"{name}.csv").open("rb") as source,
                ):
                    while piece := source.read(1 << 20):
                        copy.write(piece)
                connection.execute(f"ALTER TABLE {name} ADD PRIMARY KEY ({table.key})")
                for columns in table.indexed:
                    connection.execute(f"CREATE INDEX ON {name}({columns})")
            connection.execute("VACUUM ANALYZE")
        yield cluster
    finally:
        cluster.remove()


def connect(cluster: PostgresCluster) -> psycopg.Connection:
    """A connection to the server's standard database."""
    return psycopg.connect(host="127.0.0.1", port=cluster.port, user="groundplane", dbname="postgres", autocommit=True)


def engine(file: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB in this process with a file, and what a worker may use of the machine."""
    return duckdb.connect(file, config={"memory_limit": f"{MEBIBYTES}MiB", "threads": CORES})


def in_process(file: Path, directory: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB with TPC-H's tables."""
    connection = engine(file)
    for name, table in tpch.TABLES.items():
        connection.execute(f"CREATE TABLE {name}({table.columns})")
        connection.execute(f"INSERT INTO {name} SELECT * FROM read_parquet('{directory / f'{name}.parquet'}')")
    connection.execute("CHECKPOINT")
    return connection
