// Matching: exact, by fields and in sequence; repeats, masks, misses and the account.
#include "match/matcher.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "recording/redaction.h"

namespace playhead::match {
namespace {

struct Asked {
  std::string method;
  std::string target;
  std::string body;
};

Recording recording(const std::string& path, const std::vector<Asked>& requests) {
  Recording out;
  out.path = path;
  for (const Asked& asked : requests) {
    RecordedExchange exchange;
    exchange.index = static_cast<int>(out.exchanges.size()) + 1;
    exchange.method = asked.method;
    exchange.target = asked.target;
    exchange.request_body = asked.body;
    out.exchanges.push_back(exchange);
  }
  return out;
}

MatchOptions options(const char* text = "exact", bool repeat_last = true) {
  auto parsed = parse_match(text);
  EXPECT_TRUE(parsed) << text;
  parsed->repeat_last = repeat_last;
  return std::move(parsed).value();
}

// "0.1", "0.1 again", or why and what is nearest: "differs a.rec 2".
std::string shown(const Match& match) {
  if (const Hit* hit = std::get_if<Hit>(&match)) {
    return std::to_string(hit->recording) + "." + std::to_string(hit->exchange) +
           (hit->repeated ? " again" : "");
  }
  const Miss& miss = std::get<Miss>(match);
  const std::vector<std::string> reasons{"differs", "used up", "no requests", "no exchanges"};
  std::string out = reasons[static_cast<std::size_t>(miss.reason)];
  if (miss.nearest) {
    out += " " + miss.nearest->recording + " " + std::to_string(miss.nearest->exchange);
  }
  return out;
}

std::string post(Matcher& matcher, const std::string& body, const char* target = "/v1/chat") {
  return shown(matcher.take("POST", target, body));
}

TEST(Matcher, MatchesExactly) {
  const std::vector<Recording> recordings{
      recording("a.rec",
                {{"POST", "/v1/chat", R"({"model":"m","n":1})"}, {"GET", "/v1/models", ""}}),
      recording("b.rec", {{"POST", "/v1/chat", R"({"model":"k"})"}})};
  struct Row {
    const char* law;
    Asked asked;
    const char* match;
  };
  const std::vector<Row> rows{
      {"as recorded", {"POST", "/v1/chat", R"({"model":"m","n":1})"}, "0.0"},
      {"written otherwise", {"POST", "/v1/chat", "{ \"n\":1.0, \"model\":\"\\u006d\" }"}, "0.0"},
      {"of another file", {"POST", "/v1/chat?key=secret", R"({"model":"k"})"}, "1.0"},
      {"without a body", {"GET", "/v1/models", ""}, "0.1"},
      {"another method", {"PUT", "/v1/chat", R"({"model":"m","n":1})"}, "differs a.rec 1"},
      {"another path", {"POST", "/v1/chat/", R"({"model":"k"})"}, "differs b.rec 1"},
      {"another query", {"POST", "/v1/chat?alt=sse", R"({"model":"k"})"}, "differs b.rec 1"},
      {"a member more", {"POST", "/v1/chat", R"({"model":"k","n":1})"}, "differs a.rec 1"},
      {"no body", {"POST", "/v1/chat", ""}, "differs b.rec 1"},
      {"a body", {"GET", "/v1/models", "{}"}, "differs a.rec 2"},
  };
  for (const Row& row : rows) {
    Matcher matcher(recordings, options());
    EXPECT_EQ(shown(matcher.take(row.asked.method, row.asked.target, row.asked.body)), row.match)
        << row.law;
  }
}

TEST(Matcher, TakesEqualExchangesInOrder) {
  const std::vector<Recording> recordings{
      recording("a.rec", {{"POST", "/v1/chat", "{}"}, {"POST", "/v1/chat", "[]"}}),
      recording("b.rec", {{"POST", "/v1/chat", " {} "}})};
  Matcher repeating(recordings, options());
  for (const char* expected : {"0.0", "1.0", "1.0 again", "1.0 again"}) {
    EXPECT_EQ(post(repeating, "{}"), expected);
  }
  EXPECT_EQ(post(repeating, "[]"), "0.1");
  const MatchCounts counts = repeating.counts();
  EXPECT_EQ(counts.requests, 5u);
  EXPECT_EQ(counts.hits, 5u);
  EXPECT_EQ(counts.repeated, 2u);
  EXPECT_EQ(counts.unused, 0u);

  Matcher once(recordings, options("exact", false));
  for (const char* expected : {"0.0", "1.0", "used up b.rec 1"}) {
    EXPECT_EQ(post(once, "{}"), expected);
  }
  EXPECT_EQ(once.counts().misses, 1u);
  EXPECT_EQ(once.counts().unused, 1u);
}

TEST(Matcher, MatchesFields) {
  const std::vector<Recording> recordings{recording(
      "a.rec", {{"POST", "/v1/chat", R"({"model":"m","messages":[{"content":"a"}],"seed":1})"},
                {"POST", "/v1/chat", R"({"model":"m","messages":[{"content":"b"}],"seed":1})"}})};
  Matcher matcher(recordings, options("fields=model,/messages/0/content"));
  EXPECT_EQ(post(matcher, R"({"messages":[{"content":"b"},7],"model":"m","seed":2})"), "0.1");
  EXPECT_EQ(post(matcher, R"({"messages":[{"content":"c"}],"model":"m","seed":1})"),
            "differs a.rec 1");
  EXPECT_EQ(post(matcher, R"({"messages":[{"content":"b"}]})"), "differs a.rec 2");
  EXPECT_EQ(post(matcher, "model=m"), "differs a.rec 1");
}

TEST(Matcher, ServesASequenceForEachMethodAndTarget) {
  const std::vector<Recording> recordings{recording("a.rec", {{"POST", "/v1/chat", "1"},
                                                              {"GET", "/v1/models", ""},
                                                              {"POST", "/v1/chat", "2"},
                                                              {"POST", "/v1/chat", "3"}})};
  Matcher matcher(recordings, options("sequence"));
  EXPECT_EQ(post(matcher, "3"), "0.0");
  EXPECT_EQ(post(matcher, "3"), "0.2");
  EXPECT_EQ(shown(matcher.take("GET", "/v1/models", "")), "0.1");
  EXPECT_EQ(post(matcher, "1", "/v1/other"), "differs a.rec 1");
  EXPECT_EQ(post(matcher, "1"), "0.3");
  EXPECT_EQ(post(matcher, "1"), "used up a.rec 4");
}

// The stream of a case, and a body that was imported without its request.
TEST(Matcher, ServesExchangesWithoutRequestInSequenceOnly) {
  std::vector<Recording> recordings{recording("case.md", {{"", "", ""}}),
                                    recording("a.rec", {{"POST", "/v1/chat", "{}"}}),
                                    recording("body.sse", {{"POST", "/", ""}})};
  recordings[2].meta.origin = "imported";
  Matcher sequence(recordings, options("sequence"));
  for (const char* expected : {"0.0", "1.0", "2.0", "used up a.rec 1"}) {
    EXPECT_EQ(post(sequence, "{}"), expected);
  }

  Matcher exact(recordings, options());
  EXPECT_EQ(post(exact, "{}"), "1.0");
  EXPECT_EQ(post(exact, "", "/"), "differs a.rec 1");
  EXPECT_EQ(exact.misses().at(0).without_request, 2u);

  recordings.erase(recordings.begin() + 1);
  Matcher none(recordings, options());
  EXPECT_EQ(post(none, "{}"), "no requests");
  Matcher used_up(recordings, options("sequence"));
  EXPECT_EQ(post(used_up, "{}", "/a"), "0.0");
  EXPECT_EQ(post(used_up, "{}", "/b"), "1.0");
  EXPECT_EQ(post(used_up, "{}", "/c"), "used up body.sse 1");

  const std::vector<Recording> empty;
  Matcher nothing(empty, options());
  EXPECT_EQ(post(nothing, "{}"), "no exchanges");
}

Recording redacted(const std::string& path, const std::vector<Asked>& requests) {
  Recording out = recording(path, requests);
  out.meta.json = R"({"redacted":{"finished":true}})";
  return out;
}

TEST(Matcher, LetsMasksStandForTheirSecrets) {
  const std::vector<Recording> recordings{
      redacted("a.rec", {{"POST", "/v1/chat", R"({"user":"xxxxxxxx","n":1})"},
                         {"POST", "/v1/chat", R"({"n":1,"user":"xxxxxxxx"})"},
                         {"POST", "/v1/chat", R"({"n":1,"user":"abcdefgh"})"},
                         {"POST", "/u/xxxxxxxxx/chat?k=xxxxxxxx&key=xxxxx", "x=xxxxxxxx"}}),
      recording("b.rec", {{"POST", "/v1/chat", R"({"m":"xxxxxxxx"})"}})};
  Matcher matcher(recordings, options());
  EXPECT_EQ(post(matcher, R"({"n":1,"user":"12345678"})"), "0.0");
  EXPECT_EQ(post(matcher, R"({"n":1,"user":"abcdefgh"})"), "0.2") << "the unmasked one goes first";
  EXPECT_EQ(post(matcher, R"({"n":1,"user":"87654321"})"), "0.1");
  EXPECT_EQ(post(matcher, R"({"n":1,"user":"xxxxxxxx"})"), "0.1 again");
  EXPECT_EQ(post(matcher, R"({"n":1,"user":"1234567"})"), "differs a.rec 1");
  EXPECT_EQ(post(matcher, R"({"n":2,"user":"12345678"})"), "differs a.rec 1");
  EXPECT_EQ(post(matcher, "x=abcdefgh", "/u/me-myself/chat?k=sk-45678&key=any"), "0.3");
  EXPECT_EQ(post(matcher, R"({"m":"12345678"})"), "differs b.rec 1") << "text where none is masked";
}

// It could be the mask of any body.
TEST(Matcher, LetsABodyThatIsMaskedWholeStandForNone) {
  std::vector<Recording> recordings{
      redacted("a.rec", {{"POST", "/v1/zip", "xxxxxxxxx"}, {"POST", "/v1/zip", "xxxxxxxx="}})};
  RecordedExchange& zipped = recordings[0].exchanges[0];
  zipped.request_headers = {{"Content-Encoding", "gzip"}};
  const std::string gzip = "\x1f\x8b\"\xff 5678";
  for (const char* mode : {"exact", "fields=model"}) {
    Matcher matcher(recordings, options(mode));
    EXPECT_EQ(post(matcher, gzip, "/v1/zip"), "differs a.rec 1");
    EXPECT_EQ(matcher.misses()[0].loss, BodyLoss::compressed);
    EXPECT_TRUE(matcher.misses()[0].differences.shown.empty());
    EXPECT_EQ(post(matcher, gzip, "/v1/zap"), "differs a.rec 1");
    EXPECT_EQ(matcher.misses()[1].loss, BodyLoss::none) << "another path is not served anyway";
    EXPECT_EQ(post(matcher, "12345678=", "/v1/zip"), "0.1");
    // With the first eight bytes masked, as in the second one, it is the first.
    EXPECT_EQ(post(matcher, "12345678x", "/v1/zip"), "differs a.rec 1");
    EXPECT_EQ(post(matcher, "xxxxxxxxx", "/v1/zip"), "0.0") << "masked itself";
  }
  Matcher sequence(recordings, options("sequence"));
  EXPECT_EQ(post(sequence, "any", "/v1/zip"), "0.0");
  recordings[0].exchanges[1].request_body = R"({"a":1,"b":2,"c":3})";
  Matcher mixed(recordings, options());
  EXPECT_EQ(post(mixed, R"({"d":4})", "/v1/zip"), "differs a.rec 2") << "JSON is nearer to JSON";
  EXPECT_EQ(post(mixed, gzip, "/v1/zip"), "differs a.rec 1");

  zipped.request_headers = {{"Content-Encoding", "Identity"}};
  Matcher plain(recordings, options());
  EXPECT_EQ(post(plain, gzip, "/v1/zip"), "differs a.rec 1");
  EXPECT_EQ(plain.misses()[0].loss, BodyLoss::masked);

  recordings[0].meta.json = "{}";
  Matcher unmasked(recordings, options());
  EXPECT_EQ(post(unmasked, gzip, "/v1/zip"), "differs a.rec 1");
  EXPECT_EQ(unmasked.misses()[0].loss, BodyLoss::none);
  EXPECT_EQ(unmasked.misses()[0].differences.shown.size(), 1u);
}

// A disk that is full takes the head of a request, and not its body.
TEST(Matcher, TellsAMissingBodyFromAnEmptyOne) {
  std::vector<Recording> recordings{
      recording("a.rec", {{"POST", "/v1/chat", ""}, {"POST", "/v1/chat", ""}})};
  recordings[0].exchanges[0].request_headers = {{"Content-Length", "10"}};
  recordings[0].exchanges[1].request_headers = {{"content-length", "0"}};
  Matcher both(recordings, options());
  EXPECT_EQ(post(both, ""), "0.1");
  recordings[0].exchanges.pop_back();
  for (const char* mode : {"exact", "fields=model"}) {
    Matcher matcher(recordings, options(mode));
    for (const char* body : {"", "{}", "0123456789"}) {
      EXPECT_EQ(post(matcher, body), "differs a.rec 1") << mode << " " << body;
      EXPECT_EQ(matcher.misses().back().loss, BodyLoss::missing);
    }
  }
  Matcher sequence(recordings, options("sequence"));
  EXPECT_EQ(post(sequence, "any"), "0.0");
}

// As fetch() of Node sends a form; the boundary is random.
struct Upload {
  std::vector<Header> headers;
  std::string body;
};

Upload upload(const std::string& random, const std::string& purpose, const std::string& content) {
  const std::string boundary = "----formdata-undici-" + random;
  std::string body;
  const auto add = [&](const std::string& head, const std::string& value) {
    body += "--" + boundary + "\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + value +
            "\r\n";
  };
  add("name=\"purpose\"", purpose);
  add("name=\"file\"; filename=\"a.jsonl\"\r\nContent-Type: application/octet-stream", content);
  body += "--" + boundary + "--\r\n";
  return {{{"content-type", "multipart/form-data; boundary=" + boundary}}, body};
}

TEST(Matcher, MatchesUploadsWhateverTheirBoundary) {
  std::vector<Recording> recordings{recording("a.rec", {{"POST", "/v1/files", ""}})};
  RecordedExchange& recorded = recordings[0].exchanges[0];
  const Upload first = upload("012345678901", "batch", "{\"a\":1}\n{\"b\":[2]}\n");
  recorded.request_headers = first.headers;
  recorded.request_body = first.body;
  const auto ask = [](Matcher& matcher, const Upload& sent) {
    return matcher.take("POST", "/v1/files", sent.body, sent.headers);
  };
  for (const char* mode : {"exact", "fields=model"}) {
    Matcher matcher(recordings, options(mode));
    EXPECT_EQ(shown(ask(matcher, upload("98765432109", "batch", "{\"a\":1}\n{\"b\":[2]}\n"))),
              "0.0");
    Upload quoted = upload("98765432109", "batch", "{\"a\":1}\n{\"b\":[2]}\n");
    quoted.headers = {
        {"Content-Type", "multipart/form-data; BOUNDARY=\"----formdata-undici-98765432109\""}};
    EXPECT_EQ(shown(ask(matcher, quoted)), "0.0 again");
    const Match match = ask(matcher, upload("98765432109", "user", "{\"a\":1}\n{\"b\":[2]}\n"));
    const Miss& miss = std::get<Miss>(match);
    ASSERT_EQ(miss.differences.shown.size(), 1u);
    EXPECT_EQ(miss.differences.shown[0].at, "part 1 (purpose)");
    EXPECT_NE(miss.differences.shown[0].sent.find("user"), std::string::npos);
    Upload untyped = first;
    untyped.headers.clear();
    EXPECT_EQ(shown(ask(matcher, untyped)), "differs a.rec 1");
  }
}

// Parts end where they end, not where another one's text says so.
TEST(Matcher, TellsPartsFromTheirLabels) {
  std::vector<Recording> recordings{
      recording("a.rec", {{"POST", "/", "--b\r\n1\r\n--b\r\n2\r\n--b--"}})};
  const std::vector<Header> headers{{"Content-Type", "multipart/mixed; boundary=b"}};
  recordings[0].exchanges[0].request_headers = headers;
  Matcher matcher(recordings, options());
  for (const char* content : {"1\npart 2  2", "1\npart 2  1 2", "1\n2"}) {
    const std::string body = "--b\r\n" + std::string(content) + "\r\n--b--";
    EXPECT_EQ(shown(matcher.take("POST", "/", body, headers)), "differs a.rec 1") << content;
  }
}

// The key of the environment, of a header, of a query and of a cookie.
TEST(Matcher, MasksTheSecretsOfARequestInItsMiss) {
  const std::string environment = "sk-proj-Environment0123";
  const std::string recorded_key = "a " + environment + " b";
  std::vector<Recording> recordings{
      recording("a.rec", {{"POST", "/v1/chat", R"({"k":")" + recorded_key + "\"}"}})};
  Matcher matcher(recordings, options(), {environment});
  const std::vector<Header> headers{{"Authorization", "Bearer sk-proj-Header0123"},
                                    {"Cookie", "session=Cookie012345"}};
  const std::string body = R"({"k":"c )" + environment +
                           R"( d","sk-proj-Header0123":"Cookie012345",)" + "\"url\":\"" +
                           base64("user:sk-proj-Header0123") + "\"}";
  const Match match =
      matcher.take("POST", "/v1/Query0123/sk-proj-Header0123?key=Query0123&a=1", body, headers);
  const Miss& miss = std::get<Miss>(match);
  const auto mask = [](const std::string& text) { return std::string(text.size(), 'x'); };
  EXPECT_EQ(miss.target, "/v1/" + mask("Query0123") + "/" + mask("sk-proj-Header0123") + "?a=1");
  std::vector<std::string> lines;
  for (const Difference& difference : miss.differences.shown) {
    lines.push_back(difference.at + ": " + difference.recorded + " -> " + difference.sent);
  }
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[2], "/k: \"a " + mask(environment) + " b\" -> \"c " + mask(environment) + " d\"");
  EXPECT_TRUE(lines[3].starts_with("/url:  -> \"")) << lines[3];
  EXPECT_EQ(lines[3].find(base64("user:sk-proj-Header0123").substr(8)), std::string::npos)
      << lines[3];
  EXPECT_EQ(lines[4], "/" + mask("sk-proj-Header0123") + ":  -> \"" + mask("Cookie012345") + "\"");

  // What is compressed cannot be searched.
  const Match zipped =
      matcher.take("POST", "/v1/chat", "zip zip zip", {{"Content-Encoding", "gzip"}});
  EXPECT_EQ(std::get<Miss>(zipped).differences.shown.at(0).sent, "\"" + mask("zip zip zip") + "\"");
  // Secrets match nevertheless.
  EXPECT_EQ(post(matcher, R"({"k":")" + recorded_key + "\"}"), "0.0");
}

TEST(Matcher, TriesSoManyLayoutsOfMasks) {
  // Masks that begin one byte later each time: as many layouts as requests, of one length.
  constexpr std::size_t kMask = recording::kSecretBytesMin;
  const auto masked = [](std::size_t at, char c) {
    std::string text(kMaskLayoutsMax + 2 * kMask, '-');
    return text.replace(at, kMask, kMask, c);
  };
  std::vector<Asked> requests;
  for (std::size_t i = 0; i <= kMaskLayoutsMax; ++i) {
    requests.push_back({"POST", "/v1/chat", masked(i, recording::kMaskByte)});
  }
  const std::vector<Recording> recordings{redacted("a.rec", requests)};
  Matcher matcher(recordings, options());
  const std::size_t last = kMaskLayoutsMax - 1;
  EXPECT_EQ(post(matcher, masked(last, 'y')), "0." + std::to_string(last));
  EXPECT_TRUE(post(matcher, masked(kMaskLayoutsMax, 'y')).starts_with("differs"));
  EXPECT_EQ(post(matcher, masked(kMaskLayoutsMax, recording::kMaskByte)),
            "0." + std::to_string(kMaskLayoutsMax));
}

// What a recorder stores of a request is found by that request, and with another key by the rest.
TEST(Matcher, MatchesWhatARedactorStored) {
  const std::string key = "sk-Abc123/Def456+Ghi";
  const auto token = [](const std::string& text) { return R"({"mcp":{"token":")" + text + "\"}}"; };
  const std::vector<std::string> bodies{token(key), token(base64("user:" + key))};
  recording::Redactor redactor;
  recording::RedactionNote note;
  std::vector<Recording> recordings{recording("a.rec", {{"POST", "", ""}, {"POST", "", ""}})};
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    RecordedExchange& stored = recordings[0].exchanges[i];
    recording::ExchangeRedactor exchange(redactor, note);
    stored.target = exchange.request("/v1/chat?key=" + key, {}).target;
    stored.request_body = exchange.request_body(bodies[i]);
    apply_corrections(exchange.finish(), stored);
    EXPECT_NE(stored.request_body, bodies[i]);
  }
  recording::set_redacted(recordings[0].meta, note.json(true));

  Matcher matcher(recordings, options());
  EXPECT_EQ(post(matcher, token("test-key-of-20-bytes"), "/v1/chat?key=test"), "0.0");
  EXPECT_EQ(post(matcher, token("a-shorter-key"), "/v1/chat?key=test"), "differs a.rec 1");
  EXPECT_EQ(post(matcher, bodies[0]), "0.0 again");
  EXPECT_EQ(post(matcher, bodies[1]), "0.1");
}

TEST(Matcher, NamesTheNearest) {
  const std::vector<Recording> recordings{
      recording("a.rec", {{"POST", "/v1/chat", R"({"m":"a","s":[1,2],"t":1})"},
                          {"POST", "/v1/chat", R"({"m":"a","s":[1,2],"t":2})"},
                          {"POST", "/v1/other", R"({"m":"b","s":[1],"t":3})"},
                          {"GET", "/v1/chat", R"({"m":"b","s":[1],"t":3})"}})};
  struct Row {
    const char* law;
    Asked asked;
    const char* match;
  };
  const std::vector<Row> rows{
      {"fewest", {"POST", "/v1/chat", R"({"m":"b","s":[1,2],"t":2})"}, "differs a.rec 2"},
      {"the first of equals",
       {"POST", "/v1/chat", R"({"m":"a","s":[1,2],"t":3})"},
       "differs a.rec 1"},
      {"the path goes first",
       {"POST", "/v1/other", R"({"m":"a","s":[1,2],"t":1})"},
       "differs a.rec 3"},
      {"then the method", {"GET", "/v1/chat", R"({"m":"a","s":[1,2],"t":1})"}, "differs a.rec 4"},
      {"then the body", {"PUT", "/nowhere", R"({"m":"b","s":[1],"t":4})"}, "differs a.rec 3"},
      {"nothing alike", {"POST", "/v1/chat", ""}, "differs a.rec 1"},
  };
  for (const Row& row : rows) {
    Matcher matcher(recordings, options());
    EXPECT_EQ(shown(matcher.take(row.asked.method, row.asked.target, row.asked.body)), row.match)
        << row.law;
  }
}

TEST(Matcher, TellsHowTheNearestDiffers) {
  const std::vector<Recording> recordings{
      recording("a.rec", {{"POST", "/v1/chat?key=x", R"({"model":"m","messages":["a","b"]})"}})};
  Matcher matcher(recordings, options());
  const Match match =
      matcher.take("POST", "/v1/chat?key=y", R"({"model":"n","messages":["a","b","c"]})");
  const Miss& miss = std::get<Miss>(match);
  EXPECT_EQ(miss.differences.shown,
            (std::vector<Difference>{{"/messages/2", "", "\"c\""}, {"/model", "\"m\"", "\"n\""}}));
  EXPECT_EQ(miss.target, "/v1/chat") << "a key is in no report";
  EXPECT_EQ(miss.nearest->target, "/v1/chat");
}

TEST(Matcher, NamesRecordings) {
  const std::vector<Recording> recordings{
      recording("a.rec", {{"GET", "/1", ""}}), recording("", {{"GET", "/2", ""}}),
      recording("b.rec", {{"GET", "/3", ""}}), recording("a.rec", {{"GET", "/4", ""}})};
  const Matcher matcher(recordings, options());
  std::vector<std::string> names;
  for (const ExchangeAccount& account : matcher.exchanges()) {
    names.push_back(account.name.recording);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"a.rec#1", "recording 2", "b.rec", "a.rec#2"}));
}

TEST(Matcher, KeepsTheFirstMissesAndCountsAll) {
  const std::vector<Recording> recordings{recording("a.rec", {{"POST", "/v1/chat", "{}"}})};
  Matcher matcher(recordings, options());
  for (std::size_t i = 0; i <= kMissesKeptMax; ++i) post(matcher, "[]");
  EXPECT_EQ(matcher.misses().size(), kMissesKeptMax);
  EXPECT_EQ(matcher.counts().misses, kMissesKeptMax + 1);
  EXPECT_EQ(matcher.counts().unused, 1u);
  EXPECT_EQ(matcher.exchanges().at(0).served, 0u);
}

// A conversation that grows: each request is found, the nearest to a stranger too.
TEST(Matcher, FindsTenThousandExchanges) {
  constexpr int kExchanges = 10'000;
  const auto body = [](int i) {
    std::string text = R"({"model":"m","id":)" + std::to_string(i) + R"(,"messages":[)";
    for (int k = 0; k < 20; ++k) text += "{\"content\":\"" + std::to_string(i * k) + "\"},";
    return text + "0]}";
  };
  std::vector<Asked> requests;
  for (int i = 0; i < kExchanges; ++i) requests.push_back({"POST", "/v1/chat", body(i)});
  const std::vector<Recording> recordings{recording("a.rec", requests)};
  Matcher matcher(recordings, options());
  for (int i = kExchanges; i-- > 0;) ASSERT_EQ(post(matcher, body(i)), "0." + std::to_string(i));
  EXPECT_EQ(matcher.counts().unused, 0u);
  EXPECT_EQ(post(matcher, body(7777).replace(10, 1, "n")), "differs a.rec 7778");
}

TEST(Matcher, KeepsSoManyLeaves) {
  std::string numbers = "0";
  for (std::size_t i = 2; i < kLeavesMax; ++i) numbers += ",0";
  std::vector<Asked> requests;
  for (std::size_t i = 0; i <= kLeavesKeptMax / kLeavesMax; ++i) {
    requests.push_back({"POST", "/v1/chat", "[" + std::to_string(i + 1) + "," + numbers + "]"});
  }
  const std::vector<Recording> recordings{recording("a.rec", requests)};
  Matcher matcher(recordings, options());
  const auto last = std::to_string(requests.size());
  const auto before = std::to_string(requests.size() - 1);
  // The last exchange is behind the limit: found, but not near.
  EXPECT_EQ(post(matcher, "[" + last + "," + numbers + "]"), "0." + before);
  EXPECT_EQ(post(matcher, "[" + last + "," + numbers + ",1]"), "differs a.rec 1");
  EXPECT_EQ(post(matcher, "[" + before + "," + numbers + ",1]"), "differs a.rec " + before);
}

}  // namespace
}  // namespace playhead::match
