package io.triad.model;

import io.triad.stream.ReceiveChannel;
import io.triad.stream.SendChannel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A channel and what went through it: each item once, those of one sender in order. */
final class ChannelModel {
  /** Something to be sent: the how manyth of whom. */
  record Item(int sender, int number) {}

  private final String name;
  final SendChannel<Item> sender;
  final ReceiveChannel<Item> receiver;
  private final Set<Item> underway = new HashSet<>();
  private final Set<Item> sent = new HashSet<>();
  private final Set<Item> received = new HashSet<>();
  private final Map<String, Integer> lastSeen = new HashMap<>();
  private int items;

  ChannelModel(String name, SendChannel<Item> sender, ReceiveChannel<Item> receiver) {
    this.name = name;
    this.sender = sender;
    this.receiver = receiver;
  }

  Item next(int senderId) {
    Item item = new Item(senderId, items++);
    underway.add(item);
    return item;
  }

  /** The sending has returned, or was taken back. */
  void settled(Item item, boolean success) {
    underway.remove(item);
    if (success) {
      sent.add(item);
    } else if (received.contains(item)) {
      throw new Violation(name + ": " + item + " was taken back and has been received");
    }
  }

  void received(int receiverId, Item item) {
    if (!received.add(item)) {
      throw new Violation(name + ": " + item + " was received twice");
    }
    if (!sent.contains(item) && !underway.contains(item)) {
      throw new Violation(name + ": " + item + " was received and never sent");
    }
    Integer before = lastSeen.put(receiverId + " from " + item.sender, item.number);
    if (before != null && before > item.number) {
      throw new Violation(name + ": " + item + " came after number " + before + " of its sender");
    }
  }

  /** Everything that can be received has been. */
  void checkEnd() {
    Set<Item> lost = new HashSet<>(sent);
    lost.removeAll(received);
    if (!lost.isEmpty() || !underway.isEmpty()) {
      throw new Violation(name + ": lost " + lost + ", unsettled " + underway);
    }
    if (!sent.containsAll(received)) {
      throw new Violation(name + ": received what was not sent");
    }
  }
}
