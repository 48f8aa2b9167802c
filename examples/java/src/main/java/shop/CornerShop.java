package shop;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** A shop that takes an order: it collects an address and a card number, and its card company gets the latter. */
final class CornerShop {
    private CornerShop() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("usage: CornerShop ACCOUNT SINCE, such as: CornerShop 42 2026-01-01T08:00:00Z");
            System.exit(2);
        }
        Teller teller =
                new Teller(
                        set("LINEAGE_KAFKA_BOOTSTRAP"),
                        set("LINEAGE_KAFKA_TOPIC"),
                        secret(),
                        "corner_shop",
                        Instant.parse(arguments[1]));
        try (teller) {
            List<String> purposes = List.of("take_payment");
            teller.collected(
                    "account",
                    arguments[0],
                    Map.of(
                            "elements", List.of("email_address", "card_pan"),
                            "source", "customer",
                            "purposes", purposes,
                            "system", "shop_database"));
            teller.shared(
                    "account",
                    arguments[0],
                    Map.of(
                            "elements", List.of("card_pan"),
                            "recipient", "card_company",
                            "purposes", purposes,
                            "consideration", "NONE", // we get nothing for the data
                            "system", "shop_database"));
        }
        System.out.println("told everything until " + teller.coveredUntil());
    }

    private static byte[] secret() {
        try {
            return HexFormat.of().parseHex(set("LINEAGE_SECRET"));
        } catch (IllegalArgumentException error) { // not passed on: it may show the secret
            throw new IllegalArgumentException("LINEAGE_SECRET is not written in hex digits");
        }
    }

    private static String set(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new NoSuchElementException(name + " is not set");
        }
        return value;
    }
}
