package io.inkstream.lessons.plots;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** An SVG picture, as its reader sees it. */
record Svg(Document document) {

    /** Parses it without asking the network for its DTD. */
    static Svg of(byte[] bytes) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            return new Svg(factory.newDocumentBuilder().parse(new ByteArrayInputStream(bytes)));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(e);
        }
    }

    /** All text in it, in order. */
    List<String> texts() {
        return elements("text").stream().map(Element::getTextContent).toList();
    }

    /** The points of the longest path of this colour: its line, where it has more points than the one in the legend. */
    List<String> line(String colour) {
        return lines(colour).stream()
                .map(path -> List.of(path.getAttribute("d").split(" ")))
                .reduce(List.of(), (a, b) -> a.size() >= b.size() ? a : b);
    }

    /** The stroked paths of this colour, such as {@code rgb(0,114,178)}. */
    List<Element> lines(String colour) {
        return elements("path").stream()
                .filter(path -> path.getAttribute("style").contains("stroke:" + colour))
                .toList();
    }

    /** How many shapes are filled with this colour. */
    long dots(String colour) {
        return Stream.of("path", "circle", "ellipse")
                .flatMap(name -> elements(name).stream())
                .filter(shape -> shape.getAttribute("style").contains("fill:" + colour))
                .count();
    }

    private List<Element> elements(String name) {
        NodeList nodes = document.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        IntStream.range(0, nodes.getLength()).forEach(i -> elements.add((Element) nodes.item(i)));
        return elements;
    }
}
