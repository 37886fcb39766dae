// SPDX-License-Identifier: Apache-2.0
#include "sim/bond.h"

#include "vault/vault.h"

namespace valise::testing {

using logbook::ActKind;

namespace {

constexpr std::size_t kOverheard = 64;

agreement::Terms parsed(const Bytes& terms) {
    return agreement::Terms::parse(terms).value();
}

// The same agreement between others: the codes of both parties changed wherever they stand.
Bytes between(const std::string& file, const std::map<std::string, std::string>& parties) {
    std::string text = to_text(read_terms(file));
    for (const auto& [was, is] : parties)
        for (std::size_t at = 0; (at = text.find('"' + was + '"', at)) != std::string::npos;)
            text.replace(at, was.size() + 2, '"' + is + '"');
    return to_bytes(text);
}

} // namespace

std::vector<Bytes> ring_of_five() {
    return {read_terms("jpn-ukr.toml"), read_terms("ukr-nato.toml"),
            between("ukr-nato.toml", {{"UKR", "XAA"}}),
            between("jpn-ukr.toml", {{"JPN", "XBB"}, {"UKR", "XAA"}}),
            between("jpn-ukr.toml", {{"UKR", "XBB"}})};
}

Result<Bond::Spoil> Bond::parse_spoil(const std::string& name) {
    static const std::map<std::string, Spoil> kNames = {
        {"nothing", Spoil::nothing}, {"news", Spoil::news},     {"room", Spoil::room},
        {"history", Spoil::history}, {"memory", Spoil::memory}, {"number", Spoil::number},
        {"link", Spoil::link}};
    const auto found = kNames.find(name);
    return found == kNames.end() ? fail(Code::invalid, "sim.spoil", name)
                                 : Result<Spoil>(found->second);
}

Bond::Bond(const Bytes& terms, Random& random, Spoil spoil)
    : random_(random), spoil_(spoil), first_(parsed(terms).parties().front().code, terms),
      second_(parsed(terms).parties().back().code, terms), base_(first_.side.clock.at) {
    first_.side.pair_with(second_.side);
    second_.side.pair_with(first_.side);
    staff(first_);
    staff(second_);
    arm(first_);
    arm(second_);
}

void Bond::staff(One& one) {
    Side& side = one.side;
    for (const auto& row : side.terms.equivalences())
        if (row.from_party == side.party) {
            one.low = one.low.empty() ? row.from_level : one.low;
            one.level = row.from_level == one.top ? one.level : one.top;
            one.top = row.from_level;
        }
    one.level = one.level.empty() ? one.top : one.level;
    one.top = side.terms.scheme(side.party)->levels.back().code;
    const Time later = side.clock.at.plus_days(900);
    Staff& staff = one.staff;
    for (Someone* who : {&staff.originator, &staff.first, &staff.second, &staff.reader}) {
        side.enrol(*who);
        side.clear(*who, one.top, later);
    }
    side.clear(side.control_officer, one.top, later);
    side.appoint(staff.originator, "originator");
    side.appoint(staff.first, "releasing-authority");
    side.appoint(staff.second, "releasing-authority");
    side.appoint(staff.reader, "reader");
    side.brief(staff.reader);
    side.accredit(one.top);
}

void Bond::arm(One& one) {
    Side& side = one.side;
    side.journal.crash_before = [this] { return faults_ && random_.chance(2); };
    side.journal.crash_after = [this] { return faults_ && random_.chance(2); };
    const auto full = [this] {
        const bool now = faults_ && random_.below(150) == 0;
        full_hit_ = full_hit_ || now;
        if (now)
            told("full disk");
        return now;
    };
    side.journal.full = full;
    side.blobs.full = full;
    const auto fate = [this] {
        using enum DirectCarrier::Fate;
        const std::size_t roll = random_.below(100);
        if (!faults_ || roll >= 24)
            return deliver;
        return roll < 8 ? lose_request : roll < 16 ? lose_answer : deliver_twice;
    };
    const auto carrier = [&] {
        auto made = std::make_unique<DirectCarrier>(
            [this, &side](ByteView request) { return serve(side, request); });
        made->fate = fate;
        return made;
    };
    side.carrier = carrier();
    side.live.inner = carrier();
}

Bytes Bond::serve(Side& from, ByteView request) {
    Side& to = *from.peer;
    if (!to.registry || spoil_ == Spoil::link)
        return {};
    const Hash32 tls = from.registry->key_list().tls;
    try {
        if (faults_ && random_.chance(5) && !requests_.empty()) { // an old request comes late
            const Bytes old = random_.any(requests_);
            (void)to.registry->answer_peer(old, tls);
        }
        if (faults_ && requests_.size() < kOverheard)
            requests_.push_back(to_bytes(request));
        Bytes answer = to.registry->answer_peer(request, tls);
        if (faults_ && random_.chance(4))
            return lie(request, std::move(answer));
        if (faults_ && answers_.size() < kOverheard)
            answers_.push_back(answer);
        return answer;
    } catch (const Crash&) {
        to.crash();
        return {};
    }
}

void Bond::restart(One& one) {
    if (one.side.journal.failed()) // the daemon ends over such a journal
        one.side.crash();
    if (one.side.registry)
        return;
    told("crash");
    if (random_.chance(30)) { // the whole machine went down
        tear(one);
        one.side.restart_keys();
    }
    one.side.start();
}

void Bond::set_clocks() {
    for (One* one : {&first_, &second_}) {
        if (random_.chance(5)) {
            // A key process signs nothing that is dated more than a day ahead of its own clock.
            constexpr std::uint32_t kHours = 11 * 3'600;
            one->skew = static_cast<std::int64_t>(random_.from_to(0, 2 * kHours)) - kHours;
            told("wrong clock");
        }
        one->side.clock.at.seconds = base_.seconds + one->skew;
    }
}

void Bond::step() {
    for (One* one : {&first_, &second_})
        restart(*one);
    if (random_.chance(3))
        weeks_pass();
    base_ = base_.plus_seconds(random_.from_to(0, 400));
    set_clocks();
    One& one = random_.chance(50) ? first_ : second_;
    faults_ = true;
    full_hit_ = false;
    attempt(one);
    faults_ = false;
    for (One* each : {&first_, &second_})
        restart(*each);
    if (random_.chance(3))
        back_up(one);
    if (random_.chance(2) && one.backup)
        restore(one);
    check();
}

void Bond::attempt(One& one) {
    try {
        something(one);
    } catch (const Crash&) {
        one.side.crash();
    } catch (const Broken&) {
        throw;
    } catch (const std::exception&) {
        if (!full_hit_)
            throw; // nothing else that a person does may fail for no reason
    }
}

void Bond::check() {
    for (One* one : {&first_, &second_}) {
        one_history(one->side);
        if (!restored_) {
            arrivals_were_sent(one->side);
            same_notices(one->side, *one->side.peer);
        }
        const auto state = one->side.registry->state();
        for (const auto& [id, item] : state.items()) {
            const auto [at, fresh] = one->numbers.try_emplace(item.number, id);
            if (spoil_ == Spoil::number)
                at->second = ItemId();
            require(at->second == id, one->side.party + ": a register number is given once");
        }
    }
}

// A document there and back, whatever was lost before.
void Bond::sends(One& from) {
    std::set<DispatchId> before;
    const auto there = other(from).side.registry->state();
    for (const auto& [id, dispatch] : there.dispatches())
        before.insert(id);
    accredit(from);
    accredit(other(from));
    const std::size_t permitted = from.permitted;
    send_something(from);
    require(from.permitted == permitted + 1, from.side.party + ": documents are released again");
    for (int round = 0; round < 8; ++round)
        for (One* one : {&from, &other(from)})
            (void)one->side.work();
    const auto after = other(from).side.registry->state();
    std::size_t arrived = 0;
    for (const auto& [id, dispatch] : after.dispatches())
        arrived += dispatch.direction == logbook::Direction::in && !before.contains(id) &&
                   dispatch.state != logbook::DispatchState::offered;
    require(arrived > 0, from.side.party + ": documents arrive again");
}

void Bond::settle() {
    for (One* one : {&first_, &second_}) {
        restart(*one);
        one->skew = 0;
    }
    base_ = std::max(first_.side.registry->now(), second_.side.registry->now());
    set_clocks();
    for (One* one : {&first_, &second_})
        one->side.clock.at = base_;
    for (int round = 0; round < 24; ++round)
        for (One* one : {&first_, &second_}) {
            (void)one->side.work();
            if (round < 20) {
                carry_packages(*one);
                go_on(*one);
            }
        }
    check();
    if (!restored_)
        for (One* one : {&first_, &second_}) {
            const auto worked = one->side.work();
            settled(one->side, *one->side.peer, one->permitted, lied_);
            told("settled book");
            if (!lied_.empty() || lied_of_a_notice_)
                continue;
            testing::told(one->side, *one->side.peer);
            told("settled notices");
            require(worked.has_value(), one->side.party + ": the work comes to its end: " +
                                            (worked ? std::string() : worked.error().text()));
        }
    for (One* one : {&first_, &second_})
        sends(*one);
    check();
    for (One* one : {&first_, &second_})
        proven(one->side);
}

void Bond::years_later() {
    base_ = base_.plus_days(6 * 366);
    for (One* one : {&first_, &second_}) {
        one->side.clock.at = base_;
        std::string clears;
        const auto events = one->side.registry->skeletons(0, 40);
        for (const auto& event : *events)
            if (event.kind() == ActKind::clear && event.stage() == logbook::Stage::permitted)
                clears += (clears.empty() ? "" : ",") + std::to_string(event.seq());
        const auto answer = one->side.try_act(one->side.control_officer, ActKind::shred,
                                              {{"of", "clear"},
                                               {"events", clears},
                                               {"basis", "retention-ended"},
                                               {"reference", "rule 12"}});
        if (answer && answer->decision.permitted())
            told("shredding");
    }
    check();
    for (One* one : {&first_, &second_})
        proven(one->side);
}

std::size_t Bond::events() const {
    return first_.side.registry->state().next_seq() + second_.side.registry->state().next_seq();
}

} // namespace valise::testing
