package io.beamline.worker.block.fs;

import io.beamline.worker.block.StepFailure;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that puts and gets a file, in whatever locale it was started in. */
final class LocaleProbe {

  static final String NAME = "gr\u00f6\u00dfe-\u65e5\u672c.txt";

  private LocaleProbe() {}

  /** Logs what the start of a worker logs, and prints what became of a put, in UTF-8. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    NameEncoding.ofThisProcess().warnIfLimited();
    try (Fixture files = Fixture.over(Path.of(arguments[0]))) {
      files.put("ascii", "x");
      files.put(NAME, "x");
      out.println("content: " + files.get(NAME).get("content"));
    } catch (StepFailure e) {
      out.println(e.error().code() + ": " + e.error().message() + " " + e.error().details());
    }
  }
}
