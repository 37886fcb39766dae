// SPDX-License-Identifier: Apache-2.0
// The simulator.
#include "sim/random_acts.h"
#include "sim/stories.h"

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
    CLI::App app("Two registries, or those of five parties, under a seed and in a bad world");
    valise::testing::Telling told;
    app.add_option("--seeds", told.seeds, "how many seeds")
        ->check(CLI::Range(1ULL, 1'000'000'000ULL));
    app.add_option("--from", told.from, "the first seed");
    app.add_option("--steps", told.steps, "steps in each seed")->check(CLI::Range(1, 100000));
    app.add_option("--parties", told.parties, "2 or 5; else as the seed says")
        ->check(CLI::IsMember({2, 5}));
    app.add_option("--spoil", told.spoil, "what is wrong with the world, so that a check breaks");
    valise::testing::RandomActs random;
    auto* acts = app.add_option("--acts", random.acts, "random acts of every kind instead");
    acts->check(CLI::Range(1ULL, 1'000'000'000ULL))->excludes("--seeds")->excludes("--steps");
    app.add_option("--expect-broken", random.expected, "the invariant that has to break")
        ->needs(acts);
    bool list = false;
    app.add_flag("--list-invariants", list, "which invariant breaks without which clause");
    CLI11_PARSE(app, argc, argv);
    if (list)
        return valise::testing::list_invariants();
    if (random.acts != 0) {
        random.from = told.from;
        return valise::testing::random_acts(random);
    }
    return valise::testing::tell_stories(told);
}
