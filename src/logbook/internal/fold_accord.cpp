// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/fold.h"

#include <algorithm>

// The life of the agreement: other terms, its end, what is assured.
namespace valise::logbook {

std::string_view to_string(AdoptedAs as) {
    return as == AdoptedAs::amendment ? "amendment" : "arrangement";
}

Result<AdoptedAs> parse_adopted_as(std::string_view text) {
    for (const AdoptedAs known : {AdoptedAs::amendment, AdoptedAs::arrangement})
        if (to_string(known) == text)
            return known;
    return fail(Code::invalid, "logbook.adoption", "expected amendment or arrangement");
}

//= O-48
Result<void> Fold::adopt_terms() {
    TRY_ASSIGN(const AdoptedAs as, parse_adopted_as(fact("as")));
    s_.adopted_ = {hash_fact("adopted"), e_.terms(), as, time_fact("from"), e_.seq()};
    return {};
}

// What both countersigned is spent: further terms are countersigned anew.
Result<void> Fold::put_in_force() {
    if (!s_.adopted_ || s_.adopted_->terms != hash_fact("adopted"))
        return unknown_id("an adoption of these terms");
    s_.adopted_.reset();
    s_.peer_adopted_.reset();
    return {};
}

//= O-48
//= O-49
Result<void> Fold::terminate() {
    if (s_.termination_)
        return known_id("a termination");
    s_.termination_ = {true, time_fact("ends"), e_.seq()};
    return {};
}

//= O-26
// What was lost gave numbers that the other party may know: each lost event at most one, so none of
// them is given again. Of what was lost nothing else is known, and nothing is guessed: leaves that
// came back without their events change no dossier.
Result<void> Fold::recover(bool done) {
    if (!done)
        return {};
    const Recovery recovery{number_fact("epoch"),
                            number_fact("held"),
                            number_fact("signed"),
                            hash_fact("root"),
                            number_fact("shared_from"),
                            number_fact("shared_to"),
                            e_.seq()};
    constexpr std::uint64_t kMostNumbers = 9'999'999;
    // Where the key process lost its memory too, nobody knows how many there were: at least the
    // leaves that came back, and what was not mirrored yet.
    constexpr std::uint64_t kUnknown = 1000;
    const std::uint64_t back =
        recovery.shared_to - std::min(recovery.shared_from, recovery.shared_to);
    const std::uint64_t lost = recovery.signed_size > recovery.held
                                   ? std::max(recovery.signed_size - recovery.held, back)
                                   : back + kUnknown;
    s_.numbers_.try_emplace(year_of(e_.minute()), 0U);
    for (auto& [year, spent] : s_.numbers_)
        spent += static_cast<std::uint32_t>(
            std::min(lost, kMostNumbers - std::min<std::uint64_t>(spent, kMostNumbers)));
    s_.recoveries_.push_back(recovery);
    return {};
}

//= O-36
Result<void> Fold::reconcile() {
    const Hash32 recon = hash_fact("recon");
    s_.proposed_[recon] = {recon, number_fact("own"), number_fact("theirs"), e_.seq()};
    return {};
}

// Two statements may cross on the way: what counts is how far both together reach, which does not
// depend on the order in which each side learns of them.
Result<void> Fold::countersign() {
    Reconciliation next{hash_fact("recon"), number_fact("own"), number_fact("theirs"), e_.seq()};
    if (e_.by_registry()) {
        const auto ours = s_.proposed_.find(next.recon);
        if (ours == s_.proposed_.end() || ours->second.own != next.own ||
            ours->second.theirs != next.theirs)
            return unknown_id("a statement of ours of this digest");
        s_.proposed_.erase(ours);
    }
    if (s_.reconciled_) {
        next.own = std::max(next.own, s_.reconciled_->own);
        next.theirs = std::max(next.theirs, s_.reconciled_->theirs);
    }
    s_.reconciled_ = next;
    return {};
}

//= O-19
Result<void> Fold::assure() {
    const std::string recipient = fact("recipient");
    s_.given_assurances_[recipient] = {recipient, fact("level"), time_fact("until"), e_.seq()};
    return {};
}

Result<void> Fold::peer_adopts(const NoticeEntry& notice) {
    const AdoptedAs as =
        notice.type == NoticeType::amendment ? AdoptedAs::amendment : AdoptedAs::arrangement;
    s_.peer_adopted_ = {notice.adopted, e_.terms(), as, *notice.from, e_.seq()};
    return {};
}

// The earlier day counts where both parties gave notice.
Result<void> Fold::peer_terminates(const NoticeEntry& notice) {
    if (!s_.termination_ || *notice.until < s_.termination_->ends)
        s_.termination_ = {false, *notice.until, e_.seq()};
    return {};
}

Result<void> Fold::peer_assures(const NoticeEntry& notice) {
    s_.assurances_[notice.peer] = {notice.peer, notice.level, *notice.until, e_.seq()};
    return {};
}

//= O-15
// The originator consents for what originated here; for what it sent, its notice does.
Result<void> Fold::consent() {
    const auto item = s_.items_.find(id_as<ItemId>("item"));
    if (item == s_.items_.end() || item->second.direction != Direction::out)
        return unknown_id("an item of this id that originated here");
    const std::string recipient = fact("recipient");
    s_.consents_[{item->first, recipient}] = {item->first, recipient, time_fact("until"), e_.seq()};
    return {};
}

Result<void> Fold::peer_consents(const NoticeEntry& notice) {
    const Dispatch& dispatch = s_.dispatches_.at(notice.dispatch);
    if (dispatch.direction != Direction::in || !std::as_const(s_.items_).contains(dispatch.item))
        return unknown_id("a received item of this dispatch");
    s_.consents_[{dispatch.item, notice.third}] = {dispatch.item, notice.third, *notice.until,
                                                   e_.seq()};
    return {};
}

Result<void> Fold::destroyed_there(const NoticeEntry& notice) {
    if (s_.dispatches_.at(notice.dispatch).direction != Direction::out)
        return unknown_id("a dispatch of ours");
    return {};
}

//= O-19
// Ends now: who was told that it lasts is told that it does not.
Result<void> Fold::revoke_assurance() {
    const auto given = s_.given_assurances_.find(fact("recipient"));
    if (given == s_.given_assurances_.end())
        return unknown_id("the assurance");
    given->second.until = e_.minute().plus_seconds(-60);
    given->second.event = e_.seq();
    return {};
}

} // namespace valise::logbook
