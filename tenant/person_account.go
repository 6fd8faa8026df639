package tenant

import (
	"context"
	"fmt"

	"kenshu/fault"
	"kenshu/storage/db"
)

const (
	sqlPersonSource = `SELECT p.state, p.created_at, p.import_id, i.file_name, i.origin, i.actor FROM person p
 LEFT JOIN person_import i ON i.tenant_id = p.tenant_id AND i.id = p.import_id WHERE p.tenant_id = ? AND p.id = ?`
	sqlPersonMaker = `SELECT e.actor_kind, e.actor_name FROM audit_event e WHERE e.tenant_id = ? AND e.subject_id = ? AND e.action = 'person.create' ORDER BY e.id LIMIT 1`
)

// SourceKind is how an account came about.
type SourceKind string

// The ways in which an account comes about.
const (
	SourceForm    SourceKind = "form"    // somebody registered the person on the page
	SourceFile    SourceKind = "file"    // somebody read a file in
	SourceProgram SourceKind = "program" // a program sent a file with an API token
	SourceSetup   SourceKind = "setup"   // a command made it when the installation was set up
	SourceUnknown SourceKind = "unknown" // nothing is written down, or it was removed when the person was anonymised
)

// PersonSource is where an account came from.
type PersonSource struct {
	Kind     SourceKind
	At       db.Time // when the account was made
	By       string  // name of who made it; of a program, of its token. Empty when nothing is written down
	Import   db.ID   // of SourceFile and SourceProgram
	FileName string  // likewise
}

// PersonAccount is what the manager sees of an account beside the person: where it came from, and where it is in use.
type PersonAccount struct {
	Source  PersonSource
	Devices []Device // sessions that are alive, the latest used first
	Factors []string // second factors that log-in asks for: passkey, totp; none: the password is enough
}

// Account tells where a person's account came from and where it is logged in. It returns fault.NotFound.
func (s *People) Account(ctx context.Context, tid ID, person db.ID) (PersonAccount, error) {
	source, err := s.source(ctx, tid, person)
	if err != nil {
		return PersonAccount{}, fmt.Errorf("source of account: %w", err)
	}
	devices, err := s.sessions.Devices(ctx, tid, []db.ID{person})
	if err != nil {
		return PersonAccount{}, err
	}
	kinds, err := readFactorKinds(ctx, tid, s.db, person)
	return PersonAccount{Source: source, Devices: devices[person], Factors: kinds.names()}, err
}

func (s *People) source(ctx context.Context, tid ID, person db.ID) (PersonSource, error) {
	var out PersonSource
	var name, origin db.Text
	var actor db.JSON[storedActor]
	var state PersonState
	err := db.One(s.db.QueryRow(ctx, sqlPersonSource, tid, person).Scan(&state, &out.At, &out.Import, &name, &origin, &actor))
	if err != nil {
		return PersonSource{}, err
	}
	if !out.Import.IsZero() {
		out.Kind, out.FileName, out.By = SourceFile, string(name), actor.V.Name
		if origin != OriginPage {
			out.Kind = SourceProgram
		}
		return out, nil
	}
	out.Kind = SourceUnknown
	if state == PersonAnonymised { // their import was forgotten with who they were
		return out, nil
	}
	var kind string
	switch err := db.One(s.db.QueryRow(ctx, sqlPersonMaker, tid, person).Scan(&kind, &out.By)); {
	case fault.Is(err, fault.NotFound):
	case err != nil:
		return PersonSource{}, err
	case kind == "person":
		out.Kind = SourceForm
	default:
		out.Kind = SourceSetup
	}
	return out, nil
}

// EndDevice ends one session of a person. It returns fault.NotFound for a session that is not theirs or is over, and fault.Forbidden "manager_only" when it is the
// manager's and a deputy asks.
func (s *People) EndDevice(ctx context.Context, tid ID, person, id db.ID) error {
	p, err := s.Find(ctx, tid, person)
	if err != nil {
		return err
	}
	if err := mayChange(ctx, p); err != nil {
		return err
	}
	return s.sessions.endDevices(ctx, tid, s.audit, person, func(r deviceRow) bool { return r.ID == id }, true)
}
