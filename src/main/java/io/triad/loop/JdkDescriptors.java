package io.triad.loop;

import java.net.DatagramSocket;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of the descriptors in the JDK's channels and sockets, which the JDK has no public way to
 * ask for. This goes the way of {@link SchedulerAccess}, with a class of ours in {@code java.lang},
 * {@code java.lang.TriadDescriptors1}, defined when it is first needed: within {@code java.base} it can
 * simply ask.
 */
public final class JdkDescriptors {
  /** Of the rest nobody knows what is between the descriptor and the bytes. */
  private static final Set<Class<?>> PLAIN =
      Set.of(Socket.class, ServerSocket.class, DatagramSocket.class, MulticastSocket.class);

  private JdkDescriptors() {}

  /** Loads the class. */
  private static final class Means {
    static final ToIntFunction<Object> NUMBER = find();

    @SuppressWarnings("unchecked") // the class implements the interface with this type
    private static ToIntFunction<Object> find() {
      try {
        return (ToIntFunction<Object>) InjectedJavaLang.instance(InjectedJavaLang.DESCRIPTORS);
      } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
        return whatever -> {
          throw new UnsupportedOperationException(
              "this Java runtime does not let the descriptors of its channels be known: " + e, e);
        };
      }
    }
  }

  /**
   * The number of a descriptor; -1 if there is none, or none any more.
   *
   * @param holder a channel of sockets, or a socket, of the JDK's own classes
   * @throws IllegalArgumentException if it is something else
   * @throws UnsupportedOperationException if this Java runtime has other members than those known
   */
  public static int of(Object holder) {
    if (!isChannel(holder) && !isSocket(holder)) {
      throw new IllegalArgumentException(
          "expected a socket or channel of the JDK itself, not '"
              + holder.getClass().getName()
              + "'");
    }
    return Means.NUMBER.applyAsInt(holder);
  }

  private static boolean isChannel(@Nullable Object holder) {
    return switch (holder) {
      case SocketChannel channel -> isOfTheJdk(channel);
      case ServerSocketChannel channel -> isOfTheJdk(channel);
      case DatagramChannel channel -> isOfTheJdk(channel);
      case null, default -> false;
    };
  }

  private static boolean isOfTheJdk(SelectableChannel channel) {
    return channel.getClass().getModule() == SelectableChannel.class.getModule();
  }

  /** One by itself, or the view of a channel. */
  private static boolean isSocket(Object holder) {
    return PLAIN.contains(holder.getClass())
        || (holder instanceof Socket socket && isChannel(socket.getChannel()))
        || (holder instanceof ServerSocket listener && isChannel(listener.getChannel()))
        || (holder instanceof DatagramSocket datagrams && isChannel(datagrams.getChannel()));
  }

  /**
   * The number of the descriptor of a file; -1 if the channel is not of the JDK's own kind, which is
   * none of a file of the system then, or is closed.
   *
   * @throws UnsupportedOperationException if this Java runtime has other members than those known
   */
  public static int ofFile(FileChannel channel) {
    return channel.getClass().getName().equals("sun.nio.ch.FileChannelImpl")
        ? Means.NUMBER.applyAsInt(channel)
        : -1;
  }
}
