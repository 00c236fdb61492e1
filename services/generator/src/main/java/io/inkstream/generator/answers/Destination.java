package io.inkstream.generator.answers;

/**
 * Where an answer goes.
 *
 * @param topic its name
 * @param partition of the topic; null: by the key
 * @param largest the largest record batch that the topic accepts, in bytes
 * @param isReply true for a topic that the request names, false for the default one
 * @param replyError on the default topic: why the answer is not where the request wants it; null when it is
 */
record Destination(String topic, Integer partition, int largest, boolean isReply, String replyError) {}
