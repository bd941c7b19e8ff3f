package io.triad.platform.macos.emulated;

/** EVFILT_USER: an event that the program itself triggers, from any thread. */
final class UserKnote extends Knote {
  private static final int NOTE_TRIGGER = 0x01000000;
  private static final int OPERATIONS = 0xC0000000;
  private static final int NOTE_FFAND = 0x40000000;
  private static final int NOTE_FFOR = 0x80000000;
  private static final int NOTE_FFCOPY = 0xC0000000;
  private static final int FLAGS = 0x00FFFFFF;

  private boolean triggered;

  UserKnote(Change change, long id) {
    super(change, id);
    triggered = (wanted & NOTE_TRIGGER) != 0;
    wanted &= FLAGS;
  }

  @Override
  int attach(Host host) {
    return 0;
  }

  @Override
  void detach(Host host) {
    // Nothing outside knows of it.
  }

  @Override
  void touch(Change change) {
    int theirs = change.filterFlags() & FLAGS;
    switch (change.filterFlags() & OPERATIONS) {
      case NOTE_FFAND -> wanted &= theirs;
      case NOTE_FFOR -> wanted |= theirs;
      case NOTE_FFCOPY -> wanted = theirs;
      default -> {} // NOTE_FFNOP
    }
    given = change.data();
    setUserData(change.userData());
    triggered |= (change.filterFlags() & NOTE_TRIGGER) != 0;
  }

  @Override
  boolean holds(Host host) {
    filterFlags = wanted;
    data = given;
    return triggered;
  }

  @Override
  void clear() {
    triggered = false;
  }
}
