// A thousand streams at once over real sockets: each gets what is its own.
#include <fmt/format.h>

#include <set>

#include "serve/testing.h"

namespace playhead::serve {
namespace {

constexpr int kStreams = 1000;
constexpr int kChunks = 20;

std::string text_of(int id, int chunk) {
  return fmt::format("data: stream {} chunk {}\n\n", id, chunk);
}

// All stay open behind their last chunk, so they are open at once whatever the machine does.
TEST_F(ServeTest, ServesAThousandStreamsAtOnceWithoutCrossTalk) {
  std::vector<RecordedExchange> exchanges;
  for (int id = 0; id < kStreams; ++id) {
    RecordedExchange& exchange = exchanges.emplace_back(
        exchange_of("GET", fmt::format("/{}", id), {{"content-type", "text/event-stream"}}));
    for (int chunk = 0; chunk < kChunks; ++chunk) {
      add_chunk(exchange, chunk * 5'000, text_of(id, chunk));
    }
    exchange.end.reason = EndReason::idle_timeout;
  }
  serve(std::move(exchanges), Speed{});
  for (int id = 0; id < kStreams; ++id) connect_client(get(fmt::format("/{}", id)));
  std::size_t size = 0;
  for (int id = 0; id < kStreams; ++id) {
    for (int chunk = 0; chunk < kChunks; ++chunk) size += text_of(id, chunk).size();
  }
  until([&] { return server_->stats().bytes == size; });
  EXPECT_EQ(server_->stats().open, static_cast<std::size_t>(kStreams));
  for (int id = 0; id < kStreams; ++id) {
    Client& client = clients_[static_cast<std::size_t>(id)];
    std::string expected;
    for (int chunk = 0; chunk < kChunks; ++chunk) expected += text_of(id, chunk);
    until([&] { return client.end || answer_in(client.got).body.size() >= expected.size(); });
    ASSERT_EQ(answer_in(client.got).body, expected) << id;
    ASSERT_FALSE(client.end.has_value()) << id;
  }
  for (Client& client : clients_) client.stream.reset();
  until([&] { return server_->stats().open == 0; });
  EXPECT_EQ(server_->matcher().counts().unused, 0u);
  EXPECT_TRUE(log_.empty());
}

}  // namespace
}  // namespace playhead::serve
