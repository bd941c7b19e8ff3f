package io.triad.platform.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.Recorded;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An engine on a {@link ScriptedKernel}; at the end nothing may be in flight, lent or open. */
final class ScriptedRig implements AutoCloseable {
  final ScriptedKernel kernel = new ScriptedKernel();
  final IocpEngine engine;
  private final Arena memory = Arena.ofShared();

  ScriptedRig() {
    this(IocpEngine.MAX_RECEIVE_BUFFERS);
  }

  ScriptedRig(int maxReceiveBuffers) {
    engine = new IocpEngine(kernel, Arena.ofShared(), maxReceiveBuffers);
  }

  MemorySegment memory(int bytes) {
    return memory.allocate(bytes, 8);
  }

  Recorded submit(Recorded operation) {
    engine.submit(operation);
    return operation;
  }

  Recorded receive(int socket) {
    Recorded receive = new Recorded();
    receive.receive(socket, memory(64).address(), 64);
    return submit(receive);
  }

  Recorded receiveLoaned(int socket) {
    Recorded receive = new Recorded();
    receive.receiveLoaned(socket);
    return submit(receive);
  }

  Recorded send(int socket, int length) {
    Recorded send = new Recorded();
    send.send(socket, memory(64).address(), length);
    return submit(send);
  }

  Recorded accept(int listener) {
    Recorded accept = new Recorded();
    accept.accept(listener);
    return submit(accept);
  }

  Recorded connect(int socket) {
    Recorded connect = new Recorded();
    connect.connect(socket, memory(128).address(), 16);
    return submit(connect);
  }

  Recorded awaitReady(int socket, int readiness) {
    Recorded ready = new Recorded();
    ready.awaitReady(socket, readiness);
    return submit(ready);
  }

  Recorded sendFile(int socket, int file, long offset, int length) {
    Recorded send = new Recorded();
    send.sendFile(socket, file, offset, length);
    return submit(send);
  }

  Recorded close(int socket) {
    Recorded close = new Recorded();
    close.close(socket);
    return submit(close);
  }

  /** Polls until there is nothing left that would come by itself. */
  void settle() {
    for (int quiet = 0; quiet < 2; quiet++) {
      if (engine.poll(0)) {
        quiet = -1;
      }
    }
  }

  int await(Recorded operation) {
    settle();
    return operation.result();
  }

  @Override
  public void close() {
    assertThat(engine.operationsInFlight()).as("in flight").isZero();
    assertThat(engine.buffersLent()).as("lent").isZero();
    assertThat(kernel.pending()).as("calls going on").isEmpty();
    engine.close();
    memory.close();
  }
}
