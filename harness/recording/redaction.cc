// Heads are masked in their own places first, then wherever else a secret stands.
#include "recording/redaction.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "base/json.h"

namespace playhead::recording {
namespace {

constexpr std::size_t kShownNameBytesMax = 100;  // of a header or parameter, in the note
constexpr std::string_view kEventStream = "application/vnd.amazon.eventstream";

void mask_span(std::string& value, Span span) {
  std::fill_n(value.begin() + static_cast<std::ptrdiff_t>(span.begin), span.size, kMaskByte);
}

std::string masked_credential(std::string_view name, std::string_view value) {
  std::string out(value);
  const std::string small = lower_case(name);
  if (small == "cookie" || small == "set-cookie") {
    for (const Span span : cookie_values(value, small == "set-cookie")) mask_span(out, span);
  } else {
    mask_span(out, secret_part(value));
  }
  return out;
}

// The content coding whose bytes cannot be searched, or empty.
std::string opaque_coding(const std::vector<Header>& headers) {
  for (const auto& [name, value] : headers) {
    const std::string small = lower_case(value.substr(0, kShownNameBytesMax));
    const bool is_coding = same_ignoring_case(name, "content-encoding");
    if (is_coding && !small.empty() && small != "identity") return small;
  }
  return {};
}

void write_names(JsonWriter& json, std::string_view key, const std::set<std::string>& names) {
  if (names.empty()) return;
  json.key(key).begin_array();
  for (const std::string& name : names) json.string(name);
  json.end_array();
}

void write_count(JsonWriter& json, std::string_view key, std::uint64_t count) {
  if (count > 0) json.key(key).number(static_cast<std::int64_t>(count));
}

}  // namespace

bool is_stored_header(std::string_view name) {
  const std::string small = lower_case(name);
  return std::any_of(kStoredHeaders.begin(), kStoredHeaders.end(), [&](const StoredHeader& row) {
    if (!row.name.ends_with('*')) return row.name == small;
    return small.starts_with(row.name.substr(0, row.name.size() - 1)) &&
           !is_credential_header(small);
  });
}

std::string RedactionNote::json(bool finished) const {
  JsonWriter json;
  json.begin_object().key("finished").boolean(finished);
  if (!finished) {
    json.key("note").string(
        "the recorder was stopped before it finished this file: a few bytes before the border of a "
        "read may be masked although harmless, and what was masked is not listed");
  }
  write_names(json, "request_headers_masked", masked_headers_);
  write_names(json, "request_headers_dropped", dropped_headers_);
  write_names(json, "response_headers_masked", response_headers_);
  write_names(json, "parameters_masked", parameters_);
  write_count(json, "further_names", further_names_);
  write_count(json, "places_in_bodies", places_);
  write_count(json, "checksums_changed", checksums_);
  write_count(json, "bodies_masked_whole", opaque_bodies_);
  json.end_object();
  return json.take();
}

void RedactionNote::add(std::set<std::string>& names, std::string_view name) {
  std::string small = lower_case(name.substr(0, kShownNameBytesMax));
  if (names.contains(small)) return;
  if (names.size() < kRedactedNamesMax) {
    names.insert(std::move(small));
  } else {
    ++further_names_;
  }
}

void RedactionNote::add_masked(std::set<std::string>& names, std::string_view name) {
  ++head_places_;
  add(names, name);
}

void RedactionNote::add_body(const Masker& masker) {
  if (masker.masks_everything() && masker.places() > 0) {
    ++opaque_bodies_;
    return;
  }
  places_ += masker.places();
  checksums_ += masker.resealed();
}

void set_redacted(RecordingMeta& meta, std::string_view redacted_json) {
  JsonWriter json;
  json.begin_object();
  const auto document = parse_json(meta.json);
  PLAYHEAD_CHECK(document.ok() && document->IsObject());
  for (const auto& entry : document->GetObject()) {
    if (text_of(entry.name) == "redacted") continue;
    json.key(text_of(entry.name)).value(entry.value);
  }
  json.key("redacted").raw(redacted_json).end_object();
  meta.json = json.take();
}

void Redactor::add_environment(std::string_view value) {
  known_.add_unless_known(value, SecretOrigin::environment);
}

std::shared_ptr<const SecretPatterns> Redactor::patterns_for(const SecretSet& secrets) {
  if (patterns_ == nullptr || !(compiled_ == secrets)) {
    patterns_ = SecretPatterns::compile(secrets);
    compiled_ = secrets;
  }
  return patterns_;
}

void apply_corrections(const ExchangeCorrections& corrections, RecordedExchange& exchange) {
  apply_corrections(corrections.request_body, exchange.request_body);
  apply_corrections(corrections.body, exchange.body);
}

ExchangeRedactor::ExchangeRedactor(Redactor& redactor, RedactionNote& note)
    : redactor_(redactor), note_(note), secrets_(redactor.known()) {}

StoredRequest ExchangeRedactor::request(std::string_view target,
                                        const std::vector<Header>& headers) {
  collect_secrets(target, headers, secrets_);
  redactor_.learn(secrets_);
  patterns_ = redactor_.patterns_for(secrets_);
  request_coding_ = opaque_coding(headers);
  request_masker_.emplace(patterns_, MaskerOptions{.everything = !request_coding_.empty()});
  StoredRequest stored{std::string(target), {}};
  for (const TargetSecret& found : target_secrets(target)) {
    mask_span(stored.target, found.value);
    note_.add_parameter(text(found.name));
  }
  stored.target = text(stored.target);
  for (const auto& [name, value] : headers) {
    if (is_stored_header(name)) {
      stored.headers.emplace_back(name, text(value));
      if (stored.headers.back().second != value) note_.add_masked_header(name);
    } else if (is_credential_header(name)) {
      stored.headers.emplace_back(name, masked_credential(name, value));
      note_.add_masked_header(name);
    } else {
      note_.add_dropped_header(text(name));
    }
  }
  return stored;
}

std::string_view ExchangeRedactor::request_body(std::string_view bytes) {
  PLAYHEAD_CHECK(request_masker_.has_value());
  return request_masker_->mask(bytes);
}

std::vector<Header> ExchangeRedactor::response(const std::vector<Header>& headers) {
  PLAYHEAD_CHECK(patterns_ != nullptr);
  collect_response_secrets(headers, secrets_);
  patterns_ = redactor_.patterns_for(secrets_);
  const bool event_stream =
      lower_case(header_value(headers, "content-type")).starts_with(kEventStream);
  coding_ = opaque_coding(headers);
  response_masker_.emplace(
      patterns_, MaskerOptions{.event_stream = event_stream, .everything = !coding_.empty()});
  return masked_headers(headers);
}

std::string_view ExchangeRedactor::data(std::string_view bytes) {
  PLAYHEAD_CHECK(response_masker_.has_value());
  return response_masker_->mask(bytes);
}

std::vector<Header> ExchangeRedactor::trailers(const std::vector<Header>& headers) {
  return masked_headers(headers);
}

std::string ExchangeRedactor::text(std::string_view text) const {
  PLAYHEAD_CHECK(patterns_ != nullptr);
  return masked_text(patterns_, text);
}

std::vector<Header> ExchangeRedactor::masked_headers(const std::vector<Header>& headers) {
  std::vector<Header> stored;
  for (const auto& [name, value] : headers) {
    std::string masked =
        lower_case(name) == "set-cookie" ? masked_credential(name, value) : std::string(value);
    masked = text(masked);
    if (masked != value) note_.add_response_header(name);
    stored.emplace_back(text(name), std::move(masked));
  }
  return stored;
}

// Returns why the body is masked whole, if it is.
std::string ExchangeRedactor::end(std::optional<Masker>& masker, const std::string& coding,
                                  std::vector<MaskCorrection>& corrections) {
  if (!masker) return {};
  masker->finish();
  note_.add_body(*masker);
  corrections = masker->take_corrections();
  const bool whole = masker->masks_everything() && masker->places() > 0;
  masker.reset();
  if (!whole) return {};
  if (coding.empty()) return "there is too much in it that may be a secret";
  return "it is compressed (" + text(coding) + ")";
}

ExchangeCorrections ExchangeRedactor::finish() {
  ExchangeCorrections corrections;
  request_loss_ = end(request_masker_, request_coding_, corrections.request_body);
  loss_ = end(response_masker_, coding_, corrections.body);
  return corrections;
}

}  // namespace playhead::recording
