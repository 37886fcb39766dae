// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/internal/tokens.h"

#include <vector>

namespace valise::desk {

// What came of one key access object.
enum class Fate { permit, forbidden, bad_request, unavailable };

struct KeyResult {
    std::string id; // as the request names it
    Fate fate = Fate::bad_request;
    Bytes wrapped;
};
struct PolicyResult {
    std::string id;
    std::vector<KeyResult> results;
};
struct RewrapAnswer {
    std::vector<PolicyResult> policies;
    std::string session_key; // PEM; clients with a key of a curve
    bool single = false;     // asked in the form of before there were several
};

// The texts by which clients in the field tell one failure from another; nothing more precise may
// ever stand here. //= facts/tdf.md 2.4
std::string_view error_text(Fate fate);

// The rewrap: the signed request is checked, then each key access object is asked of the registry.
// Thread-safe.
class Rewrap {
public:
    Rewrap(registry::Registry& registry, const OpenTdfSetup& setup);

    // Errors: refused desk.token (the signed request), invalid desk.rewrap (its body).
    Result<RewrapAnswer> answer(const Caller& caller, const std::string& signed_request);

private:
    struct Asked {
        std::string id;
        std::string url;
        std::string kid;
        vault::ShareRequest share;
        bool same_share(const Asked& other) const {
            return url == other.url && kid == other.kid && share.policy == other.share.policy &&
                   share.wrapped_key == other.share.wrapped_key &&
                   share.ephemeral_key == other.share.ephemeral_key &&
                   share.binding == other.share.binding;
        }
    };
    struct Question {
        Bytes session_key; // SubjectPublicKeyInfo
        bool curve = false;
        bool single = false;
        std::size_t count = 0;                                            // of shares
        std::vector<std::pair<std::string, std::vector<Asked>>> policies; // by the request's names
    };
    static Result<Question> read(const Json& body);
    static Result<void> read_single(const Json& body, Question& out);
    static Result<void> read_request(const Json& request, Question& out);
    static Result<Asked> asked_of(const Json& object, std::string id, const std::string& policy);
    Result<Json> body_of(const Caller& caller, const std::string& signed_request);
    KeyResult ask(const Caller& caller, const Bytes& session_key, const Asked& asked,
                  std::string& ephemeral) const;

    registry::Registry& registry_;
    const OpenTdfSetup& setup_;
    const std::string kid_; // of the registry's own key
    Once requests_;
};

} // namespace valise::desk
