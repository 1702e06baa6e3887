#include "emit/headers.h"

#include <gtest/gtest.h>

#include <string>

namespace playhead::emit {
namespace {

std::string text_of(DownstreamFormat format) {
  std::string text;
  for (const Header& header : headers_of(format)) {
    text.append(header.name).append(": ").append(header.value).append("\n");
  }
  return text;
}

TEST(Headers, AreThoseOfTheFormat) {
  const std::string chat =
      "content-type: text/event-stream\ncache-control: no-cache\nx-accel-buffering: no\n";
  EXPECT_EQ(text_of(DownstreamFormat::openai_chat), chat);
  EXPECT_EQ(text_of(DownstreamFormat::ai_sdk_ui),
            chat + "connection: keep-alive\nx-vercel-ai-ui-message-stream: v1\n");
  EXPECT_EQ(text_of(DownstreamFormat::none), "");
}

}  // namespace
}  // namespace playhead::emit
