package api

import (
	"context"

	"kenshu/tenant"
)

// PersonFieldBody is a field of its own that the organisation keeps about its people.
type PersonFieldBody struct {
	ID      string   `json:"id" format:"uuid"`
	Name    string   `json:"name"`
	Kind    string   `json:"kind" enum:"text,number,date,choice"`
	Choices []string `json:"choices" doc:"in their order; empty unless the kind is choice"`
	Version int64    `json:"version" doc:"send it back with a change"`
}

// PersonChoiceInput is one choice of a field.
type PersonChoiceInput struct {
	Name string `json:"name" maxLength:"400" doc:"1 to 100 characters, each once in a field"`
	Was  string `json:"was,omitempty" maxLength:"400" doc:"what it was called: the people who have it keep it under the new name"`
}

// PersonFieldInput is what can be set of an own field.
type PersonFieldInput struct {
	Name    string              `json:"name" maxLength:"200" doc:"1 to 50 characters, unique, and not the name of another column of a list of people"`
	Kind    string              `json:"kind" enum:"text,number,date,choice" doc:"stays for good"`
	Choices []PersonChoiceInput `json:"choices,omitempty" maxItems:"50" doc:"of the kind choice; one that is no longer here is removed with its values"`
}

func (in PersonFieldInput) input() tenant.PersonFieldInput {
	out := tenant.PersonFieldInput{Name: in.Name, Kind: tenant.PersonFieldKind(in.Kind)}
	for _, c := range in.Choices {
		out.Choices = append(out.Choices, tenant.PersonChoice{Name: c.Name, Was: c.Was})
	}
	return out
}

// PersonFieldPath names an own field in a path.
type PersonFieldPath struct {
	ID string `path:"field_id" format:"uuid" doc:"the own field"`
}

type personFieldOutput struct{ Body PersonFieldBody }

type personFieldsOutput struct {
	Body struct {
		Items []PersonFieldBody `json:"items"`
		Max   int               `json:"max" doc:"how many there may be"`
	}
}

func personFieldBody(f tenant.PersonField) PersonFieldBody {
	return PersonFieldBody{ID: f.ID.String(), Name: f.Name, Kind: string(f.Kind), Choices: append([]string{}, f.Choices...), Version: f.Version}
}

func personFieldsBody(list []tenant.PersonField) *personFieldsOutput {
	out := &personFieldsOutput{}
	out.Body.Items, out.Body.Max = make([]PersonFieldBody, 0, len(list)), tenant.MaxPersonFields
	for _, f := range list {
		out.Body.Items = append(out.Body.Items, personFieldBody(f))
	}
	return out
}

func (a *API) listPersonFields(ctx context.Context, _ *struct{}) (*personFieldsOutput, error) {
	list, err := a.svc.PersonFields.List(ctx, caller(ctx).Tenant)
	return personFieldsBody(list), err
}

func (a *API) createPersonField(ctx context.Context, in *struct {
	Repeatable
	Body PersonFieldInput
}) (*personFieldOutput, error) {
	f, err := a.svc.PersonFields.Create(ctx, caller(ctx).Tenant, in.newID(ctx, "create-person-field"), in.Body.input())
	return &personFieldOutput{personFieldBody(f)}, err
}

func (a *API) getPersonFieldUsage(ctx context.Context, in *PersonFieldPath) (*struct {
	Body struct {
		Values  int            `json:"values" doc:"for how many people the field says something"`
		Choices map[string]int `json:"choices" doc:"for how many it says each choice"`
	}
}, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Values  int            `json:"values" doc:"for how many people the field says something"`
			Choices map[string]int `json:"choices" doc:"for how many it says each choice"`
		}
	}{}
	out.Body.Values, out.Body.Choices, err = a.svc.PersonFields.Usage(ctx, caller(ctx).Tenant, id)
	return out, err
}

func (a *API) updatePersonField(ctx context.Context, in *struct {
	PersonFieldPath
	Body struct {
		PersonFieldInput
		Version int64 `json:"version" minimum:"1" doc:"of the field that was shown; another one is refused with changed_meanwhile"`
		Losing  int   `json:"losing,omitempty" minimum:"0" doc:"how many values go with the choices that are removed, as the usage said; another number is refused with person_field_values"`
	}
}) (*personFieldOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	f, err := a.svc.PersonFields.Update(ctx, caller(ctx).Tenant, id, in.Body.Version, in.Body.input(), in.Body.Losing)
	return &personFieldOutput{personFieldBody(f)}, err
}

func (a *API) orderPersonFields(ctx context.Context, in *struct {
	Body struct {
		Fields []string `json:"fields" maxItems:"20" doc:"ids of every own field in the order wanted"`
	}
}) (*personFieldsOutput, error) {
	ids, err := readIDs(in.Body.Fields)
	if err != nil {
		return nil, err
	}
	list, err := a.svc.PersonFields.Order(ctx, caller(ctx).Tenant, ids)
	return personFieldsBody(list), err
}

func (a *API) deletePersonField(ctx context.Context, in *struct {
	PersonFieldPath
	Losing int `query:"losing" minimum:"0" doc:"how many values go, as the usage said; another number is refused with person_field_values"`
}) (*struct{}, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.svc.PersonFields.Delete(ctx, caller(ctx).Tenant, id, in.Losing)
}
