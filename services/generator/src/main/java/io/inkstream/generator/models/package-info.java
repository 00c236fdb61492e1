/** Which models there are, and which of them are loaded. */
@NullMarked
package io.inkstream.generator.models;

import org.jspecify.annotations.NullMarked;
