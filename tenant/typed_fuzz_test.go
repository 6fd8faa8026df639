package tenant

import (
	"strings"
	"testing"
)

// No device's mark but one that names the account knows it, and a mark that is added to stays short enough for a cookie.
func FuzzDeviceMark(f *testing.F) {
	c := &Credentials{key: []byte("a key of the tests, 32 bytes long")}
	const ours = "FdYBpHCSEhIDtjuNIDb0gyfA.cquehT6179juyCH0Dqt6BSjS" // made once with that key: what looks for new inputs is several processes, which must agree
	if !c.knowsDevice(ours, "CODE", "tanaka") {
		f.Fatal("our own mark is not known")
	}
	nonce, tag, _ := strings.Cut(ours, ".")
	f.Add(ours)
	f.Add(ours + "." + tag)
	f.Add(nonce + "." + strings.Repeat("x", 300))
	f.Add("." + tag)
	f.Fuzz(func(t *testing.T, mark string) {
		if c.knowsDevice(mark, "CODE", "tanaka") && !strings.HasPrefix(mark, nonce+".") {
			// another nonce has another tag, which nobody can make
			t.Errorf("%q is known", mark)
		}
		next, err := c.markDevice(mark, "CODE", "yamada")
		if err != nil || len(next) > 400 || !c.knowsDevice(next, "CODE", "yamada") {
			t.Errorf("%q becomes %q, %v", mark, next, err)
		}
	})
}

// What somebody types reads the same when it has been read once.
func FuzzReadTyped(f *testing.F) {
	f.Add("ａｂｃｄ－ＥＦＧＨ")
	f.Add("O0-l1 I")
	f.Fuzz(func(t *testing.T, typed string) {
		once := readTyped(typed)
		if again := readTyped(once); again != once {
			t.Errorf("%q reads %q, then %q", typed, once, again)
		}
		for _, read := range []func(string) string{figures, NormalCode, Fold} {
			if once := read(typed); read(once) != once {
				t.Errorf("%q reads %q, then %q", typed, once, read(once))
			}
		}
	})
}

// A file of passwords is refused or gives rows that have something in them.
func FuzzReadPasswords(f *testing.F) {
	f.Add([]byte("ログインID,パスワード\ntanaka,correct horse battery\n"))
	f.Add([]byte("x\n\nid;password\na; b \n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		rows, err := readPasswords(raw)
		if err == nil && (len(rows) == 0 || len(rows) > MaxPasswordRows+headingRows) {
			t.Errorf("%d rows", len(rows))
		}
		for _, r := range rows {
			if r.login == "" && r.password == "" || r.number < 1 {
				t.Errorf("%+v", r)
			}
		}
	})
}
