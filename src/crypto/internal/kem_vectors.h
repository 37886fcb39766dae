// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace valise::crypto {

// Made with the Go standard library (crypto/mlkem, crypto/ecdh, crypto/sha3, encoding/asn1), which
// the OpenTDF platform rests on: a PKCS#8 key, and the share 00 01 … 1f wrapped to it. Base64.
inline constexpr std::string_view kP256PrivateKey =
    "MIHLAgEAMAoGCCsGAQUFBwY7BIG5B8VcAuU0Bc7UERr1wyXYkyldNwr1Fr6LR+gdoMCGHmzNwNLxFKWhgfgbYRtm"
    "SlX0sBvu2NZEcmfK114WLM1G3TB3AgEBBCD56wJ3zZmkGD0/0E5AJxL8YHjdTFxbZZCtnfgh2gF1HaAKBggqhkjO"
    "PQMBB6FEA0IABFWHTj6dZsVMKS3uvbbo2oRJhSWbssQ9dRn3EOZLkKfFnKg8rClCYloCL6eUdLTCkywKiY2XJkdT"
    "baKuZw1YPxs=";
inline constexpr std::string_view kP256Wrapped =
    "MIIEw4CCBIGMJpYzTjas5/hTwWRTUxzIv/pT0SJZntHvngq+v6E/y4Uwdylo709WdyaCq82bMcRRnY2QBnOizRVZ"
    "604haz6Gpwo0Qmpw6QxNMPBoxx0uyU1hKOkkXonrRpXSxtZMhLOjnEncRRpwgP66RFJQOzmhi3wrvDMs/uTuq0jM"
    "q9z2+Rz/lL/ivjAXePW+MnQqH4R7Ia3W70y71IIjyHKkfRvYojgNpleBaHtlc93MKXQhCCaPBAwfc4gHXR9Kz7ZU"
    "a0vQK7TokS5leQ4fH2W0t7Hq1+5vEiLFfZcSTofrBz+IUmc99DxCiJ1qcG7zM+lTn0z0WL/WJ+QmNaniYy3Ir2/f"
    "UGZiDeAt/oX+lgA3ojqxhkp+I6hp0/sHDgkdBxT2Vxetmu7vaSO140mAC+fHlZvUuizcVSwzrS/OHBnsoc8FIyQd"
    "RKYMjinqWOvpKUelZQY+9B61Wkpvkpr78kn7jq+gvh4NTb0/rzPH17V5396yiM7vV/m6lDDG0avf1dmMKadzdwGf"
    "InE6Sq4096Pr+AfHs7Ia5KZqOnXTyWSLuuUIjlf9D34zzayHAIoLHt1kDY02+FJdNc0pN4HDmO0xObEThje+35JD"
    "fOE0OSDjCUaFMuZ8LCHjIpZh3GIWILVVkLAJ6Rah4kmSvnodgaKi89jO7LD2lRQj3vzjgAloxsLCCy06aXFX2igg"
    "MPfqVSXQVGW99r9xl/gyr0QUE4LVeEwmeDFB9pfh9N2xq3N0TR7e8hzYZmHhZbHBnP+VMiYmkqxnltZCo38Gw71K"
    "xTF5k1cL3AgsjltOGWarKAGFy8rvAZ9L8+Dm+aHBWDDuchWI1VKsFFppD/RNutaAEqRbaMaCDDWlmx9W4KkjR4Qg"
    "2Bvqf7snMxVhXp1UHNJKgmFy2BL44iJ9avC1hT4t9wnk8RDCVS5NkZ/ldkKVasuwinEals58+2QS3ZNRHZ+0kXQC"
    "IPAyGJLXVBNcKi4pAste7lCpFPXFrU8qhgzcicGSs5x6PWBbn83glSsgQD4pR3e3YMh13rCF071NNMM+m8wwG8zA"
    "TRs14t/h00DdFUqZRLL1R21tgtz/PO+xFzjB6cfzxC+/HDKRgQiPJ3j7NKmNYxsyjOGwQdyUFYPDvQPkZorQb8+K"
    "5HPZrMyeH/tOXBM6iImqbWMJ2s2/61UBDLJ5mZypwo88Cu9owKCpRnTKKYDpGRaFbnlic0SFekofL3PTa3qCuYKE"
    "nJyTIJuDXYBK+ycg2Fz2lEGkTllm7lBeIOTBWX7lRwRWRE1g5zp7bbPmfPT2uf6S3OJukf+4ioBC35Bzv6uAJWzn"
    "C8gHjzrdltBLeIKVGgVv2vDoi09wIFex59Hd3JS9RQ4wb1mB5mOINvsyp0beTHeLdJ/euFDYJsTKp/Qi860B6R+t"
    "X3ODKN9PkZ8KvmxxWkFMU0UwgnXW3LoBhMgy2p3+lAQ2D8Gtk6zyoQT4cV/j7F8lSyH+ZTL0mVtWmks6V+1NpLF9"
    "kwz3AtQX5HNcKE3JHdRyRYhtfFjwNfO3CeEmPx0sHgqdvOpVFypFgTy4GGywGojfg44vo3L20EciPOY+22y8wmAo"
    "B94X8NhtGRQEfTkVH39qrVyIJbGPXG5FHI4XtBUvYp859TM=";

inline constexpr std::string_view kP384PrivateKey =
    "MIH5AgEAMAoGCCsGAQUFBwY/BIHnuggKmV9zNTAifqAekftX8Nc/i3EN+Xj0HPKpEI/EC7dTJMpC3GIU0PxgCDzN"
    "btv6Ee7aLDcKVBbE9B7bjKOqdDCBpAIBAQQwEsiAIMI2tqt9OQPgKYU7sMB9SQO5ZpSCFqeSSHOd2VPQjLO+Aqby"
    "QMsOP+m4rsHJoAcGBSuBBAAioWQDYgAE3SORGXaQ6BxhZTIOiQ3YS/6NgiivauzBK5dtjRcLq9vpzNJtvWOtoNz9"
    "yShs/dj/rKgDPSMh7ChzI6udIPsRv9vIsL+yfWIW4ZsFuPMdkcDtSeNTpXUCdhNYdO+MTJIL";
inline constexpr std::string_view kP384Wrapped =
    "MIIGw4CCBoEDU/z7/gByTgqxuZjAVv7MC0hqAQ1kM0yl/nVjXdnROxiD/JqstqibVhF/XR4ozq3ZzoGgZ5ZlbTmG"
    "Q2o7nLKEDhO8V0QnvnSBLMxMF3h06xAxv8Ha+MjR/aMSlUcVToShUlQ6h7KQuMunGJE0uekcapyzDtf7O+lL/9I8"
    "dO9tgzaRmfodsXkprH6vbFrynRwUzjnuC5rrx9byY7We/yJCoUEQvTsNWWlZ0acaf4RquH5VXmYjPire44e3FUMg"
    "GQblWXim13mHYcMEZ/moK8buFfB2qKDEJrIxzm7N10w4dIm11GZoEO47wo/RprHDWdddaoKTwszBl5yDoZ5Nu90B"
    "NQRJFuR33vO997mzMi/ZZJiB3ECLIoB6hYSNmi/K0tpuZFtxRSDmzZFlB+sqn94rP++CaUne/+0bbpSJVUV7EysF"
    "PEqZSViF9s87BtFMcISccsWXLI/4NepofA8YYx0g/crYj6I6mkecBfOVoBM78uv6JESC2y5OKDbhPW5XGnzpbFil"
    "w5uEeXuYDyOLpAkBmKvJoC94lpa+X5KEkt6OsCH3GjGr3i27UUBg9SkWe1D9lZzwDuqMGkdiSorWpnBR64chSzNt"
    "MdpLcw+Bzk17Z4IMjARFsc1HgW+3BdIWa+VjUGmeSlnB6bfKomYG386zoNPlT4XcYqzhIUez+OCSuTYAovobUcTw"
    "/eUW2D+XIdn9GI8WAXlhI5LyyyQZqBOIqRttRHX0RZzUXjFbGCuLljbN5Cvywy7haHinlsPLVSUCEQVpnnDs2tKM"
    "hl5rQu1VCnJmzT/+iZd5RzqzhyNf9YlHJwXbfQxh0/sYpWUhdXag3X+EdaTdn2+OiU69LWrA27MtYtp0OqLhS5lu"
    "YEjxacmsrU9WL8WqtJDFp0a5iAN25PTwplr6PF1v87gf8wI36ukVJr9vD+avu4hMsI4sr4r/Pw/WpmWczM1ed9oH"
    "a17AZ/bIj9KeBakFVy7g0VJcdmdYqw/Luu4+XQRTJrNfumGSXG9yb06YsQMpCX9vaThTcNOql2khJ0F6jZuLsHZ5"
    "oFbvgC6XsofHEcehRy2epJQwrvDUMFfYUI9d16QfFFeg77RkVz2+bwjkWVrrwA1CQM3veU0mAChq+ZqxwU8ZImri"
    "GIEvo6O3VTDK9jHB72LPF6y4Cm0mXm3cXz3B8CYoXQxyvbLhrlh+1An0x0KOGsM+7t3c5EsTWeM2qbdOkp1Ofk61"
    "fue8zjhvcHHw7T4Wz93MSTxgrpz8NtzKeQC+KCunSCvXzMhBfbZ8ewp4R9+qngri1QRUVU023YfxxX0OeUaPU5gd"
    "rS91C+tYGanIkhaqz4ZS90lc04zVhFsBfajaB3XdokktYwhxdlZzf/svdzOqrd2yQSqh959u0UF2zKQjLV82sm9e"
    "+XC9MNtq4xyAlqYjNUjokCxuYunV41JqUrNNKGM5JxCOEVlK/JEvWQVwORf6MiCefw1Qjkuy9uXrThoMDL6GTTDm"
    "O5d2biw+wvfEeQTIJE1wpSgWo7+1Kfmm/YmvHCaX9shXF/vwicKMBIjupDEwrbwRJ7/xKLEtXyYekWMlXiVSII3C"
    "DODvnTF0lzDk2677LPgXfs1utjhuBBgDVd0Uy8Q35mP2mkTkC/Ubud0sPYKHx70HSIs5E6q+tQa01ZrUNAh1O8QO"
    "Uja28oXtIP6tKAqTaoGZPnLGxBDtX2YKuTmoTb6ZpVQ5vRAEpx56sl60mG9tHgJYlh3+DgUrzltsRyNZHuFB8nv7"
    "Mm9Yr+Vdrv9AGbI8RcKYlgDwJwYJrMHvlCzV2WNGJ+bTYkvYQTCj8C6ogtJDNaMdJ9wQ78eeskboStfjA2kJyL5a"
    "4Wz9lwZQNS+jdlwHi/Fuzt9FXU3QrNWOSpQ8GzTMLpvIdlnModypEk+4pllwtIV5DT10rm0zrBIW0Ekyg8owpG0X"
    "mIQ/sC2YWGX0nwTuvFaXvo8PS5U/c+G7iLAQM5TcO5pH+2J1lLuSrcvJDUl1w+da43vcu1LhNSkEJ3N0mK4gpHPU"
    "isydPh5s6w/IYQOZ/bcnSS4J9lhDDr2d9ebXcbNtq/DkmiofY9wJOSrNfrkGDGxJh3Gb+f1HlIBtHwQI7yNHKo7V"
    "dAtYPOgijV4GrdY8hTf7EHQ5QfjEjLbAo7HEXARQRNHMLtzeLvhZBOMzqdenijR0JS3SS8pdBiMkguaEUnAx50Eq"
    "bkgnVlSgmD1qqMQZXRDR0XjrUUSOWyyBPPAPCWaQfHcDUthhSpH4BjPpqYBhbNZHHZg6VmpOyMsTb98o5jbOHyNh"
    "gcnSIs+XNMYu2mPNuvufhdVK3g==";

} // namespace valise::crypto
