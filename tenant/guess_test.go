package tenant

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kenshu/fault"
)

var hanako = Subject{
	Name: "佐藤 花子", Kana: "サトウ ハナコ", LoginID: "mukitesa4827", EmployeeNumber: "E-20417", Email: "h.sato@himawari.example.jp",
	Organisation: "社会福祉法人ひまわり園", Code: "H4TN7KQ2",
}

func keys(fields []fault.Field) []string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Key)
	}
	return out
}

func TestPasswordsRefused(t *testing.T) {
	for password, want := range map[string]string{
		"short":                   "password_too_short",
		strings.Repeat("長い", 200): "password_too_long",
		"passwordpassword1":       "password_common",
		"Password12345678!":       "password_common",
		"P@ssw0rdP@ssw0rd2026":    "password_common",
		"1qaz2wsx3edc4rfv5tgb":    "password_keyboard",
		"qwertyuiopasdfghjkl":     "password_keyboard",
		"abcdefghijklmnopqrst":    "password_sequence",
		"123456789012345678":      "password_common",
		"aaaaaaaaaaaaaaaaaaaa":    "password_repeat",
		"さくらさくらさくらさくらさくら":         "password_common",
		"sakurasakurasakura1":     "password_common",
		"satou.hanako.kangaroo":   "password_name",
		"HanakoNoHimitsuDesu":     "password_name",
		"佐藤さんのひみつの言葉です!!":         "password_name",
		"さとうはなこのぱすわーど":            "password_too_short",
		"さとうはなこのぱすわーどですよ":         "password_name",
		"Himawari2026!2026!":      "password_organisation",
		"ひまわりがさいたよきょうもね!!":        "password_organisation",
		"ｈ４ｔｎ７ｋｑ２　ですよねえええ":        "password_code",
		"mukitesa4827-mukitesa":   "password_login",
		"E-20417 no password":     "password_number",
		"2026/04/012026/04/02":    "password_date",
		"kenshu2026kenshu2026":    "password_common",
		"welcomeReiwa2026!!":      "password_common",
		"ilovesakura2026!":        "password_common",
		"19850412198504121985":    "password_date",
	} {
		got := keys(passwordReasons(password, hanako, DefaultCredentialRules))
		if !slices.Contains(got, want) {
			t.Errorf("%q: %v, want %s (%.1f bits)", password, got, want, cheapest(guessText(password), hanako.words()).bits)
		}
	}
}

func TestPasswordsAccepted(t *testing.T) {
	for _, password := range []string{
		"むらさき 7つの橋 quiet lamp",
		"correct mango velvet staircase",
		"xkqpwzmvjrthlbn",
		"えんぴつと銀河鉄道とみかん畑へ",
		"きつね たぬき うどん そば 雨の火曜日",
		"🍣🚲🌋 takibi no yoru ni",
		"ペンギンが図書館で泳いだ水曜日",
		strings.Repeat("長い道のりを行く", 3) + "とても静かな湖の底で眠る巨大な時計と梯子",
		" leading and trailing spaces 雪原 ",
	} {
		if got := keys(passwordReasons(password, hanako, DefaultCredentialRules)); len(got) > 0 {
			t.Errorf("%q refused: %v (%.1f bits)", password, got, cheapest(guessText(password), hanako.words()).bits)
		}
	}
	for _, n := range []int{15, 64, 256} {
		text := []rune{}
		for i := range n {
			text = append(text, rune(0x4E00+(i*7919)%20000))
		}
		if got := keys(passwordReasons(string(text), hanako, DefaultCredentialRules)); len(got) > 0 {
			t.Errorf("%d characters refused: %v", n, got)
		}
	}
}

func TestLoginIDs(t *testing.T) {
	for id, want := range map[string]string{
		"a001": "login_id_sequence", "0042": "login_id_sequence", "tk-0042": "login_id_sequence", "sato": "login_id_name", "hanako": "login_id_name", "satoh01": "login_id_name",
		"hanako.satou": "login_id_name", "h.sato": "login_id_name", "e-20417": "login_id_number", "himawari": "login_id_organisation", "himawari1": "login_id_organisation", "tanaka": "login_id_common",
		"qwerty": "login_id_common", "aaaaaa": "login_id_keyboard", "user2026": "login_id_sequence", "ｓａｔｏ": "login_id_name", "H4TN7KQ2": "login_id_code",
	} {
		if got := keys(LoginIDReasons(id, hanako)); !slices.Contains(got, want) {
			t.Errorf("%q: %v, want %s (%.1f bits)", id, got, want, cheapest(guessText(id), hanako.words()).bits)
		}
	}
	for _, id := range []string{"mukitesa4827", "kx7q2m9d", "blue-otter-jazz"} {
		if got := keys(LoginIDReasons(id, hanako)); len(got) > 0 {
			t.Errorf("%q refused: %v", id, got)
		}
	}
}

func TestProposedLoginIDs(t *testing.T) {
	started := time.Now()
	ids, err := proposeLoginIDs(10_000)
	if err != nil || len(ids) != 10_000 {
		t.Fatal(len(ids), err)
	}
	t.Logf("10,000 login IDs in %s, such as %v", time.Since(started), ids[:3])
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 10_000 {
		t.Fatal("two alike")
	}
}

func TestRomaji(t *testing.T) {
	for kana, want := range map[string]string{"さとう": "satou", "ハットリ": "hattori", "イッチョウ": "itchou", "しゃちょう": "shachou", "abcんd": "abcnd"} {
		if got := romaji(kana); got != want {
			t.Errorf("%s: %s, want %s", kana, got, want)
		}
	}
}

func FuzzPasswordReasons(f *testing.F) {
	f.Add("っっっっっっっっっっっっっっっっ")
	f.Add("\xff\xfe bad utf8 and more of it")
	f.Add(strings.Repeat("ab", 128))
	f.Fuzz(func(t *testing.T, password string) {
		if len(password) > 2000 {
			return
		}
		_ = passwordReasons(password, hanako, DefaultCredentialRules)
		_ = LoginIDReasons(password, hanako)
	})
}

func BenchmarkPasswordReasons(b *testing.B) {
	for b.Loop() {
		_ = passwordReasons("correct mango velvet staircase and a long way to go until sixty-four", hanako, DefaultCredentialRules)
	}
}
