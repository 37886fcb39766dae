// SPDX-License-Identifier: Apache-2.0
#include "agreement/control.h"
#include "agreement/duties.h"
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

// What an originator keeps of an item that it lets go: clause by clause.
namespace valise::agreement::test {
namespace {

using logbook::ActKind;
using logbook::Stage;

constexpr const char* kLater = "2027-06-30T00:00:00Z";
const NoticeId kRecall = NoticeId::of(Bytes(10, 7));

Terms examplia(const std::string& old = "", const std::string& text = "") {
    std::string bytes = terms_file("examplia-borduria.toml");
    if (!old.empty())
        bytes.replace(bytes.find(old), old.size(), text);
    Terms out = *Terms::parse(view(bytes));
    out.set_test_mode(true);
    return out;
}
const std::string kSealedRow = "    { party = \"XEX\", level = \"sealed\", required = false },\n";
const std::string kUltraRow =
    "    { party = \"XBO\", level = \"ultra-zekret\", required = false },\n";
const std::string kDays = "answer_days = 5 ";
const std::string kSealedExport = "{ party = \"XEX\", level = \"sealed\", attested = ";

void narrow(World& world, logbook::TextMap facts) {
    world.happen(ActKind::narrow, person(releaser).text(), {{"dispatch", dispatch_id(1).text()}},
                 std::move(facts));
}
void recall(World& world) {
    world.happen(ActKind::recall, person(releaser).text(), {{"item", item(1).text()}},
                 {{"enclosed", b64(hash(9))}});
}
// The other party recalls what dispatch n brought.
void recalled_by_peer(World& world, int n) {
    world.happen(
        ActKind::take_notice, logbook::kRegistryActor,
        {{"notice", kRecall.text()}, {"dispatch", dispatch_id(n).text()}, {"item", item(n).text()}},
        {{"type", "recall"}, {"peer", "XBO"}, {"enclosed", b64(hash(9))}}, Stage::done);
}

// The other party's reader opened what dispatch 1 brought, and was answered.
void answered(World& world, const Hash32& reader, std::uint64_t opening) {
    const logbook::TextMap ids = {
        {"dispatch", dispatch_id(1).text()}, {"item", item(1).text()}, {"copy", copy(30).text()}};
    const logbook::TextMap facts = {{"reader", b64(reader)},
                                    {"level", "sealed"},
                                    {"opening", std::to_string(opening)},
                                    {"asked", b64(hash(61))}};
    world.happen(ActKind::permit_opening, logbook::kRegistryActor, ids, facts);
    world.happen(ActKind::permit_opening, logbook::kRegistryActor, ids, facts, Stage::done);
}

void asked(Case& c) {
    c.world.send(true);
    c.signer.reset();
    c.content = {{"dispatch", dispatch_id(1).text()},
                 {"item", item(1).text()},
                 {"copy", copy(30).text()},
                 {"reader", b64(hash(60))},
                 {"level", "sealed"},
                 {"opening", "17"},
                 {"asked", b64(hash(61))},
                 {"session_key", "AAAA"}};
}

//= O-20
TEST(DecideControl, PermitOpening) {
    run(ActKind::permit_opening,
        {
            {"a reader of the other party", [](Case&) {}, "", ""},
            {"by a client, at a level that leaves here too",
             [](Case& c) { c.content["by"] = "client"; }, "", ""},
            {"by a client, at a level that does not",
             [](Case& c) {
                 c.terms = examplia(kSealedExport + "true", kSealedExport + "false");
                 c.content["by"] = "client";
             },
             "control-export", "agreement.control_export"},
            {"claimed by a person", [](Case& c) { c.signer = officer; }, "actor",
             "agreement.actor_registry_only"},
            {"over a link that is not accredited any more",
             [](Case& c) { c.world.accredit("crown", "2026-01-01T00:00:00Z"); },
             "link-accreditation", "agreement.link_expired"},
            {"of a dispatch that is not known",
             [](Case& c) { c.content["dispatch"] = dispatch_id(50).text(); }, "dispatch-known",
             "agreement.dispatch_unknown"},
            {"of what was sent without",
             [](Case& c) {
                 c.content["dispatch"] = dispatch_id(2).text();
                 c.content["item"] = item(2).text();
             },
             "controlled", "agreement.not_controlled"},
            {"after it was recalled", [](Case& c) { recall(c.world); }, "not-recalled",
             "agreement.recalled"},
            {"on the last second", [](Case& c) { narrow(c.world, {{"until", kNow}}); }, "", ""},
            {"after the last day",
             [](Case& c) { narrow(c.world, {{"until", "2026-11-24T09:29:59Z"}}); }, "control-until",
             "agreement.control_expired"},
            {"by one of the readers who are left",
             [](Case& c) { narrow(c.world, {{"readers", b64(hash(60))}}); }, "", ""},
            {"by a reader who is not among them",
             [](Case& c) { narrow(c.world, {{"readers", b64(hash(62))}}); }, "reader-admitted",
             "agreement.control_reader"},
            {"when more readers asked than a registry has",
             [](Case& c) {
                 for (std::size_t n = 0; n < logbook::kAdmittedMost; ++n) {
                     Hash32 reader{};
                     reader[0] = static_cast<Byte>(n >> 8);
                     reader[1] = static_cast<Byte>(n);
                     answered(c.world, reader, 1'000 + n);
                 }
                 c.content["opening"] = "9000";
             },
             "reader-admitted", "agreement.control_readers"},
            {"who knows another class", [](Case& c) { c.content["level"] = "crown"; },
             "class-heard", "agreement.control_class"},
            {"asked for a second time", [](Case& c) { answered(c.world, hash(60), 17); },
             "asked-once", "agreement.control_repeated"},
            {"without a key to answer to", [](Case& c) { c.content.erase("session_key"); },
             "asked-once", "agreement.control_repeated"},
            {"with a lease where the terms know none",
             [](Case& c) { c.content["until"] = "2026-11-24T10:30:00Z"; }, "lease-term",
             "agreement.control_lease"},
            {"with a lease as long as the terms say",
             [](Case& c) {
                 c.terms = examplia(kDays, "lease = \"PT1H\"\n" + kDays);
                 c.content["until"] = "2026-11-24T10:30:00Z";
             },
             "", ""},
            {"with a longer one",
             [](Case& c) {
                 c.terms = examplia(kDays, "lease = \"PT1H\"\n" + kDays);
                 c.content["until"] = "2026-11-24T10:30:01Z";
             },
             "lease-term", "agreement.control_lease"},
            {"with a lease for a client",
             [](Case& c) {
                 c.terms = examplia(kDays, "lease = \"PT1H\"\n" + kDays);
                 c.content["until"] = "2026-11-24T10:30:00Z";
                 c.content["by"] = "client";
             },
             "lease-term", "agreement.control_lease"},
            {"with a lease beyond the last day",
             [](Case& c) {
                 c.terms = examplia(kDays, "lease = \"PT1H\"\n" + kDays);
                 narrow(c.world, {{"until", "2026-11-24T10:00:00Z"}});
                 c.content["until"] = "2026-11-24T10:30:00Z";
             },
             "lease-term", "agreement.control_lease"},
        },
        asked);
}

//= O-20
// The receiver's book takes an answer to what is being opened there, and to nothing else.
TEST(DecideControl, AnswerToAnOpening) {
    const auto by_client = [](Case& c) { // at a level that leaves there too
        const std::string row = "    { party = \"XBO\", level = \"zekret\", attested = true },\n";
        c.terms = examplia(
            row, row + "    { party = \"XBO\", level = \"ultra-zekret\", attested = true },\n");
        c.content["by"] = "client";
    };
    const auto opening = [](Case& c) {
        c.world.happen(ActKind::open, person(reader).text(), copy_ids(4, 4), {});
        return std::to_string(c.world.state.next_seq() - 1);
    };
    run(ActKind::permit_opening,
        {
            {"to an open permit", [](Case&) {}, "", ""},
            {"with a lease stated by a clock that is ahead of ours",
             [](Case& c) {
                 c.terms = examplia(kDays, "lease = \"PT1H\"\n" + kDays);
                 c.content["until"] = "2026-11-24T10:35:00Z";
             },
             "", ""},
            {"with a lease that no clock explains",
             [](Case& c) {
                 c.terms = examplia(kDays, "lease = \"PT1H\"\n" + kDays);
                 c.content["until"] = "2026-11-24T10:35:01Z";
             },
             "lease-term", "agreement.control_lease"},
            {"to a reader's own, as if a client asked", [&](Case& c) { by_client(c); },
             "asked-once", "agreement.control_unasked"},
            {"to a client's, under its reader's permit",
             [&](Case& c) {
                 c.world.happen(
                     ActKind::export_copy, person(reader).text(), copy_ids(4, 4),
                     {{"purpose", "exercise"}, {"client", "otdf-1"}, {"copy_number", "2"}});
                 c.content["opening"] = std::to_string(c.world.state.next_seq() - 1);
                 by_client(c); // who takes a copy out opens nothing by that
             },
             "asked-once", "agreement.control_unasked"},
            {"to nothing", [](Case& c) { c.content["opening"] = "1"; }, "asked-once",
             "agreement.control_unasked"},
            {"of another copy", [](Case& c) { c.content["copy"] = copy(2).text(); }, "asked-once",
             "agreement.control_unasked"},
        },
        [&](Case& c) {
            c.world.receive(4, true, true);
            c.signer.reset();
            c.content = {{"dispatch", dispatch_id(4).text()},
                         {"item", item(4).text()},
                         {"copy", copy(4).text()},
                         {"reader", b64(hash(60))},
                         {"level", "ultra-zekret"},
                         {"opening", opening(c)},
                         {"asked", b64(hash(61))}};
        });
}

//= O-20
//= O-32
// Whatever a daemon says of a client: it opened what its originator permitted to it, and no lease
// of its reader's opens for it.
TEST(DecideControl, NoRewrapCountsWithoutItsOwnAnswer) {
    World world(examplia());
    world.receive(4, true, true);
    const logbook::TextMap facts = {
        {"purpose", "exercise"}, {"client", "otdf-1"}, {"copy_number", "2"}};
    world.happen(ActKind::export_copy, person(reader).text(), copy_ids(4, 4), facts);
    world.happen(ActKind::export_copy, person(reader).text(), copy_ids(4, 4), facts, Stage::done);
    logbook::TextMap rewrap = copy_ids(4, 4);
    rewrap["person"] = person(reader).text();
    const auto permitted = [&] {
        world.happen(ActKind::export_copy, logbook::kRegistryActor, rewrap, facts);
        return world.state.next_seq() - 1;
    };
    const auto done = [&] { // of the newest
        world.happen(ActKind::export_copy, logbook::kRegistryActor, rewrap, facts, Stage::done);
    };
    const auto answer = [&](std::uint64_t permit, bool client) {
        logbook::TextMap said = {{"reader", b64(hash(60))},
                                 {"level", "ultra-zekret"},
                                 {"opening", std::to_string(permit)},
                                 {"asked", b64(hash(61))},
                                 {"until", "2027-11-20T18:00:00Z"}};
        if (client)
            said["by"] = "client";
        world.happen(ActKind::permit_opening, logbook::kRegistryActor,
                     {{"dispatch", dispatch_id(4).text()},
                      {"item", item(4).text()},
                      {"copy", copy(4).text()}},
                     said, Stage::done);
    };
    const auto first = permitted();
    EXPECT_THROW(done(), std::runtime_error);
    answer(first, true);
    EXPECT_TRUE(world.state.leases().empty());
    EXPECT_NO_THROW(done());
    world.happen(ActKind::open, person(reader).text(), copy_ids(4, 4), {});
    answer(world.state.next_seq() - 1, false);
    EXPECT_EQ(world.state.leases().size(), 1U);
    permitted();
    EXPECT_THROW(done(), std::runtime_error) << "its reader's lease";
}

//= O-20
// Whatever a daemon says was shown: the fold takes it beside the originator's answer, or a lease.
TEST(DecideControl, NoReadingCountsWithoutIt) {
    World world(examplia());
    world.receive(4, true, true);
    const auto permitted = [&](const char* at) {
        world.happen(ActKind::open, person(reader).text(), copy_ids(4, 4), {}, Stage::permitted,
                     at);
        return world.state.next_seq() - 1;
    };
    const auto shown = [&](std::uint64_t permit) {
        logbook::SkeletonFields fields;
        fields.seq = world.state.next_seq();
        fields.kind = ActKind::open;
        fields.stage = Stage::done;
        fields.actor = person(reader).text();
        fields.minute = world.state.last_minute();
        fields.terms = world.terms.digest();
        fields.permit = permit;
        fields.ids = copy_ids(4, 4);
        const auto applied = world.state.apply(*logbook::Skeleton::make(fields));
        return applied ? "" : applied.error().reason();
    };
    const auto first = permitted("2026-11-20T10:00:00Z");
    EXPECT_EQ(shown(first), "logbook.unknown");
    world.happen(
        ActKind::permit_opening, logbook::kRegistryActor,
        {{"dispatch", dispatch_id(4).text()}, {"item", item(4).text()}, {"copy", copy(4).text()}},
        {{"reader", b64(hash(60))},
         {"level", "ultra-zekret"},
         {"opening", std::to_string(first)},
         {"asked", b64(hash(61))},
         {"until", "2026-11-20T18:00:00Z"}},
        Stage::done, "2026-11-20T10:00:00Z");
    EXPECT_EQ(shown(first), "");
    EXPECT_EQ(shown(permitted("2026-11-20T18:00:00Z")), "");
    EXPECT_EQ(shown(permitted("2026-11-20T18:01:00Z")), "logbook.unknown");
}

//= O-20
TEST(DecideControl, Recall) {
    run(ActKind::recall,
        {
            {"of what was sent", [](Case&) {}, "", ""},
            {"by nobody who releases", [](Case& c) { c.signer = officer; }, "releasing-authority",
             "agreement.releasing_authority"},
            {"of what the other party originated",
             [](Case& c) { c.content["item"] = item(2).text(); }, "originator-only, recall-held",
             "agreement.class_retained"},
            {"a second time", [](Case& c) { recall(c.world); }, "recall-held",
             "agreement.recall_repeated"},
            {"of what never left",
             [](Case& c) {
                 c.world.enter(7, "sealed");
                 c.content["item"] = item(7).text();
             },
             "recall-held", "agreement.recall_nothing"},
        },
        [](Case& c) {
            c.world.send();
            c.signer = releaser;
            c.content = {{"item", item(1).text()}, {"ground", "sent in error"}};
        });
}

//= O-20
TEST(DecideControl, WhoHoldsItHasToAnswer) {
    Case c(examplia(), ActKind::recall);
    c.world.send();
    c.signer = releaser;
    c.content = {{"item", item(1).text()}, {"ground", "sent in error"}};
    const Decision decision = c.decide();
    ASSERT_EQ(decision.duties.size(), 1U);
    EXPECT_EQ(decision.duties[0].clause, "recall-told");
    EXPECT_EQ(decision.duties[0].what, "await-recall-answer");
    EXPECT_EQ(decision.duties[0].due.text(), "2026-12-01T09:30:00Z");
}

//= O-20
TEST(DecideControl, AnswerRecall) {
    run(ActKind::answer_recall,
        {
            {"as the book says", [](Case&) {}, "", ""},
            {"that all is destroyed", [](Case& c) { c.content["answer"] = "0,1,0,0,0"; },
             "recall-answer", "agreement.recall_answer"},
            {"when somebody has read it since",
             [](Case& c) {
                 c.world.happen(ActKind::open, person(reader).text(), copy_ids(2, 2), {});
                 c.world.happen(ActKind::open, person(reader).text(), copy_ids(2, 2), {},
                                Stage::done);
             },
             "recall-answer", "agreement.recall_answer"},
            {"by a reader", [](Case& c) { c.signer = reader; }, "control-officer",
             "agreement.control_officer"},
            {"to a notice that never came",
             [](Case& c) { c.content["notice"] = NoticeId::of(Bytes(10, 8)).text(); },
             "notice-known", "agreement.notice_unknown"},
            {"twice",
             [](Case& c) {
                 c.world.happen(ActKind::answer_recall, person(officer).text(),
                                {{"notice", kRecall.text()}}, {{"answer", "1,0,0,0,0"}});
             },
             "notice-known", "agreement.notice_answered"},
        },
        [](Case& c) {
            recalled_by_peer(c.world, 2);
            c.content = {{"notice", kRecall.text()}, {"answer", "1,0,0,0,0"}};
        });
}

//= O-20
TEST(DecideControl, Narrow) {
    const std::string both = logbook::readers_text({hash(60), hash(62)});
    run(ActKind::narrow,
        {
            {"to an earlier day", [](Case&) {}, "", ""},
            {"by nobody who releases", [](Case& c) { c.signer = reader; }, "releasing-authority",
             "agreement.releasing_authority"},
            {"to a later day",
             [](Case& c) { narrow(c.world, {{"until", "2026-12-01T00:00:00Z"}}); }, "narrow-only",
             "agreement.narrow_wider"},
            {"to more readers than before",
             [&](Case& c) {
                 narrow(c.world, {{"readers", b64(hash(60))}});
                 c.content["readers"] = both;
             },
             "narrow-only", "agreement.narrow_wider"},
            {"to fewer",
             [&](Case& c) {
                 narrow(c.world, {{"readers", both}});
                 c.content["readers"] = b64(hash(62));
             },
             "", ""},
            {"of what they sent",
             [](Case& c) {
                 c.world.receive(4, true, true);
                 c.content["dispatch"] = dispatch_id(4).text();
             },
             "controlled", "agreement.class_retained"},
            {"of what was sent without",
             [](Case& c) { c.content["dispatch"] = dispatch_id(2).text(); }, "controlled",
             "agreement.not_controlled"},
        },
        [](Case& c) {
            c.world.send(true);
            c.signer = releaser;
            c.content = {{"dispatch", dispatch_id(1).text()}, {"until", kLater}};
        });
}

// --- clauses of acts that there were before ---------------------------------------------------

std::string refusals(const Case& c) {
    std::string out;
    for (const auto& refused : c.decide().refusals())
        out += (out.empty() ? "" : " ") + std::string(refused.reason);
    return out;
}

Case approving(const Terms& terms, int n = 1) {
    Case c(terms, ActKind::approve_release);
    c.signer = second_releaser;
    c.content = {{"release_digest", b64(c.world.release_digest(n))},
                 {"item", item(n).text()},
                 {"recipient", "XBO"},
                 {"level", "sealed"},
                 {"terms", b64(terms.digest())},
                 {"control", "originator"}};
    return c;
}

//= O-20
TEST(DecideControl, AskedForWhereTheTermsHaveIt) {
    EXPECT_EQ(refusals(approving(examplia())), "");
    EXPECT_NE(refusals(approving(examplia(kSealedRow, ""))).find("agreement.control_level"),
              std::string::npos);
    Case received = approving(examplia());
    received.content["item"] = item(2).text();
    EXPECT_NE(refusals(received).find("agreement.control_originator"), std::string::npos);
    Case paper = approving(examplia());
    paper.world.enter_described(8, "paper");
    paper.content["item"] = item(8).text();
    EXPECT_NE(refusals(paper).find("agreement.control_form"), std::string::npos);
}

Case dispatching(const Terms& terms, int n) {
    Case c(terms, ActKind::dispatch);
    c.content = {{"item", item(n).text()}, {"recipient", "XBO"}};
    return c;
}

//= O-20
TEST(DecideControl, WhatIsControlledOrRecalledIsNotSentOn) {
    EXPECT_EQ(refusals(dispatching(examplia(), 1)), "");
    Case held = dispatching(examplia(), 4);
    held.world.receive(4, true, true);
    EXPECT_NE(refusals(held).find("agreement.control_held"), std::string::npos);
    Case recalled = dispatching(examplia(), 1);
    recalled.world.send();
    recall(recalled.world);
    EXPECT_NE(refusals(recalled).find("agreement.recalled"), std::string::npos);
}

Case arriving(const Terms& terms, bool control) {
    Case c(terms, ActKind::arrive);
    c.signer.reset();
    c.content = {{"dispatch", dispatch_id(9).text()},
                 {"peer", "XBO"},
                 {"item", item(9).text()},
                 {"level", "ultra-zekret"},
                 {"purpose", "exercise"},
                 {"payload_root", b64(hash(9))},
                 {"statement", b64(hash(109))},
                 {"blob", blob(9).text()},
                 {"copy", copy(9).text()},
                 {"approvals", 3}};
    if (control)
        c.content["control"] = "originator";
    return c;
}

//= O-20
TEST(DecideControl, ArrivesAsTheTermsHaveIt) {
    const auto says = [](const Case& c, const char* reason) {
        return refusals(c).find(reason) != std::string::npos;
    };
    EXPECT_FALSE(says(arriving(examplia(), true), "control"));
    EXPECT_FALSE(says(arriving(examplia(), false), "control"));
    EXPECT_TRUE(says(arriving(examplia(kUltraRow, ""), true), "agreement.control_level"));
    std::string must = kUltraRow;
    must.replace(must.find("false"), 5, "true");
    EXPECT_TRUE(says(arriving(examplia(kUltraRow, must), false), "agreement.control_required"));
    EXPECT_FALSE(says(arriving(examplia(kUltraRow, must), true), "control"));
}

//= O-20
TEST(DecideControl, WhatWasRecalledIsReadNoMore) {
    Case c(examplia(), ActKind::open);
    c.signer = reader;
    c.content = {{"item", item(2).text()},
                 {"copy", copy(2).text()},
                 {"purpose", "exercise"},
                 {"session_key", "AAAA"}};
    EXPECT_EQ(refusals(c).find("agreement.recalled"), std::string::npos);
    recalled_by_peer(c.world, 2);
    EXPECT_NE(refusals(c).find("agreement.recalled"), std::string::npos);
    for (const ActKind kind : {ActKind::export_copy, ActKind::copy, ActKind::issue}) {
        c.kind = kind;
        c.content["client"] = "otdf-1";
        if (kind != ActKind::export_copy)
            c.content = kind == ActKind::copy ? Json{{"item", item(2).text()},
                                                     {"copy", copy(40).text()},
                                                     {"form", "paper"},
                                                     {"reason", "work"},
                                                     {"pages", 3}}
                                              : Json{{"item", item(2).text()},
                                                     {"copy", copy(2).text()},
                                                     {"person", person(reader).text()},
                                                     {"purpose", "exercise"},
                                                     {"due", kLater}};
        else
            c.content.erase("session_key");
        EXPECT_NE(refusals(c).find("agreement.recalled"), std::string::npos)
            << logbook::to_string(kind);
    }
}

//= O-20
//= O-32
TEST(DecideControl, AClientTakesItWhereTheOriginatorLetsIt) {
    Case c(examplia(), ActKind::export_copy);
    c.world.receive(4, true, true);
    c.signer = reader;
    c.content = {{"item", item(4).text()},
                 {"copy", copy(4).text()},
                 {"purpose", "exercise"},
                 {"client", "otdf-1"}};
    EXPECT_NE(refusals(c).find("agreement.control_export"), std::string::npos);
    // The originator's terms decide, whatever the receiver's own are.
    const std::string row = "    { party = \"XBO\", level = \"zekret\", attested = true },\n";
    const auto with = [&](const char* attested) {
        c.terms = examplia(
            row, row + "    { party = \"XBO\", level = \"ultra-zekret\", attested = " + attested +
                     " },\n");
        return refusals(c).find("agreement.control_export") != std::string::npos;
    };
    EXPECT_TRUE(with("false"));
    EXPECT_FALSE(with("true"));
}

//= O-20
TEST(DecideControl, TheLastDayOfADispatch) {
    std::string must = kSealedRow;
    must.replace(must.find("false"), 5, "true");
    const auto until = [](const Terms& terms, const char* day) {
        Case c = dispatching(terms, 1);
        c.content["until"] = day;
        return refusals(c);
    };
    EXPECT_EQ(until(examplia(kSealedRow, must), kLater), "");
    EXPECT_NE(until(examplia(kSealedRow, must), kNow).find("agreement.control_day"),
              std::string::npos);
    EXPECT_NE(until(examplia(), kLater).find("agreement.control_day"), std::string::npos)
        << "nothing is controlled that it would end";
}

//= O-20
TEST(DecideControl, AnOverdueAnswerIsTheirsAndThenOurs) {
    const Terms terms = examplia();
    World world(terms);
    world.send();
    recall(world);
    const auto owed = logbook::owed_notices(world.state);
    ASSERT_EQ(owed.size(), 1U);
    EXPECT_EQ(owed[0].type, logbook::NoticeType::recall);
    world.happen(ActKind::give_notice, logbook::kRegistryActor,
                 {{"notice", logbook::notice_id("XEX", world.state.next_seq()).text()},
                  {"dispatch", dispatch_id(1).text()},
                  {"item", item(1).text()}},
                 {{"type", "recall"}, {"peer", "XBO"}, {"enclosed", b64(hash(9))}});
    const auto duties = [&](const char* at) {
        std::string out;
        for (const auto& duty : duties_at(terms, world.state, day(at)))
            if (duty.clause == "recall-told")
                out += (duty.ours ? "ours " : "theirs ") + duty.what + ";";
        return out;
    };
    EXPECT_EQ(duties("2026-11-27"), "theirs await-recall-answer;");
    EXPECT_EQ(duties("2026-11-28"), "theirs await-recall-answer;ours escalate-recall;");
}

} // namespace
} // namespace valise::agreement::test
