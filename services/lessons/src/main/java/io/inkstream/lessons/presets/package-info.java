/** Published results as named presets, their reproduction through a running pipeline, and its outcome. */
@NullMarked
package io.inkstream.lessons.presets;

import org.jspecify.annotations.NullMarked;
