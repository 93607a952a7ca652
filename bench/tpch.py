"""TPC-H: its tables, its data and its questions, for any engine with Python's DB-API."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TableDefinition:
    """Columns with their types, as all engines take them, and what Redshift and PostgreSQL add to find rows faster."""

    columns: str
    sorted_by: str
    distributed_by: str
    key: str
    indexed: tuple[str, ...] = ()


TABLES = {
    "region": TableDefinition(
        "r_regionkey INTEGER, r_name VARCHAR(25), r_comment VARCHAR(152)", "r_regionkey", "r_regionkey", "r_regionkey"
    ),
    "nation": TableDefinition(
        "n_nationkey INTEGER, n_name VARCHAR(25), n_regionkey INTEGER, n_comment VARCHAR(152)",
        "n_nationkey",
        "n_nationkey",
        "n_nationkey",
    ),
    "supplier": TableDefinition(
        "s_suppkey INTEGER, s_name VARCHAR(25), s_address VARCHAR(40), s_nationkey INTEGER, s_phone VARCHAR(15),"
        " s_acctbal DECIMAL(15,2), s_comment VARCHAR(101)",
        "s_suppkey",
        "s_suppkey",
        "s_suppkey",
        ("s_nationkey",),
    ),
    "part": TableDefinition(
        "p_partkey INTEGER, p_name VARCHAR(55), p_mfgr VARCHAR(25), p_brand VARCHAR(10), p_type VARCHAR(25),"
        " p_size INTEGER, p_container VARCHAR(10), p_retailprice DECIMAL(15,2), p_comment VARCHAR(23)",
        "p_partkey",
        "p_partkey",
        "p_partkey",
    ),
    "customer": TableDefinition(
        "c_custkey INTEGER, c_name VARCHAR(25), c_address VARCHAR(40), c_nationkey INTEGER, c_phone VARCHAR(15),"
        " c_acctbal DECIMAL(15,2), c_mktsegment VARCHAR(10), c_comment VARCHAR(117)",
        "c_custkey",
        "c_custkey",
        "c_custkey",
        ("c_nationkey",),
    ),
    "partsupp": TableDefinition(
        "ps_partkey INTEGER, ps_suppkey INTEGER, ps_availqty INTEGER, ps_supplycost DECIMAL(15,2),"
        " ps_comment VARCHAR(199)",
        "ps_partkey",
        "ps_partkey",
        "ps_partkey, ps_suppkey",
        ("ps_suppkey",),
    ),
    "orders": TableDefinition(
        "o_orderkey BIGINT, o_custkey INTEGER, o_orderstatus VARCHAR(1), o_totalprice DECIMAL(15,2), o_orderdate DATE,"
        " o_orderpriority VARCHAR(15), o_clerk VARCHAR(15), o_shippriority INTEGER, o_comment VARCHAR(79)",
        "o_orderdate",
        "o_orderkey",
        "o_orderkey",
        ("o_custkey", "o_orderdate"),
    ),
    "lineitem": TableDefinition(
        "l_orderkey BIGINT, l_partkey INTEGER, l_suppkey INTEGER, l_linenumber INTEGER, l_quantity DECIMAL(15,2),"
        " l_extendedprice DECIMAL(15,2), l_discount DECIMAL(15,2), l_tax DECIMAL(15,2), l_returnflag VARCHAR(1),"
        " l_linestatus VARCHAR(1), l_shipdate DATE, l_commitdate DATE, l_receiptdate DATE, l_shipinstruct VARCHAR(25),"
        " l_shipmode VARCHAR(10), l_comment VARCHAR(44)",
        "l_shipdate",
        "l_orderkey",
        "l_orderkey, l_linenumber",
        ("l_partkey, l_suppkey", "l_suppkey", "l_shipdate", "l_receiptdate"),
    ),
}


def generate(directory: Path, scale: float, form: str, *tables: str) -> None:
    """Writes TABLE.csv (with a header) or TABLE.parquet for each table, all when none is named."""
    chosen = ["--tables", ",".join(tables)] if tables else []
    program = Path(sys.executable).with_name("tpchgen-cli")
    subprocess.run([program, form, "--scale-factor", str(scale), "--output-dir", directory, *chosen], check=True)


def questions() -> dict[int, str]:
    """The 22 queries by number."""
    text = Path(__file__).with_name("tpch_queries.sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- (\d+): .*\n", text, flags=re.MULTILINE)[1:]
    return {int(number): sql.strip().rstrip(";") for number, sql in zip(parts[::2], parts[1::2], strict=True)}
