"""Sends a book and asks for a completion: python3 complete.py wells book.txt "the planet mars" """

import io
import json
import struct
import sys
import urllib.request
import uuid

import avro.io
import avro.schema
from confluent_kafka import Consumer, Producer, TopicPartition

BROKER, REGISTRY = "localhost:9092", "http://localhost:8081"
corpus, book, prefix = sys.argv[1:]


def registry(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/vnd.schemaregistry.v1+json"}
    with urllib.request.urlopen(urllib.request.Request(REGISTRY + path, data, headers)) as answer:
        return json.load(answer)


def encode(subject, schema, value):
    """Confluent's wire format: a zero byte, the schema's id in four bytes, and Avro."""
    schema_id = registry(f"/subjects/{subject}/versions", {"schema": schema})["id"]
    out = io.BytesIO(struct.pack(">bI", 0, schema_id))
    out.seek(5)
    avro.io.DatumWriter(avro.schema.parse(schema)).write(value, avro.io.BinaryEncoder(out))
    return out.getvalue()


def decode(value):
    schema = registry(f"/schemas/ids/{struct.unpack('>bI', value[:5])[1]}")["schema"]
    reader = avro.io.DatumReader(avro.schema.parse(schema))
    return reader.read(avro.io.BinaryDecoder(io.BytesIO(value[5:])))


producer = Producer({"bootstrap.servers": BROKER, "partitioner": "murmur2_random", "enable.idempotence": True})
with open(book, "rb") as lines:
    for line in lines:
        producer.produce("inkstream.text", key=corpus, value=line)
        producer.poll(0)
producer.flush()

# Replies are read from the present end of their topic on.
replies = Consumer({"bootstrap.servers": BROKER, "group.id": f"python-{uuid.uuid4()}", "enable.auto.commit": False})
topic = "inkstream.completions"
partitions = [TopicPartition(topic, p) for p in replies.list_topics(topic).topics[topic].partitions]
for partition in partitions:
    partition.offset = replies.get_watermark_offsets(partition)[1]
replies.assign(partitions)

with open("PrefixRequest.avsc") as file:  # schemas/src/main/avro/PrefixRequest.avsc
    schema = file.read()
request = {"corpus": corpus, "prefix": prefix, "maxTokens": 30, "temperature": 0.7, "topK": 0, "topP": 1.0}
key = str(uuid.uuid4())
value = encode("inkstream.prefixes-value", schema, {**request, "stop": [], "seed": 7})
producer.produce("inkstream.prefixes", key=key, value=value)
producer.flush()

reply = None
while reply is None or reply.error() or reply.key() != key.encode():
    reply = replies.poll(1)
completion = decode(reply.value())
replies.close()
print(completion["error"] or completion["prefix"] + completion["text"])
print(f"checkpoint {completion['checkpoint']['sha256']}, step {completion['checkpoint']['step']}")
