// SPDX-License-Identifier: Apache-2.0
// The receiver's assurance before provision.
#include "agreement/internal/test_world.h"
#include "crypto/passkey_test_support.h"
#include "crypto/sign.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

TEST(DecideDispatch, AfterTheReceiversAssurance) {
    run(ActKind::dispatch,
        {
            {"assured", [](Case&) {}, "", ""},
            {"exactly long enough",
             [](Case& c) { c.world.assure("ultra-zekret", "2026-11-24T09:30:00Z"); }, "", ""},
            {"a second too short",
             [](Case& c) { c.world.assure("ultra-zekret", "2026-11-24T09:29:59Z"); }, "assurance",
             "agreement.assurance_expired"},
            {"up to a lower level",
             [](Case& c) { c.world.assure("zekret-plus", "2027-12-31T00:00:00Z"); }, "assurance",
             "agreement.assurance_level"},
        },
        [](Case& c) { c.content = {{"item", item(1).text()}, {"recipient", "XBO"}}; });
}

Json recorded(const Case& c, const std::string& party, Json content,
              ActKind kind = ActKind::assure) {
    const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
    auto act = logbook::Act::make(kind, party, c.terms.digest(), c.now, key.public_bytes(),
                                  std::move(content), {});
    const auto given = logbook::SignedAct::make(std::move(*act), key);
    return {{"peer", "XBO"},
            {"level", "zekret"},
            {"until", "2027-01-31T00:00:00Z"},
            {"assurance", to_base64(given->bytes())}};
}

const Json kGiven = {{"recipient", "XEX"}, {"level", "zekret"}, {"until", "2027-01-31T00:00:00Z"}};

TEST(DecideRecordAssurance, Rows) {
    const auto given = [](const char* name, const char* value) {
        return [=](Case& c) {
            Json content = kGiven;
            content[name] = value;
            c.content = recorded(c, "XBO", content);
        };
    };
    run(ActKind::record_assurance,
        {
            {"as it was given", [](Case&) {}, "", ""},
            {"by a reader", [](Case& c) { c.signer = reader; }, "control-officer",
             "agreement.control_officer"},
            {"for somebody else", given("recipient", "XBO"), "assurance-matches",
             "agreement.assurance_other"},
            {"up to another level", given("level", "zekret-plus"), "assurance-matches",
             "agreement.assurance_other"},
            {"until another day", given("until", "2027-02-01T00:00:00Z"), "assurance-matches",
             "agreement.assurance_other"},
            {"our own", [](Case& c) { c.content = recorded(c, "XEX", kGiven); },
             "assurance-matches", "agreement.assurance_other"},
            {"something else that was signed",
             [](Case& c) {
                 c.content =
                     recorded(c, "XBO", {{"person", person(reader).text()}, {"employer", "x"}},
                              ActKind::transfer);
             },
             "assurance-matches", "agreement.assurance_other"},
            {"another signature",
             [](Case& c) {
                 Bytes bytes = *from_base64(c.content["assurance"].get<std::string>());
                 bytes.back() = static_cast<Byte>(bytes.back() ^ 1U);
                 c.content["assurance"] = to_base64(bytes);
             },
             "assurance-matches", "agreement.assurance_signature"},
            {"by a passkey",
             [](Case& c) {
                 const crypto::testing::TestPasskey one;
                 auto act = *logbook::Act::make(ActKind::assure, "XBO", c.terms.digest(), c.now,
                                                one.signer().bytes(), kGiven, {});
                 const auto said = one.sign(logbook::SignedAct::challenge(act));
                 const auto made = logbook::SignedAct::make(
                     std::move(act), {said.authenticator_data, said.client_data, said.signature});
                 c.content["assurance"] = to_base64(made.value().bytes());
             },
             "assurance-matches", "agreement.assurance_signature"},
            {"our own level instead of theirs", [](Case& c) { c.content["level"] = "guarded"; },
             "classification, assurance-matches", "agreement.classification"},
        },
        [](Case& c) { c.content = recorded(c, "XBO", kGiven); });
}

TEST(DecideAssure, Rows) {
    run(ActKind::assure,
        {
            {"a control officer", [](Case&) {}, "", ""},
            {"the originator", [](Case& c) { c.signer = author; }, "control-officer",
             "agreement.control_officer"},
            {"to a third country", [](Case& c) { c.content["recipient"] = "UKR"; }, "third-party",
             "agreement.third_party"},
            {"at their level", [](Case& c) { c.content["level"] = "zekret"; }, "classification",
             "agreement.classification"},
        },
        [](Case& c) {
            c.content = {
                {"recipient", "XBO"}, {"level", "sealed"}, {"until", "2027-01-31T00:00:00Z"}};
        });
}

} // namespace
} // namespace valise::agreement::test
