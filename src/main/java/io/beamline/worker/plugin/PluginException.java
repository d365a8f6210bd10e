package io.beamline.worker.plugin;

/** A plug-in that cannot be loaded. It stops the start with its message (contract section 8). */
final class PluginException extends RuntimeException {

  /**
   * Creates the exception.
   *
   * @param jar the name of the file
   * @param reason the text after the colon, without the full stop
   */
  PluginException(String jar, String reason) {
    super(sentence(jar, reason));
  }

  /** Returns the sentence that explains the start that failed. */
  static String sentence(String jar, String reason) {
    return "The plug-in %s cannot be loaded: %s.".formatted(jar, reason);
  }
}
