// SPDX-License-Identifier: Apache-2.0
// How a passkey comes to sign, and what it may sign.
#include "agreement/internal/test_world.h"
#include "crypto/passkey_test_support.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

// The releaser has asked for so many others.
void have(World& world, int many, bool ended) {
    for (int i = 0; i < many; ++i) {
        const crypto::testing::TestPasskey one;
        world.happen(ActKind::passkey, person(releaser).text(),
                     {{"person", person(releaser).text()}},
                     {{"passkey", to_base64(one.signer().bytes())}});
        if (ended)
            world.happen(ActKind::revoke, person(officer).text(),
                         {{"person", person(releaser).text()}}, {{"what", "passkey"}});
    }
}

TEST(DecidePasskey, TwoPersonsAct) {
    run(ActKind::passkey,
        {
            {"its person says so", [](Case&) {}, "", ""},
            {"an officer, for somebody who did not ask", [](Case& c) { c.signer = officer; },
             "passkey-own-word", "agreement.passkey_own_word"},
            {"an officer confirms it",
             [](Case& c) {
                 c.world.ask_passkey(releaser);
                 c.signer = officer;
             },
             "", ""},
            {"its person again", [](Case& c) { c.world.ask_passkey(releaser); }, "passkey-officer",
             "agreement.passkey_officer"},
            {"somebody else confirms it",
             [](Case& c) {
                 c.world.ask_passkey(releaser);
                 c.signer = second_releaser;
             },
             "passkey-officer", "agreement.passkey_officer"},
            {"an officer is away",
             [](Case& c) {
                 c.world.ask_passkey(releaser);
                 c.world.absent(officer, "2026-11-20T00:00:00Z", "2026-12-20T00:00:00Z");
                 c.signer = officer;
             },
             "passkey-officer", "agreement.passkey_officer"},
            {"an officer's own, which that officer confirms",
             [](Case& c) {
                 c.world.ask_passkey(officer);
                 c.signer = officer;
                 c.content = {{"person", person(officer).text()},
                              {"passkey", to_base64(passkey_of(officer))}};
             },
             "passkey-officer", "agreement.passkey_officer"},
            {"it signs already",
             [](Case& c) {
                 c.world.passkey(releaser);
                 c.signer = officer;
             },
             "passkey-free", "agreement.passkey_taken"},
            {"somebody else's",
             [](Case& c) { c.content["passkey"] = to_base64(c.world.passkey(reader)); },
             "passkey-free", "agreement.passkey_taken"},
            {"one that ended",
             [](Case& c) {
                 c.world.passkey(releaser);
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(releaser).text()}}, {{"what", "passkey"}});
                 c.signer = officer;
             },
             "passkey-free", "agreement.passkey_taken"},
            {"the ninth", [](Case& c) { have(c.world, 8, false); }, "passkey-free",
             "agreement.passkeys_full"},
            {"after 64 that ended", [](Case& c) { have(c.world, 64, true); }, "passkey-free",
             "agreement.passkeys_spent"},
            {"signed by a passkey", [](Case& c) { c.passkey = c.world.passkey(releaser); },
             "by-passkey, passkey-free, passkey-officer", "agreement.passkey_reach"},
        },
        [](Case& c) {
            c.signer = releaser;
            c.content = {{"person", person(releaser).text()},
                         {"passkey", to_base64(passkey_of(releaser))}};
        });
}

TEST(DecidePasskey, IsEndedByItsPersonOrAnOfficer) {
    run(ActKind::revoke,
        {
            {"an officer", [](Case&) {}, "", ""},
            {"its person", [](Case& c) { c.signer = releaser; }, "", ""},
            {"somebody else", [](Case& c) { c.signer = reader; }, "revoking-officer",
             "agreement.revoking_officer"},
            {"of somebody who has none",
             [](Case& c) { c.content["person"] = person(second_releaser).text(); },
             "revoking-officer", "agreement.passkey_none"},
            {"what waits to be confirmed",
             [](Case& c) {
                 c.world.ask_passkey(second_releaser);
                 c.content["person"] = person(second_releaser).text();
             },
             "", ""},
            {"what ended",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(releaser).text()}}, {{"what", "passkey"}});
             },
             "revoking-officer", "agreement.passkey_none"},
        },
        [](Case& c) {
            c.world.passkey(releaser);
            c.content = {{"what", "passkey"}, {"person", person(releaser).text()}};
        });
}

//= O-05
TEST(DecidePasskey, IsTheSecondSignatureOfARelease) {
    run(ActKind::approve_release,
        {
            {"after another person's key", [](Case& c) { c.world.approve(second_releaser, 5); }, "",
             ""},
            {"first", [](Case&) {}, "by-passkey", "agreement.passkey_first"},
            {"after another's passkey",
             [](Case& c) { c.world.approve(second_releaser, 5, "XBO", true); }, "by-passkey",
             "agreement.passkey_first"},
            {"after another's key and another's passkey",
             [](Case& c) {
                 c.world.approve(second_releaser, 5);
                 c.world.approve(author, 5, "XBO", true);
             },
             "by-passkey", "agreement.passkey_once"},
            {"after one's own key", [](Case& c) { c.world.approve(releaser, 5); },
             "release-distinct-persons", "agreement.release_distinct_persons"},
            {"after a round that was taken back",
             [](Case& c) {
                 c.world.approve(second_releaser, 5);
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"release", c.world.release(5).text()}}, {{"what", "release"}});
             },
             "by-passkey", "agreement.passkey_first"},
            {"only asked for",
             [](Case& c) {
                 c.world.approve(second_releaser, 5);
                 c.passkey = passkey_of(second_releaser);
                 c.world.ask_passkey(second_releaser);
             },
             "actor", "agreement.actor_unknown"},
        },
        [](Case& c) {
            c.world.enter(5, "guarded");
            c.passkey = c.world.passkey(releaser);
            c.content = {{"release_digest", b64(c.world.release_digest(5))},
                         {"item", item(5).text()},
                         {"recipient", "XBO"},
                         {"level", "guarded"},
                         {"terms", b64(c.terms.digest())}};
        });
}

//= O-05
// Somebody whose key counted was revoked since: two passkeys are left.
TEST(DecidePasskey, AloneTheyReleaseNothing) {
    run(ActKind::dispatch,
        {
            {"one of two, the second releasing authority's", [](Case&) {}, "", ""},
            {"the only releasing authority's",
             [](Case& c) {
                 c.world.enter(6, "guarded");
                 c.world.approve(author, 6);
                 c.world.approve(second_releaser, 6, "XBO", true);
                 c.content["item"] = item(6).text();
             },
             "release-separation", "agreement.release_separation"},
            {"one that was ended",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(second_releaser).text()}},
                                {{"what", "passkey"}});
             },
             "release-separation", "agreement.release_persons"},
            {"both",
             [](Case& c) {
                 c.world.approve(author, 5, "XBO", true);
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(releaser).text()}}, {{"what", "person"}});
             },
             "release-separation", "agreement.passkey_alone"},
        },
        [](Case& c) {
            c.world.enter(5, "guarded");
            for (const Who one : {author, second_releaser})
                c.world.passkey(one);
            c.world.approve(releaser, 5);
            c.world.approve(second_releaser, 5, "XBO", true);
            c.content = {{"item", item(5).text()}, {"recipient", "XBO"}};
        });
}

//= O-05
// For the peer all of them are one signer: what it would not take does not leave.
TEST(DecidePasskey, TwoOfThemAreOnePersonOfThree) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    for (const bool second_key : {false, true}) {
        Case c(terms, ActKind::dispatch);
        c.world.enter(5, "crown");
        for (const Who one : {author, second_releaser})
            c.world.passkey(one);
        c.world.approve(releaser, 5);
        c.world.approve(author, 5, "XBO", !second_key);
        c.world.approve(second_releaser, 5, "XBO", true);
        c.content = {{"item", item(5).text()}, {"recipient", "XBO"}};
        const auto decision = c.decide();
        EXPECT_EQ(std::ranges::any_of(
                      decision.refusals(),
                      [](const auto& one) { return one.reason == "agreement.release_persons"; }),
                  !second_key);
    }
}

//= O-30
// Paper is certified by a second signature; a sealed file is gone with the first.
TEST(DecidePasskey, WitnessesPaperAndNoSealedFile) {
    run(ActKind::witness_destruction,
        {
            {"paper", [](Case&) {}, "", ""},
            {"a sealed file",
             [](Case& c) {
                 c.content = {
                     {"item", item(1).text()}, {"copy", copy(1).text()}, {"method", "erasure"}};
             },
             "by-passkey", "agreement.passkey_witness"},
        },
        [](Case& c) {
            c.signer = reader;
            c.passkey = c.world.passkey(reader);
            c.world.reproduce(1, 20, 2);
            c.content = {{"item", item(1).text()},
                         {"copy", copy(20).text()},
                         {"method", "burning"},
                         {"pages", 3}};
        });
}

} // namespace
} // namespace valise::agreement::test
