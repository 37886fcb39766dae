// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "adapters/files/files.h"
#include "base/text.h"
#include "commands.h"
#include "crypto/x509.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

struct Options {
    std::string person;
    std::string name;
    std::string issuer;
    std::string subject;
    std::string certificate;
};

constexpr std::size_t kMaxCertificate = 64 << 10;

// SHA-256 of the public key in the certificate, PEM or DER.
Result<Hash32> pin_of(const std::string& path) {
    constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
    constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
    TRY_ASSIGN(Bytes bytes, adapters::read_file(path, kMaxCertificate));
    const std::string_view text = text_view(bytes);
    if (const auto begin = text.find(kBegin); begin != std::string_view::npos) {
        const auto from = begin + kBegin.size();
        std::string inside(text.substr(from, text.find(kEnd, from) - from));
        std::erase_if(inside, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
        TRY_ASSIGN(bytes, from_base64(inside));
    }
    return crypto::spki_sha256(bytes);
}

Result<Json> asked_account(const Options& options) {
    TRY_ASSIGN(const std::string person, person_named(options.person));
    Json out = {{"person", person}, {"name", options.name}};
    if (options.issuer.empty() != options.subject.empty())
        return fail(Code::invalid, "cli.usage", "--issuer and --subject stand together");
    if (!options.issuer.empty() && !options.certificate.empty())
        return fail(Code::invalid, "cli.usage", "an account has one way to sign in");
    if (!options.issuer.empty())
        out.update({{"way", "openid"}, {"issuer", options.issuer}, {"subject", options.subject}});
    if (!options.certificate.empty()) {
        TRY_ASSIGN(const Hash32 pin, pin_of(options.certificate));
        out.update({{"way", "certificate"}, {"pin", to_base64(pin)}});
    }
    return out;
}

// What is printed here is printed nowhere else and kept by nobody: it goes to the person at once.
Result<Exit> account(const Options& options) {
    TRY_ASSIGN(const Json asked, asked_account(options));
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(Json value, client.post("/api/v1/desk/accounts", view(canonical_json(asked))));
    std::string lines = fmt::format("account of  {}\nname        {}\n", shown(value, "person"),
                                    shown(value, "name"));
    if (value.contains("password"))
        lines += fmt::format("password    {}\ncode key    {}\nas a link   {}\n"
                             "Tell them to the person now: they are kept nowhere, and run out in a "
                             "day. The first sign-in asks for a password of their own.",
                             shown(value, "password"), shown(value, "secret"), shown(value, "uri"));
    else
        lines += fmt::format("signs in by {}", shown(value, "way"));
    answer(std::move(value), lines);
    return Exit::done;
}

Result<Exit> end(const Options& options) {
    TRY_ASSIGN(const std::string person, person_named(options.person));
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(Json value,
               client.post("/api/v1/desk/accounts/" + percent_encoded(person) + "/end"));
    answer(std::move(value),
           fmt::format("{} signs in no more; their sessions are over", printable(person)));
    return Exit::done;
}

Result<Exit> list() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(Json value, client.get("/api/v1/desk/accounts"));
    std::string lines;
    for (const Json& one : value.value("accounts", Json::array()))
        lines += fmt::format("{}  {}  {}{}\n", shown(one, "person"), shown(one, "name"),
                             shown(one, "way"),
                             one.value("initial", false) ? "  (not signed in yet)" : "");
    answer(std::move(value), lines.empty() ? "nobody has an account" : lines);
    return Exit::done;
}

} // namespace

void add_desk(Command& root) {
    static Options options;
    Command desk = root.sub("desk", "who can sign in at the desks in a browser");
    Command making = desk.sub("account", "make a person's account, or make it anew; it confers "
                                         "nothing but a way to sign in");
    making.option("person", options.person, "id or key file", Need::required)
        .option("--name NAME", options.name, "what the person types, as ishikawa", Need::required)
        .option("--issuer URL", options.issuer, "OpenID Connect issuer where they sign in")
        .option("--subject ID", options.subject, "who they are there, its `sub`")
        .option("--certificate FILE", options.certificate,
                "their certificate, PEM or DER: its public key is what counts");
    making.runs([] { return account(options); });
    Command ending = desk.sub("end", "take a person's account away");
    ending.option("person", options.person, "id or key file", Need::required);
    ending.runs([] { return end(options); });
    desk.sub("list", "accounts, without their secrets").runs(list);
}

} // namespace valise::cli
