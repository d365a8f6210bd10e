package io.beamline.worker.fault;

import java.util.List;

/**
 * Several faults, one after the other, on one site.
 *
 * @param title how the table calls them
 * @param faults faults whose plans and reviews do not contradict each other
 */
record InTurn(String title, List<Fault> faults) implements Fault {

  @Override
  public Plan plan(Plan standard) {
    faults.forEach(
        fault -> {
          Plan unused = fault.plan(standard);
        });
    return standard;
  }

  @Override
  public void strike(Site site, Strikes strikes) throws Exception {
    for (Fault fault : faults) {
      fault.strike(site, strikes);
    }
  }

  @Override
  public void review(Site site, Tally tally, Strikes strikes) {
    faults.forEach(fault -> fault.review(site, tally, strikes));
  }
}
