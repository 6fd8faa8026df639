package tenant_test

import (
	"testing"

	"kenshu/storage/db"
	"kenshu/tenant"
)

func TestNearNames(t *testing.T) {
	for _, c := range []struct {
		have, text string
		near       bool
	}{
		{"デイサービス", "デイサービスス", true}, {"デイサービス", "ディサービス", true}, {"訪問介護", "訪間介護", true}, {"ケア センター", "ケアセンター", true}, {"霞ヶ関支店", "霞ケ関支店", true},
		{"居宅介護支援事業所", "居宅介護支援事務所", true}, {"総務部人事課", "総務部事人課", true},
		{"第1事業部", "第2事業部", false}, {"営業第一課", "営業第二課", false}, {"東京営業所", "西京営業所", false}, {"経理", "総務", false}, {"営業部", "営業課", false}, {"A棟看護部", "B棟看護部", false},
		{"訪問介護", "通所リハビリ", false},
		{"デイサービス", "ディサービズ", true}, {"デイサービス", "デイサ一ビス", true}, {"デイサービス", "デイサ-ビス", true}, {"事務", "事務部", true}, {"センター", "センタ", true}, {"ショートステイ", "シヨ―トステイ", true},
		{"訪問介護", "訪問看護", false}, {"訪問介護事業所", "通所介護事業所", false}, {"東京中央支店", "大阪中央支店", false}, {"ケア一課", "ケア二課", false}, {"ケア一課", "ケア課", false}, {"営業部", "営業課", false},
	} {
		id := db.NewID()
		tree := tenant.NewDepartmentTree([]tenant.DepartmentNode{{ID: id, Name: c.have}})
		found, near := tree.Similar(c.text)
		if near != c.near || near && found != id {
			t.Errorf("%s for %s: %v, want %v", c.text, c.have, near, c.near)
		}
	}
	top, low := db.NewID(), db.NewID()
	tree := tenant.NewDepartmentTree([]tenant.DepartmentNode{{ID: top, Name: "中央病院本部"}, {ID: low, Parent: top, Name: "看護部"}})
	if found, near := tree.Similar("中央病院本郡/看護部"); !near || found != low {
		t.Errorf("a path whose upper name is misspelt: %v %v", found, near)
	}
	if _, near := tree.Similar("中央病院本郡/栄養科"); near {
		t.Error("a path that leads nowhere is like one that does")
	}
}

func TestKatakana(t *testing.T) {
	for in, want := range map[string]string{"やまだ はなこ": "ヤマダ ハナコ", "ﾔﾏﾀﾞ ﾊﾅｺ": "ヤマダ ハナコ", "ヤマダ": "ヤマダ", "ジョン スミス": "ジョン スミス", "Ｊｏｈｎ": "Ｊｏｈｎ", "うﾞぁ": "ヴァ", "": ""} {
		if got := tenant.Katakana(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}
