// SPDX-License-Identifier: Apache-2.0
#include "two_registries/opentdf.h"

// Who may have a key by a client, who must not, and what a lie about the file is answered with.
namespace valise::testing {
namespace {

TEST_F(OpenTdf, AnEntitledClientGetsTheKeyAndTheBookSaysSoBefore) {
    Program client = program("otdf-1", reader);
    take(reader, "otdf-1");
    ASSERT_EQ(ask_token(client).status, 200U);
    const auto before = events();
    const auto response = rewrap(client, srt(body(client)));
    ASSERT_EQ(fate(response), "permit") << to_text(response.body);
    ASSERT_EQ(events(), before + 2);
    const auto permit = last(2);
    EXPECT_EQ(permit.kind(), ActKind::export_copy);
    EXPECT_EQ(permit.stage(), Stage::permitted);
    EXPECT_TRUE(permit.by_registry());
    EXPECT_EQ(permit.id("person"), reader.id().text());
    EXPECT_EQ(permit.fact("client"), "otdf-1");
    EXPECT_EQ(permit.fact("copy_number"), "2");
    EXPECT_EQ(last().stage(), Stage::done);
    // What came is the document key: the policy is bound under it.
    const Json result = json(response).at("responses").at(0).at("results").at(0);
    const Bytes wrapped = *from_base64(result.at("kasWrappedKey").get<std::string>());
    const auto share = client.session.unwrap(wrapped);
    ASSERT_TRUE(share);
    EXPECT_EQ(envelope::policy_binding(*share, manifest().policy, manifest().version),
              manifest().key_access.front().policy_binding);
    // Whoever runs the register sees what is out, and with whom.
    const auto out = tokyo.registry->state().item(item)->taken;
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out.begin()->first, logbook::TakenBy(reader.id(), "otdf-1"));
    EXPECT_EQ(out.begin()->second.number, 2U);
    const auto copies = tokyo.registry->state().copies_of(item);
    EXPECT_TRUE(copies.front().opened_by.contains(reader.id()));
}

TEST_F(OpenTdf, AClientWithAKeyOfACurveGetsOneOfOursBack) {
    Program client = program("otdf-1", reader);
    client.session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::ec_p256);
    take(reader, "otdf-1");
    ASSERT_EQ(ask_token(client).status, 200U);
    const auto response = rewrap(client, srt(body(client)));
    ASSERT_EQ(fate(response), "permit");
    const Json answer = json(response);
    const Bytes wrapped = *from_base64(
        answer.at("responses").at(0).at("results").at(0).at("kasWrappedKey").get<std::string>());
    EXPECT_TRUE(client.session.unwrap(wrapped, answer.at("sessionPublicKey").get<std::string>()));
    // Two shares have no place in one answer to a curve, and neither is asked for.
    Json two = body(client);
    auto& objects = two["requests"][0]["keyAccessObjects"];
    objects.push_back(objects[0]);
    const auto before = events();
    EXPECT_EQ(fate(client, two), kBad);
    EXPECT_EQ(events(), before);
}

TEST_F(OpenTdf, WhoIsNotEntitledIsRefusedOnTheRecord) {
    take(reader, "otdf-1");
    Program stranger = program("otdf-2", other); // cleared, and without need-to-know
    ASSERT_EQ(ask_token(stranger).status, 200U);
    const auto before = events();
    EXPECT_EQ(fate(stranger, body(stranger)), kForbidden);
    ASSERT_EQ(events(), before + 1);
    EXPECT_EQ(last().stage(), Stage::refused);
    EXPECT_EQ(last().kind(), ActKind::export_copy);
    EXPECT_EQ(last().id("person"), other.id().text());

    // With need-to-know, and still no copy that this person took for this client.
    tokyo.grant(other, item, purpose, later);
    EXPECT_EQ(fate(stranger, body(stranger)), kForbidden);
    take(other, "otdf-3");
    EXPECT_EQ(fate(stranger, body(stranger)), kForbidden);
    take(other, "otdf-2");
    EXPECT_EQ(fate(stranger, body(stranger)), "permit");

    // What is revoked counts at the next opening.
    tokyo.act(tokyo.control_officer, ActKind::revoke,
              {{"what", "grant"}, {"person", other.id().text()}, {"item", item.text()}});
    EXPECT_EQ(fate(stranger, body(stranger)), kForbidden);
}

TEST_F(OpenTdf, TheTermsSayWhichLevelsLeaveAndForWhichAWordIsEnough) {
    for (const auto& [level, taken, opened] :
         {std::tuple("kimitsu", false, false), std::tuple("gokuhi", true, false)}) {
        item = tokyo.enter(author, to_bytes("higher"), level, purpose);
        tokyo.grant(reader, item, purpose, later);
        Program client = program(level, reader);
        const auto answer = tokyo.try_act(reader, ActKind::export_copy,
                                          {{"item", item.text()},
                                           {"copy", copy().text()},
                                           {"purpose", purpose},
                                           {"client", level}});
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->decision.permitted(), taken) << level;
        if (!taken) {
            EXPECT_EQ(answer->decision.reason(), "agreement.export_level");
            continue;
        }
        ASSERT_TRUE(tokyo.registry->opened(answer->seq, true));
        ASSERT_EQ(ask_token(client).status, 200U);
        EXPECT_EQ(fate(client, body(client)) == "permit", opened) << level;
    }
}

TEST_F(OpenTdf, EveryLieAboutTheFileIsOneBadRequest) {
    Program client = program("otdf-1", reader);
    take(reader, "otdf-1");
    ASSERT_EQ(ask_token(client).status, 200U);
    const auto lie = [&](const std::function<void(Json & object, Json & policy)>& change) {
        Json request = body(client);
        auto& asked = request["requests"][0];
        change(asked["keyAccessObjects"][0]["keyAccessObject"], asked["policy"]["body"]);
        return fate(client, request);
    };
    const auto flipped = [](Json& text) {
        Bytes bytes = *from_base64(text.get<std::string>());
        bytes.back() ^= 1;
        text = to_base64(bytes);
    };
    EXPECT_EQ(lie([](Json&, Json&) {}), "permit");
    EXPECT_EQ(lie([&](Json& o, Json&) { flipped(o["wrappedKey"]); }), kBad);
    EXPECT_EQ(lie([&](Json& o, Json&) { flipped(o["policyBinding"]["hash"]); }), kBad);
    EXPECT_EQ(lie([&](Json&, Json& policy) { flipped(policy); }), kBad);
    EXPECT_EQ(lie([](Json&, Json& policy) {
                  policy =
                      to_base64(view(R"({"body":{"dataAttributes":[],"dissem":[]},"uuid":"x"})"));
              }),
              kBad);
    EXPECT_EQ(lie([](Json& o, Json&) { o["url"] = "https://kas.elsewhere.example:8443"; }), kBad);
    EXPECT_EQ(lie([](Json& o, Json&) { o["kid"] = "k-another"; }), kBad);
    // The forms in which clients write the same.
    EXPECT_EQ(lie([](Json& o, Json&) { o["url"] = std::string(kUrl) + "/kas"; }), "permit");
    EXPECT_EQ(lie([](Json& o, Json&) { o["policyBinding"].erase("alg"); }), "permit");
    EXPECT_EQ(lie([](Json& o, Json&) {
                  const Bytes hex = *from_base64(o["policyBinding"]["hash"].get<std::string>());
                  o["policyBinding"]["hash"] = to_base64(*from_hex(text_view(hex)));
              }),
              "permit");
    EXPECT_EQ(lie([](Json& o, Json&) {
                  o["wrapped_key"] = o["wrappedKey"];
                  o.erase("wrappedKey");
              }),
              "permit");
    // A key of ours, or none that a client has, is no session key.
    for (const auto scheme : {crypto::WrapScheme::p384_mlkem1024, crypto::WrapScheme::xwing}) {
        Json request = body(client);
        request["clientPublicKey"] = crypto::WrapPrivateKey::generate(scheme).public_key().pem();
        EXPECT_EQ(fate(client, request), "400");
    }
}

TEST_F(OpenTdf, AClientIsRegisteredForSomebodyEnrolledAndUnderOneName) {
    program("otdf-1", reader);
    registry::Client again{"otdf-1", reader.id(), registry::ClientClass::strict, {}, "", {}};
    EXPECT_EQ(tokyo.registry->add_client(again).error().code(), Code::conflict);
    again.id = "Not A Name";
    EXPECT_EQ(tokyo.registry->add_client(again).error().reason(), "registry.client");
    again.id = "otdf-9";
    again.person = PersonId::of(crypto::random_bytes(10));
    EXPECT_EQ(tokyo.registry->add_client(again).error().reason(), "registry.client_person");
    ASSERT_EQ(tokyo.registry->clients()->size(), 1U);
    EXPECT_EQ(tokyo.registry->clients()->front().person, reader.id());
    EXPECT_EQ(tokyo.registry->remove_client("otdf-9").error().code(), Code::not_found);
}

// What came from the other party leaves as its own does, once it is marked and released to us.

TEST(OpenTdfReceived, WhatThePeerSentIsOpenedByAClientToo) {
    Side tokyo{"JPN", read_terms("jpn-ukr.toml")};
    Side kyiv{"UKR", read_terms("jpn-ukr.toml")};
    const Time later = tokyo.clock.now().plus_days(50);
    tokyo.pair_with(kyiv);
    kyiv.pair_with(tokyo);
    TokyoStaff staff;
    staff.take_office(tokyo, later);
    kyiv.accredit("tsilkom-taiemno");
    const std::string purpose = tokyo.terms.purposes().front().code;
    const ItemId sent = tokyo.enter(staff.originator, to_bytes("text"), "hi", purpose);
    tokyo.approve(staff.releaser, sent, "UKR");
    tokyo.approve(staff.second, sent, "UKR");
    ASSERT_TRUE(tokyo.dispatch(tokyo.control_officer, sent, "UKR").decision.permitted());
    ASSERT_TRUE(tokyo.work());
    const auto state = kyiv.registry->state();
    const logbook::Item item = state.items().begin()->second;

    Someone reader{"Shevchenko"};
    kyiv.enrol(reader);
    kyiv.clear(reader, "taiemno", later);
    kyiv.brief(reader);
    kyiv.grant(reader, item.id, purpose, later);
    const auto taken = kyiv.act(reader, ActKind::export_copy,
                                {{"item", item.id.text()},
                                 {"copy", item.copies.front().text()},
                                 {"purpose", purpose},
                                 {"client", "otdf-1"}});
    ASSERT_TRUE(taken.decision.permitted()) << taken.decision.reason();
    ASSERT_TRUE(kyiv.registry->opened(taken.seq, true));
    ASSERT_TRUE(kyiv.registry->add_client(
        {"otdf-1", reader.id(), registry::ClientClass::strict, {}, "", {}}));
    const auto source = *kyiv.blobs.open(item.blob);
    const auto manifest = envelope::Container::open(*source)->manifest();
    const auto& access = manifest.key_access.front();
    const auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::ec_p384);
    const auto answer = kyiv.registry->export_share(
        {"otdf-1",
         reader.id(),
         session.public_key().der(),
         {manifest.policy, access.wrapped_key, access.ephemeral_key, access.policy_binding}});
    ASSERT_TRUE(answer) << answer.error().text();
    ASSERT_TRUE(answer->decision.permitted()) << answer->decision.reason();
    EXPECT_TRUE(session.unwrap(answer->share.wrapped, answer->share.ephemeral_key));
    // The copy that is handed out asks at another address, and is the same file otherwise.
    MemorySink out;
    const auto size = envelope::readdress(*source, access.kid, kUrl, out);
    ASSERT_TRUE(size);
    const Bytes bytes = out.take();
    EXPECT_EQ(bytes.size(), *size);
    const auto handed = envelope::Container::open(MemorySource(bytes));
    ASSERT_TRUE(handed) << handed.error().text();
    EXPECT_EQ(handed->manifest().key_access.front().url, kUrl);
    EXPECT_EQ(handed->manifest().policy, manifest.policy);
    EXPECT_EQ(handed->payload_crc(), envelope::Container::open(*source)->payload_crc());
    EXPECT_FALSE(envelope::readdress(*source, "k-another", kUrl, out));
    // Who read it by a client signs for the contents.
    EXPECT_TRUE(kyiv.registry->state().copies_of(item.id).front().opened_by.contains(reader.id()));
}

// One request, however often it names one share: one opening in the book, and one answer for all.
TEST_F(OpenTdf, OneShareIsAskedOnceInARequest) {
    take(reader, "otdf-1");
    Program client = program("otdf-1", reader);
    ASSERT_EQ(ask_token(client).status, 200U);
    Json request = body(client);
    Json& objects = request["requests"][0]["keyAccessObjects"];
    for (int n = 1; n < 32; ++n) {
        objects.push_back(objects[0]);
        objects.back()["keyAccessObjectId"] = "kao-" + std::to_string(n);
    }
    const auto before = events();
    const auto response = rewrap(client, srt(request));
    ASSERT_EQ(response.status, 200U);
    const Json results = json(response).at("responses").at(0).at("results");
    ASSERT_EQ(results.size(), 32U);
    for (std::size_t n = 0; n < 32; ++n) {
        EXPECT_EQ(results.at(n).at("keyAccessObjectId"), "kao-" + std::to_string(n));
        EXPECT_EQ(results.at(n).at("status"), "permit");
        EXPECT_EQ(results.at(n).at("kasWrappedKey"), results.at(0).at("kasWrappedKey"));
    }
    EXPECT_EQ(events(), before + 2) << "permitted and done";
}

// A daemon that is taken over names a key of its own: the vault releases nothing that the person
// did not take out by their own signature, and nothing of another file.
TEST_F(OpenTdf, TheVaultAsksForItself) {
    take(reader, "otdf-1");
    program("otdf-1", reader);
    const auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::rsa2048);
    const auto access = manifest().key_access.front();
    const vault::ShareRequest asked{manifest().policy, access.wrapped_key, "",
                                    access.policy_binding};
    const auto answer =
        tokyo.registry->export_share({"otdf-1", reader.id(), session.public_key().der(), asked});
    ASSERT_TRUE(answer && answer->decision.permitted());
    const auto source = *tokyo.blobs.open(tokyo.registry->state().item(item)->blob);
    const Bytes bytes = to_bytes(envelope::Container::open(*source)->manifest_bytes());
    const auto reason = [&](std::uint64_t permit, const vault::ShareRequest& request) {
        const auto share = tokyo.keys->export_share(permit, bytes, request);
        return share ? "" : share.error().reason();
    };
    ASSERT_TRUE(tokyo.registry->tick()); // shows it the outcome
    EXPECT_EQ(reason(answer->seq, asked), "vault.reader");
    EXPECT_EQ(reason(0, asked), "vault.reader");
    EXPECT_EQ(reason(events() + 5, asked), "vault.reader");
}

} // namespace
} // namespace valise::testing
