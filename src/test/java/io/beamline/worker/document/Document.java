package io.beamline.worker.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown file of the repository. Immutable.
 *
 * @param path relative to the repository's root
 * @param text its content
 */
record Document(Path path, String text) {

  private static final Path FOLDER = Path.of("src", "docs");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+?) *$");
  private static final Pattern HTML_ANCHOR = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");

  /** The README and every document below {@code src/docs}. */
  static List<Document> all() {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return Stream.concat(
              Stream.of(Path.of("README.md")),
              files.filter(file -> file.toString().endsWith(".md")).sorted())
          .map(Document::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Document read(Path path) {
    try {
      return new Document(path, Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The targets of all links and images, in order. */
  List<String> links() {
    return LINK.matcher(CODE.matcher(prose()).replaceAll("code"))
        .results()
        .map(m -> m.group(1))
        .toList();
  }

  /** The inline code, in order; fenced blocks are left out. */
  List<String> code() {
    return CODE.matcher(prose()).results().map(found -> found.group(1)).toList();
  }

  /** What a link can name after {@code #}: headings as GitHub names them, and HTML anchors. */
  Set<String> anchors() {
    Set<String> anchors = new LinkedHashSet<>();
    Map<String, Integer> seen = new HashMap<>();
    for (MatchResult heading : HEADING.matcher(prose()).results().toList()) {
      String slug = slug(heading.group(1));
      int times = seen.merge(slug, 1, Integer::sum);
      anchors.add(times == 1 ? slug : slug + "-" + (times - 1));
    }
    HTML_ANCHOR.matcher(prose()).results().forEach(found -> anchors.add(found.group(1)));
    return anchors;
  }

  /** Where a relative path in this document leads, relative to the repository's root. */
  Path resolve(String relative) {
    return path.resolveSibling(relative).normalize();
  }

  @Override
  public String toString() {
    return path.toString();
  }

  private String prose() {
    return FENCE.matcher(text).replaceAll("");
  }

  private static String slug(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }
}
