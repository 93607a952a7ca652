package dev.groundplane.warehouse.sql;

import dev.groundplane.warehouse.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Functions whose calls look otherwise in the engine's SQL, and how. */
final class FunctionRules {
    /**
     * What becomes of a call.
     *
     * @param takesNulls whether {@code IGNORE NULLS} behind it goes into the parentheses
     * @param takesOver whether the rule places a window itself
     */
    record Rule(Function<Call, List<Token>> body, boolean takesNulls, boolean takesOver) {}

    private static final List<Token> NO_TOKENS = List.of();

    private static final Map<String, Rule> RULES = Map.ofEntries(
            scalar("NVL", call -> Tokens.of("COALESCE( ? )", commas(call.arguments()))),
            scalar("DECODE", FunctionRules::decode),
            scalar("CONVERT", call -> Casts.cast("CAST", call.argument(1), call.argument(0))),
            scalar("DATEADD", FunctionRules::dateAdd),
            scalar("DATE_ADD", FunctionRules::dateAdd),
            scalar("DATEDIFF", FunctionRules::dateDiff),
            scalar("DATE_DIFF", FunctionRules::dateDiff),
            scalar("DATE_PART", call -> datePart(call.datePart(), call.moment(1))),
            scalar("DATEPART", call -> datePart(call.datePart(), call.moment(1))),
            scalar("PGDATE_PART", call -> datePart(call.datePart(), call.moment(1))),
            scalar("EXTRACT", FunctionRules::extract),
            scalar("DATE_TRUNC", FunctionRules::dateTrunc),
            scalar("ADD_MONTHS", call -> moments(call, 1)),
            scalar("LAST_DAY", call -> moments(call, 1)),
            scalar("NEXT_DAY", call -> moments(call, 1)),
            scalar("MONTHS_BETWEEN", call -> moments(call, 2)),
            scalar("DATE_PART_YEAR", call -> moments(call, 1)),
            scalar("CONVERT_TIMEZONE", FunctionRules::convertTimeZone),
            scalar("INTERVAL_CMP", FunctionRules::intervalCompare),
            scalar("TO_NUMBER", FunctionRules::toNumber),
            scalar("TEXT_TO_INT_ALT", FunctionRules::textToIntAlt),
            scalar("TEXT_TO_NUMERIC_ALT", FunctionRules::textToNumericAlt),
            scalar("ARRAY", call -> Tokens.of("json_array( ? )", supers(call))),
            scalar("OBJECT", FunctionRules::object),
            scalar("JSON_EXTRACT_PATH_TEXT", FunctionRules::jsonExtractPathText),
            aggregate("AVG", FunctionRules::average),
            aggregate("LISTAGG", FunctionRules::listAggregate),
            aggregate("PERCENTILE_CONT", call -> percentile("quantile_cont", call)),
            aggregate("PERCENTILE_DISC", call -> percentile("quantile_disc", call)),
            aggregate("RATIO_TO_REPORT", FunctionRules::ratioToReport),
            Map.entry("FIRST_VALUE", new Rule(FunctionRules::unchanged, true, false)),
            Map.entry("LAST_VALUE", new Rule(FunctionRules::unchanged, true, false)),
            Map.entry("NTH_VALUE", new Rule(FunctionRules::unchanged, true, false)),
            Map.entry("LAG", new Rule(FunctionRules::unchanged, true, false)),
            Map.entry("LEAD", new Rule(FunctionRules::unchanged, true, false)));

    private FunctionRules() {}

    private static Map.Entry<String, Rule> scalar(String name, Function<Call, List<Token>> body) {
        return Map.entry(name, new Rule(body, false, false));
    }

    private static Map.Entry<String, Rule> aggregate(String name, Function<Call, List<Token>> body) {
        return Map.entry(name, new Rule(body, false, true));
    }

    /** The rule for a function; empty when its calls stay as they are. */
    static Optional<Rule> of(Token name) {
        return Optional.ofNullable(RULES.get(name.keyword()));
    }

    private static List<Token> commas(List<List<Token>> arguments) {
        var tokens = new ArrayList<Token>();
        for (var argument : arguments) {
            if (!tokens.isEmpty()) {
                tokens.add(Token.made(Kind.SYMBOL, ","));
            }
            tokens.addAll(argument);
        }
        return tokens;
    }

    private static List<Token> unchanged(Call call) {
        return Tokens.of("? ( ? )", List.of(call.name()), commas(call.arguments()));
    }

    /** A NULL is equal to a NULL here. */
    private static List<Token> decode(Call call) {
        var cases = new ArrayList<Token>();
        var i = 1;
        for (; i + 1 < call.arguments().size(); i += 2) {
            cases.addAll(Tokens.of(
                    "WHEN ( ? ) IS NOT DISTINCT FROM ( ? ) THEN ?",
                    call.argument(0),
                    call.argument(i),
                    call.argument(i + 1)));
        }
        var otherwise = i < call.arguments().size() ? Tokens.of("ELSE ?", call.argument(i)) : NO_TOKENS;
        if (cases.isEmpty()) {
            call.argument(2); // says what is missing
        }
        return Tokens.of("CASE ? ? END", cases, otherwise);
    }

    private static List<Token> dateAdd(Call call) {
        var part = call.datePart();
        return part == DatePart.YEAR
                ? Tokens.of("date_add__year( ? , ? )", call.argument(1), call.moment(2))
                : Tokens.of("date_add( ? , ? , ? )", name(part), call.argument(1), call.moment(2));
    }

    private static List<Token> dateDiff(Call call) {
        return Tokens.of("date_diff( ? , ? , ? )", name(call.datePart()), call.moment(1), call.moment(2));
    }

    private static List<Token> name(DatePart part) {
        return Tokens.string(part.engineName());
    }

    private static List<Token> datePart(DatePart part, List<Token> moment) {
        return switch (part) {
            case SECOND -> Tokens.of("pgdate_part__second( ? )", moment);
            case MILLISECOND, MICROSECOND -> Tokens.of("pgdate_part__fraction( ? , ? )", name(part), moment);
            default -> Tokens.of("pgdate_part( ? , ? )", name(part), moment);
        };
    }

    /** {@code EXTRACT(part FROM moment)} */
    private static List<Token> extract(Call call) {
        var argument = call.argument(0);
        if (argument.size() < 3 || !argument.get(1).is("FROM")) {
            throw SqlFailure.syntax(
                    "syntax error in EXTRACT: write EXTRACT(part FROM value)",
                    call.name().start());
        }
        var inner = new Call(
                call.name(),
                false,
                List.of(argument.subList(0, 1), argument.subList(2, argument.size())),
                NO_TOKENS,
                NO_TOKENS);
        var part = inner.datePart();
        return switch (part) {
            case EPOCH -> Tokens.of("date_part__epoch( ? )", inner.moment(1));
            case MILLISECOND, MICROSECOND -> Tokens.of("date_part__fraction( ? , ? )", name(part), inner.moment(1));
            default -> Tokens.of("date_part__of( ? , ? )", name(part), inner.moment(1));
        };
    }

    private static List<Token> dateTrunc(Call call) {
        var part = call.datePart();
        return switch (part) {
            case CENTURY -> Tokens.of("date_trunc__years(100, ? )", call.moment(1));
            case MILLENNIUM -> Tokens.of("date_trunc__years(1000, ? )", call.moment(1));
            default -> Tokens.of("date_trunc( ? , ? )", name(part), call.moment(1));
        };
    }

    /** With the first arguments as moments. */
    private static List<Token> moments(Call call, int count) {
        var arguments = new ArrayList<>(call.arguments());
        for (var i = 0; i < count; i++) {
            arguments.set(i, call.moment(i));
        }
        return Tokens.of("? ( ? )", List.of(call.name()), commas(arguments));
    }

    private static List<Token> convertTimeZone(Call call) {
        var arguments = new ArrayList<>(call.arguments());
        arguments.set(arguments.size() - 1, call.moment(arguments.size() - 1));
        return Tokens.of("convert_timezone( ? )", commas(arguments));
    }

    private static List<Token> intervalCompare(Call call) {
        return Tokens.of(
                "interval_cmp( ? , ? )",
                Casts.cast("CAST", call.argument(0), Tokens.of("INTERVAL")),
                Casts.cast("CAST", call.argument(1), Tokens.of("INTERVAL")));
    }

    /** As many digits after the point as the format has. */
    private static List<Token> toNumber(Call call) {
        var format = call.argument(1);
        var scale = 10L;
        if (format.size() == 1 && format.getFirst().kind() == Kind.STRING) {
            var text = format.getFirst().string().toUpperCase(Locale.ROOT).replace('D', '.');
            var point = text.indexOf('.');
            scale = point < 0
                    ? 0
                    : text.substring(point)
                            .chars()
                            .filter(c -> c == '9' || c == '0')
                            .count();
        }
        return Tokens.of("CAST(to_number__text( ? , ? ) AS DECIMAL(38, ? ))", call.argument(0), format, number(scale));
    }

    private static List<Token> textToIntAlt(Call call) {
        if (call.arguments().size() > 1) {
            throw SqlFailure.unsupported("function TEXT_TO_INT_ALT with a format");
        }
        return Tokens.of("CAST(text_to_int_alt__text( ? ) AS INTEGER)", call.argument(0));
    }

    private static List<Token> textToNumericAlt(Call call) {
        return switch (call.arguments().size()) {
            case 1 -> Tokens.of("CAST(text_to_numeric_alt__text( ? ) AS DECIMAL(38, 0))", call.argument(0));
            case 3 ->
                Tokens.of(
                        "CAST(text_to_numeric_alt__text( ? ) AS DECIMAL( ? , ? ))",
                        call.argument(0),
                        call.argument(1),
                        call.argument(2));
            default -> throw SqlFailure.unsupported("function TEXT_TO_NUMERIC_ALT with a format");
        };
    }

    private static List<Token> number(long number) {
        return List.of(Token.made(Kind.NUMBER, Long.toString(number)));
    }

    private static List<Token> supers(Call call) {
        return commas(call.arguments().stream()
                .map(argument -> Tokens.of("super_of( ? )", argument))
                .toList());
    }

    private static List<Token> object(Call call) {
        var arguments = new ArrayList<List<Token>>();
        for (var i = 0; i < call.arguments().size(); i++) {
            arguments.add(i % 2 == 0 ? call.argument(i) : Tokens.of("super_of( ? )", call.argument(i)));
        }
        return Tokens.of("json_object( ? )", commas(arguments));
    }

    private static List<Token> jsonExtractPathText(Call call) {
        var path = new ArrayList<>(call.arguments().subList(1, call.arguments().size()));
        var nullIfInvalid = Tokens.of("false");
        if (!path.isEmpty()
                && path.getLast().size() == 1
                && (path.getLast().getFirst().is("TRUE")
                        || path.getLast().getFirst().is("FALSE"))) {
            nullIfInvalid = path.removeLast();
        }
        return Tokens.of(
                "json_extract_path_text__( ? , json_array( ? ), ? )", call.argument(0), commas(path), nullIfInvalid);
    }

    /** Of whole numbers a whole number, as sum and count divide. */
    private static List<Token> average(Call call) {
        if (call.arguments().size() != 1) {
            return unchanged(call);
        }
        var distinct = call.distinct() ? Tokens.of("DISTINCT") : NO_TOKENS;
        return Tokens.of(
                "avg(sum( ? ? ) ? , count( ? ? ) ? )",
                distinct,
                call.argument(0),
                call.over(),
                distinct,
                call.argument(0),
                call.over());
    }

    /** NULLs and empty texts are left out. */
    private static List<Token> listAggregate(Call call) {
        var delimiter =
                call.arguments().size() > 1 ? Tokens.of("coalesce( ? , '')", call.argument(1)) : Tokens.of("''");
        var order = call.order().isEmpty() ? NO_TOKENS : Tokens.of("ORDER BY ?", call.order());
        var value = Tokens.of("nullif(CAST( ? AS VARCHAR), '')", call.argument(0));
        return call.distinct()
                ? Tokens.of("listagg__distinct(list( ? ? ) ? , ? )", value, order, call.over(), delimiter)
                : Tokens.of("listagg(string_agg( ? , ? ? ) ? )", value, delimiter, order, call.over());
    }

    private static List<Token> percentile(String function, Call call) {
        var descending = !call.order().isEmpty() && call.order().getLast().is("DESC");
        var ascending = !call.order().isEmpty() && call.order().getLast().is("ASC");
        var value =
                descending || ascending ? call.order().subList(0, call.order().size() - 1) : call.order();
        var fraction = descending ? Tokens.of("(1 - ? )", call.argument(0)) : call.argument(0);
        return Tokens.of(function + "( ? , ? ) ?", value, fraction, call.over());
    }

    private static List<Token> ratioToReport(Call call) {
        return Tokens.of("ratio_to_report( ? , sum( ? ) ? )", call.argument(0), call.argument(0), call.over());
    }
}
