// SPDX-License-Identifier: Apache-2.0
#include "logbook/notice.h"
#include "registry/internal/impl.h"

#include <charconv>

// What one registry tells the other: permitted when the book owes it, signed by the key process
// from its own reading of the book, done when the other registry has recorded it.
namespace valise::registry {

using exchange::Frame;
using logbook::ActKind;
using logbook::Notice;
using logbook::Stage;

namespace {

std::string outbox_id(const std::string& notice) {
    return "notice/" + notice;
}

// Ids and facts of an event, and with them the content that is attested: they are the same texts.
struct Said {
    logbook::TextMap ids;
    logbook::TextMap facts;

    Json content() const {
        Json out = Json::object();
        for (const auto* map : {&ids, &facts})
            for (const auto& [name, value] : *map)
                out[name] = value;
        return out;
    }
};

template<class Fields>
Said said(const Fields& from, const std::string& peer, const DispatchId& dispatch,
          const ItemId& item) {
    Said out{{}, {{"type", std::string(to_string(from.type))}, {"peer", peer}}};
    if (!dispatch.empty())
        out.ids["dispatch"] = dispatch.text();
    if (!item.empty())
        out.ids["item"] = item.text();
    if (!from.about.empty())
        out.ids["about"] = from.about.text();
    if (!from.incident.empty())
        out.ids["incident"] = from.incident.text();
    if (!from.level.empty())
        out.facts["level"] = from.level;
    if (from.what)
        out.facts["what"] = std::string(to_string(*from.what));
    if (from.enclosed)
        out.facts["enclosed"] = to_base64(*from.enclosed);
    if (from.until)
        out.facts["until"] = from.until->text();
    if (from.from)
        out.facts["from"] = from.from->text();
    if (from.adopted)
        out.facts["adopted"] = to_base64(*from.adopted);
    if (!from.third.empty())
        out.facts["third"] = from.third;
    if (!from.law.empty())
        out.facts["law"] = from.law;
    if (!from.edition.empty())
        out.facts["edition"] = from.edition;
    if (from.text)
        out.facts["text"] = to_base64(*from.text);
    if (from.affects)
        out.facts["affects"] = *from.affects ? "yes" : "no";
    if (!from.answer.empty())
        out.facts["answer"] = from.answer;
    return out;
}

} // namespace

Result<void> Registry::Impl::give_owed_notices() {
    // A look at every dossier: once for each growth of the book, not at each idle turn.
    if (!peer || told_up_to == ledger.state().next_seq())
        return {};
    for (const auto& owed : logbook::owed_notices(ledger.state()))
        TRY(give(owed));
    told_up_to = ledger.state().next_seq();
    return {};
}

Result<void> Registry::Impl::give(const logbook::OwedNotice& owed) {
    const std::uint64_t seq = ledger.state().next_seq();
    const std::string notice = logbook::notice_id(setup.party, seq).text();
    Said saying = said(owed, owed.peer, owed.dispatch, owed.item);
    const Json content = saying.content();
    Draft draft;
    draft.skeleton.stage = Stage::permitted;
    draft.skeleton.ids = std::move(saying.ids);
    draft.skeleton.ids["notice"] = notice;
    draft.skeleton.facts = std::move(saying.facts);
    if (const auto* dispatch = ledger.state().dispatch(owed.dispatch))
        draft.document = dispatch->document;
    if (owed.enclosed)
        TRY(owed.type == logbook::NoticeType::recall ? add_ground(owed.item, draft.opening)
                                                     : add_enclosed(owed, draft.opening));
    JournalChange extra;
    extra.put.push_back({outbox_id(notice), "notice", to_bytes(std::to_string(seq))});
    TRY(attest(ActKind::give_notice, content, std::move(draft), std::move(extra)));
    return {};
}

//= O-07
//= O-44
// The words of the newest report, or of a law's newest edition, which the notice commits to.
Result<void> Registry::Impl::add_enclosed(const logbook::OwedNotice& owed,
                                          logbook::Opening& opening) const {
    const bool of_law = owed.type == logbook::NoticeType::law;
    std::optional<Recorded> event;
    if (of_law) {
        TRY_ASSIGN(event, ledger.event(ledger.state().laws().at(owed.law).event));
    } else {
        TRY_ASSIGN(event, ledger.newest(ActKind::report, Stage::permitted, owed.incident.text()));
    }
    const Bytes* bytes = event ? event->opening.find("act") : nullptr;
    if (bytes == nullptr)
        return fail(Code::not_found, of_law ? "registry.no_law" : "registry.no_report",
                    of_law ? owed.law : owed.incident.text());
    TRY_ASSIGN(const auto act, logbook::SignedAct::parse(*bytes));
    const std::string note =
        of_law ? logbook::law_words(act.act()) : act.act().optional_field("note").value_or("");
    TRY(opening.add("note", std::string_view(note)));
    return opening.add("salt", ByteView(act.act().nonce()));
}

//= O-20
// The ground of a recall travels as a report does: beside the notice, which commits to it.
Result<void> Registry::Impl::add_ground(const ItemId& item, logbook::Opening& opening) const {
    const logbook::Recall* recall = ledger.state().recall(item);
    if (recall == nullptr)
        return fail(Code::not_found, "registry.no_report", item.text());
    TRY_ASSIGN(const auto event, ledger.event(recall->event));
    const Bytes* bytes = event.opening.find("act");
    if (bytes == nullptr)
        return fail(Code::not_found, "registry.no_report", item.text());
    TRY_ASSIGN(const auto act, logbook::SignedAct::parse(*bytes));
    TRY_ASSIGN(const std::string ground, act.act().field("ground"));
    TRY(opening.add("note", std::string_view(ground)));
    return opening.add("salt", ByteView(act.act().nonce()));
}

Result<void> Registry::Impl::send_notice(exchange::Carrier& carrier, const OutboxEntry& entry) {
    std::uint64_t seq = 0;
    const std::string_view number = text_view(entry.body);
    std::from_chars(number.data(), number.data() + number.size(), seq);
    exchange::Notice message;
    {
        const std::scoped_lock lock(mutex);
        const auto permit = ledger.state().open_permits().find(seq);
        if (permit == ledger.state().open_permits().end())
            return fail(Code::not_found, "registry.no_permit", entry.id);
        TRY_ASSIGN(const Notice notice, logbook::notice_of(ledger.state(), permit->second));
        TRY(sign(LogName::private_log));
        TRY_ASSIGN(message.signature, ports.keys.sign_notice(seq));
        TRY_ASSIGN(const auto event, ledger.event(seq));
        message.notice = notice.bytes();
        message.note = event.opening.text("note");
        if (const Bytes* salt = event.opening.find("salt"))
            message.salt = *salt;
    }
    const auto answered = call(carrier, message.frame(setup.party, peer->list.party), "taken");
    if (!answered && !decided_against(answered.error()))
        return fail(answered.error());
    const std::scoped_lock lock(mutex);
    // While it travelled the book may have moved on, a receipt come, a package been delivered: then
    // an auditor would expect other words of it than were sent. It is sent anew; the peer knows it.
    if (const auto permit = ledger.state().open_permits().find(seq);
        permit != ledger.state().open_permits().end()) {
        TRY_ASSIGN(const Notice present, logbook::notice_of(ledger.state(), permit->second));
        if (answered && present.bytes() != message.notice)
            return fail(Code::unavailable, "registry.notice_moved",
                        "the book moved on while the notice travelled");
    }
    JournalChange extra;
    extra.drop.push_back(entry.id);
    if (!answered) {
        extra.notes["refusal/" + entry.id] = to_bytes(answered.error().reason());
        TRY(notice_ended(seq, Stage::failed, {}, std::move(extra)));
        return give_owed_notices();
    }
    logbook::Opening opening;
    TRY(opening.add("notice", ByteView(message.notice)));
    TRY(opening.add("signature", ByteView(message.signature)));
    TRY(notice_ended(seq, Stage::done, std::move(opening), std::move(extra)));
    return give_owed_notices();
}

Result<void> Registry::Impl::notice_ended(std::uint64_t permit, Stage stage,
                                          logbook::Opening opening, JournalChange extra) {
    const logbook::OpenPermit permitted = ledger.state().open_permits().at(permit);
    std::optional<DispatchId> dispatch;
    if (const auto named = permitted.ids.find("dispatch"); named != permitted.ids.end()) {
        TRY_ASSIGN(dispatch, DispatchId::parse(named->second));
    }
    Draft ended;
    ended.skeleton.kind = ActKind::give_notice;
    ended.skeleton.stage = stage;
    ended.skeleton.permit = permit;
    ended.skeleton.ids = permitted.ids;
    ended.skeleton.facts = permitted.facts;
    ended.opening = std::move(opening);
    ended.shared = stage == Stage::done;
    if (dispatch) {
        ended.document = ledger.state().dispatch(*dispatch)->document;
        if (ended.shared) {
            TRY_ASSIGN(ended.link_tag, link_tag_of(*dispatch));
        }
    }
    std::vector<Draft> drafts;
    drafts.push_back(std::move(ended));
    TRY(ledger.record(std::move(drafts), std::move(extra)));
    return {};
}

// A notice that is known already is only acknowledged: recording it twice would be a second event
// for one deed.
Result<Frame> Registry::Impl::take_notice(const Frame& request) {
    TRY_ASSIGN(const auto message, exchange::Notice::parse(request));
    TRY_ASSIGN(const Notice notice, Notice::parse(message.notice));
    TRY(peer->receipt.verify(notice.signed_bytes(), message.signature));
    const auto& fields = notice.fields();
    Frame taken{"taken", setup.party, peer->list.party, Json::object(), {}};
    if (const auto* known = ledger.state().notice(fields.notice); known != nullptr && !known->ours)
        return taken;
    const auto bad = [](const char* text) {
        return fail(Code::integrity, "registry.notice", text);
    };
    const logbook::Dispatch* dispatch = ledger.state().dispatch(fields.dispatch);
    if (fields.party != peer->list.party)
        return bad("given by somebody else");
    if (dispatch != nullptr && logbook::told_document(*dispatch) != fields.statement)
        return bad("of another statement than that dispatch has here");
    if (fields.enclosed.has_value() == message.salt.empty())
        return bad("without what it encloses, or with what it does not");
    Said saying = said(fields, fields.party, fields.dispatch,
                       dispatch == nullptr ? ItemId() : dispatch->item);
    saying.ids["notice"] = fields.notice.text();
    const Json content = saying.content();
    Draft draft;
    draft.skeleton.stage = Stage::done;
    draft.skeleton.ids = std::move(saying.ids);
    draft.skeleton.facts = std::move(saying.facts);
    TRY(draft.opening.add("notice", ByteView(message.notice)));
    TRY(draft.opening.add("signature", ByteView(message.signature)));
    if (fields.enclosed) {
        TRY_ASSIGN(const auto salt, fixed<16>(message.salt, "registry.notice"));
        if (logbook::enclosed_digest(salt, message.note) != *fields.enclosed)
            return bad("another text than it encloses");
        TRY(draft.opening.add("note", std::string_view(message.note)));
        TRY(draft.opening.add("salt", ByteView(message.salt)));
    }
    draft.shared = dispatch != nullptr || fields.dispatch.empty();
    if (dispatch != nullptr) {
        draft.document = dispatch->document;
        TRY_ASSIGN(draft.link_tag, link_tag_of(fields.dispatch));
    }
    TRY_ASSIGN(const auto attested, attest(ActKind::take_notice, content, std::move(draft)));
    if (!attested.decision.permitted())
        return fail(Code::refused, attested.decision.reason(), "the receiving registry refuses it");
    if (fields.type == logbook::NoticeType::withdrawal)
        TRY(end_withdrawn(fields.dispatch));
    return taken;
}

} // namespace valise::registry
