/** The topology of ingest: which topics it joins, and what happens to a record. */
package io.inkstream.ingest.topology;
