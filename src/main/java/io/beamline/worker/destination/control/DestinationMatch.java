package io.beamline.worker.destination.control;

import io.beamline.worker.block.http.OriginMatch;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Decides which destinations an override is for (contract section 5). Pure. */
final class DestinationMatch {

  private DestinationMatch() {}

  /**
   * Reads the text of {@code match}: the whole name of a destination, the folder of a root, or
   * hosts as in {@code allowed-hosts}.
   *
   * @return null if the text is none of these
   */
  static @Nullable Predicate<String> parse(String text) {
    if (text.contains("://")) {
      return text::equals;
    }
    if (text.startsWith("/") || text.startsWith("./") || text.startsWith("../")) {
      return folder(text);
    }
    return OriginMatch.parse(text);
  }

  private static @Nullable Predicate<String> folder(String text) {
    try {
      return Path.of(text).toAbsolutePath().normalize().toString()::equals;
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
