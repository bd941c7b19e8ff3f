package io.triad;

import io.triad.engine.EngineWatcher;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know about the flight recorder of this process. It may be missing from the Java
 * runtime (module {@code jdk.jfr}): then nobody asks further, and no class of it is needed.
 *
 * <p>Until the first recording no event class is loaded either; loading one is what wakes the
 * recorder, which takes longer than many a run. The recorder says when a recording begins or ends,
 * and every run looks then what is wanted.
 */
final class Flight {
  private static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private Flight() {}

  /** Whether there was a recording in this process; from the first call on, runs are told of more. */
  static boolean isRecording() {
    if (!PRESENT) {
      return false;
    }
    Listener.listen(); // first: a recording that begins now is either seen or told of
    boolean recording = FlightRecorder.isInitialized();
    if (recording) {
      watchEngines();
    }
    return recording;
  }

  /** Whether a recording wants an event; not to be asked before there was one. */
  static boolean wants(Class<? extends Event> event) {
    return EventType.getEventType(event).isEnabled();
  }

  /** The run of the calling thread has written its last event. */
  static void runEnded() {
    if (PRESENT && FlightRecorder.isInitialized()) {
      FlightScribe.close();
    }
  }

  /** Engines are watched for all runs at once, because operations do not know their run. */
  private static void watchEngines() {
    boolean operations;
    boolean buffers;
    do {
      operations = wants(FlightEvents.OperationEvent.class);
      buffers = wants(FlightEvents.BufferExhaustionEvent.class);
      EngineWatcher.install(operations || buffers ? new FlightEngineWatcher(operations) : null);
      // Another thread may have known better meanwhile. No lock: the recorder calls with its own.
    } while (operations != wants(FlightEvents.OperationEvent.class)
        || buffers != wants(FlightEvents.BufferExhaustionEvent.class));
  }

  private static final class Listener implements FlightRecorderListener {
    static {
      FlightRecorder.addListener(new Listener());
    }

    /** Has this class initialized. */
    static void listen() {}

    @Override
    public void recordingStateChanged(@Nullable Recording recording) {
      watchEngines();
      Run.active().forEach(Run::recordingsChanged);
    }
  }
}
