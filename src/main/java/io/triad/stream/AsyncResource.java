package io.triad.stream;

import io.triad.CancelScope;
import java.io.IOException;

/**
 * Something that must be closed, and whose closing may take time. Made for try-with-resources.
 *
 * <p>{@link #close} always releases the resource before it returns or throws: an exception from it
 * means "not gracefully", never "still open" (STR-01).
 */
public interface AsyncResource extends AutoCloseable {
  /**
   * Closes gracefully. A checkpoint, also when it is closed already, which is no error (STR-03). If
   * cancelled, it closes without grace and then throws (STR-02). Operations of other tasks that are
   * pending end with {@link io.triad.ClosedResourceException} (STR-04).
   *
   * @throws IOException if it could not be closed gracefully
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; it is closed nevertheless
   */
  @Override
  void close() throws IOException;

  /**
   * Closes without grace, that is, without waiting for anybody: {@link #close} inside a scope that is
   * cancelled already (STR-06). A checkpoint.
   *
   * @param resource what to close
   * @throws IOException if closing fails for another reason than the lack of grace
   */
  static void closeForcefully(AsyncResource resource) throws IOException {
    CancelScope scope = new CancelScope();
    scope.cancel("closed forcefully");
    scope.enter(_ -> resource.close());
  }
}
