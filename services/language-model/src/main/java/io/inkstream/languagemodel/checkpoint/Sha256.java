package io.inkstream.languagemodel.checkpoint;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lower-case hexadecimal, by which files and weights are identified. */
public final class Sha256 {

    private final MessageDigest digest;

    /** A digest without input. */
    public Sha256() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The digest of these bytes. */
    public static String of(byte[] bytes) {
        Sha256 sha256 = new Sha256();
        sha256.update(bytes, 0, bytes.length);
        return sha256.hex();
    }

    /** Adds bytes to the input. */
    public void update(byte[] bytes, int from, int length) {
        digest.update(bytes, from, length);
    }

    /** The digest of the input; starts over. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
