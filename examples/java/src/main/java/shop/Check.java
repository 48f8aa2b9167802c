package shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;

/** Does this code make the tokens and the bytes that the contract shows? Takes the folder {@code schemas}. */
final class Check {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static int wrong;

    private Check() {}

    public static void main(String[] arguments) throws Exception {
        JsonNode vectors = JSON.readTree(new File(arguments[0], "token-vectors.json"));
        for (JsonNode each : vectors.get("tokens")) {
            byte[] secret = HexFormat.of().parseHex(text(each, "secret"));
            UUID token = Token.of(secret, text(each, "namespace"), text(each, "identifier"));
            compare(text(each, "note"), text(each, "token"), token.toString());
        }
        for (JsonNode each : vectors.get("refused")) {
            compare(text(each, "note"), "refused", refused(each) ? "refused" : "taken");
        }
        JsonNode records = JSON.readTree(new File(arguments[0], "record-vectors.json")).get("records");
        for (JsonNode each : records) {
            Map<String, ?> fields = JSON.convertValue(each.get("event"), Map.class);
            byte[] value = new Contract(text(each, "schema")).encode(fields);
            compare(text(each, "note"), text(each, "value"), HexFormat.of().formatHex(value));
        }
        System.out.printf(
                "%d tokens, %d refused, %d records, %d of them wrong%n",
                vectors.get("tokens").size(), vectors.get("refused").size(), records.size(), wrong);
        System.exit(wrong == 0 ? 0 : 1);
    }

    private static boolean refused(JsonNode each) {
        try {
            Token.normalised(text(each, "namespace"), text(each, "identifier"));
            return false;
        } catch (IllegalArgumentException error) {
            return true;
        }
    }

    private static void compare(String note, String expected, String made) {
        if (!expected.equals(made)) {
            wrong++;
            System.out.printf("%s:%n  expected %s%n  made     %s%n", note, expected, made);
        }
    }

    private static String text(JsonNode node, String name) {
        return node.get(name).asText();
    }
}
