// SPDX-License-Identifier: Apache-2.0
#include "logbook/control.h"

#include "crypto/mac.h"
#include "logbook/state.h"

#include <fmt/format.h>

#include <charconv>

namespace valise::logbook {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMaxReaders = 16;
constexpr std::size_t kMaxCopies = 999'999;

} // namespace

bool AskedOpenings::repeated(std::uint64_t opening) const {
    return newest_.contains(opening) || (newest_.size() == kKept && opening < *newest_.begin());
}

void AskedOpenings::take(std::uint64_t opening) {
    newest_.insert(opening);
    if (newest_.size() > kKept)
        newest_.erase(newest_.begin());
}

Hash32 reader_pseudonym(const SecretBytes& transfer_secret, const PersonId& reader) {
    Bytes message = to_bytes("valise/reader/v1\0"sv);
    append(message, reader.text());
    return crypto::hmac_sha256(
        transfer_secret.read(SecretAccess::because("a reader's name towards the originator")),
        message);
}

Result<std::set<Hash32>> parse_readers(std::string_view text) {
    std::set<Hash32> out;
    std::string last;
    for (std::size_t n = 0; n < kMaxReaders; ++n) {
        const auto comma = text.find(',');
        const std::string one(text.substr(0, comma));
        TRY_ASSIGN(const Bytes bytes, from_base64(one));
        TRY_ASSIGN(const Hash32 reader, fixed<32>(bytes, "logbook.readers"));
        if (!out.empty() && reader <= *out.rbegin())
            return fail(Code::invalid, "logbook.readers", "expected pseudonyms in order");
        out.insert(reader);
        if (comma == std::string_view::npos)
            return out;
        text.remove_prefix(comma + 1);
    }
    return fail(Code::invalid, "logbook.readers", "expected at most 16 pseudonyms");
}

std::string readers_text(const std::set<Hash32>& readers) {
    std::string out;
    for (const Hash32& reader : readers)
        out += (out.empty() ? "" : ",") + to_base64(reader);
    return out;
}

std::string RecallAnswer::text() const {
    return fmt::format("{},{},{},{},{}", held, destroyed, returned, read, media);
}

Result<RecallAnswer> RecallAnswer::parse(std::string_view text) {
    RecallAnswer out;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::size_t* number : {&out.held, &out.destroyed, &out.returned, &out.read, &out.media}) {
        const auto read = std::from_chars(at, end, *number);
        if (read.ec != std::errc() || *number > kMaxCopies)
            return fail(Code::invalid, "logbook.recall_answer", "expected five numbers");
        at = read.ptr == end ? end : read.ptr + 1;
    }
    // One answer has one text: no other signs, zeros or separators.
    if (out.text() != text)
        return fail(Code::invalid, "logbook.recall_answer", "expected five numbers, with commas");
    return out;
}

RecallAnswer recall_answer(const State& state, const ItemId& id) {
    RecallAnswer out;
    std::set<PersonId> readers;
    for (const CopyHolding& copy : state.copies_of(id)) {
        readers.insert(copy.opened_by.begin(), copy.opened_by.end());
        if (copy.state == CopyState::ordered) {
            continue; // a number without a sheet
        } else if (copy.state == CopyState::destroyed) {
            ++out.destroyed;
        } else if (const auto* by = std::get_if<DispatchId>(&copy.place)) {
            const Dispatch* dispatch = state.dispatch(*by);
            if (dispatch != nullptr && dispatch->receipted != Time{})
                ++out.returned;
            else
                ++out.held; // on its way: nobody has it in hand yet
        } else {
            ++(copy.form == Form::electronic ? out.held : out.media);
        }
    }
    if (const Item* item = state.item(id))
        out.media += item->taken.size();
    out.read = readers.size();
    return out;
}

} // namespace valise::logbook
