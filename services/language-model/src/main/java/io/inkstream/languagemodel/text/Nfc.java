package io.inkstream.languagemodel.text;

import java.text.Normalizer.Form;

/**
 * Unicode's composed form: a letter and its marks are one character wherever Unicode has one for them, and marks are in
 * canonical order. See Unicode Standard Annex 15.
 */
final class Nfc {

    private Nfc() {}

    static String of(String text) {
        return java.text.Normalizer.normalize(text, Form.NFC);
    }

    static boolean is(String text) {
        return java.text.Normalizer.isNormalized(text, Form.NFC);
    }
}
