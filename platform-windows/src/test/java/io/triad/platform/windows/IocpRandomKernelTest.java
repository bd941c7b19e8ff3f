package io.triad.platform.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.Operation;
import io.triad.engine.ReceiveStock;
import io.triad.engine.Recorded;
import io.triad.platform.windows.ScriptedKernel.Call;
import io.triad.platform.windows.ffi.PortCalls;
import io.triad.platform.windows.ffi.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Any order in which a kernel may end, cancel, find or not find what it was asked to do. {@link
 * Recorded} finds fault with a second end, {@link ScriptedKernel} with an OVERLAPPED used too early, and
 * {@link ScriptedRig} with whatever is left over.
 */
@Timeout(60)
final class IocpRandomKernelTest {
  private static final int STEPS = 3_000;
  private static final int[] STATUSES = {
    0,
    Windows.STATUS_CANCELLED(),
    Windows.STATUS_CONNECTION_RESET(),
    Windows.STATUS_HANDLES_CLOSED(),
    Windows.STATUS_LOCAL_DISCONNECT(),
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void every_operation_ends_once_and_nothing_is_left(long seed) {
    Random random = new Random(seed);
    List<Recorded> all = new ArrayList<>();
    try (ScriptedRig rig = new ScriptedRig(3)) {
      rig.kernel.ownHandles = random.nextBoolean();
      List<Integer> sockets = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        sockets.add(rig.kernel.open());
      }
      int file = rig.kernel.open();
      for (int step = 0; step < STEPS; step++) {
        rig.kernel.cancelFinds = random.nextInt(4) != 0;
        int socket = sockets.get(random.nextInt(sockets.size()));
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> {
            prepareAnswers(rig, random);
            all.add(submitAny(rig, random, socket, file));
          }
          case 3, 4 -> endAny(rig, random);
          case 5 -> rig.engine.cancel(all.isEmpty() ? new Recorded() : anyOf(all, random));
          case 6 -> rig.engine.poll(0);
          default -> {
            if (random.nextInt(20) == 0) {
              sockets.remove((Integer) socket);
              closeAsPromised(rig, all, socket);
              sockets.add(rig.kernel.open(socket));
            }
          }
        }
      }
      rig.kernel.cancelFinds = true;
      rig.engine.cancelAll();
      rig.settle();
      assertThat(all).allMatch(Recorded::ended);
      long accepted =
          all.stream()
              .filter(each -> each.kind() == Operation.Kind.ACCEPT)
              .flatMap(each -> each.results.stream())
              .filter(each -> each >= 0)
              .peek(rig.kernel::close)
              .count();
      assertThat(accepted).isPositive();
      assertThat(rig.kernel.openCount() - sockets.size() - 2)
          .as("files of the driver behind the sockets, beside the port and the file")
          .isBetween(1, 40);
    }
  }

  private static <T> T anyOf(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }

  private static void prepareAnswers(ScriptedRig rig, Random random) {
    rig.kernel.clearAnswers();
    for (int i = random.nextInt(4); i > 0; i--) {
      rig.kernel.nextAnswer(
          switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> 1 + random.nextInt(50);
            case 2 -> ReceiveStock.BUFFER_BYTES;
            case 3 -> -Windows.WSAECONNRESET();
            default -> PortCalls.PENDING;
          });
    }
    rig.kernel.nextAnswer(PortCalls.PENDING);
  }

  private static Recorded submitAny(ScriptedRig rig, Random random, int socket, int file) {
    return switch (random.nextInt(7)) {
      case 0 -> rig.receive(socket);
      case 1, 2 -> rig.receiveLoaned(socket);
      case 3 -> rig.send(socket, 10);
      case 4 -> rig.accept(socket);
      case 5 -> {
        rig.kernel.clearAnswers(); // the driver has packets for all that does not fail
        yield rig.awaitReady(socket, Operation.READABLE);
      }
      default -> rig.sendFile(socket, file, 0, 10);
    };
  }

  private static void endAny(ScriptedRig rig, Random random) {
    List<Call> pending = rig.kernel.pending();
    if (pending.isEmpty()) {
      return;
    }
    Call call = anyOf(pending, random);
    if (call.what.equals("poll")) {
      rig.kernel.ready(call, Windows.AFD_POLL_RECEIVE());
    } else {
      int status = STATUSES[random.nextInt(STATUSES.length)];
      boolean moves = status == 0 && !call.lengths.isEmpty() && call.lengths.getFirst() > 0;
      rig.kernel.end(call, status, moves ? 1 + random.nextInt(call.lengths.getFirst()) : 0);
    }
  }

  private static void closeAsPromised(ScriptedRig rig, List<Recorded> all, int socket) {
    for (Recorded each : all) {
      if (each.inFlight() && each.descriptor() == socket) {
        rig.engine.cancel(each);
      }
    }
    all.add(rig.close(socket));
  }
}
