package io.beamline.worker.connection;

import java.util.List;

/** Matches subjects against filters with the wildcards of NATS. Pure. */
public final class SubjectFilter {

  private SubjectFilter() {}

  /** Returns whether one of the filters covers a subject without wildcards. */
  public static boolean any(List<String> filters, String subject) {
    return filters.stream().anyMatch(filter -> matches(filter, subject));
  }

  /** Returns whether a filter with {@code *} and {@code >} covers a subject without wildcards. */
  public static boolean matches(String filter, String subject) {
    String[] wanted = filter.split("\\.", -1);
    String[] given = subject.split("\\.", -1);
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].equals(">")) {
        return given.length > i;
      }
      if (i >= given.length || !(wanted[i].equals("*") || wanted[i].equals(given[i]))) {
        return false;
      }
    }
    return wanted.length == given.length;
  }
}
