"""A bucket with very many keys, made in seconds: the rows of one empty object that was put, copied under other keys.

The control plane is down meanwhile. Putting as many would take most of an hour and show nothing about listing them.
"""

import sqlite3
from pathlib import Path

SEED = "seed"


def copy_rows(database: Path, count: int) -> None:
    """Copies the object SEED under `count` further keys: keys/0000001, keys/0000002..."""
    connection = sqlite3.connect(database)
    try:
        (base,) = connection.execute("SELECT last FROM s3_counter WHERE name = 'id'").fetchone()
        numbers = f"WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {count})"
        seed = f"FROM number, s3_version v, s3_file f WHERE v.key = '{SEED}' AND f.owner = v.id"
        connection.execute(
            f"INSERT INTO s3_small {numbers} SELECT {base} + 2 * n, (SELECT content FROM s3_small LIMIT 1) FROM number"
        )
        connection.execute(
            "INSERT INTO s3_file (owner, part, file, size, etag, checksum, modified)"
            f" {numbers} SELECT {base} + 2 * n - 1, f.part, 'small/' || ({base} + 2 * n), f.size, f.etag, f.checksum,"
            f" f.modified {seed}"
        )
        connection.execute(
            "INSERT INTO s3_version (id, bucket_id, key, version_id, latest, marker, modified, size, etag, parts,"
            " checksum_kind, checksum_type, checksum, headers, tags, legal_hold)"
            f" {numbers} SELECT {base} + 2 * n - 1, v.bucket_id, printf('keys/%07d', n), v.version_id, 1, 0, v.modified,"
            f" v.size, v.etag, v.parts, v.checksum_kind, v.checksum_type, v.checksum, v.headers, v.tags, 0 {seed}"
        )
        connection.execute("UPDATE s3_counter SET last = last + ? WHERE name = 'id'", (2 * count,))
        connection.commit()
    finally:
        connection.close()
