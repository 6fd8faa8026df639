package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"embed"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kenshu/content"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The demonstration: one association, two organisations, every role, and a real short course. It is made by the same services that
// people use, once, in demo mode only. The course and its files are our own.
//
//go:embed demo
var demoFiles embed.FS

// DemoLogin is one log-in of the demonstration, as printed and as written to demo.json.
type DemoLogin struct {
	Role             string `json:"role"`
	Organisation     string `json:"organisation"`
	OrganisationCode string `json:"organisation_code"`
	Name             string `json:"name"`
	LoginID          string `json:"login_id"`
	Password         string `json:"password,omitempty"`
}

const demoSetting = "demonstration"

type demonstration struct {
	*services
	app     *App
	now     time.Time // the demonstration's own clock: its past is made in the past
	course  demoCourse
	promise demoCourse                  // what comes after it
	right   map[string]content.Question // what is right, for the learners of the demonstration
	opined  int                         // how many of them answered the survey
	logins  []DemoLogin
	gone    map[int]bool // which of them log in no more: deleted, on leave, left
}

// demo makes the demonstration when it is not there yet, and gives its log-ins, which every start puts back: whoever tried it before may have chosen other
// passwords or lost a second factor. Replicas that start at once take turns.
func (a *App) demo(ctx context.Context) ([]DemoLogin, error) {
	d := &demonstration{app: a, now: a.Clock().AddDate(0, 0, -21)}
	var err error
	if d.services, err = a.services(func() time.Time { return d.now }); err != nil {
		return nil, err
	}
	ctx = tenant.WithActor(ctx, tenant.Actor{Kind: "command", Name: "demonstration", Role: "command"})
	err = a.DB.Exclusive(ctx, "demo", func() error {
		association, _, err := d.Organisations.EnsureAssociation(ctx, "みどり情報保護協会", "")
		if err != nil {
			return err
		}
		done, err := d.Settings.Find(ctx, association, demoSetting, &d.logins)
		if err != nil {
			return err
		}
		if done {
			return d.restore(ctx)
		}
		if err := d.make(ctx, association); err != nil {
			return err
		}
		return d.Settings.Set(ctx, association, demoSetting, d.logins)
	})
	if err != nil {
		return nil, fmt.Errorf("demonstration: %w", err)
	}
	for i, l := range d.logins {
		if !d.gone[i] {
			d.logins[i].Password = d.password(l.OrganisationCode, l.LoginID)
		}
	}
	return d.logins, d.write(a.Config.path("demo.json"))
}

// restore sees that each log-in works as it is printed, on whatever day the demonstration is started again.
func (d *demonstration) restore(ctx context.Context) error {
	d.now, d.gone = d.app.Clock(), map[int]bool{}
	for i, l := range d.logins {
		there, err := d.Credentials.Restore(ctx, l.OrganisationCode, l.LoginID, d.password(l.OrganisationCode, l.LoginID))
		if err != nil {
			return fmt.Errorf("log-in of %s: %w", l.Role, err)
		}
		d.gone[i] = !there
	}
	return nil
}

// write leaves the log-ins where scripts find them, for this user only.
func (d *demonstration) write(path string) error {
	text, err := json.MarshalIndent(d.logins, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write log-ins of the demonstration: %w", err)
	}
	return nil
}

// password is derived from the installation's secret, so that every replica prints the same and no two installations share one.
func (d *demonstration) password(code, login string) string {
	mac := hmac.New(sha256.New, d.app.key("demonstration log-ins"))
	mac.Write([]byte(code + "/" + login))
	s := strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil)))
	return strings.Join([]string{s[0:4], s[4:8], s[8:12], s[12:16]}, "-")
}

// make does everything once. Nothing of it is half there when it fails: the next start finds no demonstration and an association
// without people, and begins again with new organisations.
func (d *demonstration) make(ctx context.Context, association tenant.ID) error {
	d.right = map[string]content.Question{}
	for name, course := range map[string]*demoCourse{"course": &d.course, "promise": &d.promise} {
		if err := d.readCourse(name, course); err != nil {
			return err
		}
	}
	operator, err := d.operator(ctx, "operator", "運営 みどり", tenant.RoleOperator, tenant.RoleOfficer)
	if err != nil {
		return err
	}
	editor, err := d.operator(ctx, "association_editor", "教材 あおい", tenant.RoleAssociationEditor)
	if err != nil {
		return err
	}
	courses, err := d.catalogue(acting(ctx, editor, tenant.RoleAssociationEditor), association)
	if err != nil {
		return err
	}
	ctx = acting(ctx, operator, tenant.RoleOperator)
	if err := d.careOffice(ctx, association, courses); err != nil {
		return fmt.Errorf("care office: %w", err)
	}
	if err := d.nursery(ctx, association); err != nil {
		return fmt.Errorf("nursery: %w", err)
	}
	return nil
}

// catalogue is what the association offers: a course, what comes after it, and what its editor has in hand.
func (d *demonstration) catalogue(ctx context.Context, association tenant.ID) (courses demoCourses, err error) {
	if courses.basics, err = d.publish(ctx, association, d.course); err != nil {
		return courses, fmt.Errorf("course: %w", err)
	}
	if courses.promise, err = d.publish(ctx, association, d.promise, courses.basics); err != nil {
		return courses, fmt.Errorf("course that comes after: %w", err)
	}
	if err := d.editing(ctx, association); err != nil {
		return courses, fmt.Errorf("editing: %w", err)
	}
	return courses, nil
}

func acting(ctx context.Context, p tenant.Principal, role tenant.Role) context.Context {
	return tenant.WithActor(ctx, tenant.Actor{Kind: "person", Tenant: p.Tenant, Person: p.Person, Name: p.Name, Role: string(role)})
}

// operator registers somebody of the association and replaces their one-time password.
func (d *demonstration) operator(ctx context.Context, role, name string, roles ...tenant.Role) (tenant.Principal, error) {
	in, err := d.Organisations.CreateOperator(ctx, tenant.OperatorInput{Association: "みどり情報保護協会", Name: name, Roles: roles})
	if err != nil {
		return tenant.Principal{}, err
	}
	return d.settle(ctx, role, in.Code, in.LoginID, in.OneTime.Password)
}

// settle replaces the one-time password and offers the account as that role's log-in of the demonstration.
func (d *demonstration) settle(ctx context.Context, role, code, login, oneTime string) (tenant.Principal, error) {
	p, err := d.begin(ctx, code, login, oneTime)
	if err != nil {
		return p, fmt.Errorf("%s begins: %w", role, err)
	}
	d.logins = append(d.logins, DemoLogin{Role: role, Organisation: p.OrganisationName, OrganisationCode: code, Name: p.Name, LoginID: login})
	return p, nil
}

// begin logs in with the one-time password and chooses the demonstration's own, as a person would.
func (d *demonstration) begin(ctx context.Context, code, login, oneTime string) (tenant.Principal, error) {
	in, err := d.Credentials.Login(ctx, tenant.LoginAttempt{Code: code, LoginID: login, Password: oneTime, Source: "127.0.0.1"})
	if err != nil {
		return tenant.Principal{}, err
	}
	p := in.Principal
	if _, p, err = d.Credentials.ChangePassword(ctx, p.Tenant, p.Person, tenant.PasswordChange{New: d.password(code, login)}); err != nil {
		return p, err
	}
	return p, d.Sessions.End(ctx, p)
}

// PrintDemo tells where to go and how to log in.
func printDemo(w io.Writer, url, path string, logins []DemoLogin) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n  Kenshu 研修 — demonstration / デモ\n\n  %s\n\n", url)
	fmt.Fprintf(&b, "  %-20s %-12s %-16s %-21s %s\n", "role", "code", "login ID", "password", "")
	for _, l := range logins {
		if l.Password == "" {
			l.Password = "(gone / 使えません)"
		}
		fmt.Fprintf(&b, "  %-20s %-12s %-16s %-21s %s（%s）\n", l.Role, l.OrganisationCode, l.LoginID, l.Password, l.Name, l.Organisation)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	fmt.Fprintf(&b, "\n  Every start puts these passwords back. / 起動するたびに、このパスワードに戻ります。\n  also in %s\n\n", abs)
	_, err = io.WriteString(w, b.String())
	return err
}

// id names a thing of the demonstration.
func demoID(parts ...string) db.ID { return db.IDFrom(append([]string{"demonstration"}, parts...)...) }
