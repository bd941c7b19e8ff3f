/**
 * An HTTP/1.1 server in a few screens. {@link io.triad.examples.http.HttpServer} is the program,
 * {@code HttpConnection} the life of a connection, {@code RequestReader} turns bytes into requests,
 * {@code Site} requests into answers.
 */
@NullMarked
package io.triad.examples.http;

import org.jspecify.annotations.NullMarked;
