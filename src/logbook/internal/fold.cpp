// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/fold.h"

#include "logbook/internal/event_rules.h"

#include <fmt/format.h>

#include <charconv>

namespace valise::logbook {

std::unexpected<Error> unknown_id(const std::string& what) {
    return fail(Code::conflict, "logbook.unknown", what + " is not known");
}

std::unexpected<Error> known_id(const std::string& what) {
    return fail(Code::conflict, "logbook.known", what + " is known already");
}

Result<void> Fold::apply() {
    TRY(check_frame());
    TRY(take_permit());
    switch (e_.stage()) {
    case Stage::permitted:
        TRY(permitted());
        break;
    case Stage::done:
        TRY(done());
        break;
    case Stage::failed:
        TRY(failed());
        break;
    case Stage::refused:
        break;
    }
    finish();
    return {};
}

Result<void> Fold::check_frame() const {
    if (e_.seq() != s_.next_seq_)
        return fail(Code::conflict, "logbook.sequence",
                    fmt::format("event {} where {} is next", e_.seq(), s_.next_seq_));
    if (e_.minute() < s_.last_minute_)
        return fail(Code::conflict, "logbook.time_backwards",
                    fmt::format("event {} is older than the one before", e_.seq()));
    if (!s_.founded() && e_.kind() != ActKind::found)
        return fail(Code::conflict, "logbook.not_founded", "the first act founds the registry");
    if (s_.founded() && e_.kind() == ActKind::found && e_.stage() != Stage::refused)
        return known_id("the registry");
    return {};
}

Result<void> Fold::take_permit() {
    facts_ = e_.facts();
    if (!e_.permit())
        return {};
    const auto found = std::as_const(s_.permits_).find(*e_.permit());
    if (found == s_.permits_.end() || found->second.kind != e_.kind() ||
        found->second.ids != e_.ids())
        return fail(Code::conflict, "logbook.permit",
                    fmt::format("event {} names no open permit of its own", e_.seq()));
    permit_ = &found->second;
    for (const auto& [name, value] : permit_->facts) {
        const auto [at, added] = facts_.emplace(name, value);
        if (!added && at->second != value)
            return fail(Code::conflict, "logbook.fact_changed",
                        "facts." + name + " is not what was permitted");
    }
    return internal::check_facts(e_.kind(), facts_, e_.stage(), true);
}

Result<void> Fold::permitted() {
    switch (e_.kind()) {
    case ActKind::found:
        return {};
    case ActKind::pair:
        return pair();
    case ActKind::enrol:
        return enrol();
    case ActKind::appoint:
        return appoint();
    case ActKind::clear:
        return clear();
    case ActKind::grant:
        return grant();
    case ActKind::accredit:
        return accredit();
    case ActKind::enter:
        TRY(reserve_entry());
        spend_number();
        return {};
    case ActKind::approve_release:
        return approve_release();
    case ActKind::dispatch:
        return permit_dispatch();
    case ActKind::arrive:
        return offer();
    case ActKind::custody_receipt:
        return custody_receipt(false);
    case ActKind::remark:
        return remark(false);
    case ActKind::open:
        return possible_open();
    case ActKind::contents_receipt:
        return contents_receipt(false);
    case ActKind::close:
        return close();
    case ActKind::revoke:
        return revoke();
    case ActKind::container:
        return container();
    case ActKind::store:
        return store();
    case ActKind::copy:
        return reproduce();
    case ActKind::issue:
        return issue();
    case ActKind::take_back:
        return take_back();
    case ActKind::witness_destruction:
        return witness_destruction();
    case ActKind::destroy:
        return permit_destruction();
    case ActKind::certify_destruction:
        return certify_destruction();
    case ActKind::review_purpose:
        return review_purpose();
    case ActKind::export_copy:
        return permit_export();
    case ActKind::print:
        return permit_print();
    case ActKind::begin_muster:
        return begin_muster();
    case ActKind::count:
        return count();
    case ActKind::close_muster:
        return close_muster();
    case ActKind::adopt_terms:
        return adopt_terms();
    case ActKind::put_in_force:
        return put_in_force();
    case ActKind::terminate:
        return terminate();
    case ActKind::ask_laws:
        return ask_laws();
    case ActKind::law:
        return law();
    case ActKind::correct:
        return correct();
    case ActKind::cancel:
        return cancel();
    case ActKind::brief:
        return brief();
    case ActKind::debrief:
        return debrief();
    case ActKind::transfer:
        return transfer();
    case ActKind::ask_release:
        return ask_release();
    case ActKind::refuse_release:
        return refuse_release();
    case ActKind::facility:
        return facility();
    case ActKind::absence:
        return absence();
    case ActKind::assure:
        return assure();
    case ActKind::record_assurance:
        return record_assurance();
    case ActKind::hand_over:
        return hand_over();
    case ActKind::take_delivery:
        return take_delivery();
    case ActKind::consent:
        return consent();
    case ActKind::withdraw:
        return withdraw();
    case ActKind::give_notice:
        return give_notice();
    case ActKind::take_notice:
        break; // recorded as done, never merely permitted
    case ActKind::trace:
        return trace();
    case ActKind::change_class:
        return change_class();
    case ActKind::acknowledge:
        return acknowledge();
    case ActKind::report_incident:
        return report_incident();
    case ActKind::investigate:
        return investigate();
    case ActKind::report:
        return report();
    case ActKind::close_incident:
        return close_incident();
    case ActKind::recover:
        return recover(false);
    case ActKind::reconcile:
        return reconcile();
    case ActKind::countersign:
        return countersign();
    case ActKind::permit_opening:
        return permit_opening();
    case ActKind::recall:
        return recall();
    case ActKind::answer_recall:
        return answer_recall();
    case ActKind::narrow:
        return narrow();
    case ActKind::shred:
        return permit_shredding();
    case ActKind::passkey:
        return passkey();
    }
    return fail(Code::internal, "logbook.skeleton", "kind");
}

Result<void> Fold::done() {
    switch (e_.kind()) {
    case ActKind::found:
        return found();
    case ActKind::enter:
        return enter();
    case ActKind::dispatch:
        return send();
    case ActKind::arrive:
        return arrive();
    case ActKind::custody_receipt:
        return custody_receipt(true);
    case ActKind::remark:
        return remark(true);
    case ActKind::open:
        return open();
    case ActKind::contents_receipt:
        return contents_receipt(true);
    case ActKind::destroy:
        return destroyed();
    case ActKind::export_copy:
        return exported();
    case ActKind::print:
        return printed();
    case ActKind::give_notice:
        return notice_ends(NoticeEvent::take);
    case ActKind::take_notice:
        return take_notice();
    case ActKind::permit_opening:
        return opening_permitted();
    case ActKind::recover:
        return recover(true);
    case ActKind::shred:
        return shredded();
    default: // Skeleton::make() admits no other kind on this stage
        return fail(Code::internal, "logbook.skeleton", "stage");
    }
}

Result<void> Fold::failed() {
    if (e_.kind() == ActKind::dispatch)
        return dispatch_failed();
    if (e_.kind() == ActKind::arrive)
        return arrival_failed();
    if (e_.kind() == ActKind::give_notice)
        return notice_ends(NoticeEvent::refuse);
    if (e_.kind() == ActKind::destroy)
        return destruction_failed();
    if (e_.kind() == ActKind::shred)
        return shredding_failed();
    return {};
}

void Fold::finish() {
    if (e_.stage() == Stage::permitted && has_outcome(e_.kind()))
        s_.permits_[e_.seq()] = {e_.seq(),    e_.kind(), e_.actor(),
                                 e_.minute(), e_.ids(),  e_.facts()};
    if (e_.permit())
        s_.permits_.erase(*e_.permit());
    if (e_.seq() == 0 || day_of(e_.minute()) != day_of(s_.last_minute_))
        s_.days_[~e_.seq()] = e_.minute();
    s_.next_seq_ = e_.seq() + 1;
    s_.last_minute_ = e_.minute();
}

std::string Fold::text_in(const TextMap& values, const char* name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
}

std::string Fold::id(const char* name) const {
    return text_in(e_.ids(), name);
}

bool Fold::fact_is_new(const char* name) const {
    return facts_.contains(name) && (permit_ == nullptr || !permit_->facts.contains(name));
}

Hash32 Fold::hash_fact(const char* name) const {
    Hash32 out{};
    const auto bytes = from_base64(fact(name));
    if (bytes && bytes->size() == out.size())
        std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

std::uint64_t Fold::number_fact(const char* name) const {
    const std::string text = fact(name);
    std::uint64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

PersonId Fold::person_fact(const char* name) const {
    return PersonId::parse(fact(name)).value_or(PersonId());
}

Time Fold::time_fact(const char* name) const {
    return Time::parse(fact(name)).value_or(Time());
}

std::optional<PersonId> Fold::actor() const {
    const auto person = PersonId::parse(permit_ != nullptr ? permit_->actor : e_.actor());
    return person ? std::optional<PersonId>(*person) : std::nullopt;
}

void Fold::move(Dispatch& dispatch, DispatchState to) {
    if (dispatch.state != to)
        dispatch.since = e_.minute();
    dispatch.state = to;
}

} // namespace valise::logbook
