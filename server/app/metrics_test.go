package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"kenshu/content"
	"kenshu/rig/kit"
	"kenshu/storage/db"
)

// What the dashboard asks Prometheus for is what a replica tells, and no label holds what somebody sent.
func TestMetricsAndTheirDashboard(t *testing.T) {
	a, world := newApp(t, "KENSHU_OPS_LISTEN=127.0.0.1:0")
	err := a.DB.Tx(t.Context(), func(tx *db.Tx) error {
		return tx.Enqueue(t.Context(), a.Clock(), db.Job{ID: db.NewID(), Kind: "test.unknown", Tenant: world.A.ID.Number(), Payload: json.RawMessage("{}")})
	})
	if err != nil {
		t.Fatal(err)
	}
	kit.Fill(t, a.DB, world.A, "HANAKO")
	if err := a.Worker.Handlers[content.KindCountStorage](t.Context(), db.Job{}, func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/v1/session", "/api/v1/hanako-secret"} {
		for _, method := range []string{http.MethodGet, "HANAKO"} {
			a.Face().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, a.Config.PublicURL+path, nil))
		}
	}
	rec := httptest.NewRecorder()
	a.Ops().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	told := rec.Body.String()
	for _, want := range []string{`kenshu_jobs{kind="test.unknown",state="queued"} 1`, `kenshu_part_up{part="database"} 1`, `kenshu_storage_bytes{kind="image"} 1`, "\nkenshu_database_bytes ", `kenshu_disk_free_bytes{part="objects"} `,
		`route="/api/v1/session",status="401"`} {
		if !strings.Contains(told, want) {
			t.Errorf("%s is missing in\n%s", want, told)
		}
	}
	if strings.Contains(strings.ToLower(told), "hanako") {
		t.Error("the path or method of a request is a label")
	}
	raw, err := os.ReadFile("../../deploy/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(raw, &dashboard); err != nil || len(dashboard.Panels) < 10 {
		t.Fatalf("%d panels, %v", len(dashboard.Panels), err)
	}
	name := regexp.MustCompile(`\b(kenshu|go|process)_[a-z_]+`)
	for _, p := range dashboard.Panels {
		for _, target := range p.Targets {
			names := name.FindAllString(target.Expr, -1)
			if len(names) == 0 {
				t.Errorf("%s asks for nothing", p.Title)
			}
			for _, n := range names {
				if !strings.Contains(told, "\n"+n+"{") && !strings.Contains(told, "\n"+n+" ") {
					t.Errorf("%s asks for %s, which nobody tells", p.Title, n)
				}
			}
		}
	}
}

// Every kind of background work has a name in both languages.
func TestKindsOfWorkHaveNames(t *testing.T) {
	a, _ := newApp(t)
	for _, language := range []string{"ja", "en"} {
		raw, err := os.ReadFile("../../frontend/src/features/operation/locales/" + language + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]any
		if err := json.Unmarshal(raw, &texts); err != nil {
			t.Fatal(err)
		}
		for kind := range a.Worker.Handlers {
			if key := "kind_" + strings.ReplaceAll(kind, ".", "_"); texts[key] == nil {
				t.Errorf("%s has no %q", language, key)
			}
		}
	}
}
