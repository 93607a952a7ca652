package dev.groundplane.wire;

/** Appends XML elements to a string. Not thread-safe. */
final class XmlText {
    private final StringBuilder out = new StringBuilder(256);

    XmlText open(String name) {
        out.append('<').append(name).append('>');
        return this;
    }

    XmlText open(String name, String attribute, String value) {
        out.append('<').append(name).append(' ').append(attribute).append("=\"");
        escape(value);
        out.append("\">");
        return this;
    }

    XmlText close(String name) {
        out.append("</").append(name).append('>');
        return this;
    }

    XmlText element(String name, String text) {
        open(name);
        escape(text);
        return close(name);
    }

    /** {@code text} as it may stand in an attribute's value. */
    static String escaped(String text) {
        XmlText escaped = new XmlText();
        escaped.escape(text);
        return escaped.toString();
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                // A raw carriage return would be read back as a line feed.
                case '\r' -> out.append("&#13;");
                default -> {
                    if (c >= ' ' || c == '\n' || c == '\t') {
                        out.append(c);
                    } else {
                        out.append('\uFFFD'); // XML 1.0 has no other control characters
                    }
                }
            }
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
