// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/data_attributes.h"
#include "two_registries/opentdf.h"

// What a client is told so that it can seal to the registry: the attributes that its person may
// know of, and the key of whoever enters what it sends.
namespace valise::testing {
namespace {

constexpr const char* kByFqns = "/policy.attributes.AttributesService/GetAttributeValuesByFqns";
const std::string kLevels = "https://valise.invalid/attr/classification/value/";
const std::string kParties = "https://valise.invalid/attr/relto/value/";

class Attributes : public OpenTdf {
protected:
    Attributes() {
        desk::OpenTdfSetup setup{kUrl, {}, {}};
        setup.intake = intake.public_key().pem();
        desk = std::make_unique<desk::OpenTdfDesk>(*tokyo.registry, std::move(setup));
        client = program("otdf-1", reader);
        EXPECT_EQ(ask_token(client).status, 200U);
    }
    HttpResponse ask(const std::string& text, const char* type = "application/json") {
        return call(kByFqns, proven(client, client.proof_claims(kByFqns, tokyo.clock.now())), text,
                    type);
    }
    unsigned asked(const std::vector<std::string>& fqns) {
        return ask(Json{{"fqns", fqns}}.dump()).status;
    }

    crypto::WrapPrivateKey intake =
        crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    Program client;
};

TEST_F(Attributes, AnEntitledClientIsToldWhatToSealTo) {
    const auto response = ask(Json{{"fqns", {kLevels + "HI", kParties + "ukr"}}}.dump());
    ASSERT_EQ(response.status, 200U) << to_text(response.body);
    const Json found = json(response).at("fqnAttributeValues");
    ASSERT_EQ(found.size(), 2U);
    const Json level = found.at(kLevels + "hi");
    EXPECT_EQ(level.at("attribute").at("rule"), "ATTRIBUTE_RULE_TYPE_ENUM_HIERARCHY");
    EXPECT_EQ(level.at("attribute").at("fqn"), "https://valise.invalid/attr/classification");
    EXPECT_EQ(level.at("value").at("value"), "hi");
    const Json key = level.at("value").at("kasKeys").at(0);
    EXPECT_EQ(key.at("kasUri"), kUrl);
    EXPECT_EQ(key.at("publicKey").at("pem"), intake.public_key().pem());
    EXPECT_EQ(key.at("publicKey").at("algorithm"), 8);
    EXPECT_EQ(found.at(kParties + "ukr").at("attribute").at("rule"),
              "ATTRIBUTE_RULE_TYPE_ENUM_ANY_OF");
    // Never the key under which the registry's own items lie.
    EXPECT_EQ(to_text(response.body).find(manifest().key_access.front().kid), std::string::npos);
    EXPECT_EQ(json(desk->answer({"GET", "/.well-known/opentdf-configuration", {}, {}, {}, "", ""}))
                  .at("base_key")
                  .at("public_key")
                  .at("kid"),
              intake.public_key().kid());
}

// Without an intake there is nothing to seal to: what lay under the registry's own key would open
// for nobody.
TEST_F(Attributes, NoDefaultKeyWithoutAnIntake) {
    desk = std::make_unique<desk::OpenTdfDesk>(*tokyo.registry, desk::OpenTdfSetup{kUrl, {}, {}});
    const auto told =
        json(desk->answer({"GET", "/.well-known/opentdf-configuration", {}, {}, {}, "", ""}));
    EXPECT_TRUE(told.contains("kas"));
    EXPECT_FALSE(told.contains("base_key"));
    // The daemon takes no key for one under which items lie.
    EXPECT_TRUE(tokyo.registry->seals_to(tokyo.registry->key_list().unwrapping));
    EXPECT_FALSE(tokyo.registry->seals_to(intake.public_key().der()));
    Side kyiv("UKR", read_terms("jpn-ukr.toml"));
    EXPECT_FALSE(tokyo.registry->seals_to(kyiv.registry->key_list().unwrapping));
    tokyo.pair_with(kyiv);
    EXPECT_TRUE(tokyo.registry->seals_to(kyiv.registry->key_list().unwrapping));
}

TEST_F(Attributes, InBinaryToo) {
    Bytes message;
    for (const std::string& fqn : {kLevels + "hi", kParties + "jpn"}) {
        message.push_back(0x0a);
        message.push_back(static_cast<Byte>(fqn.size()));
        append(message, fqn);
    }
    const auto response = ask(to_text(message), "application/proto");
    ASSERT_EQ(response.status, 200U);
    const auto entries = desk::read_proto(response.body);
    ASSERT_TRUE(entries);
    ASSERT_EQ(entries->size(), 2U);
    EXPECT_EQ(entries->front().number, 1U);
    const auto pair = *desk::read_proto(entries->front().bytes);
    EXPECT_EQ(*desk::proto_text(pair, 1), kLevels + "hi");
    EXPECT_NE(to_text(entries->front().bytes).find(intake.public_key().kid()), std::string::npos);
}

//= O-22
// A level above the clearance, one that does not exist, another namespace: one answer to all.
TEST_F(Attributes, NothingBeyondWhatItsPersonMayKnow) {
    EXPECT_EQ(asked({kLevels + "kimitsu"}), 200U);
    tokyo.clear(reader, "gokuhi", later);
    EXPECT_EQ(asked({kLevels + "gokuhi"}), 200U);
    for (const std::string& fqn :
         {kLevels + "kimitsu", kLevels + "no-such-level", kLevels, kParties + "usa",
          std::string("https://elsewhere.example/attr/classification/value/hi"),
          std::string("https://valise.invalid/attr/classification"), std::string()}) {
        EXPECT_EQ(asked({fqn}), 404U) << fqn;
        EXPECT_EQ(asked({kLevels + "hi", fqn}), 404U) << fqn; // nothing of the others either
    }
    tokyo.act(tokyo.clearance_officer, ActKind::revoke,
              {{"what", "clearance"}, {"person", reader.id().text()}});
    EXPECT_EQ(asked({kLevels + "hi"}), 404U);
    EXPECT_EQ(asked({kParties + "ukr"}), 200U);
}

TEST_F(Attributes, StrictAndBounded) {
    EXPECT_EQ(call(kByFqns, {}, "{}").status, 401U);
    EXPECT_EQ(asked({}), 400U);
    EXPECT_EQ(asked(std::vector<std::string>(32, kLevels + "hi")), 200U);
    EXPECT_EQ(asked(std::vector<std::string>(33, kLevels + "hi")), 400U);
    EXPECT_EQ(ask(R"({"fqns":"one"})").status, 400U);
    EXPECT_EQ(ask(R"({"fqns":[1]})").status, 400U);
    EXPECT_EQ(asked({std::string(600, 'a')}), 404U);
    EXPECT_EQ(ask("\x0a", "application/proto").status, 400U);
    // The newer method that clients try first is not served, and they come back to this one.
    const char* newer = "/policy.attributes.AttributesService/GetKeyMappingsByFqns";
    EXPECT_EQ(
        call(newer, proven(client, client.proof_claims(newer, tokyo.clock.now())), "{}").status,
        501U);
}

// Every scheme of ours has its number in the policy protocol, each its own.
TEST(AttributeNumbers, EachSchemeHasItsOwn) {
    std::set<std::uint32_t> numbers;
    for (const auto scheme : crypto::wrap_schemes())
        numbers.insert(desk::policy_algorithm(scheme));
    EXPECT_EQ(numbers.size(), crypto::wrap_schemes().size());
    EXPECT_FALSE(numbers.contains(0));
}

} // namespace
} // namespace valise::testing
