// SPDX-License-Identifier: Apache-2.0
#include "logbook/receipt.h"

#include "base/codec/json.h"
#include "base/text.h"
#include "logbook/internal/fields.h"
#include "logbook/number.h"

#include <algorithm>

namespace valise::logbook {
namespace {

std::unexpected<Error> bad(const char* context) {
    return fail(Code::invalid, "logbook.receipt", context);
}

Result<void> check(const ReceiptFields& fields) {
    if (fields.dispatch.empty())
        return bad("dispatch: missing");
    // Custody is taken without a look inside: of a package the discrepancy is that of its seals.
    // And a person's finding is not about custody.
    if (fields.finding ==
        (fields.type == ReceiptType::custody ? ReceiptFinding::in_order : ReceiptFinding::whole))
        return bad("finding: not one of this type of receipt");
    if (!is_party_code(fields.party))
        return bad("party: expected the code of a party");
    if (internal::fault_of(internal::FieldType::time, fields.at.text(), 0))
        return bad("at: outside the years 1970 to 9999");
    const auto number = RegisterNumber::parse(fields.number);
    if (!number || number->party != fields.party)
        return bad("number: expected a register number of the receiving party");
    return {};
}

Bytes encode(const ReceiptFields& fields) {
    const Json out = {{"at", fields.at.text()},
                      {"dispatch", fields.dispatch.text()},
                      {"finding", std::string(to_string(fields.finding))},
                      {"number", fields.number},
                      {"party", fields.party},
                      {"payload_root", to_base64(fields.payload_root)},
                      {"statement", to_base64(fields.statement)},
                      {"type", std::string(to_string(fields.type))},
                      {"v", 1}};
    return to_bytes(canonical_json(out));
}

Result<ReceiptType> parse_type(std::string_view text) {
    for (const auto type : {ReceiptType::custody, ReceiptType::contents})
        if (to_string(type) == text)
            return type;
    return bad("type: expected custody-receipt or contents-receipt");
}

} // namespace

std::string_view to_string(ReceiptType type) {
    return type == ReceiptType::custody ? "custody-receipt" : "contents-receipt";
}

std::string_view to_string(ReceiptFinding finding) {
    switch (finding) {
    case ReceiptFinding::whole:
        return "whole";
    case ReceiptFinding::in_order:
        return "in-order";
    case ReceiptFinding::discrepancy:
        return "discrepancy";
    }
    return "?";
}

Result<ReceiptFinding> parse_receipt_finding(std::string_view text) {
    for (const auto finding :
         {ReceiptFinding::whole, ReceiptFinding::in_order, ReceiptFinding::discrepancy})
        if (to_string(finding) == text)
            return finding;
    return bad("finding: expected whole, in-order or discrepancy");
}

Result<Receipt> Receipt::make(ReceiptFields fields) {
    TRY(check(fields));
    Receipt out;
    out.bytes_ = encode(fields);
    out.fields_ = std::move(fields);
    return out;
}

Result<Receipt> Receipt::parse(ByteView canonical) {
    TRY_ASSIGN(const Json whole,
               parse_canonical_json(canonical, {.bytes = kMaxBytes, .depth = 1, .values = 16}));
    TRY_ASSIGN(ObjectReader reader, ObjectReader::over(whole, "receipt"));
    TRY(reader.integer("v", 1, 1));
    ReceiptFields fields;
    TRY_ASSIGN(const std::string at, reader.text("at", 32));
    TRY_ASSIGN(fields.at, Time::parse(at));
    TRY_ASSIGN(const std::string dispatch, reader.text("dispatch", 64));
    TRY_ASSIGN(fields.dispatch, DispatchId::parse(dispatch));
    TRY_ASSIGN(const std::string finding, reader.text("finding", 16));
    TRY_ASSIGN(fields.finding, parse_receipt_finding(finding));
    TRY_ASSIGN(fields.number, reader.text("number", 32));
    TRY_ASSIGN(fields.party, reader.text("party", kMaxPartyCode));
    TRY_ASSIGN(fields.payload_root, reader.hash("payload_root"));
    TRY_ASSIGN(fields.statement, reader.hash("statement"));
    TRY_ASSIGN(const std::string type, reader.text("type", 32));
    TRY_ASSIGN(fields.type, parse_type(type));
    TRY(reader.done());
    TRY_ASSIGN(Receipt out, make(std::move(fields)));
    if (!std::equal(out.bytes_.begin(), out.bytes_.end(), canonical.begin(), canonical.end()))
        return bad("a member has a second way of writing");
    return out;
}

} // namespace valise::logbook
