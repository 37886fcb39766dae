// SPDX-License-Identifier: Apache-2.0
#include "vault/book.h"

#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"

#include <charconv>

namespace valise::vault {

using logbook::ActKind;
using logbook::Stage;

Error event_refused(const audit::Fault& fault) {
    return Error(Code::refused, "vault.event",
                 printable(fault.place + ": " + fault.text + " (" + fault.reason + ")", 400));
}

// Nobody's act founds a registry, so its officers are held to those of the keystore.
Result<void> Book::check_founders(const audit::Record& record) const {
    const auto is_key_of = [&](const Founder& founder) {
        return record.skeleton.fact("key") == to_base64(founder.key);
    };
    if ((record.index == 1 && !is_key_of(founders_.control_officer)) ||
        (record.index == 3 && !is_key_of(founders_.clearance_officer)))
        return fail(event_refused({record.place("skeleton, facts.key"), "vault.founders",
                                   "not the officer whom the registry was created with"}));
    return {};
}

Result<void> Book::take(const audit::Record& record) {
    TRY(check_founders(record));
    if (const auto taken = replay_.take(record); !taken)
        return fail(event_refused(taken.error()));
    tree_.append(crypto::leaf_hash(record.leaf.bytes()));
    remember(record);
    return {};
}

void Book::remember(const audit::Record& record) {
    const auto& skeleton = record.skeleton;
    if (skeleton.stage() == Stage::permitted && record.signed_act) {
        const auto release = ReleaseId::parse(skeleton.id("release"));
        const auto person = PersonId::parse(skeleton.actor());
        if (skeleton.kind() == ActKind::approve_release && release && person)
            approvals_[{*release, *person}] = record.signed_act->bytes();
        if (skeleton.kind() == ActKind::recover)
            recoveries_.emplace(record.index, *record.signed_act);
        if (skeleton.kind() == ActKind::open || skeleton.kind() == ActKind::print)
            readings_.emplace(record.index, *record.signed_act);
    }
    if (skeleton.stage() == Stage::permitted && skeleton.kind() == ActKind::export_copy &&
        record.attested)
        exports_.emplace(record.index, *record.attested);
    if (skeleton.kind() == ActKind::permit_opening && record.attested)
        remember_opening(record);
    if (skeleton.kind() == ActKind::enrol && record.act() != nullptr)
        if (const auto person = PersonId::parse(skeleton.id("person")))
            names_[*person] = record.act()->optional_field("name").value_or("");
    if (skeleton.permit()) {
        recoveries_.erase(*skeleton.permit());
        grantings_.erase(*skeleton.permit());
        answers_.erase(*skeleton.permit());
        readings_.erase(*skeleton.permit());
        exports_.erase(*skeleton.permit());
    }
    if (skeleton.stage() != Stage::done)
        return;
    const auto dispatch = DispatchId::parse(skeleton.id("dispatch"));
    if (skeleton.kind() == ActKind::arrive && dispatch)
        arrivals_[*dispatch] = record.index;
    if (skeleton.kind() == ActKind::dispatch)
        forget_dispatched(skeleton);
}

// Replay has held both against their signatures.
void Book::remember_opening(const audit::Record& record) {
    if (record.skeleton.stage() == Stage::permitted)
        grantings_.emplace(record.index, *record.attested);
    const Bytes* bytes = record.opening.find("answer");
    if (record.skeleton.stage() != Stage::done || bytes == nullptr)
        return;
    const std::string number = record.skeleton.fact("opening");
    std::uint64_t opening = 0;
    std::from_chars(number.data(), number.data() + number.size(), opening);
    if (auto answer = logbook::OpeningAnswer::parse(*bytes))
        answers_.insert_or_assign(opening, AnsweredOpening{record.index, std::move(*answer)});
}

// A release is used once; asked for anew, it is approved anew.
void Book::forget_dispatched(const logbook::Skeleton& skeleton) {
    const auto release = ReleaseId::parse(skeleton.id("release"));
    std::erase_if(approvals_,
                  [&](const auto& entry) { return release && entry.first.first == *release; });
}

namespace {

//= O-35
envelope::Package package_of(const logbook::Dispatch& dispatch, const logbook::Item& item,
                             const logbook::CopyHolding& copy) {
    return {.form = std::string(to_string(copy.form)),
            .pages = copy.pages,
            .sheets = item.sheets,
            .copy = copy.number,
            .seals = dispatch.seals,
            .returns = dispatch.returns.empty() ? std::string() : dispatch.returns.text()};
}

} // namespace

Result<OpenDispatch> Book::open_dispatch(const DispatchId& id) const {
    const auto refused = [](const char* reason, const char* text) {
        return fail(Code::refused, reason, text);
    };
    for (const auto& [seq, permit] : state().open_permits()) {
        if (permit.kind != ActKind::dispatch || permit.ids.at("dispatch") != id.text())
            continue;
        const logbook::Dispatch* dispatch = state().dispatch(id);
        const auto* item = dispatch == nullptr ? nullptr : state().item(dispatch->item);
        const auto* release = dispatch == nullptr ? nullptr : state().release(dispatch->release);
        if (item == nullptr || release == nullptr)
            return refused("vault.dispatch", "a dispatch without its item or release");
        OpenDispatch out{seq,
                         *item,
                         permit.facts.at("recipient"),
                         permit.facts.at("level"),
                         {},
                         permit.facts.contains("control"),
                         {}};
        if (const auto* copy = state().copy(dispatch->copy); dispatch->package() && copy != nullptr)
            out.package = package_of(*dispatch, *item, *copy);
        for (const PersonId& person : release->approvals) {
            const auto act = approvals_.find({release->id, person});
            if (act == approvals_.end())
                return refused("vault.release", "the signed act of an approval is not held");
            out.approvals.push_back(act->second);
        }
        return out;
    }
    return refused("vault.dispatch", "no permitted dispatch that is not yet sent");
}

Result<logbook::SignedAct> Book::open_reading(std::uint64_t permit) const {
    const auto found = readings_.find(permit);
    if (found == readings_.end() || !state().open_permits().contains(permit))
        return fail(Code::refused, "vault.reader",
                    "no open permit to read with the reader's own signed act");
    return found->second;
}

Result<logbook::SignedAct> Book::open_recovery(std::uint64_t permit) const {
    const auto found = recoveries_.find(permit);
    if (found == recoveries_.end() || !state().open_permits().contains(permit))
        return fail(Code::refused, "vault.recovery",
                    "no open permit to recover with an officer's own signed act");
    return found->second;
}

Result<logbook::Act> Book::open_export(std::uint64_t permit) const {
    const auto found = exports_.find(permit);
    if (found == exports_.end() || !state().open_permits().contains(permit))
        return fail(Code::refused, "vault.reader", "no open permit of an attested export");
    return found->second;
}

Result<Book::Reading> Book::open_permit(std::uint64_t permit) const {
    const bool client = exports_.contains(permit);
    TRY_ASSIGN(
        auto act, client ? open_export(permit) : [&]() -> Result<logbook::Act> {
            TRY_ASSIGN(const auto reading, open_reading(permit));
            return reading.act();
        }());
    const auto reader = state().open_permits().at(permit).reader();
    if (!reader)
        return fail(Code::refused, "vault.reader", "nobody is named who reads");
    return Reading{std::move(act), *reader, client};
}

Result<Granting> Book::open_granting(std::uint64_t permit) const {
    const auto found = grantings_.find(permit);
    if (found == grantings_.end() || !state().open_permits().contains(permit))
        return fail(Code::refused, "vault.granting", "no open permit of an opening by the peer");
    return Granting{found->second};
}

std::string Book::name_of(const PersonId& person) const {
    for (const Founder* founder : {&founders_.control_officer, &founders_.clearance_officer})
        if (person == PersonId::of(crypto::sha256(founder->key)))
            return founder->name;
    const auto found = names_.find(person);
    return found == names_.end() ? std::string() : found->second;
}

const AnsweredOpening* Book::answer_of(std::uint64_t permit) const {
    const auto found = answers_.find(permit);
    return found == answers_.end() ? nullptr : &found->second;
}

Result<std::uint64_t> Book::arrival(const DispatchId& id) const {
    const auto found = arrivals_.find(id);
    if (found == arrivals_.end())
        return fail(Code::refused, "vault.receipt", "nothing arrived by this dispatch");
    return found->second;
}

} // namespace valise::vault
