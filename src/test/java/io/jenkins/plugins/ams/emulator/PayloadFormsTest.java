/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Tests verbose JSON and Atom. */
public class PayloadFormsTest {

    private static final String VERBOSE = "application/json;odata=verbose";
    private static final String METADATA = "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata";
    private static final String DATA = "http://schemas.microsoft.com/ado/2007/08/dataservices";

    private final ManualClock clock = new ManualClock(Instant.parse("2020-04-15T18:45:16.370Z"));
    private Emulator emulator;
    private Client client;
    private String id;

    @Before
    public void start() {
        emulator = Emulator.start(clock);
        client = new Client(emulator);
        id = emulator.addJob(JobScript.named("Encoding")
                        .queued(Duration.ofSeconds(8))
                        .task("Encode", Duration.ofMillis(46_900)))
                .id();
    }

    @After
    public void close() {
        emulator.close();
    }

    @Test
    public void describesAFinishedTaskVerbosely() throws Exception {
        clock.advance(Duration.ofMinutes(2));
        HttpResponse<String> response = client.get("Jobs('" + id + "')/Tasks", VERBOSE);
        assertEquals(
                "application/json;odata=verbose;charset=utf-8",
                response.headers().firstValue("Content-Type").orElseThrow());
        JsonNode task = Client.json(response).at("/d/results/0");
        assertEquals(
                "Microsoft.Cloud.Media.Vod.Rest.Data.Models.Task",
                task.at("/__metadata/type").asText());
        assertEquals(
                task.at("/__metadata/uri").asText() + "/OutputMediaAssets",
                task.at("/OutputMediaAssets/__deferred/uri").asText());
        assertTrue(task.at("/__metadata/uri").asText().startsWith(emulator.endpoint() + "Tasks('nb%3Atid%3AUUID%3A"));
        assertEquals(100.0, task.get("Progress").asDouble(), 0);
        assertEquals(42_210, task.get("RunningDuration").asInt());
        assertEquals("2020-04-15T18:46:11.270Z", task.get("EndTime").asText());
        assertEquals(
                "Collection(Microsoft.Cloud.Media.Vod.Rest.Data.Models.ErrorDetail)",
                task.at("/ErrorDetails/__metadata/type").asText());
        assertEquals(0, task.at("/ErrorDetails/results").size());
        JsonNode events = task.at("/HistoricalEvents/results");
        assertEquals(5, events.size());
        assertEquals("WaitingForFreeResources", events.get(0).get("Code").asText());
        assertTrue(events.get(0).get("Message").isNull());
        assertEquals("2020-04-15T18:45:16.37", events.get(0).get("TimeStamp").asText());
        assertEquals("TaskBillingInformationAdded", events.get(4).get("Code").asText());
        assertTrue(task.get("PerfMessage").asText().contains("\r\n"));
    }

    @Test
    public void describesAJobAndItsStateVerbosely() throws Exception {
        JsonNode job = Client.json(client.get("Jobs('" + id + "')", VERBOSE)).get("d");
        assertEquals("2020-04-15T18:45:16.3700000Z", job.get("Created").asText());
        assertTrue(job.get("StartTime").isNull());
        assertTrue(job.at("/Tasks/__deferred/uri").asText().endsWith("')/Tasks"));
        assertEquals(
                "{\"d\":{\"State\":0}}",
                client.get("Jobs('" + id + "')/State", VERBOSE).body());
    }

    @Test
    public void describesAnAssetVerbosely() throws Exception {
        String body =
                client.get("Jobs('" + id + "')/OutputMediaAssets()", VERBOSE).body();
        assertTrue(body, body.contains("\"Created\":\"\\/Date(1586976316370)\\/\""));
    }

    @Test
    public void usesVerboseJsonBeforeVersion3() throws Exception {
        HttpResponse<String> response =
                client.send(client.request("Jobs").setHeader("MaxDataServiceVersion", "2.0;NetFx"));
        assertTrue(Client.json(response).at("/d/results").isArray());
    }

    @Test
    public void usesAtomWithoutAJsonAcceptHeader() throws Exception {
        clock.advance(Duration.ofMinutes(2));
        HttpResponse<String> response = client.get("Jobs('" + id + "')/Tasks", "*/*");
        assertEquals(
                "application/atom+xml;type=feed;charset=utf-8",
                response.headers().firstValue("Content-Type").orElseThrow());
        Element feed = xml(response).getDocumentElement();
        assertEquals("feed", feed.getLocalName());
        assertEquals(
                1,
                feed.getElementsByTagNameNS("http://www.w3.org/2005/Atom", "entry")
                        .getLength());
        Element state = (Element) feed.getElementsByTagNameNS(DATA, "State").item(0);
        assertEquals("Edm.Int32", state.getAttributeNS(METADATA, "type"));
        assertEquals("3", state.getTextContent());
        Element version =
                (Element) feed.getElementsByTagNameNS(DATA, "EncryptionVersion").item(0);
        assertEquals("true", version.getAttributeNS(METADATA, "null"));

        Element entry =
                xml(client.get("Jobs('" + id + "')", "application/atom+xml")).getDocumentElement();
        assertEquals("entry", entry.getLocalName());
        assertEquals("service", xml(client.get("", "*/*")).getDocumentElement().getLocalName());
    }

    @Test
    public void forcesAFormOverTheAcceptHeader() throws Exception {
        emulator.settings().form(AmsSettings.Form.VERBOSE_JSON);
        assertTrue(Client.json(client.get("Jobs")).has("d"));
        emulator.settings().form(AmsSettings.Form.ATOM);
        assertEquals("feed", xml(client.get("Jobs")).getDocumentElement().getLocalName());
        emulator.settings().form(null);
        assertTrue(Client.json(client.get("Jobs")).has("value"));
    }

    @Test
    public void formatsErrorsLikeTheResponse() throws Exception {
        String unknown = "Jobs('nb:jid:UUID:00000000-1500-80c3-a70e-f1e4ff0d4333')";
        JsonNode minimal = Client.json(client.get(unknown)).get("odata.error");
        assertEquals("", minimal.get("code").asText());
        assertEquals("en-US", minimal.at("/message/lang").asText());
        assertEquals(
                "Resource not found for the segment 'Jobs'.",
                minimal.at("/message/value").asText());
        assertEquals(minimal, Client.json(client.get(unknown, VERBOSE)).get("error"));
        Element error = xml(client.get(unknown, "*/*")).getDocumentElement();
        assertEquals("error", error.getLocalName());
        assertEquals(METADATA, error.getNamespaceURI());
        assertEquals(
                "Resource not found for the segment 'Jobs'.",
                error.getElementsByTagNameNS(METADATA, "message").item(0).getTextContent());
    }

    @Test
    public void listsItsEntitySets() throws Exception {
        JsonNode document = Client.json(client.get(""));
        assertEquals(
                emulator.endpoint() + "$metadata",
                document.get("odata.metadata").asText());
        assertTrue(document.get("value").findValuesAsText("name").contains("Jobs"));
    }

    private static Document xml(HttpResponse<String> response) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(response.body().getBytes(StandardCharsets.UTF_8)));
    }
}
