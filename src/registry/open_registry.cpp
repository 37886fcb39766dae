// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "crypto/random.h"
#include "registry/internal/impl.h"
#include "vault/vault.h"

// Opening a registry: its book read back, its founding, its peer.
namespace valise::registry {

using logbook::ActKind;
using logbook::Stage;

BlobId new_blob_id() {
    return BlobId::of(crypto::random_bytes(10));
}

std::string dispatch_note(const DispatchId& dispatch, std::string_view what) {
    return std::string(what) + "/" + dispatch.text();
}

logbook::ActNonce new_nonce() {
    return crypto::random_array<16>();
}

Result<PeerKeys> peer_keys(ByteView key_list, ByteView signature) {
    TRY_ASSIGN(auto list, vault::verify_key_list(key_list, signature));
    TRY_ASSIGN(auto sender, vault::hybrid_verifier(list.sender));
    TRY_ASSIGN(auto receipt, vault::hybrid_verifier(list.receipt));
    std::vector<tlog::Verifier> witness;
    for (const std::string& vkey : list.witness.vkeys) {
        TRY_ASSIGN(auto verifier, tlog::Verifier::parse(vkey));
        witness.push_back(std::move(verifier));
    }
    std::vector<tlog::Verifier> mirror;
    for (const std::string& vkey : list.mirror ? list.mirror->vkeys : std::vector<std::string>()) {
        TRY_ASSIGN(auto verifier, tlog::Verifier::parse(vkey));
        mirror.push_back(std::move(verifier));
    }
    return PeerKeys{std::move(list), std::move(sender), std::move(receipt), std::move(witness),
                    std::move(mirror)};
}

Registry::Registry(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Registry::~Registry() = default;

Result<std::unique_ptr<Registry>> Registry::open(Ports ports, Setup setup) {
    TRY_ASSIGN(auto identity, ports.keys.identity());
    TRY_ASSIGN(auto own, agreement::KeyList::parse(identity.key_list));
    if (own.party != setup.party || setup.terms.party(setup.party) == nullptr)
        return fail(Code::invalid, "registry.party",
                    "the key service is that of " + own.party + ", not of " + setup.party);
    // The book began with these terms, whatever the configuration names since.
    const Hash32 configured = setup.terms.digest();
    TRY_ASSIGN(const auto began_with, ports.journal.note("terms"));
    if (began_with) {
        const bool test_mode = setup.terms.test_mode();
        TRY_ASSIGN(setup.terms, agreement::Terms::parse(*began_with));
        setup.terms.set_test_mode(test_mode);
        setup.terms_bytes = *began_with;
    }
    TRY_ASSIGN(auto secrets, ports.keys.daemon_secrets());
    TRY_ASSIGN(auto cipher, crypto::RecordCipher::create(std::move(secrets.storage_key)));
    TRY_ASSIGN(auto ledger,
               Ledger::open(ports.journal, ports.clock, std::move(cipher), setup.terms.digest(),
                            logbook::Landmarks(setup.landmark_spacing)));
    TRY_ASSIGN(const auto signed_size, ports.keys.signed_size(vault::LogId::private_log));
    // Of a book without a beginning nothing can be recovered, and founding it anew would be
    // another.
    if (signed_size > 0 && ledger.tree(LogName::private_log).size() == 0)
        return fail(Code::integrity, "registry.behind",
                    "the log was signed at size " + std::to_string(signed_size) +
                        ", the database is empty: restore the newest backup");
    auto impl = std::make_unique<Impl>(ports, std::move(setup), std::move(ledger));
    impl->own = std::move(own);
    impl->own_signature = std::move(identity.key_list_signature);
    if (!impl->ledger.state().founded())
        TRY(impl->found(secrets.founders));
    TRY(impl->load_terms());
    if (!impl->editions.knows(configured))
        return fail(Code::conflict, "registry.other_terms",
                    "the agreement that was named is none of those that this book knows");
    TRY(impl->ports.keys.begin(impl->setup.terms_bytes, impl->setup.terms.test_mode()));
    // A database older than the log that the vault signed was restored or cut: going on would write
    // a second history. It is shown, and waits for an officer. //= design 6
    impl->find_behind(signed_size);
    if (impl->behind) {
        TRY(impl->load_peer_as_noted());
        TRY(impl->load_published());
        return std::unique_ptr<Registry>(new Registry(std::move(impl)));
    }
    // A pairing anew that a crash broke off is finished under the terms that the events lead to; a
    // first one before them, for what came later is checked with the peer's keys.
    if (identity.peer_trusted)
        TRY(impl->show_events());
    TRY(impl->load_peer(identity.peer_trusted));
    TRY(impl->show_events()); // another log than the one signed shows here
    TRY(impl->resume_recovery());
    TRY(impl->load_published());
    impl->find_under_way();
    TRY(impl->shred_again());
    return std::unique_ptr<Registry>(new Registry(std::move(impl)));
}

// The first events: that the registry exists, and the two officers whom nobody above them enrolled.
Result<void> Registry::Impl::found(const vault::Founders& founders) {
    std::vector<Draft> drafts;
    Draft& founding = drafts.emplace_back();
    founding.skeleton.kind = ActKind::found;
    founding.skeleton.stage = Stage::done;
    founding.skeleton.facts = {{"party", setup.party}, {"authority", setup.authority}};
    founding.shared = true;
    const auto officer = [&](const vault::Founder& founder, logbook::Role role) -> Result<void> {
        const auto person = PersonId::of(crypto::sha256(founder.key)).text();
        Draft& enrol = drafts.emplace_back();
        enrol.skeleton.kind = ActKind::enrol;
        enrol.skeleton.ids = {{"person", person}};
        enrol.skeleton.facts = {{"key", to_base64(founder.key)}};
        TRY(enrol.opening.add("name", std::string_view(founder.name)));
        Draft& appoint = drafts.emplace_back();
        appoint.skeleton.kind = ActKind::appoint;
        appoint.skeleton.ids = {{"person", person}};
        appoint.skeleton.facts = {{"role", std::string(logbook::to_string(role))}};
        return {};
    };
    TRY(officer(founders.control_officer, logbook::Role::control_officer));
    TRY(officer(founders.clearance_officer, logbook::Role::clearance_officer));
    JournalChange extra;
    extra.notes["terms"] = setup.terms_bytes;
    TRY(ledger.record(std::move(drafts), std::move(extra)));
    return {};
}

Result<Bytes> Registry::Impl::note(const std::string& name) const {
    TRY_ASSIGN(auto found, ledger.journal().note(name));
    if (!found)
        return fail(Code::not_found, "registry.no_note", name);
    return std::move(*found);
}

Result<Json> Registry::Impl::note_json(const std::string& name) const {
    TRY_ASSIGN(const Bytes bytes, note(name));
    return parse_canonical_json(bytes, {.bytes = 32 << 20, .depth = 16, .values = 1'000'000});
}

Result<void> Registry::Impl::load_peer(bool trusted) {
    TRY_ASSIGN(const auto key_list, ledger.journal().note("peer/key_list"));
    if (!key_list)
        return {};
    TRY_ASSIGN(const Bytes signature, note("peer/key_list_signature"));
    TRY_ASSIGN(peer, peer_keys(*key_list, signature));
    TRY_ASSIGN(const auto signed_by_us, ledger.journal().note("confirmation_signature"));
    if (trusted && signed_by_us && !signed_by_us->empty())
        return {};
    const auto finished = finish_pairing();
    if (!finished && finished.error().code() != Code::refused)
        return fail(finished.error());
    if (!finished)
        peer.reset(); // recorded, and yet not whom the vault would trust: pairing starts anew
    return {};
}

// While nothing is confirmed anew: whom the leaves of our own log are asked from.
Result<void> Registry::Impl::load_peer_as_noted() {
    TRY_ASSIGN(const auto key_list, ledger.journal().note("peer/key_list"));
    if (!key_list)
        return {};
    TRY_ASSIGN(const Bytes signature, note("peer/key_list_signature"));
    TRY_ASSIGN(peer, peer_keys(*key_list, signature));
    return {};
}

Result<void> Registry::Impl::load_published() {
    for (const LogName log : {LogName::private_log, LogName::shared_log}) {
        Published& entry = published[static_cast<std::size_t>(log)];
        const std::string suffix = log == LogName::private_log ? "private" : "shared";
        TRY_ASSIGN(const auto stored, ledger.journal().note("checkpoint/" + suffix));
        if (!stored || stored->empty())
            continue;
        entry.note = to_text(*stored);
        TRY_ASSIGN(const auto parsed, tlog::SignedCheckpoint::parse(*stored));
        TRY_ASSIGN(const auto keys,
                   vault::log_keys(log == LogName::private_log ? own.private_log : own.shared_log));
        if (parsed.claimed_origin() != keys.origin()) { // of an epoch that is closed
            entry.note.clear();
            continue;
        }
        TRY_ASSIGN(entry.tree, parsed.verify(keys));
        TRY_ASSIGN(const auto cosigned, ledger.journal().note("cosigned/" + suffix));
        if (cosigned && !cosigned->empty()) {
            entry.cosigned_note = to_text(*cosigned);
            TRY_ASSIGN(const auto parsed_cosigned, tlog::SignedCheckpoint::parse(*cosigned));
            TRY_ASSIGN(const auto tree, parsed_cosigned.verify(keys));
            entry.cosigned_size = tree.size;
            entry.witness_size = tree.size;
        }
        TRY(load_neutral(log, keys));
        if (log == LogName::shared_log)
            TRY(load_mirrored(keys));
    }
    return {};
}

// What lies here of each dispatch that is arriving. One that cannot be read is answered when the
// peer asks for it: the others must not wait for it.
void Registry::Impl::find_under_way() {
    for (const auto& [id, dispatch] : ledger.state().dispatches())
        if (dispatch.state == logbook::DispatchState::offered)
            (void)progress_of(id);
}

} // namespace valise::registry
