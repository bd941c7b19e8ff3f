/** A program that uses Triad by module path. */
module it.echo {
  requires io.triad;
}
