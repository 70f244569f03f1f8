#include "server/web/static_pages.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/web/accept_encoding.h"

namespace satudata::web {
namespace {

using testing::HasSubstr;

// What httplib would send.
std::string BodyOf(const httplib::Response& response) {
  if (!response.content_provider_) return response.body;
  std::string body;
  httplib::DataSink sink;
  sink.write = [&body](const char* data, size_t size) {
    body.append(data, size);
    return true;
  };
  while (body.size() < response.content_length_) {
    EXPECT_TRUE(response.content_provider_(body.size(), response.content_length_ - body.size(), sink));
  }
  return body;
}

class StaticPagesTest : public testing::Test {
 protected:
  StaticPagesTest()
      : pages_({{"/index.html", "<page>"},
                {"/index.html.br", "brotli page"},
                {"/favicon.svg", "<svg>"},
                {"/assets/app-1a2b.js", "script"},
                {"/assets/app-1a2b.js.br", "br script"},
                {"/assets/app-1a2b.js.gz", "gz script"},
                {"/assets/big.woff2", std::string(600 << 10, 'f')},
                {"/assets/empty.css", ""},
                {"/alone.gz", "an archive"}}) {}

  httplib::Response Get(const std::string& target, httplib::Headers headers = {}) {
    httplib::Request request;
    request.method = "GET";
    request.target = target;
    request.headers = std::move(headers);
    httplib::Response response;
    pages_.Answer(request, response);
    if (response.status == -1) response.status = 200;
    return response;
  }

  StaticPages pages_;
};

TEST_F(StaticPagesTest, FilesHaveTheirTypes) {
  EXPECT_EQ(Get("/").get_header_value("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(BodyOf(Get("/")), "<page>");
  EXPECT_EQ(Get("/favicon.svg").get_header_value("Content-Type"), "image/svg+xml");
  EXPECT_EQ(Get("/assets/app-1a2b.js").get_header_value("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(Get("/assets/big.woff2").get_header_value("Content-Type"), "font/woff2");
  EXPECT_EQ(BodyOf(Get("/assets/big.woff2")).size(), size_t{600 << 10});
  EXPECT_EQ(BodyOf(Get("/assets/empty.css")), "");
  EXPECT_EQ(BodyOf(Get("/alone.gz")), "an archive");
}

TEST_F(StaticPagesTest, OnlyHashedNamesAreKept) {
  EXPECT_EQ(Get("/assets/app-1a2b.js").get_header_value("Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(Get("/").get_header_value("Cache-Control"), "no-cache");
  EXPECT_EQ(Get("/favicon.svg").get_header_value("Cache-Control"), "no-cache");
  EXPECT_EQ(Get("/assets/").get_header_value("Cache-Control"), "no-cache");
}

TEST_F(StaticPagesTest, AddressesOfThePageAreThePage) {
  for (const char* target :
       {"/", "/index.html", "/?x=1", "/runs/r-1", "/files/a%20b", "/assets/nothing", "/x/"}) {
    EXPECT_EQ(Get(target).status, 200) << target;
    EXPECT_EQ(BodyOf(Get(target)), "<page>") << target;
  }
}

TEST_F(StaticPagesTest, WhatIsNotThereIsNotFound) {
  for (const char* target : {"/x.js",
                             "/assets/app.js",
                             "/../etc/passwd",
                             "/assets/../index.html",
                             "/assets/..",
                             "/./index.html",
                             "/%2e%2e/etc",
                             "/assets%2fapp-1a2b.js",
                             "/assets%2Fapp-1a2b.js",
                             "/a%5cb",
                             "/a\\b",
                             "/a%00",
                             "/a%0a",
                             "/a%",
                             "/a%2",
                             "/a%zz",
                             "",
                             "*",
                             "x",
                             "/assets/app-1a2b.js.br",
                             "/index.html.br"}) {
    EXPECT_EQ(Get(target).status, 404) << target;
  }
}

TEST_F(StaticPagesTest, TheSmallestFormThatIsTakenIsSent) {
  const auto form = [this](const std::string& accepted) {
    const httplib::Response response = Get("/assets/app-1a2b.js", {{"Accept-Encoding", accepted}});
    EXPECT_EQ(response.get_header_value("Vary"), "Accept-Encoding");
    return response.get_header_value("Content-Encoding") + ":" + BodyOf(response);
  };
  EXPECT_EQ(form("gzip, deflate, br"), "br:br script");
  EXPECT_EQ(form("gzip"), "gzip:gz script");
  EXPECT_EQ(form("gzip;q=0.5, br;q=0"), "gzip:gz script");
  EXPECT_EQ(form("*"), "br:br script");
  EXPECT_EQ(form(""), ":script");
  EXPECT_EQ(form("identity"), ":script");
  EXPECT_FALSE(Get("/favicon.svg", {{"Accept-Encoding", "br"}}).has_header("Content-Encoding"));
  EXPECT_FALSE(Get("/favicon.svg").has_header("Vary"));
}

TEST_F(StaticPagesTest, WhatTheClientHasIsNotSentAgain) {
  const std::string plain = Get("/").get_header_value("ETag");
  const std::string brotli = Get("/", {{"Accept-Encoding", "br"}}).get_header_value("ETag");
  EXPECT_NE(plain, brotli);
  for (const std::string& known : {plain, "W/" + plain, "\"x\", " + plain, std::string("*")}) {
    const httplib::Response response = Get("/", {{"If-None-Match", known}});
    EXPECT_EQ(response.status, 304) << known;
    EXPECT_EQ(BodyOf(response), "");
    EXPECT_EQ(response.get_header_value("ETag"), plain);
    EXPECT_EQ(response.get_header_value("Cache-Control"), "no-cache");
  }
  EXPECT_EQ(Get("/", {{"If-None-Match", brotli}}).status, 200);
  EXPECT_EQ(Get("/", {{"If-None-Match", brotli}, {"Accept-Encoding", "br"}}).status, 304);
}

TEST(StaticPages, SayThatNothingIsInstalled) {
  const StaticPages pages{PageFiles()};
  httplib::Request request;
  request.target = "/";
  httplib::Response response;
  pages.Answer(request, response);
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("belum dipasang"));
  EXPECT_THAT(response.body, HasSubstr("not installed"));
}

TEST(AcceptEncoding, WeightsDecide) {
  EXPECT_TRUE(Accepts("br", "br"));
  EXPECT_TRUE(Accepts("gzip , BR ; q=0.1", "br"));
  EXPECT_TRUE(Accepts("*;q=0.1", "br"));
  EXPECT_TRUE(Accepts("*;q=0, br", "br"));
  for (const char* value :
       {"", "gzip", "br;q=0", "br;q=0.000", "br;q=x", "*;q=0", "*, br;q=0", "brotli", ",;,"}) {
    EXPECT_FALSE(Accepts(value, "br")) << value;
  }
}

}  // namespace
}  // namespace satudata::web
