/** From records on the request topic to requests, and which of them are answered. */
@NullMarked
package io.inkstream.generator.requests;

import org.jspecify.annotations.NullMarked;
