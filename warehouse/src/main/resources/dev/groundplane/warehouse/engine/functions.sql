-- Redshift's functions that the engine does not have, or has with another meaning. "Redshift SQL reference, SQL functions".

-- Date and time
CREATE MACRO getdate() AS now()::TIMESTAMP;
CREATE MACRO sysdate() AS now()::TIMESTAMP;
CREATE MACRO dateadd(part, quantity, moment) AS
    moment + CASE lower(part)
        WHEN 'year' THEN to_years(quantity::INTEGER) WHEN 'years' THEN to_years(quantity::INTEGER)
        WHEN 'yr' THEN to_years(quantity::INTEGER) WHEN 'y' THEN to_years(quantity::INTEGER)
        WHEN 'quarter' THEN to_months(3 * quantity::INTEGER) WHEN 'quarters' THEN to_months(3 * quantity::INTEGER)
        WHEN 'qtr' THEN to_months(3 * quantity::INTEGER)
        WHEN 'month' THEN to_months(quantity::INTEGER) WHEN 'months' THEN to_months(quantity::INTEGER)
        WHEN 'mon' THEN to_months(quantity::INTEGER)
        WHEN 'week' THEN to_days(7 * quantity::INTEGER) WHEN 'weeks' THEN to_days(7 * quantity::INTEGER)
        WHEN 'w' THEN to_days(7 * quantity::INTEGER)
        WHEN 'day' THEN to_days(quantity::INTEGER) WHEN 'days' THEN to_days(quantity::INTEGER)
        WHEN 'd' THEN to_days(quantity::INTEGER)
        WHEN 'hour' THEN to_hours(quantity::BIGINT) WHEN 'hours' THEN to_hours(quantity::BIGINT)
        WHEN 'hr' THEN to_hours(quantity::BIGINT) WHEN 'h' THEN to_hours(quantity::BIGINT)
        WHEN 'minute' THEN to_minutes(quantity::BIGINT) WHEN 'minutes' THEN to_minutes(quantity::BIGINT)
        WHEN 'min' THEN to_minutes(quantity::BIGINT) WHEN 'm' THEN to_minutes(quantity::BIGINT)
        WHEN 'second' THEN to_seconds(quantity::DOUBLE) WHEN 'seconds' THEN to_seconds(quantity::DOUBLE)
        WHEN 'sec' THEN to_seconds(quantity::DOUBLE) WHEN 's' THEN to_seconds(quantity::DOUBLE)
        WHEN 'millisecond' THEN to_milliseconds(quantity::DOUBLE) WHEN 'ms' THEN to_milliseconds(quantity::DOUBLE)
        WHEN 'microsecond' THEN to_microseconds(quantity::BIGINT) WHEN 'us' THEN to_microseconds(quantity::BIGINT)
        ELSE error('date part "' || part || '" is not one of year, quarter, month, week, day, hour, minute, second') END;
CREATE MACRO add_months(moment, months) AS
    CASE WHEN moment::DATE = last_day(moment::DATE)
        THEN (last_day(moment::DATE + to_months(months::INTEGER)) + moment::TIMESTAMP::TIME)::TIMESTAMP
        ELSE (moment + to_months(months::INTEGER))::TIMESTAMP END;
CREATE MACRO months_between(later, earlier) AS
    (date_part('year', later) - date_part('year', earlier)) * 12 + date_part('month', later) - date_part('month', earlier)
    + CASE WHEN last_day(later::DATE) = later::DATE AND last_day(earlier::DATE) = earlier::DATE THEN 0
        ELSE (date_part('day', later) - date_part('day', earlier)) / 31.0 END;
CREATE MACRO convert_timezone
    (target, moment) AS timezone(target, timezone('UTC', moment::TIMESTAMP)),
    (source, target, moment) AS timezone(target, timezone(source, moment::TIMESTAMP));

-- Conditions
CREATE MACRO nvl2(value, one, other) AS CASE WHEN value IS NOT NULL THEN one ELSE other END;

-- Text
CREATE MACRO charindex(part, text) AS strpos(text, part);
CREATE MACRO len(text) AS length(text);
CREATE MACRO btrim(text) AS trim(text);
CREATE MACRO strtol(text, base) AS
    list_reduce(list_transform(string_split(lower(text), ''), lambda c: strpos('0123456789abcdefghijklmnopqrstuvwxyz', c) - 1),
        lambda sum, digit: sum * base + digit);
CREATE MACRO to_hex(number) AS lower(main.to_hex(number));
CREATE MACRO json_parse(text) AS text::JSON;
CREATE MACRO json_serialize(value) AS value::JSON::VARCHAR;
CREATE MACRO is_valid_json(text) AS json_valid(text);
CREATE MACRO json_array_length(text) AS main.json_array_length(text::JSON);
