// SPDX-License-Identifier: Apache-2.0
// Looks for many byte strings in every file of folders, byte by byte, and in the files' names.
// Standard input: lines `NAME HEX`, each at least 8 bytes. Output: lines `NAME PATH OFFSET`.
// Exit 0 when nothing was found, 3 when something was, 2 for what cannot be read.
//
// usage: search_bytes FOLDER...
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

constexpr std::size_t kPrefix = 8; // bytes by which a place is judged first
constexpr unsigned kBits = 22;

struct Pattern {
    std::string name;
    std::string bytes;
};

std::uint64_t prefix_at(const char* place) {
    std::uint64_t out = 0;
    std::memcpy(&out, place, kPrefix);
    return out;
}

std::size_t slot(std::uint64_t prefix) {
    return static_cast<std::size_t>((prefix * 0x9E3779B97F4A7C15U) >> (64 - kBits));
}

class Search {
public:
    bool add(std::string name, const std::string& hex) {
        std::string bytes;
        for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
            bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
        if (bytes.size() < kPrefix)
            return false;
        const std::uint64_t prefix = prefix_at(bytes.data());
        maybe_[slot(prefix)] = true;
        patterns_.emplace(prefix, Pattern{std::move(name), std::move(bytes)});
        return true;
    }
    void look(std::string_view text, const std::string& where) {
        for (std::size_t at = 0; at + kPrefix <= text.size(); ++at) {
            const std::uint64_t prefix = prefix_at(text.data() + at);
            if (!maybe_[slot(prefix)])
                continue;
            const auto [first, last] = patterns_.equal_range(prefix);
            for (auto one = first; one != last; ++one)
                if (text.substr(at).starts_with(one->second.bytes))
                    tell(one->second.name, where, at);
        }
    }
    std::size_t found() const { return found_; }

private:
    void tell(const std::string& name, const std::string& where, std::size_t at) {
        ++found_;
        std::cout << name << ' ' << where << ' ' << at << '\n';
    }
    std::vector<char> maybe_ = std::vector<char>(std::size_t{1} << kBits);
    std::unordered_multimap<std::uint64_t, Pattern> patterns_;
    std::size_t found_ = 0;
};

bool look_in_file(Search& search, const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text(std::filesystem::file_size(path), '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (static_cast<std::size_t>(in.gcount()) != text.size())
        return false;
    search.look(text, path.string());
    return true;
}

bool look_in_folder(Search& search, const std::filesystem::path& folder) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        search.look(entry.path().filename().string(), entry.path().string());
        if (!entry.is_regular_file())
            continue;
        ++files;
        if (!look_in_file(search, entry.path())) {
            std::cerr << "cannot read " << entry.path() << '\n';
            return false;
        }
    }
    std::cerr << files << " files in " << folder << '\n';
    return files > 0;
}

} // namespace

int main(int argc, char** argv) {
    Search search;
    for (std::string name, hex; std::cin >> name >> hex;)
        if (!search.add(name, hex)) {
            std::cerr << name << " is too short to be looked for\n";
            return 2;
        }
    for (int i = 1; i < argc; ++i)
        if (!look_in_folder(search, argv[i]))
            return 2;
    return search.found() > 0 ? 3 : 0;
}
