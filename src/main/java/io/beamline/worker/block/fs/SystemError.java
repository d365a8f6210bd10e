package io.beamline.worker.block.fs;

/** Errors of the kernel that steps distinguish and that have no exception type in NIO. */
enum SystemError {
  /** EPERM. */
  NOT_PERMITTED,
  /** EACCES, if NIO did not use its type. */
  ACCESS_DENIED,
  /** ENOTDIR, if NIO did not use its type. */
  NOT_A_FOLDER,
  /** EISDIR. */
  IS_A_FOLDER,
  /** EINVAL: a name that the file system does not allow. */
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
