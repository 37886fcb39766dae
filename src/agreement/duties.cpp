// SPDX-License-Identifier: Apache-2.0
#include "agreement/duties.h"

#include "agreement/control.h"
#include "agreement/internal/clauses.h"
#include "agreement/internal/expiry.h"
#include "agreement/passage.h"

#include <algorithm>
#include <queue>
#include <unordered_set>

namespace valise::agreement {
namespace {

using logbook::Direction;
using logbook::DispatchState;
using logbook::IncidentState;
using logbook::NoticeState;
using logbook::NoticeType;

class Duties {
public:
    Duties(const Terms& terms, const logbook::State& state, Time now, std::size_t most)
        : terms_(terms), state_(state), now_(now), reviews_{most, {}}, issues_{most, {}} {}

    std::vector<StandingDuty> all() {
        for (const auto& [id, dispatch] : state_.dispatches())
            dispatch.direction == Direction::out ? sent(dispatch) : received(dispatch);
        for (const auto& [id, notice] : state_.notices())
            notice.ours ? given(notice) : taken(notice);
        for (const auto& [id, incident] : state_.incidents())
            if (incident.ours)
                reported(incident);
        custody();
        musters();
        accord();
        laws();
        std::ranges::move(internal::expiring(terms_, state_, now_), std::back_inserter(out_));
        std::ranges::stable_sort(out_, {}, &StandingDuty::due);
        return std::move(out_);
    }

private:
    struct Rule {
        const char* clause;
        const char* row;
    };
    static constexpr Rule kReceipt{"receipt-due", "O-36"};
    static constexpr Rule kLink{"link-accreditation", "O-38"};
    static constexpr Rule kTracer{"tracer-due", "O-36"};
    static constexpr Rule kContainer{"container-level", "O-28"};
    static constexpr Rule kCleared{"clearance", "O-22"};
    static constexpr Rule kChain{"custody-chain", "O-37"};
    static constexpr Rule kSeals{"seals-intact", "O-35"};
    static constexpr Rule kDelivery{"delivery", "O-34"};
    static constexpr Rule kNotice{"notice-duty", "O-13"};
    static constexpr Rule kChange{"class-change-told", "O-13"};
    static constexpr Rule kRecall{"recall-told", "O-20"};
    static constexpr Rule kFindings{"findings-first", "O-43"};
    static constexpr Rule kReport{"report-acknowledged", "O-44"};
    static constexpr Rule kIssue{"issue-term", "O-26"};
    static constexpr Rule kDerived{"derived-class", "O-11"};
    static constexpr Rule kMuster{"muster-complete", "O-26"};
    static constexpr Rule kCertify{"certifier", "O-30"};
    static constexpr Rule kReview{"review-term", "O-29"};
    static constexpr Rule kCountersigned{"countersigned", "O-48"};
    static constexpr Rule kTermination{"termination-notice", "O-48"};
    static constexpr Rule kControls{"minimum-controls", "O-17"};
    static constexpr Rule kLaw{"law-told", "O-07"};
    static constexpr Rule kLawRequest{"law-request", "O-07"};

    // Which of many, that come in any order, may be among the `most` that are due first.
    struct First {
        std::size_t most;
        std::priority_queue<Time> dues;
        bool takes(Time due) {
            if (dues.size() < most) {
                dues.push(due);
                return true;
            }
            if (dues.empty() || due >= dues.top())
                return false;
            dues.pop();
            dues.push(due);
            return true;
        }
    };

    StandingDuty& add(const Rule& rule, const char* what, const std::string& subject,
                      const DispatchId& dispatch, Time due) {
        return out_.emplace_back(StandingDuty{
            rule.clause, rule.row, what, subject, dispatch.text(), due, now_ > due, true, {}, {}});
    }

    //= O-36
    //= I7
    // Past the tracer's day there is a receipt, or a tracer, or this line.
    void sent(const logbook::Dispatch& dispatch) {
        using enum DispatchState;
        const DispatchState at = dispatch.state;
        if (std::ranges::any_of(dispatch.legs, [](const logbook::Leg& leg) {
                return leg.seals == logbook::SealFinding::broken;
            }))
            broken(dispatch);
        if (at == permitted && dispatch.package() && dispatch.legs.empty())
            add(kChain, "hand-over", dispatch.id.text(), dispatch.id,
                plus_working_days(dispatch.since, terms_.receipt().due_days));
        if (at == permitted)
            waits(dispatch);
        if (at != DispatchState::sent && at != custody_receipted && at != discrepancy)
            return;
        const ReceiptTerms& r = terms_.receipt();
        const std::string subject = dispatch.id.text();
        if (now_ >= plus_working_days(dispatch.moved, r.reminder_days))
            add(kReceipt, "await-receipt", subject, dispatch.id,
                plus_working_days(dispatch.moved, r.due_days))
                .ours = false;
        const Time tracer =
            at == discrepancy ? dispatch.since : plus_working_days(dispatch.moved, r.tracer_days);
        if (dispatch.traced == 0 && now_ >= tracer)
            add(kTracer, "trace", subject, dispatch.id, tracer);
    }

    //= O-36
    //= O-38
    // What does not go, or of which no word came back: a bag over a one-way road that is lost would
    // else be missed by nobody. A tracer asks of what is known as sent; of this a person asks.
    void waits(const logbook::Dispatch& dispatch) {
        const Time due = plus_working_days(dispatch.since, terms_.receipt().due_days);
        if (held(dispatch) || dispatch.package())
            return;
        if (now_ >= due)
            add(kReceipt, "ask-arrival", dispatch.id.text(), dispatch.id, due);
    }

    // Until the link is accredited anew, or for good.
    bool held(const logbook::Dispatch& dispatch) {
        if (held_back(terms_, state_, dispatch, now_).empty())
            return false;
        add(kLink, "held-dispatch", dispatch.id.text(), dispatch.id, now_);
        return true;
    }

    //= O-35
    //= O-42
    // Until somebody reports it.
    void broken(const logbook::Dispatch& dispatch) {
        if (std::ranges::none_of(state_.incidents(), [&](const auto& one) {
                return one.second.ours && one.second.item == dispatch.item;
            }))
            add(kSeals, "report-incident", dispatch.id.text(), dispatch.id, dispatch.since).item =
                dispatch.item.text();
    }

    void received(const logbook::Dispatch& dispatch) {
        using enum DispatchState;
        const DispatchState at = dispatch.state;
        if (dispatch.delivered == logbook::SealFinding::broken)
            broken(dispatch);
        if (at == offered && !dispatch.package())
            held(dispatch);
        if (at == offered && dispatch.package())
            add(kDelivery, "take-delivery", dispatch.id.text(), dispatch.id,
                plus_working_days(dispatch.since, terms_.receipt().due_days));
        if (at == arrived || at == custody_receipt_sent || at == marked || at == opened)
            add(kReceipt, "contents-receipt", dispatch.id.text(), dispatch.id,
                plus_working_days(dispatch.moved, terms_.receipt().due_days));
    }

    void given(const logbook::NoticeEntry& notice) {
        // Who was never told of a package has nothing to withdraw.
        if (notice.state == NoticeState::refused && notice.type != NoticeType::withdrawal)
            add(kNotice, "see-to-refusal", notice.id.text(), notice.dispatch, notice.since);
        const bool waits = notice.state == NoticeState::given || notice.state == NoticeState::taken;
        if (waits && notice.type == NoticeType::law)
            add(kLaw, "await-acknowledgement", notice.id.text(), {},
                plus_working_days(notice.at, terms_.notice().law_days))
                .ours = false;
        if (waits && notice.type == NoticeType::recall)
            return recalled(notice);
        if (!waits ||
            (notice.type != NoticeType::class_change && notice.type != NoticeType::incident_report))
            return;
        add(notice.type == NoticeType::class_change ? kChange : kReport, "await-acknowledgement",
            notice.id.text(), notice.dispatch,
            plus_working_days(notice.at, terms_.notice().class_change_days))
            .ours = false;
    }

    //= O-20
    // Theirs to answer; once that is overdue, ours to take up with their authority, until they do.
    void recalled(const logbook::NoticeEntry& notice) {
        const Time due = plus_working_days(notice.at, recall_answer_days(terms_));
        const std::string subject = notice.id.text();
        add(kRecall, "await-recall-answer", subject, notice.dispatch, due).ours = false;
        if (now_ > due)
            add(kRecall, "escalate-recall", subject, notice.dispatch, due);
    }

    void taken(const logbook::NoticeEntry& notice) {
        const logbook::Dispatch* dispatch = state_.dispatch(notice.dispatch);
        if (notice.state == NoticeState::received && notice.type == NoticeType::law)
            add(kLaw, "acknowledge", notice.id.text(), {},
                plus_working_days(notice.at, terms_.notice().law_days));
        if (notice.state != NoticeState::received || !wants_answer(notice.type) ||
            dispatch == nullptr)
            return;
        const std::string subject = notice.id.text();
        if (notice.type == NoticeType::tracer) {
            // Its answer is the receipt; a person may also say that they are looking for it.
            if (dispatch->state != DispatchState::contents_receipt_sent)
                add(kNotice, "answer-tracer", subject, notice.dispatch, notice.at);
            return;
        }
        if (notice.type == NoticeType::recall) {
            add(kRecall, "answer-recall", subject, notice.dispatch,
                plus_working_days(notice.at, recall_answer_days(terms_)));
            return;
        }
        if (notice.type != NoticeType::class_change) {
            add(kNotice, "acknowledge", subject, notice.dispatch, notice.at);
            return;
        }
        const Time due = plus_working_days(notice.at, terms_.notice().class_change_days);
        const logbook::Item* item = state_.item(dispatch->item);
        if (item != nullptr && item->change == notice.id)
            add(kNotice, "remark", item->id.text(), notice.dispatch, due);
        add(kNotice, "acknowledge", subject, notice.dispatch, due);
    }

    void reported(const logbook::Incident& incident) {
        const logbook::Item* item = state_.item(incident.item);
        const bool received = item != nullptr && item->direction == Direction::in;
        const DispatchId dispatch = received ? item->dispatch : DispatchId();
        const std::string subject = incident.id.text();
        if (incident.state == IncidentState::frozen)
            add(kFindings, "investigate", subject, dispatch, incident.at);
        if (incident.state == IncidentState::investigated && received)
            add(kReport, "report", subject, dispatch,
                incident.at.plus_days(terms_.notice().report_days));
        if (incident.state == IncidentState::report_acknowledged ||
            (incident.state == IncidentState::investigated && !received))
            add(kReport, "close-incident", subject, dispatch, incident.since);
    }

    //= O-48
    // Terms that one party alone countersigned, and the end of the agreement from its notice on.
    void accord() {
        const auto& ours = state_.adopted();
        const auto& theirs = state_.peer_adopted();
        if (theirs && (!ours || !ours->agrees_with(*theirs)))
            add(kCountersigned, "countersign", "", {}, theirs->from);
        if (ours && (!theirs || !theirs->agrees_with(*ours)))
            add(kCountersigned, "await-countersignature", "", {}, ours->from).ours = false;
        // From 30 days ahead on the end of the agreement is said as what runs out.
        if (const auto& end = state_.termination(); end && now_.plus_days(30) < end->ends)
            add(kTermination, "agreement-ends", "", {}, end->ends);
    }

    //= O-07
    // What was asked for and not supplied since. An empty register supplies nothing of itself.
    void laws() {
        const auto due = [&](const logbook::LawRequest& request) {
            return plus_working_days(request.at, terms_.notice().law_days);
        };
        for (const auto& [peer, request] : state_.laws_asked_by())
            if (state_.laws().empty())
                add(kLawRequest, "supply-laws", peer, {}, due(request));
        for (const auto& [peer, request] : state_.asked_laws())
            if (!law_supplied(state_, peer, request))
                add(kLawRequest, "await-laws", peer, {}, due(request)).ours = false;
    }

    //= O-26
    //= O-29
    // Items of which no copy is left are asked about no more. A large register is looked through
    // once: every desk shows what is due.
    void custody() {
        std::unordered_set<const logbook::Item*> several; // seen, of those with more than one copy
        for (const auto& [id, copy] : state_.copies()) {
            if (copy.state == logbook::CopyState::destroyed ||
                copy.state == logbook::CopyState::lost || copy.state == logbook::CopyState::ordered)
                continue;
            // What of ours is away is still ours; what was given back is not.
            const logbook::Item* item = state_.item(copy.item);
            const bool here = held_here(copy.state);
            if (item != nullptr && (here || item->direction == Direction::out) &&
                (item->copies.size() == 1 || several.insert(item).second)) {
                reviewed(*item);
                derived(*item);
            }
            if (!here)
                continue;
            if (item != nullptr)
                mustered(copy, *item);
            if (copy.state == logbook::CopyState::destroying &&
                copy.form != logbook::Form::electronic)
                add(kCertify, "certify", id.text(), {}, copy.destruction->minute).item =
                    copy.item.text();
            if (item != nullptr)
                stranded(copy, *item);
            const auto* reader = std::get_if<PersonId>(&copy.place);
            if (reader == nullptr || !issues_.takes(copy.due))
                continue;
            StandingDuty& duty = add(kIssue, "take-back", id.text(), {}, copy.due);
            duty.item = copy.item.text();
            duty.person = reader->text();
        }
    }

    //= O-13
    //= O-28
    // A copy of an item that was raised over the head of its container or of its reader, or whose
    // reader lost the clearance.
    void stranded(const logbook::CopyHolding& copy, const logbook::Item& item) {
        const Party* own = terms_.party(state_.party());
        if (own == nullptr || std::holds_alternative<logbook::AtRegistry>(copy.place))
            return;
        if (const auto* id = std::get_if<ContainerId>(&copy.place)) {
            const Place& at = place(*own, *id, protected_level(item));
            if (at.lower)
                add(kContainer, "store-higher", copy.id.text(), {}, now_).item = item.id.text();
            if (at.weaker)
                add(kControls, "protect-better", copy.id.text(), {}, now_).item = item.id.text();
        } else if (const auto* reader = std::get_if<PersonId>(&copy.place)) {
            const auto clearance = state_.clearance_at(*reader, now_);
            if (!clearance || !reaches(*own, clearance->level, protected_level(item))) {
                StandingDuty& duty = add(kCleared, "take-back-now", copy.id.text(), {}, now_);
                duty.item = item.id.text();
                duty.person = reader->text();
            }
        }
    }

    static bool reaches(const Party& own, const std::string& code, const std::string& needed) {
        const label::Level* level = own.scheme.by_code(code);
        const label::Level* least = own.scheme.by_code(needed);
        return least == nullptr || (level != nullptr && level->rank >= least->rank);
    }

    // Of one container and level: many copies lie side by side.
    struct Place {
        ContainerId container;
        std::string_view level;
        bool lower = false;
        bool weaker = false;
    };
    const Place& place(const Party& own, const ContainerId& id, const std::string& level) {
        if (place_.container == id && place_.level == level)
            return place_;
        const logbook::Container* container = state_.container(id);
        place_ = {id, level, container != nullptr && !reaches(own, container->level, level),
                  container != nullptr && !protects(own, container->controls, level)};
        return place_;
    }

    // What the musters are counted from.
    void mustered(const logbook::CopyHolding& copy, const logbook::Item& item) {
        if (!logbook::tangible(copy.form))
            return;
        const std::string& level = protected_level(item);
        for (auto& [known, entered] : oldest_)
            if (known == level) {
                entered = std::min(entered, item.entered);
                return;
            }
        oldest_.emplace_back(level, item.entered);
    }

    //= O-26
    // A level of which nothing is held is not mustered; a muster of everything counts for all. What
    // is due is counted from the newest one that was closed, or from the oldest entry.
    void musters() {
        const Party* own = terms_.party(state_.party());
        if (own == nullptr)
            return;
        std::map<std::string, Time> oldest; // by level
        for (const auto& [level, entered] : oldest_)
            oldest.emplace(level, entered);
        std::optional<Time> spot;
        for (const auto& [level, since] : oldest)
            spot = spot ? std::min(*spot, since) : since;
        for (const auto& [id, muster] : state_.musters()) {
            if (!muster.closed || muster.container != ContainerId())
                continue;
            if (muster.percent != 0 && spot)
                spot = std::max(*spot, muster.begun);
            if (muster.percent == 0)
                for (auto& [level, since] : oldest)
                    if (muster.level.empty() || muster.level == level)
                        since = std::max(since, muster.begun);
        }
        for (const auto& [level, since] : oldest)
            if (const auto months = own->muster.find(level); months != own->muster.end())
                due_soon("muster", level, plus_months(since, months->second));
        if (spot && terms_.muster().spot_percent != 0)
            due_soon("spot-check", "", spot->plus_days(terms_.muster().spot_days));
        for (const auto& [id, muster] : state_.musters())
            if (!muster.closed)
                add(kMuster, muster.missing == 0 ? "close-muster" : "find-missing", id.text(), {},
                    muster.begun);
    }

    void due_soon(const char* what, const std::string& level, Time due) {
        constexpr int kMusterAheadDays = 14; // [own proposal]
        if (now_.plus_days(kMusterAheadDays) >= due)
            add(kMuster, what, level, {}, due);
    }

    //= O-11
    //= O-13
    //= I15
    // What was made out of an item whose class was raised since is listed until it is raised too.
    void derived(const logbook::Item& item) {
        const Party* own = terms_.party(state_.party());
        if (item.sources.empty() || own == nullptr)
            return;
        const auto rank = [&](const logbook::Item& of) {
            const auto* level = own->scheme.by_code(protected_level(of));
            return level == nullptr ? 0 : level->rank;
        };
        for (const ItemId& id : item.sources) {
            const logbook::Item* source = state_.item(id);
            if (source == nullptr || rank(*source) <= rank(item))
                continue;
            add(kDerived, "raise-class", item.id.text(), item.dispatch, now_).item = item.id.text();
            return;
        }
    }

    // Listed a month ahead: the book of a large register has a review for each of its items.
    // [own proposal]
    void reviewed(const logbook::Item& item) {
        constexpr int kReviewAheadDays = 30;
        std::string_view what = "review-purpose";
        Time due;
        if (item.review == logbook::ReviewFinding::kept) {
            due = item.next_review;
        } else if (item.review) {
            what = to_string(*item.review);
            due = item.reviewed;
        } else {
            due = first_review(item.entered);
        }
        if (now_.plus_days(kReviewAheadDays) < due || !reviews_.takes(due))
            return;
        add(kReview, std::string(what).c_str(), item.id.text(), item.dispatch, due).item =
            item.id.text();
    }

    // What was entered on one day is due on one day, at the same time of day.
    Time first_review(Time entered) {
        constexpr std::int64_t kDay = std::int64_t{24} * 3600;
        const std::int64_t into = entered.seconds % kDay;
        const Time midnight{entered.seconds - into};
        if (!review_day_ || review_day_->first != midnight)
            review_day_ = {midnight, plus_months(midnight, terms_.review().months)};
        return review_day_->second.plus_seconds(into);
    }

    const Terms& terms_;
    const logbook::State& state_;
    const Time now_;
    First reviews_;
    First issues_;
    Place place_;
    std::vector<std::pair<std::string_view, Time>> oldest_; // entry of what is held, by level
    std::optional<std::pair<Time, Time>> review_day_;
    std::vector<StandingDuty> out_;
};

} // namespace

std::vector<StandingDuty> duties_at(const Terms& terms, const logbook::State& state, Time now,
                                    std::size_t most) {
    return Duties(terms, state, now, most).all();
}

} // namespace valise::agreement
