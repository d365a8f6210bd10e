package io.beamline.worker.support;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JDK that runs the tests, for the processes that they start. */
public final class ThisJdk {

  /** The folder of its programs. */
  public static final Path PROGRAMS = Path.of(System.getProperty("java.home"), "bin");

  private ThisJdk() {}

  /** Returns the path of one of its programs, such as {@code java}. */
  public static String program(String name) {
    return PROGRAMS.resolve(name).toString();
  }

  /** Returns the command that runs a class of this class path in a JVM of its own. */
  public static List<String> java(List<String> options, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(program("java"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(arguments);
    return command;
  }
}
