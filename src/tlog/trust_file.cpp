// SPDX-License-Identifier: Apache-2.0
#include "tlog/trust_file.h"

#include "tlog/internal/lines.h"

#include <algorithm>
#include <set>

namespace valise::tlog {
namespace {

constexpr std::size_t kMaxFile = 64 << 10;
constexpr std::size_t kMaxOfAKind = 64;

bool is_trust_text(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return c == '\t' || c == '\n' || (byte >= 0x20 && byte != 0x7f);
    });
}

// Spaces and tabs only, whatever else Unicode calls a space.
std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    for (;;) {
        const auto begin = line.find_first_not_of(" \t");
        if (begin == std::string_view::npos)
            return words;
        line.remove_prefix(begin);
        const auto end = std::min(line.find_first_of(" \t"), line.size());
        words.emplace_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

} // namespace

class TrustFileReader {
public:
    Result<TrustFile> read(std::string_view text) {
        LineReader lines(text);
        while (const auto line = lines.next()) {
            ++line_;
            const auto words = words_of(*line);
            if (!words.empty() && !words.front().starts_with('#'))
                TRY(take(words));
        }
        ++line_;
        if (!lines.done())
            return bad("the last line does not end");
        if (file_.quorum_.empty())
            return bad("no quorum line");
        return std::move(file_);
    }

private:
    std::unexpected<Error> bad(const std::string& why) const {
        return fail(Code::invalid, "tlog.trust_file", "line " + std::to_string(line_) + ": " + why);
    }

    Result<void> take(const std::vector<std::string>& words) {
        const std::string& first = words.front();
        if (first == "log" && (words.size() == 2 || words.size() == 3))
            return take_log(words[1]);
        if (first == "witness" && (words.size() == 3 || words.size() == 4))
            return take_witness(words);
        if (first == "group" && words.size() >= 4)
            return take_group(words);
        if (first == "quorum" && words.size() == 2)
            return take_quorum(words[1]);
        return bad("not a log, witness, group or quorum line");
    }

    // One key in two places would count twice. A key may serve as log and as witness.
    Result<Verifier> key(std::string_view vkey, bool of_log, std::set<Bytes>& seen) const {
        auto read = Verifier::parse(vkey);
        const bool fits = read && (read->type() == KeyType::cosigner_ml_dsa_44 ||
                                   (read->type() == KeyType::ed25519) == of_log);
        if (!fits)
            return bad(of_log ? "not the vkey of a log" : "not the vkey of a cosigner");
        if (seen.size() == kMaxOfAKind || !seen.insert(to_bytes(read->public_bytes())).second)
            return bad("a key that stands here twice, or one too many");
        return std::move(*read);
    }

    Result<void> take_log(std::string_view vkey) {
        TRY_ASSIGN(auto read, key(vkey, true, log_keys_));
        file_.logs_.push_back(std::move(read));
        return {};
    }

    Result<void> take_witness(const std::vector<std::string>& words) {
        TRY(new_name(words[1]));
        TRY_ASSIGN(auto read, key(words[2], false, witness_keys_));
        file_.witnesses_.push_back({words[1], std::move(read), words.size() == 4 ? words[3] : ""});
        return {};
    }

    Result<void> take_group(const std::vector<std::string>& words) {
        if (file_.groups_.size() == kMaxOfAKind)
            return bad("too many groups");
        TrustFile::Group group{words[1], 0, {words.begin() + 3, words.end()}};
        for (const std::string& member : group.members)
            if (!names_.contains(member) || !used_.insert(member).second)
                return bad("a member that is not defined before, or is in a group already");
        const std::size_t count = group.members.size();
        const auto number = parse_decimal(words[2]);
        group.wanted = words[2] == "all" ? count : words[2] == "any" ? 1 : number.value_or(0);
        if (group.wanted == 0 || group.wanted > count)
            return bad("a threshold that the members cannot reach");
        TRY(new_name(group.name));
        file_.groups_.push_back(std::move(group));
        return {};
    }

    Result<void> take_quorum(const std::string& name) {
        if (!file_.quorum_.empty())
            return bad("a second quorum line");
        if (name != "none" && !names_.contains(name))
            return bad("a quorum of nobody");
        file_.quorum_ = name;
        return {};
    }

    Result<void> new_name(const std::string& name) {
        if (name == "none" || !names_.insert(name).second)
            return bad("a name that is taken");
        return {};
    }

    TrustFile file_;
    std::size_t line_ = 0;
    std::set<std::string> names_;
    std::set<std::string> used_; // as members
    std::set<Bytes> log_keys_;
    std::set<Bytes> witness_keys_;
};

Result<TrustFile> TrustFile::parse(ByteView bytes) {
    if (bytes.size() > kMaxFile || !is_trust_text(text_view(bytes)))
        return fail(Code::invalid, "tlog.trust_file", "too long, or a control character");
    return TrustFileReader().read(text_view(bytes));
}

std::vector<Verifier> TrustFile::witness_keys() const {
    std::vector<Verifier> keys;
    for (const Witness& witness : witnesses_)
        keys.push_back(witness.key);
    return keys;
}

Result<bool> TrustFile::satisfied(const Checkpoint& checkpoint,
                                  std::span<const NoteSignature> signatures) const {
    std::set<std::string> present{"none"};
    for (const Witness& witness : witnesses_) {
        TRY_ASSIGN(const auto found, cosigners(checkpoint, signatures, std::span(&witness.key, 1)));
        if (!found.empty())
            present.insert(witness.name);
    }
    for (const Group& group : groups_) {
        const auto count = std::ranges::count_if(
            group.members, [&](const std::string& member) { return present.contains(member); });
        if (static_cast<std::size_t>(count) >= group.wanted)
            present.insert(group.name);
    }
    return present.contains(quorum_);
}

std::string TrustFile::quorum() const {
    return quorum_;
}

Result<std::vector<LogKeys>> TrustFile::log_keys() const {
    std::vector<LogKeys> out;
    for (const Verifier& ed25519 : logs_) {
        if (ed25519.type() != KeyType::ed25519)
            continue;
        const auto second = std::ranges::find_if(logs_, [&](const Verifier& key) {
            return key.type() == KeyType::cosigner_ml_dsa_44 && key.name() == ed25519.name();
        });
        if (second == logs_.end())
            return fail(Code::invalid, "tlog.trust_file", ed25519.name() + " has no ML-DSA-44 key");
        TRY_ASSIGN(auto keys, LogKeys::make(ed25519, *second));
        out.push_back(std::move(keys));
    }
    if (out.size() * 2 != logs_.size())
        return fail(Code::invalid, "tlog.trust_file",
                    "a log has one Ed25519 and one ML-DSA-44 key");
    return out;
}

} // namespace valise::tlog
