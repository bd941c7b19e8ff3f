package io.triad.engine.simulated;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.triad.engine.SocketFiles;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files among {@link UnixNames}. Never blocks, so that a history does not depend on threads.
 * Permissions are taken and of no effect: everybody here is the same user.
 */
final class SimulatedSocketFiles implements SocketFiles {
  private final World world;

  SimulatedSocketFiles(World world) {
    this.world = world;
  }

  private static String name(Path path) {
    return new String(path.toString().getBytes(NAMES), ISO_8859_1);
  }

  @Override
  public boolean mayBlock() {
    return false;
  }

  @Override
  public @Nullable Entry find(Path path) {
    world.enter();
    try {
      return world.unixNames().contains(name(path))
          ? new Entry(true, world.unixNames().number(name(path)))
          : null;
    } finally {
      world.exit();
    }
  }

  @Override
  public void setPermissions(Path path, Set<PosixFilePermission> permissions)
      throws NoSuchFileException {
    require(find(path) != null, path);
  }

  @Override
  public void move(Path from, Path to) throws NoSuchFileException {
    world.enter();
    try {
      require(world.unixNames().rename(name(from), name(to)), from);
    } finally {
      world.exit();
    }
  }

  @Override
  public void remove(Path path) throws NoSuchFileException {
    world.enter();
    try {
      require(world.unixNames().remove(name(path)), path);
    } finally {
      world.exit();
    }
  }

  private static void require(boolean exists, Path path) throws NoSuchFileException {
    if (!exists) {
      throw new NoSuchFileException(path.toString());
    }
  }
}
