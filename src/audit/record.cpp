// SPDX-License-Identifier: Apache-2.0
#include "audit/record.h"

#include "logbook/commitment.h"

#include <fmt/format.h>

namespace valise::audit {
namespace {

constexpr const char* kCommitment = "logbook.commitment";

// Field by field first, so that the one that was changed is named; the whole at the end.
Checked<void> check_opening(const Record& record, const RecordedEvent& event) {
    const auto& fields = record.opening.fields();
    TRY(holds(fields.size() + 1 == event.fields.size(), record.place("opening"), kCommitment,
              "another number of fields than was recorded"));
    TRY(holds(logbook::field_salt(*event.record_salt, 0) == event.salt, record.place("record_salt"),
              kCommitment, "the salt of the skeleton does not follow from it"));
    for (std::uint32_t i = 0; i < fields.size(); ++i) {
        const Hash32 leaf = logbook::field_leaf(
            i + 1, logbook::field_salt(*event.record_salt, i + 1), fields[i].name, fields[i].value);
        TRY(holds(leaf == event.fields[i + 1], record.field_place(fields[i].name), kCommitment,
                  "not what was recorded"));
    }
    return at(record.place("opening"),
              logbook::verify_record(record.leaf.fields().commitment, event.skeleton,
                                     record.opening, *event.record_salt));
}

Checked<void> read_acts(Record& record) {
    if (const Bytes* bytes = record.opening.find("act")) {
        const std::string place = record.field_place("act");
        TRY_ASSIGN(auto act, at(place, logbook::SignedAct::parse(*bytes)));
        if (!record.checked_before)
            if (const auto verified = act.verify(); !verified)
                return fault(place, verified.error().reason(), "signature does not verify");
        TRY(holds(act.digest() == record.leaf.fields().signed_act, place, "verify.act_digest",
                  "not the act whose digest stands in the leaf"));
        record.signed_act = std::move(act);
        const Bytes* decided = record.opening.find("decided");
        const std::string decided_place = record.field_place("decided");
        TRY(holds(decided != nullptr, decided_place, "verify.decided", "nobody says when"));
        TRY_ASSIGN(record.decided, at(decided_place, Time::parse(text_view(*decided))));
        TRY(holds(record.decided.text() == text_view(*decided), decided_place, "verify.decided",
                  "not the one form of a time"));
    }
    if (const Bytes* bytes = record.opening.find("attested")) {
        const std::string place = record.field_place("attested");
        TRY_ASSIGN(record.attested, at(place, logbook::Act::parse(*bytes)));
        TRY(holds(record.attested->attested_by_registry(), place, "verify.attested",
                  "it names a person as its signer"));
        TRY(holds(!record.signed_act, place, "verify.attested",
                  "an event is a person's act or the registry's, not both"));
        record.decided = record.attested->at();
    }
    return {};
}

} // namespace

std::string event_place(std::size_t index) {
    return fmt::format("private event {}", index);
}

std::string Record::field_place(std::string_view name) const {
    return place(fmt::format("opening field '{}'", name));
}

Checked<void> plain_leaf(const logbook::Leaf& leaf, const std::string& place) {
    const auto& fields = leaf.fields();
    return holds(!fields.dummy && !fields.redaction && !fields.correction &&
                     fields.peer_size == 0 && fields.signer_key_id == std::array<Byte, 8>{},
                 place, "verify.leaf", "it says what no registry of this version writes");
}

bool rests_on_opening(logbook::ActKind kind, logbook::Stage stage) {
    using logbook::ActKind;
    if (stage == logbook::Stage::refused)
        return false;
    switch (kind) {
    case ActKind::enter:
    case ActKind::grant:
    case ActKind::brief:
    case ActKind::store:
    case ActKind::copy:
    case ActKind::issue:
    case ActKind::take_back:
    case ActKind::count:
    case ActKind::correct:
    case ActKind::cancel:
        return false;
    case ActKind::open:
    case ActKind::print:
        return stage == logbook::Stage::permitted; // until its outcome //= O-21
    default:
        return true;
    }
}

Checked<Record> check_record(std::uint64_t index, const RecordedEvent& event, bool checked_before) {
    const std::string place = event_place(index);
    const std::string leaf_at = place + ", leaf";
    TRY_ASSIGN(const auto leaf, at(leaf_at, logbook::Leaf::parse(event.leaf)));
    TRY(holds(leaf.is_private(), leaf_at, "verify.leaf", "not a leaf of a private log"));
    TRY(holds(leaf.fields().act_number == index, leaf_at, "verify.leaf",
              "it says that it stands elsewhere in the log"));
    TRY(plain_leaf(leaf, leaf_at));
    TRY_ASSIGN(auto skeleton, at(place + ", skeleton", logbook::Skeleton::parse(event.skeleton)));
    const Hash32& commitment = leaf.fields().commitment;
    TRY(holds(!event.fields.empty(), place + ", fields", kCommitment, "none"));
    TRY(holds(event.record_salt.has_value() != event.opening.empty(), place + ", opening",
              kCommitment, "an opening and its salt are withheld together or not at all"));
    TRY(holds(logbook::field_leaf(0, event.salt, "skeleton", event.skeleton) == event.fields[0],
              place + ", skeleton", kCommitment, "not what was recorded"));
    TRY(at(place + ", fields", logbook::verify_skeleton(commitment, event.skeleton, event.salt,
                                                        std::span(event.fields).subspan(1))));
    TRY(at(leaf_at, leaf.agrees_with(skeleton, commitment)));
    const bool needed = !checked_before || rests_on_opening(skeleton.kind(), skeleton.stage());
    const bool withheld = !event.record_salt || !needed;
    Record out{index, std::move(skeleton), leaf, withheld, checked_before, {}, {}, {}, {}};
    if (out.withheld)
        return out;
    TRY_ASSIGN(out.opening, at(out.place("opening"), logbook::Opening::parse(event.opening)));
    TRY(check_opening(out, event));
    TRY(read_acts(out));
    return out;
}

} // namespace valise::audit
