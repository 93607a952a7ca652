-- Numbers
CREATE MACRO dexp(number) AS exp(number);
CREATE MACRO dlog1(number) AS ln(number);
CREATE MACRO dlog10(number) AS log10(number);
CREATE MACRO log
    (number) AS log10(number),
    (base, number) AS ln(number) / ln(base);
CREATE MACRO pow(number, power) AS power(number, power);
CREATE MACRO checksum(value) AS (abs(hash(value)::HUGEINT) % 2147483647)::INTEGER;
