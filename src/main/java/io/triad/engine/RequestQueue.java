package io.triad.engine;

import org.jspecify.annotations.Nullable;

/** Requests in order; each is in one queue at most and can be taken out of the middle. */
final class RequestQueue {
  private @Nullable Request head;
  private @Nullable Request tail;
  private int size;

  boolean isEmpty() {
    return head == null;
  }

  int size() {
    return size;
  }

  @Nullable Request first() {
    return head;
  }

  void add(Request request) {
    assert request.queue == null;
    request.queue = this;
    request.previous = tail;
    if (tail == null) {
      head = request;
    } else {
      tail.next = request;
    }
    tail = request;
    size++;
  }

  void addFirst(Request request) {
    assert request.queue == null;
    request.queue = this;
    request.next = head;
    if (head == null) {
      tail = request;
    } else {
      head.previous = request;
    }
    head = request;
    size++;
  }

  @Nullable Request poll() {
    Request first = head;
    if (first != null) {
      remove(first);
    }
    return first;
  }

  void remove(Request request) {
    assert request.queue == this;
    Request before = request.previous;
    Request after = request.next;
    if (before == null) {
      head = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      tail = before;
    } else {
      after.previous = before;
    }
    request.previous = null;
    request.next = null;
    request.queue = null;
    size--;
  }
}
