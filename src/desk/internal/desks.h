// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/internal/house.h"

namespace valise::desk {

// What answers at each path; the functions of one desk stand in the file of its name.
using Answer = Result<HttpResponse>;

// sign_in.cpp
Answer sign_in_page(Visit& visit);
Answer sign_in(Visit& visit);
Answer sign_out(Visit& visit);
Answer account_page(Visit& visit);
Answer change_password(Visit& visit);
std::string visitor_token(const House& house, const std::string& cookie);
// Somebody proved that the account is theirs: a fresh session, and where to go on. `what` stands in
// the security log.
Answer let_in(Visit& visit, const Account& account, const char* what);
// The sign-in again, saying why not.
HttpResponse turned_away(const Visit& visit, const std::string& why, unsigned status = 403);
// Counts an attempt under this name; who has to wait gets this answer.
std::optional<HttpResponse> held_up(const Visit& visit, const std::string& name);
// sign_in_openid.cpp
Answer begin_openid(Visit& visit);
Answer end_openid(Visit& visit);
// sign_in_certificate.cpp
Answer sign_in_by_certificate(Visit& visit);
// passkeys.cpp
Answer sign_in_by_passkey(Visit& visit);
Answer add_passkey(Visit& visit);
Answer remove_passkey(Visit& visit);
// Forms whose buttons ask the browser for a passkey; nothing where the host has no name.
std::vector<Block> passkey_sign_in(const Visit& visit);
std::vector<Block> passkey_desk(const Visit& visit);
// account_desk.cpp
Answer account_told(Visit& visit);
// That an account was given, until its person says that they know.
std::vector<Block> given_note(const Visit& visit);
// overview.cpp
Answer overview(Visit& visit);
Answer duties_page(Visit& visit);
Answer health_page(Visit& visit);
// register_desk.cpp
Answer register_page(Visit& visit);
Answer item_page(Visit& visit);
// trays.cpp
Answer in_tray(Visit& visit);
Answer out_tray(Visit& visit);
Answer release_page(Visit& visit);
// live.cpp
Answer progress_stream(Visit& visit);
// books.cpp
Answer forms_page(Visit& visit);
Answer form_file(Visit& visit);
Answer incidents_page(Visit& visit);
Answer musters_page(Visit& visit);
Answer muster_page(Visit& visit);
Answer inspector_page(Visit& visit);
Answer book_page(Visit& visit);
Answer book_file(Visit& visit);
// agreement_desk.cpp
Answer agreement_page(Visit& visit);
Answer log_page(Visit& visit);
Answer peers_page(Visit& visit);
Answer people_page(Visit& visit);
// reading_desk.cpp
Answer reading_page(Visit& visit);
Answer document_page(Visit& visit);
Answer page_image(Visit& visit);
Answer show_document(Visit& visit);
Answer close_document(Visit& visit);
bool nothing_happened(const Error& error);
std::string why_not_shown(const Visit& visit, const Error& error);
Result<rendering::Shown> drawn(const House& house, std::uint64_t number,
                               rendering::Job::Output output);
// print_desk.cpp
Answer print_page(Visit& visit);
Answer print_document(Visit& visit);
// act_desk.cpp
Answer acts_page(Visit& visit);
Answer act_page(Visit& visit);
Answer prepare_act(Visit& visit);
Answer prepared_page(Visit& visit);
Answer hand_in(Visit& visit);
// entering_desk.cpp
Answer enter_document_page(Visit& visit);
Answer enter_document(Visit& visit);
// Where something is entered, for whom the agreement lets.
std::vector<Cell> entering_links(const Visit& visit, const logbook::State& state,
                                 const agreement::Terms& terms);
// passkey_acts.cpp
Answer hand_in_by_passkey(Visit& visit);

} // namespace valise::desk
