// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verifying/checkpoint.h"
#include "verifying/keys.h"

#include <string>
#include <vector>

namespace valise::verifying {

inline constexpr int kVerified = 0;
inline constexpr int kUsage = 2; // or what was named cannot be read
inline constexpr int kIntegrity = 3;

struct Options {
    bool json = false;
    std::string file;
    std::string fingerprint;
    std::vector<std::string> roots;
    std::string folder;
    std::vector<std::string> vkeys;
    std::string trust;
    std::string entry;
    std::string invitation;
    std::string evidence;
    std::string language = "en";
    std::string statement;
    std::vector<std::string> invitations;
    std::vector<std::string> files;
    std::string url;
    std::string authorities;
};

Result<Expected> expectations(const Options& options);
Result<Believed> believed(const Options& options);

// travelling.cpp: what travels by itself, and the only check that reads from a network.
Result<int> check_bag_files(const Options& options);
Result<int> check_receipt(const Options& options);
Result<int> check_cose_file(const Options& options);
Result<int> check_log_url(const Options& options);

} // namespace valise::verifying
