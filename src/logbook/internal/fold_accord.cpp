// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/fold.h"

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

} // namespace valise::logbook
