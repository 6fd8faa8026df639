package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// A password counts exactly as it was typed, whatever is in it and however long it is: nothing is cut at a NUL, at 72 bytes or at the end, no case is folded, no space
// trimmed, no form of a letter taken for another (ASVS 6.2.8).
func TestPasswordsAreTakenAsTyped(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	long := ""
	for i := range 250 {
		long += string(rune(0x4E00 + (i*7919)%20000))
	}
	for name, password := range map[string]string{
		"nothing": "violet\x00staircase mango 7", "a line": "violet\nstaircase mango 7", "spaces": "  violet staircase mango 7  ", "case": "Violet StairCase mANGO 7",
		"composed": norm.NFC.String("ガラスの靴と café の時計 7"), "decomposed": norm.NFD.String("ガラスの靴と café の時計 7"), "width": "ＶＩＯＬＥＴ ｽﾃｱｹｰｽ mango 7", "long": long, "emoji": "🍣🚲🌋 takibi no yoru ni",
	} {
		t.Run(name, func(t *testing.T) {
			login := "typed-" + strings.ReplaceAll(name, " ", "-")
			person := kit.NewPerson(t, a.DB, world.B.ID, login, "probe")
			var one tenant.OneTime
			if err := a.DB.Tx(t.Context(), func(tx *db.Tx) (err error) {
				one, err = a.Services.Credentials.Issue(t.Context(), world.B.ID, tx, person)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			enter := func(password string) (int, string) {
				t.Helper()
				body, err := json.Marshal(map[string]string{"organisation_code": world.B.Code, "login_id": login, "password": password})
				if err != nil {
					t.Fatal(err)
				}
				w := f.ask(http.MethodPost, "/session", "", string(body))
				for _, c := range w.Result().Cookies() {
					if c.Name == "__Host-kenshu" {
						return w.Code, c.Value
					}
				}
				return w.Code, ""
			}
			_, session := enter(one.Password)
			body, err := json.Marshal(map[string]string{"new_password": password})
			if err != nil {
				t.Fatal(err)
			}
			if w := f.ask(http.MethodPut, "/session/password", session, string(body)); w.Code >= 300 {
				t.Fatalf("choosing: %d %s", w.Code, w.Body)
			}
			runes := []rune(password)
			variants := map[string]bool{password: true}
			for _, variant := range []string{
				string(runes[:len(runes)-1]), password + "x", strings.Split(password, "\x00")[0], strings.ToValidUTF8(password[:min(72, len(password))], ""), strings.TrimSpace(password),
				strings.ToLower(password), strings.ToUpper(password), norm.NFC.String(password), norm.NFD.String(password), norm.NFKC.String(password),
			} {
				if variants[variant] {
					continue
				}
				variants[variant] = true
				if code, _ := enter(variant); code != http.StatusUnauthorized {
					t.Errorf("%q in place of it: %d", variant, code)
				}
			}
			if code, _ := enter(password); code != http.StatusOK {
				t.Errorf("as typed: %d", code)
			}
		})
	}
}
