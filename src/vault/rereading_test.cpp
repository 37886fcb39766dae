// SPDX-License-Identifier: Apache-2.0
#include "two_registries/taken_over.h"

// The log read again after a start.
namespace valise::vault {
namespace {

// Signatures and decisions of events in the tree that was signed last are not checked again. So a
// daemon may tell such events otherwise, and gains nothing: the tree is another one, nobody is
// answered before it is whole, and the vault begins anew.
TEST_F(TakenOver, WhatWasSignedBeforeIsTakenForThatTreeAlone) {
    const ItemId item = arrived();
    const auto permit = open(item).seq;
    const Bytes manifest = manifest_of(item);
    ASSERT_TRUE(kyiv.registry->tick());
    const auto log = log_of(kyiv);
    ASSERT_EQ(share(permit, manifest), "");
    std::size_t taken = 0;
    for (std::size_t i = 5; i < log.size(); ++i) {
        const auto opening = logbook::Opening::parse(log[i].opening);
        if (opening->find("act") == nullptr)
            continue;
        auto lied = log;
        lied[i] = retold(log[i], [&](Told& told) { // the same event, signed by nobody
            told.opening = {};
            for (logbook::OpeningField field : opening->fields()) {
                if (field.name == "act") {
                    field.value.back() ^= 1;
                    told.leaf.signed_act = logbook::SignedAct::parse(field.value)->digest();
                }
                EXPECT_TRUE(told.opening.add(field.name, field.value));
            }
        });
        kyiv.crash();
        kyiv.restart_keys();
        ASSERT_TRUE(kyiv.keys->begin(kyiv.terms_bytes, true));
        std::vector<RecordedEvent> all_but_one(lied.begin(), lied.end() - 1);
        if (told(*kyiv.keys, 0, all_but_one).empty()) {
            ++taken;
            EXPECT_EQ(share(permit, manifest), "vault.rollback") << i;
            EXPECT_NE(
                told(*kyiv.keys, all_but_one.size(), {lied.back()}).find("vault.inconsistent"),
                std::string::npos)
                << i;
        }
        EXPECT_EQ(share(permit, manifest), "vault.not_begun") << i;
    }
    EXPECT_GT(taken, 0U); // else this test says nothing
}

// One bit of one event, below the size that was signed, in whatever part of it.
TEST_F(TakenOver, AfterARestartEveryPartOfEveryEventStillCounts) {
    const ItemId item = arrived();
    ASSERT_TRUE(kyiv.read(reader, item, purpose));
    ASSERT_TRUE(kyiv.registry->tick());
    const auto log = log_of(kyiv);
    kyiv.crash();
    kyiv.restart_keys();
    ASSERT_TRUE(kyiv.keys->begin(kyiv.terms_bytes, true));
    for (std::uint64_t i = 0; i < log.size(); ++i) {
        const auto lie = [&](auto change) {
            RecordedEvent event = log[i];
            change(event);
            EXPECT_NE(told(*kyiv.keys, i, {event}).find("vault.event"), std::string::npos) << i;
        };
        lie([](auto& e) { e.leaf[70] ^= 1; }); // of the commitment
        lie([](auto& e) { e.skeleton[e.skeleton.size() / 2] ^= 1; });
        lie([](auto& e) { e.salt[0] ^= 1; });
        lie([](auto& e) { e.fields.back()[0] ^= 1; });
        const auto skeleton = skeleton_of(log[i]);
        if (rests_on_opening(skeleton.kind(), skeleton.stage())) {
            lie([](auto& e) { (*e.record_salt)[0] ^= 1; });
            lie([](auto& e) { e.opening.back() ^= 1; });
        }
        ASSERT_EQ(told(*kyiv.keys, i, {log[i]}), "") << i;
    }
    kyiv.start();
    EXPECT_TRUE(kyiv.read(reader, arrived(), purpose));
}

} // namespace
} // namespace valise::vault
