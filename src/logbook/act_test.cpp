// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "logbook/act.h"
#include "logbook/internal/act_rules.h"
#include "logbook/internal/sample.h"
#include "logbook/law.h"
#include "logbook/notice.h"

#include <gtest/gtest.h>

namespace valise::logbook {
namespace {

Result<Act> with_content(ActKind kind, Json content) {
    return Act::make(kind, "JPN", {}, sample::at(), {}, std::move(content), {});
}

TEST(Act, EveryKindHasOneTextAndComesBackFromIt) {
    ASSERT_EQ(all_act_kinds().size(), 69U);
    for (const ActKind kind : all_act_kinds()) {
        SCOPED_TRACE(to_string(kind));
        const Act act = sample::act(kind);
        const auto again = Act::parse(act.bytes());
        ASSERT_TRUE(again) << again.error().text();
        EXPECT_EQ(again->bytes(), act.bytes());
        EXPECT_EQ(again->kind(), kind);
        EXPECT_EQ(again->content(), act.content());
        EXPECT_EQ(parse_act_kind(to_string(kind)).value(), kind);
        EXPECT_EQ(act_kind_of(static_cast<std::uint8_t>(kind)).value(), kind);
    }
}

TEST(Act, NumbersOfKindsAreFixed) {
    EXPECT_EQ(static_cast<int>(ActKind::found), 1);
    EXPECT_EQ(static_cast<int>(ActKind::enter), 8);
    EXPECT_EQ(static_cast<int>(ActKind::open), 14);
    EXPECT_EQ(static_cast<int>(ActKind::revoke), 17);
    EXPECT_FALSE(act_kind_of(0));
    EXPECT_EQ(static_cast<int>(ActKind::export_copy), 27);
    EXPECT_EQ(static_cast<int>(ActKind::give_notice), 50);
    EXPECT_EQ(static_cast<int>(ActKind::close_incident), 58);
    EXPECT_EQ(static_cast<int>(ActKind::begin_muster), 43);
    EXPECT_EQ(static_cast<int>(ActKind::terminate), 48);
    EXPECT_EQ(static_cast<int>(ActKind::ask_laws), 49);
    EXPECT_EQ(static_cast<int>(ActKind::law), 59);
    EXPECT_EQ(static_cast<int>(ActKind::shred), 70);
    EXPECT_EQ(static_cast<int>(ActKind::passkey), 76);
    EXPECT_EQ(static_cast<int>(ActKind::print), 60);
    EXPECT_FALSE(act_kind_of(68));
    const auto wrong = parse_act_kind("aprove-release");
    ASSERT_FALSE(wrong);
    EXPECT_NE(wrong.error().context().find("approve-release"), std::string::npos);
}

//= O-17
// One set has one text, and both parties mean the same by each word.
TEST(Act, ControlsAreKnownWordsInOrder) {
    const auto declared = [](const char* controls) {
        Json content = sample::content(ActKind::container);
        content["controls"] = controls;
        return with_content(ActKind::container, std::move(content)).has_value();
    };
    EXPECT_TRUE(declared("locked"));
    EXPECT_TRUE(declared("alarm,guarded,locked,safe,two-person"));
    EXPECT_FALSE(declared(""));
    EXPECT_FALSE(declared("locked,alarm"));
    EXPECT_FALSE(declared("locked,locked"));
    EXPECT_FALSE(declared("locked,"));
    EXPECT_FALSE(declared("locked,dog"));
}

//= O-07
// Title and note travel in one notice.
TEST(Act, TheWordsOfALawHaveTheBoundOfANote) {
    Json content = sample::content(ActKind::law);
    content["title"] = std::string(1024, 't');
    content["note"] = std::string(4096 - 1024 - 2, 'n');
    const auto act = with_content(ActKind::law, content);
    ASSERT_TRUE(act);
    EXPECT_EQ(law_words(*act).size(), 4096U);
    content["note"] = std::string(4096 - 1024 - 1, 'n');
    EXPECT_FALSE(with_content(ActKind::law, content));
    content["note"] = "";
    EXPECT_EQ(law_words(*with_content(ActKind::law, content)), std::string(1024, 't'));
}

TEST(Act, ExactBytes) {
    ActNonce nonce{};
    const auto act = Act::make(ActKind::appoint, "JPN", Hash32{}, Time{0}, {},
                               sample::content(ActKind::appoint), nonce);
    ASSERT_TRUE(act);
    EXPECT_EQ(text_view(act->bytes()),
              R"({"at":"1970-01-01T00:00:00Z","content":{"person":"per-aeaqcaibaeaqcaib",)"
              R"("role":"control-officer"},"kind":"appoint","nonce":"AAAAAAAAAAAAAAAAAAAAAA==",)"
              R"("party":"JPN","signer":"","terms":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",)"
              R"("v":1})");
}

TEST(Act, MissingMemberIsNamed) {
    for (const ActKind kind : all_act_kinds()) {
        for (const auto& rule : internal::act_rules(kind)) {
            SCOPED_TRACE(std::string(to_string(kind)) + "." + rule.name);
            Json content = sample::content(kind);
            content.erase(rule.name);
            const auto act = with_content(kind, content);
            // Depends on `what`, on `form`, on `type`, or stands with another member.
            const std::string_view name = rule.name;
            const bool varies = kind == ActKind::revoke || kind == ActKind::enter ||
                                kind == ActKind::export_copy || name == "dispatch" ||
                                name == "seals" || (name == "control" && kind != ActKind::arrive) ||
                                (kind == ActKind::dispatch && name == "copy") ||
                                (kind == ActKind::arrive && name == "form");
            if (rule.required) {
                ASSERT_FALSE(act);
                EXPECT_EQ(act.error().reason(), "logbook.act_member");
                EXPECT_NE(act.error().context().find(rule.name), std::string::npos);
            } else if (!varies) {
                EXPECT_TRUE(act) << act.error().text();
            }
        }
    }
}

TEST(Act, WrongMemberIsNamed) {
    const Json wrongs[] = {Json(nullptr),  Json(true),   Json(-1),    Json::array(),
                           Json::object(), Json("\x01"), Json("\xff")};
    for (const ActKind kind : all_act_kinds()) {
        for (const auto& rule : internal::act_rules(kind)) {
            for (const Json& wrong : wrongs) {
                SCOPED_TRACE(std::string(to_string(kind)) + "." + rule.name);
                Json content = sample::content(kind);
                content[rule.name] = wrong;
                const auto act = with_content(kind, content);
                ASSERT_FALSE(act);
                EXPECT_EQ(act.error().reason(), "logbook.act_member");
                EXPECT_NE(act.error().context().find(rule.name), std::string::npos);
            }
        }
    }
}

TEST(Act, UnknownMemberIsNamedWithTheNearest) {
    for (const ActKind kind : all_act_kinds()) {
        Json content = sample::content(kind);
        content["zzzzzzzzz"] = "x";
        const auto act = with_content(kind, content);
        ASSERT_FALSE(act) << to_string(kind);
        EXPECT_NE(act.error().context().find("zzzzzzzzz"), std::string::npos);
    }
    Json content = sample::content(ActKind::clear);
    content["untill"] = content["until"];
    content.erase("until");
    const auto act = with_content(ActKind::clear, content);
    ASSERT_FALSE(act);
    EXPECT_NE(act.error().context().find("did you mean 'until'"), std::string::npos);
}

TEST(Act, BoundsHold) {
    const auto refused = [](ActKind kind, const char* name, Json value) {
        Json content = sample::content(kind);
        content[name] = std::move(value);
        const auto act = with_content(kind, content);
        return !act && act.error().context().find(name) != std::string::npos;
    };
    EXPECT_TRUE(refused(ActKind::enter, "title", std::string(1025, 'x')));
    EXPECT_TRUE(refused(ActKind::enter, "title", ""));
    EXPECT_TRUE(refused(ActKind::enter, "title", "two\nlines"));
    EXPECT_TRUE(refused(ActKind::enter, "title", "\u202egpj"));
    EXPECT_TRUE(refused(ActKind::enter, "level", "GOKUHI"));
    EXPECT_TRUE(refused(ActKind::enter, "form", "papyrus"));
    EXPECT_TRUE(refused(ActKind::correct, "pages", 0));
    EXPECT_TRUE(refused(ActKind::correct, "pages", 1000000));
    EXPECT_TRUE(refused(ActKind::correct, "pages", "12"));
    EXPECT_TRUE(refused(ActKind::enter, "item", "cpy-aeaqcaibaeaqcaib"));
    EXPECT_TRUE(refused(ActKind::enter, "payload_root", sample::b64(1, 31)));
    EXPECT_TRUE(refused(ActKind::enrol, "key", sample::b64(1, 33)));
    EXPECT_TRUE(refused(ActKind::clear, "until", "2027-12-31"));
    EXPECT_TRUE(refused(ActKind::clear, "until", "2027-13-31T00:00:00Z"));
    EXPECT_TRUE(refused(ActKind::appoint, "role", "king"));
    EXPECT_TRUE(refused(ActKind::dispatch, "recipient", "Ukr"));
    EXPECT_TRUE(refused(ActKind::dispatch, "recipient", "U"));
    EXPECT_TRUE(refused(ActKind::dispatch, "recipient", "1UKR"));
    EXPECT_TRUE(refused(ActKind::dispatch, "recipient", "ABCDEFGHIJKLM"));
    EXPECT_FALSE(refused(ActKind::dispatch, "recipient", "NATO"));
    EXPECT_FALSE(refused(ActKind::arrive, "release", "EXEMPLAR,MUSTER"));
    EXPECT_TRUE(refused(ActKind::arrive, "release", "UKR,JPN"));
    EXPECT_TRUE(refused(ActKind::arrive, "release", "JPN,JPN"));
    EXPECT_TRUE(refused(ActKind::arrive, "release", "JPN,"));
    EXPECT_TRUE(refused(ActKind::contents_receipt, "finding", "whole"));
    EXPECT_TRUE(refused(ActKind::revoke, "what", "everything"));
    EXPECT_TRUE(refused(ActKind::open, "session_key", sample::b64(1, 8193)));
}

TEST(Act, RevokeNeedsTheMembersOfItsTarget) {
    const std::string person = PersonId::of(sample::ten(1)).text();
    EXPECT_TRUE(with_content(ActKind::revoke, {{"what", "clearance"}, {"person", person}}));
    EXPECT_TRUE(with_content(ActKind::revoke, {{"what", "accreditation"}, {"peer", "UKR"}}));
    EXPECT_FALSE(with_content(ActKind::revoke, {{"what", "role"}, {"person", person}}));
    EXPECT_FALSE(with_content(ActKind::revoke, {{"what", "release"}, {"person", person}}));
    EXPECT_FALSE(with_content(ActKind::revoke,
                              {{"what", "clearance"}, {"person", person}, {"role", "reader"}}));
}

//= O-01
TEST(Act, EachFormHasItsOwnMembers) {
    Json common = sample::content(ActKind::enter);
    for (const char* sealed : {"blob", "payload_root", "plain_bytes"})
        common.erase(sealed);
    const Json disclosure = {
        {"disclosed_by", "a"}, {"disclosed_to", "b"}, {"disclosed_at", "2026-11-24T09:00:00Z"}};
    const std::map<std::string, Json> described = {{"paper", {{"pages", 12}}},
                                                   {"equipment", {{"serial", "S-1"}}},
                                                   {"oral", disclosure},
                                                   {"visual", disclosure}};
    for (const auto& [form, members] : described) {
        SCOPED_TRACE(form);
        Json content = common;
        content["form"] = form;
        EXPECT_FALSE(with_content(ActKind::enter, content));
        content.update(members);
        EXPECT_TRUE(with_content(ActKind::enter, content));
        content["blob"] = sample::content(ActKind::enter)["blob"];
        EXPECT_FALSE(with_content(ActKind::enter, content));
        content = sample::content(ActKind::enter);
        content.update(members);
        EXPECT_FALSE(with_content(ActKind::enter, content));
    }
    EXPECT_FALSE(with_content(ActKind::enter, common));
}

//= O-27
TEST(Act, ADeputySaysForWhomInAnyAct) {
    for (const ActKind kind : all_act_kinds()) {
        SCOPED_TRACE(to_string(kind));
        Json content = sample::content(kind);
        content["for"] = PersonId::of(sample::ten(9)).text();
        EXPECT_TRUE(with_content(kind, content));
        content["for"] = "the officer";
        EXPECT_FALSE(with_content(kind, content));
    }
}

TEST(Act, ACorrectionCorrectsSomething) {
    const Json content = sample::content(ActKind::correct);
    const auto corrected = [&](const char* name) {
        return with_content(ActKind::correct,
                            {{"item", content["item"]}, {"reason", "x"}, {name, content[name]}})
            .has_value();
    };
    EXPECT_TRUE(corrected("pages"));
    EXPECT_FALSE(corrected("item"));
}

TEST(Act, ANoticeHasTheMembersOfItsTypeAndNoOthers) {
    const std::map<std::string, Json> values = {{"about", NoticeId::of(sample::ten(1)).text()},
                                                {"incident", IncidentId::of(sample::ten(2)).text()},
                                                {"level", "hi"},
                                                {"what", "loss"},
                                                {"enclosed", sample::b64(3)}};
    for (const auto type : {NoticeType::tracer, NoticeType::class_change, NoticeType::incident,
                            NoticeType::incident_report, NoticeType::acknowledge}) {
        SCOPED_TRACE(to_string(type));
        Json content = sample::content(ActKind::take_notice);
        content["type"] = std::string(to_string(type));
        for (const auto& [name, value] : values)
            if (has_member(type, name))
                content[name] = value;
        EXPECT_TRUE(with_content(ActKind::take_notice, content));
        for (const auto& [name, value] : values) {
            Json changed = content;
            if (has_member(type, name))
                changed.erase(name);
            else
                changed[name] = value;
            const auto act = with_content(ActKind::take_notice, changed);
            ASSERT_FALSE(act) << name;
            EXPECT_NE(act.error().context().find(name), std::string::npos);
        }
    }
}

TEST(Act, HeaderIsChecked) {
    const Json content = sample::content(ActKind::appoint);
    EXPECT_FALSE(Act::make(ActKind::appoint, "jp", {}, sample::at(), {}, content, {}));
    EXPECT_FALSE(Act::make(ActKind::appoint, "JPN", {}, Time{-1}, {}, content, {}));
    EXPECT_FALSE(Act::make(ActKind::appoint, "JPN", {}, sample::at(), Bytes(31), content, {}));
    EXPECT_FALSE(Act::make(static_cast<ActKind>(99), "JPN", {}, sample::at(), {}, content, {}));
    EXPECT_FALSE(Act::make(ActKind::appoint, "JPN", {}, sample::at(), {}, Json::array(), {}));
}

TEST(Act, OneActHasOneText) {
    const std::string text = to_text(sample::act(ActKind::appoint).bytes());
    const auto parsed = [&](std::string_view from, std::string_view to) {
        std::string changed = text;
        const auto at = changed.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        changed.replace(at, from.size(), to);
        return Act::parse(view(changed));
    };
    EXPECT_FALSE(parsed("{", "{ "));
    EXPECT_FALSE(parsed(sample::at().text(), sample::at().date_text()));
    EXPECT_FALSE(parsed("\"v\":1", "\"v\":1,\"w\":1"));
    EXPECT_FALSE(parsed("\"JPN\"", "\"\\u004aPN\""));
    const auto later = parsed("\"v\":1", "\"v\":3");
    ASSERT_FALSE(later);
    EXPECT_EQ(later.error().reason(), "logbook.act_version");
    EXPECT_FALSE(Act::parse(view(text + "\n")));
}

TEST(Act, FieldsByType) {
    const Act act = sample::act(ActKind::enter);
    EXPECT_EQ(act.field("level").value(), "gokuhi");
    EXPECT_EQ(act.integer_field("plain_bytes").value(), 12345);
    EXPECT_EQ(act.hash_field("payload_root").value(), sample::hash(2));
    EXPECT_EQ(act.bytes_field("label")->size(), 300U);
    EXPECT_EQ(act.id_field<ItemId>("item").value(), ItemId::of(sample::ten(2)));
    EXPECT_EQ(sample::act(ActKind::clear).time_field("until")->text(), "2027-12-31T23:59:59Z");
    EXPECT_FALSE(act.field("plain_bytes"));
    EXPECT_FALSE(act.integer_field("level"));
    EXPECT_EQ(act.field("reason").error().reason(), "logbook.act_member");
    EXPECT_FALSE(act.optional_field("reason"));
}

TEST(SignedAct, VerifiesAndComesBack) {
    for (const ActKind kind : all_act_kinds()) {
        const SignedAct act = sample::signed_act(kind);
        const auto again = SignedAct::parse(act.bytes());
        ASSERT_TRUE(again) << again.error().text();
        EXPECT_TRUE(again->verify());
        EXPECT_EQ(again->digest(), act.digest());
    }
}

TEST(SignedAct, SignatureIsOverTheDomainAndTheAct) {
    using namespace std::string_view_literals;
    const SignedAct act = sample::signed_act(ActKind::grant);
    const auto key =
        crypto::VerifyKey::parse(crypto::SignatureAlgorithm::ed25519, act.act().signer());
    ASSERT_TRUE(key);
    Bytes message = to_bytes("valise/act/v1\0"sv);
    append(message, act.act().bytes());
    EXPECT_TRUE(key->verify(message, ByteView(act.bytes()).last(64)));
    Bytes hashed = to_bytes("valise/signed-act/v1\0"sv);
    append(hashed, act.bytes());
    EXPECT_EQ(act.digest(), crypto::sha256(hashed));
}

TEST(SignedAct, EveryPrefixIsRefused) {
    const Bytes bytes = sample::signed_act(ActKind::approve_release).bytes();
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(SignedAct::parse(ByteView(bytes).first(size))) << size;
    Bytes longer = bytes;
    longer.push_back(0);
    EXPECT_FALSE(SignedAct::parse(longer));
}

TEST(SignedAct, EveryFlippedBitIsCaught) {
    const Bytes bytes = sample::signed_act(ActKind::approve_release).bytes();
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        Bytes changed = bytes;
        changed[bit / 8] = static_cast<Byte>(changed[bit / 8] ^ (1U << bit % 8));
        const auto act = SignedAct::parse(changed);
        EXPECT_FALSE(act && act->verify()) << bit;
    }
}

TEST(SignedAct, TheKeyIsTheOneTheActNames) {
    const auto key = sample::key(7);
    const auto other = sample::key(8);
    const auto stolen = SignedAct::make(sample::act(ActKind::grant, other.public_bytes()), key);
    ASSERT_FALSE(stolen);
    EXPECT_EQ(stolen.error().reason(), "logbook.act_signer");
    EXPECT_FALSE(SignedAct::make(sample::act(ActKind::grant), key));
}

TEST(ReleaseDigest, EveryPartCounts) {
    const ItemId item = ItemId::of(sample::ten(1));
    const auto digest =
        release_digest(item, sample::hash(1), sample::hash(2), "UKR", sample::hash(3));
    EXPECT_EQ(digest,
              crypto::sha256(view(R"({"item":")" + item.text() + R"(","label_sha256":")" +
                                  sample::b64(2) + R"(","payload_root":")" + sample::b64(1) +
                                  R"(","recipient":"UKR","terms":")" + sample::b64(3) + R"("})")));
    EXPECT_NE(digest, release_digest(ItemId::of(sample::ten(2)), sample::hash(1), sample::hash(2),
                                     "UKR", sample::hash(3)));
    EXPECT_NE(digest,
              release_digest(item, sample::hash(9), sample::hash(2), "UKR", sample::hash(3)));
    EXPECT_NE(digest,
              release_digest(item, sample::hash(1), sample::hash(9), "UKR", sample::hash(3)));
    EXPECT_NE(digest,
              release_digest(item, sample::hash(1), sample::hash(2), "POL", sample::hash(3)));
    EXPECT_NE(digest,
              release_digest(item, sample::hash(1), sample::hash(2), "UKR", sample::hash(9)));
    EXPECT_TRUE(ReleaseId::parse(release_id(digest).text()));
}

// The text that is hashed is canonical JSON also where a recipient holds what JSON escapes.
TEST(ReleaseDigest, IsThatOfTheCanonicalText) {
    const ItemId item = ItemId::of(sample::ten(1));
    for (const std::string recipient : {"UKR", "U\"R\\", "a\nb\x01", "日本"}) {
        const Json value = {{"item", item.text()},
                            {"label_sha256", sample::b64(2)},
                            {"payload_root", sample::b64(1)},
                            {"recipient", recipient},
                            {"terms", sample::b64(3)}};
        EXPECT_EQ(
            release_digest(item, sample::hash(1), sample::hash(2), recipient, sample::hash(3)),
            crypto::sha256(view(canonical_json(value))))
            << recipient;
    }
}

} // namespace
} // namespace valise::logbook
