// SPDX-License-Identifier: Apache-2.0
#include "desk/api.h"
#include "forms/testing.h"
#include "printing/print.h"
#include "verifying/form.h"
#include "verifying/test_story.h"

#include <gtest/gtest.h>

namespace valise::verifying {
namespace {

using forms::FormKind;
using forms::testing::must;
using testing::Side;
using testing::Story;

// The form as the registry's API gives it.
Json asked(const Side& side, FormKind kind, const DispatchId& dispatch) {
    const desk::Api api(*side.registry, [] { return ""; });
    HttpRequest request;
    request.method = "GET";
    request.target = "/api/v1/forms/" + std::string(to_string(kind)) + "/" + dispatch.text();
    const auto response = api.answer(request);
    EXPECT_EQ(response.status, 200U) << to_text(response.body);
    return must(parse_json(response.body));
}

Hash32 digest_in(const Json& answer) {
    return must(fixed<32>(must(from_base64(answer.at("digest").get<std::string>())), "test"));
}

// What Tokyo sent and Kyiv received and opened.
DispatchId sent_dispatch(const Side& side) {
    const logbook::State state = side.registry->state();
    for (const auto& [id, dispatch] : state.dispatches())
        if (dispatch.direction == logbook::Direction::out &&
            dispatch.state == logbook::DispatchState::closed)
            return id;
    throw std::runtime_error("no closed dispatch in the story");
}

Expected known() {
    Expected out;
    out.fingerprint = Story::told().fingerprint;
    return out;
}

TEST(PrintedForm, BothPartiesPrintOneFormAndEitherEvidenceProvesIt) {
    Story& story = Story::told();
    const DispatchId dispatch = sent_dispatch(story.tokyo);
    for (const FormKind kind : forms::all_form_kinds()) {
        if (!forms::of_dispatch(kind))
            continue;
        const Json here = asked(story.tokyo, kind, dispatch);
        const Json there = asked(story.kyiv, kind, dispatch);
        EXPECT_EQ(here.at("form"), there.at("form")) << to_string(kind);
        for (const auto& [answer, evidence] :
             {std::pair(&here, &story.sent), std::pair(&there, &story.received)}) {
            const auto checked = check_form(digest_in(*answer), *evidence, known(), "en");
            ASSERT_TRUE(checked.verified()) << form_text(checked);
            EXPECT_EQ(checked.found->event, answer->at("event").at("index")) << to_string(kind);
            EXPECT_EQ(checked.found->form.kind(), kind);
            EXPECT_TRUE(form_text(checked).contains("VERIFIED")) << form_text(checked);
            EXPECT_EQ(form_json(checked).at("found").at("form"), answer->at("form"));
        }
    }
}

TEST(PrintedForm, AForgedOrForeignDigestIsRefused) {
    Story& story = Story::told();
    Json form =
        asked(story.tokyo, FormKind::custody_receipt, sent_dispatch(story.tokyo)).at("form");
    Hash32 digest = must(forms::Form::parse(view(canonical_json(form)))).digest();
    digest[0] ^= 1;
    EXPECT_FALSE(check_form(digest, story.sent, known(), "en").verified());
    // Each member changed, as a forger would who prints a form of his own.
    for (const auto& [name, member] : form.items()) {
        Json forged = form;
        if (member.is_number())
            forged[name] = member.get<std::int64_t>() + 1;
        else
            forged[name] = form.at(name == "dispatch" ? "number" : "dispatch");
        const auto made = forms::Form::parse(view(canonical_json(forged)));
        if (!made)
            continue;
        const auto checked = check_form(made->digest(), story.sent, known(), "en");
        EXPECT_FALSE(checked.verified()) << name;
        EXPECT_TRUE(form_text(checked).contains("REFUSED")) << name;
    }
}

TEST(PrintedForm, EvidenceThatDoesNotHoldProvesNothing) {
    Story& story = Story::told();
    const auto digest =
        digest_in(asked(story.tokyo, FormKind::custody_receipt, sent_dispatch(story.tokyo)));
    Bytes changed = story.sent;
    const auto at = text_view(changed).find("\"skeleton\":\"") + 40;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    const auto checked = check_form(digest, changed, known(), "en");
    EXPECT_FALSE(checked.verified());
    EXPECT_FALSE(checked.found);
}

TEST(PrintedForm, TheDigestIsFoundInTheFileItself) {
    Story& story = Story::told();
    const auto form = must(forms::Form::parse(view(canonical_json(
        asked(story.tokyo, FormKind::transmittal_note, sent_dispatch(story.tokyo)).at("form")))));
    const Bytes pdf = must(printing::print(must(forms::lay_out(form, story.tokyo.terms))));
    EXPECT_EQ(must(digest_in_pdf(pdf)), form.digest());
    Bytes two = pdf;
    append(two, forms::code_text(Hash32{}));
    EXPECT_EQ(digest_in_pdf(two).error().reason(), "forms.digest");
    EXPECT_EQ(digest_in_pdf(view("%PDF-1.4")).error().reason(), "forms.digest");
    EXPECT_EQ(digest_in_pdf(view("VALISE-FORM:1:12")).error().reason(), "forms.digest");
}

} // namespace
} // namespace valise::verifying
