// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/state.h"

namespace valise::logbook {

// One skeleton applied to one state. Every step checks all before it changes anything, so an error
// leaves the state as it was.
class Fold {
public:
    Fold(State& state, const Skeleton& event) : s_(state), e_(event) {}

    Result<void> apply();

private:
    Result<void> check_frame() const;
    // For done and failed: finds the permit, and merges its facts under those of the event.
    Result<void> take_permit();
    Result<void> permitted();
    Result<void> done();
    Result<void> failed();
    void finish();

    // fold_persons.cpp: what is done by being recorded
    Result<void> found();
    Result<void> pair();
    Result<void> enrol();
    Result<void> appoint();
    Result<void> clear();
    Result<void> grant();
    Result<void> accredit();
    Result<void> brief();
    Result<void> debrief();
    Result<void> transfer();
    Result<void> facility();
    Result<void> absence();
    Result<void> record_assurance();
    Result<void> revoke();
    Result<void> revoke_grant();
    Result<void> revoke_release();
    Result<Person*> active_person();

    // fold_items.cpp
    Result<void> reserve_entry() const;
    Result<void> enter();
    Result<Release> named_release() const;
    Result<void> ask_release();
    Result<void> approve_release();
    Result<void> refuse_release();
    Result<void> begin_muster();
    Result<void> count();
    Result<void> close_muster();
    Result<void> possible_open();
    Result<void> open();
    Result<void> read_by(const std::optional<PersonId>& reader);
    Result<void> permit_export();
    Result<void> exported();
    Result<void> remark(bool effect);
    Result<void> new_item_ids() const;
    Result<void> new_copy_id() const;
    bool reserved(const char* name) const;             // by the open permit of an entry or arrival
    bool copy_reserved(const std::string& copy) const; // by that of anything that makes a copy
    Result<std::uint32_t> checked_number() const;
    void spend_number();
    void keep_item(Item item);
    // An item that may be granted, released, dispatched and opened: one that is not cancelled.
    Result<void> usable_item() const;

    // fold_entries.cpp
    Result<void> correct();
    Result<void> cancel();
    Result<Item*> noted_entry(EntryEvent what);
    void withdraw_releases(const ItemId& item);

    // fold_custody.cpp
    Result<void> container();
    Result<void> store();
    Result<void> reproduce();
    Result<void> issue();
    Result<void> permit_print();
    Result<void> printed();
    Result<void> take_back();
    Result<void> witness_destruction();
    Result<void> permit_destruction();
    Result<void> certify_destruction();
    Result<void> destroyed();
    Result<void> destruction_failed();
    Result<void> review_purpose();
    Result<CopyHolding*> known_copy();

    // fold_dispatches.cpp
    Result<void> permit_dispatch();
    Result<void> send();
    Result<void> offer();
    Result<void> arrive();
    Result<void> custody_receipt(bool effect);
    Result<void> contents_receipt(bool effect);
    Result<void> close();
    Result<void> dispatch_failed();
    Result<void> arrival_failed();
    Result<Dispatch*> known_dispatch();

    // fold_packages.cpp
    Result<void> pack(Dispatch& dispatch);
    Result<void> unpack(const Dispatch& dispatch);
    Result<void> lose(CopyHolding& copy);
    Result<void> turned_up(const Dispatch& dispatch);
    Result<void> hand_over();
    Result<void> take_delivery();
    Result<void> withdraw();
    Result<void> withdrawn_there(const NoticeEntry& notice);
    Result<void> returned_copy(const DispatchId& by) const;

    // fold_accord.cpp
    Result<void> adopt_terms();
    Result<void> put_in_force();
    Result<void> terminate();
    Result<void> recover(bool done);
    Result<void> reconcile();
    Result<void> countersign();
    Result<void> assure();
    Result<void> peer_adopts(const NoticeEntry& notice);
    Result<void> peer_terminates(const NoticeEntry& notice);
    Result<void> peer_assures(const NoticeEntry& notice);
    Result<void> consent();
    Result<void> peer_consents(const NoticeEntry& notice);
    Result<void> destroyed_there(const NoticeEntry& notice);
    Result<void> revoke_assurance();

    // fold_laws.cpp
    Result<void> law();
    Result<void> ask_laws();
    Result<void> peer_tells_law(const NoticeEntry& notice);
    Result<void> peer_asks_laws(const NoticeEntry& notice);

    // fold_notices.cpp
    Result<NoticeEntry> new_notice(bool ours);
    Result<void> give_notice();
    Result<void> notice_ends(NoticeEvent event);
    Result<void> take_notice();
    Result<void> class_changed(const NoticeEntry& notice);
    Result<void> incident_told(const NoticeEntry& notice);
    Result<void> acknowledged(const NoticeEntry& answer);
    Result<void> move_notice(NoticeEntry& notice, NoticeEvent event);
    Result<void> move_incident(const IncidentId& id, IncidentEvent event);
    Result<void> trace();
    Result<void> change_class();
    Result<void> acknowledge();
    Result<void> report_incident();
    Result<void> investigate();
    Result<void> report();
    Result<void> close_incident();

    // fold_control.cpp
    Result<Control*> controlled_dispatch(Direction direction);
    void keep_until(std::optional<Time>& until) const;
    Result<void> permit_opening();
    Result<void> opening_permitted();
    Result<void> opening_answered();
    Result<void> reading_admitted(const CopyHolding& copy) const;
    Result<void> narrow();
    Result<void> recall();
    Result<void> recalled_there(const NoticeEntry& notice);
    Result<void> answer_recall();
    Result<void> recall_answered(const NoticeEntry& answer);

    // fold_passkeys.cpp
    Result<void> passkey();
    Result<void> end_passkeys(Person& person);

    // fold_shredding.cpp
    Result<void> permit_shredding();
    Result<void> shredded();
    Result<void> shredding_failed();

    std::string id(const char* name) const;
    std::string fact(const char* name) const { return text_in(facts_, name); }
    bool fact_is_new(const char* name) const;
    static std::string text_in(const TextMap& values, const char* name);
    // The types of ids and facts are checked by Skeleton::make().
    template<class IdType> IdType id_as(const char* name) const {
        return IdType::parse(id(name)).value_or(IdType());
    }
    Hash32 hash_fact(const char* name) const;
    Time time_fact(const char* name) const;
    PersonId person_fact(const char* name) const;
    std::uint64_t number_fact(const char* name) const; // 0 when absent
    // Who was permitted: on an outcome, the actor of the permit.
    std::optional<PersonId> actor() const;

    void move(Dispatch& dispatch, DispatchState to);

    State& s_;
    const Skeleton& e_;
    const OpenPermit* permit_ = nullptr;
    TextMap facts_; // of the event and its permit
};

std::unexpected<Error> unknown_id(const std::string& what);
std::unexpected<Error> known_id(const std::string& what);

} // namespace valise::logbook
