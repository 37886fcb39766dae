// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "base/codec/toml.h"

namespace valise::agreement {

using Problems = std::vector<TomlProblem>;

// Builds Terms from the tables of one file. Every fault goes into the problems; the terms may be
// used only when there are none.
class TermsReader {
public:
    explicit TermsReader(Problems& problems) : problems_(problems) {}

    Terms read(ByteView bytes, const TomlValue& root);

private:
    Names names(const TomlValue& table, const std::string& where);
    Provenance provenance(TomlReader& reader, const std::string& where);
    Period period(TomlReader& reader);
    void head(TomlReader& root);
    void party(const TomlValue& table);
    void authority(Party& party, const TomlValue& table);
    void scheme(Party& party, const TomlValue& table);
    void level(Party& party, const TomlValue& table);
    void candidate(const TomlValue& table);
    void equivalence(const TomlValue& table);
    void purpose(const TomlValue& table);
    void release(const TomlValue& table);
    void reproduction(const TomlValue& table);
    void destruction(const TomlValue& table);
    void protection(const TomlValue& table);
    void circulation_review(TomlReader& root);
    void muster(const TomlValue& table);
    // Rows that state something of one level of one party, each level once.
    template<class Value, class Read>
    void by_level(TomlReader& group, const char* rows, std::map<std::string, Value> Party::* values,
                  const char* reason, Read read);
    void link_receipt_inspection(TomlReader& root);
    void people(TomlReader& root);
    void notice(const TomlValue& table);
    void termination(const TomlValue& table);
    void exports(const TomlValue& table);
    void prints(const TomlValue& table);
    void control(const TomlValue& table);
    void shredding(const TomlValue& table);
    std::optional<logbook::ActKind> shredded_kind(TomlReader& reader, const char* where,
                                                  const std::string& name);
    void suite(const TomlValue& table);

    Problems& problems_;
    Terms terms_;
};

// What no single table can show: that codes are known and unique, that equivalences do not
// overlap, that a draft alone does without inspection.
void check_whole(const Terms& terms, Problems& problems);

} // namespace valise::agreement
