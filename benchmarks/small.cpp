// SPDX-License-Identifier: Apache-2.0
#include "crypto/aead.h"
#include "crypto/merkle.h"
#include "envelope/internal/testing.h"
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
        spent += seconds_of([&] {
            if (!operation.work())
                std::abort();
        });
        ++count;
    }
    return spent / static_cast<double>(count);
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
    return answer;
}

} // namespace valise::bench
