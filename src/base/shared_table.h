// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/raw_id.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stdexcept>
#include <utility>
#include <vector>

namespace valise {

// The place of each id in the order in which ids first came; shared by all copies of a table and
// only ever added to, so that none of them pays for it. An id costs about 28 bytes. In 64 parts:
// one grows at a time, and nobody waits for a million ids to be put anew.
class IdPlaces {
public:
    // The empty id is not the one of ten zeros, which somebody may choose.
    using Key = std::array<Byte, 11>;
    template<class Tag> static Key key_of(const Id<Tag>& id) {
        Key out{};
        std::ranges::copy(raw_id(id), out.begin());
        out.back() = id.empty() ? 1 : 0;
        return out;
    }

    std::optional<std::uint32_t> find(const Key& id) const {
        const Part& part = parts_[part_of(id)];
        const std::shared_lock lock(part.mutex);
        const std::size_t at = part.find(id);
        if (part.slots.empty() || part.slots[at].place == 0)
            return std::nullopt;
        return part.slots[at].place - 1;
    }
    std::uint32_t add(const Key& id) {
        Part& part = parts_[part_of(id)];
        const std::scoped_lock lock(part.mutex);
        if (part.used * 4 >= part.slots.size() * 3)
            part.grow();
        Slot& slot = part.slots[part.find(id)];
        if (slot.place == 0) {
            slot = {id, next_.fetch_add(1) + 1};
            ++part.used;
        }
        return slot.place - 1;
    }

private:
    struct Slot {
        Key id{};
        std::uint32_t place = 0; // from 1; 0: free
    };
    struct Part {
        mutable std::shared_mutex mutex;
        std::vector<Slot> slots; // a power of two, probed one after the other
        std::size_t used = 0;

        // Of the id, or of where it would stand.
        std::size_t find(const Key& id) const {
            if (slots.empty())
                return 0;
            std::size_t at = hash(id) & (slots.size() - 1);
            while (slots[at].place != 0 && slots[at].id != id)
                at = (at + 1) & (slots.size() - 1);
            return at;
        }
        void grow() {
            std::vector<Slot> before = std::exchange(
                slots, std::vector<Slot>(std::max<std::size_t>(16, slots.size() * 2)));
            for (const Slot& slot : before)
                if (slot.place != 0)
                    slots[find(slot.id)] = slot;
        }
    };
    // An id may be chosen by whoever signs the act, so that all meet in one slot: such a person is
    // known by name, and each id of theirs stands in the book.
    static std::size_t hash(const Key& id) {
        std::uint64_t word = 0;
        std::memcpy(&word, id.data() + 2, sizeof(word));
        return static_cast<std::size_t>(word * 0x9e3779b97f4a7c15 >> 20);
    }
    static std::size_t part_of(const Key& id) { return (id[0] ^ id[1]) % 64; }

    std::array<Part, 64> parts_;
    std::atomic<std::uint32_t> next_ = 0;
};

// A map by id whose copies share what they do not change, for what comes once and stays: items,
// copies. In the order in which the ids first came, 32 to a leaf, so that what is new lies
// together. Of a thousand copies, made one after the other while a million entries came, each holds
// some ten bytes of its own for each that came since the one before; a SharedMap, whose keys come
// anywhere in its order, holds five hundred. What is erased leaves its place empty.
//
// As std::map, but for the order of its entries, and with SharedMap's two differences. Copies may
// be read and changed by different threads.
template<class Key, class T> class SharedTable {
    static constexpr unsigned kBits = 5;
    static constexpr std::size_t kWidth = 1U << kBits;
    struct Held;
    struct Entry;
    struct Node;
    class Ref;

public:
    using key_type = Key;
    using mapped_type = T;
    using value_type = std::pair<const Key, T>;

    template<bool kConst> class Iterator {
    public:
        using iterator_concept = std::forward_iterator_tag;
        using iterator_category = std::forward_iterator_tag;
        using value_type = SharedTable::value_type;
        using difference_type = std::ptrdiff_t;
        using reference = std::conditional_t<kConst, const value_type&, value_type&>;
        using pointer = std::conditional_t<kConst, const value_type*, value_type*>;

        Iterator() = default;
        template<bool kOther>
            requires(kConst && !kOther)
        Iterator(const Iterator<kOther>& other) // NOLINT: as std::map's
            : table_(other.table_), leaf_(other.leaf_), entry_(other.entry_), place_(other.place_) {
        }

        reference operator*() const { return entry_->value; }
        pointer operator->() const { return &entry_->value; }
        Iterator& operator++() {
            ++place_;
            table_->forward(*this);
            return *this;
        }
        Iterator operator++(int) {
            Iterator before = *this;
            ++*this;
            return before;
        }
        template<bool kOther> bool operator==(const Iterator<kOther>& other) const {
            return entry_ == other.entry_;
        }

    private:
        friend class SharedTable;
        template<bool> friend class Iterator;

        const SharedTable* table_ = nullptr;
        const Node* leaf_ = nullptr;
        Entry* entry_ = nullptr; // null: the end
        std::uint64_t place_ = 0;
    };
    using iterator = Iterator<false>;
    using const_iterator = Iterator<true>;

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

    const_iterator begin() const {
        const_iterator out;
        out.table_ = this;
        forward(out);
        return out;
    }
    const_iterator end() const { return {}; }

    const_iterator find(const Key& key) const {
        const_iterator out;
        const auto place = place_of(key);
        const Node* leaf = place ? leaf_of(*place) : nullptr;
        if (leaf == nullptr)
            return out;
        out.entry_ = leaf->entry(*place);
        out.table_ = this;
        out.leaf_ = leaf;
        out.place_ = *place;
        return out;
    }
    // What it finds is the caller's to change, and no longer shared.
    iterator find(const Key& key) {
        iterator out;
        const const_iterator found = std::as_const(*this).find(key);
        if (found == end())
            return out;
        Node& leaf = own_leaf(static_cast<std::uint32_t>(found.place_));
        out.leaf_ = &leaf;
        out.entry_ = own<Entry>(leaf.at(found.place_));
        out.table_ = this;
        out.place_ = found.place_;
        return out;
    }
    bool contains(const Key& key) const { return find(key) != end(); }

    const T& at(const Key& key) const {
        const auto found = find(key);
        if (found == end())
            throw std::out_of_range("SharedTable::at");
        return found->second;
    }
    T& at(const Key& key) {
        const iterator found = find(key);
        if (found == end())
            throw std::out_of_range("SharedTable::at");
        return found->second;
    }
    T& operator[](const Key& key) {
        if (!places_)
            places_ = std::make_shared<IdPlaces>();
        const std::uint32_t place = places_->add(IdPlaces::key_of(key));
        if (!root_)
            root_ = Ref(new Node);
        while (place >> kBits * height_ != 0) {
            auto* above = new Node;
            above->below[0] = std::move(root_);
            root_ = Ref(above);
            ++height_;
        }
        Ref& slot = own_leaf(place).at(place);
        if (!slot) {
            slot = Ref(new Entry(key));
            ++size_;
        }
        return own<Entry>(slot)->value.second;
    }

    std::size_t erase(const Key& key) {
        const const_iterator found = std::as_const(*this).find(key);
        if (found == end())
            return 0;
        own_leaf(static_cast<std::uint32_t>(found.place_)).at(found.place_) = Ref();
        --size_;
        return 1;
    }

    // The same entries, in whatever order they came.
    bool operator==(const SharedTable& other) const {
        if (root_.get() == other.root_.get())
            return true;
        if (size_ != other.size_)
            return false;
        for (const auto& [key, value] : *this)
            if (const auto found = other.find(key);
                found == other.end() || !(found->second == value))
                return false;
        return true;
    }

private:
    struct Held {
        Held() = default;
        Held(const Held&) {} // a copy has one holder
        Held& operator=(const Held&) = delete;
        virtual ~Held() = default;
        std::atomic<std::uint32_t> holders = 1;
    };
    class Ref {
    public:
        Ref() = default;
        explicit Ref(Held* held) : held_(held) {}
        Ref(const Ref& other) : held_(other.held_) {
            if (held_ != nullptr)
                held_->holders.fetch_add(1, std::memory_order_relaxed);
        }
        Ref(Ref&& other) noexcept : held_(std::exchange(other.held_, nullptr)) {}
        Ref& operator=(Ref other) noexcept {
            std::swap(held_, other.held_);
            return *this;
        }
        ~Ref() {
            if (held_ != nullptr && held_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1)
                delete held_;
        }
        Held* get() const { return held_; }
        explicit operator bool() const { return held_ != nullptr; }
        bool alone() const { return held_->holders.load(std::memory_order_acquire) == 1; }

    private:
        Held* held_ = nullptr;
    };
    struct Entry : Held {
        explicit Entry(const Key& key) : value(key, T()) {}
        value_type value;
    };
    // A leaf holds entries, what stands above it nodes.
    struct Node : Held {
        std::array<Ref, kWidth> below;
        Ref& at(std::uint64_t place) { return below[place % kWidth]; }
        Entry* entry(std::uint64_t place) const {
            return static_cast<Entry*>(below[place % kWidth].get());
        }
    };

    template<class Kind> static Kind* own(Ref& ref) {
        if (!ref.alone())
            ref = Ref(new Kind(*static_cast<const Kind*>(ref.get())));
        return static_cast<Kind*>(ref.get());
    }

    std::optional<std::uint32_t> place_of(const Key& key) const {
        if (!places_ || !root_)
            return std::nullopt;
        const auto place = places_->find(IdPlaces::key_of(key));
        return place && *place >> kBits * height_ == 0 ? place : std::nullopt;
    }
    static std::size_t step(std::uint64_t place, unsigned level) {
        return static_cast<std::size_t>(place >> kBits * level) % kWidth;
    }
    const Node* leaf_of(std::uint64_t place) const {
        const auto* node = static_cast<const Node*>(root_.get());
        for (unsigned level = height_ - 1; level > 0 && node != nullptr; --level)
            node = static_cast<const Node*>(node->below[step(place, level)].get());
        return node;
    }
    Node& own_leaf(std::uint32_t place) {
        Node* node = own<Node>(root_);
        for (unsigned level = height_ - 1; level > 0; --level) {
            Ref& next = node->below[step(place, level)];
            if (!next)
                next = Ref(new Node);
            node = own<Node>(next);
        }
        return *node;
    }
    // To the first entry at this place or behind it.
    template<bool kConst> void forward(Iterator<kConst>& at) const {
        at.entry_ = nullptr;
        const std::uint64_t places = root_ ? std::uint64_t{1} << kBits * height_ : 0;
        while (at.place_ < places) {
            if (at.leaf_ == nullptr || at.place_ % kWidth == 0)
                at.leaf_ = leaf_of(at.place_);
            if (at.leaf_ == nullptr) {
                at.place_ = (at.place_ / kWidth + 1) * kWidth;
                continue;
            }
            at.entry_ = at.leaf_->entry(at.place_);
            if (at.entry_ != nullptr)
                return;
            ++at.place_;
        }
    }

    std::shared_ptr<IdPlaces> places_;
    Ref root_;
    unsigned height_ = 1; // of the tree; one leaf is 1
    std::size_t size_ = 0;
};

} // namespace valise
