/** Temporary files of a process. */
@NullMarked
package io.inkstream.platform.files;

import org.jspecify.annotations.NullMarked;
