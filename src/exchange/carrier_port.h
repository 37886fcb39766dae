// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

namespace valise::exchange {

// Port: carries one request frame to the peer and brings its answer frame back. The wire does it at
// once; the same bytes travel as files in a courier bag. A lost answer is Code::unavailable, and
// the request may or may not have arrived: every request is idempotent.
class Carrier {
public:
    virtual ~Carrier() = default;
    virtual Result<Bytes> call(ByteView request) = 0;
    // Whether answers come by another trip, much later: nobody is greeted first, and what this
    // carrier answers meanwhile is presumed, not said.
    virtual bool by_courier() const { return false; }
    // False: receipts, notices and answers alone.
    virtual bool takes_documents() const { return true; }
    // False: it only hands out answers that came before; nothing leaves by it.
    virtual bool leaves() const { return true; }
    // What protects the link, for doctor and the transcript: "TLSv1.3 SecP384r1MLKEM1024", or empty
    // before the first call.
    virtual std::string protection() const = 0;
};

} // namespace valise::exchange
