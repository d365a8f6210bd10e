package io.beamline.worker.destination;

/**
 * Hears of the changes of breakers, on the timer's thread and while no lock is held. It must return
 * quickly.
 */
public interface DestinationObserver {

  /**
   * The breaker of a destination has another state.
   *
   * @param view the destination after the change
   * @param forced whether an operator wanted it
   */
  void changed(DestinationView view, BreakerState from, boolean forced);
}
