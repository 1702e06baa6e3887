// Each rule of SPEC 2 on accumulation, the limits at the limit, and what a piece may allocate.
#include "assemble/accumulator.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/testing.h"

namespace playhead::assemble {
namespace {

struct Piece {
  std::optional<std::int64_t> index;
  std::string_view id;
  std::string_view name;
  std::optional<std::string_view> arguments;
  bool object = false;

  Delta delta() const {
    Delta delta;
    delta.kind = DeltaKind::tool_call;
    delta.index = index;
    delta.id = id;
    delta.name = name;
    delta.tool_has_arguments = arguments.has_value();
    delta.text = arguments.value_or("");
    delta.tool_arguments_object = object;
    return delta;
  }
};

Delta of_text(DeltaKind kind, std::string_view text, std::int32_t choice = 0) {
  Delta delta;
  delta.kind = kind;
  delta.text = text;
  delta.choice = choice;
  return delta;
}

Delta of_finish(std::string_view word, FinishReason reason, std::int32_t choice = 0) {
  Delta delta = of_text(DeltaKind::finish, word, choice);
  delta.finish = reason;
  return delta;
}

Delta of_start(std::string_view id, std::string_view model) {
  Delta delta;
  delta.kind = DeltaKind::start;
  delta.id = id;
  delta.name = model;
  return delta;
}

Delta of_reasoning(std::string_view text, std::optional<std::int64_t> block = std::nullopt) {
  Delta delta = of_text(DeltaKind::reasoning, text);
  delta.index = block;
  return delta;
}

Delta of_usage(const Usage& usage) {
  Delta delta;
  delta.kind = DeltaKind::usage;
  delta.usage = usage;
  return delta;
}

// An accumulator together with what it found odd.
struct Assembly {
  Accumulator accumulator;
  std::vector<Oddity> oddities;

  Assembly& add(const Delta& delta) {
    accumulator.apply(delta, oddities);
    return *this;
  }
  Assembly& add(std::initializer_list<Piece> pieces) {
    for (const Piece& piece : pieces) add(piece.delta());
    return *this;
  }
  Assembly& close(bool object_arguments = false) {
    accumulator.close(object_arguments, oddities);
    return *this;
  }
  const Message& message() const { return accumulator.choices().front().message; }
  const ChoiceState& choice() const { return accumulator.choices().front(); }
  // "index id name arguments" of each call.
  std::vector<std::string> calls() const {
    std::vector<std::string> lines;
    for (const ToolCall& call : message().tool_calls) {
      lines.push_back(std::to_string(call.index) + " " + call.id + " " + call.name + " " +
                      call.arguments);
    }
    return lines;
  }
  std::vector<std::string_view> names() const {
    std::vector<std::string_view> found;
    for (const Oddity& oddity : oddities) found.push_back(name_of(oddity.anomaly));
    return found;
  }
};

using Lines = std::vector<std::string>;
using Names = std::vector<std::string_view>;

struct Row {
  std::string_view rule;
  std::vector<Piece> pieces;
  Lines calls;
  Names oddities = {};
};

const std::vector<Row>& tool_rows() {
  static const std::vector<Row> rows = {
      {"a missing index is 0", {{{}, "a", "f", "{"}, {0, "", "", "}"}}, {"0 a f {}"}},
      {"a known id names its call, whatever the index says",
       {{0, "a", "f", "{"}, {1, "b", "g", "["}, {1, "a", "", "}"}, {7, "b", "", "]"}},
       {"0 a f {}", "1 b g []"}},
      {"another id with a name at a used index opens a call",
       {{0, "a", "f", "{}"}, {0, "b", "g", "[]"}},
       {"0 a f {}", "0 b g []"},
       {"tool_index_reused"}},
      {"the same without any index",
       {{{}, "a", "f", "{}"}, {{}, "b", "f", "[]"}},
       {"0 a f {}", "0 b f []"},
       {"tool_index_reused"}},
      {"another id without a name is the same call, and the first id stays",
       {{0, "a", "f", "{"}, {0, "b", "", "\"x\""}, {0, "c", "", "}"}},
       {"0 a f {\"x\"}"},
       {"tool_id_changed"}},
      {"without an id the call last active at the index takes the piece",
       {{0, "a", "f", "{"}, {1, "b", "g", "["}, {0, "", "", "}"}, {1, "", "", "]"}},
       {"0 a f {}", "1 b g []"}},
      {"last active is not newest: by id, an older call of the index spoke last",
       {{0, "a", "f", "{"},
        {0, "b", "g", "[]"},
        {0, "a", "", ""},
        {1, "c", "h", "\"\""},
        {0, "", "", "}"}},
       {"0 a f {}", "0 b g []", "1 c h \"\""},
       {"tool_index_reused"}},
      {"without an id, behind a reused index, the newer call goes on",
       {{0, "a", "f", "{}"}, {0, "b", "g", "["}, {0, "", "", "]"}},
       {"0 a f {}", "0 b g []"},
       {"tool_index_reused"}},
      {"no ids, another name, whole arguments: a new call",
       {{{}, "", "f", "{\"a\":1}"}, {{}, "", "g", "{}"}},
       {"0  f {\"a\":1}", "0  g {}"}},
      {"no ids, another name, arguments not whole: the same call, renamed",
       {{0, "", "f", "{\"a\":"}, {0, "", "g", "1}"}},
       {"0  g {\"a\":1}"},
       {"tool_name_changed"}},
      {"a call with an id is not ended by a name that comes without one",
       {{0, "a", "f", "{}"}, {0, "", "g", " "}},
       {"0 a g {} "},
       {"tool_name_changed"}},
      {"a name is assigned, never appended; again it is noted once",
       {{0, "a", "get", "{"}, {0, "", "get", "\"x\":"}, {0, "a", "get", "1}"}},
       {"0 a get {\"x\":1}"},
       {"tool_name_resent"}},
      {"arguments as an object are serialised",
       {{0, "a", "f", "{\"x\":1}", true}},
       {"0 a f {\"x\":1}"}},
      {"an id that comes late belongs to its call",
       {{0, "", "f", "{"}, {0, "a", "", "}"}},
       {"0 a f {}"}},
      {"an empty id is none", {{0, "a", "f", "{"}, {0, "", "", "}"}}, {"0 a f {}"}},
      {"looking complete closes nothing", {{0, "a", "f", "{}"}, {0, "", "", "{}"}}, {"0 a f {}{}"}},
  };
  return rows;
}

TEST(Accumulator, ToolPiecesFollowEachRowOfTheTable) {
  for (const Row& row : tool_rows()) {
    Assembly assembly;
    for (const Piece& piece : row.pieces) assembly.add(piece.delta());
    EXPECT_EQ(assembly.calls(), row.calls) << row.rule;
    EXPECT_EQ(assembly.names(), row.oddities) << row.rule;
  }
}

TEST(Accumulator, CallsAreOrderedByIndexThenByFirstSight) {
  Assembly assembly;
  assembly.add({{2, "a", "f", "{}"}, {0, "b", "g", "{}"}});
  assembly.add({{2, "c", "h", "{}"}, {1, "d", "i", "{}"}});
  EXPECT_EQ(assembly.close().calls(), (Lines{"0 b g {}", "1 d i {}", "2 a f {}", "2 c h {}"}));
}

TEST(Accumulator, MissingIdsAreMadeAlikeOnEveryRun) {
  const auto assembled = [] {
    Assembly assembly;
    assembly.add({{0, "", "f", "{}"}, {1, "", "f", "{}"}, {2, "c", "f", "{}"}}).close();
    return assembly;
  };
  const Assembly first = assembled();
  const Assembly second = assembled();
  const auto& calls = first.message().tool_calls;
  EXPECT_EQ(first.calls(), second.calls());
  EXPECT_EQ(calls[0].id.size(), std::string_view("call_0123456789abcdef").size());
  EXPECT_TRUE(calls[0].id.starts_with("call_"));
  EXPECT_NE(calls[0].id, calls[1].id) << "the position counts";
  EXPECT_EQ(calls[2].id, "c");
  EXPECT_EQ(first.names(), (Names{"tool_id_missing", "tool_id_missing"}));
}

TEST(Accumulator, CallWithoutArgumentsIsAnObjectWhereTheProtocolSendsObjects) {
  EXPECT_EQ(Assembly().add({{0, "a", "f", {}}}).close(true).calls(), Lines{"0 a f {}"});
  EXPECT_EQ(Assembly().add({{0, "a", "f", {}}}).close(false).calls(), Lines{"0 a f "});
}

TEST(Accumulator, CallWithoutANameIsNoted) {
  EXPECT_EQ(Assembly().add({{0, "a", "", "{}"}}).close().names(), Names{"tool_name_missing"});
}

TEST(Accumulator, FirstIdAndModelWin) {
  Assembly assembly;
  assembly.add(of_start("", "")).add(of_start("1", "m"));
  assembly.add(of_start("1", "m")).add(of_start("", ""));
  EXPECT_TRUE(assembly.oddities.empty());
  assembly.add(of_start("2", "n")).add(of_start("3", "o"));
  EXPECT_EQ(assembly.message().id, "1");
  EXPECT_EQ(assembly.message().model, "m");
  EXPECT_EQ(assembly.names(), (Names{"id_changed", "model_changed"}));
}

TEST(Accumulator, LastFinishWins) {
  Assembly assembly;
  assembly.add(of_finish("stop", FinishReason::stop)).add(of_finish("", FinishReason::other));
  EXPECT_EQ(assembly.choice().finish, FinishReason::stop);
  EXPECT_TRUE(assembly.oddities.empty());
  assembly.add(of_finish("length", FinishReason::length));
  EXPECT_EQ(assembly.choice().finish, FinishReason::length);
  EXPECT_EQ(assembly.choice().finish_word, "length");
  EXPECT_EQ(assembly.names(), Names{"finish_changed"});
}

TEST(Accumulator, SameFinishAgainIsNotedOnce) {
  Assembly assembly;
  for (int i = 0; i < 4; ++i) assembly.add(of_finish("stop", FinishReason::stop));
  EXPECT_EQ(assembly.names(), Names{"finish_repeated"});
}

TEST(Accumulator, ContentAfterAFinishIsKept) {
  Assembly assembly;
  assembly.add(of_text(DeltaKind::text, "a")).add(of_finish("stop", FinishReason::stop));
  assembly.add(of_text(DeltaKind::text, "")).add(of_usage({.input_tokens = 1}));
  EXPECT_TRUE(assembly.oddities.empty()) << "neither an empty text nor usage is content";
  assembly.add(of_text(DeltaKind::text, "b")).add(of_text(DeltaKind::text, "c"));
  EXPECT_EQ(assembly.message().content, "abc");
  EXPECT_EQ(assembly.names(), Names{"content_after_finish"});
}

TEST(Accumulator, UsageMergesByMemberAndTheLastWins) {
  Assembly assembly;
  assembly.add(of_usage({.input_tokens = 10, .output_tokens = 1, .cached_input_tokens = 4}));
  assembly.add(of_usage({.output_tokens = 7, .reasoning_tokens = 3}));
  assembly.add(of_usage({.cached_input_tokens = 0, .total_tokens = 17}));
  EXPECT_EQ(assembly.message().usage, (Usage{.input_tokens = 10,
                                             .output_tokens = 7,
                                             .reasoning_tokens = 3,
                                             .cached_input_tokens = 0,
                                             .total_tokens = 17}));
}

TEST(Accumulator, ReasoningBlocksJoinByABlankLineAndPiecesExactly) {
  Assembly assembly;
  assembly.add(of_reasoning("a", 0)).add(of_reasoning("b", 0)).add(of_reasoning("", 1));
  assembly.add(of_reasoning("c", 2)).add(of_reasoning("d", 2)).add(of_reasoning("e", 0));
  EXPECT_EQ(assembly.message().reasoning, "ab\n\ncd\n\ne");
  EXPECT_EQ(assembly.message().content, "");
}

TEST(Accumulator, ReasoningWithoutBlocksJoinsExactly) {
  EXPECT_EQ(Assembly().add(of_reasoning("a ")).add(of_reasoning("b")).message().reasoning, "a b");
}

TEST(Accumulator, TextPiecesJoinExactly) {
  Assembly assembly;
  for (const std::string_view text : {"a", "", "\n", " b"}) {
    assembly.add(of_text(DeltaKind::text, text));
  }
  EXPECT_EQ(assembly.message().content, "a\n b");
}

TEST(Accumulator, SurrogateHalvesOfConsecutivePiecesJoin) {
  const std::string_view high = "\xED\xA0\xBD";
  const std::string_view low = "\xED\xB8\x80";
  const std::string_view whole = "\xF0\x9F\x98\x80";
  for (const DeltaKind kind : {DeltaKind::text, DeltaKind::reasoning, DeltaKind::refusal}) {
    Assembly assembly;
    assembly.add(of_text(kind, high)).add(of_text(kind, low)).close();
    const Message& message = assembly.message();
    EXPECT_EQ(message.content + message.reasoning + message.refusal, whole);
  }
  Assembly assembly;
  assembly.add({{0, "a", "f", high}, {0, "", "", low}}).close();
  EXPECT_EQ(assembly.message().tool_calls[0].arguments, whole);
}

TEST(Accumulator, LoneSurrogatesBecomeReplacementCharactersAtTheEnd) {
  const std::string_view high = "\xED\xA0\xBD";
  const std::string_view low = "\xED\xB8\x80";
  Assembly assembly;
  assembly.add(of_text(DeltaKind::text, low)).add(of_text(DeltaKind::text, "a"));
  assembly.add(of_text(DeltaKind::text, high)).add({{0, "a", "f", high}}).close();
  const std::string content = assembly.message().content;
  EXPECT_EQ(content.find('\xED'), std::string::npos);
  EXPECT_TRUE(content.starts_with("\xEF\xBF\xBD") && content.ends_with("\xEF\xBF\xBD"));
  EXPECT_NE(content.find('a'), std::string::npos);
  EXPECT_EQ(assembly.message().tool_calls[0].arguments.find('\xED'), std::string::npos);
}

TEST(Accumulator, FirstErrorStandsWithItsCodeOrTypeOrTheWordError) {
  const auto code_of = [](std::string_view code, std::string_view type) {
    Delta delta = of_text(DeltaKind::error, "broke");
    delta.name = code;
    delta.type = type;
    Assembly assembly;
    assembly.add(delta).add(of_text(DeltaKind::error, "again"));
    EXPECT_EQ(assembly.accumulator.error()->message, "broke");
    EXPECT_EQ(assembly.names(), (Names{"error_in_stream", "error_in_stream"}));
    return assembly.accumulator.error()->code;
  };
  EXPECT_EQ(code_of("c", "t"), "c");
  EXPECT_EQ(code_of("", "t"), "t");
  EXPECT_EQ(code_of("", ""), "error");
}

TEST(Accumulator, ReceivedMeansAnythingNotEmptyOrAFinish) {
  EXPECT_FALSE(Assembly().add(of_text(DeltaKind::text, "")).accumulator.received());
  EXPECT_FALSE(Assembly().add(of_start("1", "m")).add(of_usage({})).accumulator.received());
  EXPECT_TRUE(Assembly().add(of_text(DeltaKind::text, "a")).accumulator.received());
  EXPECT_TRUE(Assembly().add(of_text(DeltaKind::refusal, "a")).accumulator.received());
  EXPECT_TRUE(Assembly().add(of_reasoning("a")).accumulator.received());
  EXPECT_TRUE(Assembly().add({{0, "a", "f", {}}}).accumulator.received());
  EXPECT_TRUE(Assembly().add(of_finish("stop", FinishReason::stop)).accumulator.received());
}

TEST(Accumulator, DoneIsRemembered) {
  Assembly assembly;
  EXPECT_FALSE(assembly.accumulator.done());
  EXPECT_TRUE(assembly.add(of_text(DeltaKind::done, "")).accumulator.done());
}

TEST(Accumulator, ProviderToolsAreListedByName) {
  Delta delta;
  delta.kind = DeltaKind::provider_tool;
  delta.name = "web_search";
  Assembly assembly;
  assembly.add(delta).close();
  EXPECT_EQ(assembly.message().provider_tools, std::vector<std::string>{"web_search"});
  EXPECT_FALSE(assembly.accumulator.has_tool_calls());
}

TEST(Accumulator, ChoicesAreKeptApartAndSorted) {
  Assembly assembly;
  assembly.add(of_text(DeltaKind::text, "c", 2)).add(of_text(DeltaKind::text, "b", 1));
  assembly.add(of_text(DeltaKind::text, "a", 0));
  assembly.add(of_finish("stop", FinishReason::stop, 1)).close();
  const auto& choices = assembly.accumulator.choices();
  ASSERT_EQ(choices.size(), 3U);
  EXPECT_EQ(choices[0].message.content + choices[1].message.content + choices[2].message.content,
            "abc");
  EXPECT_FALSE(choices[0].finish.has_value());
  EXPECT_EQ(choices[1].finish, FinishReason::stop);
}

TEST(Accumulator, ToolCallsEndAtTheirLimit) {
  Assembly assembly;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < kToolCallsMax + 2; ++i) ids.push_back("id" + std::to_string(i));
  for (std::size_t i = 0; i < kToolCallsMax; ++i) {
    assembly.add(Piece{static_cast<std::int64_t>(i), ids[i], "f", "{"}.delta());
  }
  EXPECT_TRUE(assembly.oddities.empty());
  for (std::size_t i = kToolCallsMax; i < kToolCallsMax + 2; ++i) {
    assembly.add(Piece{static_cast<std::int64_t>(i), ids[i], "f", "{"}.delta());
  }
  EXPECT_EQ(assembly.message().tool_calls.size(), kToolCallsMax);
  EXPECT_EQ(assembly.names(), Names{"tool_limit"}) << "noted once";
  assembly.add({{static_cast<std::int64_t>(kToolCallsMax) - 1, "", "", "}"}});
  EXPECT_EQ(assembly.message().tool_calls.back().arguments, "{}") << "a known call goes on";
}

TEST(Accumulator, ChoicesEndAtTheirLimit) {
  Assembly assembly;
  const auto max = static_cast<std::int32_t>(kChoicesMax);
  for (std::int32_t i = 0; i < max; ++i) assembly.add(of_text(DeltaKind::text, "a", i));
  EXPECT_TRUE(assembly.oddities.empty());
  assembly.add(of_text(DeltaKind::text, "a", max)).add(of_text(DeltaKind::text, "a", max + 1));
  assembly.add(of_text(DeltaKind::text, "b", max - 1));
  EXPECT_EQ(assembly.accumulator.choices().size(), kChoicesMax);
  EXPECT_EQ(assembly.names(), Names{"tool_limit"}) << "noted once";
  EXPECT_EQ(assembly.accumulator.choices().back().message.content, "ab");
}

// How often 1000 times the same piece allocates, behind a first one.
std::size_t allocations_of(const Delta& first, const Delta& piece) {
  Assembly assembly;
  assembly.oddities.reserve(16);
  assembly.add(first).add(piece).add(piece);
  const std::size_t before = allocations();
  for (int i = 0; i < 1000; ++i) assembly.add(piece);
  return allocations() - before;
}

// Doubling a text from nothing to 8000 bytes takes fewer.
constexpr std::size_t kGrowthsMax = 14;

TEST(Accumulator, PiecesAllocateOnlyForTheGrowthOfTheirText) {
  for (const DeltaKind kind : {DeltaKind::text, DeltaKind::reasoning, DeltaKind::refusal}) {
    const Delta piece = of_text(kind, "12345678");
    EXPECT_LE(allocations_of(piece, piece), kGrowthsMax);
  }
  const Delta opening = Piece{0, "call_1", "a_name_of_more_than_15_bytes", ""}.delta();
  for (const Piece& piece :
       {Piece{0, "", "", "12345678"}, Piece{0, "call_1", "", "12345678"},
        Piece{{}, "", "", "12345678"}, Piece{0, "an id of more than 15 bytes", "", "12345678"},
        Piece{0, "call_1", "a_name_of_more_than_15_bytes", "12345678"}}) {
    EXPECT_LE(allocations_of(opening, piece.delta()), kGrowthsMax) << piece.id << piece.name;
  }
}

TEST(Accumulator, StartUsageAndFinishAllocateNothingOnceWarm) {
  const Delta start = of_start("an id of more than 15 bytes", "a model of more than 15 bytes");
  EXPECT_EQ(allocations_of(start, start), 0U);
  EXPECT_EQ(allocations_of(start, of_usage({.input_tokens = 1})), 0U);
  EXPECT_EQ(allocations_of(start, of_finish("stop", FinishReason::stop)), 0U);
}

}  // namespace
}  // namespace playhead::assemble
