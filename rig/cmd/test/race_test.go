package main

import (
	"slices"
	"testing"
)

func TestMeetings(t *testing.T) {
	tests, err := meetings("../../..", raceRooms)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"TestProgressAtOnce": true, "TestHandoverRaces": true, "TestManyMigrateAtOnce": true, "TestNobodyIsLateAtOnce": false} {
		if slices.Contains(tests, name) != want {
			t.Errorf("%s runs under the race detector: %t, want %t", name, !want, want)
		}
	}
	if _, err := meetings("../../..", []string{"storage/disk"}); err == nil {
		t.Error("named tests that are nowhere were not missed")
	}
}
