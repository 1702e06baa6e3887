#include "turn/stale.h"

#include <gtest/gtest.h>

namespace playhead::turn {
namespace {

// CASES F.
TEST(Stale, ReasoningModelsHaveAFloor) {
  const std::pair<std::string_view, std::int64_t> rows[] = {
      {"nvidia/nemotron-3-ultra-550b-a55b", 600},
      {"openai/o3", 600},
      {"o1", 600},
      {"o1-mini", 600},
      {"deepseek/deepseek-r1", 600},
      {"qwen/qwen3-235b-a22b-thinking", 180},
      {"qwen3.5-plus", 180},
      {"qwen30", 0},
      {"anthropic/claude-opus-4-6", 240},
      {"claude-opus-4.7", 240},
      {"claude-sonnet-4.5", 180},
      {"claude-sonnet-4-5", 0},
      {"gpt-4o", 0},
      {"llama-4-70b-o1-preview", 0},
      {"OPENAI/O1", 600},
      {"", 0},
      {"nemotron-3-nano", 300},
  };
  for (const auto& [model, wanted] : rows) {
    EXPECT_EQ(reasoning_floor(model).value_or(Duration{}), seconds(wanted)) << model;
  }
}

TEST(Stale, LocalEndpointsAreThisMachineAndPrivateNetworks) {
  for (const char* endpoint :
       {"http://localhost:11434/v1", "127.0.0.1:8080", "http://[::1]:8080/v1", "http://10.1.2.3",
        "http://192.168.1.5/v1", "http://172.16.0.1", "http://172.31.255.255:1",
        "http://box.local"}) {
    EXPECT_TRUE(is_local_endpoint(endpoint)) << endpoint;
  }
  for (const char* endpoint :
       {"", "https://api.openai.com/v1", "http://172.32.0.1", "http://localhost.example.com",
        "http://127.0.0.1.example.com", "http://11.0.0.1", "http://user@127.example.com"}) {
    EXPECT_FALSE(is_local_endpoint(endpoint)) << endpoint;
  }
}

TEST(Stale, WaitsLongerForLongRequests) {
  const Policy policy;
  const auto wait = [&policy](std::int64_t tokens) {
    return stale_after(policy, "gpt-4o", "https://api.openai.com", tokens);
  };
  EXPECT_EQ(wait(50'000), seconds(180));
  EXPECT_EQ(wait(50'001), seconds(240));
  EXPECT_EQ(wait(100'000), seconds(240));
  EXPECT_EQ(wait(100'001), seconds(300));
  EXPECT_EQ(stale_after(policy, "o3", "", 0), seconds(600));
  EXPECT_EQ(stale_after(policy, "o3", "http://localhost", 0), std::nullopt);
  Policy off;
  off.stale_ms = 0;
  EXPECT_EQ(stale_after(off, "o3", "", 200'000), std::nullopt);
}

}  // namespace
}  // namespace playhead::turn
