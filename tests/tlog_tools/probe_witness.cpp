// SPDX-License-Identifier: Apache-2.0
// Asks a witness for a cosignature in every way that tlog-witness has an answer for, and prints
// each answer as this program's own log side reads it: one JSON object a line.
//
// usage: probe_witness logs            the vkeys of the two logs, that the witness must know
//        probe_witness URL VKEY...     where it is, and all of its keys
#include "adapters/http/http_witness.h"
#include "tlog_tools/made_log.h"

#include <fmt/core.h>

#include <span>

namespace {

using namespace valise;
using namespace valise::tests;
using tlog::Checkpoint;
using tlog::SignedCheckpoint;

constexpr const char* kFirst = "valise.invalid/x/probe/1";
constexpr const char* kSecond = "valise.invalid/x/probe/2";

std::string_view word(tlog::WitnessOutcome outcome) {
    switch (outcome) {
    case tlog::WitnessOutcome::cosigned:
        return "cosigned";
    case tlog::WitnessOutcome::behind:
        return "behind";
    case tlog::WitnessOutcome::refused:
        return "refused";
    case tlog::WitnessOutcome::later:
        return "later";
    }
    return "?";
}

std::string body_of(std::uint64_t old_size, std::span<const Hash32> proof,
                    const SignedCheckpoint& note) {
    std::string body = fmt::format("old {}\n", old_size);
    for (const Hash32& hash : proof)
        body += to_base64(hash) + "\n";
    return body + "\n" + note.print();
}

class Probe {
public:
    Probe(const std::string& url, std::vector<tlog::Verifier> keys)
        : witness_(must(adapters::HttpWitness::at(url))), keys_(std::move(keys)) {
        first_.grow(40);
        second_.grow(40);
    }

    void growing();
    void refused();
    void malformed();
    void nothing_yet();

private:
    void ask(const char* what, const std::string& body, const Checkpoint& tree) {
        const auto answer = must(witness_->add_checkpoint(body));
        Json line = {{"what", what}, {"status", answer.status}, {"type", answer.content_type}};
        const auto verdict = tlog::judge_answer(answer, tree, keys_);
        if (verdict) {
            line["outcome"] = word(verdict->outcome);
            line["size"] = verdict->size;
            line["lines"] = verdict->lines.size();
        } else {
            line["outcome"] = verdict.error().reason();
        }
        fmt::print("{}\n", line.dump());
        std::fflush(stdout);
    }
    void ask(const char* what, std::uint64_t old_size, std::span<const Hash32> proof,
             const Checkpoint& tree) {
        ask(what, body_of(old_size, proof, first_.sign(tree)), tree);
    }
    std::vector<Hash32> proof(std::uint64_t old_size, std::uint64_t size) const {
        return must(tlog::consistency_proof(first_.tree(), old_size, size));
    }

    std::unique_ptr<tlog::WitnessPort> witness_;
    std::vector<tlog::Verifier> keys_;
    MadeLog first_{kFirst};
    MadeLog second_{kSecond};
};

void Probe::growing() {
    ask("first", 0, {}, first_.checkpoint(8));
    ask("heartbeat", 8, {}, first_.checkpoint(8));
    ask("asked for its size", 0, {}, first_.checkpoint(20));
    ask("stale old size", 7, proof(7, 20), first_.checkpoint(20));
}

void Probe::refused() {
    const Checkpoint grown = first_.checkpoint(20);
    auto broken = proof(8, 20);
    broken[1][5] ^= 4;
    auto shorter = proof(8, 20);
    shorter.pop_back();
    Checkpoint forked = grown;
    forked.root[0] ^= 1;
    Checkpoint same = first_.checkpoint(8);
    same.root[0] ^= 1;
    ask("broken proof", 8, broken, grown);
    ask("short proof", 8, shorter, grown);
    ask("no proof", 8, {}, grown);
    ask("forked", 8, proof(8, 20), forked);
    ask("another root for a size it knows", 8, {}, same);
    ask("heartbeat with a proof", 8, std::vector{Hash32{}}, first_.checkpoint(8));
    ask("old size beyond the new", 8, {}, first_.checkpoint(5));
    MadeLog stranger("valise.invalid/x/stranger/1");
    stranger.grow(8);
    const Checkpoint strange = stranger.checkpoint(8);
    const auto by_stranger = stranger.sign(strange);
    ask("unknown origin", body_of(0, {}, by_stranger), strange);
    // The origin is known, who signed is not.
    const auto own = by_stranger.signatures();
    const auto foreign = must(SignedCheckpoint::make(grown, std::vector(own.begin(), own.end())));
    ask("no signature of the log", body_of(8, proof(8, 20), foreign), grown);
    const auto honest = first_.sign(grown);
    std::vector bad(honest.signatures().begin(), honest.signatures().end());
    bad[0].blob[3] ^= 8;
    ask("a bad signature of the log",
        body_of(8, proof(8, 20), must(SignedCheckpoint::make(grown, bad))), grown);
}

void Probe::malformed() {
    const Checkpoint grown = first_.checkpoint(20);
    const std::string note = first_.sign(grown).print();
    ask("no old size", "hello\n\n" + note, grown);
    ask("not a number", "old x\n\n" + note, grown);
    ask("no hash", "old 8\nAAAA\n\n" + note, grown);
    ask("64 hashes", body_of(8, std::vector<Hash32>(64), first_.sign(grown)), grown);
    ask("no checkpoint", "old 8\n\n", grown);
    ask("not text", std::string("old 8\n\n\xff\xfe\n"), grown);
    ask("grown", 8, proof(8, 20), grown);
    ask("grown already", 8, proof(8, 20), grown);
    ask("shrunk", 20, {}, first_.checkpoint(8));
}

void Probe::nothing_yet() {
    Checkpoint hollow = second_.checkpoint(0);
    hollow.root[0] ^= 1;
    ask("size 0 with a root", body_of(0, {}, second_.sign(hollow)), hollow);
    const Checkpoint empty = second_.checkpoint(0);
    ask("empty", body_of(0, {}, second_.sign(empty)), empty);
    const Checkpoint some = second_.checkpoint(9);
    ask("a proof from nothing", body_of(0, std::vector{Hash32{}}, second_.sign(some)), some);
    ask("from empty", body_of(0, {}, second_.sign(some)), some);
}

} // namespace

int main(int argc, char** argv) {
    const std::span words(argv, static_cast<std::size_t>(argc));
    try {
        if (words.size() == 2 && std::string_view(words[1]) == "logs") {
            fmt::print("{}\n",
                       Json{{kFirst, MadeLog(kFirst).vkeys()}, {kSecond, MadeLog(kSecond).vkeys()}}
                           .dump());
            return 0;
        }
        std::vector<tlog::Verifier> keys;
        for (std::size_t i = 2; i < words.size(); ++i)
            keys.push_back(must(tlog::Verifier::parse(words[i])));
        if (keys.empty()) {
            fmt::print(stderr, "usage: probe_witness URL VKEY...\n");
            return 2;
        }
        Probe probe(words[1], std::move(keys));
        probe.growing();
        probe.refused();
        probe.malformed();
        probe.nothing_yet();
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "error: {}\n", error.what());
        return 1;
    }
}
