package tenant

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/db"
)

// DeletionPrefix is where the object store keeps the deletion journal.
const DeletionPrefix = "deletions/"

// RemovedPrefix is where the object store keeps pages that an operator took out of the journal: nobody is deleted by them, and they can be put back. They stay until somebody removes
// them by hand.
const RemovedPrefix = "deletions-removed/"

// KindKeepDeletions is the job that writes new lines of the deletion journal into the object store.
const KindKeepDeletions = "deletion.keep"

// KindReplayDeletions is the hourly job that looks for pages of the journal that the database does not know: it may have been put back to an older day while
// replicas went on running.
const KindReplayDeletions = "deletion.replay"

// KindCheckDeletions is the job that reads every page of the journal and writes again what the store lost or damaged.
const KindCheckDeletions = "deletion.check"

const (
	pageLines    = 1000    // of the journal in one object
	maxPageBytes = 1 << 20 // pageLines take a quarter of it
)

const (
	sqlUnkeptDeletions  = `SELECT tenant_id, id, kind, target_hash, rule, deleted_at FROM deletion WHERE kept_at IS NULL LIMIT ?`
	sqlKeptDeletions    = `SELECT tenant_id, id, kind, target_hash, rule, deleted_at FROM deletion WHERE kept_at = ?`
	sqlKeepDeletions    = `UPDATE deletion SET kept_at = ? WHERE tenant_id = ?`
	sqlKnownPages       = `SELECT id, known_at FROM deletion_page WHERE removed_at IS NULL`
	sqlRemovedPages     = `SELECT id FROM deletion_page WHERE removed_at IS NOT NULL`
	sqlForgetRemoved    = `DELETE FROM deletion_page WHERE id = ? AND removed_at IS NOT NULL`
	sqlPutPage          = `INSERT INTO deletion_page (id, known_at, removed_at) VALUES (?, ?, ?)`
	sqlForgetPage       = `DELETE FROM deletion_page WHERE id = ?`
	sqlInsertPage       = `INSERT INTO deletion_page (id, known_at) VALUES (?, ?)`
	sqlPeopleOf         = `SELECT id FROM person WHERE tenant_id = ?`
	sqlStatesOf         = `SELECT id, state FROM person WHERE tenant_id = ?`
	sqlOrganisationHere = `SELECT code, name FROM organisation WHERE tenant_id = ?`
	sqlManagersOf       = `SELECT COUNT(*) FROM person_role WHERE tenant_id = ? AND role = 'manager'`
	sqlOrganisationCode = `SELECT code FROM organisation WHERE tenant_id = ?`
)

// Deletions keeps the deletion journal outside the database too, as pages in the object store, and deletes again who an older database brought back. The journal
// holds no personal data: keyed hashes of ids, and when and by which rule they went.
type Deletions struct {
	acts    *PeopleActs
	objects blob.Objects
}

// NewDeletions makes the service.
func NewDeletions(acts *PeopleActs, objects blob.Objects) *Deletions {
	return &Deletions{acts: acts, objects: objects}
}

// deletionPage is one object: lines and what proves that this installation wrote them.
type deletionPage struct {
	ID       db.ID           `json:"id"`
	KeyID    string          `json:"key_id"` // tells master keys apart
	Lines    json.RawMessage `json:"lines"`
	Seal     []byte          `json:"seal"`               // HMAC-SHA256 over id and lines
	Returned bool            `json:"returned,omitempty"` // of an exported page: it was taken out of the journal, and there again
}

type deletionLine struct {
	Tenant    int64   `json:"tenant"`
	Kind      string  `json:"kind"`
	Target    []byte  `json:"target"` // PeopleActs.TargetHash
	Rule      string  `json:"rule"`
	DeletedAt db.Time `json:"deleted_at"`
	id        db.ID
}

func (l deletionLine) broken() bool { return l.Tenant <= 0 || len(l.Target) != len(db.Hash{}) }

func (s *Deletions) mac(parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, s.acts.key)
	for _, p := range parts {
		mac.Write(p)
	}
	return mac.Sum(nil)
}

func (s *Deletions) keyID() string { return fmt.Sprintf("%x", s.mac([]byte("key id"))[:8]) }

func (s *Deletions) seal(p deletionPage) []byte { return s.mac([]byte("page\n"), p.ID[:], p.Lines) }

// Keep is the handler of KindKeepDeletions. A page is stored before its lines are marked: a kill between writes them once more, which does no harm.
func (s *Deletions) Keep(ctx context.Context, _ db.Job, _ func(int64, int64)) error {
	for {
		lines, err := s.lines(ctx, sqlUnkeptDeletions, pageLines)
		if err != nil {
			return fmt.Errorf("keep deletions: %w", err)
		}
		if len(lines) == 0 {
			return nil
		}
		if err := s.keep(ctx, lines); err != nil {
			return fmt.Errorf("keep deletions: %w", err)
		}
	}
}

// lines reads lines of the journal from the database.
func (s *Deletions) lines(ctx context.Context, query string, arg any) (lines []deletionLine, err error) {
	err = db.Each(ctx, s.acts.people.db, query, []any{arg}, func(scan func(...any) error) error {
		var l deletionLine
		var target db.Hash
		err := scan(&l.Tenant, &l.id, &l.Kind, &target, &l.Rule, &l.DeletedAt)
		l.Target = target[:]
		lines = append(lines, l)
		return err
	})
	return lines, err
}

// store writes a page with lines.
func (s *Deletions) store(ctx context.Context, id db.ID, lines []deletionLine) error {
	page := deletionPage{ID: id, KeyID: s.keyID()}
	var err error
	if page.Lines, err = json.Marshal(lines); err != nil {
		return err
	}
	page.Seal = s.seal(page)
	text, err := json.Marshal(page)
	if err != nil {
		return err
	}
	return s.put(ctx, DeletionPrefix, id, text)
}

func (s *Deletions) keep(ctx context.Context, lines []deletionLine) error {
	id := db.NewID()
	if err := s.store(ctx, id, lines); err != nil {
		return err
	}
	of := map[int64][]db.ID{}
	for _, l := range lines {
		of[l.Tenant] = append(of[l.Tenant], l.id)
	}
	return s.acts.people.db.Tx(ctx, func(tx *db.Tx) error {
		now := s.acts.people.now()
		for _, n := range slices.Sorted(maps.Keys(of)) {
			if _, err := forEach(ctx, System(n, "deletion journal"), tx, of[n], sqlKeepDeletions, "id", []any{now}, nil); err != nil {
				return err
			}
		}
		// A replica that starts may have read it already; Check finds the lines by the time. Who took it out meanwhile took it for another's: Check puts it back.
		return tx.Upsert(ctx, sqlPutPage, "id", "known_at, removed_at", id, now, nil)
	})
}

func (s *Deletions) put(ctx context.Context, prefix string, id db.ID, text []byte) error {
	_, err := s.objects.Put(ctx, prefix+id.String(), bytes.NewReader(text), int64(len(text)), "application/json")
	return err
}

// Written is what Export wrote, and what it did not.
type Written struct {
	Pages    int
	Returned int // of them, pages that were taken out of the journal and are there again: Import leaves them undecided
	Left     int // not written: pages of another master key, and what is no page
}

// Export writes the pages in the object store that Import would take to w, one a line. It does not need the database.
func (s *Deletions) Export(ctx context.Context, w io.Writer) (out Written, err error) {
	removed, err := s.removedKeys(ctx)
	if err != nil {
		return out, fmt.Errorf("export deletions: %w", err)
	}
	for info, err := range s.objects.List(ctx, DeletionPrefix) {
		if err != nil {
			return out, fmt.Errorf("export deletions: %w", err)
		}
		text, err := s.read(ctx, info.Key)
		var page deletionPage
		if err == nil {
			page, _, err = s.open(text)
		}
		if errors.Is(err, errPageAltered) || errors.Is(err, errPageOfOther) {
			out.Left++
			continue
		}
		page.Returned = removed[RemovedPrefix+page.ID.String()]
		if err == nil {
			err = json.NewEncoder(w).Encode(page)
		}
		if err != nil {
			return out, fmt.Errorf("export deletions: %w", err)
		}
		if out.Pages++; page.Returned {
			out.Returned++
		}
	}
	return out, nil
}

// Exported are pages that Export wrote, checked.
type Exported map[db.ID][]byte

// ReadExported reads and checks what Export wrote; a page of another master key, which could not be followed, is an error. It needs neither database nor store.
func (s *Deletions) ReadExported(r io.Reader) (Exported, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	pages := Exported{}
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		page, _, err := s.open(line)
		if err != nil {
			return nil, err
		}
		pages[page.ID] = line
	}
	return pages, nil
}

// Import brings pages into the object store. One of which nobody had decided whether it is to be followed is as undecided there.
func (s *Deletions) Import(ctx context.Context, pages Exported) error {
	for id, text := range pages {
		page, _, err := s.open(text)
		if err == nil && page.Returned {
			err = s.put(ctx, RemovedPrefix, id, text)
		}
		if err == nil {
			err = s.put(ctx, DeletionPrefix, id, text)
		}
		if err != nil {
			return fmt.Errorf("import deletions: %w", err)
		}
	}
	return nil
}

var (
	errPageOfOther = errors.New("a page of the deletion journal was written under another master key")
	errPageAltered = errors.New("a page of the deletion journal was altered or damaged")
)

// open checks a page and gives its lines.
func (s *Deletions) open(text []byte) (deletionPage, []deletionLine, error) {
	var page deletionPage
	var lines []deletionLine
	if json.Unmarshal(text, &page) != nil {
		return page, nil, errPageAltered
	}
	if page.KeyID != s.keyID() {
		return page, nil, errPageOfOther
	}
	if !hmac.Equal(page.Seal, s.seal(page)) || json.Unmarshal(page.Lines, &lines) != nil || slices.ContainsFunc(lines, deletionLine.broken) {
		return page, nil, errPageAltered
	}
	return page, lines, nil
}

func (s *Deletions) read(ctx context.Context, key string) ([]byte, error) {
	r, info, err := s.objects.Open(ctx, key, 0, maxPageBytes)
	if err != nil {
		return nil, s.unread(ctx, err)
	}
	defer r.Close()
	if info.Size > maxPageBytes {
		return nil, errPageAltered
	}
	text, err := io.ReadAll(r)
	return text, s.unread(ctx, err)
}

// unread says what it means that a page cannot be read: while the store answers it is the page that is damaged, else fault.Unavailable.
func (s *Deletions) unread(ctx context.Context, err error) error {
	if err == nil || fault.Is(err, fault.NotFound) {
		return err
	}
	if err := errors.Join(ctx.Err(), s.objects.Health(ctx)); err != nil {
		return err
	}
	return fmt.Errorf("%w: %w", errPageAltered, err)
}

// page reads a page and checks that it is what its key says.
func (s *Deletions) page(ctx context.Context, key string) (deletionPage, []deletionLine, error) {
	text, err := s.read(ctx, key)
	if err != nil {
		return deletionPage{}, nil, err
	}
	page, lines, err := s.open(text)
	if id := page.ID.String(); err == nil && key != DeletionPrefix+id && key != RemovedPrefix+id {
		err = errPageAltered
	}
	return page, lines, err
}

// Replayed is what Replay found and did.
type Replayed struct {
	Lines      int // of pages that the database did not know
	Deleted    int // people who were there again
	Anonymised int
	Managers   []string // codes of organisations whose only manager was deleted since: the association has to name another
	Unread     []error  // pages that could not be followed, each with its key; they are tried again with the next start
	Returned   []string // keys of pages that were taken out of the journal and are there again: they are not followed until an operator says so
}

// Replay deletes and anonymises again whom a database that is older than the journal brought back. It is called before anybody is served, and does nothing when
// the database knows every page. It may be killed and run again.
func (s *Deletions) Replay(ctx context.Context) (Replayed, error) {
	var out Replayed
	pages, err := s.unknown(ctx, &out)
	if err != nil {
		return out, err
	}
	pages = slices.DeleteFunc(pages, func(p unknownPage) bool {
		if p.returned {
			out.Returned = append(out.Returned, DeletionPrefix+p.id.String())
		}
		return p.returned
	})
	if len(out.Returned) == 0 {
		if err := s.acts.people.db.RetireRuns(ctx, beginning(ErrPageReturned)); err != nil {
			return out, fmt.Errorf("replay deletions: %w", err)
		}
	}
	if len(pages) == 0 {
		return out, nil
	}
	for _, p := range pages {
		out.Lines += len(p.lines)
	}
	of := byTarget(pages)
	for _, n := range slices.Sorted(maps.Keys(of)) {
		var one Replayed
		if err := s.acts.people.db.Tx(ctx, func(tx *db.Tx) (err error) {
			one, err = s.replay(ctx, System(n, "deletion journal"), tx, of[n])
			return err
		}); err != nil {
			return out, fmt.Errorf("replay deletions: %w", err)
		}
		out.Deleted, out.Anonymised, out.Managers = out.Deleted+one.Deleted, out.Anonymised+one.Anonymised, append(out.Managers, one.Managers...)
	}
	err = s.acts.people.db.Tx(ctx, func(tx *db.Tx) error {
		for _, p := range pages {
			if err := tx.Upsert(ctx, sqlInsertPage, "id", "", p.id, s.acts.people.now()); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// knownPage is a page that the database knows.
type knownPage struct {
	id db.ID
	at db.Time // when its lines were kept
}

// known gives the pages that the database knows, by their keys.
func (s *Deletions) known(ctx context.Context) (map[string]knownPage, error) {
	known := map[string]knownPage{}
	err := db.Each(ctx, s.acts.people.db, sqlKnownPages, nil, func(scan func(...any) error) error {
		var p knownPage
		err := scan(&p.id, &p.at)
		known[DeletionPrefix+p.id.String()] = p
		return err
	})
	return known, err
}

// unknownPage is a page that the database does not know, or that was removed.
type unknownPage struct {
	id       db.ID
	lines    []deletionLine
	returned bool // it was removed, and lies in the journal again
}

// unknown reads the pages that the database does not know.
func (s *Deletions) unknown(ctx context.Context, out *Replayed) (pages []unknownPage, err error) {
	known, err := s.known(ctx)
	if err != nil {
		return nil, err
	}
	if pages, err = s.under(ctx, DeletionPrefix, known, out); err != nil || len(pages) == 0 {
		return nil, err
	}
	removed, err := s.removedKeys(ctx) // after the pages: one that is being taken out now is in one of the two lists
	if err != nil {
		return nil, err
	}
	ids, err := db.Values[db.ID](ctx, s.acts.people.db, sqlRemovedPages) // the store may have been put back to a day before
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		removed[RemovedPrefix+id.String()] = true
	}
	for i, p := range pages {
		pages[i].returned = removed[RemovedPrefix+p.id.String()]
	}
	return pages, nil
}

// under reads the pages under prefix that are not among known.
func (s *Deletions) under(ctx context.Context, prefix string, known map[string]knownPage, out *Replayed) (pages []unknownPage, err error) {
	for info, err := range s.objects.List(ctx, prefix) {
		if err != nil {
			return nil, fmt.Errorf("read deletion journal: %w", err)
		}
		if _, ok := known[info.Key]; ok {
			continue
		}
		page, lines, err := s.page(ctx, info.Key)
		if errors.Is(err, errPageAltered) || errors.Is(err, errPageOfOther) {
			out.Unread = append(out.Unread, fmt.Errorf("%s: %w", info.Key, err))
			continue
		}
		if fault.Is(err, fault.NotFound) {
			continue // removed since it was listed
		}
		if err != nil {
			return nil, fmt.Errorf("read deletion journal: %w", err)
		}
		pages = append(pages, unknownPage{id: page.ID, lines: lines})
	}
	return pages, nil
}

// byTarget sorts the lines of pages by organisation and by whom they are about.
func byTarget(pages []unknownPage) map[int64]map[db.Hash][]deletionLine {
	of := map[int64]map[db.Hash][]deletionLine{}
	for _, p := range pages {
		for _, l := range p.lines {
			if of[l.Tenant] == nil {
				of[l.Tenant] = map[db.Hash][]deletionLine{}
			}
			target := db.Hash(l.Target)
			of[l.Tenant][target] = append(of[l.Tenant][target], l)
		}
	}
	return of
}

// replay does in one organisation what the journal says. The rules for managers and for one's own account do not count: this was done once, by somebody who might.
func (s *Deletions) replay(ctx context.Context, tid ID, tx *db.Tx, journal map[db.Hash][]deletionLine) (out Replayed, err error) {
	ids, err := db.Values[db.ID](ctx, tx, sqlPeopleOf, tid)
	if err != nil {
		return out, err
	}
	ids = slices.DeleteFunc(ids, func(id db.ID) bool { return len(journal[s.acts.TargetHash(id)]) == 0 })
	if len(ids) == 0 {
		return out, nil
	}
	list, err := s.acts.read(ctx, tid, tx.Locking(), ids)
	if err != nil {
		return out, err
	}
	gone, hidden := map[string][]actPerson{}, map[bool][]actPerson{}
	for _, p := range list {
		lines := journal[s.acts.TargetHash(p.id)]
		if i := slices.IndexFunc(lines, func(l deletionLine) bool { return l.Kind == deletionOfPerson }); i >= 0 {
			gone[lines[i].Rule] = append(gone[lines[i].Rule], p)
		} else if p.state != PersonAnonymised {
			withdraw := lines[0].Rule == RuleWithdrawn
			hidden[withdraw] = append(hidden[withdraw], p)
		}
	}
	for rule, people := range gone {
		if err := s.acts.delete(ctx, tid, tx, people, rule); err != nil {
			return out, err
		}
		out.Deleted += len(people)
	}
	for withdraw, people := range hidden {
		if err := s.hide(ctx, tid, tx, withdraw, people); err != nil {
			return out, err
		}
		out.Anonymised += len(people)
	}
	return out, s.missManager(ctx, tid, tx, &out)
}

// missManager notes an organisation that has no manager any more.
func (s *Deletions) missManager(ctx context.Context, tid ID, tx *db.Tx, out *Replayed) error {
	managers, code := 0, ""
	if err := db.One(tx.QueryRow(ctx, sqlManagersOf, tid).Scan(&managers)); err != nil || managers > 0 {
		return err
	}
	if err := db.One(tx.QueryRow(ctx, sqlOrganisationCode, tid).Scan(&code)); err != nil {
		return err
	}
	out.Managers = append(out.Managers, code)
	return nil
}

// hide anonymises people, who have to have left for it.
func (s *Deletions) hide(ctx context.Context, tid ID, tx *db.Tx, withdraw bool, people []actPerson) error {
	var here []actPerson
	for i, p := range people {
		if p.state != PersonLeft {
			here = append(here, p)
			people[i].leftOn = db.Text(s.acts.people.today())
		}
	}
	if err := s.acts.people.place(ctx, tid, tx, placing{to: PersonLeft, on: s.acts.people.today(), people: here}); err != nil {
		return err
	}
	return s.acts.anonymise(ctx, tid, tx, ActInput{Act: ActAnonymise, Withdraw: withdraw}, people)
}
