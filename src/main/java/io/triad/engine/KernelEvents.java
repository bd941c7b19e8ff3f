package io.triad.engine;

/**
 * What an engine on kqueue(2) can do beyond the contract: have the kernel report events of any kind. A
 * {@link Engine#facility}.
 *
 * <p>The kernel is told by {@link #change} which events to report, and whatever it reports goes to one
 * listener. The events of the engine itself are kept apart, so none of them can be disturbed. The
 * numbers are those of the system.
 *
 * <p>All methods are for the loop's thread.
 */
public interface KernelEvents {
  /**
   * An event, or with other flags a change of what is reported; struct kevent.
   *
   * @param subject which descriptor, process, signal and so on
   * @param filter what kind of event: EVFILT_…
   * @param flags EV_…
   * @param filterFlags flags of that filter: NOTE_…
   * @param data depends on the filter
   */
  record Event(long subject, int filter, int flags, int filterFlags, long data) {}

  /** Is told of events. */
  interface Listener {
    /** An event was reported. Called by {@link Engine#poll}: like a completion it must not poll. */
    void occurred(Event event);
  }

  /** The descriptor of the queue that these events come from. */
  int queue();

  /** Changes what is reported; 0 or {@code -code} of the system. */
  int change(Event change);

  /** Says who is told of events, instead of whoever was before; at first nobody is. */
  void tell(Listener listener);
}
