// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/registry.h"

namespace valise::daemon {

// registry.toml as docs/formats/registry-config.md describes it. Paths that are not absolute are
// meant from the folder of the file.
struct Config {
    std::string party;
    std::string authority; // id in the terms
    std::string state;     // folder: database, blobs, published logs
    std::string terms;     // file
    std::string key_socket;
    std::string key_user; // as whom valise-keys runs; empty: as the daemon
    std::string people_socket;
    std::optional<std::uint16_t> people_port; // loopback, /healthz and /readyz; 0 chooses one
    std::string peer_address;                 // "127.0.0.1", "::"
    std::uint16_t peer_port = 0;
    std::optional<std::uint16_t> witness_port; // loopback, tlog-witness; 0 chooses one
    struct Witness {
        std::string url; // as HttpWitness takes it
        std::vector<tlog::Verifier> keys;
    };
    std::vector<Witness> witnesses; // neutral ones that cosign our logs
    struct OpenTdf {                // what clients of the OpenTDF world ask at
        std::string address;
        std::uint16_t port = 0;
        std::string url;                  // as they reach it, "https://host:port"
        std::string certificate, key;     // files, PEM; both empty: plain, on 127.0.0.1 only
        std::vector<std::string> origins; // pages that may call
        std::string issuer, audience;     // external. Both empty: none
        std::string keys;                 // file of its keys; empty: fetched from the issuer
        std::string authorities;          // file, PEM, for that; empty: the system's
        std::string intake;               // file of the public key that clients seal to
    };
    std::optional<OpenTdf> opentdf;
    bool test_mode = false;
    // The desks in a browser; absent: none.
    struct People {
        std::string address; // numeric
        std::uint16_t port = 0;
        std::string certificate;        // PEM file; empty: plain HTTP, on a loopback address alone
        std::string key;                // PEM file
        std::vector<std::string> hosts; // names beside the address, as browsers write them
        std::string timezone;           // "Asia/Tokyo"; empty: the machine's
        std::string command;            // how people call `valise`, {name} for their account's
        bool client_certificates = false;
        struct OpenId {
            std::string issuer;      // `iss`
            std::string client;      // as which the desks are known there
            std::string secret;      // file; empty: a public client
            std::string authorities; // file, PEM; empty: the system's
            std::string shown;       // how people call it
            std::string context;     // `acr`; empty: whichever
        };
        std::optional<OpenId> openid;
    };
    std::optional<People> people;
};

// Errors: invalid daemon.config, with every fault and its line; base.toml; those of reading.
Result<Config> read_config(const std::string& path);
// The same of its bytes; nothing at `path` is read.
Result<Config> parse_config(ByteView bytes, const std::string& path);

// "127.0.0.1:7443", "[::1]:7443", "kyiv.example:7443". Errors: invalid daemon.endpoint.
Result<std::pair<std::string, std::uint16_t>> parse_endpoint(std::string_view text);

} // namespace valise::daemon
