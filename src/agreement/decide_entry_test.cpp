// SPDX-License-Identifier: Apache-2.0
// The forms of O-01, and the lines that correct or cancel an entry.
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

TEST(DecideForm, WhatWasSaidIsEnteredAfterwards) {
    run(ActKind::enter,
        {
            {"a conversation of this morning", [](Case&) {}, "", ""},
            {"a conversation of tomorrow",
             [](Case& c) { c.content["disclosed_at"] = "2026-11-25T09:00:00Z"; }, "form",
             "agreement.disclosed_ahead"},
        },
        [](Case& c) {
            c.signer = author;
            c.content = {{"item", item(7).text()},
                         {"level", "guarded"},
                         {"purpose", "exercise"},
                         {"title", "T"},
                         {"label", "AAAA"},
                         {"form", "oral"},
                         {"disclosed_by", "A"},
                         {"disclosed_to", "B"},
                         {"disclosed_at", "2026-11-24T09:00:00Z"},
                         {"authority", "xex-office"}};
        });
}

TEST(DecideForm, OnlyElectronicItemsGoOverTheWire) {
    std::vector<Row> rows;
    for (const char* form : {"paper", "equipment", "oral", "visual"})
        rows.push_back({form,
                        [form](Case& c) {
                            c.world.enter_described(5, form);
                            c.world.approve(releaser, 5);
                            c.world.approve(author, 5);
                            c.content["item"] = item(5).text();
                        },
                        "form", "agreement.form"});
    rows.push_back({"cancelled after it was released", [](Case& c) { c.world.cancel(1); },
                    "not-cancelled, release-separation", "agreement.cancelled"});
    rows.push_back({"corrected after it was released", [](Case& c) { c.world.correct(1); },
                    "release-separation", "agreement.release_withdrawn"});
    rows.push_back({"the release was taken back",
                    [](Case& c) {
                        c.world.happen(ActKind::revoke, person(officer).text(),
                                       {{"release", c.world.release(1).text()}},
                                       {{"what", "release"}});
                    },
                    "release-separation", "agreement.release_withdrawn"});
    rows.push_back({"corrected after it was released, and approved anew",
                    [](Case& c) {
                        c.world.correct(1);
                        c.world.approve(releaser, 1);
                        c.world.approve(author, 1);
                    },
                    "", ""});
    run(ActKind::dispatch, rows,
        [](Case& c) { c.content = {{"item", item(1).text()}, {"recipient", "XBO"}}; });
}

TEST(DecideForm, OnlyElectronicItemsAreOpened) {
    run(ActKind::open,
        {
            {"electronic", [](Case&) {}, "", ""},
            {"cancelled", [](Case& c) { c.world.cancel(1); }, "not-cancelled",
             "agreement.cancelled"},
            {"paper",
             [](Case& c) {
                 c.world.enter_described(5, "paper");
                 c.world.grant(reader, 5, "exercise", "2027-06-30T00:00:00Z");
                 c.content["item"] = item(5).text();
                 c.content["copy"] = copy(5).text();
             },
             "form", "agreement.form"},
        },
        [](Case& c) {
            c.signer = reader;
            c.content = {{"item", item(1).text()},
                         {"copy", copy(1).text()},
                         {"purpose", "exercise"},
                         {"session_key", "AAAA"}};
        });
}

TEST(DecideCancelled, IsNeitherGrantedNorApproved) {
    run(ActKind::grant,
        {{"as it was entered", [](Case&) {}, "", ""},
         {"cancelled", [](Case& c) { c.world.cancel(1); }, "not-cancelled", "agreement.cancelled"}},
        [](Case& c) {
            c.content = {{"person", person(reader).text()},
                         {"item", item(1).text()},
                         {"purpose", "exercise"},
                         {"until", "2027-01-31T00:00:00Z"}};
        });
    run(ActKind::approve_release,
        {{"paper is released like anything else", [](Case&) {}, "", ""},
         {"cancelled", [](Case& c) { c.world.cancel(5); }, "not-cancelled", "agreement.cancelled"}},
        [](Case& c) {
            c.world.enter_described(5, "paper");
            c.signer = releaser;
            c.content = {{"release_digest", b64(c.world.release_digest(5))},
                         {"item", item(5).text()},
                         {"recipient", "XBO"},
                         {"level", "guarded"},
                         {"terms", b64(c.terms.digest())}};
        });
}

TEST(DecideCorrect, Rows) {
    const auto at = [](int n) { return [n](Case& c) { c.content["item"] = item(n).text(); }; };
    run(ActKind::correct,
        {
            {"a control officer", [](Case&) {}, "", ""},
            {"who entered it", [](Case& c) { c.signer = author; }, "", ""},
            {"a reader", [](Case& c) { c.signer = reader; }, "correcting-role",
             "agreement.correcting_role"},
            {"an item that nobody entered", at(40), "item-known", "agreement.item_unknown"},
            {"what the other party sent", at(2), "entered-here", "agreement.not_entered_here"},
            {"a cancelled entry", [](Case& c) { c.world.cancel(1); }, "not-cancelled",
             "agreement.cancelled"},
            {"after it was dispatched", [](Case& c) { c.world.send(); }, "", ""},
            {"pages of a file", [](Case& c) { c.content["pages"] = 3; }, "form",
             "agreement.form_member"},
            {"pages of a paper",
             [&](Case& c) {
                 c.world.enter_described(5, "paper");
                 at(5)(c);
                 c.content["pages"] = 3;
             },
             "", ""},
            {"the serial number of a paper",
             [&](Case& c) {
                 c.world.enter_described(5, "paper");
                 at(5)(c);
                 c.content["serial"] = "S-1";
             },
             "form", "agreement.form_member"},
            {"who heard what was shown",
             [&](Case& c) {
                 c.world.enter_described(5, "visual");
                 at(5)(c);
                 c.content["disclosed_to"] = "B";
             },
             "", ""},
            {"who heard a machine",
             [&](Case& c) {
                 c.world.enter_described(5, "equipment");
                 at(5)(c);
                 c.content["disclosed_to"] = "B";
             },
             "form", "agreement.form_member"},
        },
        [](Case& c) {
            c.content = {{"item", item(1).text()}, {"reason", "misspelt"}, {"title", "T"}};
        });
}

TEST(DecideCancel, Rows) {
    run(ActKind::cancel,
        {
            {"a control officer", [](Case&) {}, "", ""},
            {"who entered it", [](Case& c) { c.signer = author; }, "", ""},
            {"a releasing authority", [](Case& c) { c.signer = releaser; }, "correcting-role",
             "agreement.correcting_role"},
            {"what the other party sent", [](Case& c) { c.content["item"] = item(2).text(); },
             "entered-here", "agreement.not_entered_here"},
            {"a second time", [](Case& c) { c.world.cancel(1); }, "not-cancelled",
             "agreement.cancelled"},
            {"after it was dispatched", [](Case& c) { c.world.send(); }, "not-dispatched",
             "agreement.dispatched"},
        },
        [](Case& c) { c.content = {{"item", item(1).text()}, {"reason", "entered twice"}}; });
}

} // namespace
} // namespace valise::agreement::test
