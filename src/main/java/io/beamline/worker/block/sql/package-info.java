/**
 * The block {@code sql.query}. A statement and its parameters come in. They run on a thread of
 * their own, over a pooled connection to one of the configured databases, so that a database that
 * hangs holds no slot. Rows go out as JSON, with their values exact; errors of the database become
 * failures of contract section 3.
 */
@NullMarked
package io.beamline.worker.block.sql;

import org.jspecify.annotations.NullMarked;
