// SPDX-License-Identifier: Apache-2.0
#include "sim/random_acts.h"

#include "sim/acts.h"
#include "sim/faces.h"
#include "sim/invariants.h"
#include "sim/seeded_random.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace valise::testing {
namespace {

using logbook::ActKind;

// How often somebody tries what, beside what nobody but a registry may say.
constexpr std::pair<ActKind, unsigned> kOften[] = {
    {ActKind::clear, 3},
    {ActKind::grant, 8},
    {ActKind::accredit, 3},
    {ActKind::enter, 6},
    {ActKind::approve_release, 8},
    {ActKind::dispatch, 5},
    {ActKind::hand_over, 3},
    {ActKind::take_delivery, 3},
    {ActKind::remark, 4},
    {ActKind::open, 6},
    {ActKind::export_copy, 4},
    {ActKind::print, 4},
    {ActKind::contents_receipt, 3},
    {ActKind::store, 3},
    {ActKind::copy, 3},
    {ActKind::issue, 5},
    {ActKind::take_back, 3},
    {ActKind::witness_destruction, 5},
    {ActKind::destroy, 4},
    {ActKind::certify_destruction, 4},
    {ActKind::brief, 3},
    {ActKind::count, 3},
    {ActKind::change_class, 3},
    {ActKind::acknowledge, 3},
    {ActKind::transfer, 2},
    {ActKind::investigate, 2},
    {ActKind::report, 2},
    {ActKind::close_incident, 3},
    {ActKind::trace, 2},
    {ActKind::adopt_terms, 3},
};

std::string switched_off() {
    const char* const clause = std::getenv("VALISE_WITHOUT_CLAUSE");
    return clause == nullptr ? "" : clause;
}

// What a clause that is switched off, or one of its row, would have refused is tried more often.
std::vector<ActKind> wheel(const std::string& without) {
    constexpr std::size_t kMore = 3;
    std::vector<ActKind> out;
    for (const ActKind kind : logbook::all_act_kinds()) {
        const auto often = std::ranges::find(kOften, kind, &std::pair<ActKind, unsigned>::first);
        const std::size_t times = often == std::end(kOften) ? 1 : often->second;
        const auto clauses = agreement::clauses_for(kind);
        const bool asks = std::ranges::any_of(clauses, [&](const auto& clause) {
            return clause.first == without || clause.second == without;
        });
        out.insert(out.end(), asks ? times * kMore : times, kind);
    }
    return out;
}

class World {
public:
    World(std::uint64_t seed, Faults& faults)
        : random_(seed), terms_(read_terms("jpn-ukr.toml")), tokyo_("JPN", terms_),
          kyiv_("UKR", terms_), faults_(faults), here_{{tokyo_, random_}, {tokyo_, faults}},
          there_{{kyiv_, random_}, {kyiv_, faults}} {
        tokyo_.pair_with(kyiv_);
        kyiv_.pair_with(tokyo_);
        for (One* one : {&here_, &there_}) {
            one->acts.take_office();
            Side& side = one->watch.side();
            side.carrier = std::make_unique<DirectCarrier>([this, &side](ByteView request) {
                outer_header(side, request, faults_);
                return side.peer->registry->answer_peer(request, side.registry->key_list().tls);
            });
            side.carrier->fate = [this] {
                using enum DirectCarrier::Fate;
                return random_.chance(90) ? deliver : random_.any({lose_request, lose_answer});
            };
        }
    }

    void act() {
        static const std::vector<ActKind> kWheel = wheel(switched_off());
        One& one = random_.chance(50) ? here_ : there_;
        Proposal proposal = one.acts.propose(random_.any(kWheel));
        if (random_.chance(35))
            one.acts.spoil(proposal);
        attempt(one, proposal);
        time_passes();
        if (++acts_ % 25 == 0)
            exchange();
        if (acts_ % 100 == 0)
            look();
    }

    // Everything at the end; after it, what draft terms do outside of test mode.
    void end() {
        for (int round = 0; round < 3; ++round)
            exchange();
        look();
        here_.watch.prove();
        there_.watch.prove();
        for (int i = 0; i < 20; ++i)
            outer_face(random_, tokyo_, faults_);
        without_test_mode();
    }

    std::uint64_t impossible() const { return impossible_; }
    const Watch& here() const { return here_.watch; }
    const Watch& there() const { return there_.watch; }

private:
    struct One {
        Acts acts;
        Watch watch;
    };

    void attempt(One& one, const Proposal& proposal) {
        const auto answer =
            one.watch.side().try_act(*proposal.who, proposal.kind, proposal.content);
        if (!answer) {
            ++impossible_;
        } else if (answer->decision.permitted()) {
            one.watch.permitted(proposal.kind, proposal.content);
            one.acts.permitted(proposal, *answer);
        }
        one.watch.read_events();
    }

    void time_passes() {
        const Time at = std::max(tokyo_.clock.at, kyiv_.clock.at);
        const Time next = random_.chance(1) ? at.plus_days(static_cast<int>(random_.from_to(1, 25)))
                                            : at.plus_seconds(random_.from_to(0, 1200));
        tokyo_.clock.at = kyiv_.clock.at = next;
    }

    void exchange() {
        for (Side* side : {&tokyo_, &kyiv_})
            (void)side->work(); // what was lost is asked for again
        here_.watch.read_events();
        there_.watch.read_events();
    }

    void look() {
        here_.watch.look();
        there_.watch.look();
        compare(here_.watch, there_.watch, faults_);
        compare(there_.watch, here_.watch, faults_);
    }

    //= I13
    // A registry of its own: the key process of one that is begun refuses to change over.
    void without_test_mode() {
        Side draft("JPN", terms_, false);
        draft.peer = &kyiv_;
        One one{{draft, random_}, {draft, faults_}};
        one.watch.read_events(); // that it was founded, which no terms decide
        one.watch.draft_runs();
        for (int i = 0; i < 30; ++i)
            attempt(one, one.acts.propose(random_.any(logbook::all_act_kinds())));
    }

    Random random_;
    Bytes terms_;
    Side tokyo_;
    Side kyiv_;
    Faults& faults_;
    One here_;
    One there_;
    std::uint64_t acts_ = 0;
    std::uint64_t impossible_ = 0;
};

// What all worlds came to.
class Tally {
public:
    void add(const World& world) {
        for (const Watch* watch : {&world.here(), &world.there()}) {
            for (const auto& [kind, count] : watch->counts()) {
                kinds_[kind].permitted += count.permitted;
                kinds_[kind].refused += count.refused;
            }
            for (const auto& [clause, refusals] : watch->refusals())
                clauses_[clause] += refusals;
        }
        impossible_ += world.impossible();
    }

    void print() const {
        fmt::print("{:20} {:>9} {:>9}\n", "kind", "permitted", "refused");
        for (const auto& [kind, count] : kinds_)
            fmt::print("{:20} {:9} {:9}\n", to_string(kind), count.permitted, count.refused);
        fmt::print("{} acts were not possible or not well-formed; {} clauses refused something\n",
                   impossible_, clauses_.size());
        std::set<std::string> silent;
        for (const ActKind kind : logbook::all_act_kinds())
            for (const auto& [clause, row] : agreement::clauses_for(kind))
                if (!clauses_.contains(clause))
                    silent.insert(clause);
        fmt::print("never refused: {}\n", fmt::join(silent, " "));
    }

private:
    std::map<ActKind, Watch::Count> kinds_;
    std::map<std::string, std::size_t> clauses_;
    std::uint64_t impossible_ = 0;
};

// Beside the one that is expected, those may break that the same clause carries too.
bool as_expected(const Faults& faults, const std::string& expected) {
    const std::string clause = switched_off();
    return std::ranges::all_of(faults.all(), [&](const auto& fault) {
        return fault.first == expected ||
               std::ranges::any_of(carried_invariants(), [&](const Carried& one) {
                   return one.invariant == fault.first && one.clause == clause;
               });
    });
}

} // namespace

int random_acts(const RandomActs& run) {
    Tally tally;
    std::uint64_t done = 0;
    for (std::uint64_t seed = run.from; done < run.acts; ++seed) {
        Faults faults;
        seed_all_randomness(seed);
        std::uint64_t here = 0;
        try {
            World world(seed, faults);
            const std::uint64_t end = std::min(kWorldActs, run.acts - done);
            const auto go_on = [&] {
                return run.expected.empty() ? faults.all().empty()
                                            : !faults.all().contains(run.expected);
            };
            for (; here < end && go_on(); ++here)
                world.act();
            if (go_on())
                world.end();
            tally.add(world);
        } catch (const std::exception& error) {
            faults.add("an error", error.what());
        }
        done += here;
        if (faults.all().empty())
            continue;
        for (const auto& [invariant, text] : faults.all())
            fmt::print("seed {} act {}: BROKEN: {}: {}\n", seed, here, invariant, text);
        if (!run.expected.empty() && as_expected(faults, run.expected) &&
            !faults.all().contains(run.expected))
            continue;
        return run.expected.empty() || !as_expected(faults, run.expected) ? 1 : 0;
    }
    tally.print();
    if (!run.expected.empty()) {
        fmt::print("{} acts: {} held, and had to break\n", done, run.expected);
        return 1;
    }
    fmt::print("{} acts from seed {}: every invariant held\n", done, run.from);
    return 0;
}

int list_invariants() {
    for (const Carried& one : carried_invariants())
        if (*one.why == '\0')
            fmt::print("{} {}\n", one.invariant, one.clause);
    return 0;
}

} // namespace valise::testing
