// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"
#include "tlog/tree.h"
#include "two_registries/side.h"
#include "vault/vault_state.h"
#include "verifying/evidence.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <random>

// The two-party simulator: a seed decides what persons do, what the network loses, doubles and
// delays, and where a process dies; after every step the checker looks at both whole states.
namespace valise::testing {
namespace {

using logbook::ActKind;
using logbook::DispatchState;

struct Broken {
    std::string invariant;
};

void require(bool held, const std::string& invariant) {
    if (!held)
        throw Broken{invariant};
}

class World {
public:
    explicit World(std::uint64_t seed)
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
        Side& side = chance(50) ? tokyo_ : kyiv_;
        People& own = &side == &tokyo_ ? tokyo_people_ : kyiv_people_;
        faults_ = true;
        try {
            switch (random_() % 6) {
            case 0:
                send_something(side, own);
                break;
            case 1:
                read_something(side, own);
                break;
            case 2:
                side.clock.at = side.clock.at.plus_seconds(static_cast<int>(random_() % 600));
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
        for (int round = 0; round < 6; ++round)
            for (Side* side : {&tokyo_, &kyiv_})
                (void)side->work();
        check();
        settled(tokyo_, kyiv_);
        settled(kyiv_, tokyo_);
        proven(tokyo_);
        proven(kyiv_);
    }

    std::size_t events() const {
        return tokyo_.registry->state().next_seq() + kyiv_.registry->state().next_seq();
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

    void check() {
        check_side(tokyo_);
        check_side(kyiv_);
    }

    // The log that the rows give, the state that the skeletons give, and what was signed and
    // cosigned of it: one history.
    void check_side(Side& side) {
        logbook::State folded;
        tlog::MemoryTree tree;
        const auto events = side.journal.events(0, 1 << 20);
        for (const auto& event : *events) {
            const auto skeleton = logbook::Skeleton::parse(event.skeleton);
            require(skeleton && folded.apply(*skeleton), side.party + ": the book folds");
        }
        const auto leaves = side.journal.leaves(registry::LogName::private_log, 0, 1 << 20);
        require(leaves->size() == events->size(), side.party + ": a leaf for each event");
        for (const auto& leaf : *leaves)
            tree.append(crypto::leaf_hash(leaf.leaf));
        require(folded == side.registry->state(), side.party + ": state is the fold");
        const auto check_log = [&](registry::LogName log, const tlog::MemoryTree& all,
                                   const std::string& origin) {
            const std::string note = side.registry->checkpoint(log);
            if (!note.empty()) {
                const auto signed_tree = tlog::SignedCheckpoint::parse(view(note));
                require(signed_tree.has_value(), side.party + ": the checkpoint is a checkpoint");
                const auto root = all.root_at(signed_tree->claimed_size());
                require(root && note.find(to_base64(*root)) != std::string::npos,
                        side.party + ": what was signed is a prefix of the log");
            }
            const auto cosigned = witnessed(*side.peer, origin);
            const auto root = all.root_at(cosigned.size);
            require(cosigned.size == 0 || (root && *root == cosigned.root),
                    side.party + ": the peer cosigned a prefix of the log");
        };
        check_log(registry::LogName::private_log, tree,
                  side.registry->key_list().private_log.origin);
        tlog::MemoryTree shared;
        const auto shared_leaves = side.journal.leaves(registry::LogName::shared_log, 0, 1 << 20);
        for (const auto& leaf : *shared_leaves)
            shared.append(crypto::leaf_hash(leaf.leaf));
        check_log(registry::LogName::shared_log, shared,
                  side.registry->key_list().shared_log.origin);
        for (const auto& [id, dispatch] : folded.dispatches())
            if (dispatch.direction == logbook::Direction::in &&
                dispatch.state != DispatchState::offered)
                require(side.peer->registry->state().dispatch(id) != nullptr,
                        side.party + ": nothing arrives that was not dispatched");
    }

    static tlog::WitnessState witnessed(Side& witness, const std::string& origin) {
        return witness.keys->witnessed(origin);
    }

    void settled(Side& from, Side& to) {
        std::size_t out = 0;
        const auto sent = from.registry->state();
        for (const auto& [id, dispatch] : sent.dispatches()) {
            if (dispatch.direction != logbook::Direction::out)
                continue;
            ++out;
            const auto state = to.registry->state();
            const auto* there = state.dispatch(id);
            require(there != nullptr && there->direction == logbook::Direction::in,
                    from.party + ": every permitted dispatch arrives");
            require(dispatch.state != DispatchState::permitted,
                    from.party + ": every arrival is receipted");
            std::size_t items = 0;
            for (const auto& [item_id, item] : state.items())
                items += item.dispatch == id ? 1 : 0;
            require(items == 1, from.party + ": a dispatch arrives exactly once");
        }
        require(out >= permitted_[&from], from.party + ": no permitted dispatch is forgotten");
    }

    // Whatever happened in between, an outsider decides every event again and comes to the same.
    static void proven(Side& side) {
        const auto evidence = side.registry->export_evidence();
        require(evidence.has_value(), side.party + ": the evidence can be exported");
        const auto report = verifying::check_evidence(*evidence);
        require(report.verified(),
                side.party + ": the evidence holds" +
                    (report.found ? " at " + report.found->place + ": " + report.found->text
                                  : std::string()));
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

int run(std::uint64_t from, std::uint64_t seeds, int steps) {
    for (std::uint64_t seed = from; seed < from + seeds; ++seed) {
        int step = 0;
        try {
            World world(seed);
            for (; step < steps; ++step)
                world.step();
            world.settle();
            fmt::print("seed {}: {} steps, {} events, every invariant held\n", seed, steps,
                       world.events());
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

} // namespace
} // namespace valise::testing

int main(int argc, char** argv) {
    CLI::App app(
        "Two registries under a seed: loses, doubles, delays, reorders, restarts, crashes");
    std::uint64_t seeds = 10;
    std::uint64_t from = 1;
    int steps = 40;
    app.add_option("--seeds", seeds, "how many seeds")->check(CLI::Range(1ULL, 1'000'000'000ULL));
    app.add_option("--from", from, "the first seed");
    app.add_option("--steps", steps, "steps in each seed")->check(CLI::Range(1, 100000));
    CLI11_PARSE(app, argc, argv);
    return valise::testing::run(from, seeds, steps);
}
