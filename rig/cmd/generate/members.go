package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kenshu/server/api"
	"kenshu/server/app"
	"kenshu/tenant"
)

// description is what is read here of the API description.
type description struct {
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]*schema }
}

type operation struct {
	Responses map[string]struct {
		Content map[string]struct{ Schema *schema }
	}
}

type schema struct {
	Ref        string `json:"$ref"`
	Properties map[string]*schema
	Items      *schema
	Any        json.RawMessage `json:"additionalProperties"` // a schema, or false
}

// given is one thing that operations answer: which they are, and who may ask them.
type given struct {
	roles      map[tenant.Role]bool
	operations []string
}

// members prints for every thing that an answer can hold its members, the roles that are given it and by which operations.
func members(a *app.App, raw []byte) (string, error) {
	var doc description
	if err := json.Unmarshal(raw, &doc); err != nil {
		return "", err
	}
	all := map[string]*given{}
	for _, route := range a.API.Routes() {
		reached := map[string]bool{}
		for status, response := range doc.Paths["/api/v1"+route.Path][strings.ToLower(route.Method)].Responses {
			for _, content := range response.Content {
				if status < "300" {
					doc.reach(content.Schema, reached)
				}
			}
		}
		for name := range reached {
			if all[name] == nil {
				all[name] = &given{roles: map[tenant.Role]bool{}}
			}
			all[name].operations = append(all[name].operations, route.ID)
			for _, role := range tenant.Roles {
				if route.Permission == api.Public || a.Services.Access.Allowing([]tenant.Role{role}, route.Permission) != "" {
					all[name].roles[role] = true
				}
			}
		}
	}
	var b strings.Builder
	b.WriteString("# What each role is given\n\nMade by `make generate` from the API description, tenant/policy.csv and the route table; do not edit. Every thing that an answer can hold, with all its members. " +
		"`TestAnswersAreAsDescribed` asks every route as everybody and finds no other member.\n\n| thing | members | roles | operations |\n| --- | --- | --- | --- |\n")
	for _, name := range slices.Sorted(maps.Keys(all)) {
		var roles []string
		for _, role := range tenant.Roles {
			if all[name].roles[role] {
				roles = append(roles, string(role))
			}
		}
		slices.Sort(all[name].operations)
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", name, strings.Join(doc.list(name), ", "), strings.Join(roles, ", "), strings.Join(all[name].operations, ", "))
	}
	return b.String(), nil
}

// reach adds the names of everything that s holds.
func (d *description) reach(s *schema, reached map[string]bool) {
	if s == nil {
		return
	}
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		if !reached[name] {
			reached[name] = true
			d.reach(d.Components.Schemas[name], reached)
		}
		return
	}
	for _, p := range s.Properties {
		d.reach(p, reached)
	}
	d.reach(s.Items, reached)
	d.reach(s.values(), reached)
}

// values is the schema of the values of a map; nil for anything else.
func (s *schema) values() *schema {
	var values schema
	if len(s.Any) == 0 || json.Unmarshal(s.Any, &values) != nil {
		return nil
	}
	return &values
}

// list names the members of a thing, each with what it is a thing of.
func (d *description) list(name string) []string {
	s := d.Components.Schemas[name]
	out := make([]string, 0, len(s.Properties))
	for _, member := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[member]
		of := p.Ref
		if p.Items != nil {
			member, of = member+"[]", p.Items.Ref
		}
		if values := p.values(); values != nil {
			member, of = member+"{}", values.Ref
		}
		if thing := of[strings.LastIndex(of, "/")+1:]; thing != "" {
			member += ": " + thing
		}
		out = append(out, member)
	}
	return out
}
