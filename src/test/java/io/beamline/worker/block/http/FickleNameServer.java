package io.beamline.worker.block.http;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A DNS server on a real socket that gives one address after another to whoever asks, each to be
 * forgotten at once, and refuses what it has no address for. Thread-safe.
 */
final class FickleNameServer implements AutoCloseable {

  private static final int HEADER = 12;
  private static final int TYPE_A = 1;

  private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  private final Queue<InetAddress> answers;
  private final AtomicInteger asked = new AtomicInteger();

  FickleNameServer(String... addresses) throws IOException {
    answers = new ConcurrentLinkedQueue<>();
    for (String address : addresses) {
      answers.add(InetAddress.getByName(address));
    }
    Thread.ofPlatform().daemon().name("fickle-name-server").start(this::serve);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** How often it was asked for an IPv4 address. */
  int asked() {
    return asked.get();
  }

  @Override
  public void close() {
    socket.close();
  }

  private void serve() {
    byte[] buffer = new byte[512];
    try {
      while (true) {
        DatagramPacket query = new DatagramPacket(buffer, buffer.length);
        socket.receive(query);
        byte[] answer = answer(Arrays.copyOf(buffer, query.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
      }
    } catch (IOException e) {
      socket.close(); // the test is over
    }
  }

  private byte[] answer(byte[] query) {
    int end = HEADER;
    while (query[end] != 0) {
      end += query[end] + 1;
    }
    end += 5; // the final zero, type and class
    boolean ipv4 = ByteBuffer.wrap(query).getShort(end - 4) == TYPE_A;
    InetAddress address = ipv4 ? answers.poll() : null;
    ByteBuffer answer = ByteBuffer.allocate(512).put(query, 0, end);
    answer.putShort(2, (short) 0x8180).putShort(6, (short) (address == null ? 0 : 1));
    answer.putShort(8, (short) 0).putShort(10, (short) 0);
    if (ipv4) {
      asked.incrementAndGet();
    }
    if (address != null) {
      answer.putShort((short) (0xc000 | HEADER)).putShort((short) TYPE_A).putShort((short) 1);
      answer.putInt(0).putShort((short) 4).put(address.getAddress());
    }
    return Arrays.copyOf(answer.array(), answer.position());
  }
}
