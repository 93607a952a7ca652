package dev.groundplane.platform.store;

import dev.groundplane.platform.identity.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The last values that were decoded, with the text that they were decoded from: most of what is looked up by name has not
 * changed since it was looked up before. A value is used again only for the very same text, so nothing here can be stale.
 * Thread-safe; values must be immutable.
 */
final class Decoded<T> {
    /** A few KB each. */
    private static final int MOST = 256;

    private record Name(Scope scope, String name) {}

    private record Known<T>(String body, T value) {}

    private final Function<String, T> decode;
    private final Map<Name, Known<T>> known = LinkedHashMap.newLinkedHashMap(MOST);

    Decoded(Function<String, T> decode) {
        this.decode = decode;
    }

    /** The value of the resource's text. */
    T of(Scope scope, String name, String body) {
        Name key = new Name(scope, name);
        synchronized (known) {
            Known<T> before = known.get(key);
            if (before != null && before.body().equals(body)) {
                return before.value();
            }
        }
        T value = decode.apply(body);
        synchronized (known) {
            if (known.put(key, new Known<>(body, value)) == null && known.size() > MOST) {
                known.remove(known.keySet().iterator().next());
            }
        }
        return value;
    }
}
