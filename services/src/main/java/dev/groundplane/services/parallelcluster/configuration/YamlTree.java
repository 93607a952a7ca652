package dev.groundplane.services.parallelcluster.configuration;

import dev.groundplane.services.parallelcluster.configuration.YamlNode.Mapping;
import dev.groundplane.services.parallelcluster.configuration.YamlNode.Scalar;
import dev.groundplane.services.parallelcluster.configuration.YamlNode.ScalarKind;
import dev.groundplane.services.parallelcluster.configuration.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Makes a tree of a text of YAML 1.2. The text may be anybody's: its length, its depth and the number of its values, aliases
 * counted as often as they are used, have bounds. Tags, which would say how to read a value, are refused, and so are keys that
 * come twice, keys that are no single values, and a second document, and characters that no store takes. There are no merge keys: {@code <<} is a key like others.
 *
 * <p>It takes the parser's events, because the library's own trees are made by recursion without a bound.
 */
final class YamlTree {
    /** Characters: 50 queues with a compute resource each, all settings given, are a quarter of it. */
    static final int LONGEST_TEXT = 64 * 1024;

    static final int DEEPEST = 32;
    static final int MOST_VALUES = 20_000;

    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setLabel("the configuration").build();
    private static final ScalarResolver RESOLVER = new CoreSchema().getScalarResolver();

    private final Iterator<Event> events;
    private final Map<String, YamlNode> anchors = new HashMap<>();
    private int values;

    private YamlTree(Iterator<Event> events) {
        this.events = events;
    }

    /** The text's only document; empty if it has none, or one without anything. */
    static Optional<YamlNode> parse(String text) throws YamlSyntaxException {
        if (text.length() > LONGEST_TEXT) {
            throw new YamlSyntaxException(
                    "the configuration has %d characters; at most %d are read".formatted(text.length(), LONGEST_TEXT));
        }
        try {
            return new YamlTree(new Parse(SETTINGS).parseString(text).iterator()).document();
        } catch (MarkedYamlEngineException e) {
            String problem = Optional.ofNullable(e.getProblem()).orElse("this is not YAML");
            throw e.getProblemMark().map(mark -> at(mark, problem)).orElseGet(() -> new YamlSyntaxException(problem));
        } catch (YamlEngineException e) {
            throw new YamlSyntaxException(Optional.ofNullable(e.getMessage()).orElse("this is not YAML"));
        }
    }

    private Optional<YamlNode> document() throws YamlSyntaxException {
        Optional<YamlNode> root = Optional.empty();
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case Scalar, SequenceStart, MappingStart, Alias -> root = Optional.of(node(event, 1));
                case DocumentStart -> {
                    if (root.isPresent()) {
                        throw at(event, "a second document begins; a configuration is one");
                    }
                }
                case StreamStart, StreamEnd, DocumentEnd, Comment, SequenceEnd, MappingEnd -> {}
            }
        }
        return root.filter(node -> !(node instanceof Scalar scalar && scalar.kind() == ScalarKind.NULL));
    }

    private YamlNode node(Event event, int depth) throws YamlSyntaxException {
        if (depth > DEEPEST) {
            throw at(event, "values are nested more than %d deep".formatted(DEEPEST));
        }
        YamlNode node = switch (event) {
            case AliasEvent alias -> aliased(alias);
            case ScalarEvent scalar -> scalar(scalar);
            case CollectionStartEvent collection -> {
                refuseTag(collection, collection.getTag());
                yield collection instanceof SequenceStartEvent ? sequence(depth) : mapping(depth);
            }
            default -> throw at(event, "a value was expected");
        };
        if (event instanceof NodeEvent named && !(event instanceof AliasEvent)) {
            named.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), node));
        }
        // A collection's items have counted themselves.
        values += event instanceof AliasEvent ? node.size() : 1;
        if (values > MOST_VALUES) {
            throw at(event, "there are more than %d values, with those that aliases repeat".formatted(MOST_VALUES));
        }
        return node;
    }

    private YamlNode aliased(AliasEvent alias) throws YamlSyntaxException {
        String name = alias.getAnchor().orElseThrow().getValue();
        YamlNode node = anchors.get(name);
        if (node == null) {
            throw at(alias, "the alias *%s names no complete value before it".formatted(name));
        }
        return node;
    }

    private static Scalar scalar(ScalarEvent event) throws YamlSyntaxException {
        refuseTag(event, event.getTag());
        if (event.getValue().codePoints().anyMatch(YamlTree::isNoCharacter)) {
            throw at(event, "the text has a control character or half a character, which are refused");
        }
        return new Scalar(event.getValue(), event.isPlain() ? kind(event.getValue()) : ScalarKind.TEXT);
    }

    /** What escapes may stand for and no store takes: controls but tab and line feed, and surrogates without their other half. */
    private static boolean isNoCharacter(int c) {
        return (Character.isISOControl(c) && c != '\t' && c != '\n')
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static ScalarKind kind(String text) {
        Tag tag = RESOLVER.resolve(text, true);
        if (tag.equals(Tag.INT)) {
            return ScalarKind.INTEGER;
        }
        if (tag.equals(Tag.FLOAT)) {
            return ScalarKind.FRACTION;
        }
        if (tag.equals(Tag.BOOL)) {
            return ScalarKind.BOOLEAN;
        }
        return tag.equals(Tag.NULL) ? ScalarKind.NULL : ScalarKind.TEXT;
    }

    private Sequence sequence(int depth) throws YamlSyntaxException {
        List<YamlNode> items = new ArrayList<>();
        int size = 1;
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            YamlNode item = node(event, depth + 1);
            items.add(item);
            size += item.size();
        }
        return new Sequence(items, size);
    }

    private Mapping mapping(int depth) throws YamlSyntaxException {
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        int size = 1;
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (!(node(event, depth + 1) instanceof Scalar key)) {
                throw at(event, "a key is a list or a mapping; keys are single values");
            }
            YamlNode value = node(events.next(), depth + 1);
            if (entries.putIfAbsent(key.text(), value) != null) {
                throw at(event, "the key %s comes twice".formatted(Problems.quote(key.text())));
            }
            size += 1 + value.size();
        }
        return new Mapping(entries, size);
    }

    private static void refuseTag(Event event, Optional<String> tag) throws YamlSyntaxException {
        if (tag.isPresent()) {
            throw at(event, "the tag %s is refused; write values without tags".formatted(Problems.quote(tag.get())));
        }
    }

    private static YamlSyntaxException at(Event event, String message) {
        return event.getStartMark().map(mark -> at(mark, message)).orElseGet(() -> new YamlSyntaxException(message));
    }

    private static YamlSyntaxException at(Mark mark, String message) {
        return new YamlSyntaxException(message, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
