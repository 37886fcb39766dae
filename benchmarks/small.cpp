// SPDX-License-Identifier: Apache-2.0
#include "crypto/aead.h"
#include "crypto/merkle.h"
#include "envelope/internal/testing.h"
#include "envelope/internal/texts.h"
#include "measure.h"

#include <cstdlib>
#include <functional>

namespace valise::bench {
namespace {

constexpr std::size_t kSize = 4096;

struct Operation {
    std::string name;
    std::function<bool()> work;
    std::vector<double> seconds;
};

// Seconds of one, from as many as fit into the round.
double sample(const Operation& operation, double round_seconds) {
    std::size_t count = 0;
    double spent = 0;
    while (spent < round_seconds) {
        spent += processor_seconds_of([&] {
            if (!operation.work())
                std::abort();
        });
        ++count;
    }
    return spent / static_cast<double>(count);
}

using crypto::WrapScheme;

envelope::SignStatements signer(const envelope::testing::Parties& parties) {
    return [&](const std::vector<Bytes>& statements) {
        return envelope::sign_batch(statements, "JPN", "UKR", parties.sender);
    };
}

// Whole batches, as BatchSealer makes them: what one file costs has its share of the signature.
struct Batch {
    Batch(const envelope::testing::Parties& parties, WrapScheme scheme, const Bytes& document,
          bool manifest_wanted)
        : plain(document), inputs(envelope::testing::sample_inputs()),
          sealer(*envelope::BatchSealer::create(request(parties, scheme, manifest_wanted),
                                                signer(parties))) {}

    static envelope::SealRequest request(const envelope::testing::Parties& parties,
                                         WrapScheme scheme, bool manifest_wanted) {
        envelope::SealRequest out = parties.dispatch();
        out.manifest_wanted = manifest_wanted;
        out.statement.reset();
        out.sign = {};
        out.threads = 1;
        out.recipients.front().key = crypto::WrapPrivateKey::generate(scheme).public_key();
        return out;
    }

    bool run() {
        for (std::size_t i = 0; i < kFiles; ++i) {
            MemorySource source(plain);
            ++inputs.serial;
            if (!sealer.add(source, nowhere, inputs))
                return false;
        }
        results = sealer.finish();
        return results && results->size() == kFiles && results->front();
    }

    static constexpr std::size_t kFiles = envelope::BatchSealer::kBatchFiles;

    Bytes plain;
    envelope::StatementInputs inputs;
    envelope::BatchSealer sealer;
    struct : ByteSink {
        Result<void> write(ByteView) override { return {}; }
    } nowhere;
    Result<std::vector<Result<envelope::SealResult>>> results;
};

// Bytes that the format has hashed for one file, by SHA-256 (MACs among them) and by SHA-384. The
// two labels are hashed once for a batch, and beyond it the hash of the signature's batch once.
Json hashed(const envelope::SealResult& sealed) {
    const envelope::Manifest manifest = *envelope::Manifest::parse(sealed.manifest);
    std::size_t sha256 = manifest.payload_bytes() + sealed.statement.size() + 16;
    std::size_t sha384 = manifest.policy.size();
    std::string keys;
    envelope::append_all_key_access(keys, manifest.key_access);
    sha256 += manifest.policy.size() * manifest.key_access.size();
    sha384 += 2 * keys.size() + manifest.policy.size(); // key access alone and in the frame
    for (const envelope::Assertion& one : manifest.assertions) {
        std::string unbound;
        append_unbound(unbound, one);
        const bool label = one.type == "handling";
        sha256 += one.binding.size() + (label ? 0 : unbound.size());
        sha384 += one.id == envelope::kSenderId ? 0 : unbound.size() + one.binding.size();
        sha384 += label ? unbound.size() : 0;
    }
    return Json{{"sha256_bytes", sha256}, {"sha384_bytes", sha384}};
}

// What a file of 4 KiB costs in a batch under this wrap, and what the parts must do for it.
Json batched(const envelope::testing::Parties& parties, WrapScheme scheme, unsigned rounds,
             double round_seconds) {
    const Bytes plain = envelope::testing::sample_plain(kSize);
    Batch batch(parties, scheme, plain, false); // as the command `valise seal` has it
    Operation one{"", [&] { return batch.run(); }, {}};
    for (unsigned round = 0; round < rounds; ++round)
        one.seconds.push_back(sample(one, round_seconds));
    Batch shown(parties, scheme, plain, true);
    if (!shown.run())
        std::abort();
    Json out = hashed(*shown.results->front());
    out["batch"] = Batch::kFiles;
    out["seconds"] = median(one.seconds) / static_cast<double>(Batch::kFiles);
    out["sealed_bytes"] = batch.results->front()->container_bytes;
    return out;
}

} // namespace

Json small(unsigned rounds, double round_seconds) {
    const auto& parties = envelope::testing::Parties::get();
    envelope::SealRequest request = parties.dispatch();
    request.threads = 1;
    const Bytes plain = envelope::testing::sample_plain(kSize);
    const auto sealed = *envelope::testing::seal_bytes(plain, request);

    const SecretBytes share = crypto::random_secret(crypto::kShareSize);
    const Bytes wrapped = *parties.receiver.public_key().wrap(share);
    const Bytes message = envelope::batch_bytes("JPN", "UKR", 1, Hash32{});
    const Bytes signature = *parties.sender.sign(message);
    auto gcm = *crypto::Aes256Gcm::create(share);
    const crypto::GcmNonce nonce{};
    const Bytes segment = *gcm.seal(nonce, {}, plain);
    Bytes out(segment.size());

    std::vector<Operation> operations = {
        {"library_seal",
         [&] { return envelope::testing::seal_bytes(plain, request).has_value(); },
         {}},
        {"wrap", [&] { return parties.receiver.public_key().wrap(share).has_value(); }, {}},
        {"sign", [&] { return parties.sender.sign(message).has_value(); }, {}},
        {"gcm_seal",
         [&] {
             auto cipher = crypto::Aes256Gcm::create(share);
             return cipher && cipher->seal(nonce, {}, plain, out) &&
                    crypto::leaf_hash(out) != Hash32{};
         },
         {}},
        {"library_open",
         [&] {
             return envelope::testing::open_bytes(sealed.bytes, parties.from_sender()).has_value();
         },
         {}},
        {"unwrap", [&] { return parties.receiver.unwrap(wrapped).has_value(); }, {}},
        {"verify", [&] { return parties.verifier.verify(message, signature).has_value(); }, {}},
        {"gcm_open",
         [&] {
             auto cipher = crypto::Aes256Gcm::create(share);
             return crypto::leaf_hash(segment) != Hash32{} && cipher &&
                    cipher->open(nonce, {}, segment, std::span(out).first(kSize));
         },
         {}},
    };
    for (unsigned round = 0; round < rounds; ++round)
        for (Operation& one : operations)
            one.seconds.push_back(sample(one, round_seconds));
    Json answer;
    for (const Operation& one : operations)
        answer[one.name] = median(one.seconds);
    answer["limit_seal"] = answer["wrap"].get<double>() + answer["sign"].get<double>() +
                           answer["gcm_seal"].get<double>();
    answer["limit_open"] = answer["unwrap"].get<double>() + answer["verify"].get<double>() +
                           answer["gcm_open"].get<double>();
    answer["sealed_bytes"] = sealed.bytes.size();
    answer["p256"] = batched(parties, WrapScheme::p256_mlkem768, rounds, round_seconds);
    answer["p384"] = batched(parties, WrapScheme::p384_mlkem1024, rounds, round_seconds);
    return answer;
}

} // namespace valise::bench
