// What of a head is stored, and an exchange from end to end through the recording's own file.
#include "recording/redaction.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "recording/load.h"
#include "recording/payload.h"
#include "recording/redaction_words.h"
#include "recording/serialize.h"
#include "recording/testing.h"
#include "recording/writer.h"

namespace playhead::recording {
namespace {

std::string value_of(const StoredRequest& stored, std::string_view name) {
  return std::string(header_value(stored.headers, name));
}

struct Fixture {
  Redactor redactor;
  RedactionNote note;
  ExchangeRedactor exchange{redactor, note};
};

TEST(Redaction, StoresAllowedHeadersMasksCredentialsDropsTheRest) {
  Fixture f;
  const StoredRequest stored =
      f.exchange.request("/v1/chat/completions", {{"Host", "127.0.0.1:4000"},
                                                  {"Content-Type", "application/json"},
                                                  {"Authorization", "Bearer sk-proj-0123456789"},
                                                  {"X-Stainless-Retry-Count", "1"},
                                                  {"X-Customer", "somebody"},
                                                  {"User-Agent", "agent sk-proj-0123456789"}});
  const std::vector<Header> expected = {{"Content-Type", "application/json"},
                                        {"Authorization", "Bearer xxxxxxxxxxxxxxxxxx"},
                                        {"X-Stainless-Retry-Count", "1"},
                                        {"User-Agent", "agent xxxxxxxxxxxxxxxxxx"}};
  EXPECT_EQ(stored.headers, expected);
  EXPECT_EQ(f.note.json(true), R"({"finished":true,"request_headers_masked":["authorization",)"
                               R"("user-agent"],"request_headers_dropped":["host","x-customer"]})");
  EXPECT_EQ(f.note.masked_places(), 2U);
}

// The table of WIRE 11.1, and what gateways take.
TEST(Redaction, KnowsCredentialHeaders) {
  for (const char* name :
       {"authorization", "Proxy-Authorization", "api-key", "x-api-key", "X-Goog-Api-Key", "cookie",
        "x-amz-security-token", "openai-organization", "openai-project", "x-portkey-api-key",
        "helicone-auth", "x-auth-token", "X-Vendor-Secret", "ocp-apim-subscription-key",
        "x-access-token", "cf-access-client-secret", "x-amzn-bedrock-session-token"}) {
    EXPECT_TRUE(is_credential_header(name)) << name;
    EXPECT_FALSE(is_stored_header(name)) << name;
  }
  for (const StoredHeader& row : kStoredHeaders) {
    EXPECT_FALSE(is_credential_header(row.name)) << row.name;
    EXPECT_FALSE(row.reason.empty());
  }
  for (const char* name : {"content-type", "x-request-id", "anthropic-version", "x-author"}) {
    EXPECT_FALSE(is_credential_header(name)) << name;
  }
}

TEST(Redaction, KnowsCredentialParametersAndVariables) {
  for (const char* name :
       {"key", "api_key", "token", "access_token", "sig", "X-Amz-Signature", "X-Amz-Credential",
        "X-Amz-Security-Token", "client_secret", "code", "k%65y", "subscription-key", "password"}) {
    EXPECT_TRUE(is_credential_parameter(name)) << name;
  }
  for (const char* name : {"alt", "api-version", "beta", "max_tokens", "model", "keyword"}) {
    EXPECT_FALSE(is_credential_parameter(name)) << name;
  }
  EXPECT_TRUE(is_credential_variable("OPENAI_API_KEY"));
  EXPECT_TRUE(is_credential_variable("HF_TOKEN"));
  EXPECT_TRUE(is_credential_variable("AWS_SECRET_ACCESS_KEY"));
  EXPECT_TRUE(is_credential_variable("AWS_BEARER_TOKEN_BEDROCK"));
  EXPECT_FALSE(is_credential_variable("SSH_AUTH_SOCK"));
  EXPECT_FALSE(is_credential_variable("HOME"));
}

TEST(Redaction, MasksQueryValuesInEqualLength) {
  Fixture f;
  const StoredRequest stored = f.exchange.request(
      "/v1beta/models/m:streamGenerateContent?alt=sse&key=AIza%2F012345678&sig=ab;token=", {});
  EXPECT_EQ(stored.target,
            "/v1beta/models/m:streamGenerateContent?alt=sse&key=xxxxxxxxxxxxxxxx&sig=xx;token=");
  EXPECT_EQ(f.exchange.request_body("{\"k\":\"AIza\\/012345678\"}"), "{\"k\":\"xxxxxxxxxxxxxxx\"}");
  EXPECT_NE(f.note.json(true).find(R"("parameters_masked":["key","sig","token"])"),
            std::string::npos);
}

TEST(Redaction, MasksShortSecretsOnlyInTheirPlace) {
  Fixture f;
  const StoredRequest stored = f.exchange.request("/v1", {{"x-api-key", "ollama"}});
  EXPECT_EQ(value_of(stored, "x-api-key"), "xxxxxx");
  EXPECT_EQ(f.exchange.request_body("ollama"), "ollama");
}

TEST(Redaction, LooksForAllPartsOfACredential) {
  struct Row {
    Header header;
    std::string stored;
    std::vector<std::string> secrets;
  };
  const std::vector<Row> rows = {
      {{"authorization", "Basic " + base64("alice:swordfish-1")},
       "Basic " + std::string(24, 'x'),
       {base64("alice:swordfish-1"), "alice:swordfish-1", "swordfish-1"}},
      {{"authorization", "Basic " + base64("sk_live_0123456:")},
       "Basic " + std::string(24, 'x'),
       {"sk_live_0123456"}},
      {{"authorization",
        "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE12345/20250101/us-east-1/bedrock/aws4_request, "
        "SignedHeaders=host, Signature=0123456789abcdef"},
       "AWS4-HMAC-SHA256 " + std::string(115, 'x'),
       {"AKIAEXAMPLE12345", "0123456789abcdef"}},
      {{"cookie", "sid=s%2Fession-1; theme=dark; q=\"quoted-value\""},
       "sid=xxxxxxxxxxxx; theme=xxxx; q=\"xxxxxxxxxxxx\"",
       {"s/ession-1", "quoted-value"}},
      {{"authorization", "sk-without-scheme"}, std::string(17, 'x'), {"sk-without-scheme"}},
  };
  for (const Row& row : rows) {
    Fixture f;
    const StoredRequest stored = f.exchange.request("/", {row.header});
    EXPECT_EQ(value_of(stored, row.header.first), row.stored);
    for (const std::string& secret : row.secrets) {
      EXPECT_EQ(f.exchange.text("<" + secret + ">"), "<" + std::string(secret.size(), 'x') + ">");
    }
  }
}

// Masked in their own place they are all the same.
TEST(Redaction, LeavesStandInKeysInBodies) {
  for (const std::string word :
       {"anything", "dummy-key", "test-key", "fake-api-key", "llama.cpp", "Placeholder",
        "CHANGE_ME", "lm-studio", "sk-no-key-required", "xxxxxxxxxxxxxxxxxxxxxxxx", "sk-1234567890",
        "YOUR_OPENAI_API_KEY_HERE"}) {
    Fixture f;
    const StoredRequest stored = f.exchange.request(
        "/?key=" + word, {{"authorization", "Bearer " + word}, {"cookie", "a=" + word}});
    const std::string masks(word.size(), 'x');
    EXPECT_EQ(stored.target, "/?key=" + masks);
    EXPECT_EQ(value_of(stored, "authorization"), "Bearer " + masks);
    EXPECT_EQ(value_of(stored, "cookie"), "a=" + masks);
    f.exchange.response({{"set-cookie", "a=" + word}});
    EXPECT_EQ(f.exchange.request_body(word), word);
    EXPECT_EQ(f.exchange.data(word), word);
  }
}

// A variable may hold a word that stands in many texts; what a client sends as a credential is one.
TEST(Redaction, LeavesMereWordsOfTheEnvironment) {
  for (const std::string word : {"localhost", "postgres", "PASSWORD", "Placeholder", "lm-studio",
                                 "12345678", "2026-04-11", "1700000000.123", "127.0.0.1"}) {
    Redactor redactor;
    redactor.add_environment(word + "\n");
    EXPECT_TRUE(redactor.known().secrets().empty()) << word;
  }
  Fixture f;
  f.exchange.request("/", {{"x-api-key", "swordfish"}});
  EXPECT_EQ(f.exchange.request_body("swordfish"), "xxxxxxxxx");
}

TEST(Redaction, LooksForWeakPasswordsToo) {
  for (const std::string word :
       {"hunter2-pass", "hunter22", "Summer2024", "p@ssword", "OpenSesame", "gehei\xC3\x9Fnis",
        "correct horse battery", "open-sesame", "1234567890123456789012", "a-b-c-d-e-f"}) {
    Fixture f;
    f.exchange.request("/", {{"x-api-key", word}});
    EXPECT_EQ(f.exchange.request_body(word), std::string(word.size(), 'x'));
    Redactor redactor;
    redactor.add_environment(word);
    EXPECT_EQ(redactor.text(word), std::string(word.size(), 'x'));
  }
}

TEST(Redaction, CountsFromTheLengthOfLongSecrets) {
  EXPECT_TRUE(is_mere_word(std::string(kLongSecretBytes - 1, 'a')));
  EXPECT_FALSE(is_mere_word(std::string(kLongSecretBytes, 'a')));
}

TEST(Redaction, MasksResponseHeadersAndTrailers) {
  Fixture f;
  f.exchange.request("/", {{"x-api-key", "sk-ant-0123456789"}});
  const std::vector<Header> stored =
      f.exchange.response({{"Set-Cookie", "cf=secret-cookie-1; Path=/; HttpOnly"},
                           {"Location", "https://example.com/?k=sk-ant-0123456789"},
                           {"content-type", "application/json"}});
  const std::vector<Header> expected = {{"Set-Cookie", "cf=xxxxxxxxxxxxxxx; Path=/; HttpOnly"},
                                        {"Location", "https://example.com/?k=xxxxxxxxxxxxxxxxx"},
                                        {"content-type", "application/json"}};
  EXPECT_EQ(stored, expected);
  EXPECT_EQ(f.exchange.data("you are secret-cookie-1"), "you are xxxxxxxxxxxxxxx");
  EXPECT_EQ(f.exchange.trailers({{"x-echo", "sk-ant-0123456789"}}),
            (std::vector<Header>{{"x-echo", "xxxxxxxxxxxxxxxxx"}}));
}

TEST(Redaction, MasksBodiesThatCannotBeSearched) {
  Fixture f;
  f.exchange.request("/", {});
  f.exchange.response({{"Content-Encoding", "gzip"}});
  EXPECT_EQ(f.exchange.data("\x1F\x8B..."), "xxxxx");
  EXPECT_TRUE(f.exchange.finish().empty());
  EXPECT_EQ(f.note.json(true), R"({"finished":true,"bodies_masked_whole":1})");
  EXPECT_EQ(f.note.bodies_masked_whole(), 1U);
  EXPECT_EQ(f.exchange.request_body_loss(), "");
  EXPECT_EQ(f.exchange.body_loss(), "it is compressed (gzip)");
}

TEST(Redaction, LosesNoBodyThatIsPlainOrEmpty) {
  Fixture f;
  f.exchange.request("/", {{"content-encoding", "zstd"}});
  f.exchange.response({{"content-encoding", "Identity"}});
  EXPECT_EQ(f.exchange.data("plain"), "plain");
  f.exchange.finish();
  EXPECT_EQ(f.exchange.request_body_loss(), "");
  EXPECT_EQ(f.exchange.body_loss(), "");
}

TEST(Redaction, KnowsTheEnvironmentAndCredentialsOfExchangesBefore) {
  Redactor redactor;
  RedactionNote note;
  redactor.add_environment("environment-secret\n");
  ExchangeRedactor first(redactor, note);
  first.request("/", {{"authorization", "Bearer first-secret"}, {"cookie", "a=first-cookie"}});
  ExchangeRedactor second(redactor, note);
  second.request("/", {});
  EXPECT_EQ(second.text("environment-secret first-secret first-cookie"),
            "xxxxxxxxxxxxxxxxxx xxxxxxxxxxxx first-cookie");
  EXPECT_EQ(redactor.text("log of first-secret"), "log of xxxxxxxxxxxx");
}

TEST(Redaction, ForgetsTheOldestCredentialsAtTheLimit) {
  Redactor redactor;
  SecretSet exchange;
  redactor.add_environment("environment-secret");
  for (std::size_t i = 0; i <= kSecretsLearnedMax; ++i) {
    exchange.add("learned-secret-" + std::to_string(i), SecretOrigin::credential);
  }
  redactor.learn(exchange);
  EXPECT_EQ(redactor.known().secrets().size(), kSecretsLearnedMax + 1);
  EXPECT_EQ(redactor.known().secrets().front().value, "environment-secret");
  EXPECT_EQ(redactor.known().secrets()[1].value, "learned-secret-1");
}

TEST(Redaction, SharesThePatternsOfExchangesWithTheSameSecrets) {
  Redactor redactor;
  SecretSet secrets;
  secrets.add("sk-0123456789", SecretOrigin::credential);
  const auto patterns = redactor.patterns_for(secrets);
  EXPECT_EQ(redactor.patterns_for(secrets), patterns);
  secrets.add("sk-9876543210", SecretOrigin::credential);
  EXPECT_NE(redactor.patterns_for(secrets), patterns);
}

TEST(SecretSet, CountsFromTheShortestLength) {
  SecretSet secrets;
  secrets.add("1234567", SecretOrigin::credential);
  EXPECT_TRUE(secrets.secrets().empty());
  secrets.add("12345678", SecretOrigin::credential);
  secrets.add("12345678", SecretOrigin::cookie);
  EXPECT_EQ(secrets.secrets().size(), 1U);
}

TEST(SecretSet, OverflowsAtTheLimit) {
  SecretSet secrets;
  for (std::size_t i = 0; i < kSecretsMax; ++i) {
    secrets.add("secret-" + std::to_string(i), SecretOrigin::cookie);
  }
  EXPECT_FALSE(secrets.overflowed());
  secrets.add("one too many", SecretOrigin::cookie);
  EXPECT_TRUE(secrets.overflowed());
}

TEST(RedactionNote, CountsNamesBeyondTheLimit) {
  RedactionNote note;
  for (std::size_t i = 0; i < kRedactedNamesMax + 3; ++i) {
    note.add_dropped_header("x-" + std::to_string(i));
  }
  EXPECT_NE(note.json(true).find("\"further_names\":3"), std::string::npos);
}

TEST(RedactionNote, ReplacesTheMemberOfTheMeta) {
  RecordingMeta meta;
  meta.title = "a title";
  set_redacted(meta, "{\"finished\":false}");
  meta = *parse_meta(meta_payload(meta));
  EXPECT_EQ(meta.json, R"({"title":"a title","redacted":{"finished":false}})");
  set_redacted(meta, "{\"finished\":true}");
  EXPECT_EQ(meta_payload(meta), R"({"title":"a title","redacted":{"finished":true}})");
}

// The steps of a recorder, with the secret split over two reads.
TEST(Redaction, WorksThroughAFile) {
  ScratchFolder folder;
  const std::string path = folder / "x.rec";
  const std::string secret = "sk-proj-0123456789";
  Fixture f;
  RecordingMeta meta;
  set_redacted(meta, f.note.json(false));
  auto writer = RecordWriter::create(path);
  ASSERT_TRUE(writer.ok());
  const auto append = [&](RecordKind kind, int exchange, std::string_view payload) {
    ASSERT_TRUE(writer->append({kind, exchange, Instant{0}, payload}).ok());
  };
  append(RecordKind::meta, 0, meta_payload(meta));
  const StoredRequest request =
      f.exchange.request("/v1/x?key=" + secret, {{"authorization", "Bearer " + secret}});
  append(RecordKind::request, 1, request_payload("POST", request.target, request.headers));
  append(RecordKind::response, 1, response_payload(200, f.exchange.response({})));
  append(RecordKind::data, 1, f.exchange.data("a sk-proj! b sk-p"));
  append(RecordKind::data, 1, f.exchange.data("roj-0123456789 c sk-p"));
  append(RecordKind::data, 1, f.exchange.data("lain"));
  append(RecordKind::end, 1, end_payload(EndReason::complete, f.exchange.text(secret), 42));
  ASSERT_TRUE(writer->close().ok());
  EXPECT_EQ(bytes_of_file(path).find("0123456789"), std::string::npos);

  // The finishing rewrite.
  auto recordings = load(path);
  ASSERT_TRUE(recordings.ok()) << recordings.error().message;
  Recording& recording = recordings->front();
  EXPECT_EQ(recording.exchanges[0].body, "a sk-proj! b xxxxxxxxxxxxxxxxxx c xxxxlain");
  apply_corrections(f.exchange.finish(), recording.exchanges[0]);
  set_redacted(recording.meta, f.note.json(true));
  ASSERT_TRUE(write_recording(recording, path).ok());
  recordings = load(path);
  ASSERT_TRUE(recordings.ok());
  EXPECT_EQ(recordings->front().exchanges[0].body, "a sk-proj! b xxxxxxxxxxxxxxxxxx c sk-plain");
  EXPECT_EQ(recordings->front().exchanges[0].chunks.size(), 3U);
  EXPECT_EQ(recordings->front().meta.json,
            R"({"redacted":{"finished":true,"request_headers_masked":["authorization"],)"
            R"("parameters_masked":["key"],"places_in_bodies":1}})");
}

}  // namespace
}  // namespace playhead::recording
