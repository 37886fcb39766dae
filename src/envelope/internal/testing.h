// SPDX-License-Identifier: Apache-2.0
#pragma once

// For tests, fuzz corpora and benchmarks only: one sealed file of a made-up pair of parties, and
// the means to take it apart.

#include "base/codec/crc32.h"
#include "base/codec/zip.h"
#include "crypto/hybrid_sign.h"
#include "crypto/random.h"
#include "envelope/open.h"
#include "envelope/seal.h"
#include "label/json5636.h"
#include "label/label_xml.h"

namespace valise::envelope::testing {

inline label::Label sample_label(std::string classification = "極秘") {
    label::Label out;
    out.policy_id = "JPN-DEMO";
    out.classification = std::move(classification);
    out.categories.push_back(
        {label::CategoryType::permissive, label::kReleasableTo, {"JPN", "UKR"}, ""});
    out.created = Time{1'790'000'000};
    out.review = out.created.plus_days(365);
    return out;
}

inline std::vector<std::string> sample_attributes(std::string_view level = "gokuhi") {
    return {"https://demo.example/attr/classification/value/" + std::string(level),
            "https://demo.example/attr/relto/value/jpn",
            "https://demo.example/attr/relto/value/ukr"};
}

inline StatementInputs sample_inputs() {
    StatementInputs out;
    out.exchange = "dsp-aaaaaaaaaaaaaaaa";
    out.serial = 7;
    out.sender = "JPN";
    out.recipient = "UKR";
    out.time = Time{1'790'000'060};
    out.transfer_secret.fill(0x5a);
    out.item = "JP-2026-14";
    out.classification = {"JPN-DEMO", "gokuhi", "極秘", sample_attributes()};
    out.release = {ReleaseAct::of(to_bytes("first act")), ReleaseAct::of(to_bytes("second act"))};
    return out;
}

// Keys of both sides, made once per test program: generating them is slow, using them is not.
struct Parties {
    crypto::HybridSigner sender = crypto::HybridSigner::generate();
    crypto::HybridVerifier verifier = *crypto::HybridVerifier::parse(sender.public_keys());
    crypto::WrapPrivateKey receiver =
        crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);

    static const Parties& get() {
        static const Parties parties;
        return parties;
    }

    SealRequest at_rest() const {
        SealRequest out;
        out.recipients.push_back({receiver.public_key(), "https://keys.ukr.example", "", ""});
        out.threads = 2;
        return out;
    }

    SealRequest dispatch() const {
        SealRequest out = at_rest();
        out.attributes = sample_attributes();
        out.label_xml = *label::write_4774(sample_label());
        out.label_5636 = *label::write_5636(sample_label());
        out.statement = sample_inputs();
        out.sign = [this](ByteView statement) -> Result<SenderSignature> {
            TRY_ASSIGN(const auto all, sign_batch({to_bytes(statement)}, "JPN", "UKR", sender));
            return all.front();
        };
        return out;
    }

    Expectation from_sender() const {
        Expectation out;
        out.sender = &verifier;
        out.sender_party = "JPN";
        out.recipient_party = "UKR";
        return out;
    }

    ShareProvider shares() const {
        return [this](const KeyAccess& access) -> Result<SecretBytes> {
            if (access.kid != receiver.public_key().kid())
                return fail(Code::not_found, "test.no_key");
            return receiver.unwrap(access.wrapped_key);
        };
    }
};

inline Bytes sample_plain(std::size_t size) {
    Bytes out(size);
    std::uint32_t state = 1;
    for (Byte& byte : out) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<Byte>(state >> 24);
    }
    return out;
}

struct Sealed {
    SealResult result;
    Bytes bytes;
};

inline Result<Sealed> seal_bytes(Bytes plain, const SealRequest& request) {
    MemorySource source(std::move(plain));
    MemorySink sink;
    TRY_ASSIGN(SealResult result, seal(source, sink, request));
    return Sealed{std::move(result), sink.take()};
}

inline Result<Bytes> open_bytes(const Bytes& sealed, const Expectation& expectation,
                                const ShareProvider& shares = Parties::get().shares()) {
    MemorySink sink;
    TRY(open(MemorySource(sealed), sink, shares, expectation, 2));
    return sink.take();
}

// A container in its two parts.
struct Parts {
    Bytes manifest;
    Bytes payload;

    static Parts of(const Bytes& sealed) {
        const MemorySource source(sealed);
        const auto container = Container::open(source);
        Parts out;
        out.manifest = to_bytes(container->manifest_bytes());
        out.payload = to_bytes(
            ByteView(sealed).subspan(container->payload_offset(), container->payload_bytes()));
        return out;
    }

    // The same of a plain TDF as export_tdf() writes it.
    static Parts of_plain(const Bytes& sealed) {
        const MemorySource source(sealed);
        const auto entries = read_stored_zip(source, {.form = ZipForm::tolerant});
        const auto content = [&](const ZipEntry& entry) {
            return to_bytes(ByteView(sealed).subspan(entry.offset, entry.size));
        };
        Parts out;
        out.payload = content(entries->at(0));
        out.manifest = content(entries->at(1));
        return out;
    }

    // As an attacker without any key would put it together again: a flawless zip.
    Bytes pack() const {
        Bytes out = *container_head();
        append(out, payload);
        append(out, *container_tail(manifest, payload.size(), crc32(payload)));
        return out;
    }

    Parts& replace(std::string_view from, std::string_view to) {
        std::string text = to_text(manifest);
        const std::size_t at = text.find(from);
        if (at != std::string::npos)
            text.replace(at, from.size(), to);
        manifest = at == std::string::npos ? Bytes() : to_bytes(text);
        return *this;
    }

    static Result<Bytes> container_head() {
        Manifest any;
        any.segment_hashes.resize(1);
        TRY_ASSIGN(ContainerFrame frame, container_frame(any, 0));
        return std::move(frame.head);
    }
};

} // namespace valise::envelope::testing
