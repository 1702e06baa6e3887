#include "net/tls_stream.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/connection.h"
#include "net/testing.h"

namespace playhead::net {
namespace {

namespace fs = std::filesystem;

bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

Result<std::shared_ptr<TlsClient>> client_with_ca_file(const std::string& pem) {
  const fs::path path =
      fs::path(testing::TempDir()) / ("playhead_ca_" + std::to_string(::getpid()) + ".pem");
  std::ofstream(path) << pem;
  auto client = make_tls_client(path.string());
  fs::remove(path);
  return client;
}

// One client, one authority, and how connecting ended.
class TlsStreamTest : public testing::Test {
 protected:
  TlsStreamTest() { client_ = client_that_trusts(authority_.certificate()); }

  static std::shared_ptr<TlsClient> client_that_trusts(const std::string& pem) {
    auto client = client_with_ca_file(pem);
    EXPECT_TRUE(client.ok()) << client.error().message;
    return std::move(client).value();
  }

  void connect_to(std::uint16_t port, const std::string& host = "127.0.0.1") {
    stream_ = nullptr;
    failure_.reset();
    connecting_ = connect(
        loop_, url_to(host, port, true), client_, seconds(60),
        [this](std::unique_ptr<ByteStream> stream) {
          stream_ = std::move(stream);
          if (start_at_once_) stream_->start(log_.events());
        },
        [this](const ConnectFailure& failure) { failure_ = failure; });
    EXPECT_TRUE(run_until(loop_, [&] { return stream_ != nullptr || failure_.has_value(); }));
  }

  [[nodiscard]] bool connect_to_server(const std::string& host = "127.0.0.1") {
    connect_to(server_.port(), host);
    EXPECT_FALSE(failure_.has_value()) << failure_->message;
    return stream_ != nullptr && run_until(loop_, [&] { return server_.is_connected(); });
  }

  // Why a server with `identity` is refused.
  void expect_refused(const TestIdentity& identity, std::string_view words) {
    const TlsTestServer server(loop_, identity);
    connect_to(server.port());
    ASSERT_TRUE(failure_.has_value());
    EXPECT_EQ(stream_, nullptr);
    EXPECT_EQ(failure_->end, StreamEnd::tls_error);
    EXPECT_TRUE(says(failure_->message, words)) << failure_->message;
    EXPECT_TRUE(says(failure_->message, "127.0.0.1:" + std::to_string(server.port())))
        << failure_->message;
  }

  bool run_until_end() {
    return run_until(loop_, [&] { return !log_.ends.empty(); });
  }

  Loop loop_;
  TestAuthority authority_;
  TlsTestServer server_{loop_, authority_.issue("DNS:localhost,IP:127.0.0.1")};
  std::shared_ptr<TlsClient> client_;
  std::unique_ptr<Connecting> connecting_;
  StreamLog log_;
  std::unique_ptr<ByteStream> stream_;
  std::optional<ConnectFailure> failure_;
  bool start_at_once_ = true;
};

TEST_F(TlsStreamTest, TalksWithAServerOfATrustedAuthority) {
  server_.on_read([&](std::string_view bytes) { server_.send(bytes); });
  ASSERT_TRUE(connect_to_server());
  stream_->write("hello");
  EXPECT_TRUE(run_until(loop_, [&] { return log_.text() == "hello"; }));
  EXPECT_EQ(server_.protocol(), "http/1.1");
  EXPECT_EQ(server_.server_name(), "");  // an address is none
}

TEST_F(TlsStreamTest, NamesTheHostItWants) {
  ASSERT_TRUE(connect_to_server("localhost"));
  EXPECT_EQ(server_.server_name(), "localhost");
}

TEST_F(TlsStreamTest, RefusesAnotherAuthority) {
  const TestAuthority other;
  expect_refused(other.issue("IP:127.0.0.1"), "is not trusted");
  EXPECT_TRUE(says(failure_->message, "--ca")) << failure_->message;
}

TEST_F(TlsStreamTest, RefusesASelfMadeCertificateWithoutACaFile) {
  client_ = make_tls_client("").value();
  expect_refused(authority_.issue("IP:127.0.0.1"), "is not trusted");
}

TEST_F(TlsStreamTest, RefusesACertificateForAnotherHost) {
  expect_refused(authority_.issue("DNS:other.example,IP:127.0.0.2"), "is not for 127.0.0.1");
}

TEST_F(TlsStreamTest, RefusesAnotherNameThanTheCertificates) {
  const TlsTestServer server(loop_, authority_.issue("DNS:other.example,IP:127.0.0.1"));
  connect_to(server.port(), "localhost");
  ASSERT_TRUE(failure_.has_value());
  EXPECT_TRUE(says(failure_->message, "is not for localhost")) << failure_->message;
}

TEST_F(TlsStreamTest, RefusesAnExpiredCertificate) {
  expect_refused(authority_.issue("IP:127.0.0.1", -1), "expired");
}

TEST_F(TlsStreamTest, RefusesAPlainTextServer) {
  std::unique_ptr<ByteStream> accepted;
  const auto listener = listen(loop_, {}, [&](std::unique_ptr<ByteStream> stream) {
                          accepted = std::move(stream);
                          accepted->write("HTTP/1.1 400 Bad Request\r\n\r\n");
                        }).value();
  connect_to(listener->port());
  ASSERT_TRUE(failure_.has_value());
  EXPECT_EQ(failure_->end, StreamEnd::tls_error);
  EXPECT_TRUE(says(failure_->message, "does not speak TLS")) << failure_->message;
}

TEST_F(TlsStreamTest, TellsWhoBrokeOffTheHandshake) {
  for (const bool by_reset : {false, true}) {
    std::unique_ptr<ByteStream> accepted;
    const auto listener =
        listen(loop_, {}, [&](std::unique_ptr<ByteStream> stream) {
          accepted = std::move(stream);
          // Not before the client is connected.
          accepted->start(
              {.read = [&](std::string_view) { by_reset ? accepted->reset() : accepted->finish(); },
               .end = [](StreamEnd, const std::string&) {},
               .drained = {}});
        }).value();
    connect_to(listener->port());
    ASSERT_TRUE(failure_.has_value());
    EXPECT_EQ(failure_->end, by_reset ? StreamEnd::reset : StreamEnd::tls_error);
    EXPECT_TRUE(says(failure_->message, "broke off the TLS handshake")) << failure_->message;
  }
}

TEST_F(TlsStreamTest, EndsWithCloseNotify) {
  ASSERT_TRUE(connect_to_server());
  server_.send("last");
  server_.close_notify();
  ASSERT_TRUE(run_until_end());
  run_a_little(loop_);
  EXPECT_EQ(log_.text(), "last");
  EXPECT_EQ(log_.ends, (std::vector<StreamEnd>{StreamEnd::eof}));
}

TEST_F(TlsStreamTest, ACutWithoutCloseNotifyIsToldApart) {
  ASSERT_TRUE(connect_to_server());
  server_.send("part");
  server_.cut();
  ASSERT_TRUE(run_until_end());
  run_a_little(loop_);
  EXPECT_EQ(log_.text(), "part");
  EXPECT_EQ(log_.ends, (std::vector<StreamEnd>{StreamEnd::tls_cut}));
  EXPECT_TRUE(says(log_.detail, "without close_notify")) << log_.detail;
}

TEST_F(TlsStreamTest, AResetStaysAReset) {
  ASSERT_TRUE(connect_to_server());
  server_.send("part");
  server_.reset();
  ASSERT_TRUE(run_until_end());
  EXPECT_EQ(log_.text(), "part");
  EXPECT_EQ(log_.ends, (std::vector<StreamEnd>{StreamEnd::reset}));
}

TEST_F(TlsStreamTest, FinishSendsCloseNotifyAndReadsOn) {
  ASSERT_TRUE(connect_to_server());
  std::string got;
  server_.on_read([&](std::string_view bytes) { got += bytes; });
  stream_->write("question");
  stream_->finish();
  stream_->finish();
  stream_->write("lost");
  ASSERT_TRUE(run_until(loop_, [&] { return server_.got_close_notify(); }));
  EXPECT_EQ(got, "question");
  server_.send("answer");
  server_.close_notify();
  ASSERT_TRUE(run_until_end());
  EXPECT_EQ(log_.text(), "answer");
  EXPECT_EQ(log_.ends, (std::vector<StreamEnd>{StreamEnd::eof}));
}

TEST_F(TlsStreamTest, ResetIsSeenByThePeerAndTellsNothing) {
  ASSERT_TRUE(connect_to_server());
  stream_->reset();
  stream_->reset();
  stream_->write("nothing");
  stream_->finish();
  stream_->pause();
  stream_->resume();
  EXPECT_EQ(stream_->queued(), 0u);
  EXPECT_EQ(stream_->unacknowledged(), 0u);
  run_a_little(loop_);
  EXPECT_TRUE(log_.ends.empty());
}

// Records are the borders of reads, also where one read(2) brings several.
TEST_F(TlsStreamTest, EachRecordIsARead) {
  ASSERT_TRUE(connect_to_server());
  for (const char* record : {"a", "bb", "ccc"}) server_.send(record);
  ASSERT_TRUE(run_until(loop_, [&] { return log_.bytes() == 6; }));
  EXPECT_EQ(log_.reads, (std::vector<std::string>{"a", "bb", "ccc"}));
}

// The server may speak before the owner listens, and right behind its handshake.
TEST_F(TlsStreamTest, KeepsWhatComesBeforeTheStart) {
  start_at_once_ = false;
  ASSERT_TRUE(connect_to_server());
  server_.send("early");
  server_.close_notify();
  run_a_little(loop_);
  stream_->start(log_.events());
  EXPECT_TRUE(log_.reads.empty());  // never within start()
  ASSERT_TRUE(run_until_end());
  EXPECT_EQ(log_.text(), "early");
  EXPECT_EQ(log_.ends, (std::vector<StreamEnd>{StreamEnd::eof}));
}

TEST_F(TlsStreamTest, PauseHoldsBetweenTwoRecords) {
  start_at_once_ = false;
  ASSERT_TRUE(connect_to_server());
  std::vector<std::string> reads;
  stream_->start({.read =
                      [&](std::string_view bytes) {
                        reads.emplace_back(bytes);
                        stream_->pause();
                      },
                  .end = log_.events().end,
                  .drained = {}});
  for (const char* record : {"a", "bb", "ccc"}) server_.send(record);
  server_.close_notify();
  for (std::size_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(run_until(loop_, [&] { return reads.size() == i; }));
    run_a_little(loop_);
    EXPECT_EQ(reads.size(), i);
    EXPECT_TRUE(log_.ends.empty());
    stream_->resume();
    EXPECT_EQ(reads.size(), i);  // never within resume()
  }
  EXPECT_TRUE(run_until_end());
  EXPECT_EQ(log_.ends, (std::vector<StreamEnd>{StreamEnd::eof}));
}

TEST_F(TlsStreamTest, CarriesMuchBothWays) {
  ASSERT_TRUE(connect_to_server());
  std::string sent(24 * 1024 * 1024, '\0');
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 31 % 251);
  std::string got;
  server_.on_read([&](std::string_view bytes) { got += bytes; });
  stream_->write(sent);
  EXPECT_GT(stream_->queued(), 0u);
  ASSERT_TRUE(run_until(loop_, [&] { return got.size() == sent.size(); }));
  EXPECT_TRUE(got == sent);
  EXPECT_TRUE(run_until(loop_, [&] { return stream_->queued() == 0; }));
  EXPECT_GE(log_.drained, 1);
  server_.send(sent);
  server_.close_notify();
  ASSERT_TRUE(run_until_end());
  EXPECT_TRUE(log_.text() == sent);
  EXPECT_EQ(log_.ends, (std::vector<StreamEnd>{StreamEnd::eof}));
}

TEST_F(TlsStreamTest, MayBeDestroyedInEachCallback) {
  for (const bool at_end : {false, true}) {
    start_at_once_ = false;
    ASSERT_TRUE(connect_to_server());
    bool destroyed = false;
    const auto destroy = [&] {
      stream_ = nullptr;
      destroyed = true;
    };
    stream_->start({.read =
                        [&, at_end](std::string_view bytes) {
                          if (!at_end) destroy();
                          EXPECT_EQ(bytes, "a");
                        },
                    .end = [&](StreamEnd, const std::string&) { destroy(); },
                    .drained = {}});
    server_.send("a");
    if (at_end) server_.close_notify();
    EXPECT_TRUE(run_until(loop_, [&] { return destroyed; }));
  }
}

TEST(TlsClient, SaysWhichCaFileItCannotUse) {
  const auto missing = make_tls_client("/nonexistent/ca.pem");
  ASSERT_FALSE(missing.ok());
  EXPECT_TRUE(says(missing.error().message, "/nonexistent/ca.pem")) << missing.error().message;
  const auto nonsense = client_with_ca_file("no certificate\n");
  ASSERT_FALSE(nonsense.ok());
  EXPECT_TRUE(says(nonsense.error().message, "PEM")) << nonsense.error().message;
}

}  // namespace
}  // namespace playhead::net
