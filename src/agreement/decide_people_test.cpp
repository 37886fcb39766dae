// SPDX-License-Identifier: Apache-2.0
// found, pair, enrol, appoint, clear, grant, accredit, revoke.
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

TEST(DecideFound, Rows) {
    run(
        ActKind::found,
        {
            {"a new registry", [](Case&) {}, "", ""},
            {"no such authority", [](Case& c) { c.content["authority"] = "xbo-bureau"; },
             "authority", "agreement.authority_unknown"},
            {"its designation has ended",
             [](Case& c) { c.content["authority"] = "xex-old-office"; }, "authority",
             "agreement.authority_out_of_date"},
            {"a person founds", [](Case& c) { c.signer = officer; }, "actor",
             "agreement.actor_registry_only"},
            {"no party of these terms",
             [](Case& c) {
                 c.content["party"] = "UKR";
                 c.party = "UKR";
             },
             "own-party", "agreement.own_party"},
            {"a second time", [](Case& c) { c.world = World(c.world.terms); }, "founding",
             "agreement.already_founded"},
        },
        [](Case& c) {
            c.content = {{"party", "XEX"}, {"authority", "xex-office"}};
            c.signer.reset();
        },
        false);
}

TEST(DecideFounding, TheFirstOfficerAndNobodyAfter) {
    const auto founded = [](Case& c) {
        c.world.happen(ActKind::found, logbook::kRegistryActor, {}, {{"party", "XEX"}},
                       logbook::Stage::done);
    };
    run(
        ActKind::enrol,
        {
            {"the first person, attested", [](Case& c) { c.signer.reset(); }, "", ""},
            {"the first person, by their own key", [](Case&) {}, "", ""},
            {"somebody enrols another first", [](Case& c) { c.signer = stranger; },
             "actor, control-officer", "agreement.actor_unknown"},
            {"a second person, attested",
             [](Case& c) {
                 c.world.enrol(reader);
                 c.signer.reset();
             },
             "actor", "agreement.actor_person_needed"},
        },
        [&](Case& c) {
            founded(c);
            c.content = {{"person", person(officer).text()},
                         {"key", to_base64(key(officer))},
                         {"name", "A"}};
        },
        false);
    run(
        ActKind::appoint,
        {
            {"the first officer, attested", [](Case& c) { c.signer.reset(); }, "", ""},
            {"the first officer, by themselves", [](Case&) {}, "", ""},
            {"another role first", [](Case& c) { c.content["role"] = "releasing-authority"; },
             "control-officer, no-self-grant", "agreement.control_officer"},
            {"once there are two persons", [](Case& c) { c.world.enrol(reader); },
             "control-officer, no-self-grant", "agreement.control_officer"},
            {"attested, once there is an officer",
             [](Case& c) {
                 c.world.happen(ActKind::appoint, person(officer).text(),
                                {{"person", person(officer).text()}},
                                {{"role", "control-officer"}});
                 c.signer.reset();
             },
             "actor", "agreement.actor_person_needed"},
        },
        [&](Case& c) {
            founded(c);
            c.world.enrol(officer);
            c.content = {{"person", person(officer).text()}, {"role", "control-officer"}};
        },
        false);
}

TEST(DecidePair, Rows) {
    run(ActKind::pair,
        {
            {"the other party", [](Case&) {}, "", ""},
            {"a third country", [](Case& c) { c.content["peer"] = "JPN"; }, "third-party",
             "agreement.third_party"},
            {"ourselves", [](Case& c) { c.content["peer"] = "XEX"; }, "third-party",
             "agreement.third_party"},
            {"by the administrator", [](Case& c) { c.signer = admin; }, "control-officer",
             "agreement.control_officer"},
            {"after the terms ended", [](Case& c) { c.now = day("2040-01-01"); }, "terms-in-force",
             "agreement.terms_ended"},
            {"before they began", [](Case& c) { c.now = day("2020-01-31"); }, "terms-in-force",
             "agreement.terms_not_yet"},
        },
        [](Case& c) {
            c.content = {{"peer", "XBO"},
                         {"fingerprint", "x"},
                         {"confirmation", "AAAA"},
                         {"peer_root", "AAAA"}};
        });
}

TEST(DecideEnrol, Rows) {
    run(ActKind::enrol,
        {
            {"a control officer enrols", [](Case&) {}, "", ""},
            {"the clearance officer may not", [](Case& c) { c.signer = clearer; },
             "control-officer", "agreement.control_officer"},
            {"a key nobody knows", [](Case& c) { c.signer = stranger; }, "actor, control-officer",
             "agreement.actor_unknown"},
            {"a revoked officer",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(officer).text()}}, {{"what", "person"}});
             },
             "actor, control-officer", "agreement.actor_unknown"},
            {"one key under two names", [](Case& c) { c.content["key"] = to_base64(key(reader)); },
             "one-key-one-person", "agreement.key_taken"},
            {"the key of a revoked person",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(reader).text()}}, {{"what", "person"}});
                 c.content["key"] = to_base64(key(reader));
             },
             "one-key-one-person", "agreement.key_taken"},
            {"a person twice", [](Case& c) { c.content["person"] = person(reader).text(); },
             "one-key-one-person", "agreement.person_exists"},
            {"in the other party's name", [](Case& c) { c.party = "XBO"; }, "own-party",
             "agreement.own_party"},
        },
        [](Case& c) {
            c.content = {{"person", person(stranger).text()},
                         {"key", to_base64(Bytes(32, 77))},
                         {"name", "N"}};
        });
}

TEST(DecideAppoint, Rows) {
    run(ActKind::appoint,
        {
            {"a control officer appoints", [](Case&) {}, "", ""},
            {"nobody appoints themselves",
             [](Case& c) { c.content["person"] = person(officer).text(); }, "no-self-grant",
             "agreement.self_grant"},
            {"a reader appoints", [](Case& c) { c.signer = author; }, "control-officer",
             "agreement.control_officer"},
            {"an unknown person", [](Case& c) { c.content["person"] = person(stranger).text(); },
             "person-known", "agreement.person_unknown"},
            {"the administrator as releasing authority",
             [](Case& c) { c.content["person"] = person(admin).text(); }, "role-separation",
             "agreement.role_separation"},
            {"a releasing authority as administrator",
             [](Case& c) {
                 c.content = {{"person", person(releaser).text()}, {"role", "administrator"}};
             },
             "role-separation", "agreement.role_separation"},
            {"the administrator as reader",
             [](Case& c) { c.content = {{"person", person(admin).text()}, {"role", "reader"}}; },
             "", ""},
        },
        [](Case& c) {
            c.content = {{"person", person(reader).text()}, {"role", "releasing-authority"}};
        });
}

TEST(DecideClear, Rows) {
    run(ActKind::clear,
        {
            {"a clearance officer clears", [](Case&) {}, "", ""},
            {"the control officer may not", [](Case& c) { c.signer = officer; },
             "clearance-officer", "agreement.clearance_officer"},
            {"nobody clears themselves",
             [](Case& c) { c.content["person"] = person(clearer).text(); }, "no-self-grant",
             "agreement.self_grant"},
            {"a level of the other party", [](Case& c) { c.content["level"] = "zekret"; },
             "classification", "agreement.classification"},
            {"the other party's authority", [](Case& c) { c.content["authority"] = "xbo-bureau"; },
             "authority", "agreement.authority_unknown"},
            {"an authority whose designation ended",
             [](Case& c) { c.content["authority"] = "xex-old-office"; }, "authority",
             "agreement.authority_out_of_date"},
            {"already run out", [](Case& c) { c.content["until"] = "2026-11-24T09:30:00Z"; },
             "until-ahead", "agreement.until_past"},
            {"an unknown person", [](Case& c) { c.content["person"] = person(stranger).text(); },
             "person-known", "agreement.person_unknown"},
        },
        [](Case& c) {
            c.signer = clearer;
            c.content = {{"person", person(author).text()},
                         {"level", "crown"},
                         {"until", "2027-12-31T00:00:00Z"},
                         {"authority", "xex-office"}};
        });
}

TEST(DecideGrant, Rows) {
    run(ActKind::grant,
        {
            {"a control officer grants", [](Case&) {}, "", ""},
            {"the administrator may not", [](Case& c) { c.signer = admin; }, "control-officer",
             "agreement.control_officer"},
            {"nobody grants to themselves",
             [](Case& c) { c.content["person"] = person(officer).text(); }, "no-self-grant",
             "agreement.self_grant"},
            {"another purpose than the item's",
             [](Case& c) { c.content["purpose"] = "umbrella-defence"; }, "purpose",
             "agreement.purpose"},
            {"an unknown item", [](Case& c) { c.content["item"] = item(99).text(); }, "item-known",
             "agreement.item_unknown"},
            {"already run out", [](Case& c) { c.content["until"] = "2020-01-01T00:00:00Z"; },
             "until-ahead", "agreement.until_past"},
        },
        [](Case& c) {
            c.content = {{"person", person(author).text()},
                         {"item", item(1).text()},
                         {"purpose", "exercise"},
                         {"until", "2027-12-31T00:00:00Z"}};
        });
}

TEST(DecideAccredit, Rows) {
    run(ActKind::accredit,
        {
            {"a control officer accredits", [](Case&) {}, "", ""},
            {"the administrator may not", [](Case& c) { c.signer = admin; }, "control-officer",
             "agreement.control_officer"},
            {"a link to a third country", [](Case& c) { c.content["peer"] = "UKR"; }, "third-party",
             "agreement.third_party"},
            {"a level of the other party", [](Case& c) { c.content["level"] = "zekret"; },
             "classification", "agreement.classification"},
            {"for too long", [](Case& c) { c.content["until"] = "2035-01-01T00:00:00Z"; },
             "accreditation-term", "agreement.accreditation_term"},
            {"already run out", [](Case& c) { c.content["until"] = "2025-01-01T00:00:00Z"; },
             "until-ahead", "agreement.until_past"},
        },
        [](Case& c) {
            c.content = {{"peer", "XBO"},
                         {"level", "sealed"},
                         {"until", "2027-12-31T00:00:00Z"},
                         {"reference", "A-1"}};
        });
}

TEST(DecideRevoke, Rows) {
    run(ActKind::revoke,
        {
            {"a control officer revokes", [](Case&) {}, "", ""},
            {"a reader may not", [](Case& c) { c.signer = author; }, "revoking-officer",
             "agreement.revoking_officer"},
            {"the clearance officer a clearance",
             [](Case& c) {
                 c.signer = clearer;
                 c.content["what"] = "clearance";
             },
             "", ""},
            {"the clearance officer a person", [](Case& c) { c.signer = clearer; },
             "revoking-officer", "agreement.revoking_officer"},
            {"a releasing authority a release",
             [](Case& c) {
                 c.signer = second_releaser;
                 c.content = {{"what", "release"}, {"release", c.world.release(1).text()}};
             },
             "", ""},
            {"an unknown person", [](Case& c) { c.content["person"] = person(stranger).text(); },
             "person-known", "agreement.person_unknown"},
            {"after the terms ended protection goes on", [](Case& c) { c.now = day("2045-01-01"); },
             "", ""},
            {"the registry by itself",
             [](Case& c) {
                 c.content["what"] = "role";
                 c.content["role"] = "reader";
                 c.signer.reset();
             },
             "actor, revoking-officer", "agreement.actor_person_needed"},
        },
        [](Case& c) { c.content = {{"what", "person"}, {"person", person(reader).text()}}; });
}

} // namespace
} // namespace valise::agreement::test
