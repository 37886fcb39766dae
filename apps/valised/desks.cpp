// SPDX-License-Identifier: Apache-2.0
#include "desks.h"

#include "adapters/files/files.h"
#include "adapters/http/web_call.h"
#include "adapters/renderer/pages.h"
#include "crypto/kdf.h"
#include "desk/shell_word.h"
#include "printing/print.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdlib>
#include <ctime>

namespace valise::daemon {

namespace {

constexpr std::size_t kMostBody = 1 << 20;
constexpr std::chrono::seconds kWiped{10}; // how often is looked for what ran out

// As browsers write them in Host.
std::vector<std::string> hosts_of(const Config::People& people, std::uint16_t port) {
    const std::string suffix = ":" + std::to_string(port);
    const bool six = people.address.find(':') != std::string::npos;
    std::vector<std::string> names = people.hosts;
    names.push_back(six ? "[" + people.address + "]" : people.address);
    if (people.certificate.empty())
        names.emplace_back("localhost");
    std::vector<std::string> out = people.hosts;
    for (const std::string& name : names) {
        out.push_back(name + suffix);
        if (port == (people.certificate.empty() ? 80 : 443))
            out.push_back(name);
    }
    return out;
}

} // namespace

// The pages come through a pipe of which the key process hands the other end to the renderer: here
// nothing of the document is seen but the images that come out.
namespace {

// Longer than the renderer and the key process take, whose own clocks end it before.
constexpr std::chrono::seconds kDrawn{180};

Result<rendering::Shown> show(registry::Registry& registry, std::uint64_t permit,
                              rendering::Job::Output output) {
    return adapters::taken_pages([&](int pages) { return registry.show(permit, pages); }, kDrawn,
                                 output);
}

} // namespace

Desks::~Desks() {
    {
        const std::scoped_lock lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    if (pages_)
        pages_->close();
    if (wiping_.joinable())
        wiping_.join();
}

void set_timezone(const Config& config) {
    if (config.people && !config.people->timezone.empty())
        ::setenv("TZ", config.people->timezone.c_str(), 1); // NOLINT(concurrency-mt-unsafe)
    ::tzset();
}

Result<std::shared_ptr<desk::Issuer>>
issuer_of(const std::string& name, const std::string& authorities, const Clock& clock) {
    Bytes pem;
    if (!authorities.empty()) {
        TRY_ASSIGN(pem, adapters::read_file(authorities, 1 << 20));
    }
    TRY_ASSIGN(auto caller, adapters::web_caller(std::move(pem)));
    return std::make_shared<desk::Issuer>(name, std::move(caller), clock);
}

namespace {

Result<std::shared_ptr<const desk::OpenIdSetting>>
openid_of(const std::optional<Config::People::OpenId>& config, const Clock& clock) {
    auto out = std::make_shared<desk::OpenIdSetting>();
    if (!config)
        return std::shared_ptr<const desk::OpenIdSetting>();
    TRY_ASSIGN(out->issuer, issuer_of(config->issuer, config->authorities, clock));
    out->client = config->client;
    out->shown = config->shown;
    out->context = config->context;
    if (!config->secret.empty()) {
        TRY_ASSIGN(const auto secret, adapters::read_secret_file(config->secret, 4096));
        ByteView text = secret.read(SecretAccess::because("our secret at the issuer"));
        while (!text.empty() && text.back() == '\n')
            text = text.first(text.size() - 1);
        out->secret = SecretBytes::copy(text);
    }
    return std::shared_ptr<const desk::OpenIdSetting>(std::move(out));
}

// What stands before the words of a command that a page shows.
std::string command_of(const Config& config) {
    if (!config.people->command.empty())
        return config.people->command;
    return "valise --socket " + desk::shell_word(config.people_socket) + " --as {name}.key";
}

} // namespace

Result<std::unique_ptr<Desks>> Desks::open(const Config& config, registry::Registry& registry,
                                           vault::KeyService& keys,
                                           std::function<std::string()> link,
                                           desk::SecurityLog noted) {
    if (!config.people)
        return std::unique_ptr<Desks>();
    // Page images lie here: none of them in a dump, and no other process of this user reads them.
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
    std::unique_ptr<Desks> out(new Desks(*config.people, config.state));
    TRY_ASSIGN(const auto secrets, keys.daemon_secrets());
    auto key = crypto::hkdf_sha256(
        secrets.storage_key.read(SecretAccess::because("the key of the accounts' file")), {},
        view("valise/desk-accounts/key/v1"), 32);
    TRY_ASSIGN(out->accounts_, desk::Accounts::open(out->store_, std::move(key)));
    TRY_ASSIGN(auto openid, openid_of(config.people->openid, out->clock_));
    out->pages_ = std::make_unique<desk::Pages>(
        registry, *out->accounts_, out->clock_,
        desk::Pages::Setting{!config.people->certificate.empty(),
                             {},
                             std::move(link),
                             [](const forms::Sheet& sheet) { return printing::print(sheet); },
                             std::move(noted),
                             [&registry](std::uint64_t permit, rendering::Job::Output output) {
                                 return show(registry, permit, output);
                             },
                             std::move(openid),
                             config.people->client_certificates,
                             command_of(config)});
    out->wiping_ = std::thread([desks = out.get()] {
        std::unique_lock lock(desks->mutex_);
        while (!desks->wake_.wait_for(lock, kWiped, [desks] { return desks->stop_; }))
            desks->pages_->wipe_what_ran_out();
    });
    return out;
}

Result<void> Desks::serve() {
    adapters::HttpService service;
    service.handler = [this](const HttpRequest& request) { return pages_->answer(request); };
    service.limits.body_bytes = kMostBody;
    service.limits.connections = 256;
    std::uint16_t port = 0;
    if (people_.certificate.empty()) {
        TRY_ASSIGN(port, server_.listen_plain(people_.address, people_.port, std::move(service)));
    } else {
        adapters::ServerCertificate site;
        TRY_ASSIGN(site.private_key_pem, adapters::read_secret_file(people_.key, 64 << 10));
        TRY_ASSIGN(site.chain_pem, adapters::read_file(people_.certificate, 256 << 10));
        TRY_ASSIGN(port, server_.listen_https(people_.address, people_.port, site,
                                              std::move(service), people_.client_certificates));
    }
    auto hosts = hosts_of(people_, port);
    fmt::print("desks on {}://{}\n", people_.certificate.empty() ? "http" : "https",
               hosts[people_.hosts.empty() ? 0 : people_.hosts.size()]);
    pages_->set_hosts(std::move(hosts));
    return server_.start();
}

} // namespace valise::daemon
