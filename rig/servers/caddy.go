package servers

import (
	"context"
	"testing"
)

// Caddy starts the proxy of docker-compose.yml with a Caddyfile for a test; it keeps its certificates and authority in dir/caddy. It does not wait for it to answer.
func Caddy(t testing.TB, file, dir string, env ...string) {
	t.Helper()
	tools, err := Obtain(context.Background(), PartCaddy)
	if err != nil {
		t.Fatalf("this test needs a real Caddy: %v", err)
	}
	p, err := spawn(dir, tools.Caddy, append(env, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir), "run", "--adapter", "caddyfile", "--config", file)
	if err != nil {
		t.Fatalf("start Caddy: %v", err)
	}
	t.Cleanup(func() {
		p.stop()
		if t.Failed() {
			t.Logf("the log of Caddy ends:\n%s", p.tail())
		}
	})
}
