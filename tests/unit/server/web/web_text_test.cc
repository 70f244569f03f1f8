#include "server/web/web_text.h"

#include <random>
#include <string>

#include "gtest/gtest.h"
#include "server/catalog/failure.h"

namespace satudata::web {
namespace {

TEST(WebText, OnePieceOfAnyLength) {
  for (const char* bytes : {"", "a", "ab", "abc", "abcd"})
    EXPECT_EQ(DecodeText(EncodeText(bytes)).value(), bytes);
  EXPECT_EQ(EncodeText("ab"), "YWI=");
}

TEST(WebText, PiecesThatArePaddedEachByItself) {
  EXPECT_EQ(DecodeText("YQ==YQ==").value(), "aa");
  EXPECT_EQ(DecodeText("YWI=YWJjYWI=").value(), "ababcab");
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string bytes;
    std::string text;
    for (unsigned piece = random() % 6; piece > 0; --piece) {
      std::string part(random() % 50, '\0');
      for (char& byte : part) byte = static_cast<char>(random());
      bytes += part;
      text += EncodeText(part);
    }
    EXPECT_EQ(DecodeText(text).value(), bytes);
  }
}

TEST(WebText, WhatIsNoBase64IsRefused) {
  for (const char* text : {"a", "ab", "abc", "YWI", "YQ=", "=", "====", "Y===", "YQ==Y", "YW I=", "YWI=\n",
                           "YQ=a", "_-8=", "YQ..", "%00a", "YQ==="}) {
    const auto decoded = DecodeText(text);
    EXPECT_EQ(catalog::FailureOf(decoded.status()).reason, catalog::Reason::kRequestMalformed) << text;
  }
}

}  // namespace
}  // namespace satudata::web
