package io.triad.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.Nursery;
import io.triad.Triad;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's blocking TLS over sockets of Triad, with a certificate made for this test. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
final class SocketFactoryTlsTest {
  private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
  private static final String PASSWORD = "of-no-importance";

  private static SSLContext context;

  @BeforeAll
  static void makeCertificate(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=server.test",
            "-ext", "san=dns:server.test", "-validity", "2", "-storetype", "PKCS12",
            "-keystore", file.toString(), "-storepass", PASSWORD)
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
    assertThat(keytool.exitValue()).as(output).isZero();

    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys.getCertificate("server"));
    KeyManagerFactory ours = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    ours.init(keys, PASSWORD.toCharArray());
    TrustManagerFactory theirs =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    theirs.init(trusted);
    context = SSLContext.getInstance("TLS");
    context.init(ours.getKeyManagers(), theirs.getTrustManagers(), null);
  }

  private static SSLSocket client(Socket under, String host) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(under, host, under.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static SSLSocket server(Socket under) throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(under, null, true);
    socket.setUseClientMode(false);
    return socket;
  }

  @Test
  void tls_of_the_jdk_runs_over_it() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (ServerSocket listener =
              TriadServerSocketFactory.getDefault().createServerSocket(0, 5, LOCAL);
              Socket near =
                  TriadSocketFactory.getDefault().createSocket(LOCAL, listener.getLocalPort());
              Socket far = listener.accept()) {
            Nursery.open(
                nursery -> {
                  nursery.startSoon(
                      () -> {
                        try (SSLSocket socket = server(far)) {
                          byte[] question = socket.getInputStream().readNBytes(8);
                          socket.getOutputStream().write(question);
                        }
                      });
                  try (SSLSocket socket = client(near, "server.test")) {
                    socket.getOutputStream().write("question".getBytes(US_ASCII));
                    assertThat(socket.getInputStream().readNBytes(8))
                        .asString(US_ASCII)
                        .isEqualTo("question");
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                  }
                });
            assertThat(near.isClosed()).isTrue();
            assertThat(far.isClosed()).isTrue();
          }
        });
  }

  @Test
  void another_name_is_refused() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (ServerSocket listener =
              TriadServerSocketFactory.getDefault().createServerSocket(0, 5, LOCAL);
              Socket near =
                  TriadSocketFactory.getDefault().createSocket(LOCAL, listener.getLocalPort());
              Socket far = listener.accept()) {
            Nursery.open(
                nursery -> {
                  nursery.startSoon(
                      () -> {
                        try (SSLSocket socket = server(far)) {
                          assertThatExceptionOfType(SSLException.class)
                              .isThrownBy(() -> socket.getInputStream().read());
                        }
                      });
                  try (SSLSocket socket = client(near, "other.test")) {
                    assertThatExceptionOfType(SSLException.class)
                        .isThrownBy(socket::startHandshake);
                  }
                });
          }
        });
  }
}
