package hudson.model;

import java.io.Serializable;

public final class Result implements Serializable {
    public static final Result FAILURE = null;
}
