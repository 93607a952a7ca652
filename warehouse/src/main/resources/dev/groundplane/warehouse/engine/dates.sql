-- Dates and times. Parts of dates are the engine's names of them: whoever calls these has translated Redshift's.
CREATE MACRO getdate() AS now()::TIMESTAMP;
CREATE MACRO sysdate() AS now()::TIMESTAMP;
CREATE MACRO timeofday() AS text_of_value('TIMESTAMP', now()::TIMESTAMP::VARCHAR, 'Dy Mon DD HH24:MI:SS.US YYYY "UTC"');
CREATE MACRO date_add(part, quantity, moment) AS
    moment + CASE part
        WHEN 'millennium' THEN to_years(1000 * quantity::INTEGER) WHEN 'century' THEN to_years(100 * quantity::INTEGER)
        WHEN 'decade' THEN to_years(10 * quantity::INTEGER) WHEN 'quarter' THEN to_months(3 * quantity::INTEGER)
        WHEN 'month' THEN to_months(quantity::INTEGER) WHEN 'week' THEN to_days(7 * quantity::INTEGER)
        WHEN 'day' THEN to_days(quantity::INTEGER) WHEN 'hour' THEN to_hours(quantity::BIGINT)
        WHEN 'minute' THEN to_minutes(quantity::BIGINT) WHEN 'second' THEN to_seconds(quantity::DOUBLE)
        WHEN 'millisecond' THEN to_milliseconds(quantity::DOUBLE) WHEN 'microsecond' THEN to_microseconds(quantity::BIGINT)
        ELSE error('DATEADD of ' || part || ' is not supported') END;
-- From the 29th of February, years lead to the 1st of March where there is no 29th.
CREATE MACRO date_add__year(quantity, moment) AS
    moment + to_years(quantity::INTEGER)
    + to_days(CASE WHEN main.date_part('day', moment) <> main.date_part('day', moment + to_years(quantity::INTEGER)) THEN 1 ELSE 0 END);
CREATE MACRO add_months(moment, months) AS
    CASE WHEN moment::DATE = last_day(moment::DATE)
        THEN (last_day(moment::DATE + to_months(months::INTEGER)) + moment::TIMESTAMP::TIME)::TIMESTAMP
        ELSE (moment::TIMESTAMP + to_months(months::INTEGER)) END;
CREATE MACRO months_between(later, earlier) AS
    (main.date_part('year', later::TIMESTAMP) - main.date_part('year', earlier::TIMESTAMP)) * 12
    + main.date_part('month', later::TIMESTAMP) - main.date_part('month', earlier::TIMESTAMP)
    + CASE WHEN main.date_part('day', later::TIMESTAMP) = main.date_part('day', earlier::TIMESTAMP)
            OR last_day(later::DATE) = later::DATE AND last_day(earlier::DATE) = earlier::DATE THEN 0
        ELSE (epoch(later::TIMESTAMP) - epoch(date_trunc('month', later::TIMESTAMP))
            - epoch(earlier::TIMESTAMP) + epoch(date_trunc('month', earlier::TIMESTAMP))) / 86400.0 / 31.0 END;
CREATE MACRO pgdate_part(part, moment) AS main.date_part(part, moment)::DOUBLE;
CREATE MACRO pgdate_part__second(moment) AS main.date_part('second', moment) + main.date_part('microsecond', moment) % 1000000 / 1e6;
CREATE MACRO pgdate_part__fraction(part, moment) AS
    (main.date_part(part, moment) % CASE part WHEN 'millisecond' THEN 1000 ELSE 1000000 END)::DOUBLE;
CREATE MACRO date_part__of(part, moment) AS main.date_part(part, moment)::INTEGER;
CREATE MACRO date_part__epoch(moment) AS floor(main.date_part('epoch', moment))::BIGINT;
CREATE MACRO date_part__fraction(part, moment) AS
    (main.date_part(part, moment) % CASE part WHEN 'millisecond' THEN 1000 ELSE 1000000 END)::INTEGER;
CREATE MACRO date_part_year(moment) AS main.date_part('year', moment)::INTEGER;
CREATE MACRO date_trunc(part, moment) AS main.date_trunc(part, moment + INTERVAL 0 SECOND);
-- Centuries and millennia begin with a year that ends in 1.
CREATE MACRO date_trunc__years(years, moment) AS
    make_timestamp((main.date_part('year', moment) - 1) // years * years + 1, 1, 1, 0, 0, 0.0);
CREATE MACRO next_day(moment, day) AS
    moment::DATE + ((list_position(['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'], lower(left(day, 2))) + 5
        - main.date_part('dow', moment::DATE)) % 7 + 1)::INTEGER;
CREATE MACRO convert_timezone
    (target, moment) AS timezone(target, timezone('UTC', moment::TIMESTAMP)),
    (source, target, moment) AS timezone(target, timezone(source, moment::TIMESTAMP));

-- Comparisons: -1, 0 or 1
CREATE MACRO date_cmp(one, other) AS sign(one::DATE - other::DATE)::INTEGER;
CREATE MACRO timestamp_cmp(one, other) AS sign(epoch_us(one::TIMESTAMP) - epoch_us(other::TIMESTAMP))::INTEGER;
CREATE MACRO timestamptz_cmp(one, other) AS sign(epoch_us(one::TIMESTAMPTZ) - epoch_us(other::TIMESTAMPTZ))::INTEGER;
CREATE MACRO date_cmp_timestamp(one, other) AS timestamp_cmp(one, other);
CREATE MACRO date_cmp_timestamptz(one, other) AS timestamptz_cmp(one, other);
CREATE MACRO timestamp_cmp_date(one, other) AS timestamp_cmp(one, other);
CREATE MACRO timestamp_cmp_timestamptz(one, other) AS timestamptz_cmp(one, other);
CREATE MACRO timestamptz_cmp_date(one, other) AS timestamptz_cmp(one, other);
CREATE MACRO timestamptz_cmp_timestamp(one, other) AS timestamptz_cmp(one, other);
CREATE MACRO interval_cmp(one, other) AS CASE WHEN one < other THEN -1 WHEN one = other THEN 0 ELSE 1 END;

-- Formats
CREATE MACRO to_char(value, format) AS text_of_value(typeof(value), value::VARCHAR, format);
CREATE MACRO to_date
    (text, format) AS text_to_timestamp(text::VARCHAR, format, 'false')::TIMESTAMP::DATE,
    (text, format, strict) AS text_to_timestamp(text::VARCHAR, format, strict::VARCHAR)::TIMESTAMP::DATE;
CREATE MACRO to_timestamp
    (text, format) AS text_to_timestamp(text::VARCHAR, format, 'false')::TIMESTAMP::TIMESTAMPTZ,
    (text, format, strict) AS text_to_timestamp(text::VARCHAR, format, strict::VARCHAR)::TIMESTAMP::TIMESTAMPTZ;
CREATE MACRO to_number__text(text, format) AS text_to_number(text, format);
CREATE MACRO text_to_int_alt__text(text) AS main.trunc(text_number_alt(text)::DECIMAL(38, 10));
CREATE MACRO text_to_numeric_alt__text(text) AS text_number_alt(text);
