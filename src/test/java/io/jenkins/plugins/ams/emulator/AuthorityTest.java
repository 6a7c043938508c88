/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.ams.emulator.AzureAd.AuthorityError;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Tests the authority's responses without a token. */
public class AuthorityTest {

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

    private void assertRejected(int status, String error, int number, HttpResponse<String> response) throws Exception {
        assertEquals(response.body(), status, response.statusCode());
        JsonNode body = Client.json(response);
        assertEquals(error, body.get("error").asText());
        String description = body.get("error_description").asText();
        assertTrue(description, description.startsWith("AADSTS" + number + ": "));
        assertTrue(
                description,
                description.contains("\r\nTrace ID: " + body.get("trace_id").asText()));
        assertTrue(
                description,
                description.contains(
                        "\r\nCorrelation ID: " + body.get("correlation_id").asText()));
        assertTrue(description, description.matches("(?s).*\r\nTimestamp: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\dZ"));
        assertEquals(number, body.at("/error_codes/0").asInt());
        assertTrue(body.has("timestamp") && body.has("error_uri"));
    }

    private HttpResponse<String> with(String name, String value) throws Exception {
        Map<String, String> form = client.tokenForm();
        form.put(name, value);
        return client.requestToken(form);
    }

    @Test
    public void rejectsInvalidRequests() throws Exception {
        assertRejected(401, "invalid_client", 7000215, with("client_secret", "wrong"));
        assertRejected(400, "unauthorized_client", 700016, with("client_id", "00000000-0000-0000-0000-000000000000"));
        assertRejected(400, "invalid_scope", 70011, with("scope", "https://rest.media.azure.net"));
        assertRejected(400, "invalid_scope", 70011, with("scope", "openid profile"));
        assertRejected(400, "invalid_resource", 500011, with("scope", "https://rest.media.azure.com/.default"));
        assertRejected(400, "unsupported_grant_type", 70003, with("grant_type", "password"));
        assertRejected(401, "invalid_client", 50027, with("client_assertion", "x.y.z"));
    }

    @Test
    public void rejectsOtherTenants() throws Exception {
        Map<String, String> form = client.tokenForm();
        for (String tenant : new String[] {"00000000-0000-0000-0000-000000000000", "contoso.onmicrosoft.com"}) {
            assertRejected(400, "invalid_request", 90002, client.postForm("/" + tenant + "/oauth2/v2.0/token", form));
        }
        assertRejected(400, "invalid_request", 900023, client.postForm("/not%20a%20tenant/oauth2/v2.0/token", form));
    }

    @Test
    public void rejectsAnExpiredSecretAndABlockedApplication() throws Exception {
        emulator.azureAd().fault(AuthorityError.EXPIRED_SECRET);
        assertRejected(401, "invalid_client", 7000222, client.requestToken(client.tokenForm()));
        emulator.azureAd().fault(AuthorityError.BLOCKED_BY_POLICY);
        assertRejected(400, "invalid_grant", 53003, client.requestToken(client.tokenForm()));
        emulator.azureAd().fault(AuthorityError.UNKNOWN_RESOURCE);
        assertRejected(400, "invalid_resource", 500011, client.requestToken(client.tokenForm()));
        emulator.azureAd().fault(AuthorityError.NONE);
        assertEquals(200, client.requestToken(client.tokenForm()).statusCode());
    }

    @Test
    public void isUnavailableWithAndWithoutRetryAfter() throws Exception {
        emulator.azureAd().retryAfter(Duration.ofSeconds(11));
        for (AuthorityError fault : new AuthorityError[] {AuthorityError.BUSY, AuthorityError.THROTTLED}) {
            emulator.azureAd().fault(fault);
            HttpResponse<String> response = client.requestToken(client.tokenForm());
            boolean busy = fault == AuthorityError.BUSY;
            assertRejected(busy ? 503 : 429, "temporarily_unavailable", busy ? 90033 : 90055, response);
            assertTrue(response.headers().firstValue("Retry-After").isEmpty());
        }
        for (AuthorityError fault :
                new AuthorityError[] {AuthorityError.BUSY_WITH_RETRY_AFTER, AuthorityError.THROTTLED_WITH_RETRY_AFTER
                }) {
            emulator.azureAd().fault(fault);
            HttpResponse<String> response = client.requestToken(client.tokenForm());
            assertEquals("11", response.headers().firstValue("Retry-After").orElseThrow());
        }
    }

    @Test
    public void returnsInvalidResponses() throws Exception {
        emulator.azureAd().fault(AuthorityError.HTML_PAGE);
        HttpResponse<String> page = client.requestToken(client.tokenForm());
        assertEquals(503, page.statusCode());
        assertTrue(page.body().startsWith("<html>"));
        emulator.azureAd().fault(AuthorityError.EMPTY_500);
        HttpResponse<String> empty = client.requestToken(client.tokenForm());
        assertEquals(500, empty.statusCode());
        assertEquals("", empty.body());
        emulator.azureAd().fault(AuthorityError.NOT_JSON);
        HttpResponse<String> text = client.requestToken(client.tokenForm());
        assertEquals(200, text.statusCode());
        assertEquals("Signed in.", text.body());
        emulator.azureAd().fault(AuthorityError.NO_ACCESS_TOKEN);
        HttpResponse<String> without = client.requestToken(client.tokenForm());
        assertEquals(200, without.statusCode());
        assertTrue(Client.json(without).path("access_token").isMissingNode());
    }

    @Test
    public void formatsInjectedFaultsLikeAnAuthority() throws Exception {
        emulator.faults()
                .inject(Fault.status(429)
                        .retryAfter(Duration.ofSeconds(3))
                        .on(RequestKind.TOKEN)
                        .once());
        HttpResponse<String> response = client.requestToken(client.tokenForm());
        assertRejected(429, "temporarily_unavailable", 90055, response);
        assertEquals("3", response.headers().firstValue("Retry-After").orElseThrow());
    }
}
