package io.triad.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.Styler;

/** Messages per second in every cell, relative to one server, as bars. */
final class EchoPlot {
  private EchoPlot() {}

  /** Servers that lack a cell are left out: bars must stand above their own label. */
  static void write(Path file, EchoResults results, List<String> servers, String reference)
      throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(1200)
            .height(520)
            .title("Echo over loopback TCP, one core: messages per second, " + reference + " = 1")
            .yAxisTitle("ratio, median over rounds")
            .theme(Styler.ChartTheme.XChart)
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setYAxisDecimalPattern("0.0");
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setAvailableSpaceFill(0.85);
    var labels = new ArrayList<String>();
    for (EchoCell cell : results.cells()) {
      labels.add(cell.size() + " × " + cell.connections());
    }
    for (String server : servers) {
      var heights = new ArrayList<Double>();
      for (EchoCell cell : results.cells()) {
        OptionalDouble ratio = results.ratio(cell, server, reference);
        ratio.ifPresent(heights::add);
      }
      if (heights.size() == labels.size()) {
        chart.addSeries(server, labels, heights);
      }
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      ChartEncoder.saveChart(chart, out, "svg");
    }
  }
}
