package tenant

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"kenshu/fault"
)

// argonCost is how dear one password check is. A stored hash names its own cost, so raising it here rehashes at the next log-in.
type argonCost struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

// passwordCost: 19 MiB, 2 passes, 1 lane (OWASP's first choice for argon2id).
var passwordCost = argonCost{memory: 19 * 1024, time: 2, threads: 1}

const (
	argonPrefix = "$argon2id$" // of every hash here
	saltLength  = 16
	hashLength  = 32
	// hashWait bounds the queue before the hasher: who waits longer is told to come again.
	hashWait = 10 * time.Second
)

// hasher makes and checks password hashes, as many at once as there are cores: without the bound 100 log-ins at once take 1.6 GB.
type hasher struct {
	cost  argonCost
	slots chan struct{}
	dummy string // what an unknown login is checked against, so that the answer takes the same time
}

func newHasher(cost argonCost) (*hasher, error) {
	h := &hasher{cost: cost, slots: make(chan struct{}, runtime.NumCPU())}
	var err error
	h.dummy, err = h.hash(context.Background(), "nobody has this password")
	return h, err
}

func (h *hasher) enter(ctx context.Context) (func(), error) {
	timer := time.NewTimer(hashWait)
	defer timer.Stop()
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		return nil, fault.New(fault.Unavailable, "busy")
	}
}

// hash gives the PHC string of a password, exactly as typed.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	salt := make([]byte, saltLength)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("salt: %w", err)
	}
	sum := argon2.IDKey([]byte(password), salt, h.cost.time, h.cost.memory, h.cost.threads, hashLength)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.cost.memory, h.cost.time, h.cost.threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum)), nil
}

// check tells whether the password is the stored one, and whether the stored hash has another cost than today's.
// An unreadable hash costs the same time and is never right.
func (h *hasher) check(ctx context.Context, stored, password string) (right, stale bool, err error) {
	cost, salt, sum, readable := parseHash(stored)
	if !readable {
		cost, salt, sum, _ = parseHash(h.dummy)
	}
	leave, err := h.enter(ctx)
	if err != nil {
		return false, false, err
	}
	defer leave()
	got := argon2.IDKey([]byte(password), salt, cost.time, cost.memory, cost.threads, uint32(len(sum)))
	right = subtle.ConstantTimeCompare(got, sum) == 1 && readable
	return right, right && cost != h.cost, nil
}

// waste takes the time of a check and tells nothing.
func (h *hasher) waste(ctx context.Context, password string) error {
	_, _, err := h.check(ctx, h.dummy, password)
	return err
}

func parseHash(stored string) (cost argonCost, salt, sum []byte, ok bool) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return cost, nil, nil, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &cost.memory, &cost.time, &cost.threads); err != nil {
		return cost, nil, nil, false
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	sum, errSum := base64.RawStdEncoding.DecodeString(parts[5])
	sane := cost.memory >= 8 && cost.memory <= 1<<20 && cost.time >= 1 && cost.time <= 100 && cost.threads >= 1 && len(sum) >= 16 && len(sum) <= 64
	return cost, salt, sum, errSalt == nil && errSum == nil && sane
}
