// SPDX-License-Identifier: Apache-2.0
// arrive, custody-receipt, remark, contents-receipt, close.
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

Json arrival() {
    return {{"dispatch", dispatch_id(7).text()},
            {"peer", "XBO"},
            {"item", item(7).text()},
            {"level", "zekret"},
            {"purpose", "exercise"},
            {"payload_root", b64(hash(7))},
            {"statement", b64(hash(8))},
            {"blob", blob(7).text()},
            {"approvals", 3}};
}

TEST(DecideArrive, Rows) {
    run(ActKind::arrive,
        {
            {"from the other party", [](Case&) {}, "", ""},
            {"from a third country", [](Case& c) { c.content["peer"] = "UKR"; }, "channel",
             "agreement.channel_party"},
            {"from ourselves", [](Case& c) { c.content["peer"] = "XEX"; },
             "channel, classification", "agreement.channel_party"},
            {"what the sender had from a third party", [](Case& c) { c.content["origin"] = "UKR"; },
             "third-party-information", "agreement.third_party_information"},
            {"released by one person", [](Case& c) { c.content["approvals"] = 1; },
             "sender-release", "agreement.sender_release"},
            {"released by nobody", [](Case& c) { c.content.erase("approvals"); }, "sender-release",
             "agreement.sender_release"},
            {"a level that the sender has not", [](Case& c) { c.content["level"] = "guarded"; },
             "classification, equivalence", "agreement.classification"},
            {"a level without an equivalent", [](Case& c) { c.content["level"] = "zekret-plus"; },
             "equivalence", "agreement.equivalence_unlisted"},
            {"marked at once with the listed level",
             [](Case& c) { c.content["own_level"] = "guarded"; }, "", ""},
            {"marked with another level", [](Case& c) { c.content["own_level"] = "sealed"; },
             "equivalence", "agreement.equivalence_level"},
            {"several levels: a person marks later",
             [](Case& c) { c.content["level"] = "ultra-zekret"; }, "", ""},
            {"several levels, chosen by the registry",
             [](Case& c) {
                 c.content["level"] = "ultra-zekret";
                 c.content["own_level"] = "sealed";
             },
             "equivalence-person", "agreement.equivalence_person"},
            {"an unknown purpose", [](Case& c) { c.content["purpose"] = "curiosity"; },
             "purpose-known", "agreement.purpose_unknown"},
            {"a link accredited for less",
             [](Case& c) {
                 c.content["level"] = "ultra-zekret";
                 c.world.accredit("guarded", "2027-12-31T00:00:00Z");
             },
             "link-accreditation", "agreement.link_level"},
            {"an accreditation that has run out",
             [](Case& c) { c.world.accredit("crown", "2026-01-01T00:00:00Z"); },
             "link-accreditation", "agreement.link_expired"},
            {"claimed by a person", [](Case& c) { c.signer = officer; }, "actor",
             "agreement.actor_registry_only"},
            {"sent before the terms ended",
             [](Case& c) {
                 c.world.accredit("crown", "2050-01-01T00:00:00Z");
                 c.now = day("2040-01-02");
             },
             "", ""},
        },
        [](Case& c) {
            c.signer.reset();
            c.content = arrival();
        });
}

TEST(DecideArrive, Duties) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::arrive);
    c.signer.reset();
    c.content = arrival();
    const Decision decision = c.decide();
    ASSERT_TRUE(decision.permitted()) << decision.reason();
    std::string duties;
    for (const Duty& duty : decision.duties)
        duties += duty.what + " " + duty.due.text() + "\n";
    EXPECT_EQ(duties, "custody-receipt 2026-11-24T09:30:00Z\n"
                      "remark 2026-11-24T09:30:00Z\n"
                      "contents-receipt 2026-12-08T09:30:00Z\n");
}

TEST(DecideCustodyReceipt, Rows) {
    run(ActKind::custody_receipt,
        {
            {"ours, for what arrived", [](Case&) {}, "", ""},
            {"theirs, for what we sent",
             [](Case& c) {
                 c.world.send();
                 c.content = {{"dispatch", dispatch_id(1).text()},
                              {"item", item(1).text()},
                              {"statement", b64(hash(101))}};
             },
             "", ""},
            {"theirs, for something else",
             [](Case& c) {
                 c.world.send();
                 c.content = {{"dispatch", dispatch_id(1).text()},
                              {"item", item(1).text()},
                              {"statement", b64(hash(102))}};
             },
             "receipt-matches", "agreement.receipt_statement"},
            {"for another item", [](Case& c) { c.content["item"] = item(2).text(); },
             "receipt-matches", "agreement.receipt_item"},
            {"for an unknown dispatch",
             [](Case& c) { c.content["dispatch"] = dispatch_id(50).text(); }, "dispatch-known",
             "agreement.dispatch_unknown"},
            {"by a person", [](Case& c) { c.signer = officer; }, "actor",
             "agreement.actor_registry_only"},
        },
        [](Case& c) {
            c.signer.reset();
            c.content = {{"dispatch", dispatch_id(3).text()}, {"item", item(3).text()}};
        });
}

TEST(DecideRemark, Rows) {
    run(ActKind::remark,
        {
            {"a control officer chooses among the listed levels", [](Case&) {}, "", ""},
            {"the other listed level", [](Case& c) { c.content["level"] = "crown"; }, "", ""},
            {"a level that is not listed", [](Case& c) { c.content["level"] = "guarded"; },
             "equivalence", "agreement.equivalence_level"},
            {"the sender's word", [](Case& c) { c.content["level"] = "ultra-zekret"; },
             "classification, equivalence", "agreement.classification"},
            {"the registry chooses among several", [](Case& c) { c.signer.reset(); },
             "equivalence-person", "agreement.equivalence_person"},
            {"a reader chooses", [](Case& c) { c.signer = reader; }, "control-officer",
             "agreement.control_officer"},
            {"our own item", [](Case& c) { c.content["item"] = item(1).text(); }, "received-item",
             "agreement.not_received"},
            {"lowered after it was marked",
             [](Case& c) { c.content = {{"item", item(2).text()}, {"level", "crown"}}; },
             "class-retained", "agreement.class_retained"},
            {"an unknown item", [](Case& c) { c.content["item"] = item(50).text(); }, "item-known",
             "agreement.item_unknown"},
        },
        [](Case& c) { c.content = {{"item", item(3).text()}, {"level", "sealed"}}; });
}

TEST(DecideContentsReceipt, Rows) {
    const auto opened = [](Case& c, Who who) {
        const logbook::TextMap ids = {{"item", item(2).text()}, {"copy", copy(2).text()}};
        c.world.happen(ActKind::open, person(who).text(), ids, {});
        c.world.happen(ActKind::open, person(who).text(), ids, {}, logbook::Stage::done);
    };
    const auto theirs = [](Case& c) {
        c.world.send();
        c.signer.reset();
        c.content = {{"dispatch", dispatch_id(1).text()},
                     {"item", item(1).text()},
                     {"finding", "in-order"},
                     {"statement", b64(hash(101))}};
    };
    run(ActKind::contents_receipt,
        {
            {"signed by who opened it", [&](Case& c) { opened(c, reader); }, "", ""},
            {"signed by somebody else",
             [&](Case& c) {
                 opened(c, reader);
                 c.signer = officer;
             },
             "final-recipient", "agreement.final_recipient"},
            {"before anybody opened it", [](Case&) {}, "final-recipient",
             "agreement.final_recipient"},
            {"attested by our registry",
             [&](Case& c) {
                 opened(c, reader);
                 c.signer.reset();
             },
             "actor", "agreement.actor_person_needed"},
            {"theirs", theirs, "", ""},
            {"theirs, claimed by a person of ours",
             [&](Case& c) {
                 theirs(c);
                 c.signer = officer;
             },
             "actor", "agreement.actor_registry_only"},
            {"theirs, for something else",
             [&](Case& c) {
                 theirs(c);
                 c.content["statement"] = b64(hash(1));
             },
             "receipt-matches", "agreement.receipt_statement"},
            {"for an unknown dispatch",
             [](Case& c) { c.content["dispatch"] = dispatch_id(50).text(); }, "dispatch-known",
             "agreement.dispatch_unknown"},
        },
        [](Case& c) {
            c.signer = reader;
            c.content = {{"dispatch", dispatch_id(2).text()},
                         {"item", item(2).text()},
                         {"finding", "in-order"}};
        });
}

TEST(DecideContentsReceipt, ADiscrepancyIsTraced) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::contents_receipt);
    c.world.send();
    c.signer.reset();
    c.content = {
        {"dispatch", dispatch_id(1).text()}, {"item", item(1).text()}, {"finding", "discrepancy"}};
    const Decision decision = c.decide();
    ASSERT_EQ(decision.duties.size(), 1U);
    EXPECT_EQ(decision.duties[0].what, "trace-discrepancy");
}

TEST(DecideClose, Rows) {
    run(ActKind::close,
        {
            {"both receipts are back", [](Case& c) { c.world.receipts(); }, "", ""},
            {"by a control officer",
             [](Case& c) {
                 c.world.receipts();
                 c.signer = officer;
             },
             "", ""},
            {"by a reader",
             [](Case& c) {
                 c.world.receipts();
                 c.signer = reader;
             },
             "control-officer", "agreement.control_officer"},
            {"without receipts", [](Case&) {}, "receipts-back", "agreement.receipts_back"},
            {"an unknown dispatch", [](Case& c) { c.content["dispatch"] = dispatch_id(50).text(); },
             "dispatch-known", "agreement.dispatch_unknown"},
        },
        [](Case& c) {
            c.world.send();
            c.signer.reset();
            c.content = {{"dispatch", dispatch_id(1).text()}};
        });
}

} // namespace
} // namespace valise::agreement::test
