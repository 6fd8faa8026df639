package tenant

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	stringadapter "github.com/casbin/casbin/v2/persist/string-adapter"
)

// Role is what a person holds in one organisation (domain.md section 2).
type Role string

// The roles.
const (
	RoleStaff             Role = "staff"
	RoleManager           Role = "manager"
	RoleDeputyManager     Role = "deputy_manager"
	RoleEditor            Role = "editor"
	RoleImportToken       Role = "import_token" // of an API token, never of a person
	RoleOperator          Role = "operator"
	RoleOfficer           Role = "officer"
	RoleAssociationEditor Role = "association_editor"
	RoleReviewer          Role = "reviewer"
	RoleJudge             Role = "judge"
	RolePreAssessor       Role = "pre_assessor"
)

// Roles lists every role; those of an organisation first.
var Roles = []Role{
	RoleStaff, RoleManager, RoleDeputyManager, RoleEditor, RoleImportToken,
	RoleOperator, RoleOfficer, RoleAssociationEditor, RoleReviewer, RoleJudge, RolePreAssessor,
}

// OfAssociation tells whether the role is held in the association.
func (r Role) OfAssociation() bool { return slices.Index(Roles, r) >= 5 }

//go:embed model.conf
var accessModel string

//go:embed policy.csv
var accessPolicy string

// Access answers which role may do what. It is worked out once from casbin's table and never changes, so asking costs nothing.
type Access struct {
	allowed     map[Role]map[string]bool
	permissions []string
}

// NewAccess reads the embedded policy. It refuses an empty one, one that names an unknown role, and a permission that nobody holds.
func NewAccess() (*Access, error) {
	m, err := model.NewModelFromString(accessModel)
	if err != nil {
		return nil, fmt.Errorf("access model: %w", err)
	}
	e, err := casbin.NewEnforcer(m, stringadapter.NewAdapter(accessPolicy))
	if err != nil {
		return nil, fmt.Errorf("access policy: %w", err)
	}
	rows, err := e.GetPolicy()
	if err != nil || len(rows) == 0 {
		return nil, errors.Join(errors.New("access policy is empty"), err)
	}
	a := &Access{allowed: map[Role]map[string]bool{}}
	for _, row := range rows {
		role := Role(strings.TrimPrefix(row[0], "role:"))
		if !strings.HasPrefix(row[0], "role:") || !slices.Contains(Roles, role) {
			return nil, fmt.Errorf("access policy names unknown role %q", row[0])
		}
		if !slices.Contains(a.permissions, row[1]) {
			a.permissions = append(a.permissions, row[1])
		}
	}
	slices.Sort(a.permissions)
	for _, role := range Roles {
		a.allowed[role] = map[string]bool{}
		for _, perm := range a.permissions {
			if ok, err := e.Enforce("role:"+string(role), perm); err != nil {
				return nil, err
			} else if ok {
				a.allowed[role][perm] = true
			}
		}
	}
	return a, nil
}

// Allowing gives the first of roles that may do permission, or "" when none may.
func (a *Access) Allowing(roles []Role, permission string) Role {
	for _, r := range roles {
		if a.allowed[r][permission] {
			return r
		}
	}
	return ""
}

// Knows tells whether the policy has the permission at all.
func (a *Access) Knows(permission string) bool { return slices.Contains(a.permissions, permission) }

// Permissions lists what roles may do together, sorted.
func (a *Access) Permissions(roles ...Role) []string {
	out := []string{}
	for _, p := range a.permissions {
		if a.Allowing(roles, p) != "" {
			out = append(out, p)
		}
	}
	return out
}
