// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/kem.h"

namespace valise::crypto {

// Made by other people's code: ec_p256 and rsa2048 by lib/ocrypto of the OpenTDF platform (v0.2.0,
// which cannot wrap to the longer curves), X-Wing by circl 1.6.5, the others by the Go standard
// library. A PKCS#8 key, the share 00 01 … 1f wrapped to it, and the ephemeral key's SPKI. Base64.
struct WrapVector {
    WrapScheme scheme;
    std::string_view private_key;
    std::string_view wrapped;
    std::string_view ephemeral;
};
// clang-format off
inline constexpr WrapVector kWrapVectors[] = {
    {WrapScheme::xwing,
     "MDQCAQAwDQYLKwYBBAGD5i2ByHoEIM6Qq0BexLdTPSMhC18W4vHjKg0kw3U9b+IyxaIl5iQz",
     "MIIEooCCBGCcNLvQkd5x7Lxx9hHHvlUL1nQnjQhjNbALyHgQrEtxfN072vEZNDqASTWeK4ivOC4leG4H13JKzIS0"
     "7CkIEMZ1hJzPgj5u2ysrTtu85ah1VlkboNLoS82IIMmMFsOxCwZhfhbabaGl2prWBxW5mXc2DKVyEXZhL3MQn6m1"
     "DJtH4Tijq7WRP8t+EUDz1r/+tvC1vBUm3fm4kNeqXGW+t93nCSoGIdPN7Q4/JafNXs1jEDHuHP1ftS/jsI0UnsOK"
     "eleFm+7XPoBheUbTIBlDJwlO6YzuMLxu/UjF8zMXzaxhgRZE2dGFR+jBY9npmYIkQIfli3+xWune6jqfu/XIHR1R"
     "7GxiIDSavh4sNyR1CC0bKYuEqoInG5pq0Uzu2iA0oAjYFT3z8nHmMgjeFypWyd29UqVq4hKtHl4cci6oTypQF4tI"
     "Ntp41EPC132MddkQ3c0umIz8kENAJyY4yPDsNRgYfNTAwIlOC+LM3le3IM9MpDc3BkGtjS07Ti7VczdVoYs6nh2X"
     "wNb0oXIy3iEkVoBSid9xQrlqexOeC3M5T1GBdFDtMvOjAslkoi210k7OEX5BuqjMhoh/6DiNC+9pDUrtRAWGsO3K"
     "nO65AuLKZcO3m3N44lZTP2bU44ib/SaeyfrtvNUx+WwrU/mgKsTMRao+JOp9Ru9iJ8EB+vTLUY39uLFXVVZ/a562"
     "w4vV+MNMGS/uznuPO/4AwKTJ/CS6eO36hFZu86Pl6ZCGZbMrRZAiayutPjdKrxCPpmdYO8edmN1F55u9Xrm8aWXZ"
     "9Brs7vJRAATkIYM8i/z99UBaNs19hseCN/HkaBFF+eKzBppDtu6xzUQudgcl2NAnu62XWV8hpOIIcchASDiTbChI"
     "Mr8sLH7tIT8XYCp/oaftfNonWYPoGBzar3vdygSfeV/3+7THqTWqd3X1RWCDl6B+WjHIsvOrohH10vwRBjeDiwK3"
     "+ZGxL/qo1c8T+QUEBGZF+tSPQJay+7ryXBmd7br/mwivcPnkUwm7L7Q3UM4CRtpfYyuww/eB2qft56RC5J65DmdC"
     "MFgFFAmjGAGyvZADjsyQUTGGimqfFSl7Ja3okej4xHsU38Xqgx7OXOS//5VoTX+4lacfKHM+Sj6bCELiFqGdZdi0"
     "4JDqiHLHm298Jpj97VajMRBkHALA+f54JWRcUAPJGnxhDWNwGS8aI9K3fSoA4pANMmzIo/XDqv30fyhhzDA2lHNy"
     "zMQqrjjbYSJhwUoEyMIn+lKLDRRUeCxBVBSOnKskTXlZTDzRAThcJwMrW/BnvPZeHuteNdsa0Swc9PihFl03qSAx"
     "SWd4AzsEYbgPTlfX8KeK7ly1CBGXuPqY8kpbqxx60oeWwYjDyHM/el5PbNbhvcM3rKCIWLqEPOcWlE+TFvAQnFRT"
     "f8EWKxLXh3S8c3nmLNFglzBL6wpffVyDAA3KYg5YrkDN1hafIzADn/Kyc+c4d+w41LZXGK9clMqTi5tNJ7E5ZdRa"
     "S8pSWXtegTyikIVmA4533nq0hzFU+RbNQhwOr1bs8lQ+V01us1QKMxWJo2yUV0o8i/79zdSfkBRssh80cITkv2fm"
     "ySc=",
     ""},
    {WrapScheme::mlkem768,
     "MFQCAQAwCwYJYIZIAWUDBAQCBEKAQBwuo0OetqNlfmf47O4/wDK3b0B1mWx+CoRTQLImSoPYTnZnGIPw1ZDVPNZQ"
     "Uq1i2TVjPk3nKquISOnd1vhpYQ4=",
     "MIIEgoCCBECl48MbcY3jWIVMkbB6qF6+kzwsN69kFQWinXDh/OyW7S0xmbawBSGM3URYiZNPWoiSxWaCkPWVROGq"
     "i8wHhRReV2OQWJ0xD0G9XP3nqn7qnYBL/ZhyY83uwBMGdX6rHdPnxCQjQdbNOrT9CXat7gYIK8+j7BN9jETlnDhG"
     "gowvygKO4kFpDmSdwOM/x9oBvyC9aS2LqJNTQ1L4JsVoCJMIuIk56fZgvhNOfe8zy2Zua9E2JtymkZ/9RLkEh6FR"
     "+gTC8povCvvLWFxU6bLuc9DXv3DHU7zhPtzIK3zuVK/sYl18CkX0uZ1cdprU9Lvd1CqTrrgKdO7Hj0jSJadyAsts"
     "eOK77WJEmUtGWQuyQHNCs0g5OgGPtWhw+zfXicMJpbTS5iJjVbPWFcAtiXItUht+YFboWkcWEk1nniUzIS/4mR3b"
     "CxSP+65L+qIi77skM8hKiyIJYJS/kfrs7dorY1c6VPEaFvcB038/Gs8br3FEVQxoXR+TJTJc9GXchptM//DQRJ0n"
     "Nif/N4IxizenW2IxLnTrL0gJI1hRG7PDz/Vc9X1c2l0qFBo+ysgPXighOrtJrN0xgkZkOusjSgDN/clqPRZYL4bq"
     "hPYIPS1WUWYcSNYJdSIne4C9e9TPXA0dwkym2pCFfbDMsvMU2iAdsQFjiigziyoHfuWrIEPJCGzo4T1mc8YYZ9k+"
     "IG0Ea3d6g/GLEn7u7yB0CFeiGsP7IdQEGotE29mwQeEZWFi9BwqcQlLys4ZWU8Mo8TP+i26BznEctyy1cZGGPbDa"
     "F1b/RroJoHI0/z+rJWPfUlgftYxPwHXHiW18zqGjUhLDwMxFpyNilHFkSn+0jkEiEbtJdG+yITfPogcj5zRPUlQm"
     "nYQ2sU1Kcg3kku0ASUYMF4wnOv7HJnCBNhsmUu7+CzWjeOm81jVe1RgcbpxKLqbvVIHQrnYyNu4MPkJes57RWax3"
     "aHR4Wj/38qKvG6bCm9MRDV+tOM00Yx+ViVnJniNToz3xojfUw1WE07Ixa294efWmbD1M3QO/4HQcyow87k3wT3d/"
     "W+fiqKyOsGc9q/xSRMih/Y+rtPP3JWH65qIxrAnUV1H6vOjzwHlSYjwgJNN1zbumiSAbVOuMeU0FuKS/yy0JMTpa"
     "uGXrzWs8MYif9GtboEfSzITCUZv/+nEtuKGpbNF7YEuhKECJXQm8txi2J2U2DvdChM9NN1x8rHiq3cRnC2t2+0pa"
     "GSZIUaHwYVUeY8uIWYIOMRizViIkVnlbau95FIhQEFT9NksDf0AqCbqJJlWFyFGUES2gUJufBaJNdxDDdCzaZATt"
     "q1AmvYTudaKWSIcbSYE563PB8su2iiuzQiRHd9vHtTvbFeS4rCvbcH/7BNZlXyn/ul1x+rjQLojL/k6Np34s3wpj"
     "9Uz2tnhaYmgbvORe4AIjyqP5SI1ekrUd5Y7FSPUTSL75E/MtNAL0aIE8k2AEM/cHMt0uOS5TS5MOuyUhcG6rD7e3"
     "jHDoFyls7JU3+zSgioHpEcpHSlaMXBK+iRQA77tOpUU6B1NL",
     ""},
    {WrapScheme::mlkem1024,
     "MFQCAQAwCwYJYIZIAWUDBAQDBEKAQF5SmtXgJgkWGqJq4hUATtX9BBKD+OU06UcsVlb8kRoum5ePWf5FLNlaAgRc"
     "w1jci391wgA/jGhaStMpL0L/1UE=",
     "MIIGYoCCBiCk4W68IHUJVNoSOyJddD7LzGSl9b6BXdxu1e7ysRrSqoy4OwKclxUU7MTVjA3CqI1NacK8GwQ/f9wM"
     "0GQ5OEtuVfIm41pfnMC5rGc3Dod+eyrS/EEugWkigLb5iY+vBqEE4Ajz3Wjxu/0Wo2nIDHFojSwp8OSwXl7MDTC9"
     "z0ePhoNcRojQcofmkpLOEC3RDgzrOmbbq/yxxzcOFtfwpbrn0biJ8DhgI4Gn3ATRQHisqG3J7IKBtIlKguzVQVEb"
     "DWBWM+/wyP2EwmwM3O26b9+oIrXq+r+nlQMHZYAeki3ck7z+O7oLwnCJqGFWQjnbgoqZpToA64G3YOfQDiE3Vrhc"
     "naB23mKu5N1MBquIkhcqvgN6VDmQFsYmvERwJRR3HNGDxIvjFIx6Oxg6pazwdjw0NEaJ1JJI8W+IH2KJyNjZMRPg"
     "iN2QYuhEY3m9Q2RM3D3M2PHTkTaUZ4CJ5rmmCiEpKJ8r23KOppm9oWTRKIvOA6W3jJeGdrYvHXSQtrlDZVa0/i/Z"
     "OuupOba7JOs/WKrKxRZfY0Ed8BtZ2kcpParhuJ7pm834Dl6FRe/k13xjUFo7wTsbJejiKeZvKoFEKJj+iIeTD14U"
     "PGXcdgtL3sjU8cHGE6rQIydin8FgL3RrN2TCKSHyEmoNDWS1tCvE7WvlgZvtOkTe6XpCcSfybs6p2NN27c+v7HLh"
     "1I9xBPmH+rVgxmyDObvGePupHGs/bNJRCaM7SWVmS4aj6L5GJQTyt6s6Qquogi6LUolkERDE4E+6Sl5bmrr37GsB"
     "OtHMoXTme8y4X3vOBjW538SSNtjzATo5KI6yIjO0TLgunvf5uOPTRIicYkLIVa1EXujNwCblVGuUl29RRGOwJl9o"
     "oh8UbvIOlSJ/yWX2GUzlxkAC2UsHhi76KljczfTK5+DR+O6NNH0v9XmvmNc6UdPGrOYHBu7lt/3Cl7L/+tfXYN3K"
     "HePCqf/3cIUVHtwtKiQdyDCnYDW0aKq07HK3zPxtLFhvGq7OvEySnXJEvg0mTFmU0iRXytEjsCoBPSshUgs1NcPb"
     "cCbX8BE/PcvZNLNNB1ybNugfHY8ph/zg7C30ezzi4LTVnWFIgx+kfZdGdPhoLxM64SsUwNaun1Q2L9P9UCj28Wxe"
     "u0Bq8zlesB04y0dxJqulXSbb7Z9qi9FLcWQDXqteBEVfOjzQ1KkBqbVH+9+iJ5PUQrazzgYIrjCCOCr2cFoomMOo"
     "U9j4mp4mMaptC/u++V2kZOJvGlUq1qMRZTbCUU4xOOStJFCZEN9WIRD5KDaNIAlwot1eyg3KGTyGdwcdhtMJC33K"
     "ilBS2UaO4eil0SvcSvlnx8TNdLjLvlYJh0Qdq6kM/KEns1stWvKLUj48r4RQpXVo5FQwMFzeFIDBiGD15nvhkHs8"
     "ht9qB+k01vdmPWdCNLNGQ5pwT/Y1XddUjYTHpFRsir62TlbBbcupa0Ih6DfWHh6Ac2itjZdmXV8vBKafC2S12SqO"
     "zvCKZdExeS/sP+tolkpszSPbGB0bYqVJr2e0sC8o9I8rnESjWtbrBZYI3RShjbBCzv9++pRv/2MecOlSJdTS3Om/"
     "lu3YTdvf3OwEWNysNII73pBXM+Q4nveIC0VT6YNOAMWGa/0YCeXselqd8Wq/GOLhs/CE3l1MiCnCgNGGD8Kx7Ls8"
     "Fjy2sCOY0cOstTsRMkReTh91ZLtyXbnMMPAWWZLsLOEJ61abaxXNcqP604J94D30Ma+1hipiPwGkdcWCTUfzQFTT"
     "/FW6bIe2iz8vT6Fbg9qdhQbXoAJ5dTJGRRTp89jjmVvoTg0mSHCqk/7lfFg3YWtbB24Uunwvj1Cg6IJVoI1HTS4o"
     "NBA8vydQkrR90TXIcKw3z6dstT9AHU1F1cWTN81Di+o+D6HlVK81aUxQJFmVJL0JGbiXXdSFq6szY/HJj3mwzAT2"
     "S1oCSrGe/7QfTI4CzXORYC+zDVIO+f8yoXSQu0IcvhAEJ3v4T6p0uoNbE2+7c7MLIlztnOu6DLcm57YI7IJFX6s3"
     "ISk4CpDkcbBOG1NK988QbR0rXnAhByp29CyEFjSrodRRHPf9yGhQkgiMW51wrokO+ZXSfbWrvqt2LIE86M760LEn"
     "DPNRT6T8B7iokReo9wkcl++lohy9wcs/T3awOiC7UnslB4ewnXYrNVh6lMVXV4YArRg+TI9t",
     ""},
    {WrapScheme::ec_p256,
     "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCTVV7uJBzDtv0PqafHhGAowYykvMs6Gm/J/8GbYR"
     "DAOhRANCAATiH9OVwp1y9mNfPN4NFBTproNPJySbxPvVsrP39MSaMJfmWun1K3M/KBB1VTpxXuLhZ22utGfnV+VX"
     "1KinuV6B",
     "R9P+O0uLkp50B0EcAmPbOKahtit6MMr938mh4ucuCGVnBWpYU1saspUKFrxALeYqf6vR+cKG05u611HO",
     "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEvjfy1ZvoiMa5oY6MXlVMOuc4DqjO0/Cr8O0Te3/hpjcNLWum3j2w"
     "W6FWIjb0FKPQ5ez0R9ke14s2FeEJYQs8pg=="},
    {WrapScheme::ec_p384,
     "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDDYaG8aIIojQ7/Z4QpvjkCL+m2YVDB+fwMG27gJ3AZW"
     "RnWUV9ietON2g93YRK2TDb6hZANiAASOGPiEcuWeuamCuN3vXZbWYQhg8DSLoRvk1mnCDSsKs9IkAh6c1RpETrth"
     "i521wHSxA6ODe3wRPCu+ueDqw2j6sWfwD/3eEyLS23FPVW3aV2uG8kxqgYRZkpGNoeBmU6A=",
     "R8N8rlA1BE1ybaFZyweywR/f9d5NOZJrSgeHJRZPgkszb9EvUdVIl2VtufdhF1lsm0udfoBWfy0n2iq4",
     "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEZBjGohZPcMiQwjQtPGQJ2TDH+SPiMq5mFdW/PDot/Xli01nyJq6T99fD"
     "/TiWoWHjxfpL1zqMtTLdsA/b93ylNVztCbEcDhHqVxZlXSRkU8AOPh8Bw5sDuIiuKNYMS3c3"},
    {WrapScheme::ec_p521,
     "MIHuAgEAMBAGByqGSM49AgEGBSuBBAAjBIHWMIHTAgEBBEIAxwef+gY3Jzb3j3il/MCNpnFPNMQ++Dq8zLOuCT3t"
     "pz/H+MwG6SZvSkTPZCVC905IfXVQ6+HI6CXmN3T96GAyfPehgYkDgYYABAFTx9uYy1+274rMZwBbABvZjuCQmBoi"
     "b5wIiy63SqVAobFn6ONSgWs61FqtTRZuKHLA5+HO2Rxyx7YYQ/lgubvoEQGptD6IrsjYOFlauXtlQup9kMSzom0S"
     "gvcHDMRqH6FnWPFOe1cUcT2Z+O+fmtw3xEhwBYpQURwKZiYmMD1+8lskFw==",
     "GWjZCoaNDK0W/0UYhvyt3r8Rjl4XwrmrixlXdPTrUzq0I/MMPPrDMIXWN1Ntd0J1JGYczPfChFJCgvGA",
     "MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQBYNuW9aLwD0ig8x22aS1rl34ShgBkPwtBGuvLPDJY2HUZ9ysd8BXa"
     "VZ9iqKUEuB8sUUFOonlC8vv5iTjoFdcggokAvcPhuAOfdOoTq6cQtdxr4x8NIXMEGKO3oNqt44/B8XmKPQypXeeU"
     "LfDLMU5/qailXaaZngTptsyzgcmADsnVb4c="},
    {WrapScheme::rsa2048,
     "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDXZubw2awrNXebfditU7WBO+jM1KSoty6zY/rP"
     "BgFiC4YUlyz0+auSCduFLgl2QzKdk+IQIqp9SyyCN4zsMt33tepaHulcTNG1NOC28DsjvicxKv1bDyGzVAHjQc7/"
     "Q4DkINmFdGZADTTDM0aaNcTEpgsGzsmJ9+4zfYIYhs7cG7Da7YAG1jgVCE5gPmGb+Z45mr9t3sAphh4+HutvYKoX"
     "y88HaBBN09+jjkJ464yk7NYxGfEQSjeJWmc9uvOmTS4I6kQbRkR1YjUB673cuRODvTCnp7R8/1DEYZn7wiAyz8P+"
     "wiXXZcVWJ4iYccPfakl/l4/5ejD5m3WB7tmizhp7AgMBAAECggEAVzGHcJ2cjQ0isqW5rUgCZCL9NNUrJkSoueNR"
     "5rW2n5qslu8vOqdKZV5qJzogiGfhOFphm0h9HSTuCnQ0LnTU124jRIHY0w0hoqmaAVOzjN9ve/67+j1g1fe+n+DG"
     "yxvnM/F8PAKHVYxC/HVoMgpr8XKJaiMRADGFkgBPRmBjokMxK1xZi5XeyKrfvuw8GV5V1XKcSrhXndzfJrlUpls9"
     "N1y17mslUyPNUD2kmhK7DkuCFlRDP8u6eQ8NjrhU3iyRTUsUSrNaae4/XfjplwspCpVHxOPkg9ZVDv0TFXU2D3op"
     "BZ770kn1AG/9usZCR06u3T/wD56mQ6tAZ2GQQdNrCQKBgQDnDTANT3r+5YcrXIn7spR6YryVKrjk7X42t9nWnhjU"
     "DRY0prq0y705FpLYkV7gYp6LkzU+y0WU+/THzXF+hpascnk3BaeBYfQ/gJ9ZfOEby5pdFQ8NTidMFfNCSYpW/ZN8"
     "iskTpHCcatB2PhYkcvSHGeEwOx45lfjz7PmnXUdNLQKBgQDuqR+lQzn3b6jj2UZNmRXJoBJm7XEVRrLonmsvUaS/"
     "qHmWhq/jX/SyunZLxVZzBpPh3CQUl01kWgaiOsefiiL0thlWmVCMlKTTMqZSrVMM3VBNeiWdGf32XhrLMwfNVNic"
     "aYC5VM08Wagqyd8NgNm15Ez01mjNPtDVkVldbnRfRwKBgCBmQwS6zn6L5SZ5dYfsBNIcomEwenjvrLEzmsJzrPuf"
     "UivT7X6Iy2ID/leMGwfQDHd6Dw9dJca8hhi2gGHDscFA1CqZCmIkQEHfYXkE//QL2vuOhmvRN8V9ln0HHvUP3eyq"
     "8YNlnbzxZYYPMr+ttwhy4pcG0zg0BZL++gs0E1mJAoGBAK4q6Dg/1ka3ywX0ozSv+lF5KtTIhRUk0h2mtswChfuE"
     "ZK8wPZ3ugfII15m2Or+Y1kUm1YHdZRJODLdJtDK+qYHyfo1PN5RQSfUC6pQ9fvVNcXQJJvf+ZvLrfBw8cn4rZCTJ"
     "bbJSq7BWMb6AMfJ1zOvL30lyS2s1Y0voVdI0cGKzAoGBAJRS7HFSg+QJQBpiu8zqwxVAIVt4EBwC7O5dVmzn6Un0"
     "n74eMxQnXQxDuuUMDbxSpu9I2dfo98fy0E4ZxyZulEEyKCnry0GpJT8etox7XqnxnWWAe7jnQ+RxbkAaruhrooGh"
     "g7K8ydHlzXyrL8kFGEsszJCtC/KynwGiHTZOo5WZ",
     "C8iO+AG2Fjo5yNQ8O3XTdeo4Qr80ZevFIq5t6KzVOl0i+8fHAvadleuPBm3V4ozxMiKgHHISALrGFmRsn7FAnKZx"
     "fzFYqEN23IkhaeUlkw82ZfEggtOoC7AQYYuaFGPOHjrUUWeK6sq+gWW7Un/ZOhlFBKw0N7NFvHbyKTCKovg2S+Z/"
     "spM3MfLQGJV3P9PsPtArnWnp86w/AMQfISP0SLrnFaEyC9QhvJ0LyxVfPC1KCwfyxsdv457mWCypMyuG2A/kimAB"
     "LhbWfPl+g2VJQIQ6I3MUetB1ojA1xw9UdXqP1+mEPwbEg+5dMGgFcbxnylBkFbNGmdcOfZj3NA3x+Q==",
     ""},
};
// clang-format on

} // namespace valise::crypto
