// SPDX-License-Identifier: Apache-2.0
#include "sim/stories.h"

#include "agreement/equivalence.h"
#include "sim/checks.h"
#include "sim/seeded_random.h"

#include <fmt/core.h>

#include <random>

namespace valise::testing {
namespace {

using logbook::ActKind;
using logbook::DispatchState;
using logbook::IncidentState;
using logbook::NoticeState;
using logbook::NoticeType;

class Stories {
public:
    explicit Stories(std::uint64_t seed)
        : random_(seed), terms_(read_terms("jpn-ukr.toml")), tokyo_("JPN", terms_),
          kyiv_("UKR", terms_) {
        tokyo_.pair_with(kyiv_);
        kyiv_.pair_with(tokyo_);
        people(tokyo_, tokyo_people_, "gokuhi", "kimitsu");
        people(kyiv_, kyiv_people_, "tsilkom-taiemno", "osoblyvoi-vazhlyvosti");
        arm(tokyo_);
        arm(kyiv_);
    }

    void step() {
        restart(tokyo_);
        restart(kyiv_);
        if (chance(3))
            weeks_pass();
        Side& side = chance(50) ? tokyo_ : kyiv_;
        People& own = &side == &tokyo_ ? tokyo_people_ : kyiv_people_;
        faults_ = true;
        try {
            switch (random_() % 8) {
            case 0:
                send_something(side, own);
                break;
            case 1:
                read_something(side, own);
                break;
            case 2:
                side.clock.at = side.clock.at.plus_seconds(static_cast<int>(random_() % 600));
                break;
            case 3:
                tell_something(side, own);
                break;
            case 4:
                go_on(side);
                break;
            default:
                (void)side.work(); // a lost message is no news
            }
        } catch (const Crash&) {
            side.crash();
        }
        faults_ = false;
        restart(tokyo_);
        restart(kyiv_);
        check();
    }

    // With a network that works again everything that was permitted comes to its end.
    void settle() {
        for (int round = 0; round < 24; ++round)
            for (Side* side : {&tokyo_, &kyiv_}) {
                (void)side->work();
                if (round < 20)
                    go_on(*side);
            }
        check();
        settled(tokyo_, kyiv_, permitted_[&tokyo_]);
        settled(kyiv_, tokyo_, permitted_[&kyiv_]);
        told(tokyo_, kyiv_);
        told(kyiv_, tokyo_);
        proven(tokyo_);
        proven(kyiv_);
    }

    std::size_t events() const {
        return tokyo_.registry->state().next_seq() + kyiv_.registry->state().next_seq();
    }

    std::size_t notices() const {
        return tokyo_.registry->state().notices().size() + kyiv_.registry->state().notices().size();
    }

private:
    struct People {
        Someone originator{"O"}, first{"A"}, second{"B"}, reader{"R"};
    };

    bool chance(unsigned percent) { return random_() % 100 < percent; }

    void people(Side& side, People& people, const std::string& link, const std::string& top) {
        const Time later = side.clock.at.plus_days(300);
        for (Someone* who : {&people.originator, &people.first, &people.second, &people.reader}) {
            side.enrol(*who);
            side.clear(*who, top, later);
        }
        side.appoint(people.originator, "originator");
        side.appoint(people.first, "releasing-authority");
        side.appoint(people.second, "releasing-authority");
        side.appoint(people.reader, "reader");
        side.brief(people.reader);
        side.accredit(link);
        level_[&side] = link;
    }

    void arm(Side& side) {
        side.journal.crash_before = [this] { return faults_ && chance(2); };
        side.journal.crash_after = [this] { return faults_ && chance(2); };
        side.carrier = std::make_unique<DirectCarrier>([this, &side](ByteView request) -> Bytes {
            if (!side.peer->registry)
                return {};
            try {
                if (faults_ && chance(5) && !delayed_.empty()) { // an old request comes late
                    const Bytes old = delayed_[random_() % delayed_.size()];
                    (void)side.peer->registry->answer_peer(old, side.registry->key_list().tls);
                }
                if (faults_ && delayed_.size() < 64)
                    delayed_.push_back(to_bytes(request));
                return side.peer->registry->answer_peer(request, side.registry->key_list().tls);
            } catch (const Crash&) {
                side.peer->crash();
                return {};
            }
        });
        side.carrier->fate = [this] {
            using enum DirectCarrier::Fate;
            const unsigned roll = static_cast<unsigned>(random_() % 100);
            if (!faults_ || roll >= 24)
                return deliver;
            return roll < 8 ? lose_request : roll < 16 ? lose_answer : deliver_twice;
        };
    }

    void restart(Side& side) {
        if (side.registry)
            return;
        if (chance(30)) // the whole machine went down
            side.restart_keys();
        side.start();
    }

    void send_something(Side& side, People& own) {
        const std::string to = &side == &tokyo_ ? "UKR" : "JPN";
        Bytes document(random_() % 3000 + (chance(10) ? (2U << 20) : 0U));
        const ItemId item =
            side.enter(own.originator, document, level_[&side], side.terms.purposes().front().code);
        side.approve(own.first, item, to);
        side.approve(own.second, item, to);
        if (side.dispatch(side.control_officer, item, to).decision.permitted())
            ++permitted_[&side];
    }

    void read_something(Side& side, People& own) {
        const auto state = side.registry->state();
        for (const auto& [id, dispatch] : state.dispatches()) {
            if (dispatch.direction != logbook::Direction::in ||
                dispatch.state != DispatchState::marked)
                continue;
            const std::string purpose = state.item(dispatch.item)->purpose;
            side.grant(own.reader, dispatch.item, purpose, side.clock.at.plus_days(10));
            if (!side.read(own.reader, dispatch.item, purpose))
                return;
            (void)side.try_act(
                own.reader, ActKind::contents_receipt,
                {{"dispatch", id.text()}, {"item", dispatch.item.text()}, {"finding", "in-order"}});
            return;
        }
    }

    // Far enough for a tracer; links are accredited anew meanwhile.
    void weeks_pass() {
        for (Side* side : {&tokyo_, &kyiv_}) {
            side->clock.at = side->clock.at.plus_days(22);
            side->accredit(level_[side]);
        }
    }

    // Something that the other party has to know: another class, an overdue receipt, an incident.
    void tell_something(Side& side, People& own) {
        const auto state = side.registry->state();
        if (state.dispatches().empty())
            return;
        auto chosen = state.dispatches().begin();
        std::advance(chosen, static_cast<std::ptrdiff_t>(random_() % state.dispatches().size()));
        const auto& [id, dispatch] = *chosen;
        const auto* item = state.item(dispatch.item);
        if (item == nullptr)
            return;
        if (dispatch.direction == logbook::Direction::in) {
            (void)side.try_act(own.reader, ActKind::report_incident,
                               {{"item", item->id.text()}, {"what", "suspected"}});
        } else if (chance(50)) {
            const std::string low = side.party == "JPN" ? "hi" : "taiemno";
            (void)side.try_act(own.first, ActKind::change_class,
                               {{"item", item->id.text()},
                                {"level", item->level == low ? level_[&side] : low},
                                {"reason", "as it is now"}});
        } else {
            (void)side.try_act(side.control_officer, ActKind::trace, {{"dispatch", id.text()}});
        }
    }

    // The officer does whatever is possible: marks anew, acknowledges, carries incidents on.
    void go_on(Side& side) {
        const auto state = side.registry->state();
        const auto act = [&](ActKind kind, Json content) {
            (void)side.try_act(side.control_officer, kind, std::move(content));
        };
        for (const auto& [id, item] : state.items()) {
            const auto* row = item.change.empty()
                                  ? nullptr
                                  : agreement::find_equivalence(side.terms, item.origin, item.level,
                                                                side.party, side.clock.at);
            if (row != nullptr)
                act(ActKind::remark, {{"item", id.text()}, {"level", row->to_levels.front()}});
        }
        for (const auto& [id, notice] : state.notices())
            if (notice.state == NoticeState::received && notice.type != NoticeType::acknowledge)
                act(ActKind::acknowledge, {{"notice", id.text()}});
        for (const auto& [id, incident] : state.incidents()) {
            const auto kind = incident.state == IncidentState::frozen ? ActKind::investigate
                              : incident.state == IncidentState::investigated
                                  ? ActKind::report
                                  : ActKind::close_incident;
            if (incident.ours && incident.state != IncidentState::closed)
                act(kind, {{"incident", id.text()}, {"note", "what was seen"}});
        }
    }

    void check() {
        for (Side* side : {&tokyo_, &kyiv_}) {
            one_history(*side);
            same_notices(*side, *side->peer);
        }
    }

    std::mt19937_64 random_;
    Bytes terms_;
    Side tokyo_;
    Side kyiv_;
    People tokyo_people_;
    People kyiv_people_;
    std::map<Side*, std::string> level_;
    std::map<Side*, std::size_t> permitted_;
    std::vector<Bytes> delayed_;
    bool faults_ = false;
};

} // namespace

int tell_stories(std::uint64_t from, std::uint64_t seeds, int steps) {
    for (std::uint64_t seed = from; seed < from + seeds; ++seed) {
        int step = 0;
        try {
            seed_all_randomness(seed);
            Stories world(seed);
            for (; step < steps; ++step)
                world.step();
            world.settle();
            fmt::print("seed {}: {} steps, {} events, {} notices, every invariant held\n", seed,
                       steps, world.events(), world.notices());
        } catch (const Broken& broken) {
            fmt::print("seed {} step {}: BROKEN: {}\n", seed, step, broken.invariant);
            return 1;
        } catch (const std::exception& error) {
            fmt::print("seed {} step {}: BROKEN: {}\n", seed, step, error.what());
            return 1;
        }
    }
    return 0;
}

} // namespace valise::testing
