package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.OsException;
import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.platform.linux.ffi.Linux;
import io.triad.socket.Socket;
import io.triad.socket.SocketType;
import io.triad.socket.Sockets;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.util.ArrayDeque;

/** A program that has taken every descriptor when a connection waits to be accepted. */
final class ExhaustListener {
  private static final ArrayDeque<Integer> TAKEN = new ArrayDeque<>();

  private ExhaustListener() {}

  public static void main(String[] arguments) throws Exception {
    for (String engine : arguments) {
      System.setProperty("triad.engine", engine);
      Triad.<IOException>run(() -> accepting(false)); // without descriptors no class can be loaded
      Triad.<IOException>run(() -> accepting(true));
      System.out.println("passed: " + engine);
    }
  }

  private static void accepting(boolean exhausted) throws IOException {
    try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 8).getFirst();
        Socket client = Sockets.socket(StandardProtocolFamily.INET, SocketType.STREAM)) {
      String before = errorOf(listener.socket()::listen, client::getpeername);
      assertThat(before).isEqualTo("ENOTCONN");
      if (exhausted) {
        takeAll();
      }
      client.connect(listener.localAddress());
      for (int i = 0; exhausted && i < 2; i++) {
        String error = errorOf(listener::accept);
        if (!error.equals("EMFILE")) {
          giveBack();
          throw new AssertionError("accept without descriptors: " + error);
        }
      }
      giveBack();
      try (SocketStream server = listener.accept()) {
        client.sendAll(new byte[] {5});
        assertThat(server.receiveSome()).containsExactly(5);
      }
    }
  }

  private interface Call {
    void make() throws IOException;
  }

  /** The error of the first call that has one. */
  private static String errorOf(Call... calls) throws IOException {
    for (Call call : calls) {
      try {
        call.make();
      } catch (OsException e) {
        return e.symbol();
      }
    }
    return "none";
  }

  private static void takeAll() {
    int taken = PosixCalls.duplicate(1);
    while (taken >= 0) {
      TAKEN.add(taken);
      taken = PosixCalls.duplicate(1);
    }
    if (taken != -Linux.EMFILE()) {
      throw new AssertionError("dup failed with " + LinuxErrors.name(-taken));
    }
  }

  private static void giveBack() {
    while (!TAKEN.isEmpty()) {
      LinuxErrors.require(PosixCalls.close(TAKEN.remove()), "close");
    }
  }
}
