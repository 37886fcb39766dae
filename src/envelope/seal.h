// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io.h"
#include "crypto/kem.h"
#include "envelope/manifest.h"
#include "envelope/statement.h"

#include <functional>
#include <memory>
#include <optional>

namespace valise::envelope {

// Who can open it. Recipients of different `sid` must all agree; of one `sid` any one is enough.
struct Recipient {
    crypto::WrapPublicKey key;
    std::string url; // "https://registry.example"; stock clients ask there for the share
    std::string kid; // key.kid() when empty
    std::string sid;
};

using SignStatement = std::function<Result<SenderSignature>(ByteView statement)>;

struct SealRequest {
    std::string policy_uuid;             // RFC 9562 text; made at random when empty
    std::vector<std::string> attributes; // FQNs; a dispatch has at least one
    std::string mime_type;  // empty: application/octet-stream; in reseal() the old file's
    std::string label_xml;  // STANAG 4774; both labels or none (none only at rest)
    std::string label_5636; // JSON text
    std::vector<Recipient> recipients;
    std::string metadata; // free text for whoever gets a share, its key service too; may be empty
    TdfVersion version = TdfVersion::v4_3_0;
    // With a statement it is a dispatch and `sign` is asked once, after the last segment. Without,
    // it is a file at rest, whose payload root the logbook keeps.
    std::optional<StatementInputs> statement;
    SignStatement sign;
    unsigned threads = 0; // workers; 0: one per core
    // Whether the result brings it. Of a tebibyte it has 123 MiB, which are then written in pieces.
    bool manifest_wanted = true;
};

struct SealResult {
    Hash32 payload_root{};
    std::uint64_t plain_bytes = 0;
    Bytes manifest;  // canonical JSON as written, where it is wanted
    Bytes statement; // empty at rest
    std::uint64_t container_bytes = 0;
};

// Streams `plain` into a sealed file, with at most 24 MiB of segments in memory and 48 bytes for
// each that went by. On error `out`
// holds a prefix that no reader accepts. Errors: invalid envelope.request, .label, .label_missing;
// limit envelope.manifest_limit; those of the signer, the source and the sink.
Result<SealResult> seal(ByteSource& plain, ByteSink& out, const SealRequest& request);

// The same of a document of known size that several threads may read at once; faster. A document
// that is cut short meanwhile is an error of the source; one that grows: conflict
// envelope.source_grew.
Result<SealResult> seal_file(const RandomSource& plain, ByteSink& out, const SealRequest& request);

using SignStatements =
    std::function<Result<std::vector<SenderSignature>>(const std::vector<Bytes>& statements)>;

// Documents of one request, of one sender for one recipient, that share a signature: sign_batch().
// What they have in common is made and checked once. One thread at a time.
class BatchSealer {
public:
    static constexpr std::size_t kBatchFiles = 256;      // each keeps its sink open until finish()
    static constexpr std::uint64_t kBatchSegments = 512; // 1 GiB, or one document of any size

    // Without `statement` and `sign`, which come by add() and here. Errors: see seal().
    static Result<BatchSealer> create(SealRequest request, SignStatements sign);
    BatchSealer(BatchSealer&&) noexcept;
    BatchSealer& operator=(BatchSealer&&) noexcept;
    ~BatchSealer();

    // Writes the payload. `out` must live until finish(). A document that fails is not of the
    // batch, whose others are not touched by it. Errors: see seal(); invalid envelope.batch.
    Result<void> add(ByteSource& plain, ByteSink& out, StatementInputs inputs);
    Result<void> add_file(const RandomSource& plain, ByteSink& out, StatementInputs inputs);
    bool full() const; // time to finish(); add() refuses then
    // Signs what was added since the last time and writes what follows each payload; results in
    // the order of add(). On error none of these files may be used, and where one of the results is
    // an error, not that file. Errors: those of the signer; internal envelope.batch. Of one
    // file: those of its sink.
    Result<std::vector<Result<SealResult>>> finish();

private:
    struct State;
    explicit BatchSealer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace valise::envelope
