package io.beamline.worker.block.fs;

/** The kernel's errors that mean something to a step and have no exception type in NIO. */
enum SystemError {
  /** EPERM. */
  NOT_PERMITTED,
  /** EACCES, where NIO does not give it its type. */
  ACCESS_DENIED,
  /** ENOTDIR, where NIO does not give it its type. */
  NOT_A_FOLDER,
  /** EISDIR. */
  IS_A_FOLDER,
  /** EINVAL: a name that the file system cannot have. */
  INVALID_ARGUMENT,
  /** EFBIG. */
  FILE_TOO_LARGE,
  /** ENOSPC. */
  NO_SPACE,
  /** ENAMETOOLONG. */
  NAME_TOO_LONG,
  /** ELOOP. */
  LINK_LOOP,
  /** EDQUOT. */
  QUOTA_EXCEEDED
}
