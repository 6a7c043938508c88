/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Tests which queries are supported and which are rejected. */
public class QueryTest {

    private Emulator emulator;
    private Client client;
    private String first;
    private String second;

    @Before
    public void start() {
        emulator = Emulator.start();
        client = new Client(emulator);
        first = emulator.addJob(JobScript.named("it's first")).id();
        second = emulator.addJob(JobScript.named("second")).id();
        emulator.addJob(JobScript.named("third"));
    }

    @After
    public void close() {
        emulator.close();
    }

    private List<String> names(String query) throws Exception {
        HttpResponse<String> response = client.get(query);
        assertEquals(response.body(), 200, response.statusCode());
        return Client.json(response).get("value").findValuesAsText("Name");
    }

    private void assertRejected(int status, String query) throws Exception {
        HttpResponse<String> response = client.get(query);
        assertEquals(query, status, response.statusCode());
        assertTrue(
                Client.json(response).at("/odata.error/message/value").asText().length() > 5);
    }

    @Test
    public void findsAJobInEveryEncoding() throws Exception {
        for (String filter : List.of(
                Client.encoded("Id eq '" + first + "'"),
                "Id%20eq%20'" + first.replace(":", "%3a") + "'",
                "Id+eq+%27" + first + "%27",
                "(Id%20eq%20'" + first + "')")) {
            assertEquals(List.of("it's first"), names("Jobs()?$filter=" + filter + "&$top=1"));
            assertEquals(List.of("it's first"), names("Jobs?%24filter=" + filter));
        }
    }

    @Test
    public void findsSeveralJobsAtOnce() throws Exception {
        String either = "Id eq '" + first + "' or Id eq '" + second + "'";
        assertEquals(List.of("it's first", "second"), names("Jobs()?$filter=" + Client.encoded(either)));
        either = "(Id eq '" + second + "') or (Id eq 'nb:jid:UUID:x')";
        assertEquals(List.of("second"), names("Jobs()?$filter=" + Client.encoded(either)));
    }

    @Test
    public void rejectsSeveralClausesIfConfigured() throws Exception {
        emulator.settings().oneClausePerFilter(true);
        String either = "Id eq '" + first + "' or Id eq '" + second + "'";
        assertRejected(400, "Jobs()?$filter=" + Client.encoded(either));
        assertEquals(List.of("second"), names("Jobs()?$filter=" + Client.encoded("Id eq '" + second + "'")));
    }

    @Test
    public void readsDoubledQuotes() throws Exception {
        assertEquals(List.of("it's first"), names("Jobs?$filter=" + Client.encoded("startswith(Name,'it''s')")));
        assertRejected(400, "Jobs?$filter=" + Client.encoded("startswith(Name,'it's')"));
        assertEquals(List.of(), names("Jobs?$filter=" + Client.encoded("Id eq 'x'' or Id ne ''y'")));
    }

    @Test
    public void pages() throws Exception {
        assertEquals(List.of("it's first", "second"), names("Jobs?$top=2"));
        assertEquals(List.of("second", "third"), names("Jobs?$skip=1"));
        assertEquals(List.of("second"), names("Jobs?$skip=1&$top=1"));
        assertRejected(400, "Jobs?$top=-1");
        assertRejected(400, "Jobs?$skip=x");
    }

    @Test
    public void selects() throws Exception {
        JsonNode jobs = Client.json(client.get("Jobs?$select=State&$top=1")).get("value");
        assertEquals("[{\"State\":2}]", jobs.toString());
        assertRejected(400, "Jobs?$select=Progress");
    }

    @Test
    public void ignoresTheCaseOfTheBaseOnly() throws Exception {
        URI other = URI.create(emulator.authority() + "/API/Jobs");
        assertEquals(200, client.send(client.request("Jobs").uri(other)).statusCode());
        assertRejected(404, "jobs");
    }

    @Test
    public void rejectsUnsupportedQueries() throws Exception {
        assertRejected(400, "Jobs('" + first + "')?$expand=Tasks");
        assertRejected(400, "Jobs?$expand=Tasks");
        assertRejected(400, "Jobs?$orderby=Created");
        assertRejected(400, "Jobs?$filter=" + Client.encoded("Id ne '" + first + "'"));
        assertRejected(400, "Jobs?$filter=" + Client.encoded("Id eq '" + first + "' and Id eq '" + first + "'"));
        assertRejected(400, "Jobs('" + first + "'");
        assertRejected(400, "Jobs('job-1')");
        assertRejected(400, "Jobs('nb:cid:UUID:00000000-1500-80c3-a70e-f1e4ff0d4333')");
        assertRejected(404, "Jobs('nb:jid:UUID:00000000-1500-80c3-a70e-f1e4ff0d4333')");
        assertRejected(404, "Jobs('" + first + "')/Progress");
        assertRejected(404, "Channels");
    }

    @Test
    public void rejectsLongQueries() throws Exception {
        String filter = "$filter=" + Client.encoded("Id eq '" + "x".repeat(2048) + "'");
        assertRejected(400, "Jobs()?" + filter);
        emulator.settings().maxQueryLength(4096);
        assertEquals(List.of(), names("Jobs()?" + filter));
    }

    @Test
    public void requiresAVersion() throws Exception {
        assertEquals(
                400,
                client.send(client.request("Jobs").setHeader("x-ms-version", "3.0"))
                        .statusCode());
        assertEquals(
                400,
                client.send(client.request("Jobs").setHeader("DataServiceVersion", "4.0"))
                        .statusCode());
        assertEquals(
                200,
                client.send(client.request("Jobs").setHeader("DataServiceVersion", "1.0;NetFx"))
                        .statusCode());
        assertEquals(
                400,
                client.http()
                        .send(
                                HttpRequest.newBuilder(emulator.endpoint().resolve("Jobs"))
                                        .header("Authorization", "Bearer " + client.token())
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode());
    }

    @Test
    public void requiresAToken() throws Exception {
        for (String authorization : List.of("Bearer x", "Basic x", client.token())) {
            HttpResponse<String> response =
                    client.send(client.request("Jobs").setHeader("Authorization", authorization));
            assertEquals(401, response.statusCode());
        }
    }

    @Test
    public void logsRequestsByKind() throws Exception {
        client.get("Jobs('" + first + "')/State");
        client.get("Jobs('" + first + "')/Tasks()");
        client.get("Tasks");
        client.get("Jobs('" + first + "')/OutputMediaAssets");
        client.get("CancelJob?jobid='x'");
        client.get("");
        assertEquals(1, emulator.requests().count(RequestKind.TOKEN));
        assertEquals(1, emulator.requests().count(RequestKind.JOBS));
        assertEquals(2, emulator.requests().count(RequestKind.TASKS));
        assertEquals(1, emulator.requests().count(RequestKind.ASSETS));
        assertEquals(1, emulator.requests().count(RequestKind.CANCEL));
        assertEquals(1, emulator.requests().count(RequestKind.OTHER));
        assertEquals(
                "/api/Jobs('" + first + "')/State",
                emulator.requests().last(RequestKind.JOBS).target());
        emulator.requests().clear();
        assertEquals(0, emulator.requests().count());
    }
}
