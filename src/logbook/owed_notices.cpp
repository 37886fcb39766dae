// SPDX-License-Identifier: Apache-2.0
#include "logbook/state.h"

#include <algorithm>

// What the book owes the other party: derived from the state alone, never remembered apart, so that
// nothing that a crash cut off is forgotten. //= I7 //= I11 //= I15
namespace valise::logbook {
namespace {

class Owed {
public:
    explicit Owed(const State& state) : state_(state) {
        for (const auto& [id, notice] : state.notices()) {
            if (!notice.ours)
                continue;
            if (notice.state == NoticeState::given)
                under_way_.insert(notice.dispatch);
            keep_newest(of_dispatch_[{notice.dispatch, notice.type}], notice);
            keep_newest(of_incident_[{notice.incident, notice.type}], notice);
            if (notice.type == NoticeType::consent)
                keep_newest(of_consent_[{notice.dispatch, notice.third}], notice);
            if (!about_dispatch(notice.type))
                keep_newest(of_agreement_[{notice.peer, notice.type}], notice);
            if (notice.type == NoticeType::law)
                keep_newest(of_law_[{notice.peer, notice.law}], notice);
            answered_.insert(notice.about);
        }
    }

    std::vector<OwedNotice> all() {
        for (const auto& [party, peer] : state_.peers())
            if (peer.paired) {
                of_agreement(party);
                of_laws(party);
            }
        for (const auto& [id, incident] : state_.incidents())
            of_incident(incident);
        for (const auto& [id, notice] : state_.notices())
            of_answer(notice);
        for (const auto& [id, dispatch] : state_.dispatches()) {
            of_class(dispatch);
            of_recall(dispatch);
            of_tracer(dispatch);
            of_destruction(dispatch);
            of_withdrawal(dispatch);
        }
        for (const auto& [id, consent] : state_.consents())
            of_consent(consent);
        return std::move(out_);
    }

private:
    static void keep_newest(const NoticeEntry*& newest, const NoticeEntry& notice) {
        if (newest == nullptr || newest->seq < notice.seq)
            newest = &notice;
    }
    template<class Map, class Id>
    static const NoticeEntry* newest(const Map& map, const Id& id, NoticeType type) {
        const auto found = map.find({id, type});
        return found == map.end() ? nullptr : found->second;
    }

    void owe(const Dispatch& dispatch, OwedNotice notice) {
        if (!under_way_.insert(dispatch.id).second)
            return;
        notice.peer = dispatch.peer;
        notice.dispatch = dispatch.id;
        notice.item = dispatch.item;
        out_.push_back(std::move(notice));
    }

    // Told once for each act; the acts of one kind replace each other. //= O-08 //= O-19 //= O-48
    void owe_of_agreement(const std::string& peer, std::uint64_t act, OwedNotice notice) {
        const NoticeEntry* told = newest(of_agreement_, peer, notice.type);
        if (told == nullptr || told->seq < act)
            owe_now(peer, std::move(notice));
    }

    void owe_now(const std::string& peer, OwedNotice notice) {
        if (!under_way_.insert(DispatchId()).second)
            return;
        notice.peer = peer;
        out_.push_back(std::move(notice));
    }

    //= O-07
    // What affects protection is told of itself, everything once the other party asked for it.
    void of_laws(const std::string& peer) {
        const auto asked = state_.laws_asked_by().find(peer);
        const std::uint64_t request =
            asked == state_.laws_asked_by().end() ? 0 : asked->second.event;
        for (const auto& [code, law] : state_.laws()) {
            const std::uint64_t since = std::max(request, law.affects ? law.event : 0);
            const auto told = of_law_.find({peer, code});
            if (since == 0 || (told != of_law_.end() && told->second->seq > since))
                continue;
            OwedNotice notice;
            notice.type = NoticeType::law;
            notice.law = code;
            notice.edition = law.edition;
            notice.from = law.from;
            notice.text = law.text;
            notice.affects = law.affects;
            notice.enclosed = law.enclosed;
            owe_now(peer, std::move(notice));
        }
        if (const auto ours = state_.asked_laws().find(peer); ours != state_.asked_laws().end()) {
            OwedNotice notice;
            notice.type = NoticeType::ask_laws;
            owe_of_agreement(peer, ours->second.event, std::move(notice));
        }
    }

    void of_agreement(const std::string& peer) {
        OwedNotice notice;
        if (const auto& end = state_.termination(); end && end->ours) {
            notice.type = NoticeType::termination;
            notice.until = end->ends;
            owe_of_agreement(peer, end->event, notice);
        }
        if (const auto& adopted = state_.adopted()) {
            notice = {};
            notice.type = adopted->as == AdoptedAs::amendment ? NoticeType::amendment
                                                              : NoticeType::arrangement;
            notice.adopted = adopted->terms;
            notice.from = adopted->from;
            owe_of_agreement(peer, adopted->event, notice);
        }
        const auto given = state_.given_assurances().find(peer);
        if (given == state_.given_assurances().end())
            return;
        notice = {};
        notice.type = NoticeType::assurance;
        notice.level = given->second.level;
        notice.until = given->second.until;
        owe_of_agreement(peer, given->second.event, std::move(notice));
    }

    //= O-42: of what the other party originated. //= O-44
    void of_incident(const Incident& incident) {
        const Item* item = state_.item(incident.item);
        const Dispatch* dispatch =
            incident.ours && item != nullptr ? state_.dispatch(item->dispatch) : nullptr;
        if (dispatch == nullptr)
            return;
        OwedNotice notice;
        notice.incident = incident.id;
        if (newest(of_incident_, incident.id, NoticeType::incident) == nullptr) {
            notice.type = NoticeType::incident;
            notice.what = incident.what;
            return owe(*dispatch, std::move(notice));
        }
        const NoticeEntry* report = newest(of_incident_, incident.id, NoticeType::incident_report);
        if (incident.state != IncidentState::report_given ||
            (report != nullptr && report->state != NoticeState::acknowledged))
            return;
        notice.type = NoticeType::incident_report;
        notice.enclosed = incident.enclosed;
        owe(*dispatch, std::move(notice));
    }

    void of_answer(const NoticeEntry& answered) {
        if (answered.state != NoticeState::answered || answered_.contains(answered.id))
            return;
        OwedNotice notice;
        notice.about = answered.id;
        if (answered.type == NoticeType::law) {
            notice.type = NoticeType::acknowledge_law;
            return owe_now(answered.peer, std::move(notice));
        }
        const bool recall = answered.type == NoticeType::recall;
        notice.type = recall ? NoticeType::recall_answer : NoticeType::acknowledge;
        if (recall)
            notice.answer = answered.answer;
        if (const Dispatch* dispatch = state_.dispatch(answered.dispatch))
            owe(*dispatch, std::move(notice));
    }

    // Nothing is told of an item that a courier still carries: there is none there yet.
    static bool held_there(const Dispatch& dispatch) {
        return dispatch.direction == Direction::out && dispatch.moved != Time{} &&
               dispatch.state != DispatchState::lost &&
               !(dispatch.package() && dispatch.state == DispatchState::sent);
    }

    //= O-13: every dispatch by which the other party holds the item. One that was refused was told
    // all the same: to repeat it would be refused again, and a person has to see to it.
    void of_class(const Dispatch& dispatch) {
        const Item* item = state_.item(dispatch.item);
        if (!held_there(dispatch) || item == nullptr || item->direction != Direction::out)
            return;
        const NoticeEntry* told = newest(of_dispatch_, dispatch.id, NoticeType::class_change);
        if ((told == nullptr ? dispatch.level : told->level) == item->level)
            return;
        OwedNotice notice;
        notice.type = NoticeType::class_change;
        notice.level = item->level;
        owe(dispatch, std::move(notice));
    }

    //= O-36
    void of_tracer(const Dispatch& dispatch) {
        if (dispatch.traced == 0)
            return;
        const NoticeEntry* told = newest(of_dispatch_, dispatch.id, NoticeType::tracer);
        if (told == nullptr || told->seq < dispatch.traced)
            owe(dispatch, {});
    }

    //= O-15
    void of_consent(const Consent& consent) {
        for (const auto& [id, dispatch] : state_.dispatches()) {
            const Item* item = state_.item(dispatch.item);
            if (!held_there(dispatch) || dispatch.item != consent.item || item == nullptr ||
                item->direction != Direction::out)
                continue;
            const auto told = of_consent_.find({id, consent.recipient});
            if (told != of_consent_.end() && told->second->seq > consent.event)
                continue;
            OwedNotice notice;
            notice.type = NoticeType::consent;
            notice.third = consent.recipient;
            notice.until = consent.until;
            owe(dispatch, std::move(notice));
        }
    }

    //= O-20
    // Everybody who holds it is told once, whether or not the originator holds a share of its key.
    void of_recall(const Dispatch& dispatch) {
        const Recall* recall = state_.recall(dispatch.item);
        if (recall == nullptr || !recall->notice.empty() || !held_there(dispatch) ||
            newest(of_dispatch_, dispatch.id, NoticeType::recall) != nullptr)
            return;
        OwedNotice notice;
        notice.type = NoticeType::recall;
        notice.enclosed = recall->ground;
        owe(dispatch, std::move(notice));
    }

    //= O-29
    //= O-30
    // The originator learns that nothing of its item is left here.
    void of_destruction(const Dispatch& dispatch) {
        const Item* item = state_.item(dispatch.item);
        if (dispatch.direction != Direction::in || item == nullptr ||
            item->dispatch != dispatch.id ||
            newest(of_dispatch_, dispatch.id, NoticeType::destruction) != nullptr)
            return;
        bool destroyed = false;
        for (const CopyId& id : item->copies) {
            const CopyHolding* copy = state_.copy(id);
            if (copy->state != CopyState::destroyed && copy->state != CopyState::ordered &&
                !given_back(*copy))
                return;
            destroyed = destroyed || copy->state == CopyState::destroyed;
        }
        if (!destroyed)
            return;
        OwedNotice notice;
        notice.type = NoticeType::destruction;
        owe(dispatch, std::move(notice));
    }

    // Away, and receipted: what is only permitted to leave still lies here.
    bool given_back(const CopyHolding& copy) const {
        const auto* by = std::get_if<DispatchId>(&copy.place);
        const Dispatch* dispatch = by == nullptr ? nullptr : state_.dispatch(*by);
        return dispatch != nullptr && dispatch->receipted != Time{};
    }

    // Told once; who never heard of the package has nothing to withdraw, and says so.
    void of_withdrawal(const Dispatch& dispatch) {
        if (dispatch.direction != Direction::out || !dispatch.withdrawn ||
            newest(of_dispatch_, dispatch.id, NoticeType::withdrawal) != nullptr)
            return;
        OwedNotice notice;
        notice.type = NoticeType::withdrawal;
        owe(dispatch, std::move(notice));
    }

    const State& state_;
    std::set<DispatchId> under_way_;
    std::map<std::pair<DispatchId, NoticeType>, const NoticeEntry*> of_dispatch_;
    std::map<std::pair<IncidentId, NoticeType>, const NoticeEntry*> of_incident_;
    std::map<std::pair<std::string, NoticeType>, const NoticeEntry*> of_agreement_;
    std::map<std::pair<DispatchId, std::string>, const NoticeEntry*> of_consent_;
    std::map<std::pair<std::string, std::string>, const NoticeEntry*> of_law_; // by its code
    std::set<NoticeId> answered_;
    std::vector<OwedNotice> out_;
};

} // namespace

std::vector<OwedNotice> owed_notices(const State& state) {
    return Owed(state).all();
}

} // namespace valise::logbook
