// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/form_body.h"

#include <gtest/gtest.h>

namespace valise::desk {
namespace {

using Fields = std::map<std::string, std::string>;

TEST(FormBody, ReadsWhatBrowsersSend) {
    EXPECT_EQ(parse_form_body({}).value(), Fields());
    EXPECT_EQ(parse_form_body(view("a=1&b=x+y%2Bz&c=")).value(),
              (Fields{{"a", "1"}, {"b", "x y+z"}, {"c", ""}}));
    EXPECT_EQ(parse_form_body(view("t=a%0D%0Ab%0Dc%0Ad")).value(), (Fields{{"t", "a\nb\nc\nd"}}));
    EXPECT_EQ(parse_form_body(view("n=%E6%A5%B5%E7%A7%98")).value(), (Fields{{"n", "極秘"}}));
    EXPECT_EQ(parse_form_body(view("a=b=c")).value(), (Fields{{"a", "b=c"}}));
}

TEST(FormBody, RefusesEverythingElse) {
    for (const char* bad :
         {"a", "a=1&a=2", "a=%", "a=%1", "a=%zz", "a=%ff", "a=%00", "=&=", "&a=1"})
        EXPECT_EQ(parse_form_body(view(bad)).error().reason(), "desk.form_body") << bad;
    std::string many;
    for (int i = 0; i < 65; ++i)
        many += "f" + std::to_string(i) + "=1&";
    EXPECT_EQ(parse_form_body(view(many)).error().reason(), "desk.form_limit");
    EXPECT_EQ(parse_form_body(Bytes(kMaxFormBody + 1, 'a')).error().reason(), "desk.form_limit");
}

TEST(Cookie, TheOneOfThisNameAndNoOther) {
    EXPECT_EQ(cookie_in("", "a").value(), std::nullopt);
    EXPECT_EQ(cookie_in("a=1; b=2", "b").value(), "2");
    EXPECT_EQ(cookie_in("xa=1; a=; ax=3", "a").value(), "");
    EXPECT_EQ(cookie_in("a; =; b=1", "b").value(), "1");
    EXPECT_EQ(cookie_in("a=1; a=2", "a").error().reason(), "desk.cookie");
    std::string many;
    for (int i = 0; i < 65; ++i)
        many += "c=1;";
    EXPECT_EQ(cookie_in(many, "a").error().reason(), "desk.cookie");
}

} // namespace
} // namespace valise::desk
