package java.lang;

import java.io.FileDescriptor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImpl;
import java.nio.channels.SelectableChannel;
import java.util.function.ToIntFunction;
import jdk.internal.access.SharedSecrets;
import sun.nio.ch.FileChannelImpl;
import sun.nio.ch.SelChImpl;

/**
 * Tells the number of the descriptor in a channel or socket of the JDK.
 *
 * <p>This class is no part of the JDK. Triad defines it in {@code java.lang} for the same reason and
 * under the same rules as {@link TriadScheduler1}: what it does never changes, and its callers know
 * it by its interface only. What it is for is told in {@code io.triad.loop.JdkDescriptors}.
 */
public final class TriadDescriptors1 implements ToIntFunction<Object> {

  /** What there is for something that is closed. */
  private static final int NONE = -1;

  /** Makes an instance; it has no state. */
  public TriadDescriptors1() {}

  /**
   * Returns the number of a descriptor, or -1 if there is none any more. A socket that has none yet
   * gets one.
   *
   * @param holder a channel that can be selected or of a file, or a socket
   * @throws UnsupportedOperationException if it has no descriptor that this class knows of
   */
  @Override
  public int applyAsInt(Object holder) {
    try {
      return switch (holder) {
        case SelChImpl channel -> ofChannel(channel);
        case FileChannelImpl channel -> ofFile(channel);
        case Socket socket ->
            ofSocket(Socket.class, socket, socket.getChannel(), socket.isClosed());
        case ServerSocket socket ->
            ofSocket(ServerSocket.class, socket, socket.getChannel(), socket.isClosed());
        case DatagramSocket socket -> ofDatagramSocket(socket);
        default -> throw new UnsupportedOperationException("no descriptor: " + holder.getClass());
      };
    } catch (ReflectiveOperationException e) {
      throw new UnsupportedOperationException(e);
    }
  }

  private static int ofChannel(SelChImpl channel) {
    return channel.isOpen() ? channel.getFDVal() : NONE;
  }

  private static int ofFile(FileChannelImpl channel) throws ReflectiveOperationException {
    if (!channel.isOpen()) {
      return NONE;
    }
    Field field = FileChannelImpl.class.getDeclaredField("fd");
    field.setAccessible(true);
    FileDescriptor descriptor = (FileDescriptor) field.get(channel);
    // On Windows a file has a handle, of which 32 bits count; elsewhere that is -1.
    long handle = SharedSecrets.getJavaIOFileDescriptorAccess().getHandle(descriptor);
    return handle == NONE
        ? SharedSecrets.getJavaIOFileDescriptorAccess().get(descriptor)
        : (int) handle;
  }

  private static int ofSocket(
      Class<?> type, Object socket, SelectableChannel channel, boolean closed)
      throws ReflectiveOperationException {
    if (channel instanceof SelChImpl known) {
      return ofChannel(known);
    }
    if (closed) {
      return NONE;
    }
    Object impl = call(type, "getImpl", socket);
    FileDescriptor descriptor =
        (FileDescriptor) call(SocketImpl.class, "getFileDescriptor", impl);
    return descriptor == null
        ? NONE
        : SharedSecrets.getJavaIOFileDescriptorAccess().get(descriptor);
  }

  /** Since JDK 14 a datagram socket is a view of a channel, or has one that is. */
  private static int ofDatagramSocket(DatagramSocket socket) throws ReflectiveOperationException {
    DatagramSocket view =
        socket.getChannel() == null
            ? (DatagramSocket) call(DatagramSocket.class, "delegate", socket)
            : socket;
    if (view.getChannel() instanceof SelChImpl channel) {
      return ofChannel(channel);
    }
    throw new UnsupportedOperationException("no channel: " + view.getClass());
  }

  private static Object call(Class<?> type, String name, Object on)
      throws ReflectiveOperationException {
    Method method = type.getDeclaredMethod(name);
    method.setAccessible(true);
    return method.invoke(on);
  }
}
