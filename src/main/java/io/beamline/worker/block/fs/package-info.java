/**
 * The blocks {@code fs.blob_put}, {@code fs.blob_get} and {@code fs.blob_delete}. A path comes in
 * and is located below the permitted roots by its text. A file thread then resolves its links and
 * works through open folders, so that no link can lead outside. The outputs are the content or its
 * metadata; errors of the file system become failures of contract section 3.
 */
@NullMarked
package io.beamline.worker.block.fs;

import org.jspecify.annotations.NullMarked;
