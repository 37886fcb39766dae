// SPDX-License-Identifier: Apache-2.0
#include "sim/stories.h"

#include "sim/bond.h"
#include "sim/seeded_random.h"

#include <fmt/format.h>

#include <cstdio>

namespace valise::testing {
namespace {

// Two registries in four of five worlds; else five parties, of which each keeps one registry for
// each of its two agreements.
class Stories {
public:
    Stories(std::uint64_t seed, int parties, Bond::Spoil spoil) : random_(seed) {
        if (parties == 5)
            for (const Bytes& terms : ring_of_five())
                bonds_.push_back(std::make_unique<Bond>(terms, random_, spoil));
        else
            bonds_.push_back(std::make_unique<Bond>(read_terms("jpn-ukr.toml"), random_, spoil));
    }

    void step() {
        Bond& bond = *bonds_[random_.below(bonds_.size())];
        bond.step();
        if (bonds_.size() > 1 && random_.chance(10)) {
            const Bond& other = *bonds_[random_.below(bonds_.size())];
            if (&other != &bond)
                bond.foreign(other.overheard());
        }
    }

    void settle() {
        for (const auto& bond : bonds_)
            bond->settle();
        if (random_.chance(15))
            bonds_.front()->years_later();
    }

    std::size_t registries() const { return 2 * bonds_.size(); }
    std::size_t events() const {
        std::size_t out = 0;
        for (const auto& bond : bonds_)
            out += bond->events();
        return out;
    }
    void count(std::map<std::string, std::size_t>& into) const {
        for (const auto& bond : bonds_)
            for (const auto& [what, times] : bond->counts())
                into[what] += times;
    }

private:
    Random random_;
    std::vector<std::unique_ptr<Bond>> bonds_;
};

} // namespace

int tell_stories(const Telling& told) {
    std::map<std::string, std::size_t> counts;
    const auto spoil = Bond::parse_spoil(told.spoil);
    if (!spoil) {
        fmt::print("no such thing can be wrong: {}\n", told.spoil);
        return 2;
    }
    for (std::uint64_t seed = told.from; seed < told.from + told.seeds; ++seed) {
        int step = 0;
        const int parties = told.parties != 0 ? told.parties : seed % 5 == 0 ? 5 : 2;
        const auto broken = [&](const std::string& what) {
            fmt::print("seed {} step {}: BROKEN: {}\n", seed, step, what);
            return 1;
        };
        try {
            seed_all_randomness(seed);
            Stories world(seed, parties, *spoil);
            for (; step < told.steps; ++step)
                world.step();
            world.settle();
            world.count(counts);
            fmt::print("seed {}: {} registries, {} steps, {} events, every invariant held\n", seed,
                       world.registries(), told.steps, world.events());
            std::fflush(stdout); // a long run may be stopped, and goes on from here
        } catch (const Broken& one) {
            return broken(one.invariant);
        } catch (const std::exception& error) {
            return broken(error.what());
        }
    }
    for (const auto& [what, times] : counts)
        fmt::print("{:32} {:9}\n", what, times);
    fmt::print("{} seeds from {}: every invariant held\n", told.seeds, told.from);
    return 0;
}

} // namespace valise::testing
