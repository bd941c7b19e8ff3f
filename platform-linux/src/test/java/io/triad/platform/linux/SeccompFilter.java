package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/**
 * A seccomp(2) filter that lets chosen system calls fail with an error of our choice: the kernel
 * then looks like one that lacks or refuses them. It is put on one thread and stays there for the
 * life of that thread.
 */
final class SeccompFilter {
  /** io_uring_setup(2), the same number on every architecture. */
  static final int SETUP = 425;

  /** io_uring_enter(2). */
  static final int ENTER = 426;

  /** io_uring_register(2). */
  static final int REGISTER = 427;

  private static final int PR_SET_SECCOMP = 22;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int SECCOMP_MODE_FILTER = 2;
  private static final int RET_ALLOW = 0x7fff0000;
  private static final int RET_ERRNO = 0x00050000;
  private static final short LOAD_WORD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final short JUMP_IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final short RETURN = 0x06; // BPF_RET | BPF_K
  private static final int NUMBER_AT = 0; // struct seccomp_data
  private static final int ARGUMENTS_AT = 16;

  /** One instruction: struct sock_filter. */
  private record Instruction(short code, int ifTrue, int ifFalse, int operand) {}

  private final List<Instruction> program = new ArrayList<>();

  /** Lets every use of a system call fail. */
  SeccompFilter refuse(int call, int errno) {
    add(LOAD_WORD, 0, 0, NUMBER_AT);
    add(JUMP_IF_EQUAL, 0, 1, call);
    add(RETURN, 0, 0, RET_ERRNO | errno);
    return this;
  }

  /** Lets those uses fail whose argument, counted from 0, has this value. */
  SeccompFilter refuseIf(int call, int argument, int value, int errno) {
    add(LOAD_WORD, 0, 0, NUMBER_AT);
    add(JUMP_IF_EQUAL, 0, 3, call);
    add(LOAD_WORD, 0, 0, ARGUMENTS_AT + 8 * argument);
    add(JUMP_IF_EQUAL, 0, 1, value);
    add(RETURN, 0, 0, RET_ERRNO | errno);
    return this;
  }

  private void add(short code, int ifTrue, int ifFalse, int operand) {
    program.add(new Instruction(code, ifTrue, ifFalse, operand));
  }

  /** Puts it on the calling thread. */
  void install() {
    add(RETURN, 0, 0, RET_ALLOW);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment code = arena.allocate(8L * program.size(), 8);
      for (int i = 0; i < program.size(); i++) {
        Instruction instruction = program.get(i);
        code.set(JAVA_SHORT, i * 8L, instruction.code);
        code.set(JAVA_BYTE, i * 8L + 2, (byte) instruction.ifTrue);
        code.set(JAVA_BYTE, i * 8L + 3, (byte) instruction.ifFalse);
        code.set(JAVA_INT, i * 8L + 4, instruction.operand);
      }
      MemorySegment whole = arena.allocate(16, 8); // struct sock_fprog
      whole.set(JAVA_SHORT, 0, (short) program.size());
      whole.set(JAVA_LONG, 8, code.address());
      LinuxErrors.require(PosixCalls.prctl(PR_SET_NO_NEW_PRIVS, 1, 0), "prctl");
      LinuxErrors.require(
          PosixCalls.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, whole.address()), "prctl");
    }
  }

  /** Runs something in a thread of its own that has this filter. */
  void around(Executable body) throws Throwable {
    List<Throwable> thrown = new ArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                install();
                body.execute();
              } catch (Throwable e) {
                thrown.add(e);
              }
            },
            "filtered");
    thread.start();
    thread.join();
    if (!thrown.isEmpty()) {
      throw thrown.getFirst();
    }
  }
}
