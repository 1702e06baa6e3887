// 44 secret canaries through the whole relay, in all places and spellings: none is on the disk,
// while it records, after, or after a kill, nor in a line of the log. Each has passed, and the
// search that finds none there finds all of them in what the client received.
#include <gtest/gtest.h>

#include "record/canary_testing.h"
#include "record/recorder_process.h"
#include "record/testing.h"
#include "wire/crc32.h"

namespace playhead::record {
namespace {

constexpr std::size_t kCanariesMin = 40;
// Every offset for these, some for the others.
constexpr std::size_t kWholeEvery = 11;

std::string big_endian(std::uint32_t number) {
  std::string out;
  for (const unsigned shift : {24u, 16u, 8u, 0u}) out += static_cast<char>(number >> shift & 0xFF);
  return out;
}

// A message of application/vnd.amazon.eventstream, without headers.
std::string aws_message(const std::string& payload) {
  std::string message = big_endian(static_cast<std::uint32_t>(payload.size() + 16)) + big_endian(0);
  message += big_endian(wire::crc32(message));
  message += payload;
  return message + big_endian(wire::crc32(message));
}

std::set<std::size_t> places_of_all() {
  std::set<std::size_t> all;
  for (std::size_t i = 0; i < canaries().size(); ++i) all.insert(i);
  return all;
}

class Canaries : public RelayTest {
 protected:
  Canaries() { options_.secrets = values_in(CanaryPlace::environment); }

  // With all canaries that a request can carry.
  static std::string request(const std::string& body = "{}", const std::string& path = "/v1/x") {
    return post(target_with_canaries(path), body,
                header_lines(CanaryPlace::header) + header_lines(CanaryPlace::hop_header) +
                    "User-Agent: client " + canaries()[0].value + "\r\n");
  }
  // Everything there is on the disk, as bytes and as a reader understands it.
  std::string disk() const {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (!entry.is_regular_file()) continue;
      const std::string path = entry.path().string();
      all += path + "\n" + recording::bytes_of_file(path) + "\n";
      const auto recordings = recording::load(path);
      EXPECT_TRUE(recordings.ok()) << recordings.error().message;
      for (const Recording& one : *recordings) all += text_of(one);
    }
    return all;
  }
  void expect_clean(const std::string& when) const {
    EXPECT_EQ(search_.leaks(disk()), "") << when;
    std::string log;
    for (const std::string& line : warnings_) log += line + "\n";
    for (const std::string& line : ended_) log += line + "\n";
    EXPECT_EQ(search_.leaks(log), "") << when;
  }
  // The same with any length: what came has arrived.
  void forward(Peer& up, Peer& to, const std::string& bytes) {
    const std::size_t before = to.log.bytes();
    up.send(bytes);
    until([&] { return to.log.bytes() >= before + bytes.size(); });
  }
  static std::string echo_head() {
    std::string head = "HTTP/1.1 200 Not " + canaries()[1].value + "\r\n" +
                       header_lines(CanaryPlace::set_cookie) + "X-" + canaries()[2].value +
                       ": in the name\r\n";
    for (std::size_t i = 0; i < canaries().size(); ++i) {
      const std::string& value = canaries()[i].value;
      head += "X-Echo-" + std::to_string(i) + ": " + value + " " + percent_encoded(value) + " " +
              base64(value + "~~") + " " + hex(value) + "\r\n";
    }
    return head + "Transfer-Encoding: chunked\r\n\r\n";
  }
  static std::string echo_trailers() {
    std::string lines = "0\r\n";
    for (std::size_t i = 0; i < canaries().size(); ++i) {
      lines += "X-Trailer-" + std::to_string(i) + ": " + canaries()[i].value + "\r\n";
    }
    return lines + "\r\n";
  }
  void expect_upstream_got_all(const std::string& text) const {
    for (const Canary& one : canaries()) {
      if (one.place == CanaryPlace::set_cookie) continue;
      EXPECT_NE(text.find(one.value), std::string::npos) << one.before;  // in the body
      const bool in_head = one.place == CanaryPlace::header || one.place == CanaryPlace::parameter;
      if (!in_head) continue;
      EXPECT_NE(text.find(one.before + one.sent + one.after), std::string::npos) << one.before;
    }
  }
  void expect_client_got_all(const std::string& text) const {
    EXPECT_EQ(search_.found_in(text), places_of_all());
    for (const Canary& one : canaries()) {
      for (const auto& [form, spelled] : spellings(one.value)) {
        EXPECT_NE(text.find(spelled), std::string::npos) << one.before << " " << form;
      }
    }
  }
  void echo_everywhere(const std::string& name);
  void split(Peer& up, Peer& to, const std::string& text, std::size_t cut) {
    pass(up, to, chunk("data: " + text.substr(0, cut)));
    pass(up, to, chunk(text.substr(cut) + "\n\n"));
  }
  // An exchange whose answer is `answer`, and then the end of the connection.
  void answered_with(std::size_t place, const std::string& answer) {
    Peer& to = client(request());
    Peer& up = asked(place);
    EXPECT_EQ(search_.found_in(up.text()).size() + values_in(CanaryPlace::environment).size() +
                  values_in(CanaryPlace::set_cookie).size() + 1,
              canaries().size());
    up.send(answer);
    up.stream->finish();
    until_ended(place + 1);
    until([&] { return !to.log.reads.empty() || to.ended(); });
  }

  CanarySearch search_;
};

// The test of the test: each spelling alone is found, and only as what it is.
TEST_F(Canaries, AreFoundInEverySpelling) {
  ASSERT_GE(canaries().size(), kCanariesMin);
  for (std::size_t i = 0; i < canaries().size(); ++i) {
    for (const auto& [form, text] : spellings(canaries()[i].value)) {
      EXPECT_EQ(search_.found_in("<" + text + ">"), std::set<std::size_t>{i}) << form << text;
    }
  }
  EXPECT_EQ(search_.leaks("nothing of the kind"), "");
}

void Canaries::echo_everywhere(const std::string& name) {
  options_.output = {folder_ / name, false};
  start();
  Peer& to = client(request("{" + all_spellings(false) + "}"));
  Peer& up = asked(0);
  expect_upstream_got_all(up.text());
  expect_clean("the request");
  up.send("HTTP/1.1 103 Early " + canaries()[0].value + "\r\n" +
          header_lines(CanaryPlace::set_cookie) + "\r\n");
  forward(up, to, echo_head());
  expect_clean("the head");
  forward(up, to, chunk(all_spellings(true)));
  forward(up, to,
          "1;" + canaries()[0].value.substr(0, 3) + "=" + canaries()[1].value + "\r\nx\r\n");
  expect_clean("the body");
  forward(up, to, echo_trailers());
  until_ended(1);
  expect_clean("the end");
  stop();
  expect_clean("finished");
  expect_client_got_all(to.text());
  const Recording recording = load(name);
  EXPECT_EQ(recording.exchanges.front().body.size(), all_spellings(true).size() + 1);
  EXPECT_EQ(recording.exchanges.front().end.reason, EndReason::complete);
}

TEST_F(Canaries, ReachNoPlainFile) { echo_everywhere("x.rec"); }
TEST_F(Canaries, ReachNoCompressedFile) { echo_everywhere("x.rec.zst"); }

TEST_F(Canaries, ReachNoFileAcrossReads) {
  options_.output = {folder_ / "x.rec", false};
  start();
  for (std::size_t i = 0; i < canaries().size(); ++i) {
    const bool whole = i % kWholeEvery == 0;
    Peer& to = client(request());
    Peer& up = asked(i);
    forward(up, to,
            "HTTP/1.1 200 OK\r\n" + header_lines(CanaryPlace::set_cookie) +
                "Transfer-Encoding: chunked\r\n\r\n");
    for (const auto& [form, text] : spellings(canaries()[i].value)) {
      const std::size_t step = whole ? 1 : text.size() / 3;
      for (std::size_t cut = 1; cut < text.size(); cut += step) split(up, to, text, cut);
    }
    for (const char& byte : canaries()[i].value) pass(up, to, chunk(std::string(1, byte)));
    pass(up, to, chunk("\n" + canaries()[i].value.substr(0, canaries()[i].value.size() - 1)));
    ASSERT_FALSE(HasFatalFailure());
    if (whole) expect_clean("in the middle of one");
    pass(up, to, chunk(canaries()[i].value.substr(canaries()[i].value.size() - 1)) + "0\r\n\r\n");
    EXPECT_TRUE(search_.found_in(to.text()).contains(i));
    until_ended(i + 1);
  }
  stop();
  expect_clean("finished");
}

TEST_F(Canaries, ReachNoFileThroughErrorsAndBrokenAnswers) {
  start();
  const std::string cookies = header_lines(CanaryPlace::set_cookie);
  const std::string all = all_spellings(true);
  const std::string error = "{\"error\":{\"message\":\"" + all + "\"}}";
  const std::string length = "Content-Length: " + std::to_string(error.size()) + "\r\n\r\n";
  std::string json;
  for (const Canary& one : canaries()) json += json_escaped(one.value) + ",";
  const std::string message =
      aws_message("{\"bytes\":\"" + base64("{\"completion\":\"" + json + "\"}") + "\"}");
  const std::vector<std::string> answers = {
      "HTTP/1.1 401 Unauthorized\r\n" + cookies + length + error,
      "HTTP/1.1 500 Broken\r\n" + cookies + length + error.substr(0, error.size() - 9),
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" + cookies + length + error,
      "HTTP/1.1 200 OK\r\n" + cookies + "Transfer-Encoding: chunked\r\n\r\n" + chunk(all) + all,
      "HTTP/1.1 200 OK\r\n" + cookies + canaries()[0].value + "\r\n\r\n",
      canaries()[0].value + "\r\n\r\n",
      "HTTP/1.1 200 OK\r\n" + cookies + "Content-Length: 2\r\n\r\n{}" + all,
      "HTTP/1.1 200 OK\r\n" + cookies + "Content-Type: application/vnd.amazon.eventstream\r\n\r\n" +
          message + message};
  for (std::size_t i = 0; i < answers.size(); ++i) answered_with(i, answers[i]);
  std::string received;
  for (const Peer& one : clients_) received += one.text();
  expect_client_got_all(received);
  expect_clean("while it records");
  stop();
  expect_clean("finished");
  const RecordedExchange events = load().exchanges.back();
  ASSERT_EQ(events.body.size(), 2 * message.size());
  EXPECT_NE(events.body, message + message);
  for (const std::size_t at : {std::size_t{0}, message.size()}) {
    const std::string stored = events.body.substr(at, message.size() - 4);
    EXPECT_EQ(events.body.substr(at + stored.size(), 4), big_endian(wire::crc32(stored)));
  }
}

TEST_F(Canaries, ReachNoLogLineOfARefusal) {
  options_.upstreams.front().prefix = "/only";
  start();
  const std::string in_name = "x-playhead-recording: " + canaries()[0].value + "/\r\n";
  const std::string& variable = options_.secrets[3];  // letters and digits
  const std::vector<std::string> refused = {
      request("{}", "/wrong"), request("{}", "/only/../wrong"), request("{}", "/only//" + variable),
      post(target_with_canaries("/only/x"), "{}", header_lines(CanaryPlace::header) + in_name)};
  for (const std::string& one : refused) {
    const std::uint64_t before = recorder_->stats().refused;
    Peer& to = client(one);
    until([&] { return recorder_->stats().refused > before && to.text().ends_with("}}"); });
    EXPECT_EQ(search_.leaks(to.text()), "");
  }
  EXPECT_EQ(warnings_.size(), refused.size());
  EXPECT_EQ(upstream_.connections(), 0u);
  // Where a secret has no business: the method, the path, a header of no meaning.
  client(variable + " /only/" + variable + "/" + percent_encoded(variable) +
         " HTTP/1.1\r\nHost: a\r\nX-" + variable + ": 1\r\n\r\n");
  Peer& up = asked(0, "\r\n\r\n");
  EXPECT_EQ(search_.found_in(up.text()).size(), 1u);
  up.send("HTTP/1.1 204 None\r\n\r\n");
  until_ended(1);
  EXPECT_EQ(ended_.size(), 1u);
  stop();
  expect_clean("finished");
}

// A killed recorder could correct nothing: at most kHarmlessCharacters of a secret are there.
TEST_F(Canaries, ReachNoFileOfAKilledRecorder) {
  options_.output = {folder_ / "x.rec.zst", false};
  RecorderProcess recorder(options_);
  const auto& all = canaries();
  for (std::size_t i = 0; i < all.size(); ++i) {
    Peer& to = client_at(recorder.port(), request("{" + all_spellings(false) + "}"));
    Peer& up = asked(i);
    forward(up, to, echo_head());
    forward(up, to, chunk("data: " + all[i].value.substr(0, all[i].value.size() - 1 - i % 5)));
    if (i % 2 == 0) continue;
    forward(up, to, chunk(all[i].value.substr(all[i].value.size() - 1 - i % 5) + "\n"));
    EXPECT_TRUE(search_.found_in(to.text()).contains(i));
  }
  recorder.kill();
  expect_clean("killed");
  const Recording recording = load("x.rec.zst");
  ASSERT_EQ(recording.exchanges.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string& body = recording.exchanges[i].body;
    EXPECT_TRUE(body.starts_with("data: ")) << body;
    const std::size_t told = recording::kHarmlessCharacters + 1;
    EXPECT_EQ(body.find(all[i].value.substr(0, told)), std::string::npos) << body;
  }
}

}  // namespace
}  // namespace playhead::record
