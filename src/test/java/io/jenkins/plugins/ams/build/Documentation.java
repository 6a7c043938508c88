package io.jenkins.plugins.ams.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The examples in README.md and in docs. */
public final class Documentation {

    private static final Pattern EXAMPLE =
            Pattern.compile("^```(\\w+)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private Documentation() {}

    /**
     * A fenced block.
     *
     * @param page where it stands
     * @param language what is said after the fence
     */
    public record Example(Path page, String language, String text) {}

    /** All examples in a language, in the order of the pages' names. */
    public static List<Example> examples(String language) throws IOException {
        List<Example> examples = new ArrayList<>();
        for (Path page : pages()) {
            Matcher matcher = EXAMPLE.matcher(Files.readString(page));
            while (matcher.find()) {
                if (matcher.group(1).equals(language)) {
                    examples.add(new Example(page, language, matcher.group(2)));
                }
            }
        }
        return examples;
    }

    /** README.md and the pages in docs. */
    public static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
        Path docs = Path.of("docs");
        if (Files.isDirectory(docs)) {
            try (Stream<Path> files = Files.walk(docs)) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        return pages;
    }
}
