// Asks for a completion in Avro and in plain text: node complete.js wells "the planet mars"
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { AvroDeserializer, AvroSerializer, SchemaRegistryClient, SerdeType } from '@confluentinc/schemaregistry'
import { Kafka, logLevel, Partitioners } from 'kafkajs'

const [corpus, prefix] = process.argv.slice(2)
const kafka = new Kafka({ brokers: ['localhost:9092'], logLevel: logLevel.ERROR })
const registry = new SchemaRegistryClient({ baseURLs: ['http://localhost:8081'] })

const replies = kafka.consumer({ groupId: `kafkajs-${randomUUID()}` })
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
const admin = kafka.admin()
await Promise.all([replies.connect(), producer.connect(), admin.connect()])

// Replies are read from the present end of their topics on.
const pending = new Map()
const topics = ['inkstream.completions', 'inkstream.completions.text']
await replies.subscribe({ topics })
const ends = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)))
await replies.run({ eachMessage: async ({ message }) => pending.get(message.key?.toString())?.(message) })
topics.forEach((topic, i) => ends[i].forEach((end) => replies.seek({ topic, ...end })))

async function ask(value, headers) {
  const key = randomUUID()
  const reply = new Promise((resolve) => pending.set(key, resolve))
  await producer.send({ topic: 'inkstream.prefixes', messages: [{ key, value, headers }] })
  return reply
}

// Avro: the schema is schemas/src/main/avro/PrefixRequest.avsc.
const subject = 'inkstream.prefixes-value'
await registry.register(subject, { schemaType: 'AVRO', schema: readFileSync('PrefixRequest.avsc', 'utf8') })
const serializer = new AvroSerializer(registry, SerdeType.VALUE, { useLatestVersion: true })
const deserializer = new AvroDeserializer(registry, SerdeType.VALUE, {})
const request = { corpus, prefix, maxTokens: 30, temperature: 0.7, topK: 0, topP: 1, stop: [], seed: 7 }
const avro = await ask(await serializer.serialize('inkstream.prefixes', request))
const completion = await deserializer.deserialize('inkstream.completions', avro.value)
console.log(`${completion.prefix}${completion.text}`)
console.log(`checkpoint ${completion.checkpoint.sha256}, step ${completion.checkpoint.step}`)

// Plain text: the parameters are headers.
const plain = await ask(prefix, { 'inkstream.corpus': corpus, 'inkstream.max-tokens': '30' })
console.log(plain.value.toString())

await Promise.all([replies.disconnect(), producer.disconnect(), admin.disconnect()])
