package app_test

import (
	"os"
	"strings"
	"testing"

	"kenshu/server/app"
)

func TestREADMEIsInStepWithSettingsAndCommands(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	want, err := app.Refer(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != want {
		t.Error("README.md is out of step with app.Settings or the commands: make generate")
	}
	if _, err := app.Refer(strings.Replace(want, "<!-- /settings -->", "", 1)); err == nil {
		t.Error("a text without place for the settings was accepted")
	}
}
