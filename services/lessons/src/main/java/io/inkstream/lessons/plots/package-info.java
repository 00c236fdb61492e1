/** Pictures of trainings. Nothing outside this package knows the drawing library. */
package io.inkstream.lessons.plots;
