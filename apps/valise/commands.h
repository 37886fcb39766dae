// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"

namespace valise::cli {

// Each adds its nouns and verbs; the functions stand in the file of the same name.
// Stateless: no registry is asked.
void add_keygen(Command& root);
void add_seal(Command& root);
void add_open(Command& root);
void add_inspect(Command& root);
void add_agreement(Command& root);
// Makes a registry.
void add_registry(Command& root);
// Of a running registry.
void add_status(Command& root);
void add_why(Command& agreement);
void add_accord(Command& agreement);
void add_person(Command& root);
void add_facility(Command& root);
void add_peer(Command& root);
void add_item(Command& root);
void add_item_open(Command& item);
void add_item_export(Command& item);
void add_item_import(Command& item);
void add_item_review(Command& item);
void add_clients(Command& root);
void add_container(Command& root);
void add_copy(Command& root);
void add_muster(Command& root);
void add_release(Command& root);
void add_control(Command& root);
// The numbers of an answer to a recall, in words.
std::string recall_words(const std::string& answer);
void add_dispatch(Command& root);
void add_courier(Command& root);
void add_notice(Command& root);
void add_incident(Command& root);
void add_evidence(Command& root);
void add_log(Command& root);
void add_recon(Command& root);
void add_backup(Command& root);
void add_assurance(Command& root);
void add_law(Command& root);
void add_report(Command& root);
void add_form(Command& root);
void add_desk(Command& root);
void add_sign(Command& root);
void add_completion(Command& root);

} // namespace valise::cli
