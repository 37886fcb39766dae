// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "two_registries/side.h"

namespace valise::testing {

// A day of two whole registries: a document from Tokyo to Kyiv, one back, what was refused on the
// way, and one that never left. Made once for all tests: keys take their time.
class Story {
public:
    static Story& told();

    Side tokyo;
    Side kyiv;
    Bytes sent;     // Tokyo's evidence, both logs cosigned
    Bytes received; // Kyiv's
    std::string fingerprint;

private:
    Story();
    void appoint_all();
    void exchange();
    void refused_over_there();
    void answer_back();

    Time later = tokyo.clock.now().plus_days(200);
    std::string purpose = tokyo.terms.purposes().front().code;
    Someone originator{"Tanaka"}, releaser{"Suzuki"}, second{"Sato"};
    Someone reader{"Shevchenko"}, uncleared{"Koval"}, head{"Petrenko"}, deputy{"Bondar"};
    ItemId tokyo_item; // entered, never sent
};

} // namespace valise::testing
