/* SPDX-License-Identifier: Apache-2.0 */
/* usage: round_trip DOCUMENT LABEL.xml FOLDER
 * Seals a document from AAA to BBB, verifies it without a key, opens it, and shows what happens to
 * a file in which one byte was changed. cc round_trip.c $(pkg-config --cflags --libs valise) */
#include <stdio.h>
#include <stdlib.h>
#include <valise.h>

static void check(valise_code code, valise_error* error, const char* doing) {
    if (code == VALISE_OK)
        return;
    fprintf(stderr, "%s: %s (%s)\n", doing, valise_error_reason(error),
            valise_error_context(error));
    valise_error_free(error);
    exit(1);
}

static char* read_text(const char* path, size_t* size) {
    FILE* file = fopen(path, "rb");
    char* text = malloc(1 << 16);
    if (file == NULL || text == NULL)
        exit(2);
    *size = fread(text, 1, 1 << 16, file);
    fclose(file);
    return text;
}

static void change_a_byte(const char* path) {
    FILE* file = fopen(path, "r+b");
    int byte;
    if (file == NULL || fseek(file, 60, SEEK_SET) != 0 || (byte = fgetc(file)) == EOF ||
        fseek(file, 60, SEEK_SET) != 0 || fputc(byte ^ 1, file) == EOF || fclose(file) != 0)
        exit(2);
}

int main(int count, char** words) {
    valise_error* error = NULL;
    valise_key *sender, *recipient;
    valise_public *sender_public, *recipient_public;
    valise_sealing* sealing;
    valise_opening* opening;
    valise_bytes summary;
    char sealed[4096], opened[4096];
    size_t size;
    char* label;

    if (count != 4)
        return 2;
    label = read_text(words[2], &size);
    snprintf(sealed, sizeof sealed, "%s/c.sealed", words[3]);
    snprintf(opened, sizeof opened, "%s/c.opened", words[3]);
    printf("libvalise %s\n", valise_version());

    check(valise_key_generate("sender", &sender, &error), error, "sender's key");
    check(valise_key_generate("recipient", &recipient, &error), error, "recipient's key");
    check(valise_key_public(sender, &sender_public, &error), error, "its public half");
    check(valise_key_public(recipient, &recipient_public, &error), error, "its public half");

    check(valise_sealing_new(&sealing, &error), error, "sealing");
    check(valise_sealing_recipient(sealing, recipient_public, NULL, NULL, &error), error, "to");
    check(valise_sealing_sender(sealing, sender, "AAA", "BBB", &error), error, "from");
    check(valise_sealing_label(sealing, label, size, "restricted", &error), error, "label");
    check(valise_seal_file(sealing, words[1], sealed, &summary, &error), error, "seal");
    printf("sealed: %s\n", (const char*)summary.data);
    valise_bytes_free(&summary);

    check(valise_opening_new(&opening, &error), error, "opening");
    check(valise_opening_sender(opening, sender_public, "AAA", "BBB", &error), error, "from");
    check(valise_verify_file(opening, sealed, NULL, &error), error, "verify");
    printf("verified without a key\n");
    check(valise_opening_key(opening, recipient, &error), error, "key");
    check(valise_open_file(opening, sealed, opened, NULL, &error), error, "open");
    printf("opened\n");

    change_a_byte(sealed);
    if (valise_verify_file(opening, sealed, NULL, &error) != VALISE_INTEGRITY)
        return 1;
    printf("after a change: %s\n", valise_error_reason(error));
    valise_error_free(error);

    valise_opening_free(opening);
    valise_sealing_free(sealing);
    valise_public_free(recipient_public);
    valise_public_free(sender_public);
    valise_key_free(recipient);
    valise_key_free(sender);
    free(label);
    return 0;
}
