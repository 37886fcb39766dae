// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/kem.h"
#include "crypto/random.h"
#include "two_registries/side.h"

#include <deque>
#include <random>

namespace valise::testing {

class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
    std::uint32_t from_to(std::uint32_t low, std::uint32_t high) {
        return low + static_cast<std::uint32_t>(below(high - low + 1));
    }
    bool chance(unsigned percent) { return below(100) < percent; }
    // One of a range that is not empty.
    template<class Range> const auto& any(const Range& range) {
        auto at = std::begin(range);
        std::advance(at, static_cast<std::ptrdiff_t>(below(std::size(range))));
        return *at;
    }
    template<class T> T any(std::initializer_list<T> list) {
        return *(list.begin() + below(list.size()));
    }

private:
    std::mt19937_64 engine_;
};

// An id that nothing has.
template<class Id> std::string fresh() {
    return Id::of(crypto::random_bytes(10)).text();
}
// The id of one, or a fresh one where there is none.
template<class T> std::string id_or_fresh(const T* one) {
    return one != nullptr ? one->id.text() : fresh<decltype(one->id)>();
}

struct Proposal {
    logbook::ActKind kind;
    const Someone* who = nullptr;
    Json content = Json::object();
};

// Whom one party has, and what they might do next. propose() is an act as somebody makes it who
// knows the rules, as far as the register has anything to do it with; spoil() makes one thing of it
// wrong: another signer, another level, a date that is past, an id of something else.
class Acts {
public:
    Acts(Side& side, Random& random);

    // Takes up office: everybody is enrolled, cleared, appointed, told.
    void take_office();
    Proposal propose(logbook::ActKind kind);
    void spoil(Proposal& proposal);
    // After it was permitted: what its signer does next.
    void permitted(const Proposal& proposal, const registry::ActAnswer& answer);

private:
    using Item = logbook::Item;
    using Copy = logbook::CopyHolding;

    // acts_people.cpp
    bool of_people(Proposal& p);
    void appoint(Proposal& p);
    void enrol(Proposal& p);
    void revoke(Proposal& p);
    void pair(Proposal& p);
    void record_assurance(Proposal& p);
    // acts_accord.cpp
    bool of_accord(Proposal& p);
    void adopt(Proposal& p);
    // acts_release.cpp
    bool of_release(Proposal& p);
    void enter(Proposal& p);
    void derive(Json& content, label::Label& label, Proposal& p);
    void described(Json& content, const label::Label& label);
    void dispatch(Proposal& p);
    void release(Proposal& p);
    void remark(Proposal& p);
    void open(Proposal& p);
    void rewrap(const Proposal& taken);
    void contents_receipt(Proposal& p);
    void package(Proposal& p, const Item& item);
    void hand_over(Proposal& p);
    void take_delivery(Proposal& p);
    void consent(Proposal& p);
    void by_registry(Proposal& p);
    // acts_custody.cpp
    bool of_custody(Proposal& p);
    void container(Proposal& p);
    void issue(Proposal& p);
    void print(Proposal& p);
    void copy(Proposal& p);
    void destruction(Proposal& p);
    void review(Proposal& p);
    void muster(Proposal& p);
    // acts_notices.cpp
    bool of_notices(Proposal& p);
    void change_class(Proposal& p);
    void answer_recall(Proposal& p);
    void narrow(Proposal& p);
    void incident(Proposal& p);
    void law(Proposal& p);
    void proof(Proposal& p);
    // acts_spoil.cpp
    Json another(const std::string& name, const Json& was);

    const agreement::Party& own() const { return *side_.terms.party(side_.party); }
    const agreement::Party& other() const { return *side_.terms.other(side_.party); }
    Time now() const { return side_.clock.at; }
    Time days_ahead(std::uint32_t low, std::uint32_t high) {
        return now().plus_days(static_cast<int>(random_.from_to(low, high)));
    }
    std::string level();
    std::string listed_level(); // one that the table has for the other party, as a rule
    std::string level_from(const std::string& lowest); // at least that one
    std::string purpose() { return random_.any(side_.terms.purposes()).code; }
    const Someone& somebody() { return *random_.any(cast_); }
    const Someone& with(logbook::Role role); // somebody when nobody has it
    const Someone& cleared_for(const std::string& level);
    const Someone* known(const PersonId& id) const;
    // Who could read the item now but for what is wrong with them; null when nobody could.
    const Someone* reader_of(const Item& item);
    bool may_leave(const Item& item);
    const Copy* in_hand(const Item& item); // what a package could hold; null: nothing
    // A control officer, or the deputy of one who is away.
    void by_officer(Proposal& p);

    // One of those of which `wanted` holds; null when there is none.
    template<class Map, class Wanted> auto one_of(const Map& map, Wanted wanted);
    const Item* item(const std::function<bool(const Item&)>& wanted);
    const Item* item();
    const Copy* copy(const std::function<bool(const Copy&)>& wanted);
    // The member `item`, and `copy` with it; fresh ids where there is none.
    void name(Proposal& p, const Item* item);
    void name(Proposal& p, const Copy* copy);
    // On what ground, where private rights stand on it; as a rule.
    void ground(Proposal& p, const Item* item);

    Side& side_;
    Random& random_;
    logbook::State state_;    // as it stood when the act was proposed
    const Bytes first_terms_; // those that the registry was founded under
    bool ending_;             // this party gives notice in good time, in some worlds
    enum class Wrong { nothing, level, date, employer, briefing } wrong_ = Wrong::nothing;
    std::deque<Someone> people_;
    std::vector<const Someone*> cast_; // who can be met here, enrolled or not
    std::unique_ptr<Someone> newcomer_;
    crypto::WrapPrivateKey session_;
    crypto::WrapPrivateKey client_; // of a curve, as fast to make as any
};

template<class Map, class Wanted> auto Acts::one_of(const Map& map, Wanted wanted) {
    std::vector<decltype(&map.begin()->second)> found;
    for (const auto& [id, one] : map)
        if (wanted(one))
            found.push_back(&one);
    return found.empty() ? nullptr : random_.any(found);
}

} // namespace valise::testing
