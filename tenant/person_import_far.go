package tenant

import (
	"context"
	"fmt"
	"time"

	"kenshu/storage/cache"
	"kenshu/storage/db"
)

// farKept is how long it is remembered how far a worker was; a living one says it anew every few seconds.
const farKept = 10 * time.Minute

func farKey(id db.ID) cache.Key { return cache.NewKey("person_import", id.String()) }

// isFar says how many of how many rows a transaction has dealt with. It stands in the cache, because nobody can look into the transaction, and only for people
// to see: when the cache is away nothing is lost.
func (s *Imports) isFar(ctx context.Context, id db.ID, done, total int) {
	_ = s.far.Set(ctx, farKey(id), fmt.Appendf(nil, "%d %d", min(done, total), total), farKept)
}

// howFar gives what isFar said last, zeros when nothing is known.
func (s *Imports) howFar(ctx context.Context, id db.ID) (done, total int) {
	text, found, err := s.far.Get(ctx, farKey(id))
	if err != nil || !found {
		return 0, 0
	}
	if _, err := fmt.Sscan(string(text), &done, &total); err != nil {
		return 0, 0
	}
	return done, total
}
