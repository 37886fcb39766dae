// SPDX-License-Identifier: Apache-2.0
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;
constexpr const char* kLater = "2027-06-30T00:00:00Z";
constexpr const char* kClient = "otdfctl-1";

// The reader takes copy n of the item for the client.
void take(Case& c, Who who, int n, const char* number = "2", const char* client = kClient) {
    const logbook::TextMap facts = {
        {"purpose", "exercise"}, {"client", client}, {"copy_number", number}};
    c.world.happen(ActKind::export_copy, person(who).text(), copy_ids(n, n), facts);
    c.world.happen(ActKind::export_copy, person(who).text(), copy_ids(n, n), {},
                   logbook::Stage::done);
}

void ordinary(Case& c) {
    c.signer = reader;
    c.content = {{"item", item(1).text()},
                 {"copy", copy(1).text()},
                 {"purpose", "exercise"},
                 {"client", kClient}};
}

void rewrap(Case& c) {
    take(c, reader, 1);
    ordinary(c);
    c.signer.reset();
    c.content["person"] = person(reader).text();
    c.content["session_key"] = "AAAA";
}

TEST(DecideExport, Taking) {
    run(ActKind::export_copy,
        {
            {"cleared, with need-to-know and purpose", [](Case&) {}, "", ""},
            {"no clearance",
             [](Case& c) {
                 c.signer = author;
                 c.world.grant(author, 1, "exercise", kLater);
             },
             "clearance", "agreement.clearance_missing"},
            {"no need-to-know",
             [](Case& c) {
                 c.signer = author;
                 c.world.clear(author, "crown", kLater);
             },
             "need-to-know", "agreement.need_to_know"},
            {"another purpose", [](Case& c) { c.content["purpose"] = "umbrella-defence"; },
             "purpose", "agreement.purpose"},
            {"of a level that the terms do not name",
             [](Case& c) {
                 std::string text = terms_file("examplia-borduria.toml");
                 const std::string row =
                     "    { party = \"XEX\", level = \"sealed\", attested = true },\n";
                 text.erase(text.find(row), row.size());
                 c.terms = *Terms::parse(view(text));
                 c.terms.set_test_mode(true);
             },
             "export-level", "agreement.export_level"},
            {"where the originator keeps copying to itself",
             [](Case& c) {
                 c.world.enter(7, "sealed", "XBO,XEX", true);
                 c.world.grant(reader, 7, "exercise", kLater);
                 c.content["item"] = item(7).text();
                 c.content["copy"] = copy(7).text();
             },
             "copying-reserved", "agreement.copying_reserved"},
            {"before it is marked",
             [](Case& c) {
                 c.world.grant(reader, 3, "exercise", kLater);
                 c.content["item"] = item(3).text();
                 c.content["copy"] = copy(3).text();
             },
             "marked-first", "agreement.unmarked"},
            {"signed as if it were a rewrap",
             [](Case& c) {
                 c.content["person"] = person(reader).text();
                 c.content["session_key"] = "AAAA";
             },
             "export-attested", "agreement.export_speaker"},
            {"the registry by itself", [](Case& c) { c.signer.reset(); },
             "export-attested, export-taken", "agreement.export_speaker"},
            {"a key nobody knows", [](Case& c) { c.signer = stranger; }, "actor",
             "agreement.actor_unknown"},
        },
        ordinary);
}

TEST(DecideExport, Rewrap) {
    run(ActKind::export_copy,
        {
            {"of the copy that the person took", [](Case&) {}, "", ""},
            {"for another client", [](Case& c) { c.content["client"] = "otdfctl-2"; },
             "export-taken", "agreement.export_not_taken"},
            {"for a person who took none",
             [](Case& c) {
                 c.content["person"] = person(author).text();
                 c.world.clear(author, "crown", kLater);
                 c.world.brief(author);
                 c.world.grant(author, 1, "exercise", kLater);
             },
             "export-taken", "agreement.export_not_taken"},
            {"for a person who is not entitled",
             [](Case& c) { c.content["person"] = person(author).text(); },
             "clearance, need-to-know, export-taken", "agreement.clearance_missing"},
            {"the clearance has run out",
             [](Case& c) { c.world.clear(reader, "sealed", "2026-11-24T09:29:59Z"); },
             "clearance-in-date", "agreement.clearance_expired"},
            {"the grant was withdrawn",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(reader).text()}, {"item", item(1).text()}},
                                {{"what", "grant"}});
             },
             "need-to-know", "agreement.need_to_know"},
            {"the person was removed",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(reader).text()}}, {{"what", "person"}});
             },
             "person-known, clearance, need-to-know", "agreement.person_unknown"},
            {"for nobody whom the register knows",
             [](Case& c) { c.content["person"] = person(stranger).text(); },
             "person-known, export-taken", "agreement.person_unknown"},
            {"at a level at which the registry's word is not enough",
             [](Case& c) {
                 c.world.clear(reader, "crown", kLater);
                 c.world.enter(7, "crown");
                 c.world.grant(reader, 7, "exercise", kLater);
                 take(c, reader, 7);
                 c.content["item"] = item(7).text();
                 c.content["copy"] = copy(7).text();
             },
             "export-attested", "agreement.export_attested"},
            {"after an incident froze the item",
             [](Case& c) {
                 c.world.happen(
                     ActKind::report_incident, person(reader).text(),
                     {{"incident", IncidentId::of(Bytes(10, 9)).text()}, {"item", item(1).text()}},
                     {{"what", "loss"}});
             },
             "frozen", "agreement.frozen"},
        },
        rewrap);
}

} // namespace
} // namespace valise::agreement::test
