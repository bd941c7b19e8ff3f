package io.triad.examples.redis;

import io.triad.Triad;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keys and their values, some of them for a limited time by the clock of the run.
 *
 * <p>All connections use it, each in a task of its own, and there is no lock: tasks of a run switch
 * only where a method says so, and no method here does.
 */
final class Store {
  private static final Duration SWEEP_INTERVAL = Duration.ofMillis(100);
  private static final Comparator<Entry> FIRST_TO_EXPIRE =
      Comparator.comparingLong((Entry entry) -> entry.deadlineNanos)
          .thenComparing(entry -> entry.key);

  private static final class Entry {
    final String key;
    Value value;
    long deadlineNanos = Long.MAX_VALUE;

    Entry(String key, Value value) {
      this.key = key;
      this.value = value;
    }
  }

  private final Map<String, Entry> entries = new HashMap<>();
  private final TreeSet<Entry> mortal = new TreeSet<>(FIRST_TO_EXPIRE);

  @Nullable Value get(String key) {
    Entry entry = find(key);
    return entry == null ? null : entry.value;
  }

  /**
   * Looks for a value of one type.
   *
   * @throws WrongTypeException if the key has a value of another type
   */
  <V extends Value> @Nullable V get(String key, Class<V> type) {
    Value value = get(key);
    if (value != null && !type.isInstance(value)) {
      throw new WrongTypeException();
    }
    return type.cast(value);
  }

  /** Looks for a value of one type, and makes an empty one if the key has none. */
  <V extends Value> V get(String key, Class<V> type, Supplier<V> empty) {
    V value = get(key, type);
    if (value == null) {
      value = empty.get();
      entries.put(key, new Entry(key, value));
    }
    return value;
  }

  /** Gives a key a value, whatever it had before; how long it lives stays as it is. */
  void replace(String key, Value value) {
    Entry entry = find(key);
    if (entry == null) {
      entries.put(key, new Entry(key, value));
    } else {
      entry.value = value;
    }
  }

  /** Gives a key a value that lives until it is removed. */
  void put(String key, Value value) {
    persist(key);
    replace(key, value);
  }

  boolean remove(String key) {
    Entry entry = find(key);
    if (entry != null) {
      forget(entry);
    }
    return entry != null;
  }

  void clear() {
    entries.clear();
    mortal.clear();
  }

  int size() {
    return entries.size();
  }

  // ---- time ----

  /** Lets a key live for so long from now; false if there is none. */
  boolean expire(String key, Duration time) {
    Entry entry = find(key);
    if (entry == null) {
      return false;
    }
    mortal.remove(entry);
    entry.deadlineNanos = Triad.currentTime().plus(time).toNanos();
    mortal.add(entry);
    return true;
  }

  /** Lets a key live for ever; false if there is none, or it does already. */
  boolean persist(String key) {
    Entry entry = find(key);
    if (entry == null || entry.deadlineNanos == Long.MAX_VALUE) {
      return false;
    }
    mortal.remove(entry);
    entry.deadlineNanos = Long.MAX_VALUE;
    return true;
  }

  /** How long a key has still to live; null if for ever. The key must be there. */
  @Nullable Duration timeToLive(String key) {
    Entry entry = find(key);
    return entry == null || entry.deadlineNanos == Long.MAX_VALUE
        ? null
        : Duration.ofNanos(entry.deadlineNanos - now());
  }

  /** Drops what nobody asks for any more, for ever. A task of its own does that. */
  void sweep() {
    while (true) {
      Triad.sleep(SWEEP_INTERVAL);
      long now = now();
      while (!mortal.isEmpty() && mortal.first().deadlineNanos <= now) {
        forget(mortal.first());
      }
    }
  }

  private @Nullable Entry find(String key) {
    Entry entry = entries.get(key);
    if (entry != null && entry.deadlineNanos != Long.MAX_VALUE && entry.deadlineNanos <= now()) {
      forget(entry);
      return null;
    }
    return entry;
  }

  private void forget(Entry entry) {
    entries.remove(entry.key);
    mortal.remove(entry);
  }

  private static long now() {
    return Triad.currentTime().toNanos();
  }
}
