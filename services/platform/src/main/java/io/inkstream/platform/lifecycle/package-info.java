/** What a service is to the process that runs it: start, health, and an orderly end. */
@NullMarked
package io.inkstream.platform.lifecycle;

import org.jspecify.annotations.NullMarked;
