package io.triad.twin;

/**
 * Errors to be planted in the Triad side of a comparison, so that it can be seen to fail: the first
 * argument of {@link TwinMain}.
 */
enum Defect {
  /** Shields are not raised. */
  SHIELD_ABSENT,
  /** A scope that was cancelled says that it caught, whether it did or not. */
  CAUGHT_WRONG,
  /** The third member of a group gets lost. */
  MEMBER_LOST,
  /** Time-outs of scopes are longer than they should be. */
  TIMEOUT_LATE,
  /** {@code start} returns another value than the one that was reported. */
  STARTED_WRONG,
  /** A lock that is held is taken for a free one by who asks without waiting. */
  LOCK_IGNORED,
  /** Closing one end of a channel closes nothing. */
  CLOSE_FORGOTTEN
}
