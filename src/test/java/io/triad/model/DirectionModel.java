package io.triad.model;

/**
 * One direction of a connection. The byte at each position follows from the position, so that
 * whatever is lost, repeated or exchanged is seen at once.
 */
final class DirectionModel {
  private final String name;
  private final int salt;
  private long accepted;
  private long received;
  private int sending;
  boolean senderBusy;
  boolean receiverBusy;
  boolean broken;

  DirectionModel(String name, int salt) {
    this.name = name;
    this.salt = salt;
  }

  private byte at(long position) {
    long mixed = (position + salt) * 0x9E3779B97F4A7C15L;
    return (byte) (mixed >>> 56);
  }

  /** The next bytes to send. */
  byte[] next(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = at(accepted + i);
    }
    sending = count;
    return bytes;
  }

  /** So many of them have been accepted. */
  void accepted(long count) {
    if (count < 0 || count > sending) {
      throw new Violation(name + ": " + count + " of " + sending + " bytes accepted");
    }
    accepted += count;
    sending = 0;
    if (received > accepted) {
      throw new Violation(name + ": received " + received + " bytes of " + accepted);
    }
  }

  void received(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != at(received + i)) {
        throw new Violation(name + ": wrong byte at position " + (received + i));
      }
    }
    received += bytes.length;
    if (received > accepted + sending) {
      throw new Violation(name + ": received " + received + " bytes of " + accepted);
    }
  }

  /** The receiver has seen the end of what was sent. */
  void checkEnd() {
    if (received != accepted) {
      throw new Violation(
          name + ": " + accepted + " bytes were accepted, " + received + " have come");
    }
  }
}
