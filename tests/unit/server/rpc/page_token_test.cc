#include "server/rpc/page_token.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "satudata/integration/v1/catalog_service.pb.h"
#include "satudata/integration/v1/integration_service.pb.h"
#include "server/base/random.h"
#include "server/catalog/failure.h"

namespace satudata::rpc {
namespace {

namespace v1 = ::satudata::integration::v1;

v1::ListFilesRequest Request() {
  v1::ListFilesRequest request;
  request.set_text("padi");
  request.set_page_size(10);
  return request;
}

bool IsRefused(const google::protobuf::Message& request) {
  const auto cursor = PageCursor(request);
  return !cursor.ok() && cursor.status().code() == absl::StatusCode::kInvalidArgument &&
         catalog::FailureOf(cursor.status()).reason == catalog::Reason::kPageTokenInvalid;
}

TEST(PageToken, BeginsWithoutACursor) { EXPECT_EQ(PageCursor(Request()).value(), ""); }

TEST(PageToken, GivesBackTheCursor) {
  for (const std::string& cursor : {std::string("65f0"), std::string("\0\xFF?", 3), std::string(128, 'x')}) {
    v1::ListFilesRequest request = Request();
    request.set_page_token(MakePageToken(request, cursor));
    EXPECT_EQ(PageCursor(request).value(), cursor);
  }
}

TEST(PageToken, LetsThePageSizeChange) {
  v1::ListFilesRequest request = Request();
  request.set_page_token(MakePageToken(request, "65f0"));
  request.set_page_size(500);
  EXPECT_TRUE(PageCursor(request).ok());
}

TEST(PageToken, LetsWhatIsSkippedChange) {
  v1::ListFilesRequest request = Request();
  request.set_skip(99'000);
  request.set_page_token(MakePageToken(request, "65f0"));
  request.set_skip(0);
  EXPECT_EQ(PageCursor(request).value(), "65f0");
}

TEST(PageToken, RefusesAnotherRequestsToken) {
  v1::ListFilesRequest request = Request();
  request.set_page_token(MakePageToken(request, "65f0"));
  request.set_text("jagung");
  EXPECT_TRUE(IsRefused(request));
}

TEST(PageToken, RefusesAnotherMethodsToken) {
  v1::ListRunsRequest other;
  other.set_page_token(MakePageToken(v1::ListDeliveriesRequest(), "65f0"));
  EXPECT_TRUE(IsRefused(other));
}

TEST(PageToken, RefusesAChangedByteAnywhere) {
  v1::ListFilesRequest request = Request();
  const std::string token = MakePageToken(request, "65f0a1");
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    request.set_page_token(changed);
    EXPECT_TRUE(IsRefused(request)) << i;
  }
}

TEST(PageToken, RefusesWhatIsOursButForBlanksAndPadding) {
  v1::ListFilesRequest request = Request();
  const std::string token = MakePageToken(request, "65f0a1");
  for (const std::string& changed : {token + "=", token + " ", "\n" + token}) {
    request.set_page_token(changed);
    EXPECT_TRUE(IsRefused(request)) << changed;
  }
}

TEST(PageToken, RefusesGarbage) {
  v1::ListFilesRequest request = Request();
  const base::Uniform dice = base::SeededUniform(7);
  for (int i = 0; i < 2000; ++i) {
    std::string token(1 + static_cast<size_t>(dice() * 80), ' ');
    for (char& c : token) c = static_cast<char>(33 + dice() * 94);
    request.set_page_token(token);
    EXPECT_TRUE(IsRefused(request)) << token;
  }
  request.set_page_token(std::string(100'000, 'A'));
  EXPECT_TRUE(IsRefused(request));
}

TEST(PageToken, TrimsThePageToItsLimit) {
  std::vector<int> items = {1, 2, 3};
  EXPECT_TRUE(TrimPage(2, &items));
  EXPECT_EQ(items, (std::vector<int>{1, 2}));
  EXPECT_FALSE(TrimPage(2, &items));
}

}  // namespace
}  // namespace satudata::rpc
