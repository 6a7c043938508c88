/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import java.util.List;
import org.apache.commons.beanutils.Converter;
import org.junit.Test;

public class RawParameterTest {

    @Test
    public void keepsTheSubmittedText() throws Exception {
        for (String text : List.of(
                "{AQAAABAAAAAQvX3mCWC4P1aXsvgVXmhbUbe8xJ5nD0sKCHhBjtZ0bMk=}",
                "rqIPVDZ5vGjkBFKvbWwlS6hTn8U0CrYvSgF2Nk0yl1Y=",
                " not a secret\n",
                "")) {
            assertEquals(text, received(text).text());
        }
    }

    @Test
    public void isEmptyWithoutTheParameter() throws Exception {
        RawParameter missing = received(null);
        assertNull(missing.text());
        assertNull(missing.trimmed());
        assertEquals("", missing.orEmpty());
    }

    @Test
    public void trimsOnDemand() throws Exception {
        assertEquals("ams-ci", received("\t ams-ci \n").trimmed());
        assertNull(received(" \n").trimmed());
        assertEquals(" a ", received(" a ").orEmpty());
    }

    /** Converts a text as Stapler does. */
    private static RawParameter received(String text) throws Exception {
        Class<?> converter = Class.forName(RawParameter.class.getName() + "$StaplerConverterImpl");
        return ((Converter) converter.getDeclaredConstructor().newInstance()).convert(RawParameter.class, text);
    }
}
