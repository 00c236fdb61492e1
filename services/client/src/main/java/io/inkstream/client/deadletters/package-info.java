/** Lists dead letters and replays them. */
@NullMarked
package io.inkstream.client.deadletters;

import org.jspecify.annotations.NullMarked;
