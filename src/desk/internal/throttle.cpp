// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/throttle.h"

#include <algorithm>
#include <vector>

namespace valise::desk {

namespace {

constexpr unsigned kFreeForName = 5;
constexpr unsigned kFreeForAddress = 50;
constexpr std::int64_t kLongestPause = 60;
constexpr std::int64_t kForgotten = 3600;
constexpr std::size_t kMostCounts = 20'000;

std::int64_t pause_after(unsigned failures, unsigned free) {
    if (failures < free)
        return 0;
    return std::min<std::int64_t>(kLongestPause, std::int64_t{1} << std::min(failures - free, 10U));
}

} // namespace

std::string network_of(const std::string& address) {
    if (address.find(':') == std::string::npos)
        return address;
    std::size_t colons = 0;
    for (std::size_t i = 0; i < address.size(); ++i)
        if (address[i] == ':' && ++colons == 4)
            return address.substr(0, i);
    return address.substr(0, address.rfind("::"));
}

std::int64_t Throttle::admit(const std::string& name, const std::string& address, Time now) {
    const std::scoped_lock lock(mutex_);
    if (counts_.size() > kMostCounts)
        std::erase_if(counts_, [&](const auto& entry) {
            return entry.second.last.plus_seconds(kForgotten) < now;
        });
    if (counts_.size() > kMostCounts) // a flood from many networks: it costs those who began it
        counts_.clear();
    const std::string network = network_of(address);
    std::vector<std::pair<Key, unsigned>> both{{{"", network}, kFreeForAddress}};
    if (!name.empty())
        both.push_back({{name, network}, kFreeForName});
    std::int64_t wait = 0;
    for (const auto& [key, free] : both) {
        Count& count = counts_[key];
        if (count.last.plus_seconds(kForgotten) < now)
            count = {};
        const Time next = count.last.plus_seconds(pause_after(count.failures, free));
        wait = std::max(wait, next.seconds - now.seconds);
    }
    if (wait > 0)
        return wait;
    for (const auto& [key, free] : both) {
        ++counts_[key].failures;
        counts_[key].last = now;
    }
    return 0;
}

void Throttle::succeeded(const std::string& name, const std::string& address) {
    const std::scoped_lock lock(mutex_);
    if (!name.empty())
        counts_.erase({name, network_of(address)});
    if (const auto all = counts_.find({"", network_of(address)});
        all != counts_.end() && all->second.failures > 0)
        --all->second.failures;
}

void Throttle::forget(const std::string& name) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(counts_, [&](const auto& entry) { return entry.first.first == name; });
}

} // namespace valise::desk
