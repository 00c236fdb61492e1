/**
 * The arithmetic of the Java engine: products of matrices, functions of the gates, and sums, each with one order of
 * operations, so that every processor computes the same bits.
 */
@NullMarked
package io.inkstream.kernels;

import org.jspecify.annotations.NullMarked;
