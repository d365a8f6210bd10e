package io.beamline.worker.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The NATS permissions of operations.md, and servers that enforce them. Such a server also has the
 * user {@code router}, who may do everything. All passwords are {@code hush}. Immutable.
 *
 * @param configuration a configuration of a NATS server
 */
public record NatsPermissions(String configuration) {

  private static final Path OPERATIONS = Path.of("src", "docs", "operations.md");
  private static final String BEGIN = "```\n# nats.conf\n";
  private static final String PASSWORDS = "WORKER_PASSWORD: hush\nOPERATOR_PASSWORD: hush\n";
  private static final String ROUTER = "users: [\n    {user: router, password: hush}\n";
  private static final String TRACE = "trace: true";

  /** Returns the permissions in the fenced block of operations.md. */
  public static NatsPermissions documented() {
    try {
      String text = Files.readString(OPERATIONS);
      assertThat(text).contains(BEGIN);
      String rest = text.substring(text.indexOf(BEGIN) + BEGIN.length());
      return new NatsPermissions(PASSWORDS + rest.substring(0, rest.indexOf("```")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns these permissions, where the first user may also publish to some subjects. */
  public NatsPermissions withMoreForTheWorker(List<String> subjects) {
    String more = "publish: [\n\"" + String.join("\", \"", subjects).replace("$", "\\$") + "\"";
    return new NatsPermissions(configuration.replaceFirst("publish: \\[", more));
  }

  /** Returns these permissions for the JetStream of another domain. */
  public NatsPermissions inDomain(String domain) {
    String api = "\"$JS." + domain + ".API.";
    return new NatsPermissions(
        configuration.replace("\"$JS.API.", api).replace("\"$KV.", api + "$KV."));
  }

  /** Returns lines for the configuration of a server that enforces them. */
  public String lines() {
    return configuration.replaceFirst("users: \\[", ROUTER);
  }

  /** Starts a server that enforces them and logs what clients send. */
  public NatsServer start() {
    return NatsServer.start(lines(), TRACE);
  }

  /** Returns the address of a server for a user. */
  public static String url(NatsServer nats, String user) {
    return "nats://" + user + ":hush@127.0.0.1:" + nats.port();
  }

  /** Asserts that nothing was refused, and that a user has used every permission. */
  public void assertNeeded(NatsTrace trace, String user) {
    assertThat(trace.violations()).isEmpty();
    List<String> granted = granted(user, "publish");
    assertThat(granted).hasSizeGreaterThan(5);
    for (String permission : granted) {
      assertThat(trace.published(user))
          .as("%s uses %s", user, permission)
          .anyMatch(subject -> NatsTrace.covers(permission, subject));
    }
    List<String> readable = granted(user, "subscribe");
    assertThat(trace.subscribed(user))
        .isNotEmpty()
        .allMatch(
            subject -> readable.stream().anyMatch(allowed -> NatsTrace.covers(allowed, subject)));
    for (String permission : readable) {
      assertThat(trace.subscribed(user))
          .as("%s uses %s", user, permission)
          .anyMatch(subject -> NatsTrace.covers(permission, subject));
    }
  }

  private List<String> granted(String user, String action) {
    String rest = configuration.substring(configuration.indexOf("user: " + user));
    rest = rest.substring(rest.indexOf(action + ": ["));
    String list = rest.substring(0, rest.indexOf("]"));
    return Pattern.compile("\"([^\"]+)\"")
        .matcher(list)
        .results()
        .map(found -> found.group(1))
        .toList();
  }
}
