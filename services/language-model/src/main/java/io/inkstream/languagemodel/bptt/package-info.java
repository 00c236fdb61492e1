/**
 * The engine in Java: truncated backpropagation through time, written out. Every sum has one order of operations, so the
 * weights depend on the text and the settings alone: not on the processor, the JVM or the number of threads.
 */
@NullMarked
package io.inkstream.languagemodel.bptt;

import org.jspecify.annotations.NullMarked;
