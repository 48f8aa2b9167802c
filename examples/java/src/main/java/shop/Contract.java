package shop;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;

/** How does an event become the value of a record? By a released schema, in Avro's single-object encoding. */
final class Contract {
    private final Schema schema;
    private final BinaryMessageEncoder<GenericRecord> encoder;

    /** Reads {@code schemas/<name>.avsc}; the name ends in the fingerprint, which must be that of the file. */
    Contract(String name) {
        try (InputStream file = Contract.class.getResourceAsStream("/schemas/" + name + ".avsc")) {
            schema = new Schema.Parser().parse(file);
        } catch (IOException error) {
            throw new IllegalStateException("schemas/" + name + ".avsc cannot be read", error);
        }
        long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
        if (!name.endsWith("-%016x".formatted(fingerprint))) {
            throw new IllegalStateException("schemas/" + name + ".avsc is another schema than its name says");
        }
        encoder = new BinaryMessageEncoder<>(GenericData.get(), schema);
    }

    /**
     * The bytes of an event. The fields of the header and of the event stand side by side, as in the JSON form;
     * ids are UUID or text, times Instant or text, words text. What is left out takes the schema's default.
     */
    byte[] encode(Map<String, ?> fields) throws IOException {
        ByteBuffer value = encoder.encode(record(schema, fields));
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return bytes;
    }

    private static GenericRecord record(Schema schema, Map<String, ?> fields) {
        GenericRecordBuilder built = new GenericRecordBuilder(schema);
        for (Schema.Field field : schema.getFields()) {
            if (field.name().equals("header")) {
                built.set(field, record(field.schema(), fields));
            } else if (fields.get(field.name()) != null) {
                built.set(field, value(field.schema(), fields.get(field.name())));
            }
        }
        return built.build();
    }

    private static Object value(Schema schema, Object given) {
        return switch (schema.getType()) {
            case UNION -> value(schema.getTypes().get(1), given); // always ["null", T]
            case FIXED -> new GenericData.Fixed(schema, bytes(UUID.fromString(given.toString())));
            case ENUM -> new GenericData.EnumSymbol(schema, given.toString());
            case LONG -> given instanceof Number number ? number.longValue() : micros(Instant.parse(given.toString()));
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                ((List<?>) given).forEach(each -> items.add(value(schema.getElementType(), each)));
                yield items;
            }
            default -> given;
        };
    }

    /** The 16 bytes of a UUID, the most significant first. */
    static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
