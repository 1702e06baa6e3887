// AWS event-stream decoding: each rule of WIRE 7.1 in every cut, and the published vectors.
#include "wire/aws_event_stream_decoder.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "wire/crc32.h"
#include "wire/testing.h"

namespace playhead::wire {
namespace {

using namespace std::string_literals;
using Lines = FrameLines;

std::string big_endian(std::uint64_t value, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = size; i-- > 0; value >>= 8U) bytes[i] = static_cast<char>(value & 0xFF);
  return bytes;
}

std::string header(std::string_view name, int type, std::string_view value) {
  return big_endian(name.size(), 1) + std::string(name) + static_cast<char>(type) +
         std::string(value);
}

std::string text_header(std::string_view name, std::string_view value) {
  return header(name, 7, big_endian(value.size(), 2) + std::string(value));
}

// A prelude with the right checksum, whatever its lengths say.
std::string prelude(std::uint64_t total, std::uint64_t headers_size) {
  const std::string lengths = big_endian(total, 4) + big_endian(headers_size, 4);
  return lengths + big_endian(crc32(lengths), 4);
}

std::string message(std::string_view headers, std::string_view payload) {
  std::string bytes = prelude(16 + headers.size() + payload.size(), headers.size());
  bytes.append(headers).append(payload);
  return bytes + big_endian(crc32(bytes), 4);
}

Lines decode(std::string_view body) {
  EXPECT_EQ(find_split_that_matters<AwsEventStreamDecoder>(body), std::nullopt);
  AwsEventStreamDecoder decoder;
  return shown(decode_chunks(decoder, {body}));
}

struct Row {
  const char* law;
  std::string body;
  Lines frames;
};

void expect_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) EXPECT_EQ(decode(row.body), row.frames) << row.law;
}

TEST(AwsEventStreamDecoder, ReadsMessages) {
  const std::string event = text_header(":event-type", "chunk");
  const std::string exception = text_header(":exception-type", "throttlingException");
  const std::string code = text_header(":error-code", "500");
  expect_rows({
      {"an empty body has no frames", "", {}},
      {"neither headers nor payload", message("", ""), {"message 0+16 ''"}},
      {"one after the other",
       message("", "{}") + message("", "x"),
       {"message 0+18 '{}'", "message 18+17 'x'"}},
      {"the event type", message(event, "{}"), {"message 0+38 [chunk] :event-type=chunk '{}'"}},
      {"an exception",
       message(exception, ""),
       {"message 0+54 [throttlingException] :exception-type=throttlingException ''"}},
      {"an error", message(code, ""), {"message 0+34 [500] :error-code=500 ''"}},
      {"the payload is not looked at", message("", "\xFF\x00"s), {"message 0+18 '\xFF\x00'"s}},
  });
}

TEST(AwsEventStreamDecoder, ShowsHeaderValuesAsText) {
  const std::string uuid = "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F\xF0";
  const std::string headers = header("t", 0, "") + header("f", 1, "") + header("a", 2, "\x80") +
                              header("b", 3, "\xFF\xFE") + header("c", 4, "\x7F\xFF\xFF\xFF") +
                              header("d", 5, "\x80\0\0\0\0\0\0\0"s) +
                              header("e", 6, "\0\1"s + "a") + header("g", 6, "\0\2"s + "ab") +
                              header("h", 6, "\0\3"s + "abc") + header("i", 6, "\0\0"s) +
                              text_header("j", "\xC3\xA9") + text_header("k", "") +
                              header("l", 8, "\0\0\0\0\0\0\0\7"s) + header("m", 9, uuid);
  EXPECT_EQ(
      decode(message(headers, "")),
      Lines{"message 0+117 t=true f=false a=-128 b=-2 c=2147483647 d=-9223372036854775808 e=YQ== "
            "g=YWI= h=YWJj i= j=\xC3\xA9 k= l=7 m=0102030405060708090a0b0c0d0e0ff0 ''"});
}

TEST(AwsEventStreamDecoder, BreaksOffAtTheFirstBrokenRule) {
  const std::string good = message("", "{}");
  std::string bad_prelude = good;
  bad_prelude[11] ^= 1;
  std::string bad_message = good;
  bad_message[12] ^= 1;
  const std::string name_cut = "\5ab";
  expect_rows({
      {"prelude checksum",
       good + bad_prelude + good,
       {"message 0+18 '{}'", "message 18+12 '' !prelude_crc_mismatch"}},
      {"message checksum", bad_message + good, {"message 0+18 '' !message_crc_mismatch"}},
      {"no room for itself", prelude(15, 0) + good, {"message 0+12 '' !message_too_short"}},
      {"no room for headers either", prelude(0, 999), {"message 0+12 '' !message_too_short"}},
      {"above the limit",
       prelude(kAwsMessageBytesMax + 1, 0),
       {"message 0+12 '' !message_too_long"}},
      {"the largest length",
       prelude(0xFFFFFFFF, 0xFFFFFFFF),
       {"message 0+12 '' !message_too_long"}},
      {"headers above their limit",
       prelude(kAwsMessageBytesMax, kAwsHeadersBytesMax + 1),
       {"message 0+12 '' !headers_too_long"}},
      {"headers longer than the message",
       prelude(18, 3),
       {"message 0+12 '' !headers_length_out_of_range"}},
      {"an empty name", message(header("", 0, ""), ""), {"message 0+18 '' !empty_header_name"}},
      {"a name cut", message(name_cut, ""), {"message 0+19 '' !header_truncated"}},
      {"no type", message("\1a", ""), {"message 0+18 '' !header_truncated"}},
      {"an unknown type",
       message(header("a", 10, ""), ""),
       {"message 0+19 '' !unknown_header_type"}},
      {"a value cut", message(header("a", 4, "abc"), ""), {"message 0+22 '' !header_truncated"}},
      {"a length cut", message(header("a", 7, "\0"s), ""), {"message 0+20 '' !header_truncated"}},
      {"a text cut",
       message(header("a", 7, "\0\2"s + "x"), ""),
       {"message 0+22 '' !header_truncated"}},
      {"a name that is no UTF-8",
       message(header("\xFF", 0, ""), ""),
       {"message 0+19 '' !invalid_utf8"}},
      {"a text that is none",
       message(text_header("a", "\xFF"), ""),
       {"message 0+22 '' !invalid_utf8"}},
      {"a name twice",
       message(header("a", 0, "") + header("a", 1, ""), ""),
       {"message 0+22 '' !duplicate_header"}},
      {"another framing", "data: {\"a\":1}\n\n", {"message 0+12 '' !prelude_crc_mismatch"}},
  });
}

TEST(AwsEventStreamDecoder, AMessageCutShortIsUnterminated) {
  const std::string good = message(text_header("a", "b"), "{}");
  for (std::size_t size = 1; size < good.size(); ++size) {
    const std::string place = "message " + std::to_string(good.size()) + "+" + std::to_string(size);
    const Lines frames = decode(good + good.substr(0, size));
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(frames[1], place + " '' cut");
  }
}

TEST(AwsEventStreamDecoder, ReadsTheLargestMessageAndManyHeaders) {
  std::string headers;
  for (int i = 0; headers.size() + 8 <= kAwsHeadersBytesMax; ++i) {
    headers += header(std::to_string(1000000 + i).substr(1), 0, "");
  }
  const std::string payload(kAwsMessageBytesMax - 16 - headers.size(), 'x');
  const std::string body = message(headers, payload);
  for (const std::size_t chunk : {body.size(), std::size_t{1} << 16U}) {
    AwsEventStreamDecoder decoder;
    const std::vector<FrameCopy> frames = decode_chunks(decoder, cut_every(body, chunk));
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(frames[0].error, "");
    EXPECT_EQ(frames[0].data, payload);
    EXPECT_EQ(frames[0].headers.size(), headers.size() / 8);
  }
}

// --- The published vectors: their error classes are our names, except that "truncated" is an
// unterminated frame without error.

std::string vector_value(const JsonValue& value, std::string_view type) {
  if (type == "uuid") {
    std::string hex;
    for (const char c : from_base64(text_of(value))) {
      hex += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4U];
      hex += "0123456789abcdef"[static_cast<unsigned char>(c) & 15U];
    }
    return hex;
  }
  return value.IsString() ? std::string(text_of(value)) : json_text(value);
}

void expect_message(const JsonValue& expected, const FrameCopy& frame) {
  EXPECT_EQ(frame.error, "");
  EXPECT_FALSE(frame.unterminated);
  EXPECT_EQ(frame.size, static_cast<std::uint64_t>(*int_member(expected, "total_length")));
  EXPECT_EQ(frame.data, from_base64(*text_member(expected, "payload_base64")));
  const JsonValue& headers = *member(expected, "headers");
  ASSERT_EQ(frame.headers.size(), headers.Size());
  for (rapidjson::SizeType i = 0; i < headers.Size(); ++i) {
    EXPECT_EQ(frame.headers[i].first, *text_member(headers[i], "name"));
    EXPECT_EQ(frame.headers[i].second,
              vector_value(*member(headers[i], "value"), *text_member(headers[i], "type")));
  }
}

TEST(AwsEventStreamDecoder, AgreesWithThePublishedVectors) {
  const auto published = read_vectors("eventstream_aws.json");
  if (!published) GTEST_SKIP() << "PLAYHEAD_CORPUS is not set";
  const Result<JsonDocument>& document = *published;
  ASSERT_TRUE(document.ok()) << document.error().message;
  const JsonValue& vectors = *member(*document, "vectors");
  for (const JsonValue& vector : vectors.GetArray()) {
    SCOPED_TRACE(*text_member(vector, "name"));
    const std::string body = from_base64(*text_member(vector, "frames_base64"));
    EXPECT_EQ(find_split_that_matters<AwsEventStreamDecoder>(body), std::nullopt);
    AwsEventStreamDecoder decoder;
    const std::vector<FrameCopy> frames = decode_chunks(decoder, {body});
    const JsonValue& expected = *member(vector, "expected");
    const JsonValue& messages = *member(expected, "messages");
    const auto error = text_member(expected, "error");
    ASSERT_EQ(frames.size(), messages.Size() + (error ? 1U : 0U));
    for (rapidjson::SizeType i = 0; i < messages.Size(); ++i)
      expect_message(messages[i], frames[i]);
    if (!error) continue;
    EXPECT_EQ(frames.back().unterminated, *error == "truncated");
    EXPECT_EQ(frames.back().error, *error == "truncated" ? "" : *error);
    EXPECT_EQ(frames.back().data, "");
  }
}

}  // namespace
}  // namespace playhead::wire
