package io.beamline.worker.block.http;

/**
 * One header line. Immutable.
 *
 * @param name its name
 * @param value its value, which must not be logged
 */
record Header(String name, String value) {

  /** Returns only the name. */
  @Override
  public String toString() {
    return "Header[" + name + "]";
  }
}
