package io.inkstream.lessons.plots;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;

/**
 * A plot, ready to be painted.
 *
 * @param chart the drawing library's view of it
 */
record PerplexityChart(JFreeChart chart) {

    /** Width of an SVG picture: that of a page's text. */
    static final int WIDTH = 800;

    /** Height of an SVG picture. */
    static final int HEIGHT = 440;

    /** Pixels of a PNG picture for each unit of an SVG one: sharp on fine screens, too. */
    static final int PIXELS = 2;

    private static final Rectangle2D AREA = new Rectangle2D.Double(0, 0, WIDTH, HEIGHT);

    static PerplexityChart of(PerplexityPlot plot) {
        return new PerplexityChart(ChartLook.chart(plot));
    }

    /** The picture as SVG. */
    byte[] svg() {
        VectorGraphics2D graphics = new VectorGraphics2D();
        chart.draw(graphics, AREA);
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            new SVGProcessor()
                    .getDocument(graphics.getCommands(), new PageSize(0, 0, WIDTH, HEIGHT))
                    .writeTo(bytes);
            // The font that was measured is this machine's; the reader's has another.
            return bytes.toString(StandardCharsets.UTF_8)
                    .replaceAll("font-family:&quot;[^&]*&quot;", "font-family:" + Typography.CSS_FAMILIES)
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Memory does not fail", e);
        }
    }

    /** The picture as PNG. */
    byte[] png() {
        BufferedImage image = new BufferedImage(WIDTH * PIXELS, HEIGHT * PIXELS, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(PIXELS, PIXELS);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        chart.draw(graphics, AREA);
        graphics.dispose();
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("Memory does not fail", e);
        }
    }
}
