// SPDX-License-Identifier: Apache-2.0
// valise-growth FOLDER TERMS ITEMS
// A register of so many items, made or gone on with where a run before was broken off, and what its
// length costs: start, memory, disk, proofs, checking it from the first event on. One line of JSON.
#include "crypto/random.h"
#include "register.h"
#include "tlog/proof.h"
#include "tlog/tree.h"
#include "world.h"

#include <charconv>
#include <cmath>
#include <ctime>

namespace valise::bench {
namespace {

constexpr int kProofs = 2000;
// The key process checks every event as an outsider does; of a long log so many are enough to say
// what one takes.
constexpr std::uint64_t kChecked = 100'000;

Json spread_us(std::vector<double> seconds) {
    std::ranges::sort(seconds);
    const auto at = [&](std::size_t percent) {
        return 1e6 * seconds[std::min(seconds.size() - 1, seconds.size() * percent / 100)];
    };
    return {{"p50_us", at(50)}, {"p99_us", at(99)}, {"max_us", 1e6 * seconds.back()}};
}

tlog::MemoryTree tree_of(const Office& office) {
    tlog::MemoryTree out;
    for (;;) {
        const auto leaves =
            must(office.journal->leaves(registry::LogName::private_log, out.size(), 4096));
        if (leaves.empty())
            return out;
        for (const auto& leaf : leaves)
            out.append(crypto::leaf_hash(leaf.leaf));
    }
}

// Of leaves all over the log: made from what is in memory, and checked by whoever gets it.
Json proofs_in(const tlog::MemoryTree& tree) {
    std::vector<double> made, checked;
    const Hash32 root = tree.root();
    for (int i = 0; i < kProofs; ++i) {
        const std::uint64_t index = read_u64(crypto::random_array<8>()) % tree.size();
        std::vector<Hash32> proof;
        made.push_back(
            seconds_of([&] { proof = must(tlog::inclusion_proof(tree, index, tree.size())); }));
        const Hash32 leaf = must(tree.node(0, index));
        checked.push_back(seconds_of(
            [&] { must(tlog::verify_inclusion(index, tree.size(), leaf, proof, root)); }));
    }
    return {{"made", spread_us(made)}, {"checked", spread_us(checked)}};
}

// What the key process does with the log for the first time: signature, decision and fold of each.
Json checking(Office& office) {
    auto secrets = must(office.vault->daemon_secrets());
    const auto ledger = must(registry::Ledger::open(
        *office.journal, office.clock,
        must(crypto::RecordCipher::create(std::move(secrets.storage_key))), office.terms.digest()));
    const std::uint64_t end = std::min(ledger.state().next_seq(), kChecked);
    std::uint64_t known = must(office.vault->begin(office.terms_bytes, false));
    const double seconds = seconds_of([&] {
        while (known < end)
            known = must(office.vault->record(known, must(ledger.shown(known, 0))));
    });
    return {{"events", known}, {"seconds", seconds}};
}

Json measure_growth(const std::filesystem::path& folder, const std::string& terms_file) {
    Office office(folder, terms_file);
    office.clock.at = time_of(kEnd);
    Json out;
    {
        ReadBefore keys(*office.vault,
                        must(office.journal->leaf_count(registry::LogName::private_log)));
        std::unique_ptr<registry::Registry> registry;
        const std::clock_t began = std::clock();
        out["start_seconds"] = seconds_of(
            [&] { registry = must(registry::Registry::open(office.ports(keys), office.setup())); });
        out["start_cpu_seconds"] = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
        out["rss_mib"] = peak_rss_mib();
        out["events"] = registry->state().next_seq();
    }
    const auto events = out.at("events").get<double>();
    double bytes = 0;
    for (const char* name : {"register.db", "register.db-wal"})
        if (std::filesystem::exists(folder / name))
            bytes += static_cast<double>(std::filesystem::file_size(folder / name));
    out["disk_bytes_an_event"] = bytes / events;
    const tlog::MemoryTree tree = tree_of(office);
    out["proof"] = proofs_in(tree);
    out["check"] = checking(office);
    return out;
}

} // namespace
} // namespace valise::bench

int main(int count, char** words) {
    using namespace valise;
    std::uint64_t items = 0;
    if (count == 4) {
        const std::string_view text = words[3];
        std::from_chars(text.data(), text.data() + text.size(), items);
    }
    if (items == 0) {
        std::fputs("usage: valise-growth FOLDER TERMS ITEMS\n", stderr);
        return 2;
    }
    const std::filesystem::path folder = words[1];
    if (!std::filesystem::exists(folder / "made")) {
        bench::make_register(folder, words[2], (items + 499) / 500 * 500); // whole batches
        std::ofstream(folder / "made") << "whole\n";
    }
    std::puts(bench::measure_growth(folder, words[2]).dump().c_str());
    return 0;
}
