package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// eachFile reads every Go file of the product that is no test.
func eachFile(t *testing.T, read func(file string, parsed *ast.File, source string)) {
	t.Helper()
	for _, room := range []string{"fault", "storage", "tenant", "content", "lms", "server", "frontend", "migrations"} {
		err := filepath.WalkDir("../../"+room, func(at string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (strings.HasSuffix(at, "test") || d.Name() == "node_modules") { // blobtest, cachetest: suites for tests
				return fs.SkipDir
			}
			if d.IsDir() || !strings.HasSuffix(at, ".go") || strings.HasSuffix(at, "_test.go") {
				return nil
			}
			source, err := os.ReadFile(at)
			if err != nil {
				return err
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), at, source, parser.SkipObjectResolution)
			if err == nil {
				read(strings.TrimPrefix(at, "../../"), parsed, string(source))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// written is a node as it is written.
func written(source string, n ast.Node) string { return source[n.Pos()-1 : n.End()-1] }

// beginnings are the functions that begin a session or give one a new token, and beginnings at the outside those that hand it to a browser. A new way in is looked at
// before it stands here: it checks a password and a second factor, or somebody who is in already, and a suspended person does not pass it.
var (
	beginnings = []string{
		"tenant/credential.go ChangePassword", // after the current or the one-time password
		"tenant/handover.go Accept",           // whoever becomes the manager, who is in already
		"tenant/login.go begin",               // after password and second factor, by passkey, or to another account of the same person
		"tenant/proof.go Prove",               // after a fresh proof
		"tenant/second_factor.go change",      // after a fresh proof
	}
	handedOut = []string{
		"server/api/handover.go acceptHandover", "server/api/second_factor.go factorChanged", "server/api/second_factor.go prove", "server/api/session.go loggedIn",
		"server/api/session.go signedOut", "server/api/session.go updatePassword",
	}
)

// Sessions begin where we know it and nowhere else (ASVS 6.3.4).
func TestEveryWayIntoASession(t *testing.T) {
	begins := regexp.MustCompile(`(^|\.)[sS]essions\.(Start|startAt|open|write|renew)$`)
	var found, given []string
	eachFile(t, func(file string, parsed *ast.File, source string) {
		for _, d := range parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if begins.MatchString(written(source, call.Fun)) {
					found = append(found, file+" "+f.Name.Name)
				}
				if strings.HasPrefix(file, "server/api/") && len(call.Args) > 0 && written(source, call.Args[0]) == "sessionCookie" {
					given = append(given, file+" "+f.Name.Name)
				}
				return true
			})
		}
	})
	slices.Sort(found)
	slices.Sort(given)
	if !slices.Equal(slices.Compact(found), beginnings) {
		t.Errorf("sessions begin in %q", slices.Compact(found))
	}
	if !slices.Equal(slices.Compact(given), handedOut) {
		t.Errorf("sessions are handed out in %q", slices.Compact(given))
	}
}

// public are comparisons of what is called like a secret and is none, and why their time may tell.
var public = map[string]string{
	`content/question_import.go: sameness(old.input()) == digest`:   "whether a question of the file is one that is there",
	`content/moodle_import.go: name != "files/"+hash[:2]+"/"+hash`:  "a path inside somebody's own archive",
	`lms/certificate_design.go: which == ImageSeal`:                 "a picture of a seal",
	`lms/training_record.go: sha256.Sum256(raw) != digest`:          "a checksum without a key, against damage; it is printed on the record",
	`content/probe.go: sum == kept.sum`:                             "a checksum without a key, against damage",
	`storage/archive/damage.go: w.next.SHA256 != g.sum`:             "a checksum without a key, against damage",
	`content/package.go: sum != want`:                               "a CRC32 of a file of ours",
	`tenant/bootstrap.go: NormalCode(in.Code) != code`:              "the association's organisation code, which everybody types to log in, at the command line",
	`server/app/command_backup.go: bytes.Equal(there, secret)`:      "the key of this process against the file that it is kept in, on the operator's own machine",
	`storage/db/migrate.go: row.checksum != s.checksum`:             "a checksum of our own statements",
	`tenant/credential.go: stored != seen.hash`:                     "a stored hash against itself, as it was read a moment before",
	`tenant/credential.go: strings.HasPrefix(cr.hash, argonPrefix)`: "of which kind a stored hash is",
	`tenant/password_file_apply.go: f.Column == password`:           "the name of a column",
}

// What is secret is compared in a time that does not tell how much of it was right: by crypto/hmac and crypto/subtle, never by == or bytes.Equal (ASVS 11.2.4).
func TestSecretsAreComparedInConstantTime(t *testing.T) {
	secret := regexp.MustCompile(`(?i)(mac|seal|signature|secret|password|token|sum|digest|hash|otp|code|challenge|nonce|cookie)(\[:?\])?$`)
	found, constant := map[string]bool{}, 0
	eachFile(t, func(file string, parsed *ast.File, source string) {
		suspect := func(n ast.Node, operands ...ast.Expr) {
			named := false
			for _, o := range operands {
				switch o := o.(type) {
				case *ast.BasicLit, *ast.ParenExpr:
					return // the empty text, a word of the program, an empty value
				case *ast.SelectorExpr:
					if name := written(source, o); strings.HasPrefix(name, "nethtml.") || strings.HasSuffix(name, ".StatusCode") {
						return // tokens of HTML, and answers of HTTP
					}
				case *ast.Ident:
					if o.Name == "nil" || o.Name == "true" || o.Name == "false" {
						return
					}
				}
				named = named || secret.MatchString(written(source, o))
			}
			if named {
				found[file+": "+written(source, n)] = true
			}
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if n.Op == token.EQL || n.Op == token.NEQ {
					suspect(n, n.X, n.Y)
				}
			case *ast.CallExpr:
				switch written(source, n.Fun) {
				case "bytes.Equal", "bytes.Compare", "slices.Equal", "strings.EqualFold", "reflect.DeepEqual", "strings.Compare", "bytes.HasPrefix", "strings.HasPrefix":
					suspect(n, n.Args...)
				case "hmac.Equal", "subtle.ConstantTimeCompare":
					constant++
				}
			}
			return true
		})
	})
	for comparison := range found {
		if public[comparison] == "" {
			t.Errorf("%s", comparison)
		}
	}
	for comparison := range public {
		if !found[comparison] {
			t.Errorf("%s is not there any more", comparison)
		}
	}
	if constant < 8 {
		t.Errorf("only %d comparisons in constant time", constant)
	}
}
