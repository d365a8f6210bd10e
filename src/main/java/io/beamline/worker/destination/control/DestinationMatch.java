package io.beamline.worker.destination.control;

import io.beamline.worker.block.http.OriginMatch;
import io.beamline.worker.block.nats.SubjectMatch;
import io.beamline.worker.contract.PlainCharacters;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides which destinations an override is for (contract section 5). Pure. */
final class DestinationMatch {

  /** A database of SQL steps. */
  private static final Pattern DATASOURCE = Pattern.compile("sql:[a-z][a-z0-9]{0,63}");

  private DestinationMatch() {}

  /**
   * Reads the text of {@code match}: the whole name of a destination, the folder of a root, hosts
   * as in {@code allowed-hosts}, or {@code nats:} with a subject that may have wildcards.
   *
   * @return null if the text is none of these
   */
  static @Nullable Predicate<String> parse(String text) {
    SubjectMatch subject = SubjectMatch.parse(text);
    if (subject != null) {
      OriginMatch host = OriginMatch.parse(text); // nats:8222 may also mean the host "nats"
      return host == null ? subject : subject.or(host);
    }
    String name = name(text);
    if (name != null) {
      return name::equals;
    }
    return text.contains("://") || isFolder(text) ? null : OriginMatch.parse(text);
  }

  /**
   * Returns the name of a destination, from a URL of it, the path of a folder, a datasource, or
   * {@code nats:} and a subject. Returns null if the text is none of these.
   */
  static @Nullable String name(String text) {
    if (DATASOURCE.matcher(text).matches()) {
      return text;
    }
    if (!text.codePoints().allMatch(PlainCharacters::isPlain)) {
      return null;
    }
    if (SubjectMatch.isName(text)) {
      return text;
    }
    return isFolder(text) ? folder(text) : OriginMatch.canonical(text);
  }

  private static boolean isFolder(String text) {
    return text.startsWith("/") || text.startsWith("./") || text.startsWith("../");
  }

  private static @Nullable String folder(String text) {
    try {
      return Path.of(text).toAbsolutePath().normalize().toString();
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
