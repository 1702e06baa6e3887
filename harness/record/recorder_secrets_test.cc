// Secret canaries through the whole relay: in all places, in all spellings, split at every offset.
// None is on the disk, while it records or after, nor in a line of the log.
#include <gtest/gtest.h>

#include "record/testing.h"

namespace playhead::record {
namespace {

const std::string kBearer = "sk-canary/Bearer+1\"2\\34567";
const std::string kQuery = "AIzaCanaryOfTheQuery99";
const std::string kCookie = "canary-of-the-cookie";
const std::string kSetCookie = "canary-of-set-cookie";
const std::string kVariable = "canary of a variable";
const std::string kApiKey = "canary-of-x-api-key-1";

std::string json_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string percent_encoded(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string base64(const std::string& text) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    unsigned bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      bits = bits << 8 | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j <= text.size() ? kLetters[bits >> (18 - 6 * j) & 63] : '=';
    }
  }
  return out;
}

const std::vector<std::string> kOfTheRequest = {kBearer, kQuery, kCookie, kVariable, kApiKey};
const std::vector<std::string> kAll = {kBearer, kQuery, kCookie, kVariable, kApiKey, kSetCookie};

std::string all_forms(const std::vector<std::string>& secrets) {
  std::string all;
  for (const std::string& one : secrets) {
    all += "<" + one + "><" + json_escaped(one) + "><" + percent_encoded(one) + "><" + base64(one) +
           ">";
  }
  return all;
}

class Secrets : public RelayTest {
 protected:
  static std::vector<std::string> canaries() {
    std::vector<std::string> all;
    for (const std::string& one : kAll) {
      // Base64 of a secret's last bytes also holds what stands behind it.
      const std::string encoded = base64(one);
      for (const std::string& form :
           {one, json_escaped(one), percent_encoded(one), encoded.substr(0, encoded.size() - 4)}) {
        all.push_back(form);
      }
    }
    return all;
  }
  void expect_clean(const std::string& text, const std::string& what) const {
    for (const std::string& canary : canaries()) {
      EXPECT_EQ(text.find(canary), std::string::npos) << what << ": " << canary;
    }
  }
  // Everything there is on the disk.
  std::string disk() const {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      all += entry.path().string() + "\n" + recording::bytes_of_file(entry.path().string());
    }
    return all;
  }
  std::string log() const {
    std::string all;
    for (const std::string& line : warnings_) all += line + "\n";
    for (const std::string& line : ended_) all += line + "\n";
    return all;
  }
  std::string request(const std::string& body) const {
    return post("/v1/x?key=" + kQuery + "&a=1", body,
                "Authorization: Bearer " + kBearer + "\r\nX-Api-Key: " + kApiKey +
                    "\r\nCookie: s=" + kCookie + "\r\nUser-Agent: " + kApiKey + "\r\n");
  }
};

TEST_F(Secrets, ReachNeitherDiskNorLog) {
  options_.secrets = {kVariable};
  options_.output = {folder_ / "x.rec", false};  // plain, so that the disk can be searched
  start();
  const std::string all = all_forms(kAll);
  Peer& to = client(request("{\"a\":\"" + all_forms(kOfTheRequest) + "\"}"));
  Peer& up = asked(0);
  for (const std::string& sent : kOfTheRequest) {
    ASSERT_NE(up.text().find(sent), std::string::npos);  // the upstream needs them
  }
  up.send("HTTP/1.1 200 OK\r\nSet-Cookie: s=" + kSetCookie + "; Path=/\r\nX-Echo: " + kBearer +
          "\r\nLocation: /?key=" + percent_encoded(kQuery) +
          "\r\nTransfer-Encoding: chunked\r\n\r\n");
  until([&] { return to.text().ends_with("\r\n\r\n"); });
  ASSERT_NE(to.text().find(kSetCookie), std::string::npos);
  pass(up, to, chunk(all));
  expect_clean(disk(), "while it records");
  pass(up, to, "0\r\nX-Trailer: " + kBearer + "\r\n\r\n");
  until_ended(1);
  stop();
  const Recording recording = load("x.rec");
  expect_clean(disk(), "finished");
  expect_clean(log(), "log");
  EXPECT_EQ(recording.exchanges.front().body.size(), all.size());
  EXPECT_NE(recording.meta.json.find("\"redacted\""), std::string::npos);
}

TEST_F(Secrets, AreFoundAcrossReads) {
  options_.output = {folder_ / "x.rec", false};
  start();
  std::size_t place = 0;
  for (const std::string& form : {kBearer, json_escaped(kBearer), base64(kBearer)}) {
    for (std::size_t cut = 1; cut < form.size(); cut += 3) {
      Peer& to = client(request("{}"));
      Peer& up = asked(place++);
      up.send(kChunkedHead);
      until([&] { return to.text().ends_with("\r\n\r\n"); });
      pass(up, to, chunk("data: " + form.substr(0, cut)));
      pass(up, to, chunk(form.substr(cut) + "\n\n") + "0\r\n\r\n");
      until_ended(place);
    }
  }
  expect_clean(disk(), "while it records");
  stop();
  expect_clean(disk(), "finished");
  for (const RecordedExchange& exchange : load("x.rec").exchanges) {
    EXPECT_EQ(exchange.chunks.size(), 2u);  // borders keep their places
    EXPECT_TRUE(exchange.body.starts_with("data: "));
    EXPECT_TRUE(exchange.body.ends_with("\n\n"));
  }
}

// Masked in its own place, left where it stands as a word.
TEST_F(Secrets, AreNoWords) {
  options_.secrets = {"postgres"};
  options_.output = {folder_ / "x.rec", false};
  start();
  const std::string body = "{\"a\":\"postgres takes anything\"}";
  Peer& to = client(post("/v1/x?key=anything", body, "Authorization: Bearer anything\r\n"));
  Peer& up = asked(0);
  up.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  until_ended(1);
  until([&] { return to.text().ends_with(body); });
  stop();
  EXPECT_EQ(recorder_->finished().front().masked_places, 2u);
  const RecordedExchange exchange = load("x.rec").exchanges.front();
  EXPECT_EQ(exchange.target, "/v1/x?key=xxxxxxxx");
  EXPECT_EQ(header_value(exchange.request_headers, "authorization"), "Bearer xxxxxxxx");
  EXPECT_EQ(exchange.request_body, body);
  EXPECT_EQ(exchange.body, body);
}

TEST_F(Secrets, HarmlessBytesAreThereWhenTheFileIsFinished) {
  options_.output = {folder_ / "x.rec", false};
  start();
  Peer& to = client(request("{}"));
  Peer& up = asked(0);
  up.send(kChunkedHead);
  until([&] { return to.text().ends_with("\r\n\r\n"); });
  const std::string beginning = kBearer.substr(0, kBearer.size() / 2);
  pass(up, to, chunk(beginning));  // might become the secret
  pass(up, to, chunk(", but does not") + "0\r\n\r\n");
  until_ended(1);
  stop();
  EXPECT_EQ(load("x.rec").exchanges.front().body, beginning + ", but does not");
}

// Identity was asked for; masked whole, an answer of another coding is lost.
TEST_F(Secrets, SayThatACompressedAnswerIsLost) {
  options_.output = {folder_ / "x.rec", false};
  start();
  Peer& to = client(post("/v1/x", "{}"));
  Peer& up = asked(0);
  up.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08}");
  until_ended(1);
  until([&] { return to.text().ends_with("}"); });
  EXPECT_EQ(warnings_,
            (std::vector<std::string>{
                "POST /v1/x: the body of the answer is masked whole, because it is compressed "
                "(gzip); serve cannot answer with it: let the upstream send it plain"}));
  stop();
  EXPECT_TRUE(recorder_->stats().incomplete);
  EXPECT_TRUE(recorder_->finished().front().incomplete);
  EXPECT_EQ(recorder_->finished().front().bodies_masked_whole, 1u);
  const RecordedExchange exchange = load("x.rec").exchanges.front();
  ASSERT_EQ(exchange.marks.size(), 1u);
  EXPECT_TRUE(exchange.marks.front().text.starts_with("the body of the answer is masked whole"));
  EXPECT_EQ(exchange.end.reason, EndReason::complete);
}

// Nothing of the answer is missing, so that the recording can be served by itself.
TEST_F(Secrets, SayThatACompressedRequestCannotBeMatched) {
  options_.output = {folder_ / "x.rec", false};
  start();
  client(post("/v1/x", "\x1f\x8b\x08}", "Content-Encoding: gzip\r\n"));
  asked(0).send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n");
  until_ended(1);
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_TRUE(warnings_.front().starts_with("POST /v1/x: the body of the request is masked whole"));
  stop();
  EXPECT_FALSE(recorder_->stats().incomplete);
  EXPECT_EQ(load("x.rec").exchanges.front().marks.size(), 1u);
}

}  // namespace
}  // namespace playhead::record
