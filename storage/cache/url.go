package cache

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Patience bounds every step of a call: a request that waits for Redis must be able to answer 503 while its user still looks.
const Patience = 500 * time.Millisecond

// parseURL reads
//
//	redis://[user:password@]host[:6379][/database]
//	redis+sentinel://[user:password@]host[:26379][/database]?master=NAME[&addr=host:port...][&sentinel_user=..&sentinel_password=..]
//	redis+cluster://[user:password@]host[:6379][?addr=host:port...]
//
// and the same with rediss for TLS. An unknown parameter is refused, so that a misspelt one is not passed over in silence. No error of this function holds the address, because it holds the password.
func parseURL(text string) (*redis.UniversalOptions, bool, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, false, errors.New("not a URL")
	}
	base, form, _ := strings.Cut(u.Scheme, "+")
	if base != "redis" && base != "rediss" || form != "" && form != "sentinel" && form != "cluster" {
		return nil, false, fmt.Errorf("scheme %q is none of redis, rediss, redis+sentinel, redis+cluster", u.Scheme)
	}
	if u.Hostname() == "" {
		return nil, false, errors.New("no host")
	}
	password, _ := u.User.Password()
	o := &redis.UniversalOptions{
		Username: u.User.Username(), Password: password, Protocol: 2,
		DialTimeout: Patience, ReadTimeout: Patience, WriteTimeout: Patience, PoolTimeout: Patience,
		ContextTimeoutEnabled: true, DialerRetries: 1, MaxRedirects: 3,
		MaxRetries:      -1, // a call whose answer was lost may have counted: it must not count twice
		DisableIdentity: true, MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if base == "rediss" {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12} // the name to verify is each address's own
	}
	port := "6379"
	if form == "sentinel" {
		port = "26379"
	}
	query := u.Query()
	for _, addr := range append([]string{u.Host}, query["addr"]...) {
		if host, p, err := net.SplitHostPort(addr); err == nil && p != "" {
			o.Addrs = append(o.Addrs, net.JoinHostPort(host, p))
		} else {
			o.Addrs = append(o.Addrs, net.JoinHostPort(strings.Trim(strings.TrimSuffix(addr, ":"), "[]"), port))
		}
	}
	query.Del("addr")
	if form == "sentinel" {
		if o.MasterName = query.Get("master"); o.MasterName == "" {
			return nil, false, errors.New("a sentinel address needs ?master=NAME")
		}
		o.SentinelUsername, o.SentinelPassword = query.Get("sentinel_user"), query.Get("sentinel_password")
		for _, name := range []string{"master", "sentinel_user", "sentinel_password"} {
			query.Del(name)
		}
	}
	for name := range query {
		return nil, false, fmt.Errorf("unknown parameter %q", name)
	}
	if form == "" && len(o.Addrs) > 1 {
		return nil, false, errors.New("several addresses need redis+sentinel or redis+cluster")
	}
	return o, form == "cluster", database(o, form, strings.Trim(u.Path, "/"))
}

func database(o *redis.UniversalOptions, form, path string) error {
	if path == "" {
		return nil
	}
	number, err := strconv.Atoi(path)
	if err != nil || number < 0 || number > 0 && form == "cluster" {
		return fmt.Errorf("database %q is not a number this form of address can use", path)
	}
	o.DB = number
	return nil
}
