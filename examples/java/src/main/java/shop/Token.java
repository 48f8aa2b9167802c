package shop;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.IDNA;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.Normalizer;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Under which pseudonym is a person recorded? The rules stand in schemas/README.md, the vectors beside it.
 *
 * <p>What is refused is told without the value: it is a person's, and messages end up in log files.
 */
final class Token {
    private static final IDNA DOMAINS =
            IDNA.getUTS46Instance(
                    IDNA.NONTRANSITIONAL_TO_ASCII
                            | IDNA.USE_STD3_RULES
                            | IDNA.CHECK_BIDI
                            | IDNA.CHECK_CONTEXTJ
                            | IDNA.CHECK_CONTEXTO);
    private static final PhoneNumberUtil PHONES = PhoneNumberUtil.getInstance();

    private Token() {}

    /** The token of an identifier: a UUID of version 8. Throws IllegalArgumentException, without the value. */
    static UUID of(byte[] secret, String namespace, String identifier) {
        if (secret.length < 32) {
            throw new IllegalArgumentException("the secret needs 32 bytes or more");
        }
        byte[] message = (namespace + "\0" + normalised(namespace, identifier)).getBytes(StandardCharsets.UTF_8);
        byte[] digest;
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            digest = mac.doFinal(message);
        } catch (GeneralSecurityException error) {
            throw new IllegalStateException("this Java has no HMAC-SHA-256", error);
        }
        digest[6] = (byte) (digest[6] & 0x0F | 0x80);
        digest[8] = (byte) (digest[8] & 0x3F | 0x80);
        ByteBuffer first = ByteBuffer.wrap(digest);
        return new UUID(first.getLong(), first.getLong());
    }

    /** The one form of an identifier, so that the same address typed twice is the same person. */
    static String normalised(String namespace, String identifier) {
        if (!namespace.matches("[a-z][a-z0-9_]{0,31}")) {
            throw new IllegalArgumentException("a namespace is a word of a-z, 0-9 and _");
        }
        String plain = nfc(identifier).strip();
        if (plain.isEmpty()) {
            throw new IllegalArgumentException(namespace + ": the identifier is empty");
        }
        return switch (namespace) {
            case "email" -> email(plain);
            case "phone" -> phone(plain);
            default -> plain;
        };
    }

    private static String email(String plain) {
        int at = plain.lastIndexOf('@');
        if (at < 1 || at == plain.length() - 1 || plain.codePoints().anyMatch(UCharacter::isUWhiteSpace)) {
            throw new IllegalArgumentException("email: not of the form name@domain");
        }
        IDNA.Info info = new IDNA.Info();
        String domain = DOMAINS.nameToASCII(plain.substring(at + 1), new StringBuilder(), info).toString();
        if (info.hasErrors()) {
            throw new IllegalArgumentException("email: the part behind the @ is no domain name");
        }
        return nfc(UCharacter.foldCase(plain.substring(0, at), true)) + "@" + domain;
    }

    private static String phone(String plain) {
        PhoneNumber number;
        try {
            number = PHONES.parse(plain, null);
        } catch (NumberParseException error) { // not passed on: it may show the number
            throw new IllegalArgumentException("phone: write it with + and the country code");
        }
        if (number.hasExtension() || !PHONES.isPossibleNumber(number)) {
            throw new IllegalArgumentException("phone: no possible number of that country");
        }
        return PHONES.format(number, PhoneNumberFormat.E164);
    }

    private static String nfc(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
