// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/statement.h"
#include "forms/form.h"
#include "logbook/receipt.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

// For tests only: terms of the project's agreements, and papers of a made-up dispatch.
namespace valise::forms::testing {

template<class T> T must(Result<T> result) {
    if (!result)
        throw std::runtime_error(result.error().text());
    return std::move(*result);
}

inline constexpr const char* kAgreements[] = {"jpn-ukr.toml", "examplia-borduria.toml",
                                              "exemplar-muster-tlp.toml", "ukr-nato.toml"};

inline agreement::Terms terms(const std::string& file) {
    std::ifstream in(std::string(VALISE_SOURCE_DIR) + "/agreements/" + file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    auto out = must(agreement::Terms::parse(view(text)));
    out.set_test_mode(true);
    return out;
}

// From the first party to the second, at its highest level but one.
inline Papers papers(const agreement::Terms& terms, FormKind kind) {
    const auto& sender = terms.parties()[0];
    const auto& recipient = terms.parties()[1];
    const auto& level = sender.scheme.levels[1];
    const auto dispatch = DispatchId::of(Bytes(10, 4));
    envelope::StatementInputs inputs;
    inputs.exchange = dispatch.text();
    inputs.serial = 17;
    inputs.sender = sender.code;
    inputs.recipient = recipient.code;
    inputs.time = must(Time::parse("2026-11-24T09:30:15Z"));
    inputs.transfer_secret.fill(5);
    inputs.item = sender.code + "-2026-0042";
    inputs.classification = {sender.scheme.policy_id, level.code, level.native, {}};
    envelope::ContainerDigests container;
    container.payload_root.fill(1);
    container.plain_bytes = 1'234'567;
    container.cipher_bytes = 1'234'595;
    container.segments = 1;
    container.schema_version = "4.3.0";
    Papers out;
    out.statement = must(envelope::Statement::make(inputs, container)).bytes();
    out.statement_signature = Bytes(100, 7);
    if (kind == FormKind::transmittal_note)
        return out;
    const bool custody = kind == FormKind::custody_receipt;
    const auto receipt = must(logbook::Receipt::make(
        {.type = custody ? logbook::ReceiptType::custody : logbook::ReceiptType::contents,
         .dispatch = dispatch,
         .statement = envelope::statement_commitment(out.statement),
         .payload_root = container.payload_root,
         .number = recipient.code + "-2026-0007",
         .finding = custody ? logbook::ReceiptFinding::whole : logbook::ReceiptFinding::in_order,
         .at = must(Time::parse("2026-11-24T09:31:00Z")),
         .party = recipient.code}));
    out.receipt = receipt.bytes();
    out.receipt_signature = Bytes(100, 8);
    return out;
}

// What a made-up book of the first party says of one copy, one incident and one muster.
inline Form form(const agreement::Terms& terms, FormKind kind) {
    if (of_dispatch(kind))
        return must(Form::make(kind, terms, papers(terms, kind)));
    const auto& party = terms.parties()[0];
    const auto person = [](Byte n) { return PersonId::of(Bytes(10, n)); };
    const Time at = must(Time::parse("2026-11-24T09:31:00Z"));
    logbook::Item item;
    item.number = party.code + "-2026-0042";
    item.origin = party.code;
    item.level = party.scheme.levels[1].code;
    if (kind == FormKind::muster_report) {
        logbook::Muster muster;
        muster.id = MusterId::of(Bytes(10, 8));
        muster.begun_by = person(1);
        muster.begun = at;
        muster.closed = at.plus_days(1);
        muster.copies[CopyId::of(Bytes(10, 1))] = {logbook::CountFinding::present, person(1), at};
        muster.copies[CopyId::of(Bytes(10, 2))] = {logbook::CountFinding::missing, person(2), at};
        muster.missing = 1;
        return must(Form::muster_report(terms, party.code, muster));
    }
    if (kind == FormKind::incident_report) {
        logbook::Incident incident;
        incident.id = IncidentId::of(Bytes(10, 6));
        incident.what = logbook::IncidentWhat::loss;
        incident.state = logbook::IncidentState::closed;
        incident.at = incident.since = at;
        incident.enclosed.fill(3);
        return must(Form::incident_report(terms, party.code, item, incident));
    }
    logbook::CopyHolding copy;
    copy.id = CopyId::of(Bytes(10, 1));
    copy.form = logbook::Form::paper;
    copy.state = logbook::CopyState::destroyed;
    copy.destruction = {41, "burning", person(1), {person(2), person(3)}, person(2), at, 12, 1, {}};
    return must(Form::certificate(terms, party.code, item, copy));
}

} // namespace valise::forms::testing
