package api

import (
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

// Words for what is wrong with a field say what to do: nothing typed is missing, not too short.
func TestFieldWords(t *testing.T) {
	for message, want := range map[string]string{
		"expected length >= 1":                            "required",
		"expected length >= 12":                           "too_short",
		"expected length <= 100":                          "too_long",
		"expected required property reason to be present": "required",
		"expected value to be one of \"a, b\"":            "not_in_list",
		"something that nobody has heard of":              "bad_value",
	} {
		if got := fieldOf(&huma.ErrorDetail{Location: "body.reason", Message: message}); got.Key != want {
			t.Errorf("%s: %s, want %s", message, got.Key, want)
		}
	}
}
