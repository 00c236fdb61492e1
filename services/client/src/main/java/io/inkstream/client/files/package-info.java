/** Files that a command writes. */
@NullMarked
package io.inkstream.client.files;

import org.jspecify.annotations.NullMarked;
