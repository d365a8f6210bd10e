package io.beamline.worker.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The JDK's keytool, so that no key of a test is kept anywhere. */
final class Keytool {

  static final String PASSWORD = "changeit";

  private Keytool() {}

  /** Makes a pair of EC keys and its certificate in a PKCS12 file; takes about a second. */
  static void makePair(Path file, String alias, String commonName, String... more)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ThisJdk.program("keytool"));
    command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-validity", "2"));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-alias", alias, "-dname", "CN=" + commonName));
    command.addAll(List.of("-keystore", file.toString()));
    command.addAll(List.of(more));
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IllegalStateException("keytool made no certificate");
    }
  }
}
