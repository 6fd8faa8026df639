// Package app wires the rooms together: typed configuration, stores, services, background jobs, HTTP servers, shutdown.
package app

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"kenshu/storage/db"
)

// Modes.
const (
	ModeDemo        = "demo"        // as development, with the demonstration organisations
	ModeDevelopment = "development" // plain http and a generated secret are allowed
	ModeProduction  = "production"  // refuses what is unsafe
)

// Config is everything an installation can set. Defaults < environment < flags; nothing set is the embedded mode under ./data.
type Config struct {
	Listen        string // KENSHU_LISTEN
	PublicURL     string // KENSHU_PUBLIC_URL
	ContentListen string // KENSHU_CONTENT_LISTEN
	ContentURL    string // KENSHU_CONTENT_URL
	OpsListen     string // KENSHU_OPS_LISTEN
	Data          string // KENSHU_DATA
	DB            string // KENSHU_DB
	Redis         string // KENSHU_REDIS
	S3            string // KENSHU_S3
	S3Public      string // KENSHU_S3_PUBLIC
	SMTP          string // KENSHU_SMTP
	Mode          string // KENSHU_MODE
	Secret        string // KENSHU_SECRET
	Proxies       string // KENSHU_TRUSTED_PROXIES
	LogLevel      string // KENSHU_LOG_LEVEL
	StorageGB     string // KENSHU_ORGANISATION_STORAGE_GB
	Proof         string // KENSHU_PROOF
}

// Setting is one row of the configuration reference.
type Setting struct {
	Env     string
	Default string
	Secret  bool // may hold a password: NAME_FILE is read too, and it is never printed
	Doc     string
	target  func(*Config) *string
}

// Settings is the configuration reference: the one list that reading, `kenshu config`, the README and the compose file are checked against.
var Settings = []Setting{
	{"KENSHU_LISTEN", "127.0.0.1:8080", false, "address of the application's listener", func(c *Config) *string { return &c.Listen }},
	{"KENSHU_PUBLIC_URL", "http://localhost:8080", false, "where people reach the application; another host name is sent there", func(c *Config) *string { return &c.PublicURL }},
	{"KENSHU_CONTENT_LISTEN", "127.0.0.1:8081", false, "address of the listener for uploaded content", func(c *Config) *string { return &c.ContentListen }},
	{"KENSHU_CONTENT_URL", "http://127.0.0.1:8081", false, "where browsers reach uploaded content; the host name must differ from the application's", func(c *Config) *string { return &c.ContentURL }},
	{"KENSHU_OPS_LISTEN", "", false, "private address for /metrics, /healthz and /readyz; empty: no metrics", func(c *Config) *string { return &c.OpsListen }},
	{"KENSHU_DATA", "./data", false, "directory of the embedded mode: database, objects, generated secret, session snapshot", func(c *Config) *string { return &c.Data }},
	{"KENSHU_DB", "", true, "mysql://user:password@host:3306/name (add ?tls=true for TLS); empty: SQLite in the data directory", func(c *Config) *string { return &c.DB }},
	{"KENSHU_REDIS", "", true, "redis://host:6379/0, also Sentinel and Cluster forms; empty: in process (one replica only)", func(c *Config) *string { return &c.Redis }},
	{"KENSHU_S3", "", true, "s3://access:secret@host:9000/bucket?tls=false; empty: a directory in the data directory", func(c *Config) *string { return &c.S3 }},
	{"KENSHU_S3_PUBLIC", "", false, "address under which browsers reach the object store, when it differs from KENSHU_S3's", func(c *Config) *string { return &c.S3Public }},
	{"KENSHU_SMTP", "", true, "smtp://user:password@host:587?tls=starttls&from=no-reply@example.jp; empty: mail is kept and shown on screen", func(c *Config) *string { return &c.SMTP }},
	{"KENSHU_MODE", ModeDevelopment, false, "demo, development or production", func(c *Config) *string { return &c.Mode }},
	{"KENSHU_SECRET", "", true, "master key, at least 32 characters; all other keys are derived from it. Empty outside production: made once and kept in the data directory", func(c *Config) *string { return &c.Secret }},
	{"KENSHU_TRUSTED_PROXIES", "", false, "comma-separated networks whose X-Forwarded-For is believed, e.g. 10.0.0.0/8", func(c *Config) *string { return &c.Proxies }},
	{"KENSHU_LOG_LEVEL", "info", false, "debug, info, warn or error", func(c *Config) *string { return &c.LogLevel }},
	{"KENSHU_ORGANISATION_STORAGE_GB", "200", false, "how much the uploaded files of one organisation may take together, in gigabytes of 1,073,741,824 bytes, as every page counts them", func(c *Config) *string { return &c.StorageGB }},
	{"KENSHU_PROOF", "10m", false, "how long a log-in counts as proof of who asks for an export, an issue or a change of factors; then the password is asked for again (1s to 1h)", func(c *Config) *string { return &c.Proof }},
}

// ReadConfig reads the environment over the defaults. It reports every unreadable file and unknown KENSHU_ name at once.
func ReadConfig(environ []string) (Config, error) {
	env := map[string]string{}
	for _, kv := range environ {
		if k, v, ok := strings.Cut(kv, "="); ok && strings.HasPrefix(k, "KENSHU_") {
			env[k] = v
		}
	}
	var cfg Config
	var problems []error
	for _, s := range Settings {
		value := s.Default
		if v, ok := env[s.Env]; ok && v != "" {
			value = v
		}
		if path, ok := env[s.Env+"_FILE"]; ok && s.Secret {
			delete(env, s.Env+"_FILE")
			if env[s.Env] != "" {
				problems = append(problems, fmt.Errorf("%[1]s and %[1]s_FILE are both set: which of the two counts cannot be known, set one", s.Env))
			}
			b, err := os.ReadFile(path) //nolint:gosec // the operator names the file
			if err != nil {
				problems = append(problems, fmt.Errorf("%s_FILE: %w", s.Env, err))
			}
			value = strings.TrimSpace(string(b))
		}
		delete(env, s.Env)
		*s.target(&cfg) = value
	}
	for name := range env {
		if !strings.HasPrefix(name, "KENSHU_TEST_") && name != "KENSHU_TOOLS" {
			problems = append(problems, fmt.Errorf("%s: no such setting", name))
		}
	}
	return cfg, errors.Join(problems...)
}

// Check reports everything that is wrong with the configuration at once.
func (c Config) Check() error {
	var problems []error
	bad := func(name, format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, args...)))
	}
	public, content := c.checkURL(bad, "KENSHU_PUBLIC_URL", c.PublicURL), c.checkURL(bad, "KENSHU_CONTENT_URL", c.ContentURL)
	if public != nil && content != nil && strings.EqualFold(public.Hostname(), content.Hostname()) {
		bad("KENSHU_CONTENT_URL", "must have another host name than KENSHU_PUBLIC_URL: ports do not separate cookies")
	}
	for name, addr := range map[string]string{"KENSHU_LISTEN": c.Listen, "KENSHU_CONTENT_LISTEN": c.ContentListen, "KENSHU_OPS_LISTEN": c.OpsListen} {
		if _, _, err := net.SplitHostPort(addr); addr != "" && err != nil {
			bad(name, "must look like host:port")
		}
	}
	if c.DB != "" {
		if _, err := db.MySQLConfig(c.DB); err != nil {
			bad("KENSHU_DB", "%v", err)
		}
	}
	if _, err := c.proxies(); err != nil {
		bad("KENSHU_TRUSTED_PROXIES", "%v", err)
	}
	if c.storage() <= 0 {
		bad("KENSHU_ORGANISATION_STORAGE_GB", "must be a whole number of gigabytes")
	}
	if c.proof() == 0 {
		bad("KENSHU_PROOF", "must be a duration from 1s to 1h, e.g. 10m")
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, strings.ToLower(c.LogLevel)) {
		bad("KENSHU_LOG_LEVEL", "must be debug, info, warn or error")
	}
	switch c.Mode {
	case ModeDemo, ModeDevelopment:
	case ModeProduction:
		c.checkProduction(bad, public, content)
	default:
		bad("KENSHU_MODE", "must be demo, development or production")
	}
	if c.Secret != "" && len(c.Secret) < secretLength {
		bad("KENSHU_SECRET", "must have at least %d characters", secretLength)
	}
	return errors.Join(problems...)
}

// storage is KENSHU_ORGANISATION_STORAGE_GB in bytes; 0 when it is no whole number from 1 to 1,000,000.
func (c Config) storage() int64 {
	n, err := strconv.ParseInt(c.StorageGB, 10, 64)
	if err != nil || n < 1 || n > 1_000_000 {
		return 0
	}
	return n << 30
}

// proof is KENSHU_PROOF; 0 when it is no duration from a second to an hour.
func (c Config) proof() time.Duration {
	d, err := time.ParseDuration(c.Proof)
	if err != nil || d < time.Second || d > time.Hour {
		return 0
	}
	return d
}

func (c Config) checkProduction(bad func(name, format string, args ...any), public, content *url.URL) {
	if c.Secret == "" {
		bad("KENSHU_SECRET", "must be set in production")
	}
	if weakSecret(c.Secret) {
		bad("KENSHU_SECRET", "is guessable; make one with: openssl rand -base64 48")
	}
	if public != nil && public.Scheme != "https" {
		bad("KENSHU_PUBLIC_URL", "must be https in production")
	}
	if content != nil && content.Scheme != "https" {
		bad("KENSHU_CONTENT_URL", "must be https in production")
	}
	if strings.EqualFold(c.LogLevel, "debug") {
		bad("KENSHU_LOG_LEVEL", "debug is not for production")
	}
	for name, raw := range map[string]string{"KENSHU_DB": c.DB, "KENSHU_S3": c.S3} {
		u, err := url.Parse(raw)
		if raw == "" || err != nil {
			continue
		}
		if pw, _ := u.User.Password(); weakSecret(pw) {
			bad(name, "the password is missing or a well-known one")
		}
	}
}

func weakSecret(s string) bool {
	letters := map[rune]bool{}
	for _, r := range s {
		letters[r] = true
	}
	low := strings.ToLower(s)
	for _, known := range []string{"minioadmin", "changeme", "change-me", "password", "secret", "kenshu", "example"} {
		if low == known || strings.Repeat(known, len(low)/len(known)) == low {
			return true
		}
	}
	return len(s) < 12 || len(letters) < 8
}

func (c Config) checkURL(bad func(name, format string, args ...any), name, raw string) *url.URL {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		bad(name, "must look like https://host or https://host:port")
		return nil
	}
	return u
}

func (c Config) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for part := range strings.SplitSeq(c.Proxies, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		p, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, fmt.Errorf("%q is not a network like 10.0.0.0/8", part)
		}
		out = append(out, p)
	}
	return out, nil
}

func (c Config) path(name string) string { return filepath.Join(c.Data, name) }

// Print writes the settings in force; secrets only as set or not set.
func (c Config) Print(w io.Writer) error {
	for _, s := range Settings {
		v := *s.target(&c)
		if s.Secret && v != "" {
			v = "(set)"
		}
		if _, err := fmt.Fprintf(w, "%-24s %s\n", s.Env, v); err != nil {
			return err
		}
	}
	return nil
}
