// SPDX-License-Identifier: Apache-2.0
// registry.toml and endpoints. A setting that is admitted is whole: nothing that the daemon needs
// is left at its default.
#include "../apps/valised/config.h"

#include <cstdlib>

namespace {

using namespace valise;

void hold(bool condition) {
    if (!condition)
        std::abort();
}

void read_endpoint(std::string_view text) {
    const auto endpoint = daemon::parse_endpoint(text);
    if (!endpoint) {
        hold(endpoint.error().reason() == "daemon.endpoint");
        return;
    }
    const auto& [host, port] = *endpoint;
    const bool numeric6 = host.find(':') != std::string::npos;
    const auto again =
        daemon::parse_endpoint((numeric6 ? "[" + host + "]" : host) + ":" + std::to_string(port));
    hold(!host.empty() && again.has_value() && *again == *endpoint);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    read_endpoint(text_view(bytes));
    const auto config = daemon::parse_config(bytes, "/etc/valise/registry.toml");
    if (!config) {
        hold(!config.error().reason().empty());
        return 0;
    }
    hold(!config->party.empty() && !config->authority.empty() && !config->peer_address.empty());
    for (const auto* path :
         {&config->state, &config->terms, &config->key_socket, &config->people_socket})
        hold(path->starts_with('/'));
    for (const auto& witness : config->witnesses)
        hold(!witness.keys.empty() && witness.keys.front().name() == witness.keys.back().name());
    return 0;
}
