// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "logbook/repeated.h"
#include "registry/internal/impl.h"

#include <algorithm>
#include <ranges>

// From a signed act to its record: verify, decide, record. What the act then does is in the file of
// its kind.
namespace valise::registry {

using logbook::Act;
using logbook::ActKind;
using logbook::SignedAct;
using logbook::Stage;

namespace {

// An act older or newer than this was kept back or made ahead: its signer may have changed his
// mind.
constexpr std::int64_t kActSeconds = std::int64_t{24} * 3600;

// Acts of which nothing follows but what stands in the book: nothing is signed, sent, shown or
// erased for them, so that many can wait for the disk together. Whatever is not named here is
// durable by itself before anything is done.
bool only_recorded(ActKind kind) {
    using enum ActKind;
    switch (kind) {
    case enrol:
    case appoint:
    case clear:
    case grant:
    case revoke:
    case brief:
    case debrief:
    case enter:
    case correct:
    case cancel:
    case review_purpose:
    case ask_release:
    case refuse_release:
    case approve_release:
    case dispatch:
    case container:
    case store:
    case copy:
    case issue:
    case take_back:
    case transfer:
    case count:
        return true;
    default:
        return false;
    }
}

class Turn {
public:
    explicit Turn(std::counting_semaphore<>& turns) : turns_(turns) { turns_.acquire(); }
    ~Turn() { turns_.release(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    std::counting_semaphore<>& turns_;
};

} // namespace

// The signature is verified before anybody has to wait for it.
Result<ActAnswer> Registry::perform(ByteView bytes) {
    TRY_ASSIGN(const auto act, SignedAct::parse(bytes));
    {
        const Turn turn(impl_->verifying);
        TRY(act.verify());
    }
    if (only_recorded(act.act().kind())) {
        Gathering::Waiting mine;
        mine.act = &act;
        impl_->gathering.take_part(mine, [this](auto together) { impl_->perform_all(together); });
        if (mine.thrown)
            std::rethrow_exception(mine.thrown);
        return std::move(*mine.answer);
    }
    std::unique_lock lock(impl_->mutex);
    TRY_ASSIGN(ActAnswer answer, impl_->perform(act));
    if (!impl_->awaits_originator(answer.seq))
        return answer;
    return impl_->open_controlled(std::move(answer), lock);
}

// One transaction for all of them; each is decided over what those before it recorded. Nobody is
// answered before all are durable.
void Registry::Impl::perform_all(std::span<Gathering::Waiting*> together) {
    const std::scoped_lock lock(mutex);
    const bool alone = together.size() == 1; // durable by itself
    auto held = alone ? Result<void>() : ledger.hold();
    for (Gathering::Waiting* one : together) {
        try {
            one->answer = held ? perform(*one->act) : Result<ActAnswer>(fail(held.error()));
        } catch (...) {
            one->thrown = std::current_exception();
        }
    }
    if (alone || !held)
        return;
    if (const auto settled = ledger.settle(); !settled)
        for (Gathering::Waiting* one : together)
            one->answer = Result<ActAnswer>(fail(settled.error()));
}

Result<ActAnswer> Registry::Impl::perform(const SignedAct& act) {
    if (act.act().kind() != ActKind::recover)
        TRY(writable());
    else if (!behind)
        return fail(Code::conflict, "registry.not_behind", "nothing is missing here");
    const Time now = ledger.now();
    if (act.act().party() != setup.party)
        return fail(Code::invalid, "registry.other_party",
                    "the act is for " + act.act().party() + ", this is " + setup.party);
    if (act.act().terms() != terms().digest())
        return fail(Code::conflict, "registry.other_terms",
                    "the act was signed under other terms than those in force");
    const std::int64_t age = now.seconds - act.act().at().seconds;
    if (age > kActSeconds || age < -kActSeconds)
        return fail(Code::conflict, "registry.act_time",
                    "signed at " + act.act().at().text() + ", it is " + now.text());
    if (ledger.act_known(act.digest()) ||
        (act.act().by_passkey() && ledger.act_known(SignedAct::challenge(act.act()))))
        return fail(Code::conflict, "registry.act_repeated", "this act was already performed");
    const logbook::Person* actor = ledger.state().person_by_key(act.act().signer());
    if (actor == nullptr)
        return fail(Code::refused, "registry.unknown_signer",
                    "the key that signed belongs to nobody enrolled here");
    if (act.act().kind() == ActKind::enter)
        TRY(check_entry(act.act()));
    if (act.act().kind() == ActKind::recover)
        TRY(check_recovery(act.act()));
    if (act.act().kind() == ActKind::reconcile || act.act().kind() == ActKind::countersign)
        TRY(check_statement(act.act()));
    if (act.act().kind() == ActKind::shred)
        TRY(check_shredding(act.act()));
    const logbook::Person person = *actor; // recording moves what the pointer points to
    auto decision = agreement::decide(terms(), ledger.state(), act.act(), now);
    return decision.permitted() ? permit(act, person, now, std::move(decision))
                                : refuse(act, person, now, std::move(decision));
}

Result<ActAnswer> Registry::Impl::refuse(const SignedAct& act, const logbook::Person& actor,
                                         Time now, agreement::Decision decision) {
    Draft draft;
    TRY(draft.decided_at(now));
    draft.skeleton.kind = act.act().kind();
    draft.skeleton.stage = Stage::refused;
    draft.skeleton.actor = actor.id.text();
    draft.skeleton.clauses = decision.for_skeleton();
    logbook::repeat_refused(act.act(), draft.skeleton.ids);
    draft.signed_act = act.bytes();
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts)));
    return ActAnswer{std::move(decision), seqs.front(), {}, Json::object()};
}

Result<Draft> Registry::Impl::draft_of(const SignedAct& signed_act, const logbook::Person& actor,
                                       const agreement::Decision& decision) const {
    const Act& act = signed_act.act();
    Draft draft;
    auto& skeleton = draft.skeleton;
    skeleton.kind = act.kind();
    skeleton.stage = Stage::permitted;
    skeleton.actor = actor.id.text();
    skeleton.clauses = decision.for_skeleton();
    draft.signed_act = signed_act.bytes();
    logbook::repeat(act, skeleton.ids, skeleton.facts);
    for (const char* name : logbook::opened_members())
        if (const auto value = act.optional_field(name))
            TRY(draft.opening.add(name, std::string_view(*value)));
    switch (act.kind()) {
    case ActKind::pair: {
        TRY_ASSIGN(const Bytes root, act.bytes_field("peer_root"));
        skeleton.facts["root"] = to_base64(crypto::sha256(root));
        draft.shared = true;
        break;
    }
    case ActKind::ask_release:
    case ActKind::refuse_release:
    case ActKind::approve_release: {
        TRY_ASSIGN(const Hash32 digest, act.hash_field("release_digest"));
        skeleton.ids["release"] = logbook::release_id(digest).text();
        break;
    }
    case ActKind::correct:
    case ActKind::cancel: {
        TRY_ASSIGN(const auto item, act.id_field<ItemId>("item"));
        skeleton.facts["entry"] = std::to_string(ledger.state().item(item)->event);
        if (act.kind() == ActKind::correct)
            skeleton.facts["members"] = logbook::corrected_members(act);
        break;
    }
    case ActKind::copy: {
        TRY_ASSIGN(const auto item, act.id_field<ItemId>("item"));
        if (const logbook::Item* known = ledger.state().item(item))
            skeleton.facts["copy_number"] = std::to_string(known->copies_made + 1);
        break;
    }
    case ActKind::reconcile:
    case ActKind::countersign: {
        TRY_ASSIGN(draft.document, act.hash_field("recon"));
        draft.shared = true;
        break;
    }
    case ActKind::begin_muster:
        skeleton.ids["muster"] = MusterId::of(signed_act.digest()).text();
        break;
    case ActKind::report_incident:
        // Derived, so that an outsider can tell that nobody chose it.
        skeleton.ids["incident"] = IncidentId::of(signed_act.digest()).text();
        break;
    case ActKind::recall: {
        TRY_ASSIGN(const std::string ground, act.field("ground"));
        skeleton.facts["enclosed"] = to_base64(logbook::enclosed_digest(act.nonce(), ground));
        break;
    }
    case ActKind::report: {
        TRY_ASSIGN(const std::string note, act.field("note"));
        skeleton.facts["enclosed"] = to_base64(logbook::enclosed_digest(act.nonce(), note));
        break;
    }
    case ActKind::law:
        skeleton.facts["enclosed"] =
            to_base64(logbook::enclosed_digest(act.nonce(), logbook::law_words(act)));
        break;
    default:
        break; // what it repeats is all, or the file of its kind fills in the rest
    }
    return draft;
}

Result<ActAnswer> Registry::Impl::permit(const SignedAct& act, const logbook::Person& actor,
                                         Time now, agreement::Decision decision) {
    TRY_ASSIGN(Draft draft, draft_of(act, actor, decision));
    TRY(draft.decided_at(now));
    ActAnswer answer{std::move(decision), 0, {}, Json::object()};
    switch (act.act().kind()) {
    case ActKind::enter:
        return do_enter(std::move(draft), std::move(answer));
    case ActKind::pair:
        return do_pair(act, std::move(draft), std::move(answer));
    case ActKind::dispatch:
        return do_dispatch(std::move(draft), std::move(answer));
    case ActKind::open:
        return do_open(act, std::move(draft), std::move(answer));
    case ActKind::export_copy:
        return do_export(act, std::move(draft), std::move(answer));
    case ActKind::print:
        return do_print(act, std::move(draft), std::move(answer));
    case ActKind::remark:
        return do_remark(act, std::move(draft), std::move(answer));
    case ActKind::contents_receipt:
        return do_contents_receipt(act, std::move(draft), std::move(answer));
    case ActKind::destroy:
        return do_destroy(act, std::move(draft), std::move(answer));
    case ActKind::certify_destruction:
        return do_certify(act, std::move(draft), std::move(answer));
    case ActKind::hand_over:
        return do_hand_over(std::move(draft), std::move(answer));
    case ActKind::take_delivery:
        return do_take_delivery(std::move(draft), std::move(answer));
    case ActKind::withdraw:
        return do_withdraw(std::move(draft), std::move(answer));
    case ActKind::shred:
        return do_shred(std::move(draft), std::move(answer));
    case ActKind::reconcile:
    case ActKind::countersign:
        return do_reconcile(act, std::move(draft), std::move(answer));
    case ActKind::copy:
        answer.result = {{"item", draft.skeleton.ids["item"]},
                         {"copy", draft.skeleton.ids["copy"]},
                         {"copy_number", std::stoul(draft.skeleton.facts["copy_number"])}};
        break;
    default:
        break;
    }
    for (const char* name : {"incident", "muster"})
        if (const auto id = draft.skeleton.ids.find(name); id != draft.skeleton.ids.end())
            answer.result[name] = id->second;
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts)));
    answer.seq = seqs.front();
    if (act.act().kind() == ActKind::adopt_terms)
        TRY(follow_terms(answer.seq));
    // Told as soon as it stands in the book; after a crash in between, when the registry works
    // next.
    TRY(give_owed_notices());
    return answer;
}

Result<void> Registry::Impl::record_as_done(Draft permit, ActAnswer& answer) {
    Draft done;
    done.skeleton = permit.skeleton;
    done.skeleton.stage = Stage::done;
    done.skeleton.permit = ledger.state().next_seq();
    done.skeleton.clauses.clear();
    done.document = permit.document;
    std::vector<Draft> drafts;
    drafts.push_back(std::move(permit));
    drafts.push_back(std::move(done));
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts)));
    answer.seq = seqs[0];
    answer.outcome = seqs[1];
    return {};
}

namespace {

// What the peer says and is refused stands in the book once. Said again, and refused by the same
// clauses, it adds nothing but bytes: whoever holds the peer's machine would fill the disk with it.
// Of what is about the same thing the newest refusals are looked at.
Result<std::optional<std::uint64_t>> refused_before(const Ledger& ledger, const Act& act,
                                                    const logbook::SkeletonFields& refusal) {
    constexpr std::size_t kNewest = 16;
    std::optional<std::uint64_t> none;
    if (act.kind() != ActKind::arrive && act.kind() != ActKind::take_notice &&
        act.kind() != ActKind::permit_opening)
        return none;
    const auto about = refusal.ids.find(act.kind() == ActKind::take_notice ? "notice" : "dispatch");
    if (about == refusal.ids.end())
        return none;
    std::size_t seen = 0;
    for (const std::uint64_t seq : std::views::reverse(ledger.events_about(about->second))) {
        TRY_ASSIGN(const Recorded event, ledger.event(seq));
        if (event.skeleton.kind() != act.kind() || event.skeleton.stage() != Stage::refused)
            continue;
        if (++seen > kNewest)
            break;
        const Bytes* attested = event.opening.find("attested");
        if (attested == nullptr || event.skeleton.clauses() != refusal.clauses)
            continue;
        TRY_ASSIGN(const Act was, Act::parse(*attested));
        if (was.content() == act.content())
            return std::optional(seq);
    }
    return none;
}

} // namespace

Result<Registry::Impl::Attested> Registry::Impl::attest(ActKind kind, Json content, Draft draft,
                                                        JournalChange extra) {
    const Time now = ledger.now();
    TRY_ASSIGN(const Act act, Act::make(kind, setup.party, terms().digest(), now, {},
                                        std::move(content), new_nonce()));
    Attested out;
    out.decision = agreement::decide(terms(), ledger.state(), act, now);
    draft.skeleton.minute = now.truncated_to_minute();
    draft.skeleton.kind = kind;
    draft.skeleton.actor = logbook::kRegistryActor;
    draft.skeleton.clauses = out.decision.for_skeleton();
    // What was attested, so that an outsider can decide it again.
    TRY(draft.opening.add("attested", ByteView(act.bytes())));
    if (!out.decision.permitted()) {
        TRY_ASSIGN(const auto known, refused_before(ledger, act, draft.skeleton));
        if (known) {
            out.seq = *known;
            return out;
        }
        draft.skeleton.stage = Stage::refused;
        draft.skeleton.permit.reset();
        draft.shared = false;
        extra = {};
    }
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts), std::move(extra)));
    out.seq = seqs.front();
    return out;
}

} // namespace valise::registry
