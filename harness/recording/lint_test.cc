// Lint: what it finds, and what it must not take for a secret.
#include "recording/lint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/base64.h"
#include "recording/lint_shapes.h"
#include "recording/redaction.h"
#include "recording/serialize.h"
#include "recording/testing.h"
#include "recording/writer.h"

namespace playhead::recording {
namespace {

// Put together at run time, so that this file has no key of any shape in it.
std::string key_of(std::string_view begin, std::size_t size) {
  constexpr std::string_view kRandom = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0";
  std::string key(begin);
  while (key.size() < begin.size() + size) key += kRandom[(key.size() - begin.size()) % 40];
  return key;
}

std::string upper_key_of(std::string_view begin, std::size_t size) {
  constexpr std::string_view kRandom = "Q2W3E4R5T6Y7U2I3O4P5";
  return std::string(begin) + std::string(kRandom.substr(0, size));
}

std::vector<std::string> whats(std::string_view text) {
  std::vector<std::string> all;
  for (const ShapeMatch& match : find_secret_shapes(text)) all.emplace_back(match.what);
  return all;
}

Recording clean_recording() {
  Recording recording = sample_recording();
  recording.meta.json =
      R"({"title":"a title","origin":"captured","source":"by hand","recorder":"x 1",)"
      R"("redacted":["authorization"]})";
  recording.meta.title = "a title";
  recording.meta.origin = "captured";
  recording.meta.source = "by hand";
  recording.meta.recorder = "x 1";
  recording.meta.protocol.clear();
  recording.meta.timing.clear();
  return recording;
}

std::vector<std::string> findings_of(const Recording& recording) {
  std::vector<std::string> all;
  for (const LintFinding& finding : lint_recording(recording, "x.rec")) {
    all.push_back(std::string(name_of(finding.kind)) + " " + std::to_string(finding.exchange) +
                  " " + finding.place);
  }
  return all;
}

using Texts = std::vector<std::string>;

TEST(LintShapes, FindsKeysOfEveryShape) {
  const Texts keys = {
      key_of("sk-ant-api03-", 60), key_of("sk-or-v1-", 64),   key_of("sk-proj-", 40),
      key_of("sk-", 32),           key_of("AIza", 35),        upper_key_of("AKIA", 16),
      key_of("ghp_", 36),          key_of("github_pat_", 40), key_of("xoxb-", 40),
      key_of("hf_", 34),           key_of("gsk_", 52),        key_of("xai-", 80),
      key_of("pplx-", 48),         key_of("nvapi-", 64),      key_of("Bearer ", 30),
      key_of("ya29.", 60),         key_of("sk_live_", 24),    key_of("glpat-", 20)};
  for (const std::string& key : keys) {
    for (const std::string& text : {key, "\"" + key + "\"", "a\\n" + key + "\\n", "k%3D" + key}) {
      const auto found = find_secret_shapes(text);
      ASSERT_EQ(found.size(), 1U) << text;
      EXPECT_EQ(text.substr(found[0].begin, found[0].size), key);
    }
  }
}

TEST(LintShapes, FindsTokensKeysAndPasswordsOfOtherForms) {
  const std::string jwt = "eyJ" + key_of("", 20) + "." + key_of("eyJ", 30) + "." + key_of("", 40);
  EXPECT_EQ(whats("x " + jwt), Texts{"a JSON Web Token"});
  EXPECT_EQ(whats("-----BEGIN RSA "
                  "PRIVATE KEY-----\\n" +
                  key_of("MII", 80)),
            Texts{"a private key"});
  EXPECT_EQ(whats("see https://bob:" + key_of("", 12) + "@example.com/x"),
            Texts{"a password in a URL"});
  EXPECT_EQ(whats("{\"bytes\":\"" + base64("{\"k\":\"" + key_of("sk-proj-", 40) + "\"}") + "\"}"),
            Texts{"an API key of OpenAI"});
}

std::string hex_of(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

std::string escaped(std::string_view text, std::string_view before) {
  std::string out;
  for (const char c : text) out.append(before).append(hex_of(std::string_view(&c, 1)));
  return out;
}

TEST(LintShapes, FindsKeysInEverySpelling) {
  const std::string key = key_of("sk-proj-", 40);
  for (const std::string& spelled :
       {escaped(key, "\\u00"), escaped(key, "\\\\u00"), escaped(key, "%"), escaped(key, "%25"),
        "sk\\u002d" + key.substr(3), hex_of(key), base64(key), escaped(base64(key), "%")}) {
    const std::string text = "{\"a\":\"x\\n" + spelled + "\"}";
    const auto found = find_secret_shapes(text);
    ASSERT_EQ(found.size(), 1U) << text;
    EXPECT_EQ(found[0].what, "an API key of OpenAI");
    const std::size_t padding = spelled.ends_with("=") ? spelled.size() - spelled.find('=') : 0;
    EXPECT_EQ(text.substr(found[0].begin, found[0].size),
              spelled.substr(0, spelled.size() - padding));
  }
}

TEST(LintShapes, FindsWhatIsNamedASecret) {
  const std::string named = "a value that is named a secret";
  const std::string key = key_of("", 24);
  for (const std::string& text : Texts{
           "{\"api_key\":\"" + key + "\"}", "{\"password\" : \"hunter2hunter2\"}",
           "{\"client-secret\":\"" + key + "\"}", "{\"accessToken\":\"" + key + "\"}",
           "{\\\"OPENAI_API_KEY\\\": \\\"" + key + "\\\"}", "x-api-key: " + key,
           "https://a.b/c?access_token=" + key, "/cb#id=1&access_token=" + key + "&x=1",
           "see ?a=1\\u0026sig=" + key, "export HF_TOKEN=" + key, "MY_PASSWORD=\"" + key + "\""}) {
    EXPECT_EQ(whats(text), Texts{named}) << text;
  }
  EXPECT_EQ(whats("curl -H 'Authorization: Basic " + base64("bob:" + key_of("", 12)) + "'"),
            Texts{"a Basic credential"});
  EXPECT_EQ(whats("basic " + base64(key_of("", 24) + ":")), Texts{"a Basic credential"});
}

TEST(LintShapes, LeavesWhatIsNamedASecretAndIsNone) {
  const std::string key = key_of("", 24);
  for (const std::string& text :
       Texts{"{\"api_key\":\"your-key-here-1234567\"}", "{\"password\":\"${DB_PASSWORD_1}\"}",
             "{\"secret\":\"the 42 secrets of Delphi\"}", "{\"password\":\"xxxxxxxxxxxx\"}",
             "{\"password\":\"postgres\"}", "{\"password\":{\"type\":\"string\"}}",
             "{\"id\":\"" + key + "\"}", "{\"token\":\"" + key + "\"}", "password: hunter2-pass",
             "?id=" + key, "?key=hunter2-pass", "max_tokens=" + key, "a Basic understanding of it",
             "Basic " + base64("Aladdin:open sesame"), "?access_token=xxxxxxxxxxxxxxxxxxxxxxxx",
             "export HF_TOKEN=$(cat token1234567890)", hex_of("no key is in here, I said")}) {
    EXPECT_EQ(whats(text), Texts{}) << text;
  }
}

TEST(LintShapes, LeavesWordsAndMasksAlone) {
  for (const std::string& text :
       Texts{key_of("task-", 40), key_of("disk_sk-", 40), "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
             "sk-your-api-key-goes-here-please", "Bearer xxxxxxxxxxxxxxxxxxxxxxxx",
             "Bearer ****************************", "https://user:password@example.com",
             "https://user:xxxxxxxxxxxx@example.com", "https://example.com/a:b@c",
             "-----BEGIN PRIVATE KEY----- and so on", "a bearer of good news, 20 or more of them",
             "sk-short", "chatcmpl-3d796b05e3593c29ccd6289eb2e5c6bc", "SG.A.B"}) {
    EXPECT_EQ(whats(text), Texts{}) << text;
  }
}

TEST(LintShapes, ShowsOnlyTheBeginning) {
  EXPECT_EQ(shortened_secret(key_of("sk-proj-", 40)), "sk-p... (48 characters)");
}

TEST(Lint, FindsNothingInACleanRecording) { EXPECT_EQ(findings_of(clean_recording()), Texts{}); }

TEST(Lint, LooksEverywhere) {
  const std::string key = key_of("sk-proj-", 40);
  Recording recording = clean_recording();
  recording.meta.json = R"({"title":"a title","redacted":[],"note":")" + key + "\"}";
  recording.marks[0].text = key;
  RecordedExchange& exchange = recording.exchanges[0];
  exchange.target = "/" + key;
  exchange.request_headers = {{"user-agent", key}};
  exchange.request_body = "{\"a\":\"" + key + "\"}";
  exchange.response_headers = {{"location", key}};
  exchange.body = key;
  exchange.trailers = {{"x", key}};
  exchange.end.detail = key;
  exchange.marks[0].text = key;
  EXPECT_EQ(findings_of(recording),
            (Texts{"secret 0 meta", "secret 0 mark", "secret 1 request target",
                   "secret 1 request header user-agent", "secret 1 request body, byte 6",
                   "secret 1 response header location", "secret 1 response body, byte 0",
                   "secret 1 trailer x", "secret 1 end", "secret 1 mark"}));
  for (const LintFinding& finding : lint_recording(recording, "x.rec")) {
    EXPECT_EQ(finding_text(finding).find(key.substr(0, 6)), std::string::npos);
  }
}

TEST(Lint, FindsUnmaskedCredentials) {
  Recording recording = clean_recording();
  RecordedExchange& exchange = recording.exchanges[0];
  exchange.target = "/v1?key=short&alt=sse&token=xxxx";
  exchange.request_headers = {{"Authorization", "Bearer xxxxxxxx"},
                              {"X-Api-Key", "open"},
                              {"Cookie", "a=xxxx; b=open"},
                              {"api-key", "[REDACTED]"}};
  exchange.response_headers = {{"Set-Cookie", "a=open; Path=/"},
                               {"set-cookie", "a=xxxx; Secure"},
                               {"Location", "https://example.com/?access_token=open&a=1"}};
  EXPECT_EQ(findings_of(recording), (Texts{"unmasked_credential 1 request target, parameter key",
                                           "unmasked_credential 1 request header X-Api-Key",
                                           "unmasked_credential 1 request header Cookie",
                                           "unmasked_credential 1 response header Set-Cookie",
                                           "unmasked_credential 1 response header Location, "
                                           "parameter access_token"}));
}

TEST(Lint, AsksWhereARecordingComesFrom) {
  Recording recording = clean_recording();
  recording.meta = {};
  recording.meta.origin = "found";
  recording.meta.json = R"({"origin":"found"})";
  std::vector<std::string> missing;
  for (const LintFinding& finding : lint_recording(recording, "x.rec")) {
    EXPECT_EQ(finding.kind, LintKind::provenance);
    missing.push_back(finding.what);
  }
  EXPECT_EQ(missing, (Texts{"no `title`", "no `origin`", "no `source`", "no `redacted`"}));
  EXPECT_EQ(lint_recording(recording, "x.sse").size(), 0U);
  recording = clean_recording();
  recording.meta.recorder.clear();
  EXPECT_EQ(lint_recording(recording, "x.rec").front().what, "no `recorder`");
  recording.meta.origin = "reconstructed";
  EXPECT_EQ(findings_of(recording), Texts{});
  recording.marks.clear();
  recording.exchanges[0].marks.clear();
  EXPECT_EQ(findings_of(recording), Texts{"provenance 0 mark"});
}

// As `playhead record` leaves it.
TEST(Lint, OnlyNotesThatACapturedRecordingHasNoTitle) {
  Recording recording = clean_recording();
  recording.meta.title.clear();
  recording.meta.source.clear();
  for (const char* origin : {"captured", "imported", "reconstructed"}) {
    recording.meta.origin = origin;
    const auto findings = lint_recording(recording, "x.rec");
    ASSERT_EQ(findings.size(), 2U);
    for (const LintFinding& finding : findings) {
      EXPECT_EQ(finding.note, recording.meta.origin == "captured");
      EXPECT_EQ(finding_text(finding).find("note: ") != std::string::npos, finding.note);
    }
  }
}

TEST(Lint, FindsTornAndDamagedFiles) {
  ScratchFolder folder;
  std::string text = *recording_text(clean_recording());
  put_file(folder / "whole.rec", text);
  put_file(folder / "torn.rec", text.substr(0, text.size() - 3));
  text.insert(text.find("request 1"), "nonsense ");
  put_file(folder / "damaged.rec", text);
  const auto kind_of = [&](const char* name) {
    const auto findings = lint_file(folder / name);
    EXPECT_TRUE(findings.ok());
    return findings->empty() ? std::string() : std::string(name_of(findings->back().kind));
  };
  EXPECT_EQ(kind_of("whole.rec"), "");
  EXPECT_EQ(kind_of("torn.rec"), "torn");
  EXPECT_EQ(kind_of("damaged.rec"), "damaged");
  EXPECT_FALSE(lint_file(folder / "missing.rec").ok());
}

TEST(Lint, FindsWhatItsRecorderDidNotFinish) {
  Recording recording = clean_recording();
  set_redacted(recording.meta, R"({"finished":false})");
  const auto unfinished = lint_recording(recording, "x.rec");
  ASSERT_EQ(unfinished.size(), 1u);
  EXPECT_EQ(unfinished.front().kind, LintKind::torn);
  EXPECT_FALSE(unfinished.front().note);
  set_redacted(recording.meta, R"({"finished":true,"bodies_masked_whole":2})");
  const auto masked = lint_recording(recording, "x.rec");
  ASSERT_EQ(masked.size(), 1u);
  EXPECT_TRUE(masked.front().note);
}

TEST(Lint, StopsListingAtTheLimit) {
  Recording recording = clean_recording();
  for (std::size_t i = 0; i < kFindingsOfFileMax + 50; ++i) {
    recording.exchanges[0].request_headers.emplace_back("x-api-key", "open");
  }
  const auto findings = lint_recording(recording, "x.rec");
  ASSERT_EQ(findings.size(), kFindingsOfFileMax + 1);
  EXPECT_EQ(findings.back().what, "further findings are left out");
}

TEST(Lint, FindsRecordingsThatNoCaseUses) {
  ScratchFolder folder;
  put_file(folder / "recordings/a.rec", "");
  put_file(folder / "recordings/b.rec", "");
  put_file(folder / "cases/a.md", "");
  const auto findings =
      lint_references({folder / "recordings/a.rec", folder / "recordings/b.rec"},
                      {folder / "cases/../recordings/a.rec", folder / "recordings/gone.rec"});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].file, folder / "recordings/b.rec");
}

}  // namespace
}  // namespace playhead::recording
