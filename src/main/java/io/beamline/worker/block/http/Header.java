package io.beamline.worker.block.http;

/**
 * One header line. Immutable.
 *
 * @param name its name
 * @param value its value; kept out of logs
 */
record Header(String name, String value) {

  /** Its name only. */
  @Override
  public String toString() {
    return "Header[" + name + "]";
  }
}
