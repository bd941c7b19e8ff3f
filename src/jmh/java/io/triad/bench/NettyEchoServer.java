package io.triad.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The echo server on Netty 4.2 with its native transports, one event loop for everything.
 *
 * <p>Set up as well as we know how: replies are flushed once per read pass, without a promise
 * each; io_uring receives into a registered buffer ring.
 */
public final class NettyEchoServer {
  private static final int BACKLOG = 65_535;
  private static final int RING_ENTRIES = 4096;

  // Among the best of nine settings tried with 64 and 512 connections: few large buffers, each
  // filled by many messages (kernels from 6.12 on), against up to 1024 buffers of one message each.
  private static final short BUFFER_GROUP = 1;
  private static final short BUFFERS = 64;
  private static final int BUFFERS_ADDED_AT_ONCE = 16;
  private static final int BUFFER_SIZE = 64 * 1024;

  private NettyEchoServer() {}

  /** Serves until the process ends. Arguments: {@code io_uring} or {@code epoll}, and a port. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 2) {
      System.err.println("usage: NettyEchoServer io_uring|epoll PORT");
      System.exit(2);
    }
    int port = Integer.parseInt(args[1]);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    switch (args[0]) {
      case "io_uring" -> serve(
          IoUringIoHandler.newFactory(ringConfig()), IoUringServerSocketChannel.class, address);
      case "epoll" -> serve(
          EpollIoHandler.newFactory(), EpollServerSocketChannel.class, address);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static IoUringIoHandlerConfig ringConfig() {
    return new IoUringIoHandlerConfig()
        .setRingSize(RING_ENTRIES)
        .setBufferRingConfig(
            IoUringBufferRingConfig.builder()
                .bufferGroupId(BUFFER_GROUP)
                .bufferRingSize(BUFFERS)
                .batchSize(BUFFERS_ADDED_AT_ONCE)
                .incremental(IoUring.isRegisterBufferRingIncSupported())
                .allocator(new IoUringFixedBufferRingAllocator(BUFFER_SIZE))
                .build());
  }

  private static void serve(
      IoHandlerFactory handlers,
      Class<? extends ServerSocketChannel> channelType,
      InetSocketAddress address)
      throws InterruptedException {
    var bootstrap =
        new ServerBootstrap()
            .group(new MultiThreadIoEventLoopGroup(1, handlers))
            .channel(channelType)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(new Echo());
                  }
                });
    if (channelType == IoUringServerSocketChannel.class) {
      bootstrap.childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, BUFFER_GROUP);
    }
    bootstrap.bind(address).sync().channel().closeFuture().sync();
  }

  // A void promise has no outcome to look at: failures arrive in exceptionCaught.
  @SuppressWarnings("FutureReturnValueIgnored")
  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.write(message, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // Mostly the load generator, which went away in the middle of a message.
      context.close();
    }
  }
}
