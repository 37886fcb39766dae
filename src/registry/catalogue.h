// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/raw_id.h"
#include "logbook/state.h"

#include <unordered_map>

namespace valise::registry {

// What items are asked for. Empty members ask for nothing.
struct ItemQuery {
    std::string number;     // register number
    std::string level;      // the originator's code, or our own
    std::string purpose;    // code
    std::string origin;     // party
    std::string form;       // "paper"
    std::string entry;      // state of the entry: "cancelled"
    std::string direction;  // "out" or "in"
    std::string entered_by; // person id, or "registry"
    std::string after;      // register number: only those behind it, in the order asked for
    bool newest = false;    // the newest number first
    std::size_t limit = 100;
};

// The items in the order of the register, some 40 bytes of each, so that whatever is asked for is
// found by looking at all of them: a million in milliseconds. Follows the state.
class Catalogue {
public:
    // After the state took an event: the item that it names is as the state has it now.
    void follow(const logbook::State& state, const ItemId& item);

    struct Found {
        std::vector<ItemId> items;
        std::string next; // number of the last one when there are more; else empty
    };
    // Errors: invalid registry.item_query (a number that is none).
    Result<Found> find(const ItemQuery& query) const;
    // The ids of all items, as bytes.
    std::vector<RawId> order() const;
    std::size_t size() const { return size_; }

private:
    using Word = std::uint32_t; // of an interned word; 0: empty or never seen

    struct Line {
        RawId id{};
        bool known = false; // false: a number that was spent and led to no item
        std::uint8_t form = 0;
        std::uint8_t entry = 0;
        std::uint8_t direction = 0;
        Word level = 0;
        Word own_level = 0;
        Word purpose = 0;
        Word origin = 0;
        Word entered_by = 0;
    };
    struct Wanted;

    Result<Found> find_newest(const ItemQuery& query, const Wanted& asked) const;
    Word intern(const std::string& word);
    std::optional<Wanted> wanted(const ItemQuery& query) const;

    std::string party_;
    std::map<int, std::vector<Line>> years_; // by sequence of the number, from 1
    std::unordered_map<std::string, Word> words_;
    std::size_t size_ = 0;
};

} // namespace valise::registry
