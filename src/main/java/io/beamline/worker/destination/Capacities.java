package io.beamline.worker.destination;

/**
 * How many attempts destinations have room for, apart from the limits of the settings. Methods
 * return at once. Thread-safe.
 */
public interface Capacities {

  /** No destination has such a limit. */
  Capacities UNLIMITED =
      new Capacities() {
        @Override
        public int capacity(String destination) {
          return 0;
        }

        @Override
        public int hanging(String destination) {
          return 0;
        }
      };

  /** Returns the most attempts at once at a destination; 0 for no limit. */
  int capacity(String destination);

  /** Returns how many attempts at a destination hang although their steps have ended. */
  int hanging(String destination);
}
