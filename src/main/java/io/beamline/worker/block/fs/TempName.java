package io.beamline.worker.block.fs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a temporary file: {@code .beamline-<worker>-<process>-<random>.tmp}, all hexadecimal.
 * Immutable.
 *
 * @param worker a hash of the worker's id, 8 digits
 * @param process identifies one process of a worker, 16 digits
 * @param random differs for each file, 16 digits
 */
record TempName(String worker, String process, String random) {

  private static final Pattern FORM =
      Pattern.compile("\\.beamline-([0-9a-f]{8})-([0-9a-f]{16})-([0-9a-f]{16})\\.tmp");

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String THIS_PROCESS = randomHex();

  /** Returns a new name for a worker of this process. */
  static TempName next(String workerId) {
    return new TempName(workerPart(workerId), THIS_PROCESS, randomHex());
  }

  /** Parses a name, or returns null if it is not the name of a temporary file. */
  static @Nullable TempName parse(Path name) {
    Matcher matcher = FORM.matcher(name.toString());
    return matcher.matches()
        ? new TempName(matcher.group(1), matcher.group(2), matcher.group(3))
        : null;
  }

  /** Returns whether a name is that of a temporary file. */
  static boolean matches(Path name) {
    return parse(name) != null;
  }

  /** Returns whether this process created the file. */
  boolean isOfThisProcess() {
    return process.equals(THIS_PROCESS);
  }

  /** Returns whether this worker created the file, in this or an earlier process. */
  boolean isOf(String workerId) {
    return worker.equals(workerPart(workerId));
  }

  /** Returns the name as a path of one element. */
  Path path() {
    return Path.of(".beamline-" + worker + "-" + process + "-" + random + ".tmp");
  }

  private static String workerPart(String workerId) {
    return new Content(UTF_8.encode(workerId)).sha256().substring(0, 8);
  }

  private static String randomHex() {
    return HexFormat.of().toHexDigits(RANDOM.nextLong());
  }
}
