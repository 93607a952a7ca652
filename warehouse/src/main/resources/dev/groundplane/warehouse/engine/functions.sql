-- Redshift's functions that the engine does not have, or has with another meaning. "Redshift SQL reference, SQL functions".
-- A name with two underscores is one that the rewriting of queries calls; clients see what stands before them as the column's name.

-- Conditions
CREATE MACRO nvl2(value, one, other) AS CASE WHEN value IS NOT NULL THEN one ELSE other END;

-- Aggregates: of what the engine's own gave
CREATE MACRO avg(total, number) AS total // number;
CREATE MACRO ratio_to_report(value, total) AS value::DOUBLE / nullif(total, 0);
CREATE MACRO listagg(text) AS CASE WHEN strlen(text) > 65535 THEN error('Result size exceeds LISTAGG limit') ELSE text END;
CREATE MACRO listagg__distinct(texts, delimiter) AS
    listagg(nullif(array_to_string(list_filter(texts, lambda its_text, its_place: list_position(texts, its_text) = its_place), delimiter), ''));

-- Hashes
CREATE MACRO sha(text) AS sha1(text);
CREATE MACRO func_sha1(text) AS sha1(text);
CREATE MACRO sha2(text, bits) AS hash_sha2(text::VARCHAR, bits::VARCHAR);
CREATE MACRO crc32(text) AS hash_crc32(text::VARCHAR);
CREATE MACRO fnv_hash
    (value) AS coalesce(hash_fnv(typeof(value), value::VARCHAR, '-3750763034362895579')::BIGINT, -3750763034362895579),
    (value, seed) AS coalesce(hash_fnv(typeof(value), value::VARCHAR, seed::VARCHAR)::BIGINT, seed::BIGINT);
