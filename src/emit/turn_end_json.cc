#include "emit/turn_end_json.h"

namespace playhead::emit {
namespace {

// Codes of a partial turn are of one kind for the client, whatever limit was reached (SPEC 9.1).
constexpr std::string_view kOutputTruncated = "output_truncated";

}  // namespace

void append_usage(const Usage& usage, const UsageNames& names, JsonWriter& json) {
  json.key("usage").begin_object();
  json.key(names.input).number(usage.input_tokens.value_or(0));
  json.key(names.output).number(usage.output_tokens.value_or(0));
  json.key(names.total).number(usage.total().value_or(0));
  json.end_object();
}

void append_extension(const TurnEnd& end, JsonWriter& json) {
  const std::optional<TurnError>& error = *end.error;
  json.key("playhead").begin_object();
  json.key("completed").boolean(end.completed);
  json.key("partial").boolean(end.partial);
  json.key("failed").boolean(end.failed);
  json.key("error").string(error ? error->message : "");
  json.key("error_code")
      .string(end.partial ? kOutputTruncated
              : error     ? std::string_view(error->code)
                          : std::string_view());
  json.end_object();
}

}  // namespace playhead::emit
