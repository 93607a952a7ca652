package dev.groundplane.warehouse.function;

import java.util.List;

/** All functions of this package, by the names that macros in the resources of the engine call. */
public final class Functions {
    /** In no order. */
    public static final List<TextFunction> ALL = List.of(
            new TextFunction("text_of_value", 3, a -> ValueFormat.format(a[0], a[1], a[2])),
            new TextFunction("text_to_timestamp", 3, a -> DateTimeParser.parse(a[0], a[1], Boolean.parseBoolean(a[2]))),
            new TextFunction("text_to_number", 2, a -> NumberFormat.parse(a[0], a[1])),
            new TextFunction("text_cut", 2, a -> Texts.cut(a[0], Integer.parseInt(a[1]))),
            new TextFunction("text_initcap", 1, a -> Texts.initcap(a[0])),
            new TextFunction("text_soundex", 1, a -> Soundex.of(a[0])),
            new TextFunction("text_difference", 2, a -> Soundex.difference(a[0], a[1])),
            new TextFunction("text_strtol", 2, a -> Texts.strtol(a[0], a[1])),
            new TextFunction("text_quote_ident", 1, a -> Texts.quoteIdent(a[0])),
            new TextFunction("text_number_alt", 1, a -> Texts.numberAlt(a[0])),
            new TextFunction("hash_fnv", 3, a -> Hashes.fnv(a[0], a[1], a[2])),
            new TextFunction("hash_sha2", 2, a -> Hashes.sha2(a[0], a[1])),
            new TextFunction("hash_crc32", 1, a -> Hashes.crc32(a[0])),
            new TextFunction(
                    "regexp_count_text",
                    4,
                    a -> RegularExpression.of(a[1], a[3]).count(a[0], a[2])),
            new TextFunction(
                    "regexp_instr_text",
                    6,
                    a -> RegularExpression.of(a[1], a[5]).position(a[0], a[2], a[3], a[4])),
            new TextFunction(
                    "regexp_substr_text",
                    5,
                    a -> RegularExpression.of(a[1], a[4]).part(a[0], a[2], a[3])),
            new TextFunction(
                    "regexp_replace_text",
                    5,
                    a -> RegularExpression.of(a[1], a[4]).replace(a[0], a[2], a[3])),
            new TextFunction("json_parse_text", 1, a -> Json.parse(a[0])),
            new TextFunction("json_can_parse", 1, a -> Boolean.toString(Json.canParse(a[0]))),
            new TextFunction("json_path_text", 3, a -> Json.pathText(a[0], a[1], a[2])),
            new TextFunction("json_element_text", 3, a -> Json.elementText(a[0], a[1], a[2])),
            new TextFunction("json_length_text", 2, a -> Json.arrayLength(a[0], a[1])),
            new TextFunction("postgres_array_json", 2, a -> PostgresArray.json(a[0], a[1])),
            new TextFunction("super_concat", 2, a -> JsonArrays.concat(a[0], a[1])),
            new TextFunction("super_union", 2, a -> JsonArrays.union(a[0], a[1])),
            new TextFunction("super_intersection", 3, a -> JsonArrays.intersection(a[0], a[1], a[2])),
            new TextFunction("super_except", 3, a -> JsonArrays.except(a[0], a[1], a[2])),
            new TextFunction("super_overlap", 2, a -> JsonArrays.overlap(a[0], a[1])),
            new TextFunction("super_distinct", 1, a -> JsonArrays.distinct(a[0])),
            new TextFunction("super_flatten", 1, a -> JsonArrays.flatten(a[0])),
            new TextFunction("super_subarray", 3, a -> JsonArrays.subarray(a[0], a[1], a[2])),
            new TextFunction("super_sort", 3, a -> JsonArrays.sort(a[0], a[1], a[2])),
            new TextFunction("super_position", 2, a -> JsonArrays.position(a[0], a[1])),
            new TextFunction("super_positions", 2, a -> JsonArrays.positions(a[0], a[1])),
            new TextFunction("super_case_attributes", 2, a -> Json.attributeCase(a[0], a[1])),
            new TextFunction("super_number_kind", 1, a -> Json.numberKind(a[0])),
            new TextFunction("super_decimal_digits", 2, a -> Json.decimalDigits(a[0], a[1])));

    private Functions() {}
}
