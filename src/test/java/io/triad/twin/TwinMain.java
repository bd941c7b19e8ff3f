package io.triad.twin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Interprets programs until its input ends: a program per line comes in as JSON, and its trace goes
 * out as a line of JSON, a list of strings.
 */
public final class TwinMain {
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  private TwinMain() {}

  /**
   * Runs.
   *
   * @param args the name of a {@link Defect} to plant, or none
   * @throws IOException if the input cannot be read
   */
  public static void main(String[] args) throws IOException {
    Defect planted = args.length == 0 ? null : Defect.valueOf(args[0]);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    PrintStream out = new PrintStream(System.out, false, UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(JSON.writeValueAsString(interpret(line, planted)));
      out.flush();
    }
  }

  private static List<String> interpret(String program, @Nullable Defect planted) {
    return Interpreter.run(new Program(JSON.readValue(program, TREE)), planted);
  }
}
