// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.h"
#include "two_registries/reading.h"

// Sheets, over real registries and vaults: who may have them, what stands on them, and where the
// register has them from then on.
namespace valise::testing {
namespace {

class Prints : public ReadingPages {
protected:
    Prints() {
        for (const Someone* who : {&reader, &other})
            kyiv.clear(*who, "tsilkom-taiemno", later());
    }
    // An item of the level at which no officer orders each print, entered here.
    ItemId plain() {
        kyiv.enrol(author);
        kyiv.appoint(author, "originator");
        const ItemId entered = kyiv.enter(author, to_bytes("a note"), "taiemno", purpose);
        kyiv.grant(reader, entered, purpose, later());
        return entered;
    }
    Json print_content(const ItemId& of, const CopyId& print) {
        Json out = content(of);
        out.update({{"print", print.text()},
                    {"due", kyiv.clock.now().plus_days(14).text()},
                    {"reason", "to write on"}});
        return out;
    }
    CopyId fresh() { return CopyId::of(crypto::random_bytes(10)); }
    CopyId ordered(const ItemId& of) {
        const CopyId copy = fresh();
        kyiv.act(kyiv.control_officer, ActKind::copy,
                 {{"item", of.text()},
                  {"copy", copy.text()},
                  {"form", "paper"},
                  {"reason", "for the reader"}});
        return copy;
    }
    std::uint64_t permitted_print(const ItemId& of, const CopyId& print) {
        const auto answer = kyiv.try_act(reader, ActKind::print, print_content(of, print));
        EXPECT_TRUE(answer) << answer.error().text();
        EXPECT_TRUE(answer->decision.permitted()) << answer->decision.reason();
        EXPECT_EQ(answer->result.value("place", ""), "print");
        return answer->seq;
    }
    std::string refused(const Someone& who, const ItemId& of, const CopyId& print) {
        const auto answer = kyiv.try_act(who, ActKind::print, print_content(of, print));
        return !answer ? answer.error().reason() : answer->decision.reason();
    }
    const logbook::CopyHolding* copy(const CopyId& id) {
        held = kyiv.registry->state();
        return held.copy(id);
    }

    Someone author{"Author"};
    logbook::State held;
};

//= O-32
TEST_F(Prints, ASheetIsANumberedCopyOfItsReader) {
    const ItemId note = plain();
    const CopyId print = fresh();
    const auto seq = permitted_print(note, print);
    EXPECT_EQ(copy(print), nullptr) << "not before it is drawn";
    ASSERT_TRUE(kyiv.registry->show(seq, -1)) << reason_of(kyiv.registry->show(seq, -1));
    const auto& seen = *renderer.seen.back();
    EXPECT_EQ(to_text(seen.document), "a note");
    EXPECT_EQ(seen.job.output, rendering::Job::Output::print);
    std::string marks;
    for (const std::string& mark : seen.job.marks)
        marks += mark + "\n";
    const std::string due = kyiv.clock.now().plus_days(14).text().substr(0, 10);
    for (const std::string& said :
         {reader.name, print.text(), std::string("2/2"), due, "#" + std::to_string(seq)})
        EXPECT_NE(marks.find(said), std::string::npos) << said << " in " << marks;
    EXPECT_TRUE(seen.job.code.starts_with("VALISE-PRINT:1:UKR:" + std::to_string(seq) + ":"));
    EXPECT_EQ(seen.job.code.size(), 20 + std::to_string(seq).size() + 64);
    ASSERT_TRUE(kyiv.registry->printed(seq, 3));
    ASSERT_NE(copy(print), nullptr);
    EXPECT_EQ(copy(print)->number, 2U);
    EXPECT_EQ(copy(print)->pages, 3U);
    EXPECT_EQ(copy(print)->form, logbook::Form::paper);
    EXPECT_EQ(copy(print)->place, logbook::Whereabouts(reader.id()));
    // Every sheet that anybody knows of is drawn once.
    EXPECT_EQ(reason_of(kyiv.registry->show(seq, -1)), "registry.no_permit");
    EXPECT_EQ(reason_of(kyiv.registry->printed(seq, 3)), "registry.no_permit");
    // It comes back short with nobody, and ends as any sheet does.
    const Json about = {{"item", note.text()}, {"copy", print.text()}};
    Json back = about;
    back["pages"] = 2;
    EXPECT_EQ(kyiv.try_act(kyiv.control_officer, ActKind::take_back, back)->decision.reason(),
              "agreement.page_check");
    back["pages"] = 3;
    kyiv.act(kyiv.control_officer, ActKind::take_back, back);
    EXPECT_EQ(copy(print)->state, logbook::CopyState::held);
    // What the key process and an auditor think of it.
    kyiv.crash();
    kyiv.restart_keys();
    kyiv.start();
    EXPECT_TRUE(kyiv.registry->tick());
    EXPECT_EQ(copy(print)->printed, seq + 1);
}

//= O-32
// At the level that came from Tokyo two persons stand for each sheet.
TEST_F(Prints, AnOfficerOrdersItFirst) {
    EXPECT_EQ(refused(reader, item, fresh()), "agreement.print_order");
    const CopyId order = ordered(item);
    EXPECT_EQ(refused(other, item, order), "agreement.need_to_know");
    const auto seq = permitted_print(item, order);
    ASSERT_TRUE(kyiv.registry->show(seq, -1));
    ASSERT_TRUE(kyiv.registry->printed(seq, 2));
    EXPECT_EQ(copy(order)->number, 2U);
    EXPECT_EQ(copy(order)->pages, 2U) << "what was drawn";
    EXPECT_EQ(copy(order)->place, logbook::Whereabouts(reader.id()));
    EXPECT_EQ(refused(reader, item, order), "agreement.print_copy");
}

//= O-32
// The key process decides again while the permit of that very print is open: the last one that the
// terms let exist is drawn, whoever ordered it, and the one after it is not.
TEST_F(Prints, TheLastOneThatMayExistIsDrawn) {
    const ItemId note = plain();
    const int most = kyiv.registry->terms().copies("UKR", "taiemno");
    ASSERT_GT(most, 1);
    std::vector<std::pair<std::uint64_t, CopyId>> open;
    for (int i = 0; i < most; ++i) {
        const CopyId print = i == 0 ? ordered(note) : fresh();
        open.emplace_back(permitted_print(note, print), print);
    }
    EXPECT_EQ(refused(reader, note, fresh()), "agreement.copy_limit");
    for (const auto& [seq, print] : open) {
        ASSERT_TRUE(kyiv.registry->show(seq, -1)) << reason_of(kyiv.registry->show(seq, -1));
        ASSERT_TRUE(kyiv.registry->printed(seq, 2));
        EXPECT_EQ(copy(print)->state, logbook::CopyState::issued);
    }
    EXPECT_EQ(refused(reader, note, fresh()), "agreement.copy_limit");
}

// A daemon that was taken over draws one print, and says that it failed: not as often as it likes.
TEST_F(Prints, OneSheetIsNotDrawnWithoutEnd) {
    const ItemId note = plain();
    const auto seq = permitted_print(note, fresh());
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(kyiv.registry->show(seq, -1)) << i;
    const auto drawn = renderer.seen.size();
    EXPECT_EQ(reason_of(kyiv.registry->show(seq, -1)), "vault.drawn");
    EXPECT_EQ(renderer.seen.size(), drawn);
    // Nor for longer than its outcome is waited for, by the key process's own clock.
    const auto late = permitted_print(note, fresh());
    kyiv.clock.at = kyiv.clock.at.plus_seconds(25 * 3600);
    EXPECT_EQ(reason_of(kyiv.registry->show(late, -1)), "vault.drawn");
    EXPECT_EQ(renderer.seen.size(), drawn);
}

// A photocopy is sheets: nobody prints more of them under its number, whoever had it meanwhile.
TEST_F(Prints, APhotocopyIsNotPrintedAgain) {
    const ItemId note = plain();
    const CopyId photocopy = fresh();
    const Json about = {{"item", note.text()}, {"copy", photocopy.text()}};
    Json content = about;
    content.update({{"form", "paper"}, {"pages", 1}, {"reason", "for the reader"}});
    kyiv.act(kyiv.control_officer, ActKind::copy, content);
    EXPECT_EQ(refused(reader, note, photocopy), "agreement.print_copy");
    content = about;
    content.update({{"person", reader.id().text()},
                    {"purpose", purpose},
                    {"due", kyiv.clock.now().plus_days(14).text()}});
    kyiv.act(kyiv.control_officer, ActKind::issue, content);
    content = about;
    content["pages"] = 1;
    kyiv.act(kyiv.control_officer, ActKind::take_back, content);
    EXPECT_EQ(refused(reader, note, photocopy), "agreement.print_copy");
}

// What was ordered and reported missing is frozen, though another copy is the one that is read.
TEST_F(Prints, AnIncidentStopsThePrintThatItIsAbout) {
    const ItemId note = plain();
    const CopyId order = ordered(note);
    const auto seq = permitted_print(note, order);
    kyiv.act(reader, ActKind::report_incident,
             {{"item", note.text()}, {"copy", order.text()}, {"what", "loss"}});
    EXPECT_EQ(reason_of(kyiv.registry->show(seq, -1)), "vault.reader");
    EXPECT_EQ(reason_of(kyiv.registry->printed(seq, 1)), "registry.reading_over");
    ASSERT_TRUE(kyiv.registry->printed(seq, std::nullopt));
    EXPECT_EQ(copy(order)->state, logbook::CopyState::ordered);
}

//= O-20
TEST_F(Prints, NothingThatItsOriginatorControls) {
    const ItemId controlled = arrived(true);
    const CopyId order = ordered(controlled);
    EXPECT_EQ(refused(reader, controlled, order), "agreement.print_control");
}

// The daemon turns neither into the other, and gets no share for a sheet.
TEST_F(Prints, ImagesAndSheetsAreWhatTheReaderSignedFor) {
    const ItemId note = plain();
    const auto print = permitted_print(note, fresh());
    const auto sealed = kyiv.blobs.open(kyiv.registry->state().item(note)->blob).value();
    const auto container = envelope::Container::open(*sealed).value();
    EXPECT_EQ(reason_of(kyiv.keys->release_share(print, container.manifest_bytes())),
              "vault.reading_place");
    EXPECT_EQ(reason_of(kyiv.registry->opened_blob(print)), "registry.no_permit");
    EXPECT_EQ(reason_of(kyiv.registry->opened(print, true)), "registry.no_permit");
    EXPECT_EQ(reason_of(kyiv.registry->desk_reading(print)), "registry.no_permit");
    const auto open = kyiv.try_act(reader, ActKind::open, content(note));
    ASSERT_TRUE(open && open->decision.permitted());
    EXPECT_EQ(reason_of(kyiv.registry->printed(open->seq, 1)), "registry.no_permit");
    ASSERT_TRUE(kyiv.registry->show(open->seq, -1));
    EXPECT_EQ(renderer.seen.back()->job.output, rendering::Job::Output::pages);
    EXPECT_TRUE(renderer.seen.back()->job.code.empty());
    // Decided anew before anything is drawn.
    kyiv.act(kyiv.clearance_officer, ActKind::revoke,
             {{"what", "clearance"}, {"person", reader.id().text()}});
    const auto drawn = renderer.seen.size();
    EXPECT_EQ(reason_of(kyiv.registry->show(print, -1)), "vault.reader");
    EXPECT_EQ(renderer.seen.size(), drawn);
}

// Nobody was given anything, so nobody has it.
TEST_F(Prints, AForgottenPrintFails) {
    const ItemId note = plain();
    const CopyId print = fresh();
    permitted_print(note, print);
    kyiv.clock.at = kyiv.clock.at.plus_seconds(25 * 3600);
    (void)kyiv.work();
    EXPECT_EQ(kyiv.registry->history(note, 1).value().back().stage(), Stage::failed);
    EXPECT_EQ(copy(print), nullptr);
    EXPECT_EQ(kyiv.registry->state().item(note)->copies_made, 2U) << "its number stays spent";
}

TEST_F(Prints, AtTheDesk) {
    item = plain();
    Browser browser = signed_in(reader, "bondarenko");
    const Json members = content(item);
    const auto answer =
        browser.post("/acts/print", {{"token", browser.token("/acts/print")},
                                     {"item", members.at("item")},
                                     {"copy", members.at("copy")},
                                     {"purpose", members.at("purpose")},
                                     {"due", kyiv.clock.now().plus_days(14).text().substr(0, 16)},
                                     {"reason", "to write on"}});
    auto headers = answer.headers;
    const std::string at = headers["location"];
    ASSERT_FALSE(at.empty()) << to_text(answer.body);
    const auto act = pages->prepared(at.substr(at.rfind('/') + 1)).value();
    const CopyId print = act.id_field<CopyId>("print").value();
    browser.post(at, {{"token", browser.token(at)},
                      {"signed", to_base64(logbook::SignedAct::make(act, reader.key)->bytes())}});
    const std::string done = browser.get(at);
    const auto link = done.find("/prints/");
    ASSERT_NE(link, std::string::npos) << done;
    const std::string page = done.substr(link, done.find('"', link) - link);
    EXPECT_NE(browser.get("/reading").find(page), std::string::npos);
    EXPECT_NE(browser.get(page).find("given out once"), std::string::npos);
    Browser another = signed_in(other, "other");
    another.get(page, 404);
    EXPECT_EQ(another.post(page, {{"token", another.token("/reading")}}).status, 404U);
    // What was away can be tried again, and is no copy yet.
    renderer.down = true;
    EXPECT_EQ(browser.post(page, {{"token", browser.token("/reading")}}).status, 503U);
    EXPECT_EQ(outcome(), Stage::permitted);
    renderer.down = false;
    auto pdf = browser.post(page, {{"token", browser.token("/reading")}});
    EXPECT_EQ(pdf.status, 200U);
    EXPECT_EQ(pdf.content_type, "application/pdf");
    EXPECT_EQ(pdf.headers["cache-control"], "no-store");
    EXPECT_TRUE(pdf.headers["content-disposition"].starts_with("attachment"));
    EXPECT_EQ(to_text(pdf.body), "%PDF- of the test");
    EXPECT_EQ(outcome(), Stage::done);
    ASSERT_NE(copy(print), nullptr);
    EXPECT_EQ(copy(print)->pages, 3U);
    browser.get(page, 404);
    EXPECT_EQ(browser.post(page, {{"token", browser.token("/reading")}}).status, 404U);
}

TEST_F(Prints, WhatCannotBePrintedSaysWhy) {
    item = plain();
    Browser browser = signed_in(reader, "bondarenko");
    const CopyId print = fresh();
    const std::string page = "/prints/" + std::to_string(permitted_print(item, print));
    renderer.verdict = rendering::Verdict::too_large;
    const auto answer = browser.post(page, {{"token", browser.token("/reading")}});
    EXPECT_EQ(answer.status, 422U);
    EXPECT_NE(to_text(answer.body).find("render.too_large"), std::string::npos);
    EXPECT_EQ(outcome(), Stage::failed);
    EXPECT_EQ(copy(print), nullptr);
    // The session ended while it was drawn: nothing is given to nobody.
    renderer.verdict = rendering::Verdict::shown;
    const CopyId next_copy = fresh();
    const std::string next = "/prints/" + std::to_string(permitted_print(item, next_copy));
    after_drawing = [&] { ASSERT_TRUE(pages->end_account(reader.id())); };
    EXPECT_NE(browser.post(next, {{"token", browser.token("/reading")}}).status, 200U);
    EXPECT_EQ(outcome(), Stage::failed);
    EXPECT_EQ(copy(next_copy), nullptr);
}

} // namespace
} // namespace valise::testing
