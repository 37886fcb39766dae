// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"
#include "base/http.h"

namespace valise::desk {

HttpResponse json_response(const Json& body, unsigned status = 200);
// RFC 9457 problem+json: {"type","title","status","detail","code": reason id,"kind"}.
HttpResponse problem(const Error& error);
unsigned http_status(Code code);

} // namespace valise::desk
