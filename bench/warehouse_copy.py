"""Loading files: COPY from the platform's S3 beside its engine reading the same files from the disk."""

import shutil
import time
from collections.abc import Callable

import tpch
import warehouse_engines
from installation import Installation
from spread import low_to_high, median
from table import Table, Target

TABLE = tpch.TABLES["lineitem"]
READ = {"csv": "read_csv('{}', header = true)", "parquet": "read_parquet('{}')"}
OPTIONS = {"csv": "CSV IGNOREHEADER 1", "parquet": "PARQUET"}


def measure(installation: Installation, warehouse, plan, say: Callable[[str], None]) -> dict:
    """MB/s of the files, each load into a new table and durable at its end."""
    bucket = warehouse_engines.Bucket(installation, "warehouse-copy")
    rates = {}
    for form in READ:
        directory = installation.scratch / f"copy-{form}"
        tpch.generate(directory, plan.copy_scale, form, "lineitem")
        bucket.upload(directory)
        file = directory / f"lineitem.{form}"
        megabytes = file.stat().st_size / 1e6
        own, engines = [], []
        for turn in range(plan.rounds):
            say(f"COPY of {megabytes:.0f} MB of {form}, round {turn + 1} of {plan.rounds}")
            own.append(megabytes / _copy(warehouse, bucket.source(f"{directory.name}/lineitem"), form))
            engines.append(megabytes / _read(installation.scratch / "copy.duckdb", READ[form].format(file)))
        rates[form] = {"megabytes": megabytes, "groundplane": own, "duckdb": engines}
        shutil.rmtree(directory)
    return rates


def _copy(warehouse, source: str, form: str) -> float:
    with warehouse.connect(autocommit=True, sslmode="disable") as connection:
        connection.execute(f"CREATE TABLE loaded({TABLE.columns})")
        begun = time.perf_counter()
        connection.execute(f"COPY loaded {source} {OPTIONS[form]}")
        seconds = time.perf_counter() - begun
        connection.execute("DROP TABLE loaded")
        return seconds


def _read(file, source: str) -> float:
    with warehouse_engines.engine(file) as connection:
        connection.execute(f"CREATE TABLE loaded({TABLE.columns})")
        begun = time.perf_counter()
        connection.execute(f"INSERT INTO loaded SELECT * FROM {source}")
        seconds = time.perf_counter() - begun
    file.unlink()
    return seconds


def table(rates: dict) -> Table:
    """Each format."""
    rows = [
        (
            f"{form}, {one['megabytes']:,.0f} MB",
            f"{median(one['groundplane']):,.0f} MB/s ({low_to_high(one['groundplane'], ',.0f')})",
            f"{median(one['duckdb']):,.0f} MB/s ({low_to_high(one['duckdb'], ',.0f')})",
            f"{_ratio(one):.2f}x",
        )
        for form, one in rates.items()
    ]
    return Table("Loading", ("files", "COPY from S3", "DuckDB from the disk", "times DuckDB"), rows)


def _ratio(one: dict) -> float:
    return median(one["groundplane"]) / median(one["duckdb"])


def targets(rates: dict) -> list[Target]:
    """What was promised."""
    return [Target.at_least(f"COPY of {form}, times DuckDB", _ratio(one), 0.8, "x") for form, one in rates.items()]
