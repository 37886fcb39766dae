// SPDX-License-Identifier: Apache-2.0
#include "adapters/keysocket/internal/protocol.h"

#include "adapters/keysocket/internal/fields.h"
#include "adapters/keysocket/internal/frame.h"
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <list>

namespace valise::adapters::keysocket {
namespace {

constexpr std::int64_t kVersion = 6;
constexpr std::size_t kMaxObjects = vault::kMaxShownEvents;

// What writing needs to keep until the frame is put together.
struct Frame {
    FrameWriter writer;
    std::list<Bytes> made;
};

class Writer {
public:
    Writer(Json& object, Frame& frame) : object_(object), frame_(frame) {
        object_ = Json::object();
    }

    void bytes(const char* name, const Bytes& value) { part(name, value); }
    void text(const char* name, const std::string& value) { part(name, view(value)); }
    void secret(const char* name, const SecretBytes& value) {
        part(name, value.read(SecretAccess::because("to our own daemon")));
    }
    void hash(const char* name, const Hash32& value) { part(name, value); }
    void hash_or_none(const char* name, const std::optional<Hash32>& value) {
        part(name, value ? ByteView(*value) : ByteView());
    }
    void hashes(const char* name, const std::vector<Hash32>& values) {
        Bytes& flat = frame_.made.emplace_back();
        for (const Hash32& value : values)
            append(flat, value);
        part(name, flat);
    }
    void number(const char* name, std::uint64_t value) {
        if (value > static_cast<std::uint64_t>(kMaxNumber))
            frame_.writer.refuse("a number over 53 bits");
        else
            object_[name] = static_cast<std::int64_t>(value);
    }
    void log(const char* name, vault::LogId value) { object_[name] = static_cast<int>(value); }
    // As text, so that one value has one form.
    void time_or_none(const char* name, const std::optional<Time>& value) {
        part(name, frame_.made.emplace_back(to_bytes(value ? value->text() : "")));
    }
    void status(const char* name, unsigned value) { number(name, value); }
    void boolean(const char* name, bool value) { object_[name] = value; }
    template<class T> void objects(const char* name, const std::vector<T>& values) {
        if (values.size() > kMaxObjects)
            return frame_.writer.refuse("too many records");
        Json list = Json::array();
        for (const T& value : values) {
            Json one;
            Writer inner(one, frame_);
            fields(inner, value);
            list.push_back(std::move(one));
        }
        object_[name] = std::move(list);
    }

private:
    void part(const char* name, ByteView value) { object_[name] = frame_.writer.add(value); }

    Json& object_;
    Frame& frame_;
};

// Keeps the first error; everything after it does nothing.
class Reader {
public:
    Reader(const Json& object, FrameReader& frame, std::optional<Error>& error)
        : frame_(frame), error_(error) {
        auto over = ObjectReader::over(object, "frame");
        if (over)
            object_.emplace(std::move(*over));
        else
            note(over.error());
    }

    void bytes(const char* name, Bytes& value) { value = to_bytes(part(name)); }
    void text(const char* name, std::string& value) {
        value = to_text(part(name));
        if (!is_utf8(value))
            wrong("a text that is not UTF-8");
    }
    void secret(const char* name, SecretBytes& value) { value = SecretBytes::copy(part(name)); }
    void hash(const char* name, Hash32& value) {
        const ByteView given = part(name);
        if (given.size() == value.size())
            std::ranges::copy(given, value.begin());
        else
            wrong("a hash has 32 bytes");
    }
    void hash_or_none(const char* name, std::optional<Hash32>& value) {
        const ByteView given = part(name);
        if (given.size() == 32)
            std::ranges::copy(given, value.emplace().begin());
        else if (!given.empty())
            wrong("a hash has 32 bytes");
    }
    void time_or_none(const char* name, std::optional<Time>& value) {
        const std::string given = to_text(part(name));
        if (given.empty())
            return;
        const auto time = Time::parse(given);
        if (!time || time->text() != given)
            return wrong("a time in full");
        value = *time;
    }
    void hashes(const char* name, std::vector<Hash32>& values) {
        ByteView given = part(name);
        if (given.size() % 32 != 0)
            return wrong("a hash has 32 bytes");
        for (; !given.empty(); given = given.subspan(32))
            std::ranges::copy(given.first(32), values.emplace_back().begin());
    }
    void number(const char* name, std::uint64_t& value) {
        value = static_cast<std::uint64_t>(integer(name, 0, kMaxNumber));
    }
    void log(const char* name, vault::LogId& value) {
        value = static_cast<vault::LogId>(integer(name, 0, 1));
    }
    void status(const char* name, unsigned& value) {
        value = static_cast<unsigned>(integer(name, 0, 999));
    }
    void boolean(const char* name, bool& value) {
        if (!error_)
            value = settle(object_->boolean(name));
    }
    template<class T> void objects(const char* name, std::vector<T>& values) {
        const Json* list = member(name);
        if (list == nullptr)
            return;
        if (!list->is_array() || list->size() > kMaxObjects)
            return wrong("a list of records");
        for (const Json& one : *list)
            read(one, values.emplace_back());
    }
    void done() {
        if (error_)
            return;
        const auto end = object_->done();
        if (!end)
            note(end.error());
    }

private:
    template<class T> void read(const Json& object, T& value) {
        Reader inner(object, frame_, error_);
        fields(inner, value);
        inner.done();
    }
    const Json* member(const char* name) {
        return error_ ? nullptr : settle(object_->member(name));
    }
    std::int64_t integer(const char* name, std::int64_t min, std::int64_t max) {
        return error_ ? 0 : settle(object_->integer(name, min, max));
    }
    ByteView part(const char* name) {
        const std::int64_t index = integer(name, 0, kMaxNumber);
        return error_ ? ByteView() : settle(frame_.take(index));
    }
    template<class T> T settle(Result<T> result) {
        if (result)
            return std::move(*result);
        note(result.error());
        return T{};
    }
    void wrong(const char* what) { note(Error(Code::invalid, "adapters.keys_frame", what)); }
    void note(const Error& error) {
        if (!error_)
            error_ = Error(Code::invalid, "adapters.keys_frame", error.context());
    }

    std::optional<ObjectReader> object_;
    FrameReader& frame_;
    std::optional<Error>& error_;
};

constexpr Code kCodes[] = {Code::invalid,   Code::refused, Code::not_found,   Code::conflict,
                           Code::integrity, Code::limit,   Code::unavailable, Code::internal};

constexpr std::size_t kMaxErrorText = 1 << 14;

// Whatever the service put into it, an error can be carried.
std::string carried(const std::string& text) {
    return text.size() <= kMaxErrorText && is_utf8(text) ? text : printable(text, 1000);
}

Json error_fields(const Error& error) {
    return {{"code", std::string(to_string(error.code()))},
            {"context", carried(error.context())},
            {"reason", carried(error.reason())}};
}

Result<Error> read_error(const Json& object) {
    TRY_ASSIGN(auto reader, ObjectReader::over(object, "error"));
    TRY_ASSIGN(const std::string code, reader.text("code", 32));
    TRY_ASSIGN(std::string context, reader.text("context", kMaxErrorText));
    TRY_ASSIGN(std::string reason, reader.text("reason", kMaxErrorText));
    TRY(reader.done());
    const auto found =
        std::ranges::find_if(kCodes, [&](Code one) { return to_string(one) == code; });
    if (found == std::end(kCodes))
        return bad_frame("unknown error code");
    return Error(*found, std::move(reason), std::move(context));
}

template<class Variant> Result<SecretBytes> write(const Variant& message) {
    Frame frame;
    Json header = {{"v", kVersion}};
    const auto put = [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        header["op"] = kName<T>;
        if constexpr (std::is_same_v<T, Error>) {
            header["body"] = error_fields(value);
        } else {
            Writer writer(header["body"], frame);
            fields(writer, value);
        }
    };
    std::visit(put, message);
    return frame.writer.bytes(std::move(header));
}

template<class T> Result<T> read_body(const Json& body, FrameReader& frame) {
    if constexpr (std::is_same_v<T, Error>) {
        return read_error(body);
    } else {
        T value{};
        std::optional<Error> error;
        Reader reader(body, frame, error);
        fields(reader, value);
        reader.done();
        if (error)
            return fail(std::move(*error));
        return value;
    }
}

// Tries the alternatives by name.
template<class Variant, std::size_t I = 0>
Result<Variant> read_named(const std::string& name, const Json& body, FrameReader& frame) {
    if constexpr (I == std::variant_size_v<Variant>) {
        return bad_frame("unknown message");
    } else {
        using T = std::variant_alternative_t<I, Variant>;
        if (name != kName<T>)
            return read_named<Variant, I + 1>(name, body, frame);
        TRY_ASSIGN(T value, read_body<T>(body, frame));
        TRY(frame.done());
        return Variant(std::in_place_type<T>, std::move(value));
    }
}

template<class Variant> Result<Variant> read(ByteView payload) {
    if (payload.size() > kMaxFrame)
        return bad_frame("too long");
    TRY_ASSIGN(FrameReader frame, FrameReader::over(payload));
    const Json header = frame.header();
    const auto parse = [&]() -> Result<Variant> {
        TRY_ASSIGN(auto reader, ObjectReader::over(header, "frame"));
        TRY_ASSIGN([[maybe_unused]] const auto version, reader.integer("v", kVersion, kVersion));
        TRY_ASSIGN(const std::string name, reader.text("op", 64));
        TRY_ASSIGN(const Json* body, reader.member("body"));
        TRY(reader.done());
        return read_named<Variant>(name, *body, frame);
    };
    auto parsed = parse();
    if (!parsed)
        return bad_frame(parsed.error().context());
    return parsed;
}

} // namespace

Result<SecretBytes> write_request(const Request& request) {
    return write(request);
}

Result<SecretBytes> write_reply(const Reply& reply) {
    return write(reply);
}

Result<Request> read_request(ByteView payload) {
    return read<Request>(payload);
}

Result<Reply> read_reply(ByteView payload) {
    return read<Reply>(payload);
}

} // namespace valise::adapters::keysocket
