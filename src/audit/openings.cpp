// SPDX-License-Identifier: Apache-2.0
#include "audit/openings.h"

#include "logbook/opening_papers.h"

namespace valise::audit {
namespace {

Checked<const Bytes*> needed(const Record& record, const char* name) {
    const Bytes* bytes = record.opening.find(name);
    TRY(holds(bytes != nullptr, record.field_place(name), "verify.missing",
              "the event rests on it, and it is not there"));
    return bytes;
}

// The ask says what the event says of it.
Checked<logbook::OpeningAsk> asked(const Record& record, const logbook::Dispatch& dispatch,
                                   const std::string& receiver) {
    TRY_ASSIGN(const Bytes* bytes, needed(record, "ask"));
    const std::string place = record.field_place("ask");
    TRY_ASSIGN(auto ask, at(place, logbook::OpeningAsk::parse(*bytes)));
    const auto& fields = ask.fields();
    const auto& skeleton = record.skeleton;
    const auto says = [&](bool condition, const char* text) {
        return holds(condition, place, "verify.opening", text);
    };
    TRY(says(fields.dispatch == dispatch.id && fields.statement == dispatch.document,
             "of another dispatch"));
    TRY(says(fields.party == receiver, "not asked by the receiver"));
    TRY(says(fields.copy.text() == skeleton.id("copy"), "of another copy"));
    const auto& act = *record.act();
    const auto said = [&](const char* name) { return act.optional_field(name).value_or(""); };
    TRY(says(said("asked") == to_base64(ask.digest()) &&
                 said("reader") == to_base64(fields.reader) && said("level") == fields.level &&
                 said("opening") == std::to_string(fields.opening) &&
                 said("by") == (fields.client ? "client" : ""),
             "the event says something else"));
    const std::string key = said("session_key");
    TRY(says(key.empty() || key == to_base64(fields.session_key), "another session key"));
    return ask;
}

} // namespace

//= O-20
Checked<void> check_opening(const Record& record, const Surroundings& around,
                            const Parties& parties) {
    if (record.withheld)
        return {};
    const auto id = DispatchId::parse(record.skeleton.id("dispatch")).value_or(DispatchId());
    const logbook::Dispatch* dispatch = around.before.dispatch(id);
    TRY(holds(dispatch != nullptr && parties.peer.has_value(), record.place(), "verify.opening",
              "of a dispatch that is not there"));
    const bool here = dispatch->direction == logbook::Direction::in; // we are the receiver
    const PartyKeys& receiver = here ? parties.own : *parties.peer;
    TRY_ASSIGN(const auto ask, asked(record, *dispatch, receiver.list.party));
    TRY_ASSIGN(const Bytes* signature, needed(record, "signature"));
    const std::string place = record.field_place("signature");
    if (!here)
        return at(place, parties.peer->receipt.verify(ask.signed_bytes(), *signature));
    TRY_ASSIGN(const Bytes* bytes, needed(record, "answer"));
    const std::string answer_place = record.field_place("answer");
    TRY_ASSIGN(const auto answer, at(answer_place, logbook::OpeningAnswer::parse(*bytes)));
    const auto& fields = answer.fields();
    TRY(holds(fields.asked == ask.digest(), answer_place, "verify.opening",
              "an answer to something else"));
    TRY(holds(fields.party == parties.peer->list.party &&
                  (fields.until ? fields.until->text() : std::string()) ==
                      record.skeleton.fact("until"),
              answer_place, "verify.opening", "it says something else than the event"));
    return at(place, parties.peer->receipt.verify(answer.signed_bytes(), *signature));
}

} // namespace valise::audit
