/** The Helm chart, its alerts and its dashboard. */
@NullMarked
package io.beamline.worker.chart;

import org.jspecify.annotations.NullMarked;
