// Hostile clients of the mock provider, while a healthy stream is played beside them: each gets its
// error, nothing smuggled is matched, and the healthy stream is whole.
#include <fmt/format.h>

#include "net/hostile_requests.h"
#include "serve/testing.h"

namespace playhead::serve {
namespace {

constexpr std::size_t kHostileClientsMin = 25;
constexpr int kChunks = 100;

class HostileClients : public ServeTest {
 protected:
  // Each row is asked when the healthy stream has begun, `at_once` of them beside one another.
  void serve_beside(std::size_t at_once);

  std::string healthy_body_;
};

void HostileClients::serve_beside(std::size_t at_once) {
  RecordedExchange exchange = exchange_of("GET", "/healthy");
  for (int i = 0; i < kChunks; ++i) {
    const std::string text = fmt::format("data: {}\n\n", i);
    add_chunk(exchange, i * 5'000, text);
    healthy_body_ += text;
  }
  ServerOptions options;
  options.recordings.push_back(recording_of({exchange, exchange_of("GET", "/smuggled")}));
  options.limits.server = net::hostile_limits();
  serve(std::move(options));
  Client& healthy = connect_client(get("/healthy"));
  until([&] { return healthy.got.find("data: 0") != std::string::npos; });
  const std::vector<net::HostileRequest> rows = net::hostile_requests();
  ASSERT_GE(rows.size(), kHostileClientsMin);
  for (std::size_t begin = 0; begin < rows.size(); begin += at_once) {
    const std::size_t end = std::min(begin + at_once, rows.size());
    std::vector<Client*> hostile;
    for (std::size_t i = begin; i < end; ++i) {
      hostile.push_back(&connect_client(rows[i].text + (rows[i].stalls ? "" : net::kSmuggled)));
    }
    for (std::size_t i = begin; i < end; ++i) {
      const Client& client = *hostile[i - begin];
      until([&] { return client.end.has_value(); });
      EXPECT_TRUE(client.got.starts_with(fmt::format("HTTP/1.1 {} ", rows[i].status)))
          << rows[i].text.substr(0, 200) << "\n"
          << client.got;
      EXPECT_EQ(client.got.find("Content-Length: "), client.got.rfind("Content-Length: "))
          << client.got;
    }
  }
  until([&] { return healthy.end || answer_in(healthy.got).whole; });
  EXPECT_EQ(answer_in(healthy.got).body, healthy_body_);
  EXPECT_EQ(server_->matcher().counts().requests, 1u);
  EXPECT_TRUE(log_.empty());
}

TEST_F(HostileClients, GetTheirErrorOneByOne) { serve_beside(1); }
TEST_F(HostileClients, GetTheirErrorAllAtOnce) { serve_beside(1000); }

// A client that pipelines and never reads holds itself back, nobody else.
TEST_F(HostileClients, PipelinesThatAreNotReadCostOnlyThemselves) {
  constexpr int kRequests = 1000;
  RecordedExchange big = exchange_of("GET", "/big");
  add_chunk(big, 0, std::string(1 << 20, 'x'));
  RecordedExchange small = exchange_of("GET", "/small");
  add_chunk(small, 0, "small");
  serve({big, small});
  std::string pipeline;
  for (int i = 0; i < kRequests; ++i) pipeline += get("/big");
  Client& client = connect_client(pipeline);
  until([&] { return client.stream != nullptr; });
  client.stream->pause();
  for (int i = 0; i < kRequests / 10; ++i) EXPECT_EQ(answer_to(get("/small")).body, "small");
  EXPECT_LT(server_->stats().bytes, std::uint64_t{64} << 20);
  client.stream->reset();
  until([&] { return server_->stats().open == 0; });
}

}  // namespace
}  // namespace playhead::serve
