// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lengths of a page image, in points.
namespace valise::render {

inline constexpr double kLongSide = 842; // a document's page is scaled to it, up or down
inline constexpr double kLeastWidth = 320;
inline constexpr double kBanner = 24;
inline constexpr double kFoot = 40;
inline constexpr double kStrips = 2 * kBanner + kFoot;

} // namespace valise::render
