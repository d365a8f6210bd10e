package io.beamline.worker.support;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What clients sent to a server that was started with {@code trace: true}. Immutable.
 *
 * @param log the server's log
 */
public record NatsTrace(String log) {

  private static final Pattern SENT =
      Pattern.compile("cid:(\\d+)(?: - \"[^\"]*\")? - <<- \\[(CONNECT|H?PUB|SUB) (\\S+)");
  private static final Pattern USER = Pattern.compile("\"user\":\"([^\"]*)\"");

  /** The subjects that a user published to. */
  public Set<String> published(String user) {
    return sent(user, "PUB");
  }

  /** The subjects that a user subscribed to. */
  public Set<String> subscribed(String user) {
    return sent(user, "SUB");
  }

  /** What the server refused for want of permission. */
  public List<String> violations() {
    return log.lines().filter(line -> line.contains("Violation")).toList();
  }

  /** Whether a permission covers a subject. */
  public static boolean covers(String permission, String subject) {
    List<String> allowed = List.of(permission.split("\\.", -1));
    List<String> words = List.of(subject.split("\\.", -1));
    for (int place = 0; place < allowed.size(); place++) {
      if (allowed.get(place).equals(">")) {
        return words.size() > place;
      }
      if (place >= words.size()
          || !(allowed.get(place).equals("*") || allowed.get(place).equals(words.get(place)))) {
        return false;
      }
    }
    return allowed.size() == words.size();
  }

  private Set<String> sent(String user, String verb) {
    Map<String, String> users = new HashMap<>();
    Set<String> subjects = new TreeSet<>();
    for (MatchResult line : SENT.matcher(log).results().toList()) {
      String client = line.group(1);
      if (line.group(2).equals("CONNECT")) {
        USER.matcher(line.group(3)).results().forEach(found -> users.put(client, found.group(1)));
      } else if (line.group(2).endsWith(verb) && user.equals(users.get(client))) {
        subjects.add(line.group(3));
      }
    }
    return subjects;
  }
}
