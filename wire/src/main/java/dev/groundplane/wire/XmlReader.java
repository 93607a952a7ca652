package dev.groundplane.wire;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;

/** Reads REST-XML bodies into SDK builders. Document type definitions and external entities are refused. */
final class XmlReader {
    private static final int MAX_DEPTH = 100;
    private static final XMLInputFactory FACTORY = factory();

    /** An element: its text, attributes and children in document order. */
    private record Element(String name, String text, Map<String, String> attributes, List<Element> children) {
        List<Element> named(String wanted) {
            return children.stream().filter(c -> c.name.equals(wanted)).toList();
        }
    }

    private XmlReader() {}

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setXMLReporter((message, type, information, location) -> {}); // or it prints to standard error
        return factory;
    }

    /** Fills {@code builder} from the root element's children. An empty body is an empty object. */
    static void read(byte[] body, SdkPojo builder) {
        if (body.length == 0) {
            return;
        }
        try {
            XMLStreamReader xml = FACTORY.createXMLStreamReader(new ByteArrayInputStream(body));
            xml.nextTag();
            pojo(element(xml, 0), builder);
        } catch (XMLStreamException e) {
            throw WireException.serialization(
                    "the body is not valid XML: " + Excerpt.of(String.valueOf(e.getMessage())));
        }
    }

    private static Element element(XMLStreamReader xml, int depth) throws XMLStreamException {
        if (depth > MAX_DEPTH) {
            throw WireException.serialization("the body nests deeper than " + MAX_DEPTH + " elements");
        }
        String name = xml.getLocalName();
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            String prefix = xml.getAttributePrefix(i);
            String local = xml.getAttributeLocalName(i);
            attributes.put(prefix == null || prefix.isEmpty() ? local : prefix + ":" + local, xml.getAttributeValue(i));
        }
        StringBuilder text = new StringBuilder();
        List<Element> children = new ArrayList<>();
        while (true) {
            switch (xml.next()) {
                case XMLStreamReader.START_ELEMENT -> children.add(element(xml, depth + 1));
                case XMLStreamReader.CHARACTERS, XMLStreamReader.CDATA -> text.append(xml.getText());
                case XMLStreamReader.END_ELEMENT -> {
                    return new Element(name, text.toString(), attributes, children);
                }
                default -> {}
            }
        }
    }

    private static void pojo(Element element, SdkPojo builder) {
        for (SdkField<?> field : Shape.of(builder).payloadByName().values()) {
            List<Element> found = element.named(field.locationName());
            String attribute = element.attributes().get(field.locationName());
            if (attribute != null) {
                field.set(builder, Scalars.parse(field, attribute));
            } else if (!found.isEmpty()) {
                field.set(builder, value(field, found));
            }
        }
    }

    private static Object value(SdkField<?> field, List<Element> found) {
        return switch (field.marshallingType().getKnownType()) {
            case SDK_POJO -> {
                SdkPojo builder = field.constructor().get();
                pojo(found.getFirst(), builder);
                yield Shape.build(builder);
            }
            case LIST -> list(field, found);
            case MAP -> map(field, found);
            default -> Scalars.parse(field, found.getFirst().text());
        };
    }

    private static List<@Nullable Object> list(SdkField<?> field, List<Element> found) {
        ListTrait trait = field.getRequiredTrait(ListTrait.class);
        List<Element> items = trait.isFlattened() ? found : found.getFirst().children();
        List<@Nullable Object> list = new ArrayList<>();
        for (Element item : items) {
            list.add(value(trait.memberFieldInfo(), List.of(item)));
        }
        return list;
    }

    private static Map<String, @Nullable Object> map(SdkField<?> field, List<Element> found) {
        MapTrait trait = field.getRequiredTrait(MapTrait.class);
        List<Element> entries = trait.isFlattened() ? found : found.getFirst().named("entry");
        String keyName = trait.keyLocationName() == null ? "key" : trait.keyLocationName();
        String valueName = trait.valueLocationName() == null ? "value" : trait.valueLocationName();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (Element entry : entries) {
            List<Element> key = entry.named(keyName);
            List<Element> value = entry.named(valueName);
            if (!key.isEmpty() && !value.isEmpty()) {
                map.put(key.getFirst().text(), value(trait.valueFieldInfo(), value));
            }
        }
        return map;
    }
}
