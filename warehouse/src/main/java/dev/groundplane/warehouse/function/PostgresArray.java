package dev.groundplane.warehouse.function;

/** Arrays of PostgreSQL in its own text form, such as {@code {1,2,NULL}}, as JSON. */
final class PostgresArray {
    private static final String HEX = "0123456789abcdef";

    private final String text;
    private final String elements;
    private final StringBuilder json = new StringBuilder();
    private int at;

    private PostgresArray(String text, String elements) {
        this.text = text;
        this.elements = elements;
    }

    /**
     * The array as JSON. Where it counts from, if not from 1, is not told.
     *
     * @param elements what they are: {@code number}, {@code boolean}, {@code json} or {@code text}. Numbers that JSON does not have,
     *     as {@code NaN}, become texts
     */
    static String json(String text, String elements) {
        var array = new PostgresArray(text, elements);
        array.at = Math.max(0, text.indexOf('{')); // behind bounds, as in [0:1]={1,2}
        array.array();
        return array.json.toString();
    }

    private void array() {
        json.append('[');
        at++;
        while (text.charAt(at) != '}') {
            if (text.charAt(at) == ',') {
                json.append(',');
                at++;
            } else if (text.charAt(at) == '{') {
                array();
            } else if (text.charAt(at) == '"') {
                element(quoted());
            } else {
                var element = bare();
                if (element.equals("NULL")) {
                    json.append("null");
                } else {
                    element(element);
                }
            }
        }
        at++;
        json.append(']');
    }

    private String quoted() {
        var element = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\') {
                at++;
            }
            element.append(text.charAt(at));
        }
        at++;
        return element.toString();
    }

    private String bare() {
        var begin = at;
        while (",}".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(begin, at);
    }

    private void element(String element) {
        switch (elements) {
            case "json" -> json.append(element);
            case "boolean" -> json.append(element.equals("t"));
            case "number" -> {
                if (Character.isDigit(element.charAt(element.length() - 1))) {
                    json.append(element);
                } else {
                    string(element);
                }
            }
            default -> string(element);
        }
    }

    private void string(String element) {
        json.append('"');
        for (var i = 0; i < element.length(); i++) {
            var c = element.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
