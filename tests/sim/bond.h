// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/acts.h"
#include "sim/checks.h"

namespace valise::testing {

struct Staff {
    Someone originator{"O"}, first{"A"}, second{"B"}, reader{"R"};
};

// Two whole registries under one agreement, the persons who work there, and what befalls both. The
// persons are sensible; network, couriers, disks, clocks, backups and whoever holds the peer's
// machine are not. A step is one thing that somebody does, with faults; check() and settle() throw
// Broken.
class Bond {
public:
    // One thing that is wrong with the world itself, so that a check has to break over it.
    enum class Spoil {
        nothing,
        news,    // a message that says something, among those that may not
        room,    // a file that a refused message leaves behind
        history, // a tree that follows on, among the forks
        memory,  // a key process that was put back with its registry
        number,  // a register number that was given before
        link,    // a wire that stays cut
    };
    static Result<Spoil> parse_spoil(const std::string& name);

    Bond(const Bytes& terms, Random& random, Spoil spoil);

    void step();
    // What others than the peer, or the peer in another registry's name, send here.
    void foreign(std::span<const Bytes> messages);
    void check();
    // With links, disks and clocks that work again everything that was permitted comes to its end.
    void settle();
    // Openings are shredded when their time is over, and both books stay whole. The persons'
    // clearances have run out by then: nothing else goes on.
    void years_later();

    const std::vector<Bytes>& overheard() const { return requests_; }
    std::size_t events() const;
    const std::map<std::string, std::size_t>& counts() const { return counts_; }

private:
    struct One {
        One(const std::string& party, const Bytes& terms) : side(party, terms) {}
        Side side;
        Staff staff;
        std::string level;         // of what is sent: the highest but one that may go over
        std::string top;           // that the persons are cleared for, and the link for
        std::string low;           // another class
        std::size_t permitted = 0; // dispatches by wire
        std::int64_t skew = 0;     // seconds by which its clock is wrong
        std::optional<MemoryJournal> backup;
        MemoryBlobs files;
        Bytes memory;                          // of the key process then, which is not put back
        std::map<std::string, ItemId> numbers; // ever given
    };

    // bond.cpp
    void staff(One& one);
    void arm(One& one);
    Bytes serve(Side& from, ByteView request);
    void restart(One& one);
    void set_clocks();
    void attempt(One& one);
    One& other(const One& one) { return &one == &first_ ? second_ : first_; }
    void sends(One& from);

    // bond_acts.cpp: what persons do
    void something(One& one);
    void send_something(One& one);
    void send_package(One& one);
    void read_something(One& one);
    void tell_something(One& one);
    void go_on(One& one);
    void carry_packages(One& one);
    void reconcile(One& one);
    void control(One& one);
    void weeks_pass();
    void accredit(One& one);
    bool approve(One& one, const Someone& who, const ItemId& item, bool control);

    // bond_faults.cpp: what befalls them
    void courier(One& from);
    std::vector<Bytes> pack(One& from);
    Result<registry::UnpackedVolume> unpack(Side& at, const Bytes& volume);
    void back_up(One& one);
    void restore(One& one);
    void recover(One& one);
    void tear(One& one);
    Bytes lie(ByteView request, Bytes answer);
    void lied_about(ByteView request);
    void attack(One& victim);
    std::vector<Bytes> garbage();
    std::vector<Bytes> lies_about_sizes();
    void fork(One& victim);
    // Sends these as the peer would; none may change what is here.
    void without_effect(One& victim, std::span<const Bytes> messages, const char* what);
    void spoil_quiet(One& victim);
    void told(const char* what) { ++counts_[what]; }

    Random& random_;
    const Spoil spoil_;
    One first_;
    One second_;
    Time base_; // what a clock that is right would say
    std::vector<Bytes> requests_, answers_, volumes_;
    std::map<std::string, std::size_t> counts_;
    bool faults_ = false;
    bool full_hit_ = false; // a disk was full in this step
    bool restored_ = false; // a book was put back: what was lost is lost
    // What an answer called refused by the agreement in the peer's name: these fail, and nothing
    // else.
    std::set<std::string> lied_; // dispatches
    bool lied_of_a_notice_ = false;
};

// The agreements of five parties, each of which has two: five terms files.
std::vector<Bytes> ring_of_five();

} // namespace valise::testing
