package shop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One life of a producer: numbers what it tells, says how far the numbers go, and says when it is over.
 *
 * <p>It ends well with {@link #close}. Where that cannot be, no closing report goes out, and every answer that it
 * concerns says that it is incomplete: that is meant so.
 */
final class Teller implements AutoCloseable {
    private static final Contract COLLECTED = new Contract("Collected-1273cb406649142f");
    private static final Contract SHARED = new Contract("Shared-ce57f276d369a8cc");
    private static final Contract REPORTED = new Contract("ProducerReported-2a86b60a065ac2f2");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KafkaProducer<byte[], byte[]> kafka;
    private final String topic;
    private final byte[] secret;
    private final String producer;
    private final UUID incarnation = UUID.randomUUID();
    private final AtomicReference<Exception> lost = new AtomicReference<>();
    private long last;
    private Instant coveredUntil;

    /**
     * {@code coversFrom}: since when everything was told, were it only that nothing happened. For a service's first
     * life the day it began, later the end of its life before.
     */
    Teller(String bootstrap, String topic, byte[] secret, String producer, Instant coversFrom) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        settings.put("delivery.timeout.ms", "30000");
        settings.put("request.timeout.ms", "10000");
        settings.put("max.block.ms", "10000");
        settings.put("linger.ms", "20");
        // No partitioner: the default, the murmur2 hash of the key, is the one that is meant.
        this.kafka = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.topic = topic;
        this.secret = secret.clone();
        this.producer = producer;
        this.coveredUntil = coversFrom;
    }

    /** Tells that data about this person was collected, now. Returns the event's id. */
    UUID collected(String namespace, String identifier, Map<String, ?> fields) throws IOException {
        return tell(COLLECTED, namespace, identifier, fields);
    }

    /** Tells that data about this person was shared, now. Returns the event's id. */
    UUID shared(String namespace, String identifier, Map<String, ?> fields) throws IOException {
        return tell(SHARED, namespace, identifier, fields);
    }

    private synchronized UUID tell(Contract contract, String namespace, String identifier, Map<String, ?> fields)
            throws IOException {
        UUID subject = Token.of(secret, namespace, identifier);
        Map<String, Object> event = header(last + 1, now());
        event.put("subject", subject);
        event.put("namespace", namespace);
        event.putAll(fields);
        byte[] value = contract.encode(event); // may refuse: then the number is not used
        send(new ProducerRecord<>(topic, Contract.bytes(subject), value));
        last++;
        return (UUID) event.get("event_id");
    }

    /** Says how far the numbers go, and that everything up to {@code until} was told. To every partition. */
    private synchronized void report(Instant until, boolean closing) throws IOException {
        Map<String, Object> event = header(0, until);
        event.put("last_sequence", last);
        event.put("covers_from", coveredUntil);
        event.put("covers_until", until);
        event.put("closing", closing);
        byte[] value = REPORTED.encode(event);
        byte[] key = producer.getBytes(StandardCharsets.UTF_8);
        for (PartitionInfo each : kafka.partitionsFor(topic)) {
            send(new ProducerRecord<>(topic, each.partition(), key, value));
        }
        coveredUntil = until;
    }

    /** The beat: call it every five minutes, also when nothing happened. */
    void report() throws IOException {
        report(now(), false);
    }

    /** Waits until all is confirmed, then ends this life. Throws, and closes nothing, where something was lost. */
    @Override
    public synchronized void close() throws IOException {
        try (kafka) {
            flush();
            report(now(), true);
            flush();
        }
    }

    /** The end of the time that the reports cover: where the next life's {@code coversFrom} begins. */
    Instant coveredUntil() {
        return coveredUntil;
    }

    private void flush() throws IOException {
        kafka.flush();
        Exception error = lost.get();
        if (error != null) { // a real service keeps what it told, and sends the very same bytes again
            throw new IOException("the log did not confirm everything: " + error.getClass().getSimpleName());
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        kafka.send(record, (place, error) -> lost.compareAndSet(null, error));
    }

    private Map<String, Object> header(long sequence, Instant occurredAt) {
        Map<String, Object> fields = new HashMap<>();
        fields.put("event_id", newEventId());
        fields.put("occurred_at", occurredAt);
        fields.put("producer", producer);
        fields.put("incarnation", incarnation);
        fields.put("sequence", sequence);
        return fields;
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS); // the broker's clock is no finer
    }

    /** A UUID of version 7: 48 bits of milliseconds, the rest random. */
    private static UUID newEventId() {
        long high = System.currentTimeMillis() << 16 | 0x7000 | RANDOM.nextInt(0x1000);
        long low = RANDOM.nextLong() >>> 2 | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
