// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/event.h"

#include <map>
#include <set>
#include <string>

namespace valise::testing {

// What the events of one registry say, told by a second fold. Plain maps over texts, made from the
// skeletons alone: it shares no line with the State that the clauses look at, so that a fault in
// either shows as a difference between the two.
class History {
public:
    struct Person {
        std::set<std::string> roles;
        std::string level; // empty: not cleared
        Time until;
        bool briefed = false;
        bool moved = false; // to another employer, and not cleared anew since
    };
    struct Item {
        std::string origin, purpose, label_sha256, payload_root;
        std::string label_level; // as it was entered or arrived
        std::string level;       // the originator's, with its changes
        std::string own_level;   // of a received one, once it is marked
        std::string change;      // notice of a change that waits to be marked
        std::string author;      // person, or "registry"
        std::set<std::string> release, sources;
        bool received = false;
        std::size_t copies = 0;           // ever made
        std::set<std::uint64_t> exported; // numbers of those that left for a client

        const std::string& protected_level() const { return received ? own_level : level; }
    };
    enum class Place { registry, container, person, gone, away, lost };
    struct Copy {
        std::string item, form;
        std::uint64_t number = 1;
        std::uint64_t pages = 0;
        Place place = Place::registry;
        std::string where;     // id of the container, person or dispatch
        std::string lost_with; // the dispatch that it was lost with
        bool destroying = false;
        std::string destroyer;
        struct Witness {
            std::string method;
            Time minute;
        };
        std::map<std::string, Witness> witnesses; // by person
        std::set<std::string> present;            // at the permitted destruction, of its method
    };
    struct Dispatch {
        std::string item, level;
        bool out = true;
        Time moved; // 0: not yet
        std::string document;
        bool in_order = false; // the contents receipt came, or was sent
        bool discrepancy = false;
        bool traced = false;
        std::string told_level; // of the newest change of class that was told about it
        std::string copy;       // of a package
        bool package = false;
        Time last_leg;
    };
    struct Notice {
        std::string type, dispatch, incident, about;
        bool ours = true;
        enum class State { given, taken, refused, acknowledged } state = State::given;
    };
    struct Incident {
        std::string item, copy;
        bool told = false;         // a notice was given
        bool arrived = false;      // and taken
        bool acknowledged = false; // the newest report
    };
    struct Accreditation {
        std::string level;
        Time until;
    };

    // Takes one event after the other.
    void take(const logbook::Skeleton& event);

    const Person& person(const std::string& id) const; // one without anything when unknown
    const Item& item(const std::string& id) const;
    // Of the person for this item; `purpose` empty: whatever it is for.
    bool granted(const std::string& person, const std::string& item, const std::string& purpose,
                 Time at) const;

    std::map<std::string, Person> persons;
    std::map<std::string, Item> items;
    std::map<std::string, Copy> copies;
    std::map<std::string, Dispatch> dispatches;
    std::map<std::string, Notice> notices;
    std::map<std::string, Incident> incidents;
    std::map<std::string, Accreditation> accreditations;
    Time ends; // of the agreement; 0: nobody gave notice
    struct Adoption {
        std::string terms, as;
        Time from;
        bool operator==(const Adoption&) const = default;
    };
    std::optional<Adoption> adopted;      // the newest that was countersigned here
    std::optional<Adoption> peer_adopted; // and there; none once it is in force
    std::map<std::pair<std::string, std::string>, Time> consents; // by item and third party

private:
    void taken(const logbook::Skeleton& event);
    void persons_change(const logbook::Skeleton& event);
    void revoked(const logbook::Skeleton& event);
    void entered(const logbook::Skeleton& event);
    void copies_change(const logbook::Skeleton& event);
    void printed(const logbook::Skeleton& event);
    void destruction(const logbook::Skeleton& event);
    void dispatches_change(const logbook::Skeleton& event);
    void notice_taken(const logbook::Skeleton& event);
    void notice_given(const logbook::Skeleton& event);
    void lost(const logbook::Skeleton& event);
    void turned_up(const logbook::Skeleton& event);
    void end_is(Time when);

    std::map<std::string, std::map<std::string, std::map<std::string, Time>>> grants_;
    std::map<std::uint64_t, logbook::Skeleton> offered_; // permits, by their number
};

std::set<std::string> split(const std::string& list); // "a,b"
std::uint64_t number(const std::string& text);        // 0 when empty

} // namespace valise::testing
