#include "net/url.h"

#include <gtest/gtest.h>

namespace playhead::net {
namespace {

TEST(Url, ReadsWhatACommandLineSays) {
  const struct {
    const char* text;
    bool tls;
    const char* host;
    int port;
    const char* path;
    const char* authority;
  } rows[] = {
      {"https://api.example.com", true, "api.example.com", 443, "", "api.example.com"},
      {"https://api.example.com/", true, "api.example.com", 443, "", "api.example.com"},
      {"HTTPS://API.Example.com/v1/", true, "api.example.com", 443, "/v1", "api.example.com"},
      {"http://127.0.0.1:8080/a/b", false, "127.0.0.1", 8080, "/a/b", "127.0.0.1:8080"},
      {"http://[::1]:11434", false, "::1", 11434, "", "[::1]:11434"},
      {"https://[2001:db8::1]/x", true, "2001:db8::1", 443, "/x", "[2001:db8::1]"},
      {"http://my_host:443", false, "my_host", 443, "", "my_host:443"},
      {"https://host:443//", true, "host", 443, "", "host"},
      {"https://host:65535/a@b", true, "host", 65535, "/a@b", "host:65535"},
  };
  for (const auto& row : rows) {
    const auto url = parse_url(row.text);
    ASSERT_TRUE(url.ok()) << row.text << ": " << url.error().message;
    EXPECT_EQ(url->tls, row.tls) << row.text;
    EXPECT_EQ(url->host, row.host) << row.text;
    EXPECT_EQ(url->port, row.port) << row.text;
    EXPECT_EQ(url->path, row.path) << row.text;
    EXPECT_EQ(url->authority(), row.authority) << row.text;
  }
}

TEST(Url, RefusesTheRestAndSaysWhatToWrite) {
  for (const char* text : {"",
                           "api.example.com",
                           "ftp://host",
                           "http:/host",
                           "http://",
                           "http:///x",
                           "http://:80",
                           "http://host:0",
                           "http://host:65536",
                           "http://host:",
                           "http://host:80x",
                           "http://host:-1",
                           "http://user@host",
                           "http://user:secret@host",
                           "http://host?key=secret",
                           "http://host/#x",
                           "http://ho st",
                           "http://host/\r\nx",
                           "http://host/a\tb",
                           "http://h\xc3\xb6st",
                           "http://[::1",
                           "http://[::1]x",
                           "http://[host]",
                           "http://::1",
                           "http://a:1:2",
                           "http://ho%73t",
                           "http://host\\@other",
                           "http://host/a\\b"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url.ok()) << text;
    EXPECT_NE(url.error().message.find("https://api.example.com/v1"), std::string::npos) << text;
    EXPECT_EQ(url.error().message.find("secret"), std::string::npos) << text;
  }
}

TEST(Endpoint, ReadsPortsAndHosts) {
  const struct {
    const char* text;
    const char* host;
    int port;
    bool loopback;
  } rows[] = {
      {"8080", "127.0.0.1", 8080, true},
      {"0", "127.0.0.1", 0, true},
      {"127.0.0.1:0", "127.0.0.1", 0, true},
      {"127.9.9.9:1", "127.9.9.9", 1, true},
      {"localhost:80", "localhost", 80, true},
      {"[::1]:80", "::1", 80, true},
      {"0.0.0.0:80", "0.0.0.0", 80, false},
      {"[::]:80", "::", 80, false},
      {"192.168.1.1:80", "192.168.1.1", 80, false},
      {"128.0.0.1:80", "128.0.0.1", 80, false},
      {"127.evil.com:80", "127.evil.com", 80, false},
      {"localhost.evil.com:65535", "localhost.evil.com", 65535, false},
  };
  for (const auto& row : rows) {
    const auto endpoint = parse_endpoint(row.text);
    ASSERT_TRUE(endpoint.ok()) << row.text;
    EXPECT_EQ(endpoint->host, row.host) << row.text;
    EXPECT_EQ(endpoint->port, row.port) << row.text;
    EXPECT_EQ(endpoint->is_loopback(), row.loopback) << row.text;
  }
}

TEST(Endpoint, RefusesTheRest) {
  for (const char* text : {"", ":80", "host", "host:", "host:65536", "65536", "host:80:80", "::1",
                           "[::1]", "ho st:80", "http://host:80", "host:80/"}) {
    EXPECT_FALSE(parse_endpoint(text).ok()) << text;
  }
}

}  // namespace
}  // namespace playhead::net
