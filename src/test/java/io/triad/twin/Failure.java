package io.triad.twin;

/** What a program raises. */
final class Failure extends Exception {
  private static final long serialVersionUID = 1L;

  /** Its type as the program sees it. */
  final String kind;

  /** The statement that raised it. */
  final int id;

  Failure(String kind, int id) {
    super(kind, null, true, false);
    this.kind = kind;
    this.id = id;
  }
}
