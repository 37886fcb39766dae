// SPDX-License-Identifier: Apache-2.0
#include "logbook/act.h"
#include "logbook/internal/fold.h"

// The laws under which each party protects what it received. //= O-07
namespace valise::logbook {

std::string law_words(const Act& act) {
    const std::string note = act.optional_field("note").value_or("");
    return act.optional_field("title").value_or("") + (note.empty() ? "" : "\n\n" + note);
}

// The newest edition counts; the ones before it are the events before this one.
Result<void> Fold::law() {
    const std::string code = fact("law");
    s_.laws_[code] = {code,
                      fact("edition"),
                      time_fact("from"),
                      hash_fact("text"),
                      fact("affects") == "yes",
                      hash_fact("enclosed"),
                      e_.seq()};
    return {};
}

Result<void> Fold::ask_laws() {
    if (!s_.peers_.contains(fact("peer")))
        return unknown_id("the party that is asked");
    s_.asked_laws_[fact("peer")] = {e_.seq(), e_.minute()};
    return {};
}

Result<void> Fold::peer_tells_law(const NoticeEntry& notice) {
    s_.peer_laws_[{notice.peer, notice.law}] = {
        notice.law, notice.edition, *notice.from, notice.text, notice.affects, {}, e_.seq()};
    return {};
}

Result<void> Fold::peer_asks_laws(const NoticeEntry& notice) {
    s_.laws_asked_by_[notice.peer] = {e_.seq(), e_.minute()};
    return {};
}

} // namespace valise::logbook
