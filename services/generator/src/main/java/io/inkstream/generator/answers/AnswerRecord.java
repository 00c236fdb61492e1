package io.inkstream.generator.answers;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * An answer that can be sent.
 *
 * @param form how complete it is
 * @param record to be sent
 */
record AnswerRecord(AnswerForm form, ProducerRecord<byte[], byte[]> record) {}
