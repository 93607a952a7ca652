-- Texts and binary values
CREATE MACRO charindex(part, text) AS strpos(text::VARCHAR, part::VARCHAR);
CREATE MACRO octetindex(part, text) AS
    CASE WHEN strpos(text, part) = 0 THEN 0 ELSE strlen(left(text, strpos(text, part) - 1)) + 1 END;
CREATE MACRO len(value) AS CASE WHEN typeof(value) = 'BLOB' THEN main.octet_length(value::VARCHAR::BLOB) ELSE main.length(value::VARCHAR) END;
CREATE MACRO length(value) AS sys.functions.len(value);
CREATE MACRO textlen(value) AS sys.functions.len(value);
CREATE MACRO char_length(value) AS sys.functions.len(value);
CREATE MACRO character_length(value) AS sys.functions.len(value);
CREATE MACRO octet_length(value) AS CASE WHEN typeof(value) = 'BLOB' THEN main.octet_length(value::VARCHAR::BLOB) ELSE strlen(value::VARCHAR) END;
CREATE MACRO btrim
    (text) AS main.trim(text),
    (text, characters) AS main.trim(text, characters);
CREATE MACRO ltrim
    (text) AS main.ltrim(text),
    (text, characters) AS main.ltrim(text::VARCHAR, characters);
CREATE MACRO rtrim
    (text) AS main.rtrim(text),
    (text, characters) AS main.rtrim(text::VARCHAR, characters);
CREATE MACRO initcap(text) AS text_initcap(text::VARCHAR);
CREATE MACRO lpad
    (text, length) AS main.lpad(text, length, ' '),
    (text, length, fill) AS main.lpad(text, length, fill);
CREATE MACRO rpad
    (text, length) AS main.rpad(text, length, ' '),
    (text, length, fill) AS main.rpad(text, length, fill);
CREATE MACRO repeat(text, number) AS main.repeat(text::VARCHAR, number);
CREATE MACRO replicate(text, number) AS main.repeat(text::VARCHAR, number);
CREATE MACRO reverse(text) AS main.reverse(text::VARCHAR);
CREATE MACRO translate(text, "from", "to") AS main.translate(text, "from", "to");
CREATE MACRO concat(one, other) AS one || other;
CREATE MACRO quote_ident(name) AS text_quote_ident(name::VARCHAR);
CREATE MACRO quote_literal(text) AS '''' || replace(replace(text::VARCHAR, '\', '\\'), '''', '''''') || '''';
CREATE MACRO soundex(text) AS text_soundex(text);
CREATE MACRO difference(one, other) AS text_difference(one, other)::INTEGER;
CREATE MACRO strtol(text, base) AS text_strtol(text, base::VARCHAR)::BIGINT;
CREATE MACRO bpcharcmp(one, other) AS
    CASE WHEN main.rtrim(one, ' ') < main.rtrim(other, ' ') THEN -1 WHEN main.rtrim(one, ' ') = main.rtrim(other, ' ') THEN 0 ELSE 1 END;
CREATE MACRO bttext_pattern_cmp(one, other) AS CASE WHEN one < other THEN -1 WHEN one = other THEN 0 ELSE 1 END;
CREATE MACRO varchar__cut(value, bytes) AS
    CASE WHEN strlen(value::VARCHAR) <= bytes THEN value::VARCHAR ELSE text_cut(value::VARCHAR, bytes::VARCHAR) END;
-- Positions below 1 count: what lies before the text takes its part of the length.
CREATE MACRO substring
    (value, start) AS main.substring(value, greatest(start::BIGINT, 1)),
    (value, start, length) AS main.substring(value, greatest(start::BIGINT, 1), greatest(0, length::BIGINT + least(start::BIGINT, 1) - 1));
CREATE MACRO substr
    (value, start) AS sys.functions.substring(value, start),
    (value, start, length) AS sys.functions.substring(value, start, length);

-- Regular expressions
CREATE MACRO regexp_count
    (text, pattern) AS regexp_count_text(text::VARCHAR, pattern, '1', 'c')::INTEGER,
    (text, pattern, start) AS regexp_count_text(text::VARCHAR, pattern, greatest(start, 1)::VARCHAR, 'c')::INTEGER,
    (text, pattern, start, parameters) AS regexp_count_text(text::VARCHAR, pattern, greatest(start, 1)::VARCHAR, parameters)::INTEGER;
CREATE MACRO regexp_instr
    (text, pattern) AS regexp_instr_text(text::VARCHAR, pattern, '1', '1', '0', 'c')::INTEGER,
    (text, pattern, start) AS regexp_instr_text(text::VARCHAR, pattern, greatest(start, 1)::VARCHAR, '1', '0', 'c')::INTEGER,
    (text, pattern, start, occurrence) AS
        regexp_instr_text(text::VARCHAR, pattern, greatest(start, 1)::VARCHAR, occurrence::VARCHAR, '0', 'c')::INTEGER,
    (text, pattern, start, occurrence, option) AS
        regexp_instr_text(text::VARCHAR, pattern, greatest(start, 1)::VARCHAR, occurrence::VARCHAR, option::VARCHAR, 'c')::INTEGER,
    (text, pattern, start, occurrence, option, parameters) AS
        regexp_instr_text(text::VARCHAR, pattern, greatest(start, 1)::VARCHAR, occurrence::VARCHAR, option::VARCHAR, parameters)::INTEGER;
CREATE MACRO regexp_substr
    (text, pattern) AS regexp_substr_text(text::VARCHAR, pattern, '1', '1', 'c'),
    (text, pattern, start) AS regexp_substr_text(text::VARCHAR, pattern, greatest(start, 1)::VARCHAR, '1', 'c'),
    (text, pattern, start, occurrence) AS
        regexp_substr_text(text::VARCHAR, pattern, greatest(start, 1)::VARCHAR, occurrence::VARCHAR, 'c'),
    (text, pattern, start, occurrence, parameters) AS
        regexp_substr_text(text::VARCHAR, pattern, greatest(start, 1)::VARCHAR, occurrence::VARCHAR, parameters);
CREATE MACRO regexp_replace
    (text, pattern) AS regexp_replace_text(text::VARCHAR, pattern, '', '1', 'c'),
    (text, pattern, replacement) AS regexp_replace_text(text::VARCHAR, pattern, replacement, '1', 'c'),
    (text, pattern, replacement, start) AS regexp_replace_text(text::VARCHAR, pattern, replacement, greatest(start, 1)::VARCHAR, 'c'),
    (text, pattern, replacement, start, parameters) AS
        regexp_replace_text(text::VARCHAR, pattern, replacement, greatest(start, 1)::VARCHAR, parameters);

-- Binary values
CREATE MACRO to_hex(value) AS
    CASE WHEN typeof(value) IN ('BLOB', 'VARCHAR') THEN lower(hex(value::VARCHAR::BLOB)) ELSE lower(main.to_hex(try_cast(value::VARCHAR AS BIGINT))) END;
CREATE MACRO from_hex(text) AS unhex(text);
CREATE MACRO to_varbyte(text, format) AS
    CASE lower(format) WHEN 'hex' THEN unhex(CASE WHEN strlen(text) % 2 = 1 THEN '0' || text ELSE text END)
        WHEN 'binary' THEN unhex(main.lpad(main.to_hex(strtol(text, 2)), ((strlen(text) + 7) // 8 * 2)::INTEGER, '0'))
        WHEN 'utf8' THEN encode(text) WHEN 'utf-8' THEN encode(text) WHEN 'base64' THEN from_base64(text)
        ELSE error('format "' || format || '" is not one of hex, binary, utf8, base64') END;
CREATE MACRO from_varbyte(value, format) AS
    CASE lower(format) WHEN 'hex' THEN lower(hex(value::BLOB)) WHEN 'binary' THEN value::BLOB::BIT::VARCHAR
        WHEN 'utf8' THEN decode(value::BLOB) WHEN 'utf-8' THEN decode(value::BLOB) WHEN 'base64' THEN to_base64(value::BLOB)
        ELSE error('format "' || format || '" is not one of hex, binary, utf8, base64') END;
CREATE MACRO getbit(value, index) AS get_bit(value::BIT, (main.octet_length(value) * 8 - 1 - index)::INTEGER);
