package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/rig/servers"
	"kenshu/server/app"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// newApp builds a whole installation without starting its servers, in a world of two look-alike organisations.
func newApp(t *testing.T, env ...string) (*app.App, kit.World) {
	t.Helper()
	cfg, err := app.ReadConfig(append([]string{"KENSHU_DATA=" + t.TempDir()}, env...))
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), cfg, app.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return a, kit.NewWorld(t, a.DB)
}

// dataMethod is an exported method of a service whose second parameter is a tenant.ID.
type dataMethod struct {
	name   string
	method reflect.Value
}

func dataMethods(services any) []dataMethod {
	var out []dataMethod
	tid := reflect.TypeFor[tenant.ID]()
	v := reflect.ValueOf(services)
	for i := range v.NumField() {
		service := v.Field(i)
		if service.Kind() != reflect.Pointer || service.IsNil() {
			continue
		}
		for j := range service.NumMethod() {
			m := service.Method(j)
			if m.Type().NumIn() >= 2 && m.Type().In(1) == tid {
				out = append(out, dataMethod{v.Type().Field(i).Name + "." + service.Type().Method(j).Name, m})
			}
		}
	}
	return out
}

// Every data method is called as organisation B with every id of organisation A. Nothing of A may come out, nothing of A may change.
// The methods are found by reflection, so a new one cannot be forgotten.
func TestNoDataMethodCrossesTenants(t *testing.T) {
	for name, env := range map[string]func() []string{
		"sqlite":  func() []string { return nil },
		"mariadb": func() []string { return []string{"KENSHU_DB=" + servers.MariaDB(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			a, world := newApp(t, env()...)
			victim := kit.Fill(t, a.DB, world.A, "CANARY-A")
			kit.Fill(t, a.DB, world.B, "MARK-B")
			before := kit.Snapshot(t, a.DB, world.A.ID)
			for table, rows := range before {
				if rows == "" {
					t.Fatalf("the fixture has no row in %s", table)
				}
			}
			for _, m := range dataMethods(a.Services) {
				for table, id := range victim.IDs {
					out := call(t, a.DB, m, caller{tid: world.B.ID, person: world.B.Manager, id: id, foreign: world.A.ID.Number(), q: victim.Mark})
					if strings.Contains(out.text, victim.Mark) || strings.Contains(out.text, strings.ToLower(victim.Mark)) {
						t.Errorf("%s as B with A's %s gave A's data: %.300s", m.name, table, out.text)
					}
				}
				after := kit.Snapshot(t, a.DB, world.A.ID)
				for table := range after {
					if after[table] != before[table] {
						t.Errorf("%s as B changed A's %s\nbefore %s\nafter  %s", m.name, table, before[table], after[table])
					}
				}
				before = after
			}
		})
	}
}

// fruitless lists the data methods that refuse every id of the fixture even for its owner, and why; for all others the suite
// above would prove nothing if they did.
var fruitless = map[string]string{
	"Slips.Take":             "only for who asked for the batch; tenant.TestSlipBatches stands for it",
	"Slips.End":              "only for who asked for the batch; tenant.TestSlipBatches stands for it",
	"Catalogues.Take":        "only a course of the association is taken; content.TestTakingVersions calls it with each",
	"Courses.AddComment":     "a lesson and the comment that is answered are different ids; content.TestComments calls it with each",
	"Learning.FindOwn":       ownIDs,
	"Learning.OpenLesson":    ownIDs,
	"Learning.StartAttempt":  ownIDs,
	"Learning.SaveAnswer":    ownIDs,
	"Learning.SubmitAttempt": ownIDs,
	"Learning.FindAttempt":   ownIDs,
	"Learning.StartLaunch":   ownIDs,
	"Learning.SavePackage":   ownIDs,
	"Learning.AnswerSurvey":  ownIDs,
	"Learning.SignPledge":    ownIDs,
	"Learning.SaveNote":      "a person and their enrolment or lesson are different ids; lms.TestNotesAreTheirOwners calls it with each",
	"Surveys.Find":           surveyIDs,
	"Surveys.Summary":        surveyIDs,
	"Surveys.Write":          surveyIDs,
	"Certificates.FindOwn":   ownIDs,
	"Reminders.Notices":      "a round and a department are different ids; lms.TestRemindersOfOthers calls it with each",
	"Identities.Separate":    "a person and the identity they belong to are different ids; tenant.TestJoinedAccounts calls it with each",
	"Credentials.EndDevice":  "a session of a person is not their id; tenant.TestDevices calls it with each",
	"People.EndDevice":       "a person and their session are different ids; tenant.TestManagerEndsADevice calls it with each",
	"Factors.RenamePasskey":  "a passkey and its person are different ids; tenant.TestPasskey calls it with each",
	"Security.SetMinimum":    "only the association may; tenant.TestRequiredFactor calls it as the association",
	"Handovers.Accept":       handoverIDs,
	"Handovers.Decline":      handoverIDs,
	"Handovers.Dismiss":      "the fixture's offer is open; tenant.TestHandoverNews dismisses one that was declined",
	"Handovers.HandedOver":   "the fixture's offer is open; tenant.TestHandover asks for the one that was accepted",
	"Rounds.RemoveRule":      roundIDs,
	"Rounds.RestoreRule":     roundIDs,
	"Rounds.Reinstate":       roundIDs,
	"Rounds.SetAside":        roundIDs,
	"Operations.Retry":       "background work is nobody's and must have been given up; tenant.TestOperations calls it",
	"SavedViews.Delete":      viewIDs,
	"SavedViews.SetDefault":  viewIDs,
}

const viewIDs = "a person and a view are different ids; lms.TestSavedViewsAreTheirOwners calls it with each"

const roundIDs = "a round and its rule or enrolment are different ids; lms.TestRoundsOfOthers calls it with each"

const handoverIDs = "a person and the offer to them are different ids; tenant.TestHandover and TestHandoverRefusals call it with each"

const surveyIDs = "a round and its lesson are different ids; lms.TestSurveysOfOthers calls it with each"

const ownIDs = "a person and their enrolment, lesson or attempt are different ids; lms.TestLearningIsolation calls it with each"

func TestDataMethodsWorkForTheirOwner(t *testing.T) {
	a, _ := newApp(t)
	for i, m := range dataMethods(a.Services) {
		reached := false
		own := kit.Fill(t, a.DB, kit.NewOrg(t, a.DB, fmt.Sprintf("OWNER-%d", i), "organisation", 1), "OWNER")
		for _, table := range slices.Sorted(maps.Keys(own.IDs)) {
			out := call(t, a.DB, m, caller{tid: own.ID, person: own.IDs["person"], id: own.IDs[table], foreign: own.ID.Number(), q: own.Mark})
			reached = reached || out.err == nil || !fault.Is(out.err, fault.NotFound)
		}
		if _, known := fruitless[m.name]; !reached && !known {
			t.Errorf("%s answers NotFound to its owner for every id of the fixture: the isolation suite proves nothing about it", m.name)
		}
	}
}

type caller struct {
	tid     tenant.ID
	person  db.ID
	id      db.ID
	foreign int64
	q       string
	reads   db.Runner // for a method that reads in somebody else's transaction
}

type outcome struct {
	text string
	err  error
}

var errRollback = errors.New("rolled back by the suite")

func call(t *testing.T, d *db.DB, m dataMethod, c caller) (out outcome) {
	t.Helper()
	ctx := tenant.WithActor(context.Background(), tenant.Actor{Kind: "person", Tenant: c.tid, Person: c.person, Name: "probe", Role: "manager"})
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s panicked: %v", m.name, r)
		}
	}()
	var written bytes.Buffer
	c.reads = d
	invoke := func(tx *db.Tx) {
		args := []reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(c.tid)}
		for i := 2; i < m.method.Type().NumIn(); i++ {
			args = append(args, make1(m.method.Type().In(i), c, "", tx, &written, 0))
		}
		results := m.method.Call
		if m.method.Type().IsVariadic() {
			results = m.method.CallSlice
		}
		for _, r := range results(args) {
			if err, ok := r.Interface().(error); ok {
				out.err = err
				out.text += fmt.Sprintf("%v %+v ", err, faultText(err))
				continue
			}
			b, err := json.Marshal(r.Interface())
			if err != nil {
				b = nil
			}
			out.text += fmt.Sprintf("%s %+v ", b, r.Interface())
			if rc, ok := r.Interface().(io.ReadCloser); ok && rc != nil {
				content, _ := io.ReadAll(rc)
				_ = rc.Close()
				out.text += string(content)
			}
		}
	}
	if takesTx(m.method.Type()) {
		_ = d.Tx(ctx, func(tx *db.Tx) error {
			out = outcome{}
			invoke(tx)
			if strings.Contains(m.name, "Enqueue") {
				return errRollback
			}
			return out.err
		})
	} else {
		invoke(nil)
	}
	out.text += written.String()
	return out
}

func faultText(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return fmt.Sprintf("%v %v", f.Args, f.Fields)
	}
	return ""
}

func takesTx(t reflect.Type) bool {
	for i := range t.NumIn() {
		if t.In(i) == reflect.TypeFor[*db.Tx]() {
			return true
		}
	}
	return false
}

// make1 makes an argument: every id is the foreign id, every number the foreign tenant's, every search text the foreign mark.
func make1(t reflect.Type, c caller, field string, tx *db.Tx, w io.Writer, depth int) reflect.Value {
	switch t {
	case reflect.TypeFor[db.ID]():
		return reflect.ValueOf(c.id)
	case reflect.TypeFor[tenant.ID]():
		return reflect.ValueOf(c.tid)
	case reflect.TypeFor[*db.Tx]():
		return reflect.ValueOf(tx)
	case reflect.TypeFor[db.Runner]():
		return reflect.ValueOf(&c.reads).Elem()
	case reflect.TypeFor[time.Time]():
		return reflect.ValueOf(time.Now())
	case reflect.TypeFor[db.Time]():
		return reflect.ValueOf(db.At(time.Now()))
	case reflect.TypeFor[db.Page]():
		return reflect.ValueOf(db.Page{Limit: 100})
	case reflect.TypeFor[json.RawMessage]():
		return reflect.ValueOf(json.RawMessage(`["a"]`))
	case reflect.TypeFor[io.Writer]():
		return reflect.ValueOf(&w).Elem()
	case reflect.TypeFor[io.Reader]():
		var r io.Reader = strings.NewReader("name\nprobe\n")
		return reflect.ValueOf(&r).Elem()
	case reflect.TypeFor[tenant.Principal]():
		return reflect.ValueOf(tenant.Principal{Tenant: c.tid, Person: c.person, Name: "probe", Roles: []tenant.Role{tenant.RoleManager}})
	}
	v := reflect.New(t).Elem()
	if depth > 4 {
		return v
	}
	switch t.Kind() {
	case reflect.String:
		switch strings.ToLower(field) {
		case "q", "search", "query", "text":
			v.SetString(c.q)
		case "":
			v.SetString(c.id.String())
		case "after", "cursor", "state", "status", "action", "kind":
		default:
			v.SetString("probe")
		}
	case reflect.Int64:
		v.SetInt(c.foreign)
	case reflect.Int, reflect.Int32:
		v.SetInt(1)
	case reflect.Slice:
		v = reflect.MakeSlice(t, 0, 1)
		v = reflect.Append(v, make1(t.Elem(), c, field, tx, w, depth+1))
	case reflect.Map:
		v = reflect.MakeMap(t)
		v.SetMapIndex(make1(t.Key(), c, field, tx, w, depth+1), make1(t.Elem(), c, "q", tx, w, depth+1))
	case reflect.Pointer:
		v = reflect.New(t.Elem())
		v.Elem().Set(make1(t.Elem(), c, field, tx, w, depth+1))
	case reflect.Func:
		v = reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value {
			for _, a := range args {
				_, _ = fmt.Fprintf(w, "%+v ", a.Interface())
			}
			out := make([]reflect.Value, t.NumOut())
			for i := range out {
				out[i] = reflect.Zero(t.Out(i))
			}
			return out
		})
	case reflect.Struct:
		for i := range t.NumField() {
			if t.Field(i).IsExported() {
				v.Field(i).Set(make1(t.Field(i).Type, c, t.Field(i).Name, tx, w, depth+1))
			}
		}
	}
	return v
}
