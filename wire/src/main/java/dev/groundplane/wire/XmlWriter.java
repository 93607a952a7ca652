package dev.groundplane.wire;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.XmlAttributeTrait;
import software.amazon.awssdk.core.traits.XmlAttributesTrait;

/** Writes the body members of SDK model objects as XML, for Query and REST-XML. */
final class XmlWriter {
    private final XmlText xml;

    XmlWriter(XmlText xml) {
        this.xml = xml;
    }

    void members(SdkPojo pojo) {
        for (SdkField<?> field : Shape.of(pojo).fields()) {
            Object value = field.location() == MarshallLocation.PAYLOAD && !isAttribute(field)
                    ? Shape.value(field, pojo)
                    : null;
            if (value != null) {
                value(field, field.unmarshallLocationName(), value);
            }
        }
    }

    /** Members that XML carries as attributes are written by their parent's trait. */
    private static boolean isAttribute(SdkField<?> field) {
        return field.containsTrait(XmlAttributeTrait.class);
    }

    void value(SdkField<?> field, String name, Object value) {
        switch (value) {
            case SdkPojo pojo -> {
                openWithAttributes(field, name, pojo);
                members(pojo);
                xml.close(name);
            }
            case List<?> list -> list(field, name, list);
            case Map<?, ?> map -> map(field, name, map);
            default -> xml.element(name, Scalars.text(field, value));
        }
    }

    private void openWithAttributes(SdkField<?> field, String name, SdkPojo pojo) {
        XmlAttributesTrait trait = field.getTrait(XmlAttributesTrait.class);
        if (trait == null) {
            xml.open(name);
            return;
        }
        StringBuilder tag = new StringBuilder(name);
        trait.attributes().forEach((attribute, accessors) -> {
            String value = accessors.attributeGetter().apply(pojo);
            if (value != null) {
                tag.append(' ')
                        .append(attribute)
                        .append("=\"")
                        .append(XmlText.escaped(value))
                        .append('"');
            }
        });
        xml.open(tag.toString());
    }

    private void list(SdkField<?> field, String name, List<?> list) {
        ListTrait trait = field.getRequiredTrait(ListTrait.class);
        if (trait.isFlattened()) {
            String member = trait.memberLocationName() == null ? name : trait.memberLocationName();
            list.forEach(item -> value(trait.memberFieldInfo(), member, item));
            return;
        }
        String member = trait.memberLocationName() == null ? "member" : trait.memberLocationName();
        xml.open(name);
        list.forEach(item -> value(trait.memberFieldInfo(), member, item));
        xml.close(name);
    }

    private void map(SdkField<?> field, String name, Map<?, ?> map) {
        MapTrait trait = field.getRequiredTrait(MapTrait.class);
        String key = trait.keyLocationName() == null ? "key" : trait.keyLocationName();
        String valueName = trait.valueLocationName() == null ? "value" : trait.valueLocationName();
        String entry = trait.isFlattened() ? name : "entry";
        if (!trait.isFlattened()) {
            xml.open(name);
        }
        map.forEach((k, v) -> {
            xml.open(entry).element(key, k.toString());
            value(trait.valueFieldInfo(), valueName, v);
            xml.close(entry);
        });
        if (!trait.isFlattened()) {
            xml.close(name);
        }
    }
}
