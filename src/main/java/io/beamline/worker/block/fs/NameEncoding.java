package io.beamline.worker.block.fs;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The encoding that Java uses for file names. Java takes it from the locale when it starts; in the
 * locales {@code C} and {@code POSIX} it is ASCII. Immutable.
 *
 * @param charset the encoding
 */
record NameEncoding(Charset charset) {

  private static final Logger log = LoggerFactory.getLogger(NameEncoding.class);
  private static final String PROPERTY = "sun.jnu.encoding";

  /** Characters of several scripts, one of them outside the basic plane of Unicode. */
  private static final String SAMPLE = "\u00f6\u044f\u65e5\ud83d\ude42";

  private static final NameEncoding THIS_PROCESS = named(System.getProperty(PROPERTY, "UTF-8"));

  /** Returns the encoding of this process. */
  static NameEncoding ofThisProcess() {
    return THIS_PROCESS;
  }

  /** Returns the encoding with a name, or UTF-8 if Java does not know the name. */
  static NameEncoding named(String name) {
    try {
      return new NameEncoding(Charset.forName(name));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return new NameEncoding(StandardCharsets.UTF_8);
    }
  }

  /** Returns whether the text is valid Unicode that the encoding cannot represent. */
  boolean cannotEncode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text)
        && !charset.newEncoder().canEncode(text);
  }

  /** Logs a warning if the encoding cannot represent every file name. */
  void warnIfLimited() {
    if (cannotEncode(SAMPLE)) {
      log.warn(
          "The locale gives Java the encoding {} for names of files ({}): a file step whose path"
              + " has a character outside of it ends as INVALID_INPUT; set LC_ALL=C.UTF-8 in the"
              + " environment of the worker",
          charset.name(),
          PROPERTY);
    }
  }
}
