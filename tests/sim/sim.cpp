// SPDX-License-Identifier: Apache-2.0
// The two-party simulator.
#include "sim/random_acts.h"
#include "sim/stories.h"

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
    CLI::App app(
        "Two registries under a seed: loses, doubles, delays, reorders, restarts, crashes");
    std::uint64_t seeds = 10;
    std::uint64_t from = 1;
    int steps = 40;
    app.add_option("--seeds", seeds, "how many seeds")->check(CLI::Range(1ULL, 1'000'000'000ULL));
    app.add_option("--from", from, "the first seed");
    app.add_option("--steps", steps, "steps in each seed")->check(CLI::Range(1, 100000));
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
        random.from = from;
        return valise::testing::random_acts(random);
    }
    return valise::testing::tell_stories(from, seeds, steps);
}
