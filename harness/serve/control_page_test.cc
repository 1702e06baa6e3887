#include "serve/control_page.h"

#include "base/json.h"
#include "serve/testing.h"

namespace playhead::serve {
namespace {

class ControlPageTest : public ServeTest {};

TEST(ControlPage, IsAPathOfItsOwn) {
  for (const char* target : {"/_playhead", "/_playhead/", "/_playhead?a", "/_playhead/x?y"}) {
    EXPECT_TRUE(is_control(target)) << target;
  }
  for (const char* target : {"/", "*", "/_playheads", "/v1/_playhead/", "/?/_playhead/"}) {
    EXPECT_FALSE(is_control(target)) << target;
  }
}

TEST_F(ControlPageTest, TellsTheStateAsJson) {
  RecordedExchange first = exchange_of("GET", "/a");
  add_chunk(first, 0, "12345");
  RecordedExchange silent = exchange_of("GET", "/b");
  silent.end.reason = EndReason::idle_timeout;
  serve({first, silent, exchange_of("GET", "/c")});
  answer_to(get("/a"));
  answer_to(get("/x"));
  connect_client(get("/b"));
  until([&] { return server_->stats().open == 1; });
  const Answer answer = answer_to(get("/_playhead/state.json"));
  EXPECT_EQ(answer.head.status, 200);
  EXPECT_EQ(header_value(answer.head.headers, "Content-Type"), "application/json");
  const auto json = parse_json(answer.body);
  ASSERT_TRUE(json.ok()) << answer.body;
  const JsonValue* streams = member(*json, "streams");
  ASSERT_NE(streams, nullptr);
  EXPECT_EQ(json_text(*streams), R"({"open":1,"begun":2,"refused":0,"bytes":5})");
  const JsonValue* matching = member(*json, "matching");
  ASSERT_NE(matching, nullptr);
  const JsonValue* counts = member(*matching, "counts");
  ASSERT_NE(counts, nullptr);
  EXPECT_EQ(int_member(*counts, "requests"), 3);  // not those of this page
  EXPECT_EQ(int_member(*counts, "misses"), 1);
  EXPECT_EQ(int_member(*counts, "unused"), 1);
}

TEST_F(ControlPageTest, EscapesWhatComesFromOutside) {
  ServerOptions options;
  options.recordings.push_back(
      recording_of({exchange_of("GET", "/a"), exchange_of("PUT", "/<i>&\"'")}, "<b>\xff.rec"));
  serve(std::move(options));
  answer_to(
      "POST /<script> HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n\r\n{\"<s>\":\"<u>\"}");
  answer_to(get("/a"));
  const Answer answer = answer_to(get("/_playhead/"));
  EXPECT_EQ(header_value(answer.head.headers, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_NE(answer.body.find("POST /&lt;script&gt;"), std::string::npos) << answer.body;
  EXPECT_NE(answer.body.find("&lt;b&gt;\xef\xbf\xbd.rec"), std::string::npos) << answer.body;
  for (const char* text : {"<script", "<b>", "<i>", "<s>", "<u>", "http://", "https://"}) {
    EXPECT_EQ(answer.body.find(text), std::string::npos) << text << " in " << answer.body;
  }
  const auto policy = header_value(answer.head.headers, "Content-Security-Policy");
  EXPECT_TRUE(policy.starts_with("default-src 'none'")) << policy;
}

TEST_F(ControlPageTest, ListsWhatIsServedMissedAndLeftOver) {
  serve({exchange_of("GET", "/a"), exchange_of("GET", "/b")});
  const std::string before = answer_to(get("/_playhead")).body;
  EXPECT_NE(before.find("Requests: 0; served 0"), std::string::npos);
  EXPECT_NE(before.find("Exchanges left over: 2 of 2"), std::string::npos);
  answer_to(get("/a"));
  answer_to(get("/x"));
  const std::string after = answer_to(get("/_playhead/?again")).body;
  EXPECT_NE(
      after.find("Requests: 2; served 1, of these again 0; missed 1. Exchanges left over: 1 of 2"),
      std::string::npos)
      << after;
  EXPECT_NE(after.find("<code>GET /b</code>"), std::string::npos) << after;
  EXPECT_NE(after.find("no recorded exchange answers GET /x"), std::string::npos) << after;
}

// A name that anybody can have resolved to 127.0.0.1 is that of somebody else's page.
TEST_F(ControlPageTest, AnswersToLocalhostAndAddressesOnly) {
  serve({exchange_of("GET", "/a")});
  const auto status_for = [&](const std::string& host) {
    return answer_to("GET /_playhead/state.json HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
        .head.status;
  };
  for (const char* host : {"localhost", "LocalHost:80", "127.0.0.1", "127.0.0.1:8080", "[::1]",
                           "[::1]:80", "192.168.1.5:80"}) {
    EXPECT_EQ(status_for(host), 200) << host;
  }
  for (const char* host : {"evil.example", "evil.example:80", "localhost.evil.example",
                           "127.0.0.1.evil.example", "1.evil.example"}) {
    EXPECT_EQ(status_for(host), 403) << host;
  }
  EXPECT_EQ(answer_to("GET /_playhead/ HTTP/1.0\r\n\r\n").head.status, 403);
  // What was recorded is served under any name.
  EXPECT_EQ(answer_to("GET /a HTTP/1.1\r\nHost: evil.example\r\n\r\n").head.status, 200);
}

TEST_F(ControlPageTest, AnswersToTheNameItListensOn) {
  ServerOptions options;
  options.listen.host = "localhost";
  serve(std::move(options));
  EXPECT_EQ(answer_to(get("/_playhead/")).head.status, 200);
}

TEST_F(ControlPageTest, RefusesOtherMethodsAndPaths) {
  serve({exchange_of("GET", "/a")});
  const Answer posted =
      answer_to("POST /_playhead/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(posted.head.status, 405);
  const Answer unknown = answer_to(get("/_playhead/reset"));
  EXPECT_EQ(unknown.head.status, 404);
  EXPECT_TRUE(unknown.body.starts_with(R"({"error":{"type":"playhead",)")) << unknown.body;
  const Answer head = answer_to("HEAD /_playhead/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "HEAD");
  EXPECT_EQ(head.head.status, 200);
  EXPECT_TRUE(head.whole);
  EXPECT_EQ(server_->matcher().counts().requests, 0u);
}

}  // namespace
}  // namespace playhead::serve
