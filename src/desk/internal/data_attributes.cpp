// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/data_attributes.h"

#include "agreement/data_attributes.h"

namespace valise::desk {
namespace {

constexpr std::size_t kMaxNames = 32;
constexpr std::string_view kNamespace = "valise.invalid"; // of the labels of every registry

using agreement::DataAttribute;

struct Written {
    Json json;
    Bytes proto;
};

//= facts/tdf.md 2.2
// policy.SimpleKasKey {kas_uri 1, public_key 2 {algorithm 1, kid 2, pem 3}}.
Written key_of(const OpenTdfSetup& setup, const crypto::WrapPublicKey& key) {
    const std::uint32_t number = policy_algorithm(key.scheme());
    const std::string kid = key.kid();
    const std::string pem = key.pem();
    ProtoWriter inner;
    inner.number(1, number).text(2, kid).text(3, pem);
    return {
        {{"kasUri", setup.url}, {"publicKey", {{"algorithm", number}, {"kid", kid}, {"pem", pem}}}},
        ProtoWriter().text(1, setup.url).bytes(2, inner.out()).out()};
}

// {attribute 1 {namespace 2, name 3, rule 4, fqn 7}, value 2 {value 3, fqn 6, kas_keys 9}}: the
// definition without the list of its values, which nobody needs who names one.
Written pair_of(const DataAttribute& one, const Written& key) {
    const bool ranked = one.rule == DataAttribute::Rule::hierarchy;
    const std::string ns = "https://" + std::string(kNamespace);
    ProtoWriter space;
    space.text(2, kNamespace).text(3, ns);
    ProtoWriter attribute;
    attribute.bytes(2, space.out())
        .text(3, one.name)
        .number(4, ranked ? 3 : 2)
        .text(7, one.definition);
    ProtoWriter value;
    value.text(3, one.value).text(6, one.fqn()).bytes(9, key.proto);
    return {{{"attribute",
              {{"namespace", {{"name", std::string(kNamespace)}, {"fqn", ns}}},
               {"name", one.name},
               {"rule",
                ranked ? "ATTRIBUTE_RULE_TYPE_ENUM_HIERARCHY" : "ATTRIBUTE_RULE_TYPE_ENUM_ANY_OF"},
               {"fqn", one.definition}}},
             {"value",
              {{"value", one.value}, {"fqn", one.fqn()}, {"kasKeys", Json::array({key.json})}}}},
            ProtoWriter().bytes(1, attribute.out()).bytes(2, value.out()).out()};
}

} // namespace

std::uint32_t policy_algorithm(crypto::WrapScheme scheme) {
    switch (scheme) {
    case crypto::WrapScheme::rsa2048:
        return 1;
    case crypto::WrapScheme::rsa4096:
        return 2;
    case crypto::WrapScheme::ec_p256:
        return 3;
    case crypto::WrapScheme::ec_p384:
        return 4;
    case crypto::WrapScheme::ec_p521:
        return 5;
    case crypto::WrapScheme::xwing:
        return 6;
    case crypto::WrapScheme::p256_mlkem768:
        return 7;
    case crypto::WrapScheme::p384_mlkem1024:
        return 8;
    case crypto::WrapScheme::mlkem768:
        return 20;
    case crypto::WrapScheme::mlkem1024:
        return 21;
    }
    return 0;
}

Result<ConnectReply> attribute_values(const registry::Registry& registry, const OpenTdfSetup& setup,
                                      const crypto::WrapPublicKey& intake, const PersonId& person,
                                      const std::vector<std::string>& fqns) {
    if (fqns.empty() || fqns.size() > kMaxNames)
        return fail(Code::invalid, "desk.connect", "expected one to 32 names");
    const logbook::State state = registry.state();
    const Written key = key_of(setup, intake);
    Json json = Json::object();
    ProtoWriter proto;
    for (const std::string& fqn : fqns) {
        const auto one = agreement::data_attribute(registry.terms(), state, person, kNamespace, fqn,
                                                   registry.now());
        // One answer for what is not there and what is not theirs to know.
        if (!one)
            return fail(Code::not_found, "desk.no_attribute", "no attribute of that name");
        if (json.contains(one->fqn()))
            continue;
        const Written pair = pair_of(*one, key);
        json[one->fqn()] = pair.json;
        proto.bytes(1, ProtoWriter().text(1, one->fqn()).bytes(2, pair.proto).out());
    }
    return ConnectReply{Json{{"fqnAttributeValues", std::move(json)}}, proto.out()};
}

} // namespace valise::desk
