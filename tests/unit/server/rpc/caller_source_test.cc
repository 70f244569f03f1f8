#include "server/rpc/caller_source.h"

#include <string>

#include "gtest/gtest.h"

namespace satudata::rpc {
namespace {

TEST(CallerSource, IsThePeerWithoutItsPort) {
  EXPECT_EQ(SourceOf("ipv4:10.0.0.1:4711", {}), "ipv4:10.0.0.1");
  EXPECT_EQ(SourceOf("ipv6:%5B2001:db8::1%5D:4711", {}), "ipv6:%5B2001:db8::1%5D");
}

TEST(CallerSource, APeerCannotSpeakForAnother) {
  EXPECT_EQ(SourceOf("ipv4:10.0.0.1:4711", {"203.0.113.7"}), "ipv4:10.0.0.1");
}

TEST(CallerSource, OfABridgedCallItIsTheFirstForwardedAddress) {
  EXPECT_EQ(SourceOf("unknown", {"203.0.113.7"}), "203.0.113.7");
  EXPECT_EQ(SourceOf("unknown", {" 2001:db8::7 , 10.0.0.1", "10.0.0.2"}), "2001:db8::7");
  EXPECT_EQ(SourceOf("unknown", {}), "in-process");
}

TEST(CallerSource, IsBounded) { EXPECT_LE(SourceOf("unknown", {std::string(10'000, '7')}).size(), 64U); }

}  // namespace
}  // namespace satudata::rpc
