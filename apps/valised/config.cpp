// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "adapters/files/files.h"
#include "base/codec/toml.h"
#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace valise::daemon {

namespace {

// Of a DNS name or an IPv4 address, and of an IPv6 address in brackets.
constexpr std::string_view kNameLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
constexpr std::string_view kAddressLetters = "0123456789abcdefABCDEF:.";

// Faults are collected, as of every other key.
std::vector<Config::Witness> read_witnesses(TomlReader& reader,
                                            std::vector<TomlProblem>& problems) {
    std::vector<Config::Witness> out;
    if (!reader.has("witnesses"))
        return out;
    for (const TomlValue& table : reader.tables("witnesses")) {
        TomlReader one(table, "witness", problems);
        Config::Witness witness{one.text("url", 2048), {}};
        for (const std::string& vkey : one.texts("vkeys", 2)) {
            auto key = tlog::Verifier::parse(vkey);
            if (!key || key->type() == tlog::KeyType::ed25519)
                one.problem(one.line_of("vkeys"), "daemon.config", "not the vkey of a cosigner");
            else
                witness.keys.push_back(std::move(*key));
        }
        if (witness.keys.empty() || witness.keys.front().name() != witness.keys.back().name())
            one.problem(one.line(), "daemon.config", "a witness has one or two keys, of one name");
        else if (std::ranges::any_of(out, [&](const Config::Witness& other) {
                     return !other.keys.empty() &&
                            other.keys.front().name() == witness.keys.front().name();
                 }))
            one.problem(one.line(), "daemon.config", "a witness that stands here twice");
        one.done();
        out.push_back(std::move(witness));
    }
    return out;
}

// "https://host:port" and nothing behind it: clients put their paths there.
bool is_origin(std::string_view url) {
    const auto scheme = url.find("://");
    return (url.starts_with("https://") || url.starts_with("http://")) && url.size() <= 512 &&
           parse_endpoint(url.substr(scheme + 3)).has_value();
}

// Whose documents can be fetched; plain HTTP on this machine for tests.
bool is_issuer(std::string_view name) {
    return name.starts_with("https://") || name.starts_with("http://127.0.0.1:");
}
constexpr const char* kIssuer = "an issuer is named https://host[:port][/path]";

std::optional<Config::OpenTdf> read_opentdf(TomlReader& reader, const std::filesystem::path& folder,
                                            std::vector<TomlProblem>& problems) {
    if (!reader.has("opentdf"))
        return std::nullopt;
    TomlReader one(reader.table("opentdf"), "opentdf", problems);
    const auto wrong = [&](const char* name, const char* text) {
        one.problem(one.has(name) ? one.line_of(name) : one.line(), "daemon.config", text);
    };
    const auto file = [&](const char* name) {
        return one.has(name) ? (folder / one.text(name)).string() : std::string();
    };
    Config::OpenTdf out;
    if (const auto listen = parse_endpoint(one.text("listen", 256)))
        std::tie(out.address, out.port) = *listen;
    else
        wrong("listen", "not host:port, as 127.0.0.1:8443");
    out.url = one.text("url", 512);
    if (!is_origin(out.url))
        wrong("url", "not scheme://host:port, as https://kas.tokyo.example:8443");
    out.certificate = file("certificate");
    out.key = file("key");
    out.intake = file("intake");
    const bool plain = out.certificate.empty();
    if (plain != out.key.empty() || (plain && out.address != "127.0.0.1") ||
        out.url.starts_with("http://") != plain)
        wrong("url", "https with certificate and key; without them http, on 127.0.0.1 only");
    if (one.has("origins"))
        out.origins = one.texts("origins", 64);
    if (one.has("issuer")) {
        out.issuer = one.text("issuer", 512);
        out.audience = one.text("audience", 512);
        out.keys = file("keys");
        out.authorities = file("authorities");
        if (out.keys.empty() && !is_issuer(out.issuer))
            wrong("issuer", kIssuer);
        if (!out.keys.empty() && !out.authorities.empty())
            wrong("authorities", "keys from a file need no authorities");
    }
    one.done();
    return out;
}

std::optional<Config::People::OpenId> read_openid(TomlReader& people,
                                                  std::vector<TomlProblem>& problems,
                                                  const std::filesystem::path& folder) {
    if (!people.has("openid"))
        return std::nullopt;
    TomlReader one(people.table("openid"), "openid", problems);
    const auto optional = [&](const char* name) {
        return one.has(name) ? one.text(name, 512) : std::string();
    };
    const auto file = [&](const char* name) {
        return one.has(name) ? (folder / one.text(name)).string() : std::string();
    };
    Config::People::OpenId out{.issuer = one.text("issuer", 512),
                               .client = one.text("client", 256),
                               .secret = file("secret"),
                               .authorities = file("authorities"),
                               .shown = optional("name"),
                               .context = optional("context")};
    if (!is_issuer(out.issuer))
        one.problem(one.has("issuer") ? one.line_of("issuer") : one.line(), "daemon.config",
                    kIssuer);
    if (out.shown.empty())
        out.shown = out.issuer;
    one.done();
    return out;
}

std::optional<Config::People> read_people(TomlReader& reader, std::vector<TomlProblem>& problems,
                                          const std::filesystem::path& folder) {
    if (!reader.has("people"))
        return std::nullopt;
    TomlReader table(reader.table("people"), "people", problems);
    Config::People out;
    const auto at = parse_endpoint(table.text("listen", 256));
    if (at)
        std::tie(out.address, out.port) = *at;
    else
        table.problem(table.line_of("listen"), "daemon.config", at.error().context());
    for (const auto& [name, path] :
         {std::pair("certificate", &out.certificate), std::pair("key", &out.key)})
        if (table.has(name))
            *path = (folder / table.text(name)).string();
    if (table.has("hosts"))
        out.hosts = table.texts("hosts", 16);
    if (table.has("timezone"))
        out.timezone = table.text("timezone", 64);
    if (table.has("command"))
        out.command = table.text("command", 1024);
    out.client_certificates = table.boolean_or("client_certificates", false);
    out.openid = read_openid(table, problems, folder);
    if (out.client_certificates && out.certificate.empty())
        table.problem(table.line_of("client_certificates"), "daemon.config",
                      "client certificates are shown under TLS alone");
    if (out.certificate.empty() != out.key.empty())
        table.problem(table.line(), "daemon.config", "certificate and key stand together");
    if (at && out.certificate.empty() && out.address != "127.0.0.1" && out.address != "::1")
        table.problem(table.line_of("listen"), "daemon.config",
                      "without a certificate the desks listen on 127.0.0.1 or [::1] alone: "
                      "passwords would travel readable");
    table.done();
    return out;
}

Error all_of(const std::string& path, const std::vector<TomlProblem>& problems) {
    std::string text = path;
    for (const TomlProblem& problem : problems)
        text += "; " + problem.where();
    return {Code::invalid, "daemon.config", text};
}

} // namespace

Result<std::pair<std::string, std::uint16_t>> parse_endpoint(std::string_view text) {
    const auto wrong = [&] {
        return fail(Code::invalid, "daemon.endpoint",
                    "'" + printable(text) + "' is not host:port, as 127.0.0.1:7443");
    };
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
        return wrong();
    std::string_view host = text.substr(0, colon);
    const std::string_view digits = text.substr(colon + 1);
    std::string_view admitted = kNameLetters;
    if (host.front() == '[') {
        if (host.size() < 4 || host.back() != ']')
            return wrong();
        host = host.substr(1, host.size() - 2);
        if (host.find(':') == std::string_view::npos)
            return wrong();
        admitted = kAddressLetters;
    }
    if (host.find_first_not_of(admitted) != std::string_view::npos)
        return wrong();
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size() || digits.empty())
        return wrong();
    return std::pair(std::string(host), port);
}

Result<Config> read_config(const std::string& path) {
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(path, 256 << 10));
    return parse_config(bytes, path);
}

Result<Config> parse_config(ByteView bytes, const std::string& path) {
    TRY_ASSIGN(const TomlValue root, parse_toml(bytes));
    std::vector<TomlProblem> problems;
    TomlReader reader(root, "registry", problems);
    const auto folder = std::filesystem::absolute(path).parent_path();
    const auto located = [&](const char* name) { return (folder / reader.text(name)).string(); };
    Config config;
    config.party = reader.text("party", kMaxPartyCode);
    config.authority = reader.text("authority", 128);
    config.state = located("state");
    config.terms = located("terms");
    config.key_socket = located("key_socket");
    if (reader.has("key_user"))
        config.key_user = reader.text("key_user", 64);
    config.people_socket = located("people_socket");
    if (reader.has("people_port"))
        config.people_port = static_cast<std::uint16_t>(reader.integer("people_port", 0, 65535));
    const auto peer = parse_endpoint(reader.text("peer_listen", 256));
    if (peer)
        std::tie(config.peer_address, config.peer_port) = *peer;
    else
        reader.problem(reader.line_of("peer_listen"), "daemon.config", peer.error().context());
    if (reader.has("witness_port"))
        config.witness_port = static_cast<std::uint16_t>(reader.integer("witness_port", 0, 65535));
    config.witnesses = read_witnesses(reader, problems);
    config.opentdf = read_opentdf(reader, folder, problems);
    config.people = read_people(reader, problems, folder);
    config.test_mode = reader.boolean_or("test_mode", false);
    reader.done();
    if (!problems.empty())
        return fail(all_of(path, problems));
    return config;
}

} // namespace valise::daemon
