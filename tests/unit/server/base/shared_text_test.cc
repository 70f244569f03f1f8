#include "server/base/shared_text.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace satudata::base {
namespace {

TEST(SharedText, IsTheTextThatItWasMadeOf) {
  EXPECT_EQ(SharedText().str(), "");
  EXPECT_TRUE(SharedText("").empty());
  const SharedText text = "satuan";
  EXPECT_EQ(text, "satuan");
  EXPECT_EQ(text, SharedText(std::string("satuan")));
  EXPECT_FALSE(text == SharedText("lain"));
}

TEST(SharedText, IsSharedByItsCopies) {
  const SharedText text = "satuan";
  const SharedText copy = text;
  EXPECT_EQ(copy.str().data(), text.str().data());
}

TEST(SharedText, StaysWhereItWasMovedFrom) {
  SharedText text = "satuan";
  const SharedText moved = std::move(text);
  EXPECT_EQ(moved, "satuan");
  EXPECT_EQ(text, "satuan");  // NOLINT(bugprone-use-after-move): that is what is promised.
}

}  // namespace
}  // namespace satudata::base
