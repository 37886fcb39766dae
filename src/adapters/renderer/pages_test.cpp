// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/files.h"
#include "adapters/renderer/pages.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace valise::adapters {
namespace {

using std::chrono::milliseconds;

TEST(TakenPages, ComeWhole) {
    const auto shown = taken_pages(
        [](int pages) { return write_fully(pages, rendering::summary_frame({"text", 0, 0})); },
        milliseconds(20'000), rendering::Job::Output::pages);
    // A document without a page is none.
    EXPECT_TRUE(shown || shown.error().reason() == "render.answer");
}

// The end that was given away is held open, and nothing comes.
TEST(TakenPages, AreNotWaitedForWithoutEnd) {
    bool closed = false;
    const auto shown = taken_pages(
        [&](int pages) -> Result<void> {
            pollfd reader{pages, 0, 0};
            closed = ::poll(&reader, 1, 20'000) == 1 && (reader.revents & POLLERR) != 0;
            return {};
        },
        milliseconds(200), rendering::Job::Output::pages);
    ASSERT_FALSE(shown);
    EXPECT_EQ(shown.error().reason(), "adapters.renderer_slow");
    EXPECT_TRUE(closed);
}

TEST(TakenPages, SayWhatWasAnsweredBeforeWhatCame) {
    const auto refused = taken_pages(
        [](int) -> Result<void> { return fail(Code::refused, "vault.reader", "a test's"); },
        milliseconds(20'000), rendering::Job::Output::pages);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason(), "vault.reader");
}

TEST(TakenPages, NobodyEndsWithWhatIsThrown) {
    const auto thrown =
        taken_pages([](int) -> Result<void> { throw std::runtime_error("a test's"); },
                    milliseconds(20'000), rendering::Job::Output::pages);
    ASSERT_FALSE(thrown);
    EXPECT_EQ(thrown.error().reason(), "adapters.renderer_down");
}

} // namespace
} // namespace valise::adapters
