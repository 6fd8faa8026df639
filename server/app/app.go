package app

import (
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"kenshu/frontend"
	"kenshu/migrations"
	"kenshu/server/api"
	"kenshu/storage/archive"
	"kenshu/storage/blob"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// secretLength is how many characters a master key has at least.
const secretLength = 32

// Version is set by the build.
var Version = "development"

// App is a whole installation's process: open stores, services, and the servers to run.
type App struct {
	Config   Config
	Services api.Services
	API      *api.API
	DB       *db.DB
	Cache    cache.Cache
	Blob     *blob.Store
	Worker   *db.Worker
	Log      *slog.Logger
	Clock    func() time.Time
	Replayed tenant.Replayed // what the deletion journal did at the start

	marks    *tenant.StoreMarks
	made     bool // the master key was made by this process
	keyLost  atomic.Bool
	machine  func() time.Time
	clock    *db.Clock // nil when the caller has one of its own
	secret   []byte
	requests *prometheus.HistogramVec // nil without metrics
}

// Options are what tests and commands change.
type Options struct {
	Log     *slog.Logger
	Clock   func() time.Time // what counts; nil: the database's
	Machine func() time.Time // what this machine takes for the time; nil: time.Now
	Look    bool             // for commands that look: whose the store is, is not asked, and the deletion journal is not followed
	Alone   bool             // short-lived values live in this process and end with it, whatever KENSHU_REDIS says
}

// New checks the configuration, opens the stores, migrates, and wires the services. It starts nothing.
func New(ctx context.Context, cfg Config, opt Options) (*App, error) {
	if err := cfg.Check(); err != nil {
		return nil, fmt.Errorf("configuration:\n%w", err)
	}
	a := &App{Config: cfg, Log: opt.Log, Clock: opt.Clock}
	a.machine = opt.Machine
	if a.Log == nil {
		a.Log = newLog(cfg.LogLevel)
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := a.readSecret(); err != nil {
		return nil, err
	}
	if err := a.open(ctx, opt.Alone); err != nil {
		a.Close()
		return nil, err
	}
	if err := a.migrateOwn(ctx, !opt.Look); err != nil {
		a.Close()
		return nil, err
	}
	if err := a.wire(); err != nil {
		a.Close()
		return nil, err
	}
	if opt.Look {
		return a, nil
	}
	if err := a.marks.Check(ctx); err != nil {
		a.Close()
		return nil, err
	}
	var err error
	if a.Replayed, err = a.replay(ctx); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

// replay deletes again whom an older database brought back: before anybody is served, and every hour, for a database that was put back under running replicas.
func (a *App) replay(ctx context.Context) (tenant.Replayed, error) {
	done, err := a.Services.Deletions.Replay(ctx)
	if err != nil {
		return done, err
	}
	for _, err := range done.Unread {
		a.Log.Error("deletion journal: a page was not followed", "error", err)
	}
	if len(done.Returned) > 0 {
		a.Log.Error("deletion journal: pages were not followed", "error", returned(done))
	}
	for _, code := range done.Managers {
		a.Log.Error("deletion journal: an organisation has no manager any more", "organisation", code)
	}
	if done.Lines > 0 {
		a.Log.Warn("deletion journal: the database was older", "lines", done.Lines, "deleted", done.Deleted, "anonymised", done.Anonymised)
	}
	return done, nil
}

// checkJournal is the handler of tenant.KindCheckDeletions. A page that cannot be mended fails the job, so that it is seen by who runs the installation.
func (a *App) checkJournal(ctx context.Context, _ db.Job, _ func(int64, int64)) error {
	found, err := a.Services.Deletions.Check(ctx)
	if err != nil {
		return err
	}
	if found.Written > 0 {
		a.Log.Warn("deletion journal: pages were missing or damaged and are written again", "pages", found.Written)
	}
	for _, err := range found.Bad {
		a.Log.Error("deletion journal: a page cannot be mended", "error", err)
	}
	return errors.Join(found.Bad...)
}

// migrate brings the schema up to this version; a database that a copy or restore has filled only in part is refused.
func (a *App) migrate(ctx context.Context) error {
	if err := a.DB.CheckWhole(ctx); err != nil {
		return err
	}
	_, err := a.DB.Migrate(ctx, migrations.FS)
	return err
}

func (a *App) open(ctx context.Context, alone bool) (err error) {
	if err = a.openStores(ctx); err != nil {
		return err
	}
	cfg := cache.Config{RedisURL: a.Config.Redis, SnapshotPath: a.Config.path("sessions.snapshot")}
	if alone {
		cfg = cache.Config{}
	}
	c, err := cache.Open(ctx, cfg)
	if err == nil { // else c is none, in an interface
		a.Cache = c
	}
	return err
}

// openStores opens what lasts: the database and the objects.
func (a *App) openStores(ctx context.Context) (err error) {
	if a.DB, err = db.Open(ctx, db.Config{URL: a.Config.DB, SQLitePath: a.Config.path("kenshu.db")}); err != nil {
		return err
	}
	if err = a.matchSecret(ctx); err != nil {
		return err
	}
	if err = a.openClock(ctx); err != nil {
		return err
	}
	return a.openObjects(ctx)
}

// machineTime is what this machine takes for the time; a test of the commands has a wrong one.
var machineTime = time.Now

// openClock takes the database's clock, unless the caller has one.
func (a *App) openClock(ctx context.Context) (err error) {
	if a.Clock != nil {
		return nil
	}
	if a.machine == nil {
		a.machine = machineTime
	}
	if a.clock, err = a.DB.NewClock(ctx, a.machine); err == nil {
		a.Clock = a.clock.Now
	}
	return err
}

func (a *App) openObjects(ctx context.Context) (err error) {
	a.Blob, err = blob.Open(ctx, blob.Config{
		S3: a.Config.S3, S3Public: a.Config.S3Public, Dir: a.Config.path("objects"), ContentURL: a.Config.ContentURL, AppOrigin: a.Config.PublicURL,
		Key: a.key("blob links"), Clock: a.Clock, CreateBucket: a.Config.Mode != ModeProduction,
	})
	return err
}

// key derives the key of one purpose from the master key (HKDF-SHA256, RFC 5869).
func (a *App) key(purpose string) []byte {
	k, err := hkdf.Key(sha256.New, a.secret, nil, "kenshu "+purpose, 32)
	if err != nil {
		panic(err) // only for lengths above 8160
	}
	return k
}

// newSecret is where a master key lies that was made here and that no database is served under yet.
const newSecret = "secret.new"

// auditPurpose derives the key that chains the logs.
const auditPurpose = "audit seal"

// readSecret takes the configured master key, or outside production makes one. It becomes the installation's, the file secret of the data directory, when the database has noted it.
func (a *App) readSecret() error {
	if a.Config.Secret != "" {
		a.secret = []byte(a.Config.Secret)
		return nil
	}
	path := a.Config.path("secret")
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // a pipe would wait for ever
		return fmt.Errorf("%s is no file: it has to hold the master key", path)
	}
	b, err := os.ReadFile(path) //nolint:gosec // inside the data directory
	if errors.Is(err, os.ErrNotExist) {
		a.made, path = true, a.Config.path(newSecret)
		b, err = makeSecret(path)
	}
	if err != nil {
		return fmt.Errorf("generated secret: %w", err)
	}
	if len(bytes.TrimSpace(b)) < secretLength {
		return fmt.Errorf("%s holds no master key: it has fewer than %d characters; bring the file back from where you keep it, or remove it where nothing was ever stored under it", path, secretLength)
	}
	a.secret = b
	return nil
}

// lineEnds are the keys that a master key may have been before an editor added a line break at its end, or KENSHU_SECRET_FILE dropped it; first the one that is there.
func lineEnds(secret []byte) [][]byte {
	all, text := [][]byte{secret}, strings.TrimRight(string(secret), "\r\n")
	for _, end := range []string{"", "\n", "\r\n"} {
		if other := text + end; text != "" && other != string(secret) {
			all = append(all, []byte(other))
		}
	}
	return all
}

// matchSecret takes the master key with or without a line break at its end: whichever the database was served under. Another key stays as it is, and is refused later.
func (a *App) matchSecret(ctx context.Context) error {
	noted, _, err := tenant.NewMasterKeys(a.DB, a.Clock).Noted(ctx)
	if err != nil || noted == "" {
		return err
	}
	a.secret = secretOf(a.secret, noted)
	return nil
}

// secretOf gives the one of lineEnds that has the id, or secret itself.
func secretOf(secret []byte, id string) []byte {
	for _, s := range lineEnds(secret) {
		if (&App{secret: s}).keyID() == id {
			return s
		}
	}
	return secret
}

// keyID names the master key without telling it, as the heads of backups do.
func (a *App) keyID() string { return archive.KeyID(a.key(sealPurpose)) }

// ownKey tells whether the database is still served under this replica's master key, and says when that changes: another may be accepted elsewhere while this one runs. It would chain the
// logs with the wrong key, and hand out passwords that the others take for void. While the database does not answer, it is as it was.
func (a *App) ownKey(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	err := tenant.NewMasterKeys(a.DB, a.Clock).CheckServed(ctx, a.keyID())
	lost := errors.Is(err, tenant.ErrOtherMasterKey)
	switch {
	case err != nil && !lost:
		return !a.keyLost.Load()
	case a.keyLost.Swap(lost) == lost:
	case lost:
		a.Log.Error("not ready, and no background work is done: another master key was accepted for the database", "error", err)
	default:
		a.Log.Info("the database is served under this replica's master key again")
	}
	return !lost
}

// migrateOwn is migrate for who holds the key that the database is served under: under another one nothing is changed. With note it becomes the key of a database that knows none.
func (a *App) migrateOwn(ctx context.Context, note bool) error {
	keys := tenant.NewMasterKeys(a.DB, a.Clock)
	if err := keys.Check(ctx, a.keyID()); err != nil {
		return err
	}
	made, err := a.DB.Made(ctx)
	if err != nil {
		return err
	}
	if err := a.migrate(ctx); err != nil || !note {
		return err
	}
	if !made {
		a.Log.Info("a new installation was made here: if there should be one already, KENSHU_DATA or KENSHU_DB is another than before, or a disk is not mounted")
	}
	if err := keys.Note(ctx, a.keyID(), tenant.NewAudit(a.DB, a.key(auditPurpose), a.Clock)); err != nil {
		return err
	}
	return a.keepMade()
}

// keepMade puts a key that was made here in its place. A file that lies there by now is never replaced.
func (a *App) keepMade() error {
	if !a.made {
		return nil
	}
	return keepSecret(a.Config, a.secret)
}

// makeSecret makes a master key in a new file, or gives the one that an earlier or another run made there.
func makeSecret(path string) ([]byte, error) {
	raw := make([]byte, 48)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	err := writeSecret(path, []byte(base64.StdEncoding.EncodeToString(raw)))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // inside the data directory
}

// writeSecret leaves the whole key or no file: half of one would be taken for the key with the next start. It returns fs.ErrExist for a file that is there.
func writeSecret(path string, secret []byte) error {
	return writeFile(path, false, func(f *os.File) error {
		_, err := f.Write(secret)
		return err
	})
}

func (a *App) face(svc api.Services) (*api.API, error) {
	public, err := url.Parse(a.Config.PublicURL)
	if err != nil {
		return nil, err
	}
	content, err := url.Parse(a.Config.ContentURL)
	if err != nil {
		return nil, err
	}
	proxies, err := a.Config.proxies()
	if err != nil {
		return nil, err
	}
	return api.New(api.Config{
		PublicURL: public, ContentURL: content, MediaURLs: []string{a.Config.ContentURL, a.Blob.Origin}, Proxies: proxies, Mode: a.Config.Mode, Version: Version,
		Page: frontend.Handler(), Log: a.Log, Observe: a.observe(),
	}, svc), nil
}

// Run serves until ctx ends, then lets running requests and jobs finish within 20 seconds.
func (a *App) Run(ctx context.Context) error {
	if err := a.markStore(ctx); err != nil {
		return err
	}
	if err := a.DB.CheckWhole(ctx); err != nil { // a restore that began while this was starting, and saw no mark yet
		return err
	}
	if err := a.DB.ForgetTransfer(ctx); err != nil {
		return err
	}
	main, err := net.Listen("tcp", a.Config.Listen)
	if err != nil {
		return fmt.Errorf("KENSHU_LISTEN: %w", err)
	}
	content, err := net.Listen("tcp", a.Config.ContentListen)
	if err != nil {
		_ = main.Close()
		return fmt.Errorf("KENSHU_CONTENT_LISTEN: %w", err)
	}
	g, ctx := errgroup.WithContext(ctx)
	a.serve(ctx, g, main, a.Face())
	a.serve(ctx, g, content, a.contentHandler())
	if a.Config.OpsListen != "" {
		ops, err := net.Listen("tcp", a.Config.OpsListen)
		if err != nil {
			return fmt.Errorf("KENSHU_OPS_LISTEN: %w", err)
		}
		a.serve(ctx, g, ops, a.Ops())
	}
	g.Go(func() error { a.Worker.Run(ctx); return nil })
	if a.clock != nil {
		g.Go(func() error { a.clock.Follow(ctx, a.Log); return nil })
	}
	a.Log.Info("kenshu is ready", "url", a.Config.PublicURL, "content", a.Config.ContentURL, "mode", a.Config.Mode, "database", a.DB.Engine(), "version", Version)
	return g.Wait()
}

// Limits of every listener. A body's time is limited by its route.
const (
	HeaderTime  = 10 * time.Second // for the head of a request to arrive
	IdleTime    = 2 * time.Minute  // for which a connection without a request is kept
	HeaderBytes = 64 << 10         // of the head of a request; net/http adds 4 KiB of slack
	EndTime     = 20 * time.Second // for requests that run when the process is told to end
)

// Server is what a listener is served by.
func (a *App) Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: HeaderTime, IdleTimeout: IdleTime, MaxHeaderBytes: HeaderBytes, ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelWarn),
	}
}

func (a *App) serve(ctx context.Context, g *errgroup.Group, l net.Listener, h http.Handler) {
	srv := a.Server(h)
	g.Go(func() error {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), EndTime)
		defer cancel()
		return srv.Shutdown(end)
	})
}

// contentHandler serves packages, and uploaded files from the directory store; with an object store browsers fetch those there by presigned link.
func (a *App) contentHandler() http.Handler {
	mux := http.NewServeMux()
	if a.Blob.Handler != nil {
		mux.Handle(blob.HandlerPath, a.Blob.Handler)
	}
	packages := a.API.PackageHandler(frontend.PackagePlayer())
	mux.Handle("/package/", packages)
	mux.Handle("/package-player/", packages)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "not_found", http.StatusNotFound)
	})
	return mux
}

// Face is what the application's listener serves.
func (a *App) Face() http.Handler { return a.withHealth(a.API.Handler(), false) }

// withHealth answers liveness and readiness before the host name is looked at: load balancers ask by address. Only with sentences it says more than the names of parts: anybody may ask
// the application's listener.
func (a *App) withHealth(next http.Handler, sentences bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/healthz":
			_, _ = w.Write([]byte("ok\n"))
		case "/readyz":
			a.ready(w, r, sentences)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// parts are what a replica needs to be ready.
func (a *App) parts() []tenant.Part {
	return []tenant.Part{
		{Name: "database", Ask: a.DB.Ping, Full: a.DB.Full, Room: a.DB.Room}, {Name: "cache", Ask: a.Cache.Ping},
		{Name: "objects", Ask: a.Blob.Health, Full: a.Blob.Full, Room: a.Blob.Room},
	}
}

func (a *App) ready(w http.ResponseWriter, r *http.Request, sentences bool) {
	var away, full []string
	for _, p := range a.Services.Operations.Parts(r.Context()) {
		if p.Away != nil {
			away = append(away, p.Name)
			a.Log.Warn("not ready", "part", p.Name, "error", p.Away)
		}
		if p.Full {
			full = append(full, p.Name)
		}
	}
	if len(away) > 0 {
		http.Error(w, "away: "+strings.Join(away, ", "), http.StatusServiceUnavailable)
		return
	}
	text := ""
	note := func(part, sentence string) {
		if !sentences {
			sentence = "not ok"
		}
		text += part + ": " + sentence + "\n"
	}
	if !a.ownKey(r.Context()) {
		note("key", "the database is served under another master key by now (kenshu key accept): stop this replica, and start it with that key")
		http.Error(w, strings.TrimSpace(text), http.StatusServiceUnavailable)
		return
	}
	text = "ready\n"
	if len(full) > 0 { // what is there can be read: better than nothing
		text += "full: " + strings.Join(full, ", ") + "\n"
	}
	if a.clock != nil && a.clock.Strayed() != 0 {
		note("clock", "the database's is not believed, it is ahead by "+a.clock.Strayed().String())
	}
	if a.disputed(r.Context()) { // people go on learning; who runs it has to decide
		note("store", "it bears the mark of another database, so nothing is removed from it and no deletion is kept there; the next start would be refused (kenshu adopt)")
	}
	_, _ = w.Write([]byte(text))
}

// Ops is what the private listener serves: metrics and health.
func (a *App) Ops() http.Handler { return a.withHealth(metricsHandler(a), true) }

// Close closes the stores.
func (a *App) Close() {
	if a.Cache != nil {
		if err := a.Cache.Close(); err != nil {
			a.Log.Warn("close cache", "error", err)
		}
	}
	if a.DB != nil {
		if err := a.DB.Close(); err != nil {
			a.Log.Warn("close database", "error", err)
		}
	}
}

func newLog(level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: l}))
}
