// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/accounts_file.h"

namespace valise::desk {

namespace {

constexpr std::int64_t kLastSecond = 253402300799; // of the year 9999

std::unexpected<Error> wrong() {
    return fail(Code::integrity, "desk.accounts", "this is no file of accounts of this registry");
}

Result<Way> parse_way(std::string_view text) {
    for (const Way way : {Way::password, Way::openid, Way::certificate})
        if (to_string(way) == text)
            return way;
    return wrong();
}

Result<void> read_password(ObjectReader& one, Accounts::Entry& entry) {
    TRY_ASSIGN(entry.salt, one.base64("salt", kAccountSalt));
    TRY_ASSIGN(entry.hash, one.base64("hash", kAccountHash));
    TRY_ASSIGN(const auto memory,
               one.integer("memory_kib", crypto::kArgon2MinMemoryKib, crypto::kArgon2MaxMemoryKib));
    TRY_ASSIGN(const auto iterations, one.integer("iterations", 1, crypto::kArgon2MaxIterations));
    entry.cost = {static_cast<std::uint32_t>(memory), static_cast<std::uint32_t>(iterations)};
    TRY_ASSIGN(entry.secret, one.base64("secret", kCodeSecret));
    TRY_ASSIGN(entry.used, one.integer("used", 0, std::int64_t{1} << 40));
    TRY_ASSIGN(entry.initial, one.boolean("initial"));
    return {};
}

Result<Bytes> read_bytes(ObjectReader& one, const char* name, std::size_t max) {
    TRY_ASSIGN(Bytes out, one.base64(name, max));
    if (out.empty())
        return wrong();
    return out;
}

Result<Passkey> read_passkey(const Json& value) {
    TRY_ASSIGN(auto one, ObjectReader::over(value, "passkey"));
    Passkey out;
    TRY_ASSIGN(out.id, read_bytes(one, "id", kMaxPasskeyId));
    TRY_ASSIGN(out.key, read_bytes(one, "key", kMaxPasskeyKey));
    TRY_ASSIGN(const auto count, one.integer("count", 0, 0xFFFFFFFFLL));
    out.count = static_cast<std::uint32_t>(count);
    TRY_ASSIGN(out.may_leave, one.boolean("may_leave"));
    TRY_ASSIGN(out.left, one.boolean("left"));
    TRY_ASSIGN(out.name, one.text("name", kMaxPasskeyName));
    TRY_ASSIGN(out.made.seconds, one.integer("made", 0, kLastSecond));
    TRY(one.done());
    return out;
}

Result<void> read_second(ObjectReader& one, Accounts::Entry& entry) {
    TRY_ASSIGN(const std::string way, one.text("way", 32));
    TRY_ASSIGN(entry.way, parse_way(way));
    TRY_ASSIGN(entry.given.seconds, one.integer("given", 0, kLastSecond));
    TRY_ASSIGN(const auto event, one.integer("event", 0, std::int64_t{1} << 53));
    entry.event = static_cast<std::uint64_t>(event);
    TRY_ASSIGN(entry.told, one.boolean("told"));
    if (entry.way == Way::openid) {
        TRY_ASSIGN(entry.issuer, one.text("issuer", kMaxLink));
        TRY_ASSIGN(entry.subject, one.text("subject", kMaxLink));
    }
    if (entry.way == Way::certificate) {
        TRY_ASSIGN(entry.pin, one.hash("pin"));
    }
    TRY_ASSIGN(const Json* const list, one.member("passkeys"));
    if (!list->is_array() || list->size() > Accounts::kMostPasskeys)
        return wrong();
    for (const Json& value : *list) {
        TRY_ASSIGN(auto passkey, read_passkey(value));
        entry.passkeys.push_back(std::move(passkey));
    }
    return {};
}

Json passkey_json(const Passkey& passkey) {
    return {{"id", to_base64(passkey.id)}, {"key", to_base64(passkey.key)},
            {"count", passkey.count},      {"may_leave", passkey.may_leave},
            {"left", passkey.left},        {"name", passkey.name},
            {"made", passkey.made.seconds}};
}

} // namespace

std::string_view to_string(Way way) {
    switch (way) {
    case Way::openid:
        return "openid";
    case Way::certificate:
        return "certificate";
    default:
        return "password";
    }
}

Result<Accounts::Entries> read_accounts(ByteView plain) {
    TRY_ASSIGN(const Json root, parse_json(plain, {.bytes = 64 << 20, .values = 2'000'000}));
    TRY_ASSIGN(auto reader, ObjectReader::over(root, "accounts"));
    TRY_ASSIGN(const auto version, reader.integer("v", 1, 2));
    TRY_ASSIGN(const Json* const list, reader.member("accounts"));
    TRY(reader.done());
    if (!list->is_array())
        return wrong();
    Accounts::Entries out;
    for (const Json& value : *list) {
        TRY_ASSIGN(auto one, ObjectReader::over(value, "account"));
        TRY_ASSIGN(const std::string person_text, one.text("person", 64));
        TRY_ASSIGN(const PersonId person, PersonId::parse(person_text));
        Accounts::Entry entry;
        TRY_ASSIGN(entry.name, one.text("name", kMaxAccountName));
        if (version == 2)
            TRY(read_second(one, entry));
        if (entry.way == Way::password)
            TRY(read_password(one, entry));
        TRY(one.done());
        out.emplace(person, std::move(entry));
    }
    return out;
}

std::string write_accounts(const Accounts::Entries& entries) {
    Json list = Json::array();
    for (const auto& [person, entry] : entries) {
        Json passkeys = Json::array();
        for (const Passkey& passkey : entry.passkeys)
            passkeys.push_back(passkey_json(passkey));
        Json& one = list.emplace_back(Json{{"person", person.text()},
                                           {"name", entry.name},
                                           {"way", std::string(to_string(entry.way))},
                                           {"given", entry.given.seconds},
                                           {"event", entry.event},
                                           {"told", entry.told},
                                           {"passkeys", std::move(passkeys)}});
        if (entry.way == Way::openid)
            one.update({{"issuer", entry.issuer}, {"subject", entry.subject}});
        if (entry.way == Way::certificate)
            one["pin"] = to_base64(entry.pin);
        if (entry.way == Way::password)
            one.update({{"salt", to_base64(entry.salt)},
                        {"hash", to_base64(entry.hash)},
                        {"memory_kib", entry.cost.memory_kib},
                        {"iterations", entry.cost.iterations},
                        {"secret", to_base64(entry.secret)},
                        {"used", entry.used},
                        {"initial", entry.initial}});
    }
    return canonical_json({{"v", 2}, {"accounts", std::move(list)}});
}

} // namespace valise::desk
