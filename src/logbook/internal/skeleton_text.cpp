// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/skeleton_text.h"

#include "base/codec/json.h"

#include <algorithm>
#include <charconv>

namespace valise::logbook::internal {
namespace {

// What JSON writes as it is.
bool plain(char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

void add_text(Bytes& out, std::string_view text) {
    if (!std::ranges::all_of(text, plain)) {
        append(out, canonical_json(Json(std::string(text))));
        return;
    }
    out.push_back('"');
    append(out, text);
    out.push_back('"');
}

void add_map(Bytes& out, const TextMap& values) {
    out.push_back('{');
    bool first = true;
    for (const auto& [name, value] : values) {
        if (!std::exchange(first, false))
            out.push_back(',');
        add_text(out, name);
        out.push_back(':');
        add_text(out, value);
    }
    out.push_back('}');
}

void add_clauses(Bytes& out, const std::vector<ConsultedClause>& clauses) {
    out.push_back('[');
    for (const ConsultedClause& clause : clauses) {
        if (&clause != &clauses.front())
            out.push_back(',');
        append(out, R"({"c":)");
        add_text(out, clause.clause);
        append(out, R"(,"f":)");
        add_text(out, to_string(clause.finding));
        out.push_back('}');
    }
    out.push_back(']');
}

void add_number(Bytes& out, std::uint64_t number) {
    append(out, std::to_string(number));
}

class Scanner {
public:
    explicit Scanner(std::string_view rest) : rest_(rest) {}

    bool at_end() const { return rest_.empty(); }
    bool skip(std::string_view expected) {
        if (!rest_.starts_with(expected))
            return false;
        rest_.remove_prefix(expected.size());
        return true;
    }
    bool text(std::string_view& out) {
        if (!skip("\""))
            return false;
        const auto end = std::ranges::find_if_not(rest_, plain);
        out = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(out.size());
        return skip("\"");
    }
    bool number(std::uint64_t& out) {
        const char* begin = rest_.data();
        const auto [end, error] = std::from_chars(begin, begin + rest_.size(), out);
        if (error != std::errc())
            return false;
        rest_.remove_prefix(static_cast<std::size_t>(end - begin));
        return true;
    }
    bool map(TextMap& out) {
        if (!skip("{"))
            return false;
        if (skip("}"))
            return true;
        do {
            std::string_view name;
            std::string_view value;
            if (!text(name) || !skip(":") || !text(value))
                return false;
            out.emplace_hint(out.end(), name, value);
        } while (skip(","));
        return skip("}");
    }
    bool clauses(std::vector<ConsultedClause>& out) {
        if (!skip("["))
            return false;
        if (skip("]"))
            return true;
        do {
            std::string_view id;
            std::string_view finding;
            if (!skip(R"({"c":)") || !text(id) || !skip(R"(,"f":)") || !text(finding) || !skip("}"))
                return false;
            const auto is = [&](ClauseFinding one) { return to_string(one) == finding; };
            const auto found = is(ClauseFinding::refuse) ? ClauseFinding::refuse
                               : is(ClauseFinding::duty) ? ClauseFinding::duty
                                                         : ClauseFinding::pass;
            out.push_back({std::string(id), found});
        } while (skip(","));
        return skip("]");
    }

private:
    std::string_view rest_;
};

bool to_hash(std::string_view text, Hash32& out) {
    const auto bytes = from_base64(text);
    if (!bytes || bytes->size() != out.size())
        return false;
    std::ranges::copy(*bytes, out.begin());
    return true;
}

} // namespace

Bytes write_skeleton(const SkeletonFields& fields) {
    Bytes out;
    out.reserve(1024);
    append(out, R"({"actor":)");
    add_text(out, fields.actor);
    append(out, R"(,"clauses":)");
    add_clauses(out, fields.clauses);
    append(out, R"(,"facts":)");
    add_map(out, fields.facts);
    append(out, R"(,"ids":)");
    add_map(out, fields.ids);
    append(out, R"(,"kind":)");
    add_text(out, to_string(fields.kind));
    append(out, R"(,"minute":)");
    add_text(out, fields.minute.text());
    if (fields.permit) {
        append(out, R"(,"permit":)");
        add_number(out, *fields.permit);
    }
    append(out, R"(,"seq":)");
    add_number(out, fields.seq);
    append(out, R"(,"stage":)");
    add_text(out, to_string(fields.stage));
    append(out, R"(,"terms":)");
    add_text(out, to_base64(fields.terms));
    append(out, R"(,"v":1})");
    return out;
}

std::optional<SkeletonFields> read_ordinary_skeleton(ByteView text) {
    Scanner in(text_view(text));
    SkeletonFields out;
    std::string_view actor, kind, minute, stage, terms;
    if (text.size() > Skeleton::kMaxBytes || !in.skip(R"({"actor":)") || !in.text(actor) ||
        !in.skip(R"(,"clauses":)") || !in.clauses(out.clauses) || !in.skip(R"(,"facts":)") ||
        !in.map(out.facts) || !in.skip(R"(,"ids":)") || !in.map(out.ids) ||
        !in.skip(R"(,"kind":)") || !in.text(kind) || !in.skip(R"(,"minute":)") || !in.text(minute))
        return std::nullopt;
    if (in.skip(R"(,"permit":)") && !in.number(out.permit.emplace()))
        return std::nullopt;
    if (!in.skip(R"(,"seq":)") || !in.number(out.seq) || !in.skip(R"(,"stage":)") ||
        !in.text(stage) || !in.skip(R"(,"terms":)") || !in.text(terms) || !in.skip(R"(,"v":1})") ||
        !in.at_end() || !to_hash(terms, out.terms))
        return std::nullopt;
    const auto known_kind = parse_act_kind(kind);
    const auto known_stage = parse_stage(stage);
    const auto time = Time::parse(minute);
    if (!known_kind || !known_stage || !time)
        return std::nullopt;
    out.actor = std::string(actor);
    out.kind = *known_kind;
    out.stage = *known_stage;
    out.minute = *time;
    return out;
}

} // namespace valise::logbook::internal
