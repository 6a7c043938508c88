/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class ODataDatesTest {

    @Test
    public void readsEveryFormatAsUtc() {
        Map.of(
                        "2015-02-11T01:46:08.897", "2015-02-11T01:46:08.897Z",
                        "2015-05-20T16:28:49.46", "2015-05-20T16:28:49.460Z",
                        "2015-05-20T16:28:49", "2015-05-20T16:28:49Z",
                        "2015-05-20T16:28:43.0490532Z", "2015-05-20T16:28:43.049053200Z",
                        "2020-04-15T18:46:11.477Z", "2020-04-15T18:46:11.477Z",
                        "2020-04-15T20:46:11.477+02:00", "2020-04-15T18:46:11.477Z",
                        "/Date(1587084991763)/", "2020-04-17T00:56:31.763Z",
                        "/Date(1587084991763+0000)/", "2020-04-17T00:56:31.763Z")
                .forEach((text, time) -> assertEquals(text, Instant.parse(time), ODataDates.parse(text)));
    }

    @Test
    public void readsUnsetTimesAsNull() {
        assertNull(ODataDates.parse(null));
        for (String text : List.of("", " ", "0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "/Date(-62135596800000)/")) {
            assertNull(text, ODataDates.parse(text));
        }
    }

    @Test
    public void readsInvalidTimesAsNull() {
        for (String text : List.of(
                "yesterday",
                "+999999999-12-31T23:59:59Z",
                "/Date(999999999999999)/",
                "2015-13-45T99:00:00",
                "2015-02-11",
                "/Date(x)/",
                "/Date(99999999999999999999)/",
                "1e9")) {
            assertNull(text, ODataDates.parse(text));
        }
    }
}
