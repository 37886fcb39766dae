// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/recon_views.h"

namespace valise::desk {
namespace {

Result<Json> view_json(const registry::ReconView& view, const std::string& party) {
    TRY_ASSIGN(const Json statement,
               parse_json(view.statement.bytes(), {.bytes = agreement::ReconStatement::kMaxBytes}));
    return Json{{"recon", to_hex(view.digest)},
                {"ours", view.ours},
                {"signed_here", view.signed_here},
                {"signed_there", view.signed_there},
                {"differs", view.differs},
                {"exceptions", static_cast<std::int64_t>(view.statement.exceptions())},
                {"statement", statement},
                {"content", signing_content(view.statement, party)}};
}

} // namespace

Json signing_content(const agreement::ReconStatement& statement, const std::string& party) {
    const bool first = statement.first.party == party;
    const auto& own = first ? statement.first : statement.second;
    const auto& theirs = first ? statement.second : statement.first;
    return {{"recon", to_base64(statement.digest())},
            {"own", std::to_string(own.to)},
            {"theirs", std::to_string(theirs.to)},
            {"text", to_base64(statement.bytes())}};
}

Result<Hash32> recon_digest(const std::string& hex) {
    const auto bytes = from_hex(hex);
    if (!bytes || bytes->size() != 32 || to_hex(*bytes) != hex)
        return fail(Code::invalid, "desk.recon", "expected the 64 digits of a statement's digest");
    return fixed<32>(*bytes, "desk.recon");
}

Result<Json> recons_json(const registry::Registry& registry) {
    TRY_ASSIGN(const auto views, registry.reconciliations());
    Json list = Json::array();
    for (const auto& view : views) {
        TRY_ASSIGN(Json one, view_json(view, registry.party()));
        list.push_back(std::move(one));
    }
    return Json{{"v", 1}, {"recons", std::move(list)}};
}

Result<Json> recon_json(const registry::Registry& registry, const std::string& hex) {
    TRY_ASSIGN(const Hash32 digest, recon_digest(hex));
    TRY_ASSIGN(const auto views, registry.reconciliations());
    for (const auto& view : views)
        if (view.digest == digest) {
            TRY_ASSIGN(Json one, view_json(view, registry.party()));
            return Json{{"v", 1}, {"recon", std::move(one)}};
        }
    return fail(Code::not_found, "registry.no_recon", hex);
}

Result<Json> proposal_json(const registry::Registry& registry) {
    TRY_ASSIGN(auto statement, registry.propose_reconciliation());
    registry::ReconView view;
    view.digest = statement.digest();
    view.statement = std::move(statement);
    view.ours = true;
    TRY_ASSIGN(Json one, view_json(view, registry.party()));
    return Json{{"v", 1}, {"recon", std::move(one)}};
}

} // namespace valise::desk
