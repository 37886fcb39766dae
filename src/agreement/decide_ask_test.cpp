// SPDX-License-Identifier: Apache-2.0
// Asking for a release, and refusing it.
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

void about(Case& c, int n, bool level) {
    c.content = {{"release_digest", b64(c.world.release_digest(n))},
                 {"item", item(n).text()},
                 {"recipient", "XBO"},
                 {"terms", b64(c.terms.digest())},
                 {"reason", "for the exercise"}};
    if (level)
        c.content["level"] = "guarded";
}

void happen(Case& c, ActKind kind, Who who) {
    c.world.happen(kind, person(who).text(),
                   {{"item", item(5).text()}, {"release", c.world.release(5).text()}},
                   {{"release_digest", b64(c.world.release_digest(5))}, {"recipient", "XBO"}});
}

TEST(DecideAskRelease, Rows) {
    run(ActKind::ask_release,
        {
            {"the originator asks", [](Case&) {}, "", ""},
            {"a control officer asks", [](Case& c) { c.signer = officer; }, "", ""},
            {"a reader asks", [](Case& c) { c.signer = reader; }, "asking-role",
             "agreement.asking_role"},
            {"for a third country", [](Case& c) { c.content["recipient"] = "UKR"; },
             "release-digest, third-party, release-set", "agreement.release_digest"},
            {"for another level", [](Case& c) { c.content["level"] = "crown"; }, "case-by-case",
             "agreement.case_by_case"},
            {"of an entry that was cancelled", [](Case& c) { c.world.cancel(5); }, "not-cancelled",
             "agreement.cancelled"},
            {"after the end", [](Case& c) { c.now = day("2040-01-01"); }, "terms-in-force",
             "agreement.terms_ended"},
        },
        [](Case& c) {
            c.world.enter(5, "guarded");
            c.signer = author;
            about(c, 5, true);
        });
}

TEST(DecideRefuseRelease, Rows) {
    run(ActKind::refuse_release,
        {
            {"a releasing authority refuses", [](Case&) {}, "", ""},
            {"who approved it changes their mind", [](Case& c) { c.world.approve(releaser, 5); },
             "", ""},
            {"the originator", [](Case& c) { c.signer = author; }, "releasing-authority",
             "agreement.releasing_authority"},
            {"a second time", [](Case& c) { happen(c, ActKind::refuse_release, releaser); },
             "release-asked", "agreement.release_not_asked"},
            {"what nobody asked for",
             [](Case& c) {
                 c.world.enter(6, "guarded");
                 about(c, 6, false);
             },
             "release-asked", "agreement.release_not_asked"},
            {"another digest", [](Case& c) { c.content["release_digest"] = b64(hash(1)); },
             "release-digest", "agreement.release_digest"},
        },
        [](Case& c) {
            c.world.enter(5, "guarded");
            happen(c, ActKind::ask_release, author);
            c.signer = releaser;
            about(c, 5, false);
        });
}

TEST(DecideApproveRelease, NotOverARefusal) {
    run(ActKind::approve_release,
        {
            {"asked for", [](Case&) {}, "", ""},
            {"refused since", [](Case& c) { happen(c, ActKind::refuse_release, releaser); },
             "asked-again", "agreement.release_refused"},
            {"refused, and asked for again",
             [](Case& c) {
                 happen(c, ActKind::refuse_release, releaser);
                 happen(c, ActKind::ask_release, author);
             },
             "", ""},
        },
        [](Case& c) {
            c.world.enter(5, "guarded");
            happen(c, ActKind::ask_release, author);
            c.signer = second_releaser;
            about(c, 5, true);
        });
}

} // namespace
} // namespace valise::agreement::test
