// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/merkle.h"
#include "exchange/messages.h"
#include "registry/backup_check.h"
#include "two_registries/exchanging.h"
#include "vault/keystore.h"
#include "vault/vault.h"
#include "verifying/evidence.h"

namespace valise::testing {

// A registry whose database was restored from a backup, beside a key process that remembers more.
class Recover : public TwoRegistries {
protected:
    Recover() {
        kyiv.enrol(writer);
        kyiv.enrol(approver);
        kyiv.enrol(second_approver);
        for (Someone* who : {&writer, &approver, &second_approver})
            kyiv.clear(*who, "tsilkom-taiemno", later);
        kyiv.appoint(writer, "originator");
        kyiv.appoint(approver, "releasing-authority");
        kyiv.appoint(second_approver, "releasing-authority");
        exchange(to_bytes("before the backup"));
        settle();
    }

    void settle() {
        for (int round = 0; round < 6; ++round)
            for (Side* side : {&tokyo, &kyiv})
                (void)side->work();
        for (Side* side : {&tokyo, &kyiv}) {
            const auto worked = side->work();
            EXPECT_TRUE(worked) << side->party << ": " << worked.error().text();
        }
    }
    // As a backup holds it: everything signed.
    void back_up() {
        ASSERT_TRUE(tokyo.registry->tick());
        database = tokyo.journal;
        blobs = tokyo.blobs;
    }
    void restore() {
        tokyo.crash();
        tokyo.journal = *database;
        tokyo.blobs = *blobs;
        tokyo.restart_keys();
        tokyo.start();
    }
    Json content() const { return tokyo.registry->recovery_content().value(); }
    // Signed by an officer and done.
    Json recover() { return recover(tokyo, "yes"); }
    static Json recover(Side& side, const std::string& mirror) {
        Json content = side.registry->recovery_content().value();
        content["mirror"] = mirror;
        const auto answer = side.try_act(side.control_officer, logbook::ActKind::recover, content);
        EXPECT_TRUE(answer) << answer.error().text();
        EXPECT_TRUE(answer && answer->decision.permitted()) << answer->decision.reason();
        const auto done = side.registry->recover();
        EXPECT_TRUE(done) << done.error().text();
        return done ? *done : Json::object();
    }
    void enters_no_number_of(const std::string& number) {
        const ItemId item = tokyo.enter(originator, to_bytes("next"), "gokuhi", purpose);
        EXPECT_GT(tokyo.registry->state().item(item)->number, number);
    }
    void send_back(const Bytes& document) {
        const ItemId item =
            kyiv.enter(writer, document, "tsilkom-taiemno", kyiv.terms.purposes().front().code);
        ASSERT_TRUE(kyiv.approve(approver, item, "JPN").decision.permitted());
        ASSERT_TRUE(kyiv.approve(second_approver, item, "JPN").decision.permitted());
        const auto answer = kyiv.dispatch(kyiv.control_officer, item, "JPN");
        ASSERT_TRUE(answer.decision.permitted()) << answer.decision.reason();
    }
    static std::size_t leaves(const Side& side, registry::LogName log) {
        return side.journal.leaf_count(log).value();
    }
    static std::string origin(const Side& side, registry::LogName log) {
        const auto list = side.registry->key_list();
        return log == registry::LogName::private_log ? list.private_log.origin
                                                     : list.shared_log.origin;
    }
    // Documents go both ways, and an outsider finds both books in order.
    void goes_on() {
        const auto arrived = [](const Side& side) {
            std::size_t out = 0;
            const auto state = side.registry->state();
            for (const auto& [id, item] : state.items())
                out += item.direction == logbook::Direction::in ? 1 : 0;
            return out;
        };
        const std::size_t there = arrived(kyiv);
        const std::size_t back = arrived(tokyo);
        settle();
        exchange(to_bytes("after the recovery"));
        send_back(to_bytes("and the other way"));
        settle();
        EXPECT_EQ(arrived(kyiv), there + 1);
        EXPECT_EQ(arrived(tokyo), back + 1);
        for (Side* side : {&tokyo, &kyiv}) {
            const auto exported = side->registry->export_evidence();
            ASSERT_TRUE(exported) << exported.error().text();
            const auto report = verifying::check_evidence(*exported, {});
            EXPECT_TRUE(report.verified())
                << side->party << ": "
                << (report.found ? report.found->place + " " + report.found->reason + " " +
                                       report.found->text
                                 : "");
            EXPECT_EQ(report.private_log->evidence, "E2") << side->party;
            EXPECT_EQ(report.shared_log->evidence, "E3") << side->party;
        }
    }

    std::optional<MemoryJournal> database;
    std::optional<MemoryBlobs> blobs;
    Someone writer{"Writer"}, approver{"Approver"}, second_approver{"Second"};
};

} // namespace valise::testing
