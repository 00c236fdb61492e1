/** What the command line asks of a cluster, in the pipeline's own terms: text in, latest records, progress, completions. */
package io.inkstream.client;
