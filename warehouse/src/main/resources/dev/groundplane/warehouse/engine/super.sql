-- SUPER: values are JSON in the engine. SQL's NULL and JSON's are the same to whoever navigates.
CREATE MACRO super_of(value) AS
    CASE WHEN typeof(value) IN ('DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIME WITH TIME ZONE', 'INTERVAL')
        THEN error('could not convert type ' || lower(typeof(value)) || ' to super')
        ELSE to_json(value) END;
CREATE MACRO super_at__(value, path) AS nullif(json_extract(value::JSON, path), 'null'::JSON);
-- What SQL's types take from a value; NULL where it is of another type.
CREATE MACRO super_text__(value) AS
    CASE json_type(value::JSON) WHEN 'ARRAY' THEN NULL WHEN 'OBJECT' THEN NULL ELSE json_extract_string(value::JSON, '$') END;
-- What a value of any type is as a text.
CREATE MACRO column_text__(value) AS CASE typeof(value)
    WHEN 'JSON' THEN super_text__(try_cast(value::VARCHAR AS JSON)) WHEN 'BLOB' THEN decode(try_cast(value::VARCHAR AS BLOB)) ELSE value::VARCHAR END;
CREATE MACRO super_string__(value) AS CASE json_type(value::JSON) WHEN 'VARCHAR' THEN json_extract_string(value::JSON, '$') END;
CREATE MACRO super_number__(value) AS
    CASE WHEN json_type(value::JSON) IN ('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT') THEN json_extract_string(value::JSON, '$')::DOUBLE END;
CREATE MACRO super_boolean__(value) AS CASE json_type(value::JSON) WHEN 'BOOLEAN' THEN value::JSON::BOOLEAN END;
-- Numbers before texts before all else, each in its own order.
CREATE MACRO super_order__(value) AS CASE WHEN value IS NOT NULL THEN {
    'kind': CASE WHEN super_number__(value) IS NOT NULL THEN 0 WHEN json_type(value::JSON) = 'VARCHAR' THEN 1 ELSE 2 END,
    'number': super_number__(value), 'text': json_extract_string(value::JSON, '$')} END;
CREATE MACRO super_elements__(value) AS
    CASE json_type(value::JSON) WHEN 'ARRAY' THEN json_extract(value::JSON, '$[*]') ELSE []::JSON[] END;
CREATE MACRO super_attributes__(value) AS CASE json_type(value::JSON) WHEN 'OBJECT' THEN json_keys(value::JSON) ELSE []::VARCHAR[] END;
CREATE MACRO super_attribute__(value, name) AS json_extract(value::JSON, '$."' || replace(name, '"', '\"') || '"');

CREATE MACRO json_parse(text) AS json_parse_text(text::VARCHAR)::JSON;
CREATE MACRO can_json_parse(text) AS json_can_parse(text::VARCHAR)::BOOLEAN;
CREATE MACRO json_serialize(value) AS value::JSON::VARCHAR;
CREATE MACRO json_serialize_to_varbyte(value) AS encode(value::JSON::VARCHAR);
CREATE MACRO is_valid_json(text) AS json_can_parse(text)::BOOLEAN AND main.trim(text) LIKE '{%';
CREATE MACRO is_valid_json_array(text) AS json_can_parse(text)::BOOLEAN AND main.trim(text) LIKE '[%';
CREATE MACRO json_array_length
    (text) AS json_length_text(text::VARCHAR, 'false')::INTEGER,
    (text, null_if_invalid) AS json_length_text(text::VARCHAR, null_if_invalid::VARCHAR)::INTEGER;
CREATE MACRO json_extract_array_element_text
    (text, position) AS json_element_text(text::VARCHAR, position::VARCHAR, 'false'),
    (text, position, null_if_invalid) AS json_element_text(text::VARCHAR, position::VARCHAR, null_if_invalid::VARCHAR);
CREATE MACRO json_extract_path_text__(text, path, null_if_invalid) AS json_path_text(text::VARCHAR, path::VARCHAR, null_if_invalid::VARCHAR);

-- Arrays
CREATE MACRO array_concat(one, other) AS super_concat(one::JSON::VARCHAR, other::JSON::VARCHAR)::JSON;
CREATE MACRO array_union(one, other) AS super_union(one::JSON::VARCHAR, other::JSON::VARCHAR)::JSON;
CREATE MACRO array_intersection
    (one, other) AS super_intersection(one::JSON::VARCHAR, other::JSON::VARCHAR, 'false')::JSON,
    (one, other, uniquely) AS super_intersection(one::JSON::VARCHAR, other::JSON::VARCHAR, uniquely::VARCHAR)::JSON;
CREATE MACRO array_except
    (one, other) AS super_except(one::JSON::VARCHAR, other::JSON::VARCHAR, 'false')::JSON,
    (one, other, uniquely) AS super_except(one::JSON::VARCHAR, other::JSON::VARCHAR, uniquely::VARCHAR)::JSON;
CREATE MACRO arrays_overlap(one, other) AS super_overlap(one::JSON::VARCHAR, other::JSON::VARCHAR)::BOOLEAN;
CREATE MACRO array_distinct(value) AS super_distinct(value::JSON::VARCHAR)::JSON;
CREATE MACRO array_flatten(value) AS super_flatten(value::JSON::VARCHAR)::JSON;
CREATE MACRO array_sort
    (value) AS super_sort(value::JSON::VARCHAR, 'true', 'false')::JSON,
    (value, ascending) AS super_sort(value::JSON::VARCHAR, ascending::VARCHAR, (NOT ascending)::VARCHAR)::JSON,
    (value, ascending, nulls_first) AS super_sort(value::JSON::VARCHAR, ascending::VARCHAR, nulls_first::VARCHAR)::JSON;
CREATE MACRO array_position
    (value, element) AS super_position(value::JSON::VARCHAR, coalesce(super_of(element)::VARCHAR, 'null'))::INTEGER,
    (value, element, null_match) AS CASE
        WHEN null_match THEN super_position(value::JSON::VARCHAR, coalesce(super_of(element)::VARCHAR, 'null'))::INTEGER
        WHEN super_position(value::JSON::VARCHAR, super_of(element)::VARCHAR) = '-1'
            AND super_position(value::JSON::VARCHAR, 'null') <> '-1' THEN NULL
        ELSE super_position(value::JSON::VARCHAR, super_of(element)::VARCHAR)::INTEGER END;
CREATE MACRO array_positions(value, element) AS super_positions(value::JSON::VARCHAR, coalesce(super_of(element)::VARCHAR, 'null'))::JSON;
CREATE MACRO array_contains
    (value, element) AS sys.functions.array_position(value, element) >= 0,
    (value, element, null_match) AS sys.functions.array_position(value, element, null_match) >= 0;
CREATE MACRO subarray(value, start, length) AS super_subarray(value::JSON::VARCHAR, start::VARCHAR, length::VARCHAR)::JSON;
CREATE MACRO get_array_length(value) AS CASE json_type(value::JSON) WHEN 'ARRAY' THEN main.json_array_length(value::JSON)::INTEGER END;
CREATE MACRO split_to_array
    (text) AS to_json(string_split(text, ',')),
    (text, delimiter) AS to_json(string_split(text, delimiter));

-- Objects
CREATE MACRO get_number_attributes(value) AS CASE json_type(value::JSON) WHEN 'OBJECT' THEN main.length(json_keys(value::JSON))::INTEGER END;
CREATE MACRO lower_attribute_names(value) AS super_case_attributes(value::JSON::VARCHAR, 'false')::JSON;
CREATE MACRO upper_attribute_names(value) AS super_case_attributes(value::JSON::VARCHAR, 'true')::JSON;

-- What a value is
CREATE MACRO json_typeof(value) AS CASE coalesce(json_type(value::JSON), 'NULL')
    WHEN 'VARCHAR' THEN 'string' WHEN 'ARRAY' THEN 'array' WHEN 'OBJECT' THEN 'object' WHEN 'BOOLEAN' THEN 'boolean'
    WHEN 'NULL' THEN 'null' ELSE 'number' END;
CREATE MACRO json_size(value) AS strlen(value::JSON::VARCHAR)::INTEGER;
CREATE MACRO is_array(value) AS coalesce(json_type(value::JSON), '') = 'ARRAY';
CREATE MACRO is_object(value) AS coalesce(json_type(value::JSON), '') = 'OBJECT';
CREATE MACRO is_scalar(value) AS coalesce(json_type(value::JSON), 'NULL') NOT IN ('ARRAY', 'OBJECT', 'NULL');
CREATE MACRO is_boolean(value) AS coalesce(json_type(value::JSON), '') = 'BOOLEAN';
CREATE MACRO is_varchar(value) AS coalesce(json_type(value::JSON), '') = 'VARCHAR';
CREATE MACRO is_char(value) AS is_varchar(value);
CREATE MACRO is_smallint(value) AS coalesce(super_number_kind(value::JSON::VARCHAR), '') = 'smallint';
CREATE MACRO is_integer(value) AS coalesce(super_number_kind(value::JSON::VARCHAR), '') IN ('smallint', 'integer');
CREATE MACRO is_bigint(value) AS coalesce(super_number_kind(value::JSON::VARCHAR), '') IN ('smallint', 'integer', 'bigint');
CREATE MACRO is_decimal(value) AS coalesce(super_number_kind(value::JSON::VARCHAR), '') NOT IN ('', 'float');
CREATE MACRO is_float(value) AS coalesce(super_number_kind(value::JSON::VARCHAR), '') = 'float';
CREATE MACRO decimal_precision(value) AS super_decimal_digits(value::JSON::VARCHAR, 'false')::INTEGER;
CREATE MACRO decimal_scale(value) AS super_decimal_digits(value::JSON::VARCHAR, 'true')::INTEGER;
