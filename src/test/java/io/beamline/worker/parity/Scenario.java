package io.beamline.worker.parity;

import io.beamline.worker.support.Assignments;

/**
 * One thing that the worker is asked.
 *
 * @param name what it is about
 * @param assignment what is sent
 * @param page the page of the site that its step asks for, if it asks for one
 */
record Scenario(String name, Assignments assignment, String page) {

  String id() {
    return assignment.id();
  }

  /** Whether its outcome depends on how fast the worker is. */
  boolean isTimed() {
    return assignment.json().path("options").has("deadline_ms");
  }
}
