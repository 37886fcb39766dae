// SPDX-License-Identifier: Apache-2.0
// Who signs a statement on both logs, about what, and when.
#include "agreement/internal/test_world.h"
#include "agreement/recon.h"
#include "crypto/passkey_test_support.h"
#include "crypto/sign.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

ReconStatement statement(const Case& c, const std::string& by) {
    ReconStatement out;
    out.agreement = c.terms.id();
    out.terms = c.terms.digest();
    out.by = by;
    out.at = day("2026-11-24T09:00:00Z");
    out.due_days = c.terms.receipt().due_days;
    out.first = {"XBO", 0, 12, hash(1), hash(2)};
    out.second = {"XEX", 0, 34, hash(1), hash(3)};
    return out;
}

Json content_of(const ReconStatement& statement, const std::string& party = "XEX") {
    const std::string first = std::to_string(statement.first.to);
    const std::string second = std::to_string(statement.second.to);
    return {{"recon", to_base64(statement.digest())},
            {"own", party == "XEX" ? second : first},
            {"theirs", party == "XEX" ? first : second},
            {"text", to_base64(statement.bytes())}};
}

using Change = std::function<void(ReconStatement&)>;

std::function<void(Case&)> saying(const std::string& by, const Change& change) {
    return [=](Case& c) {
        auto other = statement(c, by);
        change(other);
        c.content = content_of(other);
    };
}

// What both sides signed so far, as the book has it.
void agreed(Case& c, const char* own, const char* theirs) {
    c.world.happen(ActKind::countersign, person(officer).text(), {},
                   {{"recon", b64(hash(5))}, {"own", own}, {"theirs", theirs}});
}

std::vector<Row> common_rows(const std::string& by, const std::string& other) {
    return {
        {"a control officer", [](Case&) {}, "", ""},
        {"a clearance officer", [](Case& c) { c.signer = clearer; }, "control-officer",
         "agreement.control_officer"},
        {"no statement at all",
         [](Case& c) { c.content["text"] = to_base64(view(std::string_view("nothing"))); },
         "recon-statement", "agreement.recon_unreadable"},
        {"under other terms", saying(by, [](ReconStatement& s) { s.terms = hash(8); }),
         "recon-statement", "agreement.recon_other"},
        {"of another agreement", saying(by, [](ReconStatement& s) { s.agreement = "x"; }),
         "recon-statement", "agreement.recon_other"},
        {"with another time for receipts", saying(by, [](ReconStatement& s) { ++s.due_days; }),
         "recon-statement", "agreement.recon_other"},
        {"with a third party", saying(by, [](ReconStatement& s) { s.first.party = "UKR"; }),
         "recon-statement", by == "XEX" ? "agreement.recon_other" : "agreement.recon_unreadable"},
        {"proposed by the other side", saying(other, [](ReconStatement&) {}), "recon-statement",
         "agreement.recon_other"},
        {"under another digest", [](Case& c) { c.content["recon"] = b64(hash(6)); },
         "recon-statement", "agreement.recon_digest"},
        {"with another size of our log", [](Case& c) { c.content["own"] = "35"; },
         "recon-statement", "agreement.recon_digest"},
        {"with another size of theirs", [](Case& c) { c.content["theirs"] = "13"; },
         "recon-statement", "agreement.recon_digest"},
        {"after a gap in our log", saying(by, [](ReconStatement& s) { s.second.from = 1; }),
         "recon-continues", "agreement.recon_gap"},
        {"after a gap in theirs", saying(by, [](ReconStatement& s) { s.first.from = 1; }),
         "recon-continues", "agreement.recon_gap"},
        {"where the last one ended",
         [=](Case& c) {
             agreed(c, "20", "10");
             saying(by, [](ReconStatement& s) {
                 s.first.from = 10;
                 s.second.from = 20;
             })(c);
         },
         "", ""},
        {"behind where the last one ended",
         [=](Case& c) {
             agreed(c, "20", "10");
             saying(by, [](ReconStatement& s) { s.second.from = 21; })(c);
         },
         "recon-continues", "agreement.recon_gap"},
    };
}

TEST(DecideReconcile, Rows) {
    auto rows = common_rows("XEX", "XBO");
    rows.push_back({"dated ahead",
                    saying("XEX", [](ReconStatement& s) { s.at = day("2026-11-24T09:31:00Z"); }),
                    "recon-time", "agreement.recon_time"});
    rows.push_back({"dated back",
                    saying("XEX", [](ReconStatement& s) { s.at = day("2026-11-23T09:29:00Z"); }),
                    "recon-time", "agreement.recon_time"});
    rows.push_back({"a day old",
                    saying("XEX", [](ReconStatement& s) { s.at = day("2026-11-23T09:30:00Z"); }),
                    "", ""});
    run(ActKind::reconcile, rows, [](Case& c) { c.content = content_of(statement(c, "XEX")); });
}

TEST(DecideCountersign, Rows) {
    auto rows = common_rows("XBO", "XEX");
    rows.push_back({"a month later", [](Case& c) { c.now = day("2026-12-24T09:30:00Z"); }, "", ""});
    run(ActKind::countersign, rows, [](Case& c) { c.content = content_of(statement(c, "XBO")); });
}

// The peer's signed act, as the registry attests it.
Json attested(const Case& c, const ReconStatement& said, const std::string& party,
              ActKind kind = ActKind::countersign) {
    const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
    const auto act = logbook::Act::make(kind, party, c.terms.digest(), c.now, key.public_bytes(),
                                        content_of(said, party), {});
    const auto signed_act = logbook::SignedAct::make(act.value(), key);
    Json out = content_of(said);
    out.erase("text");
    out["countersigned"] = to_base64(signed_act.value().bytes());
    return out;
}

TEST(DecideCountersign, WhatTheOtherPartySigned) {
    run(ActKind::countersign,
        {
            {"what we proposed", [](Case&) {}, "", ""},
            {"what nobody proposed",
             [](Case& c) {
                 auto other = statement(c, "XEX");
                 other.first.to = 11;
                 c.content = attested(c, other, "XBO");
             },
             "recon-proposed", "agreement.recon_unproposed"},
            {"our own act", [](Case& c) { c.content = attested(c, statement(c, "XEX"), "XEX"); },
             "recon-statement", "agreement.recon_other"},
            {"a proposal",
             [](Case& c) {
                 c.content = attested(c, statement(c, "XEX"), "XBO", ActKind::reconcile);
             },
             "recon-statement", "agreement.recon_other"},
            {"another size", [](Case& c) { c.content["own"] = "35"; }, "recon-statement",
             "agreement.recon_other"},
            {"by a passkey",
             [](Case& c) {
                 const crypto::testing::TestPasskey one;
                 auto act = *logbook::Act::make(ActKind::countersign, "XBO", c.terms.digest(),
                                                c.now, one.signer().bytes(),
                                                content_of(statement(c, "XEX"), "XBO"), {});
                 const auto said = one.sign(logbook::SignedAct::challenge(act));
                 const auto made = logbook::SignedAct::make(
                     std::move(act), {said.authenticator_data, said.client_data, said.signature});
                 c.content["countersigned"] = to_base64(made.value().bytes());
             },
             "recon-statement", "agreement.recon_signature"},
            {"another signature",
             [](Case& c) {
                 Bytes bytes = *from_base64(c.content["countersigned"].get<std::string>());
                 bytes.back() = static_cast<Byte>(bytes.back() ^ 1U);
                 c.content["countersigned"] = to_base64(bytes);
             },
             "recon-statement", "agreement.recon_signature"},
        },
        [](Case& c) {
            c.signer.reset();
            const auto said = statement(c, "XEX");
            Json proposed = content_of(said);
            c.world.happen(ActKind::reconcile, person(officer).text(), {},
                           {{"recon", proposed["recon"]},
                            {"own", proposed["own"]},
                            {"theirs", proposed["theirs"]}});
            c.content = attested(c, said, "XBO");
        });
}

} // namespace
} // namespace valise::agreement::test
