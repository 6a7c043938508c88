package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.emulator.AzureAd;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.Faults;
import io.jenkins.plugins.ams.emulator.RequestKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Every fault that passes, all at once: of the service, of the network and of the authority. */
final class Trouble {

    private static final RequestKind[] LOOKS = {RequestKind.JOBS, RequestKind.TASKS, RequestKind.ASSETS};
    private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(4);

    private final Emulator emulator;
    private final JumpingClock clock;
    private final Random random;
    private final Map<String, List<Faults.Injection>> injections = new LinkedHashMap<>();
    private int authorityDown;

    Trouble(Emulator emulator, JumpingClock clock, long seed) {
        this.emulator = emulator;
        this.clock = clock;
        this.random = new Random(seed);
        emulator.azureAd().tokenLifetime(TOKEN_LIFETIME);
        add("503", 0.03, Fault.status(503));
        add("503, Retry-After in seconds", 0.02, Fault.status(503).retryAfter(Duration.ofSeconds(1)));
        add("429, Retry-After as a date", 0.02, Fault.status(429).retryAfterDate(Duration.ofSeconds(2)));
        add("500", 0.03, Fault.status(500));
        add("408", 0.01, Fault.status(408));
        add("reset", 0.03, Fault.reset());
        add("closed", 0.02, Fault.closed());
        add("hang", 0.001, Fault.hang());
        add("truncated body", 0.02, Fault.truncatedBody(40));
        add("garbage", 0.02, Fault.garbage());
        add("HTML page", 0.02, Fault.htmlPage());
        add("huge body", 0.002, Fault.hugeBody(5_000_000));
        add("slow body", 0.02, Fault.slowBody(200, Duration.ofMillis(50)));
        add("wrong content type", 0.05, Fault.contentType("text/plain"));
        add("latency", 0.1, Fault.latency(Duration.ofMillis(80)));
        inject("authority: 503", Fault.status(503).on(RequestKind.TOKEN).withProbability(0.1, random.nextLong()));
        inject("authority: reset", Fault.reset().on(RequestKind.TOKEN).withProbability(0.1, random.nextLong()));
        inject("authority: HTML page", Fault.htmlPage().on(RequestKind.TOKEN).withProbability(0.05, random.nextLong()));
    }

    /** To be called every second: what comes and goes as a whole. */
    void tick() {
        if (random.nextInt(10) == 0) {
            clock.jump();
        }
        AzureAd authority = emulator.azureAd();
        if (authorityDown > 0) {
            if (--authorityDown == 0) {
                authority.trouble(AzureAd.Trouble.NONE);
            }
        } else if (random.nextInt(20) == 0) {
            authorityDown = 3;
            authority.trouble(random.nextBoolean() ? AzureAd.Trouble.BUSY : AzureAd.Trouble.HTML_PAGE);
        }
    }

    /** Ends what can be ended; requests that hang stay so. */
    void end() {
        emulator.faults().clear();
        emulator.azureAd().trouble(AzureAd.Trouble.NONE);
    }

    /** How often each fault struck. */
    Map<String, Integer> struck() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        injections.forEach((name, all) ->
                counts.put(name, all.stream().mapToInt(Faults.Injection::hits).sum()));
        return counts;
    }

    private void add(String name, double probability, Fault fault) {
        for (RequestKind kind : LOOKS) {
            inject(name, fault.on(kind).withProbability(probability, random.nextLong()));
        }
    }

    private void inject(String name, Fault fault) {
        injections
                .computeIfAbsent(name, key -> new ArrayList<>())
                .add(emulator.faults().inject(fault));
    }
}
