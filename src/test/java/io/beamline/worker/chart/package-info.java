/** The Helm chart, its alerts and its dashboard, and the Compose file that uses these. */
@NullMarked
package io.beamline.worker.chart;

import org.jspecify.annotations.NullMarked;
