// Request, response, trailers, end and meta as JSON.
#include "recording/payload.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/json.h"
#include "recording/record.h"

namespace playhead::recording {
namespace {

struct MetaMember {
  std::string_view name;
  std::string RecordingMeta::*text;
};

constexpr std::array<MetaMember, 10> kMetaMembers = {{
    {"title", &RecordingMeta::title},
    {"protocol", &RecordingMeta::protocol},
    {"provider", &RecordingMeta::provider},
    {"model", &RecordingMeta::model},
    {"origin", &RecordingMeta::origin},
    {"source", &RecordingMeta::source},
    {"recorded_at", &RecordingMeta::recorded_at},
    {"recorder", &RecordingMeta::recorder},
    {"timing", &RecordingMeta::timing},
    {"borders", &RecordingMeta::borders},
}};

bool is_meta_member(std::string_view name) {
  return std::any_of(kMetaMembers.begin(), kMetaMembers.end(),
                     [&](const MetaMember& row) { return row.name == name; });
}

void write_headers(const std::vector<Header>& headers, JsonWriter& out) {
  out.key("headers").begin_array();
  for (const auto& [name, value] : headers) {
    out.begin_array().string(name).string(value).end_array();
  }
  out.end_array();
}

Result<JsonDocument> parse_object(std::string_view payload) {
  Result<JsonDocument> document = parse_json(payload);
  if (!document.ok()) return Error{"bad JSON at " + document.error().message};
  if (!document->IsObject()) return Error{"the payload is no JSON object"};
  return document;
}

Result<std::string> text_at(const JsonValue& object, std::string_view name) {
  const auto text = text_member(object, name);
  if (!text) return Error{fmt::format("the member \"{}\" is missing or no string", name)};
  if (Status status = check_line(name, *text); !status.ok()) return status.error();
  return std::string(*text);
}

Result<std::vector<Header>> headers_at(const JsonValue& object) {
  std::vector<Header> headers;
  const JsonValue* list = member(object, "headers");
  if (list == nullptr) return headers;
  if (!list->IsArray()) return Error{"\"headers\" is no array of [name, value]"};
  for (const JsonValue& pair : list->GetArray()) {
    if (!pair.IsArray() || pair.Size() != 2 || !pair[0].IsString() || !pair[1].IsString()) {
      return Error{fmt::format("header {} is no [name, value] of two strings", headers.size() + 1)};
    }
    headers.emplace_back(text_of(pair[0]), text_of(pair[1]));
  }
  if (Status status = check_headers(headers); !status.ok()) return status.error();
  return headers;
}

bool says_the_same(const RecordingMeta& a, const RecordingMeta& b) {
  return std::all_of(kMetaMembers.begin(), kMetaMembers.end(),
                     [&](const MetaMember& row) { return a.*row.text == b.*row.text; });
}

}  // namespace

Status check_line(std::string_view what, std::string_view text) {
  if (text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos) return Done{};
  return Error{
      fmt::format("{} holds a CR, LF or NUL, which HTTP cannot carry: {}", what, shown(text))};
}

Status check_status(std::int64_t status) {
  if (status >= 100 && status <= 999) return Done{};
  return Error{fmt::format("status {} is not between 100 and 999", status)};
}

Status check_headers(const std::vector<Header>& headers) {
  for (const auto& [name, value] : headers) {
    if (name.empty()) return Error{"a header with an empty name"};
    if (Status status = check_line("a header name", name); !status.ok()) return status;
    const std::string what = "the value of header " + shown(name);
    if (Status status = check_line(what, value); !status.ok()) return status;
  }
  return Done{};
}

std::string meta_payload(const RecordingMeta& meta) {
  const Result<JsonDocument> read = parse_object(meta.json);
  if (read.ok()) {
    const Result<RecordingMeta> same = parse_meta(meta.json);
    if (same.ok() && says_the_same(*same, meta)) return meta.json;
  }
  JsonWriter out;
  out.begin_object();
  for (const MetaMember& row : kMetaMembers) {
    if (!(meta.*row.text).empty()) out.key(row.name).string(meta.*row.text);
  }
  if (read.ok()) {
    for (const auto& entry : read->GetObject()) {
      const std::string_view name = text_of(entry.name);
      if (!is_meta_member(name)) out.key(name).value(entry.value);
    }
  }
  return out.end_object().take();
}

std::string request_payload(std::string_view method, std::string_view target,
                            const std::vector<Header>& headers) {
  JsonWriter out;
  out.begin_object().key("method").string(method).key("target").string(target);
  write_headers(headers, out);
  return out.end_object().take();
}

std::string response_payload(int status, const std::vector<Header>& headers) {
  JsonWriter out;
  out.begin_object().key("status").number(status);
  write_headers(headers, out);
  return out.end_object().take();
}

std::string trailers_payload(const std::vector<Header>& headers) {
  JsonWriter out;
  out.begin_object();
  write_headers(headers, out);
  return out.end_object().take();
}

std::string end_payload(EndReason reason, std::string_view detail, std::size_t bytes) {
  JsonWriter out;
  out.begin_object().key("reason").string(name_of(reason));
  if (!detail.empty()) out.key("detail").string(detail);
  return out.key("bytes").number(static_cast<std::int64_t>(bytes)).end_object().take();
}

Result<RecordingMeta> parse_meta(std::string_view payload) {
  const Result<JsonDocument> object = parse_object(payload);
  if (!object.ok()) return object.error();
  RecordingMeta meta;
  meta.json = std::string(payload);
  for (const MetaMember& row : kMetaMembers) {
    const JsonValue* value = member(*object, row.name);
    if (value == nullptr || value->IsNull()) continue;
    if (!value->IsString()) return Error{fmt::format("the member \"{}\" is no string", row.name)};
    meta.*row.text = std::string(text_of(*value));
  }
  return meta;
}

Result<RequestHead> parse_request(std::string_view payload) {
  const Result<JsonDocument> object = parse_object(payload);
  if (!object.ok()) return object.error();
  Result<std::string> method = text_at(*object, "method");
  if (!method.ok()) return method.error();
  Result<std::string> target = text_at(*object, "target");
  if (!target.ok()) return target.error();
  Result<std::vector<Header>> headers = headers_at(*object);
  if (!headers.ok()) return headers.error();
  return RequestHead{std::move(*method), std::move(*target), std::move(*headers)};
}

Result<ResponseHead> parse_response(std::string_view payload) {
  const Result<JsonDocument> object = parse_object(payload);
  if (!object.ok()) return object.error();
  const auto code = int_member(*object, "status");
  if (!code) return Error{"the member \"status\" is missing or no whole number"};
  if (Status status = check_status(*code); !status.ok()) return status.error();
  Result<std::vector<Header>> headers = headers_at(*object);
  if (!headers.ok()) return headers.error();
  return ResponseHead{static_cast<int>(*code), std::move(*headers)};
}

Result<std::vector<Header>> parse_trailers(std::string_view payload) {
  const Result<JsonDocument> object = parse_object(payload);
  if (!object.ok()) return object.error();
  return headers_at(*object);
}

Result<EndNote> parse_end(std::string_view payload) {
  const Result<JsonDocument> object = parse_object(payload);
  if (!object.ok()) return object.error();
  const auto name = text_member(*object, "reason");
  if (!name) return Error{"the member \"reason\" is missing or no string"};
  const auto reason = end_reason_named(*name);
  if (!reason) return Error{fmt::format("unknown end reason {}", shown(*name))};
  if (*reason == EndReason::torn) {
    return Error{"end reason \"torn\": a torn exchange is one without an end, leave it out"};
  }
  EndNote note{*reason, {}, int_member(*object, "bytes")};
  if (const JsonValue* detail = member(*object, "detail"); detail && !detail->IsNull()) {
    if (!detail->IsString()) return Error{"the member \"detail\" is no string"};
    note.detail = std::string(text_of(*detail));
  }
  return note;
}

}  // namespace playhead::recording
