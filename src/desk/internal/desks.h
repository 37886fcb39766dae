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

} // namespace valise::desk
