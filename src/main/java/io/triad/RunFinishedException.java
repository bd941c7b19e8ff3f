package io.triad;

/** The run that a call from another thread was meant for is over; nothing of it has been done. */
public final class RunFinishedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Makes one. */
  public RunFinishedException() {
    super("the run has finished");
  }
}
