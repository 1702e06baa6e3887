// The catalog: its rows are whole, and what has no row is answered plainly.
#include "provider/catalog.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include "provider/payload.h"

namespace playhead::provider {
namespace {

TEST(Catalog, KnowsOpenAiChat) {
  const CatalogRow* const row = find_row(Protocol::openai_chat);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->framing, Framing::sse);
  EXPECT_EQ(row->end_evidence, EndEvidence::finish_or_done);
  EXPECT_EQ(row->end_mark, kDoneMark);
}

std::string words_of(const CatalogRow& row) {
  std::string out;
  for (const auto& reason : kFinishReasons) {
    std::string words;
    for (const FinishWord& known : row.finish_words) {
      if (known.reason == reason.value) words.append(" `").append(known.word).append("`");
    }
    if (words.empty()) continue;
    if (!out.empty()) out.append("; ");
    out.append(reason.name).append(":").append(words);
  }
  return out;
}

// The row of PROTOCOLS.md that the catalog demands.
std::string documented(const CatalogRow& row) {
  std::string framing(name_of(row.framing));
  if (row.other_framing) {
    framing.append(", `").append(1, row.other_framing->first_byte).append("`: ");
    framing.append(name_of(row.other_framing->framing));
  }
  std::string line = "| `" + std::string(name_of(row.protocol)) + "` | " + framing + " | ";
  line.append(name_in(kEndEvidences, row.end_evidence)).append(" | ").append(row.end_mark);
  line.append(" | ").append(words_of(row)).append(" | ").append(row.usage).append(" | ");
  return line.append(row.errors).append(" |");
}

TEST(Catalog, IsWhatTheDocumentationSays) {
  std::ifstream in(PLAYHEAD_SOURCE_DIR "/src/provider/PROTOCOLS.md");
  const std::string page(std::istreambuf_iterator<char>(in), {});
  ASSERT_FALSE(page.empty());
  for (const CatalogRow& row : catalog()) {
    EXPECT_NE(page.find(documented(row)), std::string::npos) << documented(row);
  }
}

TEST(Catalog, HasARowForEveryProtocol) {
  ASSERT_EQ(catalog().size(), kProtocols.size());
  for (std::size_t i = 0; i < catalog().size(); ++i) {
    EXPECT_EQ(catalog()[i].protocol, kProtocols[i].value);
  }
}

TEST(Catalog, HasWholeRows) {
  for (const auto& name : kProtocols) {
    const CatalogRow* const row = find_row(name.value);
    if (row == nullptr) {
      EXPECT_EQ(make_adapter(name.value), nullptr);
      EXPECT_EQ(finish_reason_of(name.value, "stop"), FinishReason::other);
      continue;
    }
    EXPECT_NE(make_adapter(name.value), nullptr);
    EXPECT_NE(row->end_evidence, EndEvidence::by_protocol);
    std::set<std::string_view> words;
    for (const FinishWord& word : row->finish_words) EXPECT_TRUE(words.insert(word.word).second);
  }
}

TEST(Catalog, MapsFinishWordsExactly) {
  const auto reason = [](std::string_view word) {
    return finish_reason_of(Protocol::openai_chat, word);
  };
  EXPECT_EQ(reason("stop"), FinishReason::stop);
  EXPECT_EQ(reason("STOP"), FinishReason::stop);
  EXPECT_EQ(reason("eos"), FinishReason::stop);
  EXPECT_EQ(reason("length"), FinishReason::length);
  EXPECT_EQ(reason("model_length"), FinishReason::length);
  EXPECT_EQ(reason("tool_calls"), FinishReason::tool_calls);
  EXPECT_EQ(reason("function_call"), FinishReason::tool_calls);
  EXPECT_EQ(reason("sensitive"), FinishReason::content_filter);
  EXPECT_EQ(reason("insufficient_system_resource"), FinishReason::error);
  EXPECT_EQ(reason("network_error"), FinishReason::error);
  EXPECT_EQ(reason("Stop"), FinishReason::other);
  EXPECT_EQ(reason(""), FinishReason::other);
}

TEST(Payload, IsWholeWhenItIsClosedJsonOrTheEndMark) {
  EXPECT_TRUE(is_whole_payload("{\"a\":[1]}"));
  EXPECT_TRUE(is_whole_payload(" [1] "));
  EXPECT_TRUE(is_whole_payload("[DONE]"));
  EXPECT_FALSE(is_whole_payload("[DON"));
  EXPECT_FALSE(is_whole_payload("{\"a\":[1]"));
  EXPECT_FALSE(is_whole_payload("{\"a\":1} {"));
  EXPECT_FALSE(is_whole_payload("12"));
  EXPECT_FALSE(is_whole_payload(""));
}

}  // namespace
}  // namespace playhead::provider
