// SPDX-License-Identifier: Apache-2.0
#include "forms/class_words.h"
#include "forms/internal/pattern.h"
#include "forms/sheet.h"
#include "forms/testing.h"

#include <gtest/gtest.h>

namespace valise::forms {
namespace {

using testing::must;

Form form_of(const agreement::Terms& terms, FormKind kind) {
    return testing::form(terms, kind);
}

// Every text that a person reads on the paper.
std::vector<std::string> texts_of(const Sheet& sheet) {
    std::vector<std::string> out{sheet.level, sheet.name, sheet.code};
    const auto both = [&](const Both& words) { out.insert(out.end(), words.begin(), words.end()); };
    for (const Both& words : {sheet.agreement, sheet.parties, sheet.title, sheet.draft,
                              sheet.declaration, sheet.signer_words, sheet.code_words})
        both(words);
    for (const auto& section : sheet.sections) {
        both(section.heading);
        for (const auto& line : section.lines)
            both(line.label), both(line.value);
    }
    for (const Both& signer : sheet.signers)
        both(signer);
    return out;
}

TEST(Form, EachKindIsReadBackAsItWasMade) {
    const auto terms = testing::terms("jpn-ukr.toml");
    for (const FormKind kind : all_form_kinds()) {
        const Form form = form_of(terms, kind);
        EXPECT_EQ(must(parse_form_kind(to_string(kind))), kind);
        const auto again = Form::parse(form.bytes());
        ASSERT_TRUE(again) << again.error().text();
        EXPECT_EQ(*again, form);
        EXPECT_EQ(again->kind(), kind);
        EXPECT_EQ(again->digest(), form.digest());
    }
    EXPECT_EQ(parse_form_kind("custody-recipt").error().reason(), "forms.kind");
}

TEST(Form, EveryMemberIsNeededHasItsKindAndNoneIsAdded) {
    const auto terms = testing::terms("jpn-ukr.toml");
    for (const FormKind kind : all_form_kinds()) {
        const Json whole = form_of(terms, kind).json();
        for (const auto& [name, member] : whole.items()) {
            Json json = whole;
            json.erase(name);
            EXPECT_FALSE(Form::parse(view(canonical_json(json)))) << name;
            for (const Json& wrong : {Json(), Json(-1), Json(Json::array()), Json(""), Json("a b"),
                                      Json(std::string(70, 'x')), Json("é")}) {
                json = whole;
                json[name] = wrong;
                EXPECT_FALSE(Form::parse(view(canonical_json(json)))) << name << " " << wrong;
            }
        }
        Json json = whole;
        json["title"] = "x";
        EXPECT_FALSE(Form::parse(view(canonical_json(json))));
        EXPECT_FALSE(Form::parse(view(whole.dump(1)))) << "not canonical";
    }
}

TEST(Form, EveryMemberChangesTheDigest) {
    const auto terms = testing::terms("jpn-ukr.toml");
    auto papers = testing::papers(terms, FormKind::custody_receipt);
    const Form first = must(Form::make(FormKind::custody_receipt, terms, papers));
    papers.receipt_signature[0] ^= 1;
    const Form second = must(Form::make(FormKind::custody_receipt, terms, papers));
    EXPECT_NE(first.digest(), second.digest());
}

TEST(Form, PapersOfTwoDispatchesMakeNone) {
    const auto terms = testing::terms("jpn-ukr.toml");
    auto papers = testing::papers(terms, FormKind::custody_receipt);
    EXPECT_EQ(Form::make(FormKind::contents_receipt, terms, papers).error().reason(),
              "forms.papers");
    auto statement = must(envelope::Statement::parse(papers.statement));
    statement.inputs.serial += 1;
    papers.statement = statement.bytes();
    EXPECT_EQ(Form::make(FormKind::custody_receipt, terms, papers).error().reason(),
              "forms.papers");
    papers.receipt.clear();
    EXPECT_FALSE(Form::make(FormKind::custody_receipt, terms, papers));
}

TEST(Form, WhatHasNotComeToItsEndMakesNone) {
    const auto terms = testing::terms("jpn-ukr.toml");
    logbook::CopyHolding held;
    held.state = logbook::CopyState::held;
    EXPECT_EQ(Form::certificate(terms, "JPN", {}, held).error().reason(), "forms.nothing");
    EXPECT_EQ(Form::muster_report(terms, "JPN", {}).error().reason(), "forms.nothing");
    const logbook::State empty;
    for (const auto& [kind, id] :
         {std::pair(FormKind::muster_report, MusterId::of(Bytes(10, 1)).text()),
          {FormKind::incident_report, IncidentId::of(Bytes(10, 1)).text()},
          {FormKind::destruction_certificate, CopyId::of(Bytes(10, 1)).text()}})
        EXPECT_EQ(Form::of_book(kind, terms, empty, id).error().reason(), "forms.nothing");
    EXPECT_EQ(Form::of_book(FormKind::custody_receipt, terms, empty, "x").error().reason(),
              "forms.kind");
}

//= O-31
TEST(Form, ACertificateNamesTheModificationReport) {
    const auto terms = testing::terms("jpn-ukr.toml");
    logbook::Item item;
    item.origin = "JPN";
    item.number = "JPN-2026-0001";
    item.level = "hi";
    logbook::CopyHolding copy;
    copy.id = CopyId::of(Bytes(10, 1));
    copy.form = logbook::Form::equipment;
    copy.state = logbook::CopyState::destroyed;
    const PersonId officer = PersonId::of(Bytes(10, 2));
    Hash32 report{};
    report.fill(7);
    copy.destruction = {41, "modification", officer, {}, officer, Time{1'800'000'000}, 0,
                        0,  report};
    const auto certificate = must(Form::certificate(terms, "JPN", item, copy));
    EXPECT_EQ(certificate.text("modification_report"), to_base64(report));
    copy.destruction->modification_report.reset();
    EXPECT_EQ(must(Form::certificate(terms, "JPN", item, copy)).text("modification_report"), "");
}

TEST(CodeText, IsReadAsItIsScannedOrTyped) {
    Hash32 digest{};
    for (std::size_t i = 0; i < digest.size(); ++i)
        digest[i] = static_cast<Byte>(i * 7);
    const std::string code = code_text(digest);
    EXPECT_TRUE(code.starts_with("VALISE-FORM:1:"));
    std::string spaced;
    for (const char c : to_hex(digest))
        spaced += std::string(1, c) + (spaced.size() % 5 == 0 ? " " : "") +
                  (spaced.size() % 7 == 0 ? "\n" : "");
    for (const std::string& text : {code, code + "\n", to_hex(digest), spaced})
        EXPECT_EQ(must(parse_code_text(text)), digest) << text;
    for (const std::string& wrong : {std::string(), code.substr(0, code.size() - 1), code + "0",
                                     "VALISE-FORM:2:" + to_hex(digest), std::string(64, 'g')})
        EXPECT_EQ(parse_code_text(wrong).error().reason(), "forms.digest") << wrong;
}

//= O-35
//= O-36
// A receipt travels openly: on its paper stands no word of a level, in whatever script.
TEST(Sheet, AReceiptCarriesNoWordOfALevelAndATransmittalNoteDoes) {
    for (const char* file : testing::kAgreements) {
        const auto terms = testing::terms(file);
        const ClassWords words(terms);
        for (const FormKind kind : all_form_kinds()) {
            if (!of_dispatch(kind))
                continue; // stays in the registry
            const Sheet sheet = must(lay_out(form_of(terms, kind), terms));
            const bool carries = kind == FormKind::transmittal_note;
            EXPECT_EQ(!sheet.level.empty(), carries);
            bool found = false;
            for (const std::string& text : texts_of(sheet)) {
                found = found || words.found_in(text).has_value();
                EXPECT_TRUE(carries || !words.found_in(text)) << text;
            }
            EXPECT_EQ(found, carries);
        }
    }
}

TEST(Sheet, IsInTheLanguagesOfBothParties) {
    const auto terms = testing::terms("jpn-ukr.toml");
    const Sheet sheet = must(lay_out(form_of(terms, FormKind::custody_receipt), terms));
    EXPECT_EQ(sheet.language, (Both{"ja", "uk"}));
    EXPECT_EQ(sheet.title, (Both{"保管受領証", "Розписка про приймання"}));
    EXPECT_FALSE(sheet.draft[0].empty());
    const auto other = testing::terms("examplia-borduria.toml");
    const Sheet single = must(lay_out(form_of(other, FormKind::custody_receipt), other));
    EXPECT_EQ(single.language, (Both{"en", ""}));
    EXPECT_EQ(lay_out(form_of(other, FormKind::custody_receipt), terms).error().reason(),
              "forms.other_terms");
}

TEST(Sheet, EveryPhraseOfTheCatalogueIsThereInEveryLanguage) {
    const auto whole = [](const Words& words) {
        for (const char* language : agreement::kLanguages)
            EXPECT_FALSE(words.in(language).empty()) << words.en;
        EXPECT_NE(words.en, words.ja);
        EXPECT_NE(words.en, words.uk);
    };
    for (const auto& pattern : internal::patterns()) {
        EXPECT_EQ(&internal::pattern_of(pattern.kind), &pattern);
        whole(pattern.title), whole(pattern.declaration);
        for (const Words& signer : pattern.signers)
            whole(signer);
        for (const auto& section : pattern.sections) {
            whole(section.heading);
            for (const auto& line : section.lines)
                whole(line.label);
        }
    }
}

} // namespace
} // namespace valise::forms
