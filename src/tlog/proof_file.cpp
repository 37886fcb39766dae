// SPDX-License-Identifier: Apache-2.0
#include "tlog/proof_file.h"

#include "tlog/internal/lines.h"
#include "tlog/proof.h"
#include "tlog/witness.h"

namespace valise::tlog {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";

std::unexpected<Error> bad_file(const char* why) {
    return fail(Code::invalid, "tlog.proof_file", why);
}

} // namespace

Result<ProofFile> ProofFile::parse(ByteView bytes) {
    if (bytes.size() > kMaxNoteSize)
        return bad_file("too long");
    LineReader lines(text_view(bytes));
    if (lines.next() != kFirstLine)
        return bad_file("not a tlog-proof of version 1");
    auto line = lines.next();
    std::optional<Bytes> extra;
    if (line && line->starts_with(kExtra)) {
        auto read = from_base64(line->substr(kExtra.size()));
        if (!read)
            return bad_file("the extra line is not base64");
        extra = std::move(*read);
        line = lines.next();
    }
    const auto index = line ? parse_numbered(*line, "index") : std::nullopt;
    if (!index)
        return bad_file("no index line");
    auto path = parse_hash_lines(lines, kMaxProofHashes);
    if (!path)
        return bad_file("bad proof lines");
    TRY_ASSIGN(auto checkpoint, SignedCheckpoint::parse(view(lines.rest())));
    return make(*index, std::move(*path), std::move(checkpoint), std::move(extra));
}

Result<ProofFile> ProofFile::make(std::uint64_t index, std::vector<Hash32> path,
                                  SignedCheckpoint checkpoint, std::optional<Bytes> extra) {
    if (path.size() > kMaxProofHashes || index >= checkpoint.claimed_size())
        return bad_file("more than 63 hashes, or an index outside the tree");
    return ProofFile(index, std::move(path), std::move(checkpoint), std::move(extra));
}

std::string ProofFile::print() const {
    std::string out = std::string(kFirstLine) + "\n";
    if (extra_)
        out += std::string(kExtra) + to_base64(*extra_) + "\n";
    out += "index " + std::to_string(index_) + "\n";
    append_hash_lines(out, path_);
    return out + "\n" + checkpoint_.print();
}

Result<Checkpoint> ProofFile::verify(const Hash32& leaf_hash, const LogKeys& log) const {
    TRY_ASSIGN(auto checkpoint, checkpoint_.verify(log));
    TRY(verify_inclusion(index_, checkpoint.size, leaf_hash, path_, checkpoint.root));
    return checkpoint;
}

} // namespace valise::tlog
