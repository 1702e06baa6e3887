// What a miss and the account look like to people and programs.
#include "match/match_report.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/json.h"

namespace playhead::match {
namespace {

RecordedExchange exchange(int index, const char* method, const char* target, const char* body) {
  RecordedExchange out;
  out.index = index;
  out.method = method;
  out.target = target;
  out.request_body = body;
  return out;
}

std::vector<Recording> sample() {
  Recording recording;
  recording.path = "bug.rec.zst";
  recording.exchanges = {exchange(1, "POST", "/v1/chat?key=k", R"({"model":"m","n":1})"),
                         exchange(2, "GET", "/v1/models", ""), exchange(3, "", "", "")};
  return {recording};
}

Miss miss_of(Matcher& matcher, const std::string& target, const std::string& body) {
  const Match match = matcher.take("POST", target, body);
  EXPECT_TRUE(std::holds_alternative<Miss>(match));
  return std::get<Miss>(match);
}

TEST(MatchReport, TellsAMiss) {
  const auto recordings = sample();
  Matcher matcher(recordings, {});
  const Miss miss = miss_of(matcher, "/v1/chat?key=secret", R"({"model":"x","t":[0.5]})");
  const std::string message =
      "no recorded exchange answers POST /v1/chat; nearest is exchange 1 of bug.rec.zst: /model "
      "and "
      "2 more places differ; 1 exchange was recorded without a request: only --match sequence "
      "serves it";
  EXPECT_EQ(miss_message(miss), message);
  EXPECT_EQ(miss_text(miss), message +
                                 "\n  /model: recorded \"m\", sent \"x\"\n"
                                 "  /n: recorded 1, sent nothing\n"
                                 "  /t: recorded nothing, sent [0.5]\n");
  EXPECT_EQ(miss_json(miss),
            R"({"error":{"type":"playhead_no_match","message":")" + message +
                R"(","reason":"differs","nearest":{"recording":"bug.rec.zst","exchange":1,)"
                R"("method":"POST","target":"/v1/chat"},"differences":[)"
                R"({"at":"/model","recorded":"m","sent":"x"},{"at":"/n","recorded":1},)"
                R"({"at":"/t","sent":[0.5]}],"more_differences":0}})");
}

TEST(MatchReport, TellsOtherReasons) {
  auto recordings = sample();
  MatchOptions once;
  once.repeat_last = false;
  Matcher used_up(recordings, once);
  used_up.take("GET", "/v1/models", "");
  const Match again = used_up.take("GET", "/v1/models", "");
  EXPECT_EQ(miss_message(std::get<Miss>(again)),
            "all recorded exchanges for GET /v1/models are used up; the last is exchange 2 of "
            "bug.rec.zst");

  recordings[0].exchanges.erase(recordings[0].exchanges.begin(),
                                recordings[0].exchanges.begin() + 2);
  Matcher no_requests(recordings, {});
  EXPECT_EQ(miss_message(miss_of(no_requests, "/a", "")),
            "no recorded exchange answers POST /a; 1 exchange was recorded without a request: only "
            "--match sequence serves it");

  const std::vector<Recording> empty;
  Matcher nothing(empty, {});
  const Miss miss = miss_of(nothing, "/a", "");
  EXPECT_EQ(miss_message(miss), "no recorded exchange answers POST /a: the recordings hold none");
  const auto json = parse_json(miss_json(miss));
  ASSERT_TRUE(json);
  EXPECT_TRUE(member(*member(*json, "error"), "nearest")->IsNull());
}

TEST(MatchReport, TellsWhyABodyCannotBeCompared) {
  auto recordings = sample();
  recordings[0].meta.json = R"({"redacted":{"finished":true}})";
  RecordedExchange& recorded = recordings[0].exchanges[0];
  recordings[0].exchanges.resize(1);
  recorded.request_body = "xxxxxxxx";
  const auto message = [&recordings] {
    Matcher matcher(recordings, {});
    const Miss miss = miss_of(matcher, "/v1/chat", "12345678");
    EXPECT_EQ(miss_text(miss), miss_message(miss) + "\n");
    return miss_message(miss);
  };
  const std::string begin =
      "no recorded exchange answers POST /v1/chat; nearest is exchange 1 of bug.rec.zst: the "
      "recorded body ";
  const std::string end = "; only --match sequence serves it";
  EXPECT_EQ(message(), begin + "is masked whole" + end);
  recorded.request_headers = {{"content-encoding", "gzip"}, {"content-length", "8"}};
  EXPECT_EQ(message(), begin + "was compressed and is masked whole" + end);
  recorded.request_body.clear();
  EXPECT_EQ(message(), begin + "is missing: it could not be written" + end);
}

TEST(MatchReport, IsSmallAndWellFormedWhateverWasSent) {
  const auto recordings = sample();
  Matcher matcher(recordings, {});
  std::string body = "{";
  for (int i = 0; i < 1000; ++i) {
    body += "\"" + std::to_string(i) + std::string(1000, 'n') + "\":\"" + std::string(1000, 'v') +
            "\",";
  }
  const Miss large = miss_of(matcher, "/" + std::string(100'000, 'p'), body + "\"z\":1}");
  EXPECT_LT(miss_json(large).size(), 20'000u);
  EXPECT_LT(miss_text(large).size(), 20'000u);
  ASSERT_TRUE(parse_json(miss_json(large)));

  const Miss odd = miss_of(matcher, "/\xff\x1b[2J", "\xff\n\x1b[2J");
  EXPECT_TRUE(parse_json(miss_json(odd))) << miss_json(odd);
  EXPECT_EQ(miss_text(odd).find('\x1b'), std::string::npos);
  EXPECT_TRUE(parse_json(state_json(matcher)));
}

TEST(MatchReport, ListsTheAccount) {
  const auto recordings = sample();
  Matcher matcher(recordings, {});
  matcher.take("POST", "/v1/chat", R"({"n":1,"model":"m"})");
  matcher.take("POST", "/v1/chat", R"({"n":1,"model":"m"})");
  matcher.take("DELETE", "/v1/models", "");
  EXPECT_EQ(
      state_json(matcher),
      R"({"mode":"exact","counts":{"requests":3,"hits":2,"repeated":1,"misses":1,"exchanges":3,)"
      R"("unused":2},"served":[{"recording":"bug.rec.zst","exchange":1,"method":"POST",)"
      R"("target":"/v1/chat","times":2}],"missed":[{"method":"DELETE","target":"/v1/models",)"
      R"("message":"no recorded exchange answers DELETE /v1/models; nearest is exchange 2 of )"
      R"(bug.rec.zst: method differs; 1 exchange was recorded without a request: only )"
      R"(--match sequence serves it","reason":"differs","nearest":{"recording":"bug.rec.zst",)"
      R"("exchange":2,"method":"GET","target":"/v1/models"},"differences":[{"at":"method",)"
      R"("recorded":"GET","sent":"DELETE"}],"more_differences":0}],"unused":[)"
      R"({"recording":"bug.rec.zst","exchange":2,"method":"GET","target":"/v1/models"},)"
      R"({"recording":"bug.rec.zst","exchange":3,"method":"","target":""}]})");
  EXPECT_EQ(unused_text(matcher),
            "unused: exchange 2 of bug.rec.zst (GET /v1/models)\n"
            "unused: exchange 3 of bug.rec.zst\n");
}

TEST(MatchReport, ListsSoManyExchanges) {
  Recording recording;
  recording.path = "a.rec";
  for (std::size_t i = 0; i < kListedMax; ++i) {
    recording.exchanges.push_back(exchange(static_cast<int>(i) + 1, "GET", "/", ""));
  }
  const auto listed = [](const std::vector<Recording>& recordings) {
    const Matcher matcher(recordings, {});
    const auto json = parse_json(state_json(matcher));
    EXPECT_TRUE(json);
    return std::pair(member(*json, "unused")->Size(),
                     unused_text(matcher).find("more") != std::string::npos);
  };
  EXPECT_EQ(listed({recording}), std::pair(static_cast<unsigned>(kListedMax), false));
  recording.exchanges.push_back(exchange(static_cast<int>(kListedMax) + 1, "GET", "/", ""));
  EXPECT_EQ(listed({recording}), std::pair(static_cast<unsigned>(kListedMax), true));
  const std::vector<Recording> one_more{recording};
  const std::string text = unused_text(Matcher(one_more, {}));
  EXPECT_TRUE(text.ends_with("unused: 1 more\n"));
}

}  // namespace
}  // namespace playhead::match
