// SPDX-License-Identifier: Apache-2.0
#include "verifying/keys.h"

#include "base/codec/json.h"

#include <algorithm>

namespace valise::verifying {
namespace {

constexpr const char* kReason = "verify.identity";

Checked<void> check_confirmation(const EvidenceFile& file, const agreement::Terms& terms,
                                 Identity& out) {
    const std::string place = "confirmation";
    TRY_ASSIGN(auto read, at(place, agreement::Confirmation::parse(file.confirmation)));
    // Which of the terms that were in force it names, the act of the pairing says (check_pairing).
    const auto expected =
        agreement::Confirmation::of(terms.id(), read.terms, {out.own.list.party, out.own.list.root},
                                    {out.peer->list.party, out.peer->list.root});
    TRY(holds(expected.bytes() == file.confirmation, place, kReason,
              "it names another agreement, other parties or root keys than this file"));
    for (const PartyKeys* party : {&out.own, &*out.peer}) {
        const std::string& code = party->list.party;
        const auto held = file.confirmation_signatures.find(code);
        TRY(holds(held != file.confirmation_signatures.end(), "confirmation signatures", kReason,
                  "one of the two parties is not named"));
        if (held->second.empty())
            continue;
        TRY_ASSIGN(const auto root, at(place, audit::hybrid_key(party->list.root)));
        TRY(at(
            "confirmation signature of " + code,
            root.verify(agreement::Confirmation::signed_bytes(file.confirmation), held->second)));
        out.confirmed_by.push_back(code);
    }
    TRY(holds(file.confirmation_signatures.size() == 2, "confirmation signatures", kReason,
              "somebody else is named"));
    const std::string fingerprint = read.fingerprint();
    const auto gap = std::min(fingerprint.find(' '), fingerprint.size());
    out.fingerprint_words = fingerprint.substr(0, gap);
    out.fingerprint_digits = fingerprint.substr(std::min(gap + 1, fingerprint.size()));
    out.confirmation = std::move(read);
    return {};
}

std::string only(std::string_view text, bool (*wanted)(char)) {
    std::string out;
    std::ranges::copy_if(text, std::back_inserter(out), wanted);
    return out;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}

// Either form as somebody types it: upper case, other gaps, both forms in a row.
bool same_fingerprint(std::string given, const Identity& identity) {
    std::ranges::transform(given, given.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const bool clean = std::ranges::all_of(given, [](char c) {
        return is_digit(c) || is_letter(c) || c == '-' || c == ' ' || c == '\n' || c == '\t';
    });
    const std::string words = only(given, is_letter);
    const std::string digits = only(given, is_digit);
    return clean && !(words.empty() && digits.empty()) &&
           (words.empty() || words == only(identity.fingerprint_words, is_letter)) &&
           (digits.empty() || digits == only(identity.fingerprint_digits, is_digit));
}

Checked<void> compare(const Expected& expected, Identity& out) {
    if (!expected.fingerprint.empty()) {
        TRY(holds(out.confirmation.has_value(), "fingerprint", kReason,
                  "one was given, and this registry is not paired"));
        TRY(holds(same_fingerprint(expected.fingerprint, out), "fingerprint", kReason,
                  "another one than the one given"));
        out.compared = true;
    }
    for (const auto& [party, root] : expected.roots) {
        const std::string place = "root key of " + party;
        const PartyKeys* keys = party == out.own.list.party                 ? &out.own
                                : out.peer && party == out.peer->list.party ? &*out.peer
                                                                            : nullptr;
        TRY(holds(keys != nullptr, place, kReason, "no such party in this file"));
        TRY(holds(keys->list.root == root, place, kReason, "another one than the one given"));
        out.compared = true;
    }
    return {};
}

Result<Bytes> base64_member(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_string())
        return fail(Code::invalid, "base.member", std::string(name) + ": missing");
    return from_base64(found->get_ref<const std::string&>());
}

} // namespace

Checked<PartyKeys> invited_keys(ByteView invitation, const Expected& expected, bool& compared) {
    const std::string place = "the invitation";
    TRY_ASSIGN(const Json json, at(place, parse_json(invitation)));
    TRY(holds(json.is_object(), place, "verify.form", "not an invitation"));
    TRY_ASSIGN(const Bytes list, at(place, base64_member(json, "key_list")));
    TRY_ASSIGN(const Bytes signature, at(place, base64_member(json, "key_list_signature")));
    TRY_ASSIGN(auto keys, check_key_list(list, signature, place + ", key list"));
    for (const auto& [party, root] : expected.roots) {
        if (party != keys.list.party)
            continue;
        TRY(holds(keys.list.root == root, "root key of " + party, kReason,
                  "another one than the one given"));
        compared = true;
    }
    return keys;
}

Checked<Identity> check_identity(const EvidenceFile& file, const agreement::Terms& terms,
                                 const Expected& expected) {
    const agreement::Party* other = terms.other(file.party);
    TRY(holds(other != nullptr, "the file, 'party'", kReason, "no party of these terms"));
    TRY_ASSIGN(auto own, check_key_list(file.key_list, file.key_list_signature, "key list"));
    TRY(holds(own.list.party == file.party, "the file, 'party'", kReason,
              "the key list is another party's"));
    Identity out{{std::move(own), {}, {}}, {}, {}, {}, false};
    if (file.peer_key_list.empty()) {
        TRY(holds(file.peer_key_list_signature.empty(), "peer key list, signature", kReason,
                  "there is none to sign"));
        TRY(holds(file.confirmation.empty(), "confirmation", kReason, "there is no peer's list"));
        const auto& signatures = file.confirmation_signatures;
        TRY(holds(signatures.size() == 1 && signatures.begin()->first == file.party &&
                      signatures.begin()->second.empty(),
                  "confirmation signatures", kReason, "there is nothing to sign"));
    } else {
        TRY_ASSIGN(out.peer, check_key_list(file.peer_key_list, file.peer_key_list_signature,
                                            "peer key list"));
        TRY(holds(out.peer->list.party == other->code, "peer key list", kReason,
                  "not the other party's"));
        TRY(check_confirmation(file, terms, out));
    }
    TRY(compare(expected, out));
    return out;
}

} // namespace valise::verifying
