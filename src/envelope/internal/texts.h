// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/manifest.h"

// The manifest's parts in canonical JSON, written straight: canonical_json() of their values gives
// the same bytes, by way of a tree that costs more than the keys of a small file.
namespace valise::envelope {

void append_key_access(std::string& out, const KeyAccess& access);
void append_all_key_access(std::string& out, const std::vector<KeyAccess>& all); // a list
void append_assertion(std::string& out, const Assertion& assertion);
void append_unbound(std::string& out, const Assertion& assertion); // without its binding
std::shared_ptr<const std::string> unbound_text(const Assertion& assertion);
void append_payload_section(std::string& out, std::string_view mime_type);
std::string_view method_section_text();

} // namespace valise::envelope
