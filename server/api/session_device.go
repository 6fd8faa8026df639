package api

import (
	"context"
	"time"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// DeviceBody is one session of a person.
type DeviceBody struct {
	ID       string    `json:"id" format:"uuid"`
	Device   string    `json:"device" doc:"browser and system, e.g. Chrome / Windows; empty when the browser did not say"`
	Source   string    `json:"source" doc:"network of the address, without its last part"`
	Since    time.Time `json:"since" doc:"when they logged in"`
	LastUsed time.Time `json:"last_used" doc:"a minute late at most"`
	Current  bool      `json:"current" doc:"this is the session that asks"`
}

// DeviceList is all of them.
type DeviceList struct {
	Items []DeviceBody `json:"items"`
	Limit int          `json:"limit" doc:"how many there may be at once; 0 is no limit"`
}

func (a *API) listDevices(ctx context.Context, _ *struct{}) (*struct{ Body DeviceList }, error) {
	p := caller(ctx)
	devices, err := a.svc.Sessions.Devices(ctx, p.Tenant, []db.ID{p.Person})
	if err != nil {
		return nil, err
	}
	policies, err := a.svc.Security.Policies(ctx, p.Tenant)
	if err != nil {
		return nil, err
	}
	list := DeviceList{Items: deviceBodies(devices[p.Person], p.Session), Limit: policies.InForce.SessionsPerAccount}
	return &struct{ Body DeviceList }{list}, nil
}

func deviceBodies(devices []tenant.Device, current db.ID) []DeviceBody {
	list := make([]DeviceBody, 0, len(devices))
	for _, d := range devices {
		list = append(list, DeviceBody{d.ID.String(), d.Device, d.Source, d.Since, d.LastUsed, d.ID == current})
	}
	return list
}

func (a *API) endDevice(ctx context.Context, in *struct {
	ID db.ID `path:"id" format:"uuid"`
}) (*emptyOutput, error) {
	p := caller(ctx)
	return &emptyOutput{}, a.svc.Credentials.EndDevice(ctx, p.Tenant, p.Person, in.ID)
}

func (a *API) endOtherDevices(ctx context.Context, _ *struct{}) (*emptyOutput, error) {
	p := caller(ctx)
	return &emptyOutput{}, a.svc.Credentials.EndOthers(ctx, p.Tenant, p)
}

// PersonSourceBody is where an account came from.
type PersonSourceBody struct {
	Kind     string    `json:"kind" enum:"form,file,program,setup,unknown" doc:"registered on the page, read from a file, sent by a program with an API token, made at set-up, or not written down"`
	At       time.Time `json:"at" doc:"when the account was made"`
	By       string    `json:"by,omitempty" doc:"name of who made it; of a program, of its token"`
	ImportID string    `json:"import_id,omitempty" format:"uuid" doc:"the file of people, when it came with one"`
	FileName string    `json:"file_name,omitempty"`
}

// PersonAccountBody is what the manager sees of a person's account.
type PersonAccountBody struct {
	Source  PersonSourceBody `json:"source" doc:"where the account came from"`
	Devices []DeviceBody     `json:"devices" nullable:"false" doc:"sessions that are alive, the latest used first"`
	Factors []string         `json:"factors" nullable:"false" enum:"passkey,totp" doc:"second factors that log-in asks for; empty: the password is enough"`
}

func (a *API) getPersonAccount(ctx context.Context, in *PersonPath) (*struct{ Body PersonAccountBody }, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	p := caller(ctx)
	account, err := a.svc.People.Account(ctx, p.Tenant, id)
	if err != nil {
		return nil, err
	}
	from := account.Source
	body := PersonAccountBody{
		Source: PersonSourceBody{Kind: string(from.Kind), At: from.At.Time, By: from.By, FileName: from.FileName}, Devices: deviceBodies(account.Devices, p.Session), Factors: account.Factors,
	}
	if !from.Import.IsZero() {
		body.Source.ImportID = from.Import.String()
	}
	return &struct{ Body PersonAccountBody }{body}, nil
}

func (a *API) endPersonDevice(ctx context.Context, in *struct {
	PersonPath
	Device db.ID `path:"device_id" format:"uuid" doc:"the session"`
}) (*emptyOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	return &emptyOutput{}, a.svc.People.EndDevice(ctx, caller(ctx).Tenant, id, in.Device)
}
