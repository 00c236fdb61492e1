/** Which records were read already, and which were deleted before they could be read. */
@NullMarked
package io.inkstream.ingest.positions;

import org.jspecify.annotations.NullMarked;
