// SPDX-License-Identifier: Apache-2.0
// Somebody took over the daemon: they have its whole database, its sealed files, its secrets and
// the socket of a real valise-keys, and want documents, signatures or another history. The state is
// that of a finished exchange; exchange_test.py starts valise-keys on it and names the folder.
#include "adapters/blobs/blob_folder.h"
#include "adapters/clock/system_clock.h"
#include "adapters/files/files.h"
#include "adapters/keysocket/client.h"
#include "adapters/sqlite/journal.h"
#include "crypto/kem.h"
#include "crypto/random.h"
#include "envelope/container.h"
#include "logbook/receipt.h"
#include "registry/ledger.h"
#include "tlog/witness.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace valise {
namespace {

using logbook::ActKind;
using logbook::Stage;
using registry::Ledger;
using vault::RecordedEvent;

template<class T> T must(Result<T> result) {
    if (!result)
        throw std::runtime_error(result.error().text());
    return std::move(*result);
}

std::string state_folder() {
    const char* folder = std::getenv("VALISE_TAKEN_STATE");
    if (folder == nullptr)
        throw std::runtime_error("VALISE_TAKEN_STATE names no folder");
    return folder;
}

Ledger open_book(registry::Journal& journal, const Clock& clock, vault::KeyService& keys) {
    auto secrets = must(keys.daemon_secrets());
    auto cipher = must(crypto::RecordCipher::create(std::move(secrets.storage_key)));
    const auto first = must(journal.events(0, 1));
    const auto skeleton = must(logbook::Skeleton::parse(first.front().skeleton));
    return must(Ledger::open(journal, clock, std::move(cipher), skeleton.terms()));
}

class Takeover : public testing::Test {
protected:
    std::string folder = state_folder();
    adapters::KeySocketClient keys{folder + "/keys.sock"};
    adapters::SystemClock clock;
    std::unique_ptr<adapters::SqliteJournal> journal =
        must(adapters::SqliteJournal::open(folder + "/state/registry.sqlite"));
    std::unique_ptr<adapters::BlobFolder> blobs =
        must(adapters::BlobFolder::open(folder + "/state/blobs"));
    Ledger book = open_book(*journal, clock, keys);
    std::string checkpoint = to_text(*must(journal->note("checkpoint/private")));

    template<class Matches> RecordedEvent event(ActKind kind, Stage stage, Matches matches) {
        const auto found = must(book.newest(
            kind, [&](const Ledger::Row& row) { return row.stage == stage && matches(row); }));
        if (!found)
            throw std::runtime_error("the exchange left no such event");
        return must(book.proof(found->stored.seq, checkpoint, book.rows().size()));
    }

    static std::string id(const Ledger::Row& row, const char* name) {
        const auto found = row.ids.find(name);
        return found == row.ids.end() ? std::string() : found->second;
    }

    // As the honest daemon asked when the reader in Tokyo opened the item.
    vault::ShareRequest honest_share() {
        vault::ShareRequest out;
        out.permit =
            event(ActKind::open, Stage::permitted, [](const Ledger::Row&) { return true; });
        const auto skeleton = must(logbook::Skeleton::parse(out.permit.skeleton));
        const auto of_reader = [&](const Ledger::Row& row) {
            return id(row, "person") == skeleton.actor();
        };
        out.enrolment = event(ActKind::enrol, Stage::permitted, of_reader);
        out.clearance = event(ActKind::clear, Stage::permitted, of_reader);
        out.grant = event(ActKind::grant, Stage::permitted, [&](const Ledger::Row& row) {
            return of_reader(row) && id(row, "item") == skeleton.id("item");
        });
        const auto* item = book.state().item(must(ItemId::parse(skeleton.id("item"))));
        const auto source = must(blobs->open(item->blob));
        out.manifest = to_bytes(must(envelope::Container::open(*source)).manifest_bytes());
        out.payload_root = item->payload_root;
        out.now = clock.now();
        return out;
    }

    vault::ResealRequest honest_reseal() {
        vault::ResealRequest out;
        out.permit = event(ActKind::dispatch, Stage::permitted, [&](const Ledger::Row& row) {
            const auto* sent = book.state().item(must(ItemId::parse(id(row, "item"))));
            return sent->number.ends_with("-0001"); // a small one
        });
        const auto permit = must(logbook::Skeleton::parse(out.permit.skeleton));
        const auto* item = book.state().item(must(ItemId::parse(permit.id("item"))));
        const auto* release = book.state().release(must(ReleaseId::parse(permit.id("release"))));
        for (const PersonId& person : release->approvals) {
            const auto of_person = [&](const Ledger::Row& row) {
                return id(row, "person") == person.text();
            };
            out.releases.push_back(
                event(ActKind::approve_release, Stage::permitted, [&](const Ledger::Row& row) {
                    return row.actor == person.text() && id(row, "release") == permit.id("release");
                }));
            out.appointments.push_back(event(ActKind::enrol, Stage::permitted, of_person));
            out.appointments.push_back(event(ActKind::appoint, Stage::permitted, of_person));
        }
        out.dispatch = permit.id("dispatch");
        out.item_number = item->number;
        out.recipient = permit.fact("recipient");
        out.level = item->level;
        const auto source = must(blobs->open(item->blob));
        const auto container = must(envelope::Container::open(*source));
        out.label_xml = container.manifest().assertion(envelope::kLabelXmlId)->value;
        out.payload_root = item->payload_root;
        out.now = clock.now();
        sealed_at_rest = item->blob;
        return out;
    }

    Result<vault::ResealReply> reseal(const vault::ResealRequest& request) {
        const auto source = must(blobs->open(sealed_at_rest));
        const auto writer = must(blobs->create(BlobId::of(crypto::random_bytes(10))));
        return keys.reseal(request, *source, *writer, writer->descriptor());
    }

    BlobId sealed_at_rest;
};

template<class T> void refused(const Result<T>& result, std::string_view what) {
    ASSERT_FALSE(result) << what;
    EXPECT_EQ(result.error().code(), Code::refused) << what << ": " << result.error().text();
    EXPECT_TRUE(result.error().reason().starts_with("vault.")) << what << result.error().text();
}

TEST_F(Takeover, TheRecordedPermitIsHonoured) {
    EXPECT_TRUE(keys.release_share(honest_share()));
    const auto sealed = reseal(honest_reseal());
    EXPECT_TRUE(sealed) << sealed.error().text();
}

TEST_F(Takeover, NoShareWithoutARecordedPermit) {
    const auto honest = honest_share();
    const auto tried = [&](std::string_view what, auto change) {
        vault::ShareRequest request = honest;
        change(request);
        refused(keys.release_share(request), what);
    };
    tried("a refused opening", [&](auto& r) {
        r.permit = event(ActKind::open, Stage::refused, [](const Ledger::Row&) { return true; });
    });
    tried("no permit at all", [](auto& r) { r.permit = {}; });
    tried("an opening that another kind of act stands for", [&](auto& r) { r.permit = r.grant; });
    tried("no act of the reader", [](auto& r) { r.permit.signed_act.clear(); });
    tried("an act of the attacker for the attacker's key", [](auto& r) {
        const auto act = must(logbook::SignedAct::parse(r.permit.signed_act));
        const auto mine = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
        Json content = act.act().content();
        content["session_key"] =
            to_base64(crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024)
                          .public_key()
                          .der());
        r.permit.signed_act =
            must(logbook::SignedAct::make(
                     must(logbook::Act::make(act.act().kind(), act.act().party(), act.act().terms(),
                                             act.act().at(), mine.public_bytes(), content,
                                             act.act().nonce())),
                     mine))
                .bytes();
    });
    tried("another place in the log", [](auto& r) { ++r.permit.index; });
    for (const auto& [name, bytes] :
         {std::pair("leaf", &RecordedEvent::leaf), std::pair("skeleton", &RecordedEvent::skeleton)})
        for (std::size_t at = 0; at < (honest.permit.*bytes).size(); at += 7)
            tried(name, [&](auto& r) { (r.permit.*bytes)[at] ^= 1; });
    tried("a checkpoint that nobody signed", [](auto& r) {
        const auto at = r.permit.checkpoint.rfind("\u2014 ");
        r.permit.checkpoint.resize(at);
    });
}

TEST_F(Takeover, NoShareForWhomNobodyClearedOrGranted) {
    const auto honest = honest_share();
    const auto reader = must(logbook::Skeleton::parse(honest.permit.skeleton)).actor();
    const auto of_another = [&](ActKind kind) {
        return event(kind, Stage::permitted, [&](const Ledger::Row& row) {
            return !id(row, "person").empty() && id(row, "person") != reader &&
                   row.actor != logbook::kRegistryActor;
        });
    };
    const auto tried = [&](std::string_view what, auto change) {
        vault::ShareRequest request = honest;
        change(request);
        refused(keys.release_share(request), what);
    };
    tried("another person's enrolment", [&](auto& r) { r.enrolment = of_another(ActKind::enrol); });
    tried("another person's clearance", [&](auto& r) { r.clearance = of_another(ActKind::clear); });
    tried("another person's grant", [&](auto& r) { r.grant = of_another(ActKind::grant); });
    tried("no clearance", [](auto& r) { r.clearance = {}; });
    tried("no grant", [](auto& r) { r.grant = {}; });
    tried("a clearance that ran out", [](auto& r) { r.now = r.now.plus_days(3650); });
    tried("a grant for another item", [&](auto& r) {
        const auto item = must(logbook::Skeleton::parse(r.permit.skeleton)).id("item");
        r.grant = event(ActKind::grant, Stage::permitted, [&](const Ledger::Row& row) {
            return id(row, "person") == reader && id(row, "item") != item;
        });
    });
}

TEST_F(Takeover, NoShareOfAnotherDocument) {
    auto request = honest_share();
    const auto opened = must(logbook::Skeleton::parse(request.permit.skeleton)).id("item");
    for (const auto& [item_id, item] : book.state().items()) {
        if (item_id.text() == opened)
            continue;
        const auto source = must(blobs->open(item.blob));
        request.manifest = to_bytes(must(envelope::Container::open(*source)).manifest_bytes());
        request.payload_root = item.payload_root;
        refused(keys.release_share(request), "another document's root");
    }
}

TEST_F(Takeover, NothingIsSealedForAnybodyElseOrUnreleased) {
    const auto honest = honest_reseal();
    const auto tried = [&](std::string_view what, auto change) {
        vault::ResealRequest request = honest;
        change(request);
        refused(reseal(request), what);
    };
    tried("a third party", [](auto& r) { r.recipient = "POL"; });
    tried("one approval", [](auto& r) { r.releases.pop_back(); });
    tried("one approval twice", [](auto& r) { r.releases.back() = r.releases.front(); });
    tried("no approval", [](auto& r) { r.releases.clear(); });
    tried("approvers of whom nobody heard", [](auto& r) { r.appointments.clear(); });
    tried("another document", [](auto& r) { r.payload_root[0] ^= 1; });
    tried("another label", [](auto& r) { r.label_xml += " "; });
    tried("another dispatch", [](auto& r) { r.dispatch = DispatchId::of(Bytes(10, 9)).text(); });
    tried("a refused dispatch", [&](auto& r) {
        r.permit =
            event(ActKind::dispatch, Stage::refused, [](const Ledger::Row&) { return true; });
    });
    tried("approvals of another item", [&](auto& r) {
        const auto release = must(logbook::Skeleton::parse(r.permit.skeleton)).id("release");
        std::string last;
        for (auto& approval : r.releases) {
            approval =
                event(ActKind::approve_release, Stage::permitted, [&](const Ledger::Row& row) {
                    return row.actor != last && id(row, "release") != release;
                });
            last = must(logbook::Skeleton::parse(approval.skeleton)).actor();
        }
    });
}

TEST_F(Takeover, NoOtherHistoryIsSigned) {
    const std::uint64_t size = must(keys.signed_size(vault::LogId::private_log));
    ASSERT_GT(size, 2U);
    const auto& tree = book.tree(registry::LogName::private_log);
    const auto ask = [&](std::uint64_t of, Hash32 root, std::vector<Hash32> proof) {
        return keys.sign_checkpoint(
            {vault::LogId::private_log, of, root, std::move(proof), clock.now()});
    };
    EXPECT_TRUE(ask(size, tree.root(), {}));
    refused(ask(size - 1, must(tree.root_at(size - 1)), {}), "a shorter log");
    refused(ask(size, Hash32{}, {}), "another log of that size");
    refused(ask(size + 1, Hash32{}, {}), "a longer log that did not grow from it");
}

TEST_F(Takeover, NoReceiptWithoutAnArrivalAndNoCosignatureForStrangers) {
    const auto permit =
        event(ActKind::dispatch, Stage::permitted, [](const Ledger::Row&) { return true; });
    const auto dispatch =
        must(DispatchId::parse(must(logbook::Skeleton::parse(permit.skeleton)).id("dispatch")));
    const auto receipt = must(logbook::Receipt::make({.type = logbook::ReceiptType::custody,
                                                      .dispatch = dispatch,
                                                      .statement = {},
                                                      .payload_root = {},
                                                      .number = "JPN-2026-0001",
                                                      .finding = logbook::ReceiptFinding::whole,
                                                      .at = clock.now(),
                                                      .party = "JPN"}));
    refused(keys.sign_receipt(receipt.bytes(), permit),
            "a receipt for what was sent, not received");
    const auto own = must(tlog::SignedCheckpoint::parse(view(checkpoint)));
    const auto request = must(tlog::WitnessRequest::make(0, {}, own));
    const auto reply = must(keys.cosign(request.print(), clock.now()));
    EXPECT_EQ(reply.status, 404U) << reply.body;
}

TEST_F(Takeover, NoOtherPeerIsConfirmed) {
    const Bytes list = to_bytes(must(keys.identity()).key_list);
    EXPECT_FALSE(keys.confirm_peer(view("{}"), list, Bytes(64, 1), view("x")));
}

} // namespace
} // namespace valise
