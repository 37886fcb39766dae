// SPDX-License-Identifier: Apache-2.0
#include "agreement/recon.h"
#include "base/codec/json.h"
#include "crypto/hash.h"

#include <algorithm>

// The one text of a statement.
namespace valise::agreement {
namespace {

constexpr std::int64_t kMaxSize = std::int64_t{1} << 48;
constexpr std::array<std::string_view, kReconClasses> kWords = {
    "matched", "in_flight", "overdue", "orphan", "mismatched", "duplicate"};

std::unexpected<Error> bad(const char* text) {
    return fail(Code::invalid, "agreement.recon", text);
}

Json number(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}

Json numbers(const std::vector<std::uint64_t>& values) {
    Json out = Json::array();
    for (const std::uint64_t value : values)
        out.push_back(number(value));
    return out;
}

Json json_of(const ReconLog& log) {
    return {{"party", log.party},
            {"from", number(log.from)},
            {"to", number(log.to)},
            {"from_root", to_base64(log.from_root)},
            {"to_root", to_base64(log.to_root)}};
}

Json json_of(const LinkList& list) {
    return {{"size", number(list.size)}, {"root", to_base64(list.root)}};
}

Json json_of(const ReconWay& way) {
    Json counts = Json::object();
    for (std::size_t i = 0; i < kReconClasses; ++i)
        counts[std::string(kWords[i])] = number(way.counts[i]);
    Json exceptions = Json::array();
    for (const ReconException& one : way.exceptions)
        exceptions.push_back({{"class", std::string(to_string(one.what))},
                              {"link", to_base64(one.link)},
                              {"sent", numbers(one.sent)},
                              {"received", numbers(one.received)}});
    return {{"counts", counts},
            {"sent", json_of(way.sent)},
            {"received", json_of(way.received)},
            {"exceptions", exceptions}};
}

Result<std::uint64_t> size_of(ObjectReader& reader, const char* name) {
    TRY_ASSIGN(const std::int64_t value, reader.integer(name, 0, kMaxSize));
    return static_cast<std::uint64_t>(value);
}

Result<ReconLog> log_of(ObjectReader& whole, const char* name) {
    TRY_ASSIGN(const Json* json, whole.member(name));
    TRY_ASSIGN(auto reader, ObjectReader::over(*json, name));
    ReconLog out;
    TRY_ASSIGN(out.party, reader.text("party", 16));
    TRY_ASSIGN(out.from, size_of(reader, "from"));
    TRY_ASSIGN(out.to, size_of(reader, "to"));
    TRY_ASSIGN(out.from_root, reader.hash("from_root"));
    TRY_ASSIGN(out.to_root, reader.hash("to_root"));
    TRY(reader.done());
    if (out.from > out.to)
        return bad("an interval that ends before it begins");
    return out;
}

Result<LinkList> list_in(ObjectReader& whole, const char* name) {
    TRY_ASSIGN(const Json* json, whole.member(name));
    TRY_ASSIGN(auto reader, ObjectReader::over(*json, name));
    LinkList out;
    TRY_ASSIGN(out.size, size_of(reader, "size"));
    TRY_ASSIGN(out.root, reader.hash("root"));
    TRY(reader.done());
    return out;
}

Result<std::vector<std::uint64_t>> leaves_of(ObjectReader& whole, const char* name) {
    TRY_ASSIGN(const Json* list, whole.member(name));
    if (!list->is_array() || list->size() > kReconNamed)
        return bad("numbers of leaves");
    std::vector<std::uint64_t> out;
    for (const Json& one : *list) {
        if (!one.is_number_integer() || one.get<std::int64_t>() < 0 ||
            one.get<std::int64_t>() > kMaxSize)
            return bad("the number of a leaf");
        out.push_back(static_cast<std::uint64_t>(one.get<std::int64_t>()));
    }
    return out;
}

Result<ReconException> exception_of(const Json& json) {
    TRY_ASSIGN(auto reader, ObjectReader::over(json, "exception"));
    ReconException out;
    TRY_ASSIGN(const std::string word, reader.text("class", 16));
    const auto found = std::ranges::find(kWords, word);
    if (found == kWords.end())
        return bad("a class that is none");
    out.what = static_cast<ReconClass>(found - kWords.begin());
    TRY_ASSIGN(out.link, reader.hash("link"));
    TRY_ASSIGN(out.sent, leaves_of(reader, "sent"));
    TRY_ASSIGN(out.received, leaves_of(reader, "received"));
    TRY(reader.done());
    return out;
}

Result<ReconWay> way_of(ObjectReader& whole, const char* name) {
    TRY_ASSIGN(const Json* json, whole.member(name));
    TRY_ASSIGN(auto reader, ObjectReader::over(*json, name));
    ReconWay out;
    TRY_ASSIGN(const Json* counts, reader.member("counts"));
    TRY_ASSIGN(auto counted, ObjectReader::over(*counts, "counts"));
    for (std::size_t i = 0; i < kReconClasses; ++i) {
        TRY_ASSIGN(out.counts[i], size_of(counted, std::string(kWords[i]).c_str()));
    }
    TRY(counted.done());
    TRY_ASSIGN(out.sent, list_in(reader, "sent"));
    TRY_ASSIGN(out.received, list_in(reader, "received"));
    TRY_ASSIGN(const Json* exceptions, reader.member("exceptions"));
    if (!exceptions->is_array() || exceptions->size() > kReconExceptions)
        return bad("too many exceptions");
    for (const Json& one : *exceptions) {
        TRY_ASSIGN(auto read, exception_of(one));
        out.exceptions.push_back(std::move(read));
    }
    TRY(reader.done());
    return out;
}

} // namespace

std::string_view to_string(ReconClass what) {
    return kWords[static_cast<std::size_t>(what)];
}

Bytes ReconStatement::bytes() const {
    return to_bytes(canonical_json({{"v", 1},
                                    {"type", "valise-recon"},
                                    {"agreement", agreement},
                                    {"terms", to_base64(terms)},
                                    {"by", by},
                                    {"at", at.text()},
                                    {"due_days", due_days},
                                    {"first", json_of(first)},
                                    {"second", json_of(second)},
                                    {"there", json_of(there)},
                                    {"back", json_of(back)}}));
}

Result<ReconStatement> ReconStatement::parse(ByteView bytes) {
    TRY_ASSIGN(const Json json,
               parse_canonical_json(bytes, {.bytes = kMaxBytes, .depth = 8, .values = 60'000}));
    TRY_ASSIGN(auto reader, ObjectReader::over(json, "statement"));
    ReconStatement out;
    TRY(reader.integer("v", 1, 1));
    TRY_ASSIGN(const std::string type, reader.text("type", 16));
    TRY_ASSIGN(out.agreement, reader.text("agreement", 128));
    TRY_ASSIGN(out.terms, reader.hash("terms"));
    TRY_ASSIGN(out.by, reader.text("by", 16));
    TRY_ASSIGN(const std::string at, reader.text("at", 20));
    TRY_ASSIGN(out.at, Time::parse(at));
    TRY_ASSIGN(const std::int64_t days, reader.integer("due_days", 0, 3660));
    out.due_days = static_cast<int>(days);
    TRY_ASSIGN(out.first, log_of(reader, "first"));
    TRY_ASSIGN(out.second, log_of(reader, "second"));
    TRY_ASSIGN(out.there, way_of(reader, "there"));
    TRY_ASSIGN(out.back, way_of(reader, "back"));
    TRY(reader.done());
    const bool parties = out.first.party < out.second.party &&
                         (out.by == out.first.party || out.by == out.second.party);
    if (type != "valise-recon" || !parties || out.bytes() != to_bytes(bytes))
        return bad("not in the one form of its kind");
    return out;
}

Hash32 ReconStatement::digest() const {
    using namespace std::string_view_literals;
    return crypto::Sha256().update(view("valise/recon/v1\0"sv)).update(bytes()).finish();
}

std::uint64_t ReconStatement::exceptions() const {
    return there.exceptions.size() + back.exceptions.size();
}

} // namespace valise::agreement
