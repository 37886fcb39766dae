// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/decide.h"

#include <functional>
#include <string>
#include <vector>

// A made-up registry of Examplia with its persons, items and dispatches, for tests only.
namespace valise::agreement::test {

std::string terms_file(const std::string& name); // the bytes of agreements/NAME

enum Who { officer, clearer, releaser, second_releaser, author, reader, admin, stranger, deputy };

PersonId person(Who who);
Bytes passkey_of(Who who); // as acts name it
Bytes key(Who who);        // 32 bytes that stand for a public key
ItemId item(int n);
CopyId copy(int n);
DispatchId dispatch_id(int n);
BlobId blob(int n);
ContainerId container(int n);
logbook::TextMap copy_ids(int item, int copy);
Hash32 hash(int n);
std::string b64(const Hash32& hash);
Time day(const char* text);

inline constexpr const char* kEveryControl = "alarm,guarded,locked,safe,two-person";
inline constexpr const char* kNow = "2026-11-24T09:30:00Z"; // a Tuesday

// The items of the world: 1 entered here (sealed, released to XBO by releaser and author), 2
// received from XBO (ultra-zekret, marked sealed), 3 received and not yet marked.
// Dispatches: 1 of item 1 (only after send()), 2 brought item 2, 3 brought item 3.
class World {
public:
    // Empty, or with everything above.
    explicit World(const Terms& terms, bool whole = true);

    void happen(logbook::ActKind kind, const std::string& actor, logbook::TextMap ids,
                logbook::TextMap facts, logbook::Stage stage = logbook::Stage::permitted,
                const char* at = "2026-11-20");
    void enrol(Who who, const char* role = nullptr);
    void approve(Who who, int item, const std::string& recipient = "XBO", bool by_passkey = false);
    void enter(int item, const std::string& level, const std::string& release = "XBO,XEX",
               bool copying_reserved = false, const std::string& rights = "");
    void enter_described(int item, const std::string& form); // no sealed file
    void correct(int item, const std::string& members = "title");
    void cancel(int item);
    void receive(int n, bool mark, bool control = false);
    void send(bool control = false); // dispatch 1, done
    void receipts();                 // both receipts of dispatch 1
    void clear(Who who, const std::string& level, const std::string& until);
    void grant(Who who, int item, const std::string& purpose, const std::string& until);
    void brief(Who who);
    void ask_passkey(Who who);
    Bytes passkey(Who who); // asked for and confirmed: how acts name it
    void assure(const std::string& level, const std::string& until);
    void facility(Who officer, Who deputy);
    void absent(Who who, const std::string& from, const std::string& until);
    // Container n for this level, that the officer and these persons reach into, with every
    // control.
    void contain(int n, const std::string& level, std::vector<Who> access = {});
    void store(int item, int copy, int container);
    void reproduce(int item, int copy, int number, const char* form = "paper"); // three pages
    void order(int item, int copy, int number); // to be printed by a reader
    void issue(int item, int copy, Who who, const std::string& due);
    void take_back(int item, int copy);
    void witness(Who who, int item, int copy, const std::string& method = "burning",
                 const char* at = kNow);
    void review(int item, const std::string& finding, const std::string& next = "");
    void accredit(const std::string& level, const std::string& until);

    Hash32 release_digest(int item, const std::string& recipient = "XBO") const;
    ReleaseId release(int item, const std::string& recipient = "XBO") const;

    Terms terms;
    logbook::State state;
};

// One situation: the ordinary case of an act, which a row then changes.
struct Case {
    Case(const Terms& terms, logbook::ActKind kind, bool whole = true);

    World world;
    Terms terms;
    logbook::ActKind kind;
    Json content;
    std::string party = "XEX";
    std::optional<Who> signer = officer; // none: attested by the registry
    Bytes passkey;                       // signs in place of the signer's key
    Time now;

    Decision decide() const;
};

struct Row {
    const char* situation;
    std::function<void(Case&)> change;
    const char* refused; // clause ids joined with ", "; "" = permitted
    const char* reason;  // of the first refusal
};

// Runs every row: the refusals are exactly those named, every clause of the kind is consulted in
// every row, and a refused act has no duties.
void run(logbook::ActKind kind, const std::vector<Row>& rows,
         const std::function<void(Case&)>& ordinary, bool whole = true);

} // namespace valise::agreement::test
