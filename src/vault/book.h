// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/replay.h"
#include "envelope/statement.h"
#include "logbook/opening_papers.h"
#include "tlog/tree.h"
#include "vault/key_service_port.h"

namespace valise::vault {

// What a dispatch that is permitted and not yet sent is sealed by.
struct OpenDispatch {
    std::uint64_t permit = 0;
    logbook::Item item;
    std::string recipient;
    std::string level;
    std::optional<envelope::Package> package; // it goes by hand
    bool control = false;                     // we keep a share of its key
    std::vector<Bytes> approvals;             // the signed acts, in the order of the persons' ids
};

// An opening of a controlled item that the registry permitted to the other party.
struct Granting {
    logbook::Act act;
};
// The originator's answer to an opening here, and the event that holds it.
struct AnsweredOpening {
    std::uint64_t event = 0;
    logbook::OpeningAnswer answer;
};

// The registry's private log as the vault itself read it: every event checked as an outsider checks
// it and every act decided again, so that its state is no claim of the daemon's. It keeps the
// signed acts that something still rests on, and the tree of all leaves. Not thread-safe.
class Book {
public:
    Book(agreement::Terms terms, audit::PartyKeys own, Founders founders)
        : founders_(std::move(founders)), parties_{std::move(own), {}, {}},
          replay_(std::move(terms), parties_, ByteView()) {}
    Book(const Book&) = delete;
    Book& operator=(const Book&) = delete;

    void set_peer(audit::PartyKeys peer) { parties_.peer.emplace(std::move(peer)); }

    // The next event. On an error nothing is changed. Errors: refused vault.event, with the place
    // and the reason of what does not hold.
    Result<void> take(const audit::Record& record);

    const agreement::Terms& terms() const { return replay_.terms(); }
    const logbook::State& state() const { return replay_.state(); }
    std::uint64_t size() const { return tree_.size(); }
    Hash32 root() const { return tree_.root(); }
    Result<Hash32> root_at(std::uint64_t size) const { return tree_.root_at(size); }

    // Errors: refused vault.dispatch (no open permit of this dispatch), vault.release (the signed
    // act of an approval was shredded).
    Result<OpenDispatch> open_dispatch(const DispatchId& id) const;
    // The reader's signed act of an open permit to read. Errors: refused vault.reader.
    Result<logbook::SignedAct> open_reading(std::uint64_t permit) const;
    // What the registry attested of an open rewrap. Errors: refused vault.reader.
    Result<logbook::Act> open_export(std::uint64_t permit) const;
    // Either of the two: what is read under this permit, and by whom. Errors: refused vault.reader.
    struct Reading {
        logbook::Act act;
        PersonId reader;
        bool client = false;
    };
    Result<Reading> open_permit(std::uint64_t permit) const;
    // What the registry attested of an open permit-opening. Errors: refused vault.granting.
    Result<Granting> open_granting(std::uint64_t permit) const;
    // The officer's signed act of an open permit to recover. Errors: refused vault.recovery.
    Result<logbook::SignedAct> open_recovery(std::uint64_t permit) const;
    // The answer to an open permit to read; nullptr: none stands in the log.
    const AnsweredOpening* answer_of(std::uint64_t permit) const;
    // As whom the person was enrolled; empty where that is shredded.
    std::string name_of(const PersonId& person) const;
    // The event by which this dispatch arrived here. Errors: refused vault.receipt.
    Result<std::uint64_t> arrival(const DispatchId& id) const;

private:
    Result<void> check_founders(const audit::Record& record) const;
    void remember(const audit::Record& record);
    void remember_opening(const audit::Record& record);
    void forget_dispatched(const logbook::Skeleton& skeleton);

    const Founders founders_;
    audit::Parties parties_;
    audit::Replay replay_; // refers to the parties
    tlog::MemoryTree tree_;
    std::map<std::pair<ReleaseId, PersonId>, Bytes> approvals_; // signed acts, until sent
    std::map<std::uint64_t, logbook::SignedAct> readings_;      // of open permits, by their seq
    std::map<std::uint64_t, logbook::SignedAct> recoveries_;    // the same
    std::map<std::uint64_t, logbook::Act> exports_;             // of open rewraps
    std::map<std::uint64_t, logbook::Act> grantings_;           // of open openings of the peer
    std::map<std::uint64_t, AnsweredOpening> answers_;          // by the permit to read
    std::map<DispatchId, std::uint64_t> arrivals_;
    std::map<PersonId, std::string> names_;
};

// The fault of an event as the daemon may be told of it.
Error event_refused(const audit::Fault& fault);

} // namespace valise::vault
