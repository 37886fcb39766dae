// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "logbook/event.h"
#include "logbook/shredding.h"
#include "verifying/evidence.h"
#include "verifying/test_story.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

// What somebody between the registry and the checker may try: he changes bytes, and may write the
// digest of the file anew. What a registry itself may try stands in lies_test.cpp.
namespace valise::verifying {
namespace {

using testing::Story;

std::string said(const Report& report) {
    return report.found
               ? report.found->place + ": " + report.found->reason + ": " + report.found->text
               : "verified";
}

Json parsed(const Bytes& bytes) {
    return *parse_json(bytes, {.bytes = kMaxEvidence, .depth = 8, .values = 1'000'000});
}

Bytes sealed_again(Json json) {
    json.erase("sha256");
    json["sha256"] = to_base64(crypto::sha256(view(canonical_json(json))));
    return to_bytes(canonical_json(json));
}

// Every text of the file, by pointer.
void texts(Json& json, std::vector<Json*>& out) {
    if (json.is_string())
        out.push_back(&json);
    else if (json.is_structured())
        for (auto& child : json)
            texts(child, out);
}

bool refused_with_place(const Bytes& bytes) {
    const Report report = check_evidence(bytes);
    return report.found && !report.found->place.empty();
}

TEST(Evidence, OfBothSidesHolds) {
    for (const Bytes* bytes : {&Story::told().sent, &Story::told().received}) {
        const Report report = check_evidence(*bytes, {Story::told().fingerprint, {}});
        ASSERT_TRUE(report.verified()) << said(report);
        EXPECT_EQ(report.private_log->evidence, "E2");
        EXPECT_EQ(report.shared_log->evidence, "E3");
        EXPECT_TRUE(report.identity->compared);
        EXPECT_EQ(report.identity->confirmed_by.size(), 2U);
        EXPECT_EQ(report.withheld, 0U);
        EXPECT_FALSE(report.banner.empty());
        EXPECT_GT(report.steps.size(), 15U);
        const auto count = [&](Decided decided) {
            return std::ranges::count(report.steps, decided, &Step::decided);
        };
        EXPECT_EQ(count(Decided::founding), 5);
        EXPECT_GE(count(Decided::refuse), bytes == &Story::told().sent ? 2 : 1);
        EXPECT_GE(count(Decided::permit), 8);
        EXPECT_GE(count(Decided::follows), 2);
        EXPECT_EQ(count(Decided::withheld), 0);
    }
}

TEST(Evidence, TheFingerprintIsComparedInEitherForm) {
    const std::string& both = Story::told().fingerprint;
    const std::string words = both.substr(0, both.find(' '));
    const std::string digits = both.substr(both.find(' ') + 1);
    std::string loud = words;
    std::ranges::transform(loud, loud.begin(), [](char c) { return std::toupper(c); });
    for (const std::string& given : {both, words, digits, loud})
        EXPECT_TRUE(check_evidence(Story::told().sent, {given, {}}).verified()) << given;
    std::string other = digits;
    other.back() = other.back() == '1' ? '2' : '1';
    const std::string mixed = fmt::format("{} {}", words, other);
    for (const std::string& given :
         {words.substr(1), other, mixed, words + "?", std::string("-")}) {
        const Report report = check_evidence(Story::told().sent, {given, {}});
        ASSERT_FALSE(report.verified()) << given;
        EXPECT_EQ(report.found->place, "fingerprint");
    }
}

TEST(Evidence, ARootKeyFromOutsideIsCompared) {
    auto& story = Story::told();
    const Bytes tokyo = story.tokyo.registry->key_list().root;
    const Bytes kyiv = story.kyiv.registry->key_list().root;
    EXPECT_TRUE(check_evidence(story.sent, {"", {{"JPN", tokyo}, {"UKR", kyiv}}}).verified());
    EXPECT_EQ(said(check_evidence(story.sent, {"", {{"UKR", tokyo}}})).substr(0, 15),
              "root key of UKR");
    EXPECT_FALSE(check_evidence(story.sent, {"", {{"POL", tokyo}}}).verified());
}

TEST(Evidence, EveryTurnedByteIsRefusedWithItsPlace) {
    std::mt19937 random(20261124); // NOLINT: the same positions every time
    for (const Bytes* whole : {&Story::told().sent, &Story::told().received}) {
        const std::size_t digest_at = text_view(*whole).rfind("\"sha256\":");
        for (int i = 0; i < 300; ++i) {
            Bytes bytes = *whole;
            const std::size_t at = random() % bytes.size();
            bytes[at] ^= static_cast<Byte>(1U << random() % 8);
            const Report report = check_evidence(bytes);
            ASSERT_TRUE(report.found) << "byte " << at;
            ASSERT_FALSE(report.found->place.empty()) << "byte " << at;
            // Only a digest that was itself changed may be all that is wrong.
            const bool in_digest = at >= digest_at && at < digest_at + 60;
            EXPECT_TRUE(in_digest || report.found->reason != "verify.digest") << "byte " << at;
        }
    }
}

TEST(Evidence, EveryMemberIsCheckedThoughTheDigestIsWrittenAnew) {
    for (const Bytes* whole : {&Story::told().sent, &Story::told().received}) {
        Json json = parsed(*whole);
        json.erase("sha256");
        std::vector<Json*> all;
        texts(json, all);
        for (std::size_t i = 0; i < all.size(); ++i) {
            Json* member = all[i];
            const auto before = member->get<std::string>();
            if (!before.empty()) {
                // Front, middle and end in turn: each kind of member stands there often enough.
                const std::size_t at = (before.size() - 1) * (i / 6 % 3) / 2;
                std::string changed = before;
                changed[at] = changed[at] == 'A' ? 'Q' : 'A';
                *member = changed;
                ASSERT_TRUE(refused_with_place(sealed_again(json)))
                    << before.substr(0, 60) << " at " << at;
            }
            if (i % 5 == 0) {
                *member = before + "A"; // one that is longer
                ASSERT_TRUE(refused_with_place(sealed_again(json))) << before.substr(0, 60);
            }
            *member = before;
        }
        EXPECT_TRUE(check_evidence(sealed_again(json)).verified());
    }
}

TEST(Evidence, APrefixIsRefused) {
    const Bytes& whole = Story::told().sent;
    for (std::size_t i = 0; i < 200; ++i) {
        const std::size_t size = i < 100 ? whole.size() * i / 100 : whole.size() - (i - 99);
        ASSERT_TRUE(refused_with_place(Bytes(whole.begin(), whole.begin() + size))) << size;
    }
    Bytes longer = whole;
    longer.push_back('\n');
    EXPECT_TRUE(refused_with_place(longer));
}

TEST(Evidence, EventsAndLeavesMayNotGoComeOrSwap) {
    const Json json = parsed(Story::told().sent);
    const auto refused = [](const Json& changed) {
        return refused_with_place(sealed_again(changed));
    };
    for (const char* log : {"private", "shared"}) {
        const char* list = log == std::string("private") ? "events" : "leaves";
        for (std::size_t i = 0; i < json[log][list].size(); ++i) {
            Json dropped = json;
            dropped[log][list].erase(i);
            EXPECT_TRUE(refused(dropped)) << log << i;
            Json twice = json;
            twice[log][list].insert(twice[log][list].begin() + static_cast<int>(i),
                                    json[log][list][i]);
            EXPECT_TRUE(refused(twice)) << log << i;
            if (i == 0)
                continue;
            Json swapped = json;
            std::swap(swapped[log][list][i], swapped[log][list][i - 1]);
            EXPECT_TRUE(refused(swapped)) << log << i;
        }
    }
    for (const auto& [name, value] : json.items()) {
        Json without = json;
        without.erase(name);
        EXPECT_TRUE(name == "sha256" || refused(without)) << name;
    }
    Json more = json;
    more["private"]["remark"] = "x";
    EXPECT_TRUE(refused(more));
    Json in_earnest = json; // the draft's permits would not have been given
    in_earnest["test_mode"] = false;
    EXPECT_TRUE(refused(in_earnest));
    Json unpaired = json;
    for (const char* name : {"peer_key_list", "peer_key_list_signature", "confirmation"})
        unpaired[name] = "";
    unpaired["confirmation_signatures"] = {{"JPN", ""}};
    EXPECT_TRUE(refused(unpaired));
}

void withhold(Json& event, const char* why) {
    event["opening"] = event["record_salt"] = "";
    event["withheld"] = why;
}

// Founding, pairing and the like are what all the rest is checked by.
bool never_withheld(const Json& event) {
    const auto skeleton =
        logbook::Skeleton::parse(*from_base64(event.at("skeleton").get<std::string>()));
    return logbook::never_shredded(skeleton->kind());
}

TEST(Evidence, AnOpeningIsWithheldOnAGroundAndNeverMissing) {
    const Json json = parsed(Story::told().sent);
    for (std::size_t i = 0; i < json["private"]["events"].size(); ++i) {
        Json changed = json;
        withhold(changed["private"]["events"][i], "redacted:privacy");
        const Report report = check_evidence(sealed_again(changed));
        if (never_withheld(json["private"]["events"][i])) {
            EXPECT_EQ(report.found->reason, "verify.opening_missing");
            continue;
        }
        EXPECT_TRUE(report.verified()) << i << " " << said(report);
        EXPECT_EQ(report.withheld, 1U);
        EXPECT_EQ(report.withheld_openings.at(i).ground, "privacy");
        EXPECT_EQ(report_json(report)["steps"][i]["withheld"]["ground"], "privacy");
        // Without a word, or on an act that this log does not hold, it is missing.
        withhold(changed["private"]["events"][i], "");
        EXPECT_EQ(check_evidence(sealed_again(changed)).found->reason, "verify.opening_missing");
        withhold(changed["private"]["events"][i], "shredded");
        EXPECT_EQ(check_evidence(sealed_again(changed)).found->reason, "verify.not_shredded");
    }
    Json all = json;
    for (Json& event : all["private"]["events"])
        if (!never_withheld(event))
            withhold(event, "redacted:privacy");
    const Report report = check_evidence(sealed_again(all));
    EXPECT_TRUE(report.verified()) << said(report);
    Json half = json;
    half["private"]["events"][7]["record_salt"] = "";
    EXPECT_TRUE(refused_with_place(sealed_again(half)));
    for (const char* wrong : {"redacted:", "redacted:A", "redacted:a\nb", "lost", "redacted"}) {
        Json changed = json;
        withhold(changed["private"]["events"][7], wrong);
        EXPECT_TRUE(refused_with_place(sealed_again(changed))) << wrong;
    }
    Json here = json; // and yet it stands in the file
    here["private"]["events"][7]["withheld"] = "redacted:privacy";
    EXPECT_TRUE(refused_with_place(sealed_again(here)));
}

// Version 1 had no word for it.
TEST(Evidence, OfVersionOneIsStillRead) {
    Json json = parsed(Story::told().sent);
    json["v"] = 1;
    for (Json& event : json["private"]["events"])
        event.erase("withheld");
    EXPECT_TRUE(check_evidence(sealed_again(json)).verified());
    json["private"]["events"][7]["opening"] = json["private"]["events"][7]["record_salt"] = "";
    EXPECT_EQ(check_evidence(sealed_again(json)).found->reason, "verify.opening_missing");
}

TEST(Evidence, WithoutCosignaturesItIsWorthLess) {
    Json json = parsed(Story::told().sent);
    auto note = json["private"]["checkpoint"].get<std::string>();
    for (int lines = 0; lines < 2; ++lines) // the peer's are the last two
        note.erase(note.rfind('\n', note.size() - 2) + 1);
    json["private"]["checkpoint"] = note;
    const Report report = check_evidence(sealed_again(json));
    ASSERT_TRUE(report.verified()) << said(report);
    EXPECT_EQ(report.private_log->evidence, "E1");
    EXPECT_EQ(report.shared_log->evidence, "E3");
    EXPECT_EQ(report_json(report)["steps"][0]["evidence"], "E1");
    note.erase(note.rfind('\n', note.size() - 2) + 1); // one of the log's own
    json["private"]["checkpoint"] = note;
    EXPECT_TRUE(refused_with_place(sealed_again(json)));
}

TEST(Evidence, AChangedByteOfAnActIsNamed) {
    Json json = parsed(Story::told().sent);
    Json& event = json["private"]["events"][8];
    Bytes opening = *from_base64(event["opening"].get<std::string>());
    opening.back() ^= 1;
    event["opening"] = to_base64(opening);
    const Report report = check_evidence(sealed_again(json));
    ASSERT_TRUE(report.found);
    EXPECT_EQ(report.found->place, "private event 8, opening field 'act'");
    const Json out = report_json(report);
    EXPECT_EQ(out["verified"], false);
    EXPECT_EQ(out["fault"]["place"], report.found->place);
}

TEST(Evidence, TheReportIsReadable) {
    const Report report = check_evidence(Story::told().sent);
    const std::string text = report_text(report);
    EXPECT_NE(text.find("VERIFIED"), std::string::npos);
    EXPECT_NE(text.find("DRAFT"), std::string::npos);
    EXPECT_NE(text.find("consistency, not identity"), std::string::npos);
    EXPECT_EQ(text.find("A title that must not be seen"), std::string::npos);
    const Json json = report_json(report);
    EXPECT_EQ(json["v"], 1);
    EXPECT_EQ(json["events"], json["steps"].size());
}

} // namespace
} // namespace valise::verifying
