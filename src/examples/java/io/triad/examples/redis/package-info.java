/**
 * A key-value server that speaks the protocol of Redis, so that its tools and clients work. {@link
 * io.triad.examples.redis.KeyValueServer} is the program, {@code RespParser} turns bytes into
 * commands, {@code Replies} answers into bytes, {@code Store} holds the data, and the {@code
 * …Commands} are what can be done with it.
 */
@NullMarked
package io.triad.examples.redis;

import org.jspecify.annotations.NullMarked;
