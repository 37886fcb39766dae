/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VALISE_H
#define VALISE_H

/* libvalise: sealed files for programs in any language. docs/library.md has the rules and examples.
 *
 * Every function that can fail returns a valise_code, and, when `error` is not NULL, an error that
 * the caller frees. Nothing throws. Handles may be used by one thread at a time, different handles
 * by different threads. Strings are UTF-8; what is returned as `valise_bytes` is freed by
 * valise_bytes_free(). Summaries are JSON objects. No function but the *_file ones opens a file. */

#include <stddef.h>
#include <stdint.h>

#define VALISE_VERSION_MAJOR 0
#define VALISE_VERSION_MINOR 1
#define VALISE_VERSION_PATCH 0

#if defined(__GNUC__)
#define VALISE_API __attribute__((visibility("default")))
#else
#define VALISE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What a caller can do about it; the reason id says what it was (docs/errors.md). */
typedef enum valise_code {
    VALISE_OK = 0,
    VALISE_INVALID = 1,
    VALISE_REFUSED = 2,
    VALISE_NOT_FOUND = 3,
    VALISE_CONFLICT = 4,
    VALISE_INTEGRITY = 5,
    VALISE_LIMIT = 6,
    VALISE_UNAVAILABLE = 7,
    VALISE_INTERNAL = 8
} valise_code;

typedef struct valise_error valise_error;
typedef struct valise_key valise_key;         /* a secret key: of a recipient or of a sender */
typedef struct valise_public valise_public;   /* its public half */
typedef struct valise_sealing valise_sealing; /* what is asked for when sealing */
typedef struct valise_opening valise_opening; /* what is known when opening or verifying */
typedef struct valise_reader valise_reader;   /* any place of a sealed document */

typedef struct valise_bytes {
    unsigned char* data;
    size_t size;
} valise_bytes;

VALISE_API const char* valise_version(void);            /* "0.1.0" */
VALISE_API void valise_bytes_free(valise_bytes* bytes); /* wipes them; NULL is fine */

VALISE_API valise_code valise_error_code(const valise_error* error);
VALISE_API const char* valise_error_reason(const valise_error* error);  /* "envelope.signature" */
VALISE_API const char* valise_error_context(const valise_error* error); /* for the operator */
VALISE_API void valise_error_free(valise_error* error);

/* Keys. `kind` is "sender", "recipient" (hpqt:secp384r1-mlkem1024), or a scheme: "hpqt:xwing",
 * "mlkem:1024", "ec:secp256r1", "rsa:2048", and so on. */
VALISE_API valise_code valise_key_generate(const char* kind, valise_key** key,
                                           valise_error** error);
/* A key file of `valise keygen`, or PKCS#8 in PEM (recipients only). `passphrase` may be NULL. */
VALISE_API valise_code valise_key_read(const char* text, size_t size, const char* passphrase,
                                       valise_key** key, valise_error** error);
/* A key file (sender, recipient) or PEM (other schemes, which no passphrase protects). */
VALISE_API valise_code valise_key_write(const valise_key* key, const char* passphrase,
                                        valise_bytes* text, valise_error** error);
VALISE_API valise_code valise_key_public(const valise_key* key, valise_public** out,
                                         valise_error** error);
VALISE_API void valise_key_free(valise_key* key);

/* A .pub file of `valise keygen`, or SubjectPublicKeyInfo in PEM. */
VALISE_API valise_code valise_public_read(const char* text, size_t size, valise_public** out,
                                          valise_error** error);
VALISE_API valise_code valise_public_write(const valise_public* key, valise_bytes* text,
                                           valise_error** error);
VALISE_API valise_code valise_public_id(const valise_public* key, valise_bytes* id,
                                        valise_error** error);
VALISE_API void valise_public_free(valise_public* key);

/* Sealing. Without a sender the result is a file at rest, which opens by its payload root only. */
VALISE_API valise_code valise_sealing_new(valise_sealing** out, valise_error** error);
VALISE_API void valise_sealing_free(valise_sealing* sealing);
/* `url` names the key service that stock clients ask; of one `sid` any key is enough, of different
 * ones all are needed; both may be NULL. */
VALISE_API valise_code valise_sealing_recipient(valise_sealing* sealing, const valise_public* key,
                                                const char* url, const char* sid,
                                                valise_error** error);
/* The key is borrowed until the sealing is freed. */
VALISE_API valise_code valise_sealing_sender(valise_sealing* sealing, const valise_key* key,
                                             const char* from, const char* to,
                                             valise_error** error);
/* A STANAG 4774 label (XML); its 5636 form and the data attributes follow from it. `level` is the
 * code of its classification in attribute names: "gokuhi". */
VALISE_API valise_code valise_sealing_label(valise_sealing* sealing, const char* xml, size_t size,
                                            const char* level, valise_error** error);
/* mime_type, metadata, policy_uuid, tdf_version ("4.3.0", "4.4.0"), namespace, and of the statement
 * exchange, serial, item, inspection, time (RFC 3339). */
VALISE_API valise_code valise_sealing_set(valise_sealing* sealing, const char* name,
                                          const char* value, valise_error** error);

/* Fills some of `data`, at least one byte; returns 0 at the end and -1 on failure. */
typedef ptrdiff_t (*valise_read_fn)(void* context, unsigned char* data, size_t size);
/* Takes all of it; returns 0, or -1 on failure. */
typedef int (*valise_write_fn)(void* context, const unsigned char* data, size_t size);

/* `summary` may be NULL. A file comes under its name when it is whole; nothing of a failed one
 * stays. */
VALISE_API valise_code valise_seal_file(const valise_sealing* sealing, const char* from,
                                        const char* to, valise_bytes* summary,
                                        valise_error** error);
VALISE_API valise_code valise_seal_stream(const valise_sealing* sealing, valise_read_fn read,
                                          void* read_context, valise_write_fn write,
                                          void* write_context, valise_bytes* summary,
                                          valise_error** error);

/* Opening. Who must have sealed the file, or its payload root, is known beforehand, or nothing
 * opens. */
VALISE_API valise_code valise_opening_new(valise_opening** out, valise_error** error);
VALISE_API void valise_opening_free(valise_opening* opening);
/* Borrowed until the opening is freed; may be called for several keys. */
VALISE_API valise_code valise_opening_key(valise_opening* opening, const valise_key* key,
                                          valise_error** error);
VALISE_API valise_code valise_opening_sender(valise_opening* opening, const valise_public* key,
                                             const char* from, const char* to,
                                             valise_error** error);
VALISE_API valise_code valise_opening_root(valise_opening* opening, const unsigned char root[32],
                                           valise_error** error);

VALISE_API valise_code valise_open_file(const valise_opening* opening, const char* from,
                                        const char* to, valise_bytes* summary,
                                        valise_error** error);
VALISE_API valise_code valise_open_stream(const valise_opening* opening, const char* from,
                                          valise_write_fn write, void* write_context,
                                          valise_bytes* summary, valise_error** error);
/* The whole file without any key: origin, integrity, label, every segment. */
VALISE_API valise_code valise_verify_file(const valise_opening* opening, const char* from,
                                          valise_bytes* summary, valise_error** error);
/* A plain TDF of other makers: nobody signed it, and the summary's findings say what is missing. */
VALISE_API valise_code valise_import_file(const valise_opening* opening, const char* from,
                                          const char* to, valise_bytes* summary,
                                          valise_error** error);
/* What a file says of itself; nothing of it is proved. */
VALISE_API valise_code valise_inspect_file(const char* from, valise_bytes* summary,
                                           valise_error** error);

/* Any place of a document, each segment checked first. */
VALISE_API valise_code valise_reader_new(const valise_opening* opening, const char* from,
                                         valise_reader** out, valise_error** error);
VALISE_API uint64_t valise_reader_size(const valise_reader* reader);
VALISE_API valise_code valise_reader_read(valise_reader* reader, uint64_t offset,
                                          unsigned char* data, size_t size, valise_error** error);
VALISE_API void valise_reader_free(valise_reader* reader);

/* Labels: STANAG 4774 XML read into a summary, and written as 5636 JSON. */
VALISE_API valise_code valise_label_read(const char* xml, size_t size, valise_bytes* summary,
                                         valise_error** error);
VALISE_API valise_code valise_label_5636(const char* xml, size_t size, valise_bytes* json,
                                         valise_error** error);

/* A C2SP tlog-proof: the leaf is in the tree of a checkpoint that both keys of the log signed. */
VALISE_API valise_code valise_log_verify(const char* proof, size_t size, const char* origin,
                                         const unsigned char ed25519[32],
                                         const unsigned char ml_dsa_44[1312],
                                         const unsigned char leaf_hash[32], valise_bytes* summary,
                                         valise_error** error);

#ifdef __cplusplus
}
#endif

#endif
