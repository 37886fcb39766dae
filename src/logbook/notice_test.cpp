// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/sample.h"
#include "logbook/notice.h"

#include <gtest/gtest.h>

namespace valise::logbook {
namespace {

NoticeFields fields(NoticeType type) {
    NoticeFields out;
    out.notice = NoticeId::of(sample::ten(1));
    out.type = type;
    if (about_dispatch(type)) {
        out.dispatch = DispatchId::of(sample::ten(2));
        out.statement = sample::hash(3);
    }
    out.at = sample::at();
    out.party = "JPN";
    if (has_member(type, "about"))
        out.about = NoticeId::of(sample::ten(4));
    if (has_member(type, "incident"))
        out.incident = IncidentId::of(sample::ten(5));
    if (has_member(type, "level"))
        out.level = "hi";
    if (has_member(type, "what"))
        out.what = IncidentWhat::loss;
    if (has_member(type, "enclosed"))
        out.enclosed = sample::hash(6);
    if (has_member(type, "from"))
        out.from = sample::at();
    if (has_member(type, "law")) {
        out.law = "jp-108-2013";
        out.edition = "2026-1";
        out.text = sample::hash(7);
        out.affects = true;
    }
    return out;
}

constexpr NoticeType kTypes[] = {NoticeType::tracer,      NoticeType::class_change,
                                 NoticeType::incident,    NoticeType::incident_report,
                                 NoticeType::acknowledge, NoticeType::law,
                                 NoticeType::ask_laws,    NoticeType::acknowledge_law};

TEST(Notice, ExactBytes) {
    const auto notice = Notice::make(fields(NoticeType::class_change));
    ASSERT_TRUE(notice);
    EXPECT_EQ(text_view(notice->bytes()),
              R"({"at":")" + sample::at().text() + R"(","dispatch":")" +
                  DispatchId::of(sample::ten(2)).text() + R"(","level":"hi","notice":")" +
                  NoticeId::of(sample::ten(1)).text() + R"(","party":"JPN","statement":")" +
                  sample::b64(3) + R"(","type":"class-change","v":1})");
}

TEST(Notice, EveryTypeComesBackFromItsBytesAndHasOneText) {
    for (const NoticeType type : kTypes) {
        SCOPED_TRACE(to_string(type));
        const auto notice = Notice::make(fields(type));
        ASSERT_TRUE(notice) << notice.error().text();
        const auto again = Notice::parse(notice->bytes());
        ASSERT_TRUE(again) << again.error().text();
        EXPECT_EQ(again->fields(), fields(type));
        const Bytes& bytes = notice->bytes();
        for (std::size_t size = 0; size < bytes.size(); ++size)
            EXPECT_FALSE(Notice::parse(ByteView(bytes).first(size))) << size;
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            Bytes changed = bytes;
            changed[bit / 8] = static_cast<Byte>(changed[bit / 8] ^ (1U << bit % 8));
            const auto parsed = Notice::parse(changed);
            EXPECT_TRUE(!parsed || parsed->bytes() == changed) << bit;
        }
    }
}

// An organisation's code has more letters than a state's:
// docs/decisions/0005-what-a-party-may-be.md.
TEST(Notice, OfEveryPartyComesBack) {
    for (const char* party : {"NATO", "EU", "EXEMPLAR0123"}) {
        NoticeFields by = fields(NoticeType::class_change);
        by.party = party;
        NoticeFields consent = fields(NoticeType::consent);
        consent.third = party;
        consent.until = sample::at();
        const auto given = Notice::make(consent);
        ASSERT_TRUE(given) << given.error().text();
        EXPECT_TRUE(Notice::parse(given->bytes())) << party;
        const auto notice = Notice::make(by);
        ASSERT_TRUE(notice) << notice.error().text();
        EXPECT_TRUE(Notice::parse(notice->bytes())) << party;
    }
}

TEST(Notice, HasTheMembersOfItsTypeAndNoOthers) {
    for (const NoticeType type : kTypes) {
        for (const NoticeType other : kTypes) {
            NoticeFields mixed = fields(type);
            mixed.type = other;
            EXPECT_EQ(Notice::make(mixed).has_value(), type == other)
                << to_string(type) << " as " << to_string(other);
        }
    }
    const auto refused = [](auto change) {
        NoticeFields wrong = fields(NoticeType::class_change);
        change(wrong);
        return !Notice::make(wrong);
    };
    EXPECT_TRUE(refused([](NoticeFields& f) { f.party = "Jpn"; }));
    EXPECT_TRUE(refused([](NoticeFields& f) { f.notice = {}; }));
    EXPECT_TRUE(refused([](NoticeFields& f) { f.dispatch = {}; }));
    EXPECT_TRUE(refused([](NoticeFields& f) { f.level = "HI"; }));
    EXPECT_TRUE(refused([](NoticeFields& f) { f.at = Time{-1}; }));
    NoticeFields law = fields(NoticeType::law);
    law.edition = "2026/1";
    EXPECT_FALSE(Notice::make(law));
}

// A receipt key signs two kinds of text: neither can stand for the other.
TEST(Notice, IsSignedUnderItsOwnDomain) {
    const auto notice = Notice::make(fields(NoticeType::tracer)).value();
    const std::string head("valise/notice/v1\0", 17);
    EXPECT_EQ(to_text(notice.signed_bytes()), head + to_text(notice.bytes()));
}

TEST(Notice, IdsAndEnclosuresAreBoundToTheirParts) {
    EXPECT_EQ(notice_id("JPN", 7), notice_id("JPN", 7));
    EXPECT_NE(notice_id("JPN", 7), notice_id("UKR", 7));
    EXPECT_NE(notice_id("JPN", 7), notice_id("JPN", 8));
    EXPECT_NE(enclosed_digest({1}, "text"), enclosed_digest({2}, "text"));
    EXPECT_NE(enclosed_digest({1}, "text"), enclosed_digest({1}, "texts"));
}

} // namespace
} // namespace valise::logbook
