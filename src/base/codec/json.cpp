// SPDX-License-Identifier: Apache-2.0
#include "base/codec/json.h"

#include "base/codec/json_text.h"
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace valise {
namespace {

constexpr std::int64_t kMaxInteger = (std::int64_t{1} << 53) - 1; // RFC 8785 3.2.2.3, I-JSON

// Builds the value while it enforces what nlohmann's own parser lets through: duplicate members,
// depth, count and number range.
class StrictSax : public nlohmann::json_sax<Json> {
public:
    StrictSax(const JsonLimits& limits) : limits_(limits) {}

    bool null() override { return add(Json()); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(std::int64_t value) override {
        return value < -kMaxInteger ? stop("base.json", "integer out of range") : add(value);
    }
    bool number_unsigned(std::uint64_t value) override {
        return value > static_cast<std::uint64_t>(kMaxInteger)
                   ? stop("base.json", "integer out of range")
                   : add(static_cast<std::int64_t>(value));
    }
    bool number_float(double, const std::string&) override {
        return stop("base.json", "only integers are admitted");
    }
    bool string(std::string& value) override { return add(std::move(value)); }
    bool binary(Json::binary_t&) override { return stop("base.json", "binary value"); }
    bool start_object(std::size_t) override { return open(Json::object()); }
    bool key(std::string& name) override {
        if (stack_.back()->contains(name))
            return stop("base.json", "duplicate member '" + printable(name, 60) + "'");
        key_ = std::move(name);
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception&) override {
        return stop("base.json", fmt::format("malformed at byte {}", position));
    }

    Json root;
    std::optional<Error> error;

private:
    bool stop(const char* reason, std::string context) {
        if (!error)
            error = Error(Code::invalid, reason, std::move(context));
        return false;
    }
    Json* place(Json&& value) {
        if (stack_.empty()) {
            root = std::move(value);
            return &root;
        }
        Json& parent = *stack_.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        return &(parent[key_] = std::move(value));
    }
    bool add(Json&& value) {
        if (++count_ > limits_.values)
            return stop("base.json_limit", "too many values");
        place(std::move(value));
        return true;
    }
    bool open(Json&& container) {
        if (++count_ > limits_.values)
            return stop("base.json_limit", "too many values");
        if (stack_.size() >= limits_.depth)
            return stop("base.json_limit", "nested too deep");
        stack_.push_back(place(std::move(container)));
        return true;
    }
    bool close() {
        stack_.pop_back();
        return true;
    }

    const JsonLimits& limits_;
    std::vector<Json*> stack_; // a child is finished before its parent grows: pointers stay valid
    std::string key_;
    std::size_t count_ = 0;
};

// How many of eight characters stand before the first that needs an escape. A borrow can only mark
// what stands behind a marked one, so the first mark is right.
std::size_t before_escape(const char* eight) {
    static_assert(std::endian::native == std::endian::little);
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kTops = kOnes * 0x80;
    std::uint64_t word = 0;
    std::memcpy(&word, eight, sizeof(word));
    const auto holds = [&](Byte value) {
        const std::uint64_t zero = word ^ (kOnes * value);
        return (zero - kOnes) & ~zero & kTops;
    };
    const std::uint64_t marks = holds('"') | holds('\\') | ((word - kOnes * 0x20) & ~word & kTops);
    return static_cast<std::size_t>(std::countr_zero(marks)) / 8; // none: 64 bits, 8 characters
}

void write_string(std::string& out, std::string_view text) {
    out.push_back('"');
    std::size_t written = 0; // what needs no escape goes out in runs
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (std::size_t clean = 8; clean == 8 && i + 8 <= text.size(); i += clean)
            clean = before_escape(text.data() + i);
        if (i == text.size())
            break;
        const char c = text[i];
        if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\')
            continue;
        out.append(text.substr(written, i - written));
        written = i + 1;
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        }
    }
    out.append(text.substr(written));
    out.push_back('"');
}

// RFC 8785 3.2.3 sorts by UTF-16 code units. UTF-8 bytes sort the same way except that characters
// beyond the BMP (lead byte 0xf0 and up) come before U+E000..U+FFFF (lead bytes 0xee, 0xef).
bool utf16_less(const std::string& a, const std::string& b) {
    const auto key = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0xf0 ? 0xedU * 256 + byte : byte * 256U;
    };
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [&](char x, char y) { return key(x) < key(y); });
}

void write(std::string& out, const Json& value) {
    if (value.is_object()) {
        std::vector<const std::string*> names;
        names.reserve(value.size());
        for (const auto& [name, member] : value.items())
            names.push_back(&name);
        std::sort(names.begin(), names.end(),
                  [](const auto* a, const auto* b) { return utf16_less(*a, *b); });
        out.push_back('{');
        bool first = true;
        for (const std::string* name : names) {
            if (!std::exchange(first, false))
                out.push_back(',');
            write_string(out, *name);
            out.push_back(':');
            write(out, value.at(*name));
        }
        out.push_back('}');
    } else if (value.is_array()) {
        out.push_back('[');
        bool first = true;
        for (const Json& element : value) {
            if (!std::exchange(first, false))
                out.push_back(',');
            write(out, element);
        }
        out.push_back(']');
    } else if (value.is_string()) {
        write_string(out, value.get_ref<const std::string&>());
    } else if (value.is_boolean()) {
        out += value.get<bool>() ? "true" : "false";
    } else if (value.is_number_integer()) {
        out += std::to_string(value.get<std::int64_t>());
    } else {
        out += "null";
    }
}

} // namespace

Result<Json> parse_json(ByteView text, const JsonLimits& limits) {
    if (text.size() > limits.bytes)
        return fail(Code::limit, "base.json_limit",
                    fmt::format("{} bytes, the limit is {}", text.size(), limits.bytes));
    if (!is_utf8(text_view(text)))
        return fail(Code::invalid, "base.json", "not UTF-8");
    StrictSax sax(limits);
    const bool ok = Json::sax_parse(text.begin(), text.end(), &sax);
    if (sax.error)
        return fail(std::move(*sax.error));
    if (!ok)
        return fail(Code::invalid, "base.json", "malformed");
    return std::move(sax.root);
}

void append_json_string(std::string& out, std::string_view text) {
    write_string(out, text);
}

std::string canonical_json(const Json& value) {
    std::string out;
    write(out, value);
    return out;
}

Result<Json> parse_canonical_json(ByteView text, const JsonLimits& limits) {
    TRY_ASSIGN(Json value, parse_json(text, limits));
    if (canonical_json(value) != text_view(text))
        return fail(Code::invalid, "base.json_canonical", "not in canonical form (RFC 8785)");
    return value;
}

Result<ObjectReader> ObjectReader::over(const Json& value, std::string where) {
    if (!value.is_object())
        return fail(Code::invalid, "base.member", where + ": expected an object");
    return ObjectReader(value, std::move(where));
}

Error ObjectReader::wrong(const char* name, std::string_view what) const {
    return Error(Code::invalid, "base.member", fmt::format("{}.{}: {}", where_, name, what));
}

const Json* ObjectReader::optional_member(const char* name) {
    seen_.emplace_back(name);
    const auto found = value_->find(name);
    return found == value_->end() ? nullptr : &*found;
}

Result<const Json*> ObjectReader::member(const char* name) {
    const Json* found = optional_member(name);
    if (found == nullptr)
        return fail(wrong(name, "missing"));
    return found;
}

Result<std::string> ObjectReader::text(const char* name, std::size_t max) {
    TRY_ASSIGN(const Json* found, member(name));
    if (!found->is_string())
        return fail(wrong(name, "expected a text"));
    const auto& value = found->get_ref<const std::string&>();
    if (value.size() > max)
        return fail(wrong(name, fmt::format("longer than {} bytes", max)));
    return value;
}

Result<std::optional<std::string>> ObjectReader::optional_text(const char* name, std::size_t max) {
    if (!value_->contains(name)) {
        seen_.emplace_back(name);
        return std::optional<std::string>();
    }
    TRY_ASSIGN(std::string value, text(name, max));
    return std::optional<std::string>(std::move(value));
}

Result<std::int64_t> ObjectReader::integer(const char* name, std::int64_t min, std::int64_t max) {
    TRY_ASSIGN(const Json* found, member(name));
    if (!found->is_number_integer())
        return fail(wrong(name, "expected an integer"));
    const auto value = found->get<std::int64_t>();
    if (value < min || value > max)
        return fail(wrong(name, fmt::format("outside {}..{}", min, max)));
    return value;
}

Result<bool> ObjectReader::boolean(const char* name) {
    TRY_ASSIGN(const Json* found, member(name));
    if (!found->is_boolean())
        return fail(wrong(name, "expected true or false"));
    return found->get<bool>();
}

Result<Bytes> ObjectReader::base64(const char* name, std::size_t max) {
    TRY_ASSIGN(const std::string value, text(name, (max + 2) / 3 * 4));
    auto bytes = from_base64(value);
    if (!bytes)
        return fail(wrong(name, "not canonical base64"));
    return bytes;
}

Result<Hash32> ObjectReader::hash(const char* name) {
    TRY_ASSIGN(const Bytes bytes, base64(name, 33));
    auto out = fixed<32>(bytes, "base.member");
    if (!out)
        return fail(wrong(name, "expected 32 bytes"));
    return out;
}

Result<std::vector<std::string>> ObjectReader::texts(const char* name, std::size_t max_count) {
    TRY_ASSIGN(const Json* found, member(name));
    if (!found->is_array() || found->size() > max_count)
        return fail(wrong(name, "expected a list of texts"));
    std::vector<std::string> out;
    for (const Json& element : *found) {
        if (!element.is_string())
            return fail(wrong(name, "expected a list of texts"));
        out.push_back(element.get<std::string>());
    }
    return out;
}

Result<void> ObjectReader::done() const {
    for (const auto& [name, member] : value_->items())
        if (std::find(seen_.begin(), seen_.end(), name) == seen_.end())
            return fail(Code::invalid, "base.member",
                        fmt::format("{}: unknown member '{}'{}", where_, printable(name, 60),
                                    suggestion(name, seen_)));
    return {};
}

} // namespace valise
