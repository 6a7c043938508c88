/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The Atom format, which the service uses if the client does not request JSON. */
final class AtomXml implements PayloadFormat {

    private static final String PROLOG = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
    private static final String DATA = "http://schemas.microsoft.com/ado/2007/08/dataservices";
    private static final String METADATA = DATA + "/metadata";
    private static final String NAMESPACES =
            " xmlns=\"http://www.w3.org/2005/Atom\" xmlns:d=\"" + DATA + "\" xmlns:m=\"" + METADATA + "\"";

    private final DateSpelling dates;

    AtomXml(DateSpelling dates) {
        this.dates = dates;
    }

    @Override
    public String contentType(boolean feed) {
        return "application/atom+xml;type=" + (feed ? "feed" : "entry") + ";charset=utf-8";
    }

    @Override
    public byte[] feed(String base, String set, List<Entity> entities) {
        StringBuilder xml =
                new StringBuilder(PROLOG).append("<feed xml:base=\"" + text(base) + "\"" + NAMESPACES + ">");
        xml.append("<title type=\"text\">" + set + "</title><id>" + text(base + set) + "</id>");
        for (Entity entity : entities) {
            entry(xml, base, entity, "");
        }
        return xml.append("</feed>").toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] entity(String base, Entity entity) {
        StringBuilder xml = new StringBuilder(PROLOG);
        entry(xml, base, entity, " xml:base=\"" + text(base) + "\"" + NAMESPACES);
        return xml.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] property(String base, String name, Object value) {
        StringBuilder xml = new StringBuilder(PROLOG);
        property(xml, name, value, NAMESPACES.substring(NAMESPACES.indexOf(" xmlns:d")));
        return xml.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] error(String code, String message) {
        String xml = PROLOG + "<error xmlns=\"" + METADATA + "\"><code>" + text(code)
                + "</code><message xml:lang=\"en-US\">" + text(message) + "</message></error>";
        return xml.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] serviceDocument(String base, List<String> sets) {
        StringBuilder xml = new StringBuilder(PROLOG)
                .append("<service xml:base=\"" + text(base) + "\" xmlns=\"http://www.w3.org/2007/app\""
                        + " xmlns:atom=\"http://www.w3.org/2005/Atom\"><workspace><atom:title>Default</atom:title>");
        for (String set : sets) {
            xml.append("<collection href=\"" + set + "\"><atom:title>" + set + "</atom:title></collection>");
        }
        return xml.append("</workspace></service>").toString().getBytes(StandardCharsets.UTF_8);
    }

    private void entry(StringBuilder xml, String base, Entity entity, String attributes) {
        String address = VerboseJson.uri(base, entity);
        xml.append("<entry" + attributes + "><id>" + text(address) + "</id>");
        xml.append("<category term=\"" + Entity.fullType(entity.type()) + "\" scheme=\"" + DATA + "/scheme\" />");
        for (String link : entity.links()) {
            xml.append(
                    "<link rel=\"" + DATA + "/related/" + link + "\" type=\"application/atom+xml;type=feed\" title=\""
                            + link + "\" href=\"" + text(address.substring(base.length()) + "/" + link) + "\" />");
        }
        xml.append("<title /><author><name /></author><content type=\"application/xml\"><m:properties>");
        properties(xml, entity.properties());
        xml.append("</m:properties></content></entry>");
    }

    private void properties(StringBuilder xml, Map<String, Object> properties) {
        properties.forEach((name, value) -> property(xml, name, value, ""));
    }

    private void property(StringBuilder xml, String name, Object value, String attributes) {
        String start = "<d:" + name + attributes;
        String end = "</d:" + name + ">";
        if (value == null) {
            xml.append(start + " m:null=\"true\" />");
        } else if (value instanceof Entity.Complex complex) {
            xml.append(start + " m:type=\"Collection(" + Entity.fullType(complex.type()) + ")\">");
            for (Map<String, Object> item : complex.items()) {
                xml.append("<d:element>");
                properties(xml, item);
                xml.append("</d:element>");
            }
            xml.append(end);
        } else if (value instanceof Entity.DateTime date) {
            String spelled = spelling(date.role()).write(date.value());
            xml.append(start + " m:type=\"Edm.DateTime\">" + spelled + end);
        } else if (value instanceof Entity.Int64 number) {
            xml.append(start + " m:type=\"Edm.Int64\">" + number.value() + end);
        } else if (value instanceof String string) {
            xml.append(start + ">" + text(string) + end);
        } else {
            xml.append(start + " m:type=\"" + type(value) + "\">" + value + end);
        }
    }

    /** Returns the date format, without {@code /Date(ms)/}, which exists only in JSON. */
    private DateSpelling spelling(DateRole role) {
        DateSpelling spelling = dates.at(role, false);
        return spelling == DateSpelling.EPOCH ? DateSpelling.NO_ZONE : spelling;
    }

    private static String type(Object value) {
        if (value instanceof Integer) {
            return "Edm.Int32";
        }
        return value instanceof Boolean ? "Edm.Boolean" : "Edm.Double";
    }

    /** Escapes a text and removes the control characters that XML 1.0 does not allow. */
    private static String text(String value) {
        StringBuilder escaped = new StringBuilder();
        value.codePoints().forEach(c -> {
            if (c == '&') {
                escaped.append("&amp;");
            } else if (c == '<') {
                escaped.append("&lt;");
            } else if (c == '>') {
                escaped.append("&gt;");
            } else if (c == '"') {
                escaped.append("&quot;");
            } else if (c == '\r') {
                escaped.append("&#xD;");
            } else if (c >= ' ' || c == '\n' || c == '\t') {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }
}
