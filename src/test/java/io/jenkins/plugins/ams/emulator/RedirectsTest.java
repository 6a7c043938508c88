/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.net.http.HttpResponse;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Tests {@link Redirects}. */
public class RedirectsTest {

    private Emulator emulator;
    private Client client;

    @Before
    public void start() {
        emulator = Emulator.start();
        client = new Client(emulator);
    }

    @After
    public void close() {
        emulator.close();
    }

    private HttpResponse<String> get(URI uri) throws Exception {
        return client.send(client.request("Jobs").uri(uri));
    }

    private static String location(HttpResponse<String> response) {
        return response.headers().firstValue("Location").orElseThrow();
    }

    @Test
    public void redirectsTheRootToTheApi() throws Exception {
        for (String path : new String[] {"/", "/Jobs()?$top=1", "/CancelJob?jobid='x'"}) {
            HttpResponse<String> response = get(URI.create(emulator.authority() + path));
            assertEquals(301, response.statusCode());
            assertEquals(emulator.endpoint().toString(), location(response));
            assertTrue(response.body(), response.body().contains("Object moved"));
        }
    }

    @Test
    public void redirectsToTheSameResource() throws Exception {
        for (int status : new int[] {301, 302, 307, 308}) {
            URI endpoint = emulator.redirects().toApi(status);
            HttpResponse<String> response = get(URI.create(endpoint + "Jobs()?$filter=Id%20eq%20'a%3Ab'&$top=1"));
            assertEquals(status, response.statusCode());
            assertEquals(emulator.endpoint() + "Jobs()?$filter=Id%20eq%20'a%3Ab'&$top=1", location(response));
            assertEquals(200, get(URI.create(location(response))).statusCode());
        }
    }

    @Test
    public void redirectsToTheApiBase() throws Exception {
        assertEquals(
                emulator.endpoint().toString(),
                location(get(emulator.redirects().toApiBase(301).resolve("Jobs"))));
    }

    @Test
    public void redirectsInALoop() throws Exception {
        URI endpoint = emulator.redirects().loop(302);
        assertEquals(endpoint + "Jobs", location(get(endpoint.resolve("Jobs"))));
    }

    @Test
    public void redirectsToForeignHosts() throws Exception {
        URI endpoint = emulator.redirects().to(307, URI.create("https://127.0.0.1:9/api/"));
        assertEquals("https://127.0.0.1:9/api/Jobs", location(get(endpoint.resolve("Jobs"))));
    }

    @Test
    public void redirectsWithoutALocation() throws Exception {
        HttpResponse<String> response =
                get(emulator.redirects().withoutLocation(302).resolve("Jobs"));
        assertEquals(302, response.statusCode());
        assertTrue(response.headers().firstValue("Location").isEmpty());
    }

    @Test
    public void redirectsFromAnotherPort() throws Exception {
        URI endpoint = emulator.redirects().toApiFromOtherPort(301);
        assertNotEquals(emulator.endpoint().getPort(), endpoint.getPort());
        assertEquals(emulator.endpoint() + "Jobs", location(get(endpoint.resolve("Jobs"))));
        RecordedRequest seen = emulator.requests().last(RequestKind.OTHER);
        assertEquals("https://localhost:" + endpoint.getPort(), seen.origin());
        assertTrue(seen.header("authorization").isPresent());
    }
}
