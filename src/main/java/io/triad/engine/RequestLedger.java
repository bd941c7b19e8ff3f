package io.triad.engine;

import java.util.Arrays;

/** The requests of the operations in flight, by slot. */
final class RequestLedger {
  private Request[] requests = new Request[0];
  private int[] free = new int[0];
  private int freeCount;

  /** Enters an operation. */
  Request enter(Operation operation) {
    if (freeCount == 0) {
      grow();
    }
    Request request = requests[free[--freeCount]];
    request.begin(operation);
    operation.enterLedger(request.slot);
    return request;
  }

  private void grow() {
    int before = requests.length;
    int after = Math.max(64, before * 2);
    requests = Arrays.copyOf(requests, after);
    free = Arrays.copyOf(free, after);
    for (int slot = after - 1; slot >= before; slot--) {
      requests[slot] = new Request(slot);
      free[freeCount++] = slot;
    }
  }

  /** The request of an operation in flight. */
  Request of(Operation operation) {
    Request request = requests[operation.slot()];
    if (request.isFree() || request.operation() != operation) {
      throw new IllegalArgumentException("not in flight here: " + operation);
    }
    return request;
  }

  /** Strikes a request out; answers its operation. */
  Operation strike(Request request) {
    free[freeCount++] = request.slot;
    return request.end();
  }

  /** How many slots there are, free ones included. */
  int slots() {
    return requests.length;
  }

  /** The request in a slot, which may be free. */
  Request at(int slot) {
    return requests[slot];
  }

  /** How many are in flight. */
  int size() {
    return requests.length - freeCount;
  }
}
