package io.triad.platform.linux;

/**
 * What an engine is opened with.
 *
 * @param submissionEntries the size of the submission queue
 * @param completionEntries the size of the completion queue; the kernel keeps what does not fit, at
 *     a cost
 * @param maxReceiveBuffers the most receive buffers, of {@link ReceiveBuffers#BUFFER_BYTES} each
 * @param forbiddenSetupFlags setup flags not to try, as on a kernel that lacks them
 * @param multishot whether to try multishot receive and accept
 */
record IoUringOptions(
    int submissionEntries,
    int completionEntries,
    int maxReceiveBuffers,
    int forbiddenSetupFlags,
    boolean multishot) {

  /** What a run uses. */
  static final IoUringOptions DEFAULT = new IoUringOptions(1024, 8192, 16384, 0, true);

  /** The same, with multishot receive and accept or without. */
  IoUringOptions withMultishot(boolean wanted) {
    return new IoUringOptions(
        submissionEntries, completionEntries, maxReceiveBuffers, forbiddenSetupFlags, wanted);
  }
}
