package io.triad.examples.http;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;

/**
 * A request, complete.
 *
 * @param target as it was sent, not decoded
 * @param body decoded, if it came in chunks; empty if there was none
 */
record HttpRequest(
    String method, String target, HttpVersion version, HttpFields fields, ByteBuffer body) {
  /** Whether the client wants to go on with this connection (RFC 9112 section 9.3). */
  boolean keepsAlive() {
    return version == HttpVersion.HTTP_1_1
        && fields.getCSV(HttpHeader.CONNECTION, false).stream()
            .noneMatch(option -> option.toLowerCase(Locale.ROOT).equals("close"));
  }
}
