// What of an exchange may be recorded (DESIGN 3: secrets never reach the disk): which request
// headers, and everything with the exchange's secrets masked, in equal length.
//
// A recorder has one Redactor; each exchange one ExchangeRedactor, which is given everything that
// passes, in order, before it is written; each recording one RedactionNote.
#ifndef PLAYHEAD_RECORDING_REDACTION_H_
#define PLAYHEAD_RECORDING_REDACTION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "recording/recording.h"
#include "recording/redaction_masker.h"
#include "recording/redaction_patterns.h"
#include "recording/redaction_secrets.h"

namespace playhead::recording {

// A request header that is stored. A name that ends in `*` means all that begin so.
struct StoredHeader {
  std::string_view name;  // in lower case
  std::string_view reason;
};

inline constexpr std::array<StoredHeader, 32> kStoredHeaders = {{
    {"accept", "what the client can read"},
    {"accept-encoding", "why upstream was asked for something else"},
    {"accept-language", "may change an answer"},
    {"amz-sdk-invocation-id", "ties retries of an AWS client together"},
    {"amz-sdk-request", "which retry of an AWS client it is"},
    {"anthropic-beta", "changes the stream"},
    {"anthropic-dangerous-direct-browser-access", "tells a browser client"},
    {"anthropic-version", "changes the stream"},
    {"cache-control", "may change an answer"},
    {"connection", "how the client keeps connections"},
    {"content-encoding", "how to read the body"},
    {"content-length", "how the body was framed"},
    {"content-type", "how to read the body"},
    {"expect", "whether the client waited before the body"},
    {"http-referer", "names the program to OpenRouter"},
    {"idempotency-key", "ties retries together"},
    {"openai-beta", "changes the stream"},
    {"openai-version", "changes the stream"},
    {"sec-fetch-mode", "tells a browser client"},
    {"transfer-encoding", "how the body was framed"},
    {"user-agent", "which client, which version"},
    {"x-amz-content-sha256", "what an AWS client signed"},
    {"x-amz-date", "when an AWS client signed"},
    {"x-amz-target", "which operation of AWS"},
    {"x-amzn-*", "options of Bedrock"},
    {"x-client-request-id", "ties a report to a provider's log"},
    {"x-goog-api-client", "which client, which version"},
    {"x-playhead-recording", "which recording it belongs to"},
    {"x-request-id", "ties a report to a provider's log"},
    {"x-stainless-*", "version, platform and retry count of the official clients"},
    {"x-title", "names the program to OpenRouter"},
    {"x-ms-client-request-id", "ties a report to Azure's log"},
}};

bool is_stored_header(std::string_view name);

// Our choice: names beyond it are only counted. A recording of normal clients has a dozen.
inline constexpr std::size_t kRedactedNamesMax = 200;

// What was masked in a recording: the content of meta.redacted.
class RedactionNote {
 public:
  // One JSON object. `finished` is false while the recorder may still be killed: that makes the
  // note of a recording whose corrections were lost true.
  std::string json(bool finished) const;

  // A header or a parameter that was masked, each time.
  void add_masked_header(std::string_view name) { add_masked(masked_headers_, name); }
  void add_response_header(std::string_view name) { add_masked(response_headers_, name); }
  void add_parameter(std::string_view name) { add_masked(parameters_, name); }
  void add_dropped_header(std::string_view name) { add(dropped_headers_, name); }
  void add_body(const Masker& masker);

  // How many headers, parameters and places of bodies were masked; of bodies that were masked
  // whole, none.
  std::uint64_t masked_places() const { return head_places_ + places_; }
  std::uint64_t bodies_masked_whole() const { return opaque_bodies_; }

 private:
  void add(std::set<std::string>& names, std::string_view name);
  void add_masked(std::set<std::string>& names, std::string_view name);

  std::set<std::string> masked_headers_;
  std::set<std::string> dropped_headers_;
  std::set<std::string> response_headers_;
  std::set<std::string> parameters_;
  std::uint64_t further_names_ = 0;
  std::uint64_t head_places_ = 0;
  std::uint64_t places_ = 0;
  std::uint64_t checksums_ = 0;
  std::uint64_t opaque_bodies_ = 0;
};

// The meta payload with `redacted` set to the JSON.
void set_redacted(RecordingMeta& meta, std::string_view redacted_json);

// What all exchanges of a recorder share: the secrets of its environment and the credentials seen
// lately, and the patterns made of them last.
class Redactor {
 public:
  // The value of an environment variable that is to be looked for everywhere, unless it is a mere
  // word (redaction_words.h).
  void add_environment(std::string_view value);

  const SecretSet& known() const { return known_; }
  void learn(const SecretSet& exchange) { known_.learn(exchange); }
  // The same object again where the secrets are those of the last call.
  std::shared_ptr<const SecretPatterns> patterns_for(const SecretSet& secrets);

  // For log lines that belong to no exchange.
  std::string text(std::string_view text) { return masked_text(patterns_for(known_), text); }

 private:
  SecretSet known_;
  SecretSet compiled_;
  std::shared_ptr<const SecretPatterns> patterns_;
};

struct StoredRequest {
  std::string target;
  std::vector<Header> headers;
};

// What has to change in an exchange when its finished recording is rewritten.
struct ExchangeCorrections {
  std::vector<MaskCorrection> request_body;
  std::vector<MaskCorrection> body;

  bool empty() const { return request_body.empty() && body.empty(); }
};

void apply_corrections(const ExchangeCorrections& corrections, RecordedExchange& exchange);

class ExchangeRedactor {
 public:
  // Both are borrowed for the life of this.
  ExchangeRedactor(Redactor& redactor, RedactionNote& note);
  ExchangeRedactor(const ExchangeRedactor&) = delete;
  ExchangeRedactor& operator=(const ExchangeRedactor&) = delete;

  // First of all. What to store of a request's head.
  StoredRequest request(std::string_view target, const std::vector<Header>& headers);
  // What to store for bytes of a body; of equal size, borrowed from `bytes` or from this until the
  // next call. CHECKs that the head came before.
  std::string_view request_body(std::string_view bytes);
  // The response's headers to store. Once.
  std::vector<Header> response(const std::vector<Header>& headers);
  std::string_view data(std::string_view bytes);
  std::vector<Header> trailers(const std::vector<Header>& headers);
  // Any other text about the exchange: `detail` of its end, a mark, a log line.
  std::string text(std::string_view text) const;

  // The exchange is over, however it ended. Nothing may follow but text(), and:
  ExchangeCorrections finish();
  // Why a body is masked whole ("it is compressed (gzip)"); empty where it is not.
  const std::string& request_body_loss() const { return request_loss_; }
  const std::string& body_loss() const { return loss_; }

 private:
  std::vector<Header> masked_headers(const std::vector<Header>& headers);
  std::string end(std::optional<Masker>& masker, const std::string& coding,
                  std::vector<MaskCorrection>& corrections);

  Redactor& redactor_;
  RedactionNote& note_;
  SecretSet secrets_;
  std::shared_ptr<const SecretPatterns> patterns_;
  std::optional<Masker> request_masker_;
  std::optional<Masker> response_masker_;
  std::string request_coding_;  // other than identity
  std::string coding_;
  std::string request_loss_;
  std::string loss_;
};

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_REDACTION_H_
