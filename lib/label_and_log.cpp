// SPDX-License-Identifier: Apache-2.0
#include "label/json5636.h"
#include "label/label_xml.h"
#include "lib/internal/handles.h"
#include "tlog/proof_file.h"

#include <algorithm>

using namespace valise;
using library::bad_argument;
using library::give;
using library::guarded;

valise_code valise_label_read(const char* xml, size_t size, valise_bytes* summary,
                              valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (xml == nullptr)
            return bad_argument("xml is NULL");
        TRY_ASSIGN(const auto read, label::read_4774(view(std::string_view(xml, size))));
        Json categories = Json::array();
        for (const label::Category& one : read.label.categories)
            categories.push_back(
                {{"tag", one.tag}, {"type", label::to_string(one.type)}, {"values", one.values}});
        Json findings = Json::array();
        for (const label::Finding& one : read.findings)
            findings.push_back(one.reason);
        Json out = {{"policy", read.label.policy_id},
                    {"classification", read.label.classification},
                    {"categories", std::move(categories)},
                    {"created", read.label.created.text()},
                    {"releasable_to", label::releasable_to(read.label)},
                    {"findings", std::move(findings)}};
        if (read.label.review)
            out["review"] = read.label.review->text();
        return give(out, summary);
    });
}

valise_code valise_label_5636(const char* xml, size_t size, valise_bytes* json,
                              valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (xml == nullptr || json == nullptr)
            return bad_argument("xml or json is NULL");
        TRY_ASSIGN(const auto read, label::read_4774(view(std::string_view(xml, size))));
        TRY_ASSIGN(const std::string text, label::write_5636(read.label));
        return give(view(text), json);
    });
}

valise_code valise_log_verify(const char* proof, size_t size, const char* origin,
                              const unsigned char ed25519[32], const unsigned char ml_dsa_44[1312],
                              const unsigned char leaf_hash[32], valise_bytes* summary,
                              valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (proof == nullptr || origin == nullptr || ed25519 == nullptr || ml_dsa_44 == nullptr ||
            leaf_hash == nullptr)
            return bad_argument("an argument is NULL");
        TRY_ASSIGN(const auto log,
                   tlog::LogKeys::make(origin, ByteView(ed25519, 32), ByteView(ml_dsa_44, 1312)));
        TRY_ASSIGN(const auto read, tlog::ProofFile::parse(view(std::string_view(proof, size))));
        Hash32 leaf{};
        std::copy_n(leaf_hash, leaf.size(), leaf.begin());
        TRY_ASSIGN(const auto checkpoint, read.verify(leaf, log));
        return give(Json{{"origin", checkpoint.origin},
                         {"size", checkpoint.size},
                         {"index", read.index()},
                         {"root", to_hex(checkpoint.root)}},
                    summary);
    });
}
