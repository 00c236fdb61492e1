/** Published results as named presets, their run through a stack, and what came of it. */
package io.inkstream.lessons.presets;
