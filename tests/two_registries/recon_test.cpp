// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "exchange/messages.h"
#include "tlog/tree.h"
#include "tlog/witness.h"
#include "two_registries/exchanging.h"
#include "vault/keystore.h"
#include "verifying/evidence.h"
#include "verifying/recon.h"

#include <algorithm>
#include <random>

// Each side holds the leaves of the other's shared log, and both come to one statement over both.
namespace valise::testing {
namespace {

using logbook::ActKind;
using registry::LogName;

class Recon : public TwoRegistries {
protected:
    // Until neither side has anything left that the other would take.
    void settle() {
        for (int round = 0; round < 4; ++round)
            for (Side* side : {&tokyo, &kyiv}) {
                const auto worked = side->work();
                ASSERT_TRUE(worked) << worked.error().text();
            }
    }

    static std::vector<registry::StoredLeaf> leaves(const Side& side, LogName log) {
        return side.journal.leaves(log, 0, 100'000).value();
    }
    static bool mirrors(const Side& mirror, const Side& of) {
        const auto held = leaves(mirror, LogName::mirrored_log);
        const auto own = leaves(of, LogName::shared_log);
        return std::ranges::equal(held, own, {}, &registry::StoredLeaf::leaf,
                                  &registry::StoredLeaf::leaf);
    }

    static Json content(const agreement::ReconStatement& statement, const Side& side) {
        const auto& own = statement.of(side.party);
        const auto& theirs = &own == &statement.first ? statement.second : statement.first;
        return {{"recon", to_base64(statement.digest())},
                {"own", std::to_string(own.to)},
                {"theirs", std::to_string(theirs.to)},
                {"text", to_base64(statement.bytes())}};
    }
    agreement::ReconStatement propose(Side& side) {
        const auto statement = side.registry->propose_reconciliation();
        EXPECT_TRUE(statement) << statement.error().text();
        const auto answer =
            side.act(side.control_officer, ActKind::reconcile, content(*statement, side));
        EXPECT_TRUE(answer.decision.permitted()) << answer.decision.reason();
        return *statement;
    }
    // What the side knows of this statement.
    static std::optional<registry::ReconView> view_of(const Side& side, const Hash32& digest) {
        const auto views = side.registry->reconciliations();
        EXPECT_TRUE(views) << views.error().text();
        for (const auto& view : *views)
            if (view.digest == digest)
                return view;
        return std::nullopt;
    }
    // Proposed by one, countersigned by the other.
    agreement::ReconStatement reconcile(Side& one, Side& other) {
        const auto statement = propose(one);
        settle();
        const auto seen = view_of(other, statement.digest());
        EXPECT_TRUE(seen && !seen->differs && !seen->signed_here && seen->signed_there);
        if (seen) {
            EXPECT_EQ(seen->statement.bytes(), statement.bytes());
            const auto answer = other.act(other.control_officer, ActKind::countersign,
                                          content(seen->statement, other));
            EXPECT_TRUE(answer.decision.permitted()) << answer.decision.reason();
        }
        settle();
        for (Side* side : {&one, &other}) {
            const auto view = view_of(*side, statement.digest());
            EXPECT_TRUE(view && view->signed_here && view->signed_there) << side->party;
        }
        return statement;
    }

    verifying::Believed keys() const {
        std::vector<std::string> vkeys;
        for (const Side* side : {&tokyo, &kyiv}) {
            const auto list = side->registry->key_list();
            vkeys.insert(vkeys.end(), list.shared_log.vkeys.begin(), list.shared_log.vkeys.end());
            vkeys.insert(vkeys.end(), list.mirror->vkeys.begin(), list.mirror->vkeys.end());
        }
        return verifying::Believed::of(vkeys, {}).value();
    }

    // A message of Tokyo's to Kyiv, and what Kyiv answers: its reason id, or how much it holds.
    std::string told(const exchange::Mirror& message) {
        const Bytes answer = kyiv.registry->answer_peer(
            exchange::encode(message.frame("JPN", "UKR")), tokyo.registry->key_list().tls);
        auto frame = exchange::parse_frame(answer);
        auto mirrored = exchange::expect(std::move(*frame), "mirrored");
        if (!mirrored)
            return mirrored.error().reason();
        const auto read = exchange::Mirrored::parse(*mirrored).value();
        return std::to_string(read.next) + (read.lines.empty() ? "" : " cosigned");
    }
    exchange::Mirror message(std::size_t from, std::size_t to) const {
        exchange::Mirror out;
        out.start = from;
        out.checkpoint = tokyo.registry->checkpoint(LogName::shared_log);
        const auto all = leaves(tokyo, LogName::shared_log);
        tlog::MemoryTree tree;
        for (const auto& leaf : all)
            tree.append(crypto::leaf_hash(leaf.leaf));
        for (std::size_t i = from; i < to; ++i)
            append(out.leaves, all[i].leaf);
        if (to > 0 && to < all.size())
            out.proof = tlog::consistency_proof(tree, to, all.size()).value();
        return out;
    }
};

TEST_F(Recon, EachSideHoldsTheOthersLeaves) {
    exchange(to_bytes("text"));
    settle();
    EXPECT_TRUE(mirrors(kyiv, tokyo) && mirrors(tokyo, kyiv));
    EXPECT_EQ(tokyo.registry->dispatches()->front().custody_evidence, "E3");
    // What the peer may not know of, it holds no leaf of.
    EXPECT_EQ(tokyo.registry->evidence(1), "E2");
    EXPECT_EQ(tokyo.registry->evidence(0), "E3");
    const std::size_t before = leaves(tokyo, LogName::shared_log).size();
    exchange(to_bytes("more"));
    ASSERT_GT(leaves(tokyo, LogName::shared_log).size(), before);
    kyiv.crash();
    kyiv.restart_keys(); // the key process was shown nothing now
    kyiv.start();
    tokyo.crash();
    tokyo.start();
    settle();
    EXPECT_TRUE(mirrors(kyiv, tokyo) && mirrors(tokyo, kyiv));
    EXPECT_EQ(tokyo.registry->dispatches()->back().custody_evidence, "E3");
    const auto exported = tokyo.registry->export_evidence();
    ASSERT_TRUE(exported);
    const auto report = verifying::check_evidence(*exported, {});
    ASSERT_TRUE(report.verified()) << report.found->place << report.found->text;
    EXPECT_EQ(report.shared_log->evidence, "E3");
    EXPECT_EQ(report.private_log->evidence, "E2");
}

// A lost answer, and one that comes twice: what is held is asked for, and nothing is held twice.
TEST_F(Recon, TheMirrorGoesOnFromWhatItHolds) {
    exchange(to_bytes("text"));
    int calls = 0;
    tokyo.carrier->fate = [&] {
        using enum DirectCarrier::Fate;
        constexpr DirectCarrier::Fate kFates[] = {deliver, lose_answer, deliver_twice,
                                                  lose_request};
        return kFates[calls++ % 4];
    };
    for (int round = 0; round < 12; ++round) {
        (void)tokyo.work();
        (void)kyiv.work();
    }
    tokyo.carrier->fate = [] { return DirectCarrier::Fate::deliver; };
    settle();
    EXPECT_TRUE(mirrors(kyiv, tokyo));
    EXPECT_EQ(tokyo.registry->dispatches()->front().custody_evidence, "E3");
}

TEST_F(Recon, OnlyLeavesThatLeadToTheSignedRootAreKept) {
    ASSERT_TRUE(tokyo.registry->tick());
    const std::size_t size = leaves(tokyo, LogName::shared_log).size();
    ASSERT_GE(size, 2U);
    auto changed = message(0, size);
    changed.leaves[70] ^= 1; // in the commitment
    EXPECT_EQ(told(changed), "peer.exchange.not_accepted");
    auto left_out = message(0, size);
    left_out.leaves.erase(left_out.leaves.begin(), left_out.leaves.begin() + 256);
    EXPECT_EQ(told(left_out), "peer.exchange.not_accepted");
    auto shorter = message(0, size - 1); // the last one kept back, without its proof
    shorter.proof.clear();
    EXPECT_EQ(told(shorter), "peer.exchange.not_accepted");
    EXPECT_TRUE(leaves(kyiv, LogName::mirrored_log).empty());
    auto unsigned_tree = message(0, size);
    const auto line = unsigned_tree.checkpoint.find("\n\xe2\x80\x94");
    unsigned_tree.checkpoint[line + 100] ^= 1;
    EXPECT_NE(told(unsigned_tree), std::to_string(size) + " cosigned");
    EXPECT_TRUE(leaves(kyiv, LogName::mirrored_log).empty());
    // In pieces, each of which is proven; and again.
    EXPECT_EQ(told(message(1, size)), "0");
    EXPECT_EQ(told(message(0, 1)), "1");
    EXPECT_EQ(told(message(0, size)), "1");
    EXPECT_EQ(told(message(1, size)), std::to_string(size) + " cosigned");
    EXPECT_EQ(told(message(0, size)), std::to_string(size) + " cosigned"); // again, as bags are
    EXPECT_EQ(told(message(size, size)), std::to_string(size) + " cosigned");
    EXPECT_TRUE(mirrors(kyiv, tokyo));
}

TEST_F(Recon, TheKeyProcessCosignsOnlyTheTreeOfTheLeavesThatItWasShown) {
    ASSERT_TRUE(tokyo.registry->tick());
    settle();
    const auto all = leaves(tokyo, LogName::shared_log);
    const std::string checkpoint = tokyo.registry->checkpoint(LogName::shared_log);
    kyiv.crash();
    kyiv.restart_keys();
    const auto asked = [&](const vault::MirrorRequest& request) {
        const auto reply = kyiv.keys->mirror(request);
        if (!reply)
            return reply.error().reason();
        return std::to_string(reply->leaves) + (reply->lines.empty() ? "" : " cosigned");
    };
    Bytes shown;
    for (const auto& leaf : all)
        append(shown, leaf.leaf);
    EXPECT_EQ(asked({0, {}, checkpoint}), "vault.mirror"); // none was shown
    EXPECT_EQ(asked({5, shown, checkpoint}), "0");
    EXPECT_EQ(asked({0, Bytes(255), ""}), "vault.mirror");
    Bytes other = shown;
    other[70] ^= 1;
    EXPECT_EQ(asked({0, other, ""}), std::to_string(all.size()));
    EXPECT_EQ(asked({all.size(), {}, checkpoint}), "vault.mirror");
    kyiv.restart_keys();
    EXPECT_EQ(asked({0, shown, checkpoint}), std::to_string(all.size()) + " cosigned");
    kyiv.start();
}

// Tokyo's keys sign a second history: whichever of the two Kyiv's key process holds, it cosigns the
// other one neither as mirror nor as witness.
TEST_F(Recon, AnotherHistoryOfALogIsCosignedByNobody) {
    settle();
    Bytes shown;
    tlog::MemoryTree forked;
    for (const auto& leaf : leaves(tokyo, LogName::shared_log)) {
        append(shown, leaf.leaf);
        forked.append(crypto::leaf_hash(leaf.leaf));
    }
    const std::uint64_t size = forked.size();
    Bytes other = shown;
    other[70] ^= 1;
    tlog::MemoryTree rewritten;
    for (std::size_t i = 0; i < other.size(); i += 256)
        rewritten.append(crypto::leaf_hash(ByteView(other).subspan(i, 256)));
    const auto keystore =
        vault::Keystore::open(tokyo.keystore_file, SecretBytes::copy(view("test"))).value();
    const auto signed_as = [&](std::uint64_t tree_size, const Hash32& root) {
        const tlog::Checkpoint tree{keystore.shared_log.name, tree_size, root};
        auto lines = tlog::sign_checkpoint(tree, keystore.shared_log.ed25519,
                                           keystore.shared_log.ml_dsa_44, tokyo.clock.now());
        return tlog::SignedCheckpoint::make(tree, std::move(*lines)).value();
    };
    // As mirror, of the same size and after a start: what was cosigned is remembered.
    kyiv.crash();
    kyiv.restart_keys();
    const auto mirrored = kyiv.keys->mirror({0, other, signed_as(size, rewritten.root()).print()});
    ASSERT_FALSE(mirrored);
    EXPECT_EQ(mirrored.error().reason(), "vault.mirror");
    // As witness, of a tree that it holds other leaves of than the peer now signs.
    kyiv.restart_keys();
    Bytes more = shown;
    append(more, ByteView(shown).first(256));
    forked.append(crypto::leaf_hash(ByteView(shown).first(256)));
    ASSERT_TRUE(kyiv.keys->mirror({0, more, ""}));
    tlog::MemoryTree grown;
    for (std::size_t i = 0; i < shown.size(); i += 256)
        grown.append(crypto::leaf_hash(ByteView(shown).subspan(i, 256)));
    grown.append(Hash32{1});
    const auto asked = [&](const tlog::MemoryTree& tree) {
        const auto request =
            tlog::WitnessRequest::make(size, tlog::consistency_proof(tree, size, size + 1).value(),
                                       signed_as(size + 1, tree.root()));
        return kyiv.keys->cosign(request->print())->status;
    };
    EXPECT_EQ(asked(grown), 422U);
    EXPECT_EQ(asked(forked), 200U);
    kyiv.start();
}

TEST_F(Recon, OneProposesTheOtherCountersignsAndAnOutsiderNeedsTheLeavesAlone) {
    exchange(to_bytes("one"));
    exchange(to_bytes("two"));
    settle();
    const auto statement = reconcile(tokyo, kyiv);
    const auto& sent = statement.first.party == "JPN" ? statement.there : statement.back;
    EXPECT_EQ(sent.count(agreement::ReconClass::matched), 2U);
    EXPECT_EQ(statement.exceptions(), 0U);
    ASSERT_TRUE(tokyo.registry->state().reconciled());
    EXPECT_EQ(tokyo.registry->state().reconciled()->own, statement.of("JPN").to);
    EXPECT_EQ(kyiv.registry->state().reconciled()->own, statement.of("UKR").to);
    // The very same bytes stand in both logs, and either side's file shows it.
    for (const Side* side : {&tokyo, &kyiv}) {
        const auto file = side->registry->export_reconciliation(statement.digest());
        ASSERT_TRUE(file) << file.error().text();
        const auto report = verifying::check_recon(*file, keys());
        ASSERT_TRUE(report.verified()) << report.found->place << ": " << report.found->text;
        EXPECT_EQ(report.signed_by, (std::vector<std::string>{"JPN", "UKR"}));
        EXPECT_NE(verifying::recon_text(report).find("VERIFIED"), std::string::npos);
        const auto evidence = side->registry->export_evidence();
        ASSERT_TRUE(evidence);
        const auto book = verifying::check_evidence(*evidence, {});
        EXPECT_TRUE(book.verified()) << book.found->place << book.found->text;
    }
    // The next one begins where this one ended.
    exchange(to_bytes("three"));
    settle();
    const auto next = reconcile(kyiv, tokyo);
    EXPECT_EQ(next.of("JPN").from, statement.of("JPN").to);
    EXPECT_EQ(next.of("UKR").from, statement.of("UKR").to);
    EXPECT_EQ(next.there.count(agreement::ReconClass::matched) +
                  next.back.count(agreement::ReconClass::matched),
              1U);
}

// What the file says is changed in every byte, left out and cut: nothing of it is taken for true.
TEST_F(Recon, NothingInTheFileMayChange) {
    exchange(to_bytes("one"));
    settle();
    const auto statement = reconcile(tokyo, kyiv);
    const Bytes file = tokyo.registry->export_reconciliation(statement.digest()).value();
    ASSERT_TRUE(verifying::check_recon(file, keys()).verified());
    for (std::size_t i = 0; i < file.size(); i += 17) {
        Bytes changed = file;
        changed[i] ^= static_cast<Byte>(1U << i % 8);
        const auto report = verifying::check_recon(changed, keys());
        ASSERT_FALSE(report.verified()) << i;
        ASSERT_FALSE(report.found->place.empty());
    }
    for (const std::size_t size : {std::size_t{0}, file.size() / 3, file.size() - 1})
        EXPECT_FALSE(verifying::check_recon(ByteView(file).first(size), keys()).verified());
    // Completeness: a leaf left out or changed leads to another root, wherever it stood, and
    // whoever makes the file's own digest anew.
    const Json whole = parse_json(file, {.bytes = 8 << 20}).value();
    const auto checked = [&](Json json) {
        json.erase("sha256");
        json["sha256"] = to_base64(crypto::sha256(view(canonical_json(json))));
        return verifying::check_recon(to_bytes(canonical_json(json)), keys());
    };
    ASSERT_TRUE(checked(whole).verified());
    for (const char* log : {"first", "second"})
        for (std::size_t i = 0; i < whole.at(log).at("leaves").size(); ++i) {
            Json less = whole;
            less[log]["leaves"].erase(i);
            const auto short_of_one = checked(less);
            ASSERT_FALSE(short_of_one.verified());
            EXPECT_EQ(short_of_one.found->reason, "verify.log_size");
            Json other = whole;
            Bytes leaf = from_base64(whole[log]["leaves"][i].get<std::string>()).value();
            leaf[70] ^= 1;
            other[log]["leaves"][i] = to_base64(leaf);
            const auto changed = checked(other);
            ASSERT_FALSE(changed.verified());
            EXPECT_EQ(changed.found->reason, "verify.log_root");
        }
    // Another statement than the leaves make, and another act than a leaf commits to.
    auto said = statement;
    said.there.counts[1] += 1;
    Json lied = whole;
    lied["statement"] = to_base64(said.bytes());
    EXPECT_EQ(checked(lied).found->reason, "verify.recon_statement");
    Json exchanged = whole;
    exchanged["first"]["act"] = whole["second"]["act"];
    EXPECT_EQ(checked(exchanged).found->reason, "verify.recon_act");
    Json unsigned_there = whole;
    unsigned_there["second"]["act"] = "";
    EXPECT_EQ(checked(unsigned_there).signed_by, (std::vector<std::string>{"JPN"}));
    EXPECT_EQ(verifying::check_recon(file, {}).found->reason, "tlog.origin");
    Json swapped = whole;
    std::swap(swapped["first"], swapped["second"]);
    EXPECT_FALSE(verifying::check_recon(to_bytes(canonical_json(swapped)), keys()).verified());
}

TEST_F(Recon, AStatementThatTheLeavesDoNotMakeIsSignedByNobody) {
    exchange(to_bytes("one"));
    settle();
    auto statement = tokyo.registry->propose_reconciliation().value();
    statement.there.counts[0] += 1;
    EXPECT_EQ(tokyo.try_act(tokyo.control_officer, ActKind::reconcile, content(statement, tokyo))
                  .error()
                  .reason(),
              "registry.recon_differs");
    auto shorter = tokyo.registry->propose_reconciliation().value();
    auto wrong_digest = content(shorter, tokyo);
    wrong_digest["recon"] = to_base64(Hash32{1});
    EXPECT_EQ(
        tokyo.try_act(tokyo.control_officer, ActKind::reconcile, wrong_digest).error().reason(),
        "registry.recon");
    EXPECT_EQ(tokyo.registry->reconciliations()->size(), 0U);
}

// An act counts when its leaf stands in the log of who is said to have made it, and so does nobody
// else's, however well it is signed.
TEST_F(Recon, AnActThatThePeersLogDoesNotHoldIsNotTaken) {
    exchange(to_bytes("one"));
    settle();
    const auto statement = kyiv.registry->propose_reconciliation().value();
    const auto told_of = [&](ActKind kind, const std::string& party, const Json& said) {
        const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
        const auto act = logbook::Act::make(kind, party, kyiv.terms.digest(), kyiv.clock.now(),
                                            key.public_bytes(), said, {});
        const auto signed_act = logbook::SignedAct::make(act.value(), key).value();
        const Bytes answer = tokyo.registry->answer_peer(
            exchange::encode(exchange::Reconcile{signed_act.bytes()}.frame("UKR", "JPN")),
            kyiv.registry->key_list().tls);
        auto frame = exchange::parse_frame(answer);
        const auto taken = exchange::expect(std::move(*frame), "taken");
        return taken ? std::string("taken") : taken.error().reason();
    };
    const Json said = content(statement, kyiv);
    EXPECT_EQ(told_of(ActKind::reconcile, "UKR", said), "peer.registry.recon_unmirrored");
    EXPECT_EQ(told_of(ActKind::countersign, "UKR", said), "peer.registry.recon_unmirrored");
    EXPECT_EQ(told_of(ActKind::reconcile, "JPN", said), "peer.registry.recon");
    EXPECT_EQ(
        told_of(ActKind::terminate, "UKR", {{"ends", "2027-01-01T00:00:00Z"}, {"reference", "x"}}),
        "peer.registry.recon");
    EXPECT_TRUE(tokyo.registry->reconciliations()->empty());
}

TEST_F(Recon, AbsenceIsProvenToWhoHoldsTheStatementAlone) {
    exchange(to_bytes("one"));
    exchange(to_bytes("two"));
    settle();
    const auto statement = reconcile(tokyo, kyiv);
    const std::string way = statement.first.party == "JPN" ? "there" : "back";
    const std::string digest = to_hex(statement.digest());
    for (const char* list : {"sent", "received"})
        for (int n : {0, 100, 255}) {
            Hash32 link{};
            link.fill(static_cast<Byte>(n));
            const auto proof = kyiv.registry->prove_absent(statement.digest(), way, list, link);
            ASSERT_TRUE(proof) << proof.error().text();
            const auto report = verifying::check_absence(*proof, digest);
            EXPECT_TRUE(report.verified()) << report.found->text;
            EXPECT_FALSE(verifying::check_absence(*proof, to_hex(Hash32{1})).verified());
            for (std::size_t i = 0; i < proof->size(); i += 3) {
                Bytes changed = *proof;
                changed[i] ^= 1;
                const auto other = verifying::check_absence(changed, digest);
                EXPECT_TRUE(!other.verified() || other.link != link || other.list != list ||
                            other.way != way)
                    << i;
            }
        }
    // A link that is there is not shown to be absent.
    for (const auto& leaf : leaves(tokyo, LogName::shared_log)) {
        const auto fields = logbook::Leaf::parse(leaf.leaf)->fields();
        if (fields.kind == ActKind::dispatch) {
            EXPECT_EQ(kyiv.registry->prove_absent(statement.digest(), way, "sent", fields.link_tag)
                          .error()
                          .reason(),
                      "agreement.recon_present");
        }
    }
}

// Whatever the two exchanged, and in whatever order each heard of it: one statement, one text.
TEST_F(Recon, BothSidesComeToTheSameBytes) {
    std::mt19937 random(20261130);
    const auto chance = [&](unsigned percent) { return random() % 100 < percent; };
    settle();
    std::uint64_t matched = 0;
    std::uint64_t exchanged = 0;
    for (int round = 0; round < 6; ++round) {
        for (auto n = random() % 3; n > 0; --n) {
            exchange(to_bytes("document"));
            ++exchanged;
            if (chance(50)) {
                ASSERT_TRUE(kyiv.work());
            }
            const int days = static_cast<int>(random() % 3);
            tokyo.clock.at = tokyo.clock.at.plus_days(days);
            kyiv.clock.at = tokyo.clock.at;
        }
        settle();
        const bool first = chance(50);
        const auto statement = first ? reconcile(tokyo, kyiv) : reconcile(kyiv, tokyo);
        EXPECT_EQ(statement.exceptions(), 0U);
        matched += statement.there.count(agreement::ReconClass::matched) +
                   statement.back.count(agreement::ReconClass::matched);
    }
    EXPECT_EQ(matched, exchanged); // each transfer in exactly one statement
}

// Two proposals cross on the way: both may be countersigned, and both sides agree how far.
TEST_F(Recon, ProposalsMayCross) {
    exchange(to_bytes("one"));
    settle();
    const auto from_tokyo = propose(tokyo);
    const auto from_kyiv = propose(kyiv);
    settle();
    for (const auto& [side, statement] : {std::pair(&kyiv, &from_tokyo), {&tokyo, &from_kyiv}})
        EXPECT_TRUE(
            side->act(side->control_officer, ActKind::countersign, content(*statement, *side))
                .decision.permitted());
    settle();
    const auto here = tokyo.registry->state().reconciled();
    const auto there = kyiv.registry->state().reconciled();
    ASSERT_TRUE(here && there);
    EXPECT_EQ(here->own, there->theirs);
    EXPECT_EQ(here->theirs, there->own);
}

} // namespace
} // namespace valise::testing
