package tenant_test

import (
	"strings"
	"testing"

	"kenshu/tenant"
)

// What a role can never be given without this test being changed too: a learner has nothing but their own, an editor nothing about people, and the association
// nothing about an organisation's people but the register.
func TestWhatRolesNeverMay(t *testing.T) {
	access, err := tenant.NewAccess()
	if err != nil {
		t.Fatal(err)
	}
	about := []string{"person", "person_field", "report", "record", "enrolment", "incident", "department", "round", "reminder", "handover"}
	for _, role := range tenant.Roles {
		for _, permission := range access.Permissions(role) {
			resource, verb, _ := strings.Cut(permission, ":")
			switch {
			case role == tenant.RoleStaff && verb != "own":
				t.Errorf("a learner may %s", permission)
			case role == tenant.RoleEditor || role.OfAssociation():
				for _, never := range about {
					if resource == never && verb != "own" {
						t.Errorf("%s may %s", role, permission)
					}
				}
			case role == tenant.RoleImportToken && resource != "person":
				t.Errorf("a program with an import token may %s", permission)
			}
		}
	}
}
