// SPDX-License-Identifier: Apache-2.0
#include "two_registries/reading.h"

// The Reading desk over real registries and vaults: which document goes where, under which marks,
// and who sees what comes of it.
namespace valise::testing {
namespace {

TEST_F(ReadingDesk, TheDocumentGoesToTheRendererUnderTheMarksOfTheBook) {
    const auto seq = permitted(item);
    ASSERT_TRUE(kyiv.registry->show(seq, -1)) << reason_of(kyiv.registry->show(seq, -1));
    ASSERT_EQ(renderer.seen.size(), 1U);
    const auto& seen = *renderer.seen.front();
    EXPECT_EQ(to_text(seen.document), "the document");
    EXPECT_TRUE(seen.whole);
    EXPECT_EQ(seen.job.output, rendering::Job::Output::pages);
    const auto state = kyiv.registry->state();
    std::string marks;
    for (const std::string& mark : seen.job.marks)
        marks += mark + "\n";
    for (const std::string& said : {reader.name, reader.id().text(), state.item(item)->number,
                                    content(item).at("copy").get<std::string>(),
                                    std::to_string(seq), kyiv.clock.now().text().substr(0, 16)})
        EXPECT_NE(marks.find(said), std::string::npos) << said << " in " << marks;
    // Both levels: ours, and the originator's beside it.
    EXPECT_NE(seen.job.banner.find("Цілком таємно"), std::string::npos) << seen.job.banner;
    EXPECT_NE(seen.job.banner.find("極秘"), std::string::npos) << seen.job.banner;
    EXPECT_TRUE(kyiv.registry->opened(seq, true));
    const auto history = kyiv.registry->history(item, 2).value();
    EXPECT_EQ(history.back().kind(), ActKind::open);
    EXPECT_EQ(history.back().stage(), Stage::done);
    // With its outcome the permit is over.
    EXPECT_EQ(reason_of(kyiv.registry->show(seq, -1)), "registry.no_permit");
}

// Its name stands in an opening, which a key process that was started anew has to read again.
TEST_F(ReadingDesk, TheMarksAreTheSameAfterARestart) {
    kyiv.crash();
    kyiv.restart_keys();
    kyiv.start();
    const auto seq = permitted(item);
    ASSERT_TRUE(kyiv.registry->show(seq, -1));
    EXPECT_EQ(renderer.seen.front()->job.marks.front(), reader.name);
}

// A permit is for the place that its reader signed for: a daemon that was taken over turns neither
// into the other.
TEST_F(ReadingDesk, NeitherPlaceOfReadingTurnsIntoTheOther) {
    const auto at_desk = permitted(item);
    const auto sealed = kyiv.registry->opened_blob(at_desk).value();
    const auto container = envelope::Container::open(*sealed).value();
    EXPECT_EQ(reason_of(kyiv.keys->release_share(at_desk, container.manifest_bytes())),
              "vault.reading_place");
    ASSERT_TRUE(kyiv.registry->opened(at_desk, false));
    const auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    Json elsewhere = content(item);
    elsewhere["session_key"] = to_base64(session.public_key().der());
    const auto own = kyiv.try_act(reader, ActKind::open, elsewhere);
    ASSERT_TRUE(own && own->decision.permitted());
    EXPECT_EQ(reason_of(kyiv.registry->show(own->seq, -1)), "vault.reading_place");
    EXPECT_TRUE(renderer.seen.empty());
}

TEST_F(ReadingDesk, WhatIsNoLongerPermittedIsNotShown) {
    const auto seq = permitted(item);
    kyiv.act(kyiv.clearance_officer, ActKind::revoke,
             {{"what", "clearance"}, {"person", reader.id().text()}});
    EXPECT_EQ(reason_of(kyiv.registry->show(seq, -1)), "vault.reader");
    EXPECT_EQ(reason_of(kyiv.registry->show(seq + 1, -1)), "registry.no_permit");
    const auto refused = kyiv.try_act(other, ActKind::open, content(item));
    ASSERT_TRUE(refused);
    EXPECT_FALSE(refused->decision.permitted());
    EXPECT_TRUE(renderer.seen.empty());
}

// Another file under the permit: what is opened is what was recorded.
TEST_F(ReadingDesk, AnotherFileIsNotShown) {
    const ItemId second_item = arrived(false);
    const auto seq = permitted(item);
    const auto wrong = kyiv.blobs.open(kyiv.registry->state().item(second_item)->blob).value();
    ASSERT_TRUE(kyiv.registry->tick());
    EXPECT_FALSE(kyiv.keys->show(seq, *wrong, -1));
    EXPECT_TRUE(renderer.seen.empty() || !renderer.seen.front()->whole);
}

TEST_F(ReadingDesk, WhatTheRendererSaysComesBack) {
    const auto seq = permitted(item);
    renderer.down = true;
    EXPECT_EQ(reason_of(kyiv.registry->show(seq, -1)), "adapters.renderer_down");
    renderer.down = false;
    renderer.verdict = rendering::Verdict::forbidden;
    EXPECT_EQ(reason_of(kyiv.registry->show(seq, -1)), "render.forbidden");
    renderer.verdict = rendering::Verdict::shown;
    EXPECT_TRUE(kyiv.registry->show(seq, -1));
    // A key process without a renderer.
    kyiv.renderer = nullptr;
    kyiv.crash();
    kyiv.restart_keys();
    kyiv.start();
    EXPECT_EQ(reason_of(kyiv.registry->show(seq, -1)), "vault.no_renderer");
}

//= O-20
// Both shares are joined in the key process, after the originator has permitted this opening.
TEST_F(ReadingDesk, AControlledItemIsShownOnceItsOriginatorPermits) {
    const ItemId controlled = arrived(true);
    const auto answer = kyiv.try_act(reader, ActKind::open, content(controlled));
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->result.value("control", ""), "permit");
    EXPECT_FALSE(answer->result.contains("originators_share"));
    // A renderer that was away costs nobody the originator's permit.
    renderer.down = true;
    EXPECT_EQ(reason_of(kyiv.registry->show(answer->seq, -1)), "adapters.renderer_down");
    renderer.down = false;
    ASSERT_TRUE(kyiv.registry->show(answer->seq, -1))
        << reason_of(kyiv.registry->show(answer->seq, -1));
    EXPECT_EQ(to_text(renderer.seen.back()->document), "the document");
    EXPECT_TRUE(kyiv.registry->opened(answer->seq, true));
}

// --- the pages ----------------------------------------------------------------------------------

TEST_F(ReadingPages, ADocumentIsReadFromTheDecisionToTheClosing) {
    Browser browser = signed_in(reader, "bondarenko");
    EXPECT_NE(browser.get("/reading").find("Issued to you"), std::string::npos);
    const std::string at = permit(browser);
    EXPECT_EQ(outcome(), Stage::permitted);
    EXPECT_NE(browser.get("/reading").find(at), std::string::npos) << "it waits to be shown";
    EXPECT_NE(browser.get(at).find("not yet shown"), std::string::npos);
    browser.get(at + "/1", 404);
    EXPECT_TRUE(renderer.seen.empty()) << "looking shows nothing";
    EXPECT_EQ(show(browser, at), 303U);
    EXPECT_EQ(outcome(), Stage::done);
    const std::string page = browser.get(at);
    EXPECT_NE(page.find("<img src=\"" + at + "/1\" alt=\"Page 1 of the document"),
              std::string::npos);
    EXPECT_NE(page.find("Only the first 2 of 5 pages"), std::string::npos);
    EXPECT_NE(page.find("?page=2"), std::string::npos);
    EXPECT_EQ(page.find("Previous page"), std::string::npos);
    EXPECT_EQ(page.find("Nothing classified on this page"), std::string::npos);
    EXPECT_NE(browser.get(at + "?page=2").find("Previous page"), std::string::npos);
    for (const char* none : {"?page=0", "?page=3", "?page=x", "?page=99999999999999999999"})
        browser.get(at + none, 404);
    const auto image = browser.send("GET", at + "/2");
    EXPECT_EQ(image.status, 200U);
    EXPECT_EQ(image.content_type, "image/png");
    EXPECT_EQ(image.headers.at("cache-control"), "no-store");
    EXPECT_EQ(image.body, kPixel);
    browser.get(at + "/3", 404);
    // Shown again it is not: the permit is over.
    EXPECT_EQ(show(browser, at), 303U);
    EXPECT_EQ(renderer.seen.size(), 1U);
    browser.post(at + "/close", {{"token", browser.token("/reading")}});
    browser.get(at + "/1", 404);
    browser.get(at, 404);
}

TEST_F(ReadingPages, ThePagesAreOneSessionsAlone) {
    Browser browser = signed_in(reader, "bondarenko");
    const std::string at = permit(browser);
    Browser stranger = signed_in(other, "somebody");
    EXPECT_EQ(show(stranger, at), 404U);
    EXPECT_TRUE(renderer.seen.empty());
    ASSERT_EQ(show(browser, at), 303U);
    stranger.get(at, 404);
    stranger.get(at + "/1", 404);
    // Not even another one of the same person.
    Browser twin = signed_in_again("bondarenko");
    twin.get("/reading");
    twin.get(at + "/1", 404);
    EXPECT_EQ(browser.send("GET", at + "/1").status, 200U);
    Browser nobody{*pages};
    EXPECT_EQ(nobody.send("GET", at + "/1").status, 303U); // to the sign-in
    // A form that another site sent.
    EXPECT_EQ(browser.post(at + "/close", {{"token", "x"}}).status, 403U);
    EXPECT_EQ(browser.send("GET", at + "/1").status, 200U);
    browser.post("/sign-out", {{"token", browser.token("/reading")}});
    Browser again = signed_in(reader, "bondarenko");
    again.get(at + "/1", 404);
}

TEST_F(ReadingPages, ThePagesAreWipedWhenTheirTimeIsOver) {
    Browser browser = signed_in(reader, "bondarenko");
    const std::string at = permit(browser);
    ASSERT_EQ(show(browser, at), 303U);
    kyiv.clock.at = kyiv.clock.at.plus_seconds(299);
    EXPECT_EQ(browser.send("GET", at + "/1").status, 200U);
    kyiv.clock.at = kyiv.clock.at.plus_seconds(299);
    pages->wipe_what_ran_out();
    EXPECT_EQ(browser.send("GET", at + "/1").status, 200U);
    kyiv.clock.at = kyiv.clock.at.plus_seconds(301);
    browser.get(at + "/1", 404);
    // However often somebody looks.
    const std::string second_time = permit(browser);
    ASSERT_EQ(show(browser, second_time), 303U);
    for (int i = 0; i < 12; ++i) {
        kyiv.clock.at = kyiv.clock.at.plus_seconds(149);
        EXPECT_EQ(browser.send("GET", second_time + "/1").status, 200U) << i;
    }
    kyiv.clock.at = kyiv.clock.at.plus_seconds(149);
    pages->wipe_what_ran_out();
    browser.get(second_time + "/1", 404);
}

TEST_F(ReadingPages, WhoeverIsRevokedSeesNothingMore) {
    Browser browser = signed_in(reader, "bondarenko");
    const std::string at = permit(browser);
    ASSERT_EQ(show(browser, at), 303U);
    kyiv.act(kyiv.control_officer, ActKind::revoke,
             {{"what", "person"}, {"person", reader.id().text()}});
    EXPECT_EQ(browser.send("GET", at + "/1").status, 303U);
}

//= O-22
// What was permitted when it was opened is decided anew at each look.
TEST_F(ReadingPages, WhoeverMayNotReadAnyMoreSeesNothingMore) {
    Browser browser = signed_in(reader, "bondarenko");
    const std::string at = permit(browser);
    ASSERT_EQ(show(browser, at), 303U);
    EXPECT_EQ(browser.send("GET", at + "/1").status, 200U);
    kyiv.act(kyiv.clearance_officer, ActKind::revoke,
             {{"what", "clearance"}, {"person", reader.id().text()}});
    EXPECT_EQ(browser.send("GET", at + "/1").status, 403U);
    browser.get(at + "/1", 404); // and it is gone
    kyiv.clear(reader, "tsilkom-taiemno", later());
    browser.get(at + "/1", 404);
    // A reader who went away asks for nothing; the sweep does.
    const std::string second_time = permit(browser);
    ASSERT_EQ(show(browser, second_time), 303U);
    kyiv.act(kyiv.clearance_officer, ActKind::revoke,
             {{"what", "clearance"}, {"person", reader.id().text()}});
    pages->wipe_what_ran_out();
    kyiv.clear(reader, "tsilkom-taiemno", later());
    browser.get(second_time + "/1", 404);
}

TEST_F(ReadingPages, AnAccountThatIsMadeAnewOrEndsTakesItsPagesWithIt) {
    Browser browser = signed_in(reader, "bondarenko");
    std::string at = permit(browser);
    // Ended while it was drawn: the book does not say that it was read.
    after_drawing = [&] { ASSERT_TRUE(pages->end_account(reader.id())); };
    show(browser, at);
    after_drawing = {};
    EXPECT_EQ(outcome(), Stage::failed);
    Browser again = signed_in(reader, "bondarenko");
    again.get(at + "/1", 404);
}

// A permit that was signed for a machine is none of this desk's business.
TEST_F(ReadingPages, AnOpeningForAMachineIsLeftAlone) {
    Browser browser = signed_in(reader, "bondarenko");
    const auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    Json elsewhere = content(item);
    elsewhere["session_key"] = to_base64(session.public_key().der());
    const auto own = kyiv.try_act(reader, ActKind::open, elsewhere);
    ASSERT_TRUE(own && own->decision.permitted());
    const std::string at = "/reading/" + std::to_string(own->seq);
    EXPECT_EQ(browser.get("/reading").find(at), std::string::npos);
    EXPECT_EQ(show(browser, at), 404U);
    EXPECT_EQ(outcome(), Stage::permitted);
    EXPECT_TRUE(kyiv.registry->opened(own->seq, true));
}

// A double click, and somebody who wants all the room.
TEST_F(ReadingPages, OneDocumentOfAPersonIsDrawnAtATime) {
    Browser browser = signed_in(reader, "bondarenko");
    const std::string at = permit(browser);
    const std::string next = permit(browser);
    const std::string token = browser.token("/reading");
    after_drawing = [&] {
        after_drawing = {};
        EXPECT_EQ(browser.post(at, {{"token", token}}).status, 409U);
        EXPECT_EQ(browser.post(next, {{"token", token}}).status, 409U);
    };
    EXPECT_EQ(browser.post(at, {{"token", token}}).status, 303U);
    EXPECT_EQ(browser.send("GET", at + "/1").status, 200U);
    // What was thrown gives its room back, and nothing is said to have failed.
    for (int i = 0; i < 6; ++i) {
        after_drawing = [] { throw std::bad_alloc(); };
        EXPECT_EQ(browser.post(next, {{"token", token}}).status, 503U);
    }
    EXPECT_EQ(outcome(), Stage::done);
    after_drawing = {};
    EXPECT_EQ(browser.post(next, {{"token", token}}).status, 303U);
}

TEST_F(ReadingPages, APersonHasTwoBeforeThemAndNoMore) {
    Browser browser = signed_in(reader, "bondarenko");
    std::vector<std::string> all;
    for (int i = 0; i < 3; ++i) {
        all.push_back(permit(browser));
        ASSERT_EQ(show(browser, all.back()), 303U);
    }
    browser.get(all[0] + "/1", 404);
    EXPECT_EQ(browser.send("GET", all[1] + "/1").status, 200U);
    EXPECT_EQ(browser.send("GET", all[2] + "/1").status, 200U);
}

TEST_F(ReadingPages, WhatCannotBeShownSaysWhy) {
    Browser browser = signed_in(reader, "bondarenko");
    const std::string at = permit(browser);
    renderer.down = true;
    auto answer = browser.post(at, {{"token", browser.token("/reading")}});
    EXPECT_EQ(answer.status, 503U);
    EXPECT_NE(to_text(answer.body).find("adapters.renderer_down"), std::string::npos);
    EXPECT_EQ(outcome(), Stage::permitted) << "it can be tried again";
    renderer.down = false;
    renderer.verdict = rendering::Verdict::forbidden;
    answer = browser.post(at, {{"token", browser.token("/reading")}});
    EXPECT_EQ(answer.status, 422U);
    EXPECT_NE(to_text(answer.body).find("what the sandbox stops"), std::string::npos);
    EXPECT_EQ(outcome(), Stage::failed);
    EXPECT_TRUE(std::ranges::find(noted, "document-stopped") != noted.end());
    browser.get(at, 404);
    // What failed holds no place.
    renderer.verdict = rendering::Verdict::office;
    for (int i = 0; i < 6; ++i) {
        const std::string next = permit(browser);
        EXPECT_EQ(browser.post(next, {{"token", browser.token("/reading")}}).status, 422U);
    }
}

} // namespace
} // namespace valise::testing
