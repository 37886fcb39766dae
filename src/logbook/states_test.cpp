// SPDX-License-Identifier: Apache-2.0
#include "logbook/copy_states.h"
#include "logbook/dispatch_states.h"
#include "logbook/entry_states.h"
#include "logbook/incident_states.h"
#include "logbook/notice_states.h"
#include "logbook/passkey_states.h"
#include "logbook/release_states.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

namespace valise::logbook {
namespace {

// Every state with every event: the allowed ones lead where the table here says, all others are
// refused and name state and event.
template<class State, class Event>
void check_all(std::size_t states, std::size_t events,
               const std::map<std::pair<State, Event>, State>& expected) {
    std::size_t found = 0;
    for (std::size_t s = 0; s < states; ++s) {
        for (std::size_t e = 0; e < events; ++e) {
            const auto state = static_cast<State>(s);
            const auto event = static_cast<Event>(e);
            SCOPED_TRACE(std::string(to_string(state)) + " / " + std::string(to_string(event)));
            EXPECT_NE(to_string(state), "?");
            EXPECT_NE(to_string(event), "?");
            const auto to = next(state, event);
            const auto want = expected.find({state, event});
            if (want != expected.end()) {
                ++found;
                ASSERT_TRUE(to);
                EXPECT_EQ(*to, want->second);
                continue;
            }
            ASSERT_FALSE(to);
            EXPECT_EQ(to.error().code(), Code::conflict);
            EXPECT_EQ(to.error().reason(), "logbook.no_transition");
            EXPECT_NE(to.error().context().find(to_string(event)), std::string::npos);
        }
    }
    EXPECT_EQ(found, expected.size());
    EXPECT_EQ(to_string(static_cast<State>(states)), "?");
    EXPECT_EQ(to_string(static_cast<Event>(events)), "?");
}

TEST(States, Dispatch) {
    using S = DispatchState;
    using E = DispatchEvent;
    check_all<S, E>(
        kDispatchStates, kDispatchEvents,
        {
            {{S::none, E::permit}, S::permitted},
            {{S::permitted, E::seal}, S::sealed},
            {{S::permitted, E::fail}, S::failed},
            {{S::sealed, E::send}, S::sent},
            {{S::sealed, E::fail}, S::failed},
            {{S::sent, E::custody_receipt_comes}, S::custody_receipted},
            {{S::sent, E::contents_receipt_comes}, S::contents_receipted},
            {{S::sent, E::discrepancy_comes}, S::discrepancy},
            {{S::custody_receipted, E::contents_receipt_comes}, S::contents_receipted},
            {{S::custody_receipted, E::discrepancy_comes}, S::discrepancy},
            {{S::contents_receipted, E::custody_receipt_comes}, S::contents_receipted},
            {{S::contents_receipted, E::close}, S::closed},
            {{S::discrepancy, E::custody_receipt_comes}, S::discrepancy},
            {{S::discrepancy, E::contents_receipt_comes}, S::contents_receipted},
            {{S::sent, E::trace}, S::sent},
            {{S::custody_receipted, E::trace}, S::custody_receipted},
            {{S::discrepancy, E::trace}, S::discrepancy},
            {{S::permitted, E::hand_over}, S::permitted},
            {{S::sent, E::hand_over}, S::sent},
            {{S::custody_receipted, E::hand_over}, S::custody_receipted},
            {{S::contents_receipted, E::hand_over}, S::contents_receipted},
            {{S::discrepancy, E::hand_over}, S::discrepancy},
            {{S::closed, E::hand_over}, S::closed},
            {{S::sent, E::lose}, S::lost},
            {{S::lost, E::hand_over}, S::lost},
            {{S::lost, E::custody_receipt_comes}, S::custody_receipted},
            {{S::lost, E::contents_receipt_comes}, S::contents_receipted},
            {{S::lost, E::discrepancy_comes}, S::discrepancy},
            {{S::none, E::offer}, S::offered},
            {{S::offered, E::deliver}, S::offered},
            {{S::offered, E::arrive}, S::arrived},
            {{S::offered, E::arrival_fails}, S::arrival_failed},
            {{S::arrival_failed, E::offer}, S::offered},
            {{S::arrived, E::send_custody_receipt}, S::custody_receipt_sent},
            {{S::custody_receipt_sent, E::mark}, S::marked},
            {{S::custody_receipt_sent, E::send_contents_receipt}, S::contents_receipt_sent},
            {{S::custody_receipt_sent, E::send_discrepancy}, S::discrepancy_sent},
            {{S::marked, E::send_contents_receipt}, S::contents_receipt_sent},
            {{S::marked, E::send_discrepancy}, S::discrepancy_sent},
            {{S::marked, E::open}, S::opened},
            {{S::opened, E::open}, S::opened},
            {{S::opened, E::send_contents_receipt}, S::contents_receipt_sent},
            {{S::opened, E::send_discrepancy}, S::discrepancy_sent},
            {{S::contents_receipt_sent, E::open}, S::contents_receipt_sent},
            {{S::discrepancy_sent, E::open}, S::discrepancy_sent},
            {{S::discrepancy_sent, E::send_contents_receipt}, S::contents_receipt_sent},
        });
}

TEST(States, Release) {
    using S = ReleaseState;
    using E = ReleaseEvent;
    check_all<S, E>(kReleaseStates, kReleaseEvents,
                    {
                        {{S::none, E::ask}, S::asked},
                        {{S::asked, E::approve}, S::approved_once},
                        {{S::asked, E::refuse}, S::refused},
                        {{S::approved_once, E::approve}, S::approved},
                        {{S::approved_once, E::refuse}, S::refused},
                        {{S::approved, E::approve}, S::approved},
                        {{S::approved, E::refuse}, S::refused},
                        {{S::approved, E::reserve}, S::reserved},
                        {{S::reserved, E::use}, S::used},
                        {{S::reserved, E::set_free}, S::approved},
                        {{S::used, E::ask}, S::asked},
                        {{S::refused, E::ask}, S::asked},
                        {{S::asked, E::withdraw}, S::withdrawn},
                        {{S::approved_once, E::withdraw}, S::withdrawn},
                        {{S::approved, E::withdraw}, S::withdrawn},
                        {{S::withdrawn, E::ask}, S::asked},
                    });
}

TEST(States, Copy) {
    using S = CopyState;
    using E = CopyEvent;
    check_all<S, E>(kCopyStates, kCopyEvents,
                    {
                        {{S::none, E::enter}, S::held},
                        {{S::none, E::reproduce}, S::held},
                        {{S::none, E::print}, S::issued},
                        {{S::held, E::open}, S::held},
                        {{S::held, E::store}, S::held},
                        {{S::held, E::issue}, S::issued},
                        {{S::none, E::order}, S::ordered},
                        {{S::ordered, E::print}, S::issued},
                        {{S::held, E::witness_destruction}, S::held},
                        {{S::held, E::permit_destruction}, S::destroying},
                        {{S::issued, E::open}, S::issued},
                        {{S::issued, E::take_back}, S::held},
                        {{S::destroying, E::destroy}, S::destroyed},
                        {{S::destroying, E::keep}, S::held},
                        {{S::held, E::send}, S::away},
                        {{S::away, E::come_back}, S::held},
                        {{S::held, E::lose}, S::lost},
                        {{S::issued, E::lose}, S::lost},
                        {{S::away, E::lose}, S::lost},
                        {{S::lost, E::take_back}, S::held},
                        {{S::lost, E::send}, S::away},
                    });
}

TEST(States, Entry) {
    using S = EntryState;
    using E = EntryEvent;
    check_all<S, E>(kEntryStates, kEntryEvents,
                    {
                        {{S::none, E::enter}, S::entered},
                        {{S::entered, E::use}, S::entered},
                        {{S::entered, E::correct}, S::corrected},
                        {{S::entered, E::cancel}, S::cancelled},
                        {{S::corrected, E::use}, S::corrected},
                        {{S::corrected, E::correct}, S::corrected},
                        {{S::corrected, E::cancel}, S::cancelled},
                    });
}

TEST(States, Notice) {
    using S = NoticeState;
    using E = NoticeEvent;
    check_all<S, E>(kNoticeStates, kNoticeEvents,
                    {
                        {{S::none, E::give}, S::given},
                        {{S::given, E::take}, S::taken},
                        {{S::given, E::refuse}, S::refused},
                        {{S::given, E::acknowledgement_comes}, S::acknowledged},
                        {{S::taken, E::acknowledgement_comes}, S::acknowledged},
                        {{S::acknowledged, E::take}, S::acknowledged},
                        {{S::none, E::receive}, S::received},
                        {{S::received, E::answer}, S::answered},
                    });
}

TEST(States, Incident) {
    using S = IncidentState;
    using E = IncidentEvent;
    check_all<S, E>(kIncidentStates, kIncidentEvents,
                    {
                        {{S::none, E::report_incident}, S::frozen},
                        {{S::frozen, E::investigate}, S::investigated},
                        {{S::investigated, E::investigate}, S::investigated},
                        {{S::investigated, E::give_report}, S::report_given},
                        {{S::investigated, E::close}, S::closed},
                        {{S::report_given, E::acknowledgement_comes}, S::report_acknowledged},
                        {{S::report_acknowledged, E::investigate}, S::investigated},
                        {{S::report_acknowledged, E::close}, S::closed},
                        {{S::none, E::notice_comes}, S::told},
                        {{S::told, E::report_comes}, S::report_received},
                        {{S::report_received, E::answer_report}, S::report_answered},
                        {{S::report_answered, E::report_comes}, S::report_received},
                    });
}

TEST(States, Passkey) {
    using S = PasskeyState;
    using E = PasskeyEvent;
    check_all<S, E>(kPasskeyStates, kPasskeyEvents,
                    {
                        {{S::none, E::ask}, S::asked},
                        {{S::asked, E::confirm}, S::signing},
                        {{S::asked, E::end}, S::ended},
                        {{S::signing, E::end}, S::ended},
                    });
}

// docs/lifecycle.md shows these pictures; it is written by this test with VALISE_WRITE_DOCS=1.
TEST(States, PicturesInTheDocsAreThoseOfTheTables) {
    const auto block = [](const std::string& picture) {
        return "```mermaid\n" + picture + "```\n";
    };
    const std::string want =
        "# What can happen to a dossier\n\n"
        "<!-- Written from the tables in src/logbook/*_states.h by logbook_test with "
        "VALISE_WRITE_DOCS=1. -->\n\n"
        "A state table says what is *possible*; what is *allowed* is decided by the clauses of the "
        "agreement.\n\n"
        "## Dispatch\n\nThe sender's dossier begins with `permit`, the receiver's with "
        "`offer`.\n\n" +
        block(mermaid(kDispatchTable)) + "\n## Release\n\n" + block(mermaid(kReleaseTable)) +
        "\n## Copy\n\n" + block(mermaid(kCopyTable)) + "\n## Entry\n\n" +
        block(mermaid(kEntryTable)) +
        "\n## Notice\n\nOurs begins with `give`, the other party's with `receive`.\n\n" +
        block(mermaid(kNoticeTable)) +
        "\n## Incident\n\nReported here it begins with `report_incident`, told by the other party "
        "with `notice_comes`. The copies are frozen until it is closed.\n\n" +
        block(mermaid(kIncidentTable)) +
        "\n## Passkey\n\nAsked for by its person, confirmed by a control officer; it signs until "
        "it "
        "is ended.\n\n" +
        block(mermaid(kPasskeyTable));
    const std::string path = std::string(VALISE_SOURCE_DIR) + "/docs/lifecycle.md";
    if (std::getenv("VALISE_WRITE_DOCS") != nullptr)
        std::ofstream(path) << want;
    std::ifstream file(path);
    std::stringstream got;
    got << file.rdbuf();
    EXPECT_EQ(got.str(), want);
}

} // namespace
} // namespace valise::logbook
