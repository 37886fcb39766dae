// SPDX-License-Identifier: Apache-2.0
#include "verifying/test_story.h"

#include <algorithm>
#include <stdexcept>

namespace valise::testing {

using logbook::ActKind;

namespace {

template<class T> T must(Result<T> result) {
    if (!result)
        throw std::runtime_error(result.error().text());
    return std::move(*result);
}

} // namespace

Story& Story::told() {
    static Story story;
    return story;
}

Story::Story() : tokyo("JPN", read_terms("jpn-ukr.toml")), kyiv("UKR", read_terms("jpn-ukr.toml")) {
    tokyo.pair_with(kyiv);
    kyiv.pair_with(tokyo);
    appoint_all();
    exchange();
    answer_back();
    refused_over_there();
    // The second round cosigns what the first one recorded.
    for (Side* side : {&tokyo, &kyiv, &tokyo, &kyiv})
        must(side->work());
    sent = must(tokyo.registry->export_evidence());
    received = must(kyiv.registry->export_evidence());
    fingerprint =
        must(tokyo.registry->consider_invitation(must(kyiv.registry->invitation("x")))).fingerprint;
}

void Story::appoint_all() {
    for (Someone* who : {&originator, &releaser, &second}) {
        tokyo.enrol(*who);
        tokyo.clear(*who, "kimitsu", later);
    }
    tokyo.appoint(originator, "originator");
    tokyo.appoint(releaser, "releasing-authority");
    tokyo.appoint(second, "releasing-authority");
    tokyo.brief(releaser);
    tokyo.accredit("gokuhi");
    for (Someone* who : {&reader, &uncleared, &head, &deputy})
        kyiv.enrol(*who);
    kyiv.brief(reader);
    kyiv.appoint(head, "originator");
    kyiv.appoint(head, "releasing-authority");
    kyiv.appoint(deputy, "releasing-authority");
    kyiv.appoint(reader, "reader");
    kyiv.clear(reader, "tsilkom-taiemno", later);
    kyiv.accredit("tsilkom-taiemno");
}

void Story::exchange() {
    const ItemId item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
    (void)tokyo.try_act(uncleared, ActKind::appoint, {}); // not recorded: nobody knows the key
    tokyo.approve(releaser, item, "UKR");
    tokyo.dispatch(tokyo.control_officer, item, "UKR"); // refused: one approval
    tokyo.clock.at = tokyo.clock.at.plus_seconds(97);
    kyiv.clock.at = kyiv.clock.at.plus_seconds(97);
    tokyo.approve(second, item, "UKR");
    tokyo.dispatch(tokyo.control_officer, item, "UKR");
    must(tokyo.work());
    const ItemId got = kyiv.registry->state().items().begin()->first;
    (void)kyiv.read(uncleared, got, purpose);
    kyiv.grant(reader, got, purpose, later);
    must(kyiv.read(reader, got, purpose));
    const auto dispatch = kyiv.registry->state().dispatches().begin()->first;
    kyiv.act(reader, ActKind::contents_receipt,
             {{"dispatch", dispatch.text()}, {"item", got.text()}, {"finding", "in-order"}});
    must(kyiv.work());
    tokyo_item = tokyo.enter(originator, to_bytes("more"), "gokuhi", purpose);
    tokyo.approve(releaser, tokyo_item, "UKR");
}

// The other way, at a level whose equivalent a person chooses, and with a discrepancy first.
void Story::answer_back() {
    const ItemId item = kyiv.enter(head, to_bytes("answer"), "tsilkom-taiemno", purpose);
    kyiv.approve(head, item, "JPN");
    kyiv.approve(deputy, item, "JPN");
    kyiv.dispatch(kyiv.control_officer, item, "JPN");
    must(kyiv.work());
    const auto state = tokyo.registry->state();
    const auto arrived = std::ranges::find_if(state.items(), [](const auto& entry) {
        return entry.second.direction == logbook::Direction::in;
    });
    const ItemId got = arrived->first;
    tokyo.act(tokyo.control_officer, ActKind::remark, {{"item", got.text()}, {"level", "gokuhi"}});
    tokyo.grant(releaser, got, purpose, later);
    must(tokyo.read(releaser, got, purpose));
    const std::string dispatch = arrived->second.dispatch.text();
    for (const char* finding : {"discrepancy", "in-order"})
        tokyo.act(releaser, ActKind::contents_receipt,
                  {{"dispatch", dispatch}, {"item", got.text()}, {"finding", finding}});
    tokyo.act(tokyo.control_officer, ActKind::revoke,
              {{"what", "grant"},
               {"person", releaser.id().text()},
               {"item", got.text()},
               {"purpose", purpose}});
    must(tokyo.work());
    tokyo.clock.at = tokyo.clock.at.plus_days(150); // the accreditation has run out
    tokyo.approve(second, tokyo_item, "UKR");
    tokyo.dispatch(tokyo.control_officer, tokyo_item, "UKR");
}

// Kyiv's officer took the link back meanwhile: its agreement refuses, and Tokyo's permit fails.
void Story::refused_over_there() {
    tokyo.accredit("gokuhi");
    kyiv.act(kyiv.control_officer, ActKind::revoke, {{"what", "accreditation"}, {"peer", "JPN"}});
    tokyo.dispatch(tokyo.control_officer, tokyo_item, "UKR");
    must(tokyo.work());
    const auto state = tokyo.registry->state();
    if (std::ranges::none_of(state.dispatches(), [](const auto& entry) {
            return entry.second.state == logbook::DispatchState::failed;
        }))
        throw std::runtime_error("the story needs a dispatch that failed");
}

} // namespace valise::testing
