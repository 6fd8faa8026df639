package tenant

import (
	"context"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
)

const (
	sqlActPeople = `SELECT p.id, p.name, p.state, p.left_on, p.leaves_on, p.locale, p.version, EXISTS (SELECT 1 FROM credential c
 WHERE c.tenant_id = p.tenant_id AND c.person_id = p.id) FROM person p`
	sqlChosenPeople = `SELECT p.id FROM person p LEFT JOIN credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id`
	sqlSpecialRoles = `SELECT r.person_id, r.role FROM person_role r WHERE r.tenant_id = ? AND r.role <> 'staff'`
	sqlLeavesDue    = `SELECT p.tenant_id, p.id, p.leaves_on FROM person p WHERE p.leaves_on < ? AND p.state IN ('active', 'suspended')
 AND NOT EXISTS (SELECT 1 FROM person_role r WHERE r.tenant_id = p.tenant_id AND r.person_id = p.id AND r.role = 'manager') ORDER BY p.leaves_on LIMIT 5000`

	sqlCountPosts    = `SELECT COUNT(*) FROM person_department m WHERE m.tenant_id = ?`
	condLivePost     = `(m.ends_on IS NULL OR m.ends_on >= ?)`
	condEndedByLeave = `EXISTS (SELECT 1 FROM person p WHERE p.tenant_id = m.tenant_id AND p.id = m.person_id AND p.state = 'left'
 AND (m.ends_on = p.left_on OR m.ends_on = m.starts_on AND m.starts_on > p.left_on))`
	sqlCountValuesOf  = `SELECT COUNT(*) FROM person_value v WHERE v.tenant_id = ?`
	sqlCountWaiting   = `SELECT COUNT(*) FROM mail_message m WHERE m.tenant_id = ?`
	sqlCountActed     = `SELECT COUNT(*) FROM audit_event WHERE tenant_id = ?`
	sqlPlacePeople    = `UPDATE person SET state = ?, left_on = ?, leaves_on = NULL, updated_at = ?, version = version + 1 WHERE tenant_id = ?`
	sqlLeaveLater     = `UPDATE person SET leaves_on = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ?`
	sqlDropRoles      = `DELETE FROM person_role WHERE tenant_id = ?`
	sqlEndLivePosts   = `UPDATE person_department SET ends_on = ? WHERE tenant_id = ?`
	sqlEndYoungPosts  = `UPDATE person_department SET ends_on = starts_on WHERE tenant_id = ?`
	sqlDropLaterPosts = `DELETE FROM person_department WHERE tenant_id = ?`
	sqlReopenPosts    = `UPDATE person_department SET ends_on = NULL WHERE tenant_id = ?`
	condReopen        = `EXISTS (SELECT 1 FROM person p WHERE p.tenant_id = person_department.tenant_id AND p.id = person_department.person_id AND p.state = 'left'
 AND (person_department.ends_on = p.left_on OR person_department.ends_on = person_department.starts_on AND person_department.starts_on > p.left_on))`
	condOpenPart = `department_id IN (SELECT d.id FROM department d WHERE d.tenant_id = ? AND d.closed_on IS NULL)`

	sqlAnonymisePeople = `INSERT INTO person (tenant_id, id, login_id, login_key, name, name_kana, sort_name, search_text, email, employee_number, employment_kind,
 state, joined_on, left_on, leaves_on, locale, import_id, created_at, updated_at, version) VALUES`
	rowAnonymisePeople     = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	columnsAnonymisePeople = `login_id, login_key, name, name_kana, sort_name, search_text, email, employee_number, state, joined_on, leaves_on, import_id, updated_at, version`
	sqlBlankMails          = `UPDATE mail_message SET to_address = '', to_name = '', subject = '', body_text = '', last_error = '' WHERE tenant_id = ?`
	sqlHushHandovers       = `UPDATE handover SET note = '', answer = '' WHERE tenant_id = ?`
	sqlNamelessNotes       = `UPDATE incident_note SET author_name = '' WHERE tenant_id = ?`
	sqlFindWrongLogins     = `SELECT id, problems FROM password_file WHERE tenant_id = ? AND wrong > 0 AND problems LIKE '%login_id%'` // as PasswordProblem is written
	sqlForgetWrongLogins   = `UPDATE password_file SET problems = ? WHERE tenant_id = ? AND id = ?`
	sqlForgetPersonOrders  = `UPDATE person_import SET actor = JSON_SET(actor, '$.name', '', '$.source', '', '$.request_id', '') WHERE tenant_id = ?`
	sqlForgetBankOrders    = `UPDATE question_import SET actor = JSON_SET(actor, '$.name', '', '$.source', '', '$.request_id', '') WHERE tenant_id = ?`
	sqlForgetMoodleOrders  = `UPDATE moodle_import SET actor = JSON_SET(actor, '$.name', '', '$.source', '', '$.request_id', '') WHERE tenant_id = ?`
	sqlForgetCopyOrders    = `UPDATE course_copy SET actor = JSON_SET(actor, '$.name', '', '$.source', '', '$.request_id', '') WHERE tenant_id = ?`
	orderedBy              = `SUBSTR(actor, INSTR(actor, '"person":"') + 10, 36)` // as storedActor is written
	sqlDropWaiting         = `UPDATE mail_message SET state = 'dropped' WHERE tenant_id = ?`
	sqlInsertDeletion      = `INSERT INTO deletion (tenant_id, id, kind, target_hash, rule, counts, deleted_at) VALUES`
	rowInsertDeletion      = `(?, ?, ?, ?, ?, ?, ?)`

	sqlDropCredentials   = `DELETE FROM credential WHERE tenant_id = ?`
	sqlDropLogInChecks   = `DELETE FROM login_check WHERE tenant_id = ?`
	sqlDropFactors       = `DELETE FROM second_factor WHERE tenant_id = ?`
	sqlDropRecoveryCodes = `DELETE FROM recovery_code WHERE tenant_id = ?`
	sqlDropPasskeys      = `DELETE FROM passkey WHERE tenant_id = ?`
	sqlDropDevices       = `DELETE FROM session_device WHERE tenant_id = ?`
	sqlDropSlips         = `DELETE FROM slip_batch_person WHERE tenant_id = ?`
	sqlDropStaged        = `DELETE FROM password_stage WHERE tenant_id = ?`
	sqlDropNamings       = `DELETE FROM incident_person WHERE tenant_id = ?`
	sqlDropViewDefaults  = `DELETE FROM saved_view_default WHERE tenant_id = ?`
	sqlDropNotes         = `DELETE FROM note WHERE tenant_id = ?`
	sqlDropViews         = `DELETE FROM saved_view WHERE tenant_id = ?`
	sqlDropImportParts   = `DELETE FROM person_import_part WHERE tenant_id = ?`
	sqlDropImportRows    = `DELETE FROM person_import_row WHERE tenant_id = ?`
	sqlDropAllPosts      = `DELETE FROM person_department WHERE tenant_id = ?`
	sqlDropAllValues     = `DELETE FROM person_value WHERE tenant_id = ?`
	sqlDropMails         = `DELETE FROM mail_message WHERE tenant_id = ?`
	sqlBreakIdentities   = `DELETE FROM identity_member WHERE tenant_id = ?`
	sqlDropHandovers     = `DELETE FROM handover WHERE tenant_id = ?`
	sqlDropPeople        = `DELETE FROM person WHERE tenant_id = ?`
)

// ownedTable is a table of this room with rows about one person each, in column person_id unless another is named.
type ownedTable struct {
	name, delete, column string
	identity             bool // goes when a person is anonymised as well: it says who they are, or lets them in
}

// personTables lists what a person has in this room, children first. A table that is missing here fails TestDeletingAPersonLeavesNothing.
var personTables = []ownedTable{
	{"password_stage", sqlDropStaged, "person_id", true},
	{"slip_batch_person", sqlDropSlips, "person_id", true},
	{"login_check", sqlDropLogInChecks, "person_id", true},
	{"passkey", sqlDropPasskeys, "person_id", true},
	{"recovery_code", sqlDropRecoveryCodes, "person_id", true},
	{"second_factor", sqlDropFactors, "person_id", true},
	{"session_device", sqlDropDevices, "person_id", true},
	{"credential", sqlDropCredentials, "person_id", true},
	{"person_value", sqlDropAllValues, "person_id", true},
	{"person_import_part", sqlDropImportParts, "person_id", true},
	{"person_import_row", sqlDropImportRows, "person_id", true},
	{"note", sqlDropNotes, "person_id", true}, // private: nobody else may read what is left
	{"saved_view_default", sqlDropViewDefaults, "person_id", false},
	{"saved_view", sqlDropViews, "person_id", false},
	{"person_role", sqlDropRoles, "person_id", true},
	{"incident_person", sqlDropNamings, "person_id", false},
	{"mail_message", sqlDropMails, "person_id", false},
	{"identity_member", sqlBreakIdentities, "person_id", true},
	{"handover", sqlDropHandovers, "to_person", false},
	{"handover", sqlDropHandovers, "from_person", false},
	{"person_department", sqlDropAllPosts, "person_id", false},
	{"person", sqlDropPeople, "id", false},
}

// namedAsActor lists where somebody is named for what they did to things that are not about them: the things stay, the name goes with who it was. Who ordered a
// job stays by id, so that one under way is not taken for the system's own.
var namedAsActor = []struct{ name, forget, column string }{
	{"person_import", sqlForgetPersonOrders, orderedBy},
	{"question_import", sqlForgetBankOrders, orderedBy},
	{"moodle_import", sqlForgetMoodleOrders, orderedBy},
	{"course_copy", sqlForgetCopyOrders, orderedBy},
	{"incident_note", sqlNamelessNotes, "author_id"},
}

// forgetWrongLogins takes the login IDs out of what was wrong in files of passwords: one with a slip of the pen does not say whose it is. Which rows were wrong,
// and why, stays; the manager finds them by their number.
func forgetWrongLogins(ctx context.Context, tid ID, tx *db.Tx) error {
	var files [][]any
	err := db.Each(ctx, tx, sqlFindWrongLogins, []any{tid}, func(scan func(...any) error) error {
		var id db.ID
		var problems db.JSON[[]PasswordProblem]
		err := scan(&id, &problems)
		for i := range problems.V {
			problems.V[i].LoginID = ""
		}
		files = append(files, []any{problems, tid, id})
		return err
	})
	for _, file := range files {
		if err == nil {
			_, err = tx.Exec(ctx, sqlForgetWrongLogins, file...)
		}
	}
	if err != nil {
		return fmt.Errorf("take login IDs off password_file: %w", err)
	}
	return nil
}

// forgetActor takes people's names off what they did, and login IDs out of files of passwords.
func forgetActor(ctx context.Context, tid ID, tx *db.Tx, ids []db.ID) error {
	if err := forgetWrongLogins(ctx, tid, tx); err != nil {
		return err
	}
	for _, t := range namedAsActor {
		for part := range slices.Chunk(ids, actChunk) {
			values := db.Args(part)
			if t.column == orderedBy {
				for i, id := range part {
					values[i] = id.String()
				}
			}
			cond := db.Also(t.column, values)
			if _, err := tx.Exec(ctx, t.forget+cond.More(), append([]any{tid}, cond.Args()...)...); err != nil {
				return fmt.Errorf("take names off %s: %w", t.name, err)
			}
		}
	}
	return nil
}

// actPerson is what an act needs to know of somebody.
type actPerson struct {
	id       db.ID
	name     string
	state    PersonState
	leftOn   db.Text
	leavesOn db.Text
	locale   string
	version  int64
	logsIn   bool // has a credential
}

// chosen reads whom an act is about, by id; a locking r keeps them as they are. One id that is nobody here is fault.NotFound.
func (s *PeopleActs) chosen(ctx context.Context, tid ID, r db.Runner, c Chosen) ([]actPerson, error) {
	ids := slices.Clone(c.IDs)
	if c.Filter != nil {
		cond, err := s.people.filter(tid, *c.Filter)
		if err != nil {
			return nil, err
		}
		ids = nil
		if err := db.Each(ctx, r, sqlChosenPeople+cond.SQL()+" LIMIT ?", cond.Args(MaxChosen+1), func(scan func(...any) error) error {
			var id db.ID
			err := scan(&id)
			ids = append(ids, id)
			return err
		}); err != nil {
			return nil, err
		}
		if len(ids) > MaxChosen {
			return nil, fault.New(fault.Conflict, "selection_too_large", "max", MaxChosen)
		}
	}
	slices.SortFunc(ids, compareID) // always in one order, so that two acts do not wait for each other
	ids = slices.Compact(ids)
	list, err := s.read(ctx, tid, r, ids)
	if err == nil && len(list) != len(ids) && c.Filter == nil {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	return list, err
}

func (s *PeopleActs) read(ctx context.Context, tid ID, r db.Runner, ids []db.ID) ([]actPerson, error) {
	list := make([]actPerson, 0, len(ids))
	for part := range slices.Chunk(ids, actChunk) {
		cond := db.Where("p.tenant_id = ?", tid).In("p.id", db.Args(part))
		err := db.Each(ctx, r, sqlActPeople+cond.SQL()+" ORDER BY p.id", cond.Args(), func(scan func(...any) error) error {
			var p actPerson
			err := scan(&p.id, &p.name, &p.state, &p.leftOn, &p.leavesOn, &p.locale, &p.version, &p.logsIn)
			list = append(list, p)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// actChunk is how many people one statement of an act is about.
const actChunk = 1000

// count sums one figure over people; query ends in WHERE tenant_id = ?.
func count(ctx context.Context, tid ID, r db.Runner, people []db.ID, query, column string, more func(*db.Cond)) (int, error) {
	total := 0
	for part := range slices.Chunk(people, actChunk) {
		cond := db.Also(column, db.Args(part))
		if more != nil {
			more(cond)
		}
		n := 0
		if err := db.One(r.QueryRow(ctx, query+cond.More(), append([]any{tid}, cond.Args()...)...).Scan(&n)); err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// forEach runs a statement that ends in WHERE tenant_id = ?, narrowed to people, in parts; first are the values before the tenant. It gives how many rows it
// touched.
func forEach(ctx context.Context, tid ID, tx *db.Tx, people []db.ID, statement, column string, first []any, more func(*db.Cond)) (int, error) {
	total := 0
	for part := range slices.Chunk(people, actChunk) {
		cond := db.Also(column, db.Args(part))
		if more != nil {
			more(cond)
		}
		res, err := tx.Exec(ctx, statement+cond.More(), append(append(slices.Clone(first), tid), cond.Args()...)...)
		if err != nil {
			return 0, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return 0, err
		}
		total += int(n)
	}
	return total, nil
}

func idsOfActs(list []actPerson) []db.ID {
	ids := make([]db.ID, 0, len(list))
	for _, p := range list {
		ids = append(ids, p.id)
	}
	return ids
}
