// The two forms of a fact, what a fingerprint covers, and what is read off the downstream bytes.
#include "transcript/transcript.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "transcript/documents.h"
#include "transcript/fact_line.h"

namespace playhead::transcript {
namespace {

struct Row {
  Fact fact;
  std::string_view line;
  std::string_view json;
};

std::string json_of(const Fact& fact) {
  JsonWriter json;
  write_fact(fact, json);
  return json.take();
}

Fact fact_of(FactKind kind, std::string_view name, std::string_view detail, std::string_view text) {
  Fact fact;
  fact.at = Instant{7};
  fact.kind = kind;
  fact.exchange = 1;
  fact.name = name;
  fact.detail = detail;
  fact.text = text;
  return fact;
}

std::vector<Row> wire_rows() {
  Fact request = fact_of(FactKind::request, "first", "", "{\"a\":1}");
  request.number = 4096;
  Fact response = fact_of(FactKind::response, "", "", "");
  response.number = 200;
  Fact chunk = fact_of(FactKind::chunk, "", "", "");
  chunk.offset = 10;
  chunk.size = 5;
  Fact frame = fact_of(FactKind::frame, "", "event", "a\n");
  frame.at = Instant{121'000};
  frame.size = 52;
  Fact named = fact_of(FactKind::frame, "ping", "comment", "");
  Fact anomaly = fact_of(FactKind::anomaly, "bad_json", "", "why");
  anomaly.offset = 3;
  return {
      {request, "t=7 x1 request first max_tokens=4096",
       R"({"at_us":7,"kind":"request","exchange":1,"max_tokens":4096,"why":"first",)"
       R"("body":"{\"a\":1}"})"},
      {response, "t=7 x1 response status=200",
       R"({"at_us":7,"kind":"response","exchange":1,"status":200})"},
      {chunk, "t=7 x1 chunk off=10..15",
       R"({"at_us":7,"kind":"chunk","exchange":1,"offset":10,"size":5})"},
      {frame, R"(t=121000 x1 frame off=0..52 "a\n")",
       R"({"at_us":121000,"kind":"frame","exchange":1,"offset":0,"size":52,)"
       R"("frame_kind":"event","data":"a\n"})"},
      {named, R"(t=7 x1 frame off=0..0 comment ping "")",
       R"({"at_us":7,"kind":"frame","exchange":1,"offset":0,"size":0,"event":"ping",)"
       R"("frame_kind":"comment","data":""})"},
      {anomaly, R"(t=7 x1 anomaly off=3 bad_json "why")",
       R"({"at_us":7,"kind":"anomaly","exchange":1,"offset":3,"name":"bad_json","detail":"why"})"},
      {fact_of(FactKind::end, "reset", "", ""), "t=7 x1 end reset",
       R"({"at_us":7,"kind":"end","exchange":1,"reason":"reset"})"},
  };
}

std::vector<Row> turn_rows() {
  Fact tool = fact_of(FactKind::tool, "f", "call_1", "{}");
  tool.status = ToolStatus::dropped;
  Fact backoff = fact_of(FactKind::backoff, "", "", "");
  backoff.number = 2'000'000;
  Fact notice = fact_of(FactKind::notice, "", "", "note");
  notice.exchange = 0;
  Fact keepalive = fact_of(FactKind::keepalive, "", "", ": keepalive\n\n");
  keepalive.exchange = 0;
  Fact outcome = fact_of(FactKind::outcome, "", "", "");
  outcome.exchange = 0;
  return {
      {fact_of(FactKind::text, "", "", "\xC3\xA9\""), "t=7 x1 text \"\xC3\xA9\\\"\"",
       "{\"at_us\":7,\"kind\":\"text\",\"exchange\":1,\"text\":\"\xC3\xA9\\\"\"}"},
      {fact_of(FactKind::tool_call, "f", "call_1", ""), R"(t=7 x1 tool_call call_1 f "")",
       R"({"at_us":7,"kind":"tool_call","exchange":1,"name":"f","id":"call_1","arguments":""})"},
      {fact_of(FactKind::completion, "length", "", "output_limit"),
       R"(t=7 x1 completion length "output_limit")",
       R"({"at_us":7,"kind":"completion","exchange":1,"finish_reason":"length",)"
       R"("why":"output_limit"})"},
      {tool, R"(t=7 x1 tool dropped call_1 f "{}")",
       R"({"at_us":7,"kind":"tool","exchange":1,"status":"dropped","name":"f","id":"call_1",)"
       R"("arguments":"{}"})"},
      {backoff, "t=7 x1 backoff wait_us=2000000",
       R"({"at_us":7,"kind":"backoff","exchange":1,"wait_us":2000000})"},
      {notice, R"(t=7 notice "note")", R"({"at_us":7,"kind":"notice","text":"note"})"},
      {keepalive, "t=7 keepalive",
       R"({"at_us":7,"kind":"keepalive","text":": keepalive\n\n"})"},
      {outcome, "t=7 outcome", R"({"at_us":7,"kind":"outcome"})"},
  };
}

TEST(FactLine, EachKindHasOneLineAndOneObject) {
  for (const std::vector<Row>& rows : {wire_rows(), turn_rows()}) {
    for (const Row& row : rows) {
      EXPECT_EQ(fact_line(row.fact), row.line);
      EXPECT_EQ(json_of(row.fact), row.json);
    }
  }
}

TEST(FactLine, EveryKindIsOneLineAndReadsBack) {
  for (const auto& kind : kFactKinds) {
    Fact fact = fact_of(kind.value, "name\n", "id\x01", "a\nb\xFF");
    fact.name = "name";
    fact.detail = "id";
    fact.number = 3;
    EXPECT_EQ(fact_line(fact).find('\n'), std::string::npos) << kind.name;
    const auto document = parse_json(json_of(fact));
    ASSERT_TRUE(document.ok()) << kind.name << ": " << json_of(fact);
    EXPECT_EQ(text_member(*document, "kind"), kind.name);
    EXPECT_EQ(int_member(*document, "at_us"), 7);
  }
}

TEST(FactLine, AnIdIsNeverTakenForTheKindOfAFrame) {
  EXPECT_EQ(fact_line(fact_of(FactKind::tool_call, "f", "event", "{}")),
            R"(t=7 x1 tool_call event f "{}")");
}

void add(Facts& facts, FactKind kind, std::int64_t at_us, std::string_view text,
         std::uint64_t size = 0) {
  facts.add({.at = Instant{at_us}, .kind = kind, .exchange = 1, .size = size, .text = text});
}

Facts facts_with_chunks(std::initializer_list<std::uint64_t> chunks) {
  Facts facts;
  for (const std::uint64_t size : chunks) add(facts, FactKind::chunk, 1, "", size);
  add(facts, FactKind::text, 1, "a");
  return facts;
}

TEST(Fingerprint, CoversChunksOnlyWhenAsked) {
  const Facts one = facts_with_chunks({10});
  const Facts two = facts_with_chunks({4, 6});
  EXPECT_NE(fingerprint(one), fingerprint(two));
  EXPECT_EQ(fingerprint(one, false), fingerprint(two, false));
  EXPECT_EQ(fingerprint(one), fingerprint(facts_with_chunks({10})));
  EXPECT_EQ(fingerprint(one).size(), 32U);
  EXPECT_EQ(fingerprint(one).find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(Fingerprint, CoversTimeKindExchangeAndText) {
  const auto of = [](const Fact& fact) {
    Facts facts;
    facts.add(fact);
    return fingerprint(facts);
  };
  const Fact base = fact_of(FactKind::text, "", "", "a");
  std::vector<Fact> others(4, base);
  others[0].at = Instant{8};
  others[1].kind = FactKind::visible;
  others[2].exchange = 2;
  others[3].text = "b";
  for (const Fact& other : others) EXPECT_NE(of(other), of(base));
}

TEST(Fingerprint, CoversTheOrder) {
  Facts first;
  add(first, FactKind::text, 1, "a");
  add(first, FactKind::text, 1, "b");
  Facts second;
  add(second, FactKind::text, 1, "b");
  add(second, FactKind::text, 1, "a");
  EXPECT_NE(fingerprint(first), fingerprint(second));
}

const std::string kChunk =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"how to finish\"},"
    "\"finish_reason\":null}]}\n\n";
const std::string kFinish =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const std::string kDone = "data: [DONE]\n\n";

TEST(Downstream, IsReadOffItsBytes) {
  Transcript transcript;
  Facts& facts = transcript.facts;
  add(facts, FactKind::request, 0, "");
  add(facts, FactKind::downstream, 0, kChunk);
  add(facts, FactKind::keepalive, 30, ": keepalive\n\n");
  add(facts, FactKind::downstream, 35, "event: tool.progress\ndata: {\"tool\":\"f\"}\n\n");
  add(facts, FactKind::downstream, 40, kFinish + kDone);
  facts.add_outcome(Instant{42}, {});
  add(facts, FactKind::end, 1000, "");
  const Downstream downstream = downstream_of(transcript);
  EXPECT_EQ(downstream.frames, 4) << "comments apart";
  EXPECT_EQ(downstream.keepalives, std::vector<Instant>{Instant{30}});
  EXPECT_EQ(downstream.finish_reason, "stop");
  EXPECT_EQ(downstream.finishes, 1);
  EXPECT_TRUE(downstream.done);
  EXPECT_EQ(downstream.longest_silence.us, 30);
  EXPECT_TRUE(downstream.text.starts_with(kChunk));
  EXPECT_NE(downstream.text.find(": keepalive\n\n"), std::string::npos);
  EXPECT_EQ(end_of_turn(transcript).us, 42);
}

TEST(Downstream, SilenceCountsUpToTheEndOfTheTurn) {
  Transcript transcript;
  add(transcript.facts, FactKind::downstream, 5, kChunk);
  add(transcript.facts, FactKind::text, 300, "");
  transcript.facts.add_outcome(Instant{400}, {});
  EXPECT_EQ(downstream_of(transcript).longest_silence.us, 395);
}

TEST(Downstream, EveryFinishCounts) {
  Transcript transcript;
  add(transcript.facts, FactKind::downstream, 5, kFinish + kFinish);
  EXPECT_EQ(downstream_of(transcript).finishes, 2);
  EXPECT_FALSE(downstream_of(transcript).done);
}

TEST(Downstream, TheFinishOfAUiMessageStreamHasItsReasonInTheMetadata) {
  Transcript transcript;
  add(transcript.facts, FactKind::downstream, 5,
      "data: {\"type\":\"finish-step\"}\n\ndata: {\"type\":\"finish\",\"messageMetadata\":"
      "{\"finishReason\":\"length\"}}\n\n" + kDone);
  EXPECT_EQ(downstream_of(transcript).finish_reason, "length");
  EXPECT_EQ(downstream_of(transcript).finishes, 1);
  EXPECT_TRUE(downstream_of(transcript).done);
  Transcript stopped;
  add(stopped.facts, FactKind::downstream, 5, "data: {\"type\":\"finish\"}\n\n");
  EXPECT_EQ(downstream_of(stopped).finish_reason, "");
  EXPECT_EQ(downstream_of(stopped).finishes, 1);
}

TEST(Downstream, OfATurnWithoutOneIsEmpty) {
  const Downstream downstream = downstream_of(Transcript{});
  EXPECT_EQ(downstream.frames, 0);
  EXPECT_EQ(downstream.finish_reason, "");
  EXPECT_FALSE(downstream.done);
  EXPECT_EQ(downstream.longest_silence.us, 0);
}

TEST(EndOfTurn, IsTheLastFactWhereTheTurnDidNotEnd) {
  Transcript transcript;
  EXPECT_EQ(end_of_turn(transcript).us, 0);
  add(transcript.facts, FactKind::text, 300, "");
  EXPECT_EQ(end_of_turn(transcript).us, 300);
}

Transcript whole_transcript() {
  Transcript transcript;
  transcript.recording = "a.rec";
  transcript.seed = 9;
  transcript.unused_exchanges = 2;
  for (const int index : {2, 1}) {
    ExchangeReport report;
    report.index = index;
    report.choices.resize(1);
    transcript.facts.add_exchange(Instant{index}, report);
  }
  Outcome outcome;
  outcome.completed = true;
  outcome.final_response = "done";
  transcript.facts.add_outcome(Instant{3}, outcome);
  return transcript;
}

TEST(ReplayDocument, HasTheMembersThatToolsRelyOn) {
  const auto document = parse_json(replay_document(whole_transcript()));
  ASSERT_TRUE(document.ok());
  for (const char* name : {"recording", "seed", "fingerprint", "virtual_us", "outcome",
                           "downstream", "exchanges", "transcript"}) {
    EXPECT_NE(member(*document, name), nullptr) << name;
  }
  EXPECT_EQ(int_member(*document, "seed"), 9);
  EXPECT_EQ(int_member(*document, "virtual_us"), 3);
  const JsonValue& outcome = *member(*document, "outcome");
  EXPECT_EQ(int_member(outcome, "unused_exchanges"), 2);
  EXPECT_EQ(text_member(outcome, "final_response"), "done");
  const JsonValue& exchanges = *member(*document, "exchanges");
  ASSERT_EQ(exchanges.Size(), 2U);
  EXPECT_EQ(int_member(exchanges[0], "index"), 1) << "in order of index, not of their end";
  EXPECT_EQ(member(exchanges[0], "choices"), nullptr) << "only where there are several";
  EXPECT_EQ(member(*document, "transcript")->Size(), 3U);
}

TEST(ReplayDocument, MayLeaveTheFactsOut) {
  const auto document = parse_json(replay_document(whole_transcript(), false));
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(member(*document, "transcript"), nullptr);
  EXPECT_EQ(text_member(*document, "fingerprint"), fingerprint(whole_transcript().facts));
}

TEST(ReplayDocument, SeedsKeepAllTheirBits) {
  Transcript transcript = whole_transcript();
  transcript.seed = UINT64_MAX;
  EXPECT_NE(replay_document(transcript).find("\"seed\":18446744073709551615,"), std::string::npos);
}

}  // namespace
}  // namespace playhead::transcript
