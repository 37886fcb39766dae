// SPDX-License-Identifier: Apache-2.0
#include "agreement/control.h"

#include "logbook/opening_papers.h"
#include "registry/internal/impl.h"

// Openings of what its originator controls. At the receiver: permitted here, asked there over the
// wire with nobody's lock held, recorded as answered, then released. At the originator: decided and
// recorded before the answer leaves. //= O-20
namespace valise::registry {

using exchange::Frame;
using logbook::ActKind;
using logbook::Stage;

namespace {

// The link does not carry the question at all; everything else is an answer.
bool link_down(const Error& error) {
    return error.code() == Code::unavailable && !error.reason().starts_with("peer.");
}

std::unexpected<Error> no_link() {
    return fail(Code::unavailable, "registry.originator_unreachable",
                "the originator must permit this opening and cannot be asked now");
}

// What both books say of one opening, as content of the act and as ids and facts.
Json opening_content(const logbook::OpeningAsk& ask, const ItemId& item,
                     const std::optional<Time>& until) {
    const auto& fields = ask.fields();
    Json out = {{"dispatch", fields.dispatch.text()},
                {"item", item.text()},
                {"copy", fields.copy.text()},
                {"reader", to_base64(fields.reader)},
                {"level", fields.level},
                {"opening", std::to_string(fields.opening)},
                {"asked", to_base64(ask.digest())}};
    if (until)
        out["until"] = until->text();
    if (fields.client)
        out["by"] = "client";
    return out;
}

void fill(Draft& draft, const Json& content) {
    for (const char* name : {"dispatch", "item", "copy"})
        draft.skeleton.ids[name] = content.at(name).get<std::string>();
    for (const char* name : {"reader", "level", "opening", "asked", "until", "by"})
        if (content.contains(name))
            draft.skeleton.facts[name] = content.at(name).get<std::string>();
}

// Gives up the registry's lock, and has it again however its scope ends.
class Unlocked {
public:
    explicit Unlocked(std::unique_lock<std::mutex>& lock) : lock_(lock) { lock_.unlock(); }
    ~Unlocked() { lock_.lock(); }
    Unlocked(const Unlocked&) = delete;
    Unlocked& operator=(const Unlocked&) = delete;

private:
    std::unique_lock<std::mutex>& lock_;
};

// A permit that stayed among those that are asked would be ended by nobody.
class Asking {
public:
    Asking(std::set<std::uint64_t>& all, std::uint64_t permit)
        : all_(all), one_(all.insert(permit).first) {}
    ~Asking() { all_.erase(one_); }
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;

private:
    std::set<std::uint64_t>& all_;
    std::set<std::uint64_t>::iterator one_;
};

} // namespace

bool Registry::Impl::awaits_originator(std::uint64_t permit) const {
    const auto open = ledger.state().open_permits().find(permit);
    if (open == ledger.state().open_permits().end() || open->second.kind != ActKind::open ||
        open->second.answered)
        return false;
    const auto id = ItemId::parse(open->second.ids.at("item"));
    const logbook::Item* item = id ? ledger.state().item(*id) : nullptr;
    return item != nullptr && ledger.state().controlled(*item);
}

Result<Bytes> Registry::Impl::manifest_of(const BlobId& blob) const {
    TRY_ASSIGN(const auto source, ports.blobs.open(blob));
    TRY_ASSIGN(const auto container, envelope::Container::open(*source));
    return to_bytes(container.manifest_bytes());
}

// The lock is given up while the question travels: the other registry may be asking us.
Result<exchange::Opened> Registry::Impl::ask_originator(const vault::SignedText& ask,
                                                        std::unique_lock<std::mutex>& lock) {
    if (ports.live == nullptr || !peer)
        return no_link();
    const Frame request =
        exchange::Opening{ask.text, ask.signature}.frame(setup.party, peer->list.party);
    const auto answered = [&] {
        const Unlocked meanwhile(lock);
        return call(*ports.live, request, "opened");
    }();
    if (!answered)
        return fail(answered.error());
    return exchange::Opened::parse(*answered);
}

Result<void> Registry::Impl::record_opening(const vault::SignedText& asked,
                                            const exchange::Opened& answered, const ItemId& item) {
    TRY_ASSIGN(const auto ask, logbook::OpeningAsk::parse(asked.text));
    TRY_ASSIGN(const auto answer, logbook::OpeningAnswer::parse(answered.answer));
    TRY(peer->receipt.verify(answer.signed_bytes(), answered.signature));
    if (answer.fields().asked != ask.digest() || answer.fields().party != peer->list.party)
        return fail(Code::integrity, "registry.opening_answer", "an answer to something else");
    const Json content = opening_content(ask, item, answer.fields().until);
    Draft draft;
    draft.skeleton.stage = Stage::done;
    fill(draft, content);
    TRY(draft.opening.add("ask", ByteView(ask.bytes())));
    TRY(draft.opening.add("answer", ByteView(answer.bytes())));
    TRY(draft.opening.add("signature", ByteView(answered.signature)));
    draft.document = ledger.state().dispatch(ask.fields().dispatch)->document;
    TRY_ASSIGN(const auto attested, attest(ActKind::permit_opening, content, std::move(draft)));
    if (!attested.decision.permitted())
        return fail(Code::refused, attested.decision.reason(),
                    "the answer of the originator does not fit this book");
    return {};
}

Result<void> Registry::Impl::release_controlled(std::uint64_t permit, ByteView manifest,
                                                ActAnswer& answer) {
    TRY(sign(LogName::private_log));
    if (answer.result.contains("place")) { // the key process joins both shares when it is shown
        const bool answered = ledger.state().open_permits().at(permit).answered;
        answer.result["control"] = answered ? "permit" : "lease";
        return {};
    }
    TRY_ASSIGN(const auto shares, ports.keys.release_controlled(permit, manifest));
    answer.result["share"] = to_base64(shares.share);
    answer.result["originators_share"] = to_base64(shares.originators);
    answer.result["control"] = shares.lease ? "lease" : "permit";
    if (shares.lease)
        answer.result["lease"] = shares.lease->text();
    return {};
}

// Permitted here and recorded. What follows may take as long as the link does; the permit may be
// gone by then, since its reader can say that it came to nothing.
Result<void> Registry::Impl::ask_for_permit(std::uint64_t permit, const ItemId& item,
                                            ByteView manifest, std::unique_lock<std::mutex>& lock) {
    const Asking until_it_returns(asking, permit);
    TRY(sign(LogName::private_log));
    TRY_ASSIGN(const auto asked, ports.keys.ask_opening(permit, manifest));
    const auto answered = ask_originator(asked, lock);
    if (!ledger.state().open_permits().contains(permit))
        return fail(Code::conflict, "registry.no_permit", "ended before it was answered");
    // A lease bridges a link that is down, and no refusal.
    if (!answered && !link_down(answered.error()))
        return fail(answered.error());
    if (answered)
        return record_opening(asked, *answered, item);
    return leased(permit, ledger.now()) ? Result<void>() : Result<void>(no_link());
}

Result<void> Registry::Impl::opening_ended(std::uint64_t permit, const Error* refusal) {
    std::vector<Draft> drafts;
    TRY_ASSIGN(drafts.emplace_back(),
               outcome_draft(permit, refusal == nullptr ? Stage::done : Stage::failed));
    const auto& permitted = ledger.state().open_permits().at(permit);
    if (refusal != nullptr &&
        (permitted.kind == ActKind::open || logbook::originators_refusal(refusal->reason())))
        drafts.back().skeleton.facts["refusal"] = refusal->reason();
    TRY(ledger.record(std::move(drafts)));
    return {};
}

Result<ActAnswer> Registry::Impl::open_controlled(ActAnswer answer,
                                                  std::unique_lock<std::mutex>& lock) {
    const std::uint64_t permit = answer.seq;
    TRY_ASSIGN(const auto id,
               ItemId::parse(ledger.state().open_permits().at(permit).ids.at("item")));
    const logbook::Item item = *ledger.state().item(id);
    const auto opened = [&]() -> Result<void> {
        TRY_ASSIGN(const Bytes manifest, manifest_of(item.blob));
        TRY(ask_for_permit(permit, id, manifest, lock));
        return release_controlled(permit, manifest, answer);
    }();
    if (opened) {
        TRY_ASSIGN(const auto source, ports.blobs.open(item.blob));
        answer.result["bytes"] = static_cast<std::int64_t>(source->size());
        answer.result["payload_root"] = to_base64(item.payload_root);
        return answer;
    }
    if (ledger.state().open_permits().contains(permit))
        TRY(opening_ended(permit, &opened.error()));
    return fail(opened.error());
}

bool Registry::Impl::leased(std::uint64_t permit, Time at) const {
    const auto& open = ledger.state().open_permits().at(permit);
    if (open.kind != ActKind::open)
        return false; // no reader signed for it: each one of a client is asked
    const auto copy = CopyId::parse(open.ids.at("copy"));
    const auto reader = open.reader();
    return copy && reader && ledger.state().lease(*copy, *reader, at) != nullptr;
}

// The originator's side. Under the sequencer's lock, as every request of the peer is.
Result<Frame> Registry::Impl::take_opening(const Frame& request) {
    TRY_ASSIGN(const auto message, exchange::Opening::parse(request));
    TRY_ASSIGN(const auto ask, logbook::OpeningAsk::parse(message.ask));
    TRY(peer->receipt.verify(ask.signed_bytes(), message.signature));
    const auto& fields = ask.fields();
    const logbook::Dispatch* dispatch = ledger.state().dispatch(fields.dispatch);
    if (fields.party != peer->list.party)
        return fail(Code::integrity, "registry.opening_ask", "asked by somebody else");
    if (dispatch == nullptr || dispatch->direction != logbook::Direction::out ||
        dispatch->document != fields.statement)
        return fail(Code::refused, "agreement.not_controlled", "no dispatch of ours like that");
    if (const auto* given = given_opening(ask.digest()))
        return given->answer.frame(setup.party, peer->list.party);
    const logbook::Control* control = ledger.state().control(fields.dispatch);
    Json content = opening_content(ask, dispatch->item,
                                   control == nullptr || fields.client
                                       ? std::nullopt
                                       : agreement::lease_until(terms(), *control, ledger.now()));
    content["session_key"] = to_base64(fields.session_key);
    Draft draft;
    draft.skeleton.stage = Stage::permitted;
    fill(draft, content);
    TRY(draft.opening.add("ask", ByteView(ask.bytes())));
    TRY(draft.opening.add("signature", ByteView(message.signature)));
    draft.document = dispatch->document;
    TRY_ASSIGN(const auto attested,
               attest(ActKind::permit_opening, std::move(content), std::move(draft)));
    if (!attested.decision.permitted())
        return fail(Code::refused, attested.decision.reason(), "the originator refuses it");
    const auto answer = [&]() -> Result<vault::SignedText> {
        TRY(sign(LogName::private_log));
        TRY_ASSIGN(const Json sealed, note_json(dispatch_note(fields.dispatch, "sealed")));
        TRY_ASSIGN(auto reader, ObjectReader::over(sealed, "sealed dispatch"));
        TRY_ASSIGN(const std::string name, reader.text("blob"));
        TRY_ASSIGN(const auto blob, BlobId::parse(name));
        TRY_ASSIGN(const Bytes manifest, manifest_of(blob));
        return ports.keys.grant_opening(attested.seq, manifest);
    }();
    TRY(outcome_of(attested.seq, answer ? Stage::done : Stage::failed));
    if (!answer)
        return fail(answer.error());
    exchange::Opened given{answer->text, answer->signature};
    given_openings.push_back({ask.digest(), ledger.now(), given});
    if (given_openings.size() > GivenOpening::kKept)
        given_openings.pop_front();
    return given.frame(setup.party, peer->list.party);
}

// Sealed to the key in the ask and said before: no recall takes it back.
const GivenOpening* Registry::Impl::given_opening(const Hash32& asked) const {
    for (const GivenOpening& given : given_openings)
        if (given.asked == asked && ledger.now() <= given.at.plus_seconds(GivenOpening::kSeconds))
            return &given;
    return nullptr;
}

// An opening has its outcome before anybody else gets the registry's lock: one without is of a
// process that died, and nobody got its answer.
Result<void> Registry::Impl::finish_openings() {
    std::vector<std::uint64_t> broken;
    for (const auto& [seq, permit] : ledger.state().open_permits())
        if (permit.kind == ActKind::permit_opening)
            broken.push_back(seq);
    for (const std::uint64_t seq : broken)
        TRY(outcome_of(seq, Stage::failed));
    return {};
}

// The transfer secret stands in the statement that the arrival keeps.
Result<Hash32> Registry::reader_pseudonym(const DispatchId& dispatch,
                                          const PersonId& reader) const {
    const std::scoped_lock lock(impl_->mutex);
    TRY_ASSIGN(const auto event,
               impl_->ledger.newest(ActKind::arrive, Stage::done, dispatch.text()));
    const Bytes* bytes = event ? event->opening.find("statement") : nullptr;
    if (bytes == nullptr || impl_->ledger.state().control(dispatch) == nullptr)
        return fail(Code::not_found, "registry.no_control", "nothing controlled came by it");
    TRY_ASSIGN(const auto statement, envelope::Statement::parse(*bytes));
    return logbook::reader_pseudonym(SecretBytes::copy(statement.inputs.transfer_secret), reader);
}

} // namespace valise::registry
