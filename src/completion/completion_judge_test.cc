// The table of SPEC 5 row by row, which row goes first, and what is transient.
#include "completion/completion_judge.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace playhead::completion {
namespace {

// What a row of the table begins with: a whole reply of text that ended with `stop`.
struct Reply {
  Message message;
  Evidence evidence;

  Reply() {
    message.content = "text";
    evidence.received = true;
    evidence.end_evidence = true;
    evidence.finish = FinishReason::stop;
    evidence.finish_word = "stop";
  }
  Reply& finish(FinishReason reason, std::string word) {
    evidence.finish = reason;
    evidence.finish_word = std::move(word);
    return *this;
  }
  Reply& no_finish() {
    evidence.finish.reset();
    evidence.finish_word.reset();
    return *this;
  }
  Reply& no_evidence() {
    evidence.end_evidence = false;
    return no_finish();
  }
  Reply& end(EndReason reason) {
    evidence.end = reason;
    return *this;
  }
  Reply& content(std::string text) {
    message.content = std::move(text);
    return *this;
  }
  Reply& refusal(std::string text) {
    message.refusal = std::move(text);
    return *this;
  }
  Reply& tool(ArgumentState state) {
    ToolCall call;
    call.id = "call_1";
    call.name = "f";
    call.state = state;
    message.tool_calls.push_back(call);
    return *this;
  }
  Reply& error(std::string code) {
    evidence.error = ProviderError{std::move(code), "its_type", "it broke"};
    return *this;
  }
  Reply& status(int code) {
    evidence.status = code;
    return *this;
  }
  Reply& nothing() {
    message = {};
    evidence.received = false;
    return no_finish();
  }
  Judgement judged() {
    evidence.message = &message;
    return judge(evidence);
  }
};

// "finish_reason why anomaly,anomaly", with - for none.
std::string summary(const Judgement& judgement) {
  const Completion& completion = judgement.completion;
  std::string out(name_of(completion.finish_reason));
  out += " " + completion.why.value_or("-") + " ";
  for (const Anomaly anomaly : judgement.anomalies) {
    if (!out.ends_with(' ')) out += ",";
    out += name_of(anomaly);
  }
  if (out.ends_with(' ')) out += "-";
  return out;
}

struct Row {
  std::string_view condition;
  Reply reply;
  std::string_view expected;
};

void expect_rows(std::vector<Row> rows) {
  for (Row& row : rows) {
    const Judgement judgement = row.reply.judged();
    EXPECT_EQ(summary(judgement), row.expected) << row.condition;
    EXPECT_EQ(judgement.completion.truncated,
              judgement.completion.finish_reason == FinishReason::length)
        << row.condition;
    EXPECT_EQ(judgement.completion.error.has_value(),
              judgement.completion.finish_reason == FinishReason::error)
        << row.condition;
    EXPECT_EQ(judgement.completion.provider_finish_reason, row.reply.evidence.finish_word)
        << row.condition;
  }
}

constexpr EndReason kFailures[] = {EndReason::reset, EndReason::eof_early, EndReason::idle_timeout,
                                   EndReason::tls_error, EndReason::torn};

TEST(CompletionJudge, TransportFailureAfterAFinishChangesNothing) {
  for (const EndReason reason : kFailures) {
    expect_rows({
        {"stop", Reply().end(reason), "stop - cut_after_finish"},
        {"tool calls",
         Reply().finish(FinishReason::tool_calls, "tool_calls").tool(ArgumentState::valid)
             .end(reason),
         "tool_calls - cut_after_finish"},
        {"finish alone", Reply().content("").end(reason), "stop - cut_after_finish"},
    });
  }
}

TEST(CompletionJudge, ErrorDeltaIsAnErrorWhateverCame) {
  expect_rows({
      {"after text", Reply().no_evidence().error("overloaded_error"), "error overloaded_error -"},
      {"before text", Reply().nothing().no_evidence().error("e"), "error e -"},
      {"beside a finish", Reply().error("e"), "error e -"},
      {"before a cut", Reply().no_evidence().error("e").end(EndReason::reset), "error e -"},
  });
  const Completion completion = Reply().no_evidence().error("e").judged().completion;
  EXPECT_EQ(completion.error->code, "e");
  EXPECT_EQ(completion.error->type, "its_type");
  EXPECT_EQ(completion.error->message, "it broke");
}

TEST(CompletionJudge, HttpStatusIsTheWhyOfAnError) {
  expect_rows({
      {"without a document", Reply().nothing().no_evidence().status(503), "error http_503 -"},
      {"with one", Reply().nothing().no_evidence().status(429).error("e"), "error http_429 -"},
  });
  EXPECT_EQ(Reply().nothing().status(429).error("e").judged().completion.error->code, "e");
  EXPECT_EQ(Reply().nothing().status(503).judged().completion.error->code, "http_503");
}

TEST(CompletionJudge, TransportFailureBeforeTextOrToolCallIsAnError) {
  for (const EndReason reason : kFailures) {
    const std::string expected = "error " + std::string(name_of(reason)) + " -";
    expect_rows({
        {"nothing came", Reply().nothing().no_evidence().end(reason), expected},
        {"only reasoning or refusal came", Reply().content("").refusal("no").no_evidence()
             .end(reason), expected},
    });
  }
}

TEST(CompletionJudge, TransportFailureAfterTextOrToolCallIsACut) {
  for (const EndReason reason : kFailures) {
    expect_rows({
        {"text", Reply().no_evidence().end(reason), "length stream_cut -"},
        {"a tool call",
         Reply().content("").tool(ArgumentState::truncated).no_evidence().end(reason),
         "length stream_cut -"},
    });
  }
}

TEST(CompletionJudge, CleanEndWithoutEvidenceIsALength) {
  expect_rows({
      {"text", Reply().no_evidence(), "length no_end_evidence -"},
      {"whole tool call", Reply().content("").tool(ArgumentState::valid).no_evidence(),
       "length no_end_evidence -"},
      {"cut tool call", Reply().tool(ArgumentState::truncated).no_evidence(),
       "length no_end_evidence -"},
      {"refusal", Reply().content("").refusal("no").no_evidence(), "length no_end_evidence -"},
  });
}

TEST(CompletionJudge, NothingReceivedIsAnEmptyStream) {
  expect_rows({
      {"with evidence", Reply().nothing(), "error empty_stream -"},
      {"without", Reply().nothing().no_evidence(), "error empty_stream -"},
  });
}

TEST(CompletionJudge, RowsByFinish) {
  const auto tool_calls = [] { return Reply().finish(FinishReason::tool_calls, "tool_calls"); };
  expect_rows({
      {"length", Reply().finish(FinishReason::length, "max_tokens"), "length output_limit -"},
      {"length goes before cut arguments",
       Reply().finish(FinishReason::length, "length").tool(ArgumentState::truncated),
       "length output_limit -"},
      {"length with whole arguments",
       Reply().finish(FinishReason::length, "length").tool(ArgumentState::valid),
       "length output_limit -"},
      {"cut arguments", tool_calls().tool(ArgumentState::valid).tool(ArgumentState::truncated),
       "length tool_arguments_cut -"},
      {"cut arguments with stop", Reply().tool(ArgumentState::truncated),
       "length tool_arguments_cut -"},
      {"cut arguments go before content_filter",
       Reply().finish(FinishReason::content_filter, "content_filter")
           .tool(ArgumentState::truncated),
       "length tool_arguments_cut -"},
      {"content_filter", Reply().finish(FinishReason::content_filter, "content_filter"),
       "content_filter refused -"},
      {"refusal alone", Reply().content("").refusal("no"), "content_filter refused -"},
      {"refusal beside content", Reply().refusal("no"), "stop - -"},
      {"stop with calls", Reply().tool(ArgumentState::valid), "tool_calls - stop_with_tools"},
      {"stop with repaired calls", Reply().tool(ArgumentState::repaired),
       "tool_calls - stop_with_tools"},
      {"tool_calls", tool_calls().tool(ArgumentState::valid), "tool_calls - -"},
      {"invalid arguments are the turn's business", tool_calls().tool(ArgumentState::invalid),
       "tool_calls - -"},
      {"tool_calls without a call", tool_calls(), "tool_calls - odd_finish"},
      {"stop", Reply(), "stop - -"},
      {"pause", Reply().finish(FinishReason::pause, "pause_turn"), "pause - -"},
      {"other", Reply().finish(FinishReason::other, "whatever"), "other - odd_finish"},
      {"error", Reply().finish(FinishReason::error, "error"), "error error -"},
  });
}

TEST(CompletionJudge, DoneWithoutAFinishIsReadFromTheReply) {
  expect_rows({
      {"text", Reply().no_finish(), "stop - no_finish_reason"},
      {"calls", Reply().no_finish().tool(ArgumentState::valid), "tool_calls - no_finish_reason"},
      {"cut calls", Reply().no_finish().tool(ArgumentState::truncated),
       "length tool_arguments_cut no_finish_reason"},
  });
}

TEST(CompletionJudge, InterruptionsAreCutsToo) {
  expect_rows({
      {"after text", Reply().no_evidence().end(EndReason::client_closed), "length stream_cut -"},
      {"before text", Reply().nothing().no_evidence().end(EndReason::size_cap),
       "error size_cap -"},
      {"after a finish", Reply().end(EndReason::recorder_stopped), "stop - -"},
  });
}

bool transient_code(std::string code, std::string type = "") {
  Completion completion;
  completion.finish_reason = FinishReason::error;
  completion.error = ProviderError{std::move(code), std::move(type), ""};
  return is_transient(completion, 200, EndReason::complete);
}

TEST(CompletionJudge, TransientEndReasons) {
  for (const auto& row : kEndReasons) {
    const bool expected = row.value == EndReason::reset || row.value == EndReason::eof_early ||
                          row.value == EndReason::idle_timeout ||
                          row.value == EndReason::tls_error || row.value == EndReason::torn;
    Reply cut;
    cut.no_evidence().end(row.value);
    EXPECT_EQ(is_transient(cut.judged().completion, 200, row.value), expected) << row.name;
    Reply nothing;
    nothing.nothing().no_evidence().end(row.value);
    const bool empty_stream = row.value == EndReason::complete;
    EXPECT_EQ(is_transient(nothing.judged().completion, 200, row.value), expected || empty_stream)
        << row.name;
  }
}

TEST(CompletionJudge, TransientStatuses) {
  for (int status = 400; status < 700; ++status) {
    const bool expected = status == 408 || status == 409 || status == 425 || status == 429 ||
                          (status >= 500 && status <= 599);
    Reply reply;
    reply.nothing().status(status);
    EXPECT_EQ(is_transient(reply.judged().completion, status, EndReason::complete), expected)
        << status;
    EXPECT_EQ(transient_code(std::to_string(status)), expected) << status;
  }
}

TEST(CompletionJudge, TransientCodes) {
  for (const char* code : {"rate_limit_exceeded", "overloaded_error", "api_error", "server_error",
                           "timeout_error", "empty_stream"}) {
    EXPECT_TRUE(transient_code(code)) << code;
    EXPECT_TRUE(transient_code("some_code", code)) << code << " as its type";
  }
  for (const char* code : {"", "error", "invalid_request_error", "insufficient_quota", "200",
                           "503 ", "5000", "context_length_exceeded"}) {
    EXPECT_FALSE(transient_code(code)) << code;
  }
}

TEST(CompletionJudge, ProvidersErrorBeforeACutStaysWhatItIs) {
  Reply reply;
  reply.no_evidence().error("invalid_request_error").end(EndReason::reset);
  EXPECT_FALSE(is_transient(reply.judged().completion, 200, EndReason::reset));
}

}  // namespace
}  // namespace playhead::completion
