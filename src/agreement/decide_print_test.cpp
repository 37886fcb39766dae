// SPDX-License-Identifier: Apache-2.0
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;
using logbook::Stage;

constexpr const char* kLater = "2027-06-30T00:00:00Z";
constexpr const char* kDue = "2026-12-10T00:00:00Z";

logbook::TextMap print_ids(int n, int copy_n, int print) {
    auto ids = copy_ids(n, copy_n);
    ids["print"] = copy(print).text();
    return ids;
}

// The reader prints copy `print` of the item, and the outcome is recorded.
void print(Case& c, Who who, int n, int print, int number, bool done = true) {
    logbook::TextMap facts = {
        {"purpose", "exercise"}, {"due", kDue}, {"copy_number", std::to_string(number)}};
    c.world.happen(ActKind::print, person(who).text(), print_ids(n, n, print), facts);
    facts = {{"pages", "2"}};
    if (done)
        c.world.happen(ActKind::print, person(who).text(), print_ids(n, n, print), facts,
                       Stage::done);
}

// The terms with this line instead of that; both whole.
void let_terms(Case& c, std::string_view line, std::string_view instead) {
    std::string text = terms_file("examplia-borduria.toml");
    text.replace(text.find(line), line.size(), instead);
    c.terms = *Terms::parse(view(text));
    c.terms.set_test_mode(true);
}

void ordinary(Case& c) {
    c.signer = reader;
    c.content = {{"item", item(1).text()},
                 {"copy", copy(1).text()},
                 {"print", copy(50).text()},
                 {"purpose", "exercise"},
                 {"due", kDue},
                 {"reason", "for the table"}};
}

// Item 7 is of a level at which an officer orders each print.
void of_ordered_level(Case& c) {
    ordinary(c);
    let_terms(c, "level = \"crown\", copies = 0", "level = \"crown\", copies = 1");
    c.world.clear(reader, "crown", kLater);
    c.world.enter(7, "crown");
    c.world.grant(reader, 7, "exercise", kLater);
    c.content["item"] = item(7).text();
    c.content["copy"] = copy(7).text();
}

TEST(DecidePrint, WhoMayReadAndWhatMayBePaper) {
    run(ActKind::print,
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
                 let_terms(c, "    { party = \"XEX\", level = \"sealed\", ordered = false },\n",
                           "");
             },
             "print-level", "agreement.print_level"},
            {"where the originator keeps copying to itself",
             [](Case& c) {
                 c.world.enter(7, "sealed", "XBO,XEX", true);
                 c.world.grant(reader, 7, "exercise", kLater);
                 c.content["item"] = item(7).text();
                 c.content["copy"] = copy(7).text();
             },
             "copying-reserved", "agreement.copying_reserved"},
            {"under private rights, and nobody says on what ground",
             [](Case& c) {
                 c.world.enter(7, "sealed", "XBO,XEX", false, "patent");
                 c.world.grant(reader, 7, "exercise", kLater);
                 c.content["item"] = item(7).text();
                 c.content["copy"] = copy(7).text();
             },
             "private-rights", "agreement.rights_ground"},
            {"under private rights, on a ground",
             [](Case& c) {
                 c.world.enter(7, "sealed", "XBO,XEX", false, "patent");
                 c.world.grant(reader, 7, "exercise", kLater);
                 c.content["item"] = item(7).text();
                 c.content["copy"] = copy(7).text();
                 c.content["rights_ground"] = "leave of the owner";
             },
             "", ""},
            {"back in the past", [](Case& c) { c.content["due"] = "2026-11-23T00:00:00Z"; },
             "issue-term", "agreement.issue_term"},
            {"out for longer than a copy may be", [](Case& c) { c.content["due"] = kLater; },
             "issue-term", "agreement.issue_term"},
            {"before it is marked",
             [](Case& c) {
                 c.world.grant(reader, 3, "exercise", kLater);
                 c.content["item"] = item(3).text();
                 c.content["copy"] = copy(3).text();
             },
             "marked-first, copy-limit", "agreement.unmarked"},
            {"of a copy that somebody else has", [](Case& c) { c.world.issue(1, 1, author, kDue); },
             "copy-in-hand", "agreement.copy_issued"},
            {"of a sheet",
             [](Case& c) {
                 c.world.reproduce(1, 60, 2);
                 c.content["copy"] = copy(60).text();
             },
             "copy-in-hand, copy-limit", "agreement.copy_medium"},
            {"of what has no sealed file",
             [](Case& c) {
                 c.world.enter_described(7, "paper");
                 c.world.grant(reader, 7, "exercise", kLater);
                 c.content["item"] = item(7).text();
                 c.content["copy"] = copy(7).text();
             },
             "form", "agreement.form"},
            {"after an incident froze the item",
             [](Case& c) {
                 c.world.happen(
                     ActKind::report_incident, person(reader).text(),
                     {{"incident", IncidentId::of(Bytes(10, 9)).text()}, {"item", item(1).text()}},
                     {{"what", "loss"}});
             },
             "frozen", "agreement.frozen"},
            {"of what its originator controls",
             [](Case& c) {
                 c.world.receive(8, true, true);
                 c.world.grant(reader, 8, "exercise", kLater);
                 c.content["item"] = item(8).text();
                 c.content["copy"] = copy(8).text();
             },
             "print-control", "agreement.print_control"},
            {"the registry by itself", [](Case& c) { c.signer.reset(); }, "actor",
             "agreement.actor_person_needed"},
            {"a key nobody knows", [](Case& c) { c.signer = stranger; }, "actor",
             "agreement.actor_unknown"},
        },
        ordinary);
}

//= O-32
TEST(DecidePrint, AnOfficerOrdersItWhereTheTermsAskForIt) {
    run(ActKind::print,
        {
            {"without an order", [](Case&) {}, "print-order", "agreement.print_order"},
            {"the copy that the officer ordered", [](Case& c) { c.world.order(7, 50, 2); }, "", ""},
            {"another copy than the ordered one", [](Case& c) { c.world.order(7, 51, 2); },
             "print-order", "agreement.print_order"},
            {"a copy of another item", [](Case& c) { c.world.order(1, 50, 2); }, "print-order",
             "agreement.print_copy"},
            {"a sealed copy that was made",
             [](Case& c) { c.world.reproduce(7, 50, 2, "electronic"); }, "print-order, copy-limit",
             "agreement.print_copy"},
            {"a copy that nobody ordered", [](Case& c) { c.content["print"] = copy(7).text(); },
             "print-order", "agreement.print_copy"},
            {"a photocopy: its sheets are there", [](Case& c) { c.world.reproduce(7, 50, 2); },
             "print-order, copy-limit", "agreement.print_copy"},
            {"a photocopy that somebody had and gave back",
             [](Case& c) {
                 c.world.reproduce(7, 50, 2);
                 c.world.issue(7, 50, author, kDue);
                 c.world.take_back(7, 50);
             },
             "print-order, copy-limit", "agreement.print_copy"},
            {"it was printed before, and came back",
             [](Case& c) {
                 c.world.order(7, 50, 2);
                 print(c, reader, 7, 50, 2);
                 c.world.take_back(7, 50);
             },
             "print-order, copy-limit", "agreement.print_copy"},
            {"it was reported missing before it was printed",
             [](Case& c) {
                 c.world.order(7, 50, 2);
                 c.world.happen(ActKind::report_incident, person(reader).text(),
                                {{"incident", IncidentId::of(Bytes(10, 9)).text()},
                                 {"item", item(7).text()},
                                 {"copy", copy(50).text()}},
                                {{"what", "loss"}});
             },
             "frozen", "agreement.frozen"},
            {"the officer orders and prints",
             [](Case& c) {
                 c.world.clear(officer, "crown", kLater);
                 c.world.brief(officer);
                 c.world.grant(officer, 7, "exercise", kLater);
                 c.world.order(7, 50, 2);
                 c.signer = officer;
             },
             "print-order", "agreement.print_order"},
        },
        of_ordered_level);
}

//= O-32
// What is being printed counts, and what is ordered counts once somebody prints it. The key process
// decides again while the permit of the very print is open: it counts itself once.
TEST(DecidePrint, NoMoreThanTheTermsLet) {
    const auto all_but = [](int free) {
        return [free](Case& c) {
            ordinary(c);
            let_terms(c, "level = \"sealed\", copies = 1", "level = \"sealed\", copies = 3");
            const int most = c.terms.copies("XEX", "sealed");
            for (int i = 0; i < most - free; ++i)
                c.world.reproduce(1, 60 + i, 2 + i);
            c.world.order(1, 90, most - free + 2);
        };
    };
    const auto next = [](const Case& c, int after) {
        return c.terms.copies("XEX", "sealed") + after;
    };
    run(ActKind::print,
        {{"the last one", [](Case&) {}, "", ""},
         {"the last one, that was ordered", [](Case& c) { c.content["print"] = copy(90).text(); },
          "", ""},
         {"the last one, decided again while it is printed",
          [next](Case& c) { print(c, reader, 1, 50, next(c, 2), false); }, "", ""},
         {"one that was ordered, decided again",
          [next](Case& c) {
              print(c, reader, 1, 90, next(c, 1), false);
              c.content["print"] = copy(90).text();
          },
          "", ""},
         {"while the last one is being printed",
          [next](Case& c) { print(c, reader, 1, 55, next(c, 2), false); }, "copy-limit",
          "agreement.copy_limit"}},
        all_but(1));
    run(ActKind::print,
        {{"one too many", [](Case&) {}, "copy-limit", "agreement.copy_limit"},
         {"one too many, that was ordered", [](Case& c) { c.content["print"] = copy(90).text(); },
          "copy-limit", "agreement.copy_limit"}},
        all_but(0));
    run(ActKind::print,
        {{"two are printed, and each is decided again",
          [next](Case& c) {
              print(c, reader, 1, 55, next(c, 1), false);
              print(c, reader, 1, 50, next(c, 2), false);
          },
          "", ""}},
        all_but(2));
}

//= I10
TEST(DecidePrint, NothingIsDestroyedWhileItIsPrinted) {
    Case c(*Terms::parse(view(terms_file("examplia-borduria.toml"))), ActKind::destroy);
    c.terms.set_test_mode(true);
    c.world.clear(officer, "crown", kLater);
    c.world.order(1, 50, 2);
    print(c, reader, 1, 50, 2, false);
    for (const int which : {1, 50}) {
        c.content = {{"item", item(1).text()},
                     {"copy", copy(which).text()},
                     {"method", which == 1 ? "erasure" : "burning"},
                     {"reference", "review"},
                     {"place", "here"}};
        if (which == 50)
            c.content["pages"] = 3;
        const auto decision = c.decide();
        // Of what is not printed yet there is nothing to destroy.
        EXPECT_NE(decision.reason().find(which == 1 ? "copy_in_use" : "copy_gone"),
                  std::string::npos)
            << decision.reason();
    }
}

} // namespace
} // namespace valise::agreement::test
