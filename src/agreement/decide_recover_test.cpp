// SPDX-License-Identifier: Apache-2.0
// Who recovers a book that was restored from a backup, and over what.
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

TEST(DecideRecover, Rows) {
    run(ActKind::recover,
        {
            {"a control officer", [](Case&) {}, "", ""},
            {"a clearance officer", [](Case& c) { c.signer = clearer; }, "control-officer",
             "agreement.control_officer"},
            {"more than the book holds",
             [](Case& c) { c.content["held"] = std::to_string(c.world.state.next_seq() + 1); },
             "recover-held", "agreement.recover_held"},
            {"less than it holds", [](Case& c) { c.content["held"] = "1"; }, "recover-held",
             "agreement.recover_held"},
        },
        [](Case& c) {
            c.content = {{"epoch", "2"},
                         {"held", std::to_string(c.world.state.next_seq())},
                         {"root", to_base64(Hash32{})},
                         {"signed", "999"},
                         {"mirror", "yes"}};
        });
}

} // namespace
} // namespace valise::agreement::test
