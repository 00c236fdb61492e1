/** What applications use: {@link io.inkstream.client.InkstreamClient} and the producers, feeds and views that it opens. */
@NullMarked
package io.inkstream.client;

import org.jspecify.annotations.NullMarked;
