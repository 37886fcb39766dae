// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

namespace valise {

// A sorted map whose copies share what they do not change: a copy costs as much as a pointer, a
// change as much as the path to it (AVL tree, copied along the path while somebody else holds it,
// changed in place while nobody does). So a register of a million items can be tried out, given
// away to whoever prints it, and thrown away. Copies may be read and changed by different threads.
//
// As std::map, with two differences: there is no changing everything in passing (begin() and end()
// are const), and a reference or iterator into a map lives until that map is next changed or
// copied.
template<class Key, class T> class SharedMap {
    struct Entry;
    struct Node;

public:
    using key_type = Key;
    using mapped_type = T;
    using value_type = std::pair<const Key, T>;

    template<bool kConst> class Iterator {
    public:
        using iterator_concept = std::forward_iterator_tag;
        using iterator_category = std::forward_iterator_tag;
        using value_type = SharedMap::value_type;
        using difference_type = std::ptrdiff_t;
        using reference = std::conditional_t<kConst, const value_type&, value_type&>;
        using pointer = std::conditional_t<kConst, const value_type*, value_type*>;

        Iterator() = default;
        template<bool kOther>
            requires(kConst && !kOther)
        Iterator(const Iterator<kOther>& other) : depth_(other.depth_) { // NOLINT: as std::map's
            std::copy_n(other.path_.begin(), depth_, path_.begin());
        }

        reference operator*() const { return path_[depth_ - 1]->entry->value; }
        pointer operator->() const { return &**this; }
        Iterator& operator++() {
            const Node* right = path_[--depth_]->right.get();
            down_left(right);
            return *this;
        }
        Iterator operator++(int) {
            Iterator before = *this;
            ++*this;
            return before;
        }
        template<bool kOther> bool operator==(const Iterator<kOther>& other) const {
            return node() == other.node();
        }

    private:
        friend class SharedMap;
        template<bool> friend class Iterator;

        const Node* node() const { return depth_ == 0 ? nullptr : path_[depth_ - 1]; }
        void down_left(const Node* at) {
            for (; at != nullptr; at = at->left.get())
                path_[depth_++] = at;
        }

        // The nodes that come later and this one, last; a tree of 2^32 entries is at most 46 high.
        std::array<const Node*, 48> path_; // NOLINT: what is beyond depth_ is never read
        std::size_t depth_ = 0;
    };
    using iterator = Iterator<false>;
    using const_iterator = Iterator<true>;

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

    const_iterator begin() const {
        const_iterator out;
        out.down_left(root_.get());
        return out;
    }
    const_iterator end() const { return {}; }

    const_iterator find(const Key& key) const {
        const_iterator out = lower_bound(key);
        return out != end() && !(key < out->first) ? out : end();
    }
    // What it finds is the caller's to change, and no longer shared.
    iterator find(const Key& key) {
        iterator out;
        if (!contains(key))
            return out;
        for (Ref<Node>* at = &root_;;) {
            Node& node = own(*at);
            const Key& here = node.entry->value.first;
            if (key < here) {
                out.path_[out.depth_++] = &node;
                at = &node.left;
            } else if (here < key) {
                at = &node.right;
            } else {
                own(node.entry);
                out.path_[out.depth_++] = &node;
                return out;
            }
        }
    }
    // The first whose key is not below.
    const_iterator lower_bound(const Key& key) const {
        const_iterator out;
        for (const Node* at = root_.get(); at != nullptr;) {
            if (at->entry->value.first < key) {
                at = at->right.get();
            } else {
                out.path_[out.depth_++] = at;
                at = at->left.get();
            }
        }
        return out;
    }
    bool contains(const Key& key) const { return find_node(key) != nullptr; }

    const T& at(const Key& key) const {
        const Node* node = find_node(key);
        if (node == nullptr)
            throw std::out_of_range("SharedMap::at");
        return node->entry->value.second;
    }
    T& at(const Key& key) {
        const iterator found = find(key);
        if (found == end())
            throw std::out_of_range("SharedMap::at");
        return found->second;
    }
    T& operator[](const Key& key) { return put(root_, key); }

    std::size_t erase(const Key& key) {
        if (!contains(key))
            return 0;
        take_out(root_, key);
        --size_;
        return 1;
    }
    template<class Wanted> friend std::size_t erase_if(SharedMap& map, Wanted wanted) {
        std::vector<Key> gone;
        for (const auto& entry : map)
            if (wanted(entry))
                gone.push_back(entry.first);
        for (const Key& key : gone)
            map.erase(key);
        return gone.size();
    }

    bool operator==(const SharedMap& other) const {
        return root_.get() == other.root_.get() ||
               (size_ == other.size_ && std::equal(begin(), end(), other.begin()));
    }

private:
    // Counts its holders inside of what it holds.
    template<class Held> class Ref {
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
        Held* operator->() const { return held_; }
        explicit operator bool() const { return held_ != nullptr; }
        bool alone() const { return held_->holders.load(std::memory_order_acquire) == 1; }

    private:
        Held* held_ = nullptr;
    };

    struct Entry {
        explicit Entry(const Key& key) : value(key, T()) {}
        Entry(const Entry& other) : value(other.value) {}
        std::atomic<std::uint32_t> holders = 1;
        value_type value;
    };
    struct Node {
        explicit Node(const Key& key) : entry(new Entry(key)) {}
        Node(const Node& other)
            : left(other.left), right(other.right), entry(other.entry), height(other.height) {}
        std::atomic<std::uint32_t> holders = 1;
        Ref<Node> left;
        Ref<Node> right;
        Ref<Entry> entry;
        int height = 1;
    };

    template<class Held> static Held& own(Ref<Held>& ref) {
        if (!ref.alone())
            ref = Ref<Held>(new Held(*ref.get()));
        return *ref.get();
    }

    const Node* find_node(const Key& key) const {
        const Node* at = root_.get();
        while (at != nullptr) {
            const Key& here = at->entry->value.first;
            if (key < here)
                at = at->left.get();
            else if (here < key)
                at = at->right.get();
            else
                break;
        }
        return at;
    }

    static int height(const Ref<Node>& ref) { return ref ? ref->height : 0; }
    static void measure(Node& node) {
        node.height = 1 + std::max(height(node.left), height(node.right));
    }
    // Lifts the child on the side `down` above its parent.
    static void rotate(Ref<Node>& at, Ref<Node> Node::* down, Ref<Node> Node::* other) {
        Ref<Node> parent = std::move(at);
        Node& lower = *parent.get();
        Node& upper = own(lower.*down);
        at = std::move(lower.*down);
        lower.*down = std::move(upper.*other);
        measure(lower);
        upper.*other = std::move(parent);
        measure(upper);
    }
    static void lean(Ref<Node>& at, Ref<Node> Node::* heavy, Ref<Node> Node::* light) {
        Node& child = own((*at.get()).*heavy);
        if (height(child.*light) > height(child.*heavy))
            rotate((*at.get()).*heavy, light, heavy);
        rotate(at, heavy, light);
    }
    // `at` is owned; its halves may differ by two.
    static void balance(Ref<Node>& at) {
        measure(*at.get());
        const int tilt = height(at->left) - height(at->right);
        if (tilt > 1)
            lean(at, &Node::left, &Node::right);
        else if (tilt < -1)
            lean(at, &Node::right, &Node::left);
    }

    T& put(Ref<Node>& at, const Key& key) {
        if (!at) {
            at = Ref<Node>(new Node(key));
            ++size_;
            return at->entry->value.second;
        }
        Node& node = own(at);
        const Key& here = node.entry->value.first;
        if (!(key < here) && !(here < key))
            return own(node.entry).value.second;
        T& out = put(key < here ? node.left : node.right, key);
        balance(at);
        return out;
    }

    // The smallest below `at`, cut off.
    static Ref<Entry> cut_first(Ref<Node>& at) {
        Node& node = own(at);
        if (!node.left) {
            Ref<Entry> first = std::move(node.entry);
            Ref<Node> rest = std::move(node.right);
            at = std::move(rest);
            return first;
        }
        Ref<Entry> first = cut_first(node.left);
        balance(at);
        return first;
    }
    static void take_out(Ref<Node>& at, const Key& key) {
        Node& node = own(at);
        const Key& here = node.entry->value.first;
        if (key < here) {
            take_out(node.left, key);
        } else if (here < key) {
            take_out(node.right, key);
        } else if (!node.left || !node.right) {
            Ref<Node> rest = std::move(node.left ? node.left : node.right);
            at = std::move(rest);
            return;
        } else {
            node.entry = cut_first(node.right);
        }
        balance(at);
    }

    Ref<Node> root_;
    std::size_t size_ = 0;
};

} // namespace valise
