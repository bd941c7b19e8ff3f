package io.triad.twin;

import io.triad.TaskStatus;
import org.jspecify.annotations.Nullable;

/**
 * What the interpreter knows of the task that runs.
 *
 * @param name its name in the trace
 * @param status what {@code started} is said to, if it was begun by {@code start}
 */
record TwinTask(String name, @Nullable TaskStatus<Integer> status) {}
