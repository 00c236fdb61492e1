/** Text files and streams, checked and cut into records of whole lines. */
@NullMarked
package io.inkstream.client.text;

import org.jspecify.annotations.NullMarked;
