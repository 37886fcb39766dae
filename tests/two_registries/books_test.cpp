// SPDX-License-Identifier: Apache-2.0
#include "desk/api.h"
#include "forms/book.h"
#include "two_registries/side.h"

#include <gtest/gtest.h>

namespace valise::testing {
namespace {

struct Printed {
    std::string bytes;
    Json head;
    std::vector<Json> rows;
    Json end;
};

// The registry's books over the API, at real registries with one dispatch between them.
class Books : public ::testing::Test, protected TokyoStaff {
protected:
    Books() : terms(read_terms("jpn-ukr.toml")), tokyo("JPN", terms), kyiv("UKR", terms) {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        take_office(tokyo, later);
        kyiv.accredit("tsilkom-taiemno");
        item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
    }

    void send() {
        tokyo.approve(releaser, item, "UKR");
        tokyo.approve(second, item, "UKR");
        tokyo.dispatch(tokyo.control_officer, item, "UKR");
        ASSERT_TRUE(tokyo.work());
        ASSERT_TRUE(kyiv.work());
    }

    void pass_days(int days) {
        tokyo.clock.at = tokyo.clock.at.plus_days(days);
        kyiv.clock.at = tokyo.clock.at;
    }

    static HttpResponse ask(const Side& side, const std::string& target) {
        const desk::Api api(*side.registry, [] { return ""; });
        HttpRequest request;
        request.method = "GET";
        request.target = target;
        return api.answer(request);
    }

    // In small pieces, as a slow reader takes it.
    static Printed print(const Side& side, const std::string& book, const std::string& as_of = "") {
        const auto response =
            ask(side, "/api/v1/reports/" + book + (as_of.empty() ? "" : "?as_of=" + as_of));
        Printed out;
        EXPECT_TRUE(response.stream) << to_text(response.body);
        if (!response.stream)
            return out;
        Bytes piece(97);
        while (true) {
            const auto count = response.stream->read(piece);
            EXPECT_TRUE(count) << count.error().text();
            if (!count || *count == 0)
                break;
            out.bytes += to_text(ByteView(piece).first(*count));
        }
        std::string_view left = out.bytes;
        while (!left.empty()) {
            const auto end = left.find('\n');
            out.rows.push_back(Json::parse(left.substr(0, end)));
            left.remove_prefix(end + 1);
        }
        out.head = out.rows.front();
        out.end = out.rows.back();
        out.rows.erase(out.rows.begin());
        out.rows.pop_back();
        EXPECT_EQ(out.end.at("rows"), out.rows.size());
        for (const Json& row : out.rows) {
            EXPECT_EQ(row.size(), out.head.at("columns").size());
            for (const Json& column : out.head.at("columns"))
                EXPECT_TRUE(row.contains(column.at("name").get<std::string>())) << column;
        }
        return out;
    }

    Bytes terms;
    Side tokyo;
    Side kyiv;
    Time later = tokyo.clock.now().plus_days(200);
    std::string purpose = tokyo.terms.purposes().front().code;
    ItemId item;
};

//= O-26
TEST_F(Books, TheRegisterFollowsAnItemFromEntryToReceipt) {
    const auto before = print(tokyo, "register");
    ASSERT_EQ(before.rows.size(), 1U);
    EXPECT_EQ(before.rows[0].at("number"), "JPN-2026-0001");
    EXPECT_EQ(before.rows[0].at("level"), "極秘 (gokuhi)");
    EXPECT_EQ(before.rows[0].at("form"), "electronic");
    EXPECT_EQ(before.rows[0].at("pages"), Json());
    EXPECT_EQ(before.rows[0].at("copies"), 1);
    EXPECT_EQ(before.rows[0].at("dispatch"), Json::array());
    send();
    const auto sent = print(tokyo, "register");
    EXPECT_EQ(sent.rows[0].at("state"), Json::array({"custody_receipted"}));
    EXPECT_EQ(sent.rows[0].at("custody_receipt").size(), 1U);
    EXPECT_EQ(sent.rows[0].at("contents_receipt"), Json::array());
    const auto there = print(kyiv, "register");
    ASSERT_EQ(there.rows.size(), 1U);
    EXPECT_EQ(there.rows[0].at("direction"), "in");
    EXPECT_EQ(there.rows[0].at("origin"), "JPN");
    EXPECT_EQ(there.rows[0].at("own_level"), "Цілком таємно (tsilkom-taiemno)");
}

// What is made of the register as it stands is what folding every event again makes.
TEST_F(Books, AsTheRegisterStandsIsAsItIsFolded) {
    send();
    tokyo.enter_described(originator, "hi", purpose, "paper", {{"pages", 3}});
    tokyo.act(tokyo.control_officer, logbook::ActKind::begin_muster, Json::object());
    tokyo.act(tokyo.control_officer, logbook::ActKind::begin_muster, {{"level", "gokuhi"}});
    const auto refused =
        kyiv.try_act(kyiv.control_officer, logbook::ActKind::open,
                     {{"item", item.text()},
                      {"copy", kyiv.registry->state().copies().begin()->first.text()},
                      {"purpose", purpose},
                      {"session_key", to_base64(Bytes(32, 9))}});
    ASSERT_TRUE(refused && !refused->decision.permitted());
    pass_days(40);
    for (const Side* side : {&tokyo, &kyiv})
        for (const forms::BookKind kind : forms::all_books()) {
            forms::Book folded(kind, side->terms, side->registry->now());
            const auto skeletons = side->registry->skeletons(0, 10'000);
            ASSERT_TRUE(skeletons);
            for (const auto& skeleton : *skeletons)
                ASSERT_TRUE(folded.take(skeleton));
            folded.finish();
            const auto standing = print(*side, std::string(to_string(kind)));
            std::size_t rows = 0;
            for (auto row = folded.row(); row; row = folded.row()) {
                ASSERT_LT(rows, standing.rows.size()) << to_string(kind);
                EXPECT_EQ(*row, standing.rows[rows++]) << to_string(kind);
            }
            EXPECT_EQ(rows, standing.rows.size()) << side->party << to_string(kind);
            EXPECT_EQ(standing.end.at("events"), folded.state().next_seq());
        }
}

// A book of any past minute, made of a landmark and what followed it, is what folding every event
// from the first on makes; after a restart too.
TEST_F(Books, OfAnyPastMinuteIsAsItIsFolded) {
    pass_days(1);
    send();
    for (int i = 0; i < 3; ++i) {
        pass_days(1);
        tokyo.enter_described(originator, "hi", purpose, "paper", {{"pages", 3}});
        tokyo.act(tokyo.control_officer, logbook::ActKind::begin_muster, Json::object());
    }
    pass_days(1);
    const auto refused =
        kyiv.try_act(kyiv.control_officer, logbook::ActKind::open,
                     {{"item", item.text()},
                      {"copy", kyiv.registry->state().copies().begin()->first.text()},
                      {"purpose", purpose},
                      {"session_key", to_base64(Bytes(32, 9))}});
    ASSERT_TRUE(refused && !refused->decision.permitted());
    pass_days(40);
    ASSERT_TRUE(tokyo.registry->tick());
    ASSERT_TRUE(kyiv.registry->tick());
    for (const bool again : {false, true})
        for (Side* side : {&tokyo, &kyiv}) {
            if (again) {
                side->crash();
                side->start();
            }
            const auto skeletons = side->registry->skeletons(0, 10'000);
            ASSERT_TRUE(skeletons);
            std::set<Time> minutes = {skeletons->front().minute().plus_seconds(-60)};
            for (const auto& skeleton : *skeletons) {
                minutes.insert(skeleton.minute());
                minutes.insert(skeleton.minute().plus_seconds(60));
            }
            for (const Time at : minutes)
                for (const forms::BookKind kind : forms::all_books()) {
                    forms::Book folded(kind, side->terms, at);
                    for (const auto& skeleton : *skeletons) {
                        if (!*folded.take(skeleton))
                            break;
                    }
                    folded.finish();
                    const auto past = print(*side, std::string(to_string(kind)), at.text());
                    std::size_t rows = 0;
                    for (auto row = folded.row(); row; row = folded.row()) {
                        ASSERT_LT(rows, past.rows.size()) << to_string(kind) << at.text();
                        EXPECT_EQ(*row, past.rows[rows++]) << to_string(kind) << at.text();
                    }
                    EXPECT_EQ(rows, past.rows.size()) << to_string(kind) << at.text();
                    EXPECT_EQ(past.end.at("events"), folded.state().next_seq());
                }
        }
}

// A muster has a row for each copy, whatever became of the copy since.
TEST_F(Books, AMusterIsListedWithWhatWasFound) {
    EXPECT_TRUE(print(tokyo, "muster").rows.empty());
    tokyo.clear(tokyo.control_officer, "kimitsu", later);
    const ItemId paper =
        tokyo.enter_described(originator, "hi", purpose, "paper", {{"pages", 12}, {"sheets", 6}});
    const auto begun =
        tokyo.act(tokyo.control_officer, logbook::ActKind::begin_muster, {{"level", "hi"}});
    const std::string muster = begun.result.at("muster");
    const auto rows = print(tokyo, "muster").rows;
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].at("form"), "paper");
    EXPECT_EQ(rows[0].at("muster"), muster);
    EXPECT_EQ(rows[0].at("finding"), "uncounted");
    EXPECT_EQ(rows[0].at("place"), "registry");
    EXPECT_EQ(rows[0].at("closed"), Json());
    const std::string copy = rows[0].at("copy");
    const Time before = tokyo.clock.now();
    pass_days(1);
    tokyo.act(tokyo.control_officer, logbook::ActKind::count,
              {{"muster", muster}, {"copies", copy}, {"finding", "missing"}});
    const auto found = print(tokyo, "muster").rows;
    EXPECT_EQ(found[0].at("finding"), "missing");
    EXPECT_EQ(found[0].at("counted_by"), tokyo.control_officer.id().text());
    EXPECT_EQ(print(tokyo, "muster", before.text()).rows[0].at("finding"), "uncounted");
}

// Paper and what was corrected since stand in the same book.
TEST_F(Books, TheRegisterShowsPaperAndItsCorrections) {
    const ItemId paper =
        tokyo.enter_described(originator, "hi", purpose, "paper", {{"pages", 12}, {"sheets", 6}});
    const auto row = [&] {
        for (const Json& one : print(tokyo, "register").rows)
            if (one.at("item") == paper.text())
                return one;
        return Json();
    };
    EXPECT_EQ(row().at("form"), "paper");
    EXPECT_EQ(row().at("pages"), 12);
    EXPECT_EQ(row().at("payload_root"), Json());
    tokyo.act(originator, logbook::ActKind::correct,
              {{"item", paper.text()}, {"pages", 14}, {"reason", "counted anew"}});
    EXPECT_EQ(row().at("pages"), 14);
    EXPECT_EQ(row().at("sheets"), 6);
    EXPECT_EQ(row().at("entry"), "corrected");
    EXPECT_EQ(row().at("notes").size(), 1U);
}

// A book of the past is the book that was printed then, whatever came since.
TEST_F(Books, EveryBookOfAPastMomentIsTheOneThatWasPrintedThen) {
    send();
    const std::string then = tokyo.clock.now().text();
    std::map<std::string, std::string> printed;
    for (const forms::BookKind kind : forms::all_books())
        printed[std::string(to_string(kind))] =
            print(tokyo, std::string(to_string(kind)), then).bytes;
    pass_days(20);
    tokyo.enter(originator, to_bytes("more"), "hi", purpose);
    EXPECT_FALSE(tokyo.read(releaser, item, purpose));
    for (const auto& [book, bytes] : printed) {
        EXPECT_EQ(print(tokyo, book, then).bytes, bytes) << book;
        EXPECT_NE(print(tokyo, book).bytes, bytes) << book;
    }
    const auto founding = print(tokyo, "register", then.substr(0, 10)); // the end of that day
    EXPECT_EQ(founding.rows.size(), 1U);
    EXPECT_EQ(print(tokyo, "register", "2026-01-01").rows.size(), 0U);
}

//= O-36
//= O-45
TEST_F(Books, ALateReceiptIsListedFromItsReminderOn) {
    send();
    EXPECT_EQ(print(tokyo, "overdue").rows.size(), 0U);
    const std::string stages[] = {"reminder", "overdue", "tracer"};
    for (const std::string& stage : stages) {
        pass_days(7); // five working days
        for (const Side* side : {&tokyo, &kyiv}) {
            const auto late = print(*side, "overdue");
            ASSERT_EQ(late.rows.size(), 1U) << stage;
            EXPECT_EQ(late.rows[0].at("stage"), stage);
            EXPECT_EQ(late.rows[0].at("missing"), "contents-receipt");
        }
        EXPECT_EQ(print(tokyo, "inspection").bytes.contains(stage + " contents-receipt"), true);
    }
}

//= O-21
//= O-22
TEST_F(Books, AccessShowsWhoWasRefusedAndByWhichClause) {
    send();
    EXPECT_FALSE(tokyo.read(releaser, item, purpose)); // no need-to-know
    tokyo.brief(originator);
    tokyo.grant(originator, item, purpose, later);
    EXPECT_TRUE(tokyo.read(originator, item, purpose));
    const auto access = print(tokyo, "access");
    ASSERT_EQ(access.rows.size(), 3U);
    EXPECT_EQ(access.rows[0].at("outcome"), "refused");
    EXPECT_EQ(access.rows[0].at("person"), releaser.id().text());
    EXPECT_FALSE(access.rows[0].at("refused_by").empty());
    EXPECT_EQ(access.rows[1].at("outcome"), "permitted");
    EXPECT_EQ(access.rows[2].at("outcome"), "done");
    EXPECT_EQ(access.rows[2].at("permit"), access.rows[1].at("event"));
    const auto holdings = print(tokyo, "holdings");
    ASSERT_EQ(holdings.rows.size(), 1U);
    EXPECT_EQ(holdings.rows[0].at("opened_by"), Json::array({originator.id().text()}));
    EXPECT_EQ(holdings.rows[0].at("copy_number"), "1/1");
}

TEST_F(Books, AreReadOverManyPagesOfEvents) {
    constexpr int kPeople = 300;
    for (int i = 0; i < kPeople; ++i)
        tokyo.enrol(Someone{"X"});
    const auto inspection = print(tokyo, "inspection");
    std::size_t persons = 0;
    for (const Json& row : inspection.rows)
        persons += row.at("obligation") == "O-24" ? 1 : 0;
    EXPECT_EQ(persons, kPeople + 6U);
    EXPECT_EQ(inspection.end.at("events"), tokyo.registry->state().next_seq());
}

// Neither titles nor names: who reaches the socket may read the books.
TEST_F(Books, HoldNoTitleAndNoName) {
    send();
    for (const Side* side : {&tokyo, &kyiv})
        for (const forms::BookKind kind : forms::all_books()) {
            const auto book = print(*side, std::string(to_string(kind)));
            for (const char* word : {"Tanaka", "Suzuki", "Sato", "must not be seen"})
                EXPECT_FALSE(book.bytes.contains(word)) << to_string(kind) << " " << word;
        }
}

TEST_F(Books, WhatIsNoBookOrNoPastMomentIsRefused) {
    EXPECT_EQ(ask(tokyo, "/api/v1/reports/registre").status, 404U);
    EXPECT_TRUE(
        to_text(ask(tokyo, "/api/v1/reports/registre").body).contains("did you mean 'register'?"));
    for (const char* moment : {"yesterday", "2026-13-01", "2030-01-01", ""}) {
        const auto answer = ask(tokyo, std::string("/api/v1/reports/register?as_of=") + moment);
        EXPECT_EQ(answer.status, *moment == '\0' ? 200U : 400U) << moment;
    }
}

} // namespace
} // namespace valise::testing
