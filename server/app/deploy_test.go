package app_test

import (
	"maps"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"kenshu/rig/servers"
	"kenshu/server/app"
	"kenshu/storage/cache"
	"kenshu/storage/cache/cachetest"
	"kenshu/storage/db"
)

// composeFile is what this suite reads of docker-compose.yml.
type composeFile struct {
	Services map[string]struct {
		Image       string
		Build       struct{ Context, Dockerfile string }
		Command     []string
		Environment map[string]string
		Secrets     []string
		Networks    []string
		Ports       []string
		Volumes     []string
		DependsOn   yaml.Node `yaml:"depends_on"`
	}
	Networks map[string]yaml.Node
	Volumes  map[string]yaml.Node
	Secrets  map[string]struct{ File string }
}

var composeDefault = regexp.MustCompile(`\$\{[A-Z_]+:-([^}]*)\}`)

func readCompose(t *testing.T) composeFile {
	t.Helper()
	text, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var c composeFile
	if err := yaml.Unmarshal(composeDefault.ReplaceAll(text, []byte("$1")), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// makeSecrets runs the script that the README names and gives the directory it filled.
func makeSecrets(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "secrets")
	for range 2 { // a second run changes nothing, see below
		if out, err := exec.Command("sh", "../../deploy/secrets.sh", dir).CombinedOutput(); err != nil {
			t.Fatalf("secrets.sh: %v: %s", err, out)
		}
	}
	return dir
}

func TestComposeIsAWholeProductionInstallation(t *testing.T) {
	compose, secrets := readCompose(t), makeSecrets(t)
	for name, secret := range compose.Secrets {
		if _, err := os.Stat(filepath.Join(secrets, filepath.Base(secret.File))); err != nil || filepath.Dir(secret.File) != "deploy/secrets" {
			t.Errorf("secret %s: deploy/secrets.sh does not make %s", name, secret.File)
		}
	}
	replicas := 0
	for name, s := range compose.Services {
		for _, secret := range s.Secrets {
			if _, ok := compose.Secrets[secret]; !ok {
				t.Errorf("%s uses the secret %s, which is not declared", name, secret)
			}
		}
		for _, network := range s.Networks {
			if _, ok := compose.Networks[network]; !ok {
				t.Errorf("%s is in the network %s, which is not declared", name, network)
			}
		}
		if len(s.Ports) > 0 && name != "proxy" {
			t.Errorf("%s is reachable from outside", name)
		}
		checkMounts(t, name, compose, s.Volumes)
		if file := s.Build.Dockerfile; file != "" {
			if _, err := os.Stat("../../" + file); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if s.Image == "kenshu" {
			replicas++
			checkSettings(t, name, s.Environment, s.Secrets, secrets)
		}
	}
	if replicas != 3 {
		t.Errorf("%d services run kenshu, want two replicas and the migration", replicas)
	}
}

func checkMounts(t *testing.T, name string, compose composeFile, mounts []string) {
	t.Helper()
	for _, mount := range mounts {
		from, _, _ := strings.Cut(mount, ":")
		if _, ok := compose.Volumes[from]; ok {
			continue
		}
		if _, err := os.Stat("../../" + from); err != nil || !strings.HasPrefix(from, "./") {
			t.Errorf("%s mounts %s, which is neither a file nor a volume", name, from)
		}
	}
}

// checkSettings reads a service's environment as the binary will, with the secrets where they will be.
func checkSettings(t *testing.T, name string, env map[string]string, has []string, secrets string) {
	t.Helper()
	var environ []string
	for key, value := range env {
		if file, ok := strings.CutPrefix(value, "/run/secrets/"); ok {
			if !slices.Contains(has, file) {
				t.Errorf("%s reads the secret %s and does not have it", name, file)
			}
			value = filepath.Join(secrets, file)
		}
		environ = append(environ, key+"="+value)
	}
	cfg, err := app.ReadConfig(environ) // refuses names that are no setting
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if cfg.Mode != app.ModeProduction || cfg.DB == "" || cfg.Redis == "" || cfg.S3 == "" {
		t.Errorf("%s is not set up for production with its own servers", name)
	}
	if err := cfg.Check(); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

func TestSecretsAreMadeOnceAndDiffer(t *testing.T) {
	dir := makeSecrets(t)
	first := readAll(t, dir)
	if out, err := exec.Command("sh", "../../deploy/secrets.sh", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if again := readAll(t, dir); !maps.Equal(first, again) {
		t.Error("a second run changed a secret")
	}
	seen := map[string]string{}
	for name, value := range first {
		if other, ok := seen[value]; ok {
			t.Errorf("%s and %s are the same", name, other)
		}
		seen[value] = name
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory of the secrets is open: %v, %v", info.Mode(), err)
	}
}

func readAll(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(b)
	}
	return out
}

// The grants of the compose file's MySQL are enough, and the user that serves cannot change the schema.
func TestDatabaseUsersHaveWhatTheyNeed(t *testing.T) {
	admin := servers.MariaDB(t)
	root, err := db.Open(t.Context(), db.Config{URL: admin})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	script, err := os.ReadFile("../../deploy/mysql/10-users.sh")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(admin)
	if err != nil {
		t.Fatal(err)
	}
	database := strings.Trim(u.Path, "/")
	_, body, _ := strings.Cut(string(script), "<<SQL\n")
	body, _, _ = strings.Cut(body, "\nSQL")
	suffix := strings.TrimPrefix(database, "kenshu")
	body = strings.NewReplacer("${migrate}", "a", "${app}", "b", "'migrate'", "'migrate"+suffix+"'", "'kenshu'", "'serve"+suffix+"'", "kenshu.*", database+".*").Replace(body)
	for statement := range strings.SplitSeq(body, ";\n") {
		if statement = strings.Trim(statement, "; \n"); statement == "" || strings.HasPrefix(statement, "CREATE DATABASE") {
			continue
		}
		if _, err := root.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	t.Cleanup(func() {
		_, _ = root.Raw().Exec("DROP USER 'migrate" + suffix + "'@'%', 'serve" + suffix + "'@'%'")
	})
	as := func(user, password string) place {
		u.User = url.UserPassword(user+suffix, password)
		return place{env: []string{"KENSHU_DATA=" + t.TempDir(), "KENSHU_SECRET=" + moveSecret, "KENSHU_DB=" + u.String()}}
	}
	serving := as("serve", "b")
	if _, err := serving.run(t, "migrate"); err == nil {
		t.Error("the serving user made the schema")
	}
	as("migrate", "a").must(t, "migrate")
	a := serving.open(t)
	defer a.Close()
	if _, err := a.DB.Exec(t.Context(), "DROP TABLE training_record"); err == nil {
		t.Error("the serving user dropped a table")
	}
}

// Redis as the compose file starts it: enough rights for the cache, none to look into or empty the server.
func TestRedisUserHasWhatItNeeds(t *testing.T) {
	tools, err := servers.Obtain(t.Context(), servers.PartRedis)
	if err != nil {
		t.Fatal(err)
	}
	secrets, dir := makeSecrets(t), t.TempDir()
	args := slices.Clone(readCompose(t).Services["redis"].Command[1:])
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "/run/secrets", secrets)
	}
	port := freePort(t)
	cmd := exec.Command(tools.Redis, append(args, "--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--dir", dir)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	address := strings.Replace(readAll(t, secrets)["kenshu_redis"], "redis:6379/0", "127.0.0.1:"+strconv.Itoa(port)+"/", 1)
	database := 0
	cachetest.Run(t, func(t *testing.T) cachetest.Subject {
		database++
		return cachetest.Subject{Cache: openCache(t, address+strconv.Itoa(database%16)), Advance: time.Sleep}
	})
}

// openCache waits for the server to come up.
func openCache(t *testing.T, address string) cache.Cache {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for {
		c, err := cache.Open(t.Context(), cache.Config{RedisURL: address})
		if err == nil {
			err = c.Ping(t.Context())
		}
		if err == nil {
			t.Cleanup(func() { _ = c.Close() })
			return c
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
