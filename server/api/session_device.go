package api

import (
	"context"
	"time"

	"kenshu/storage/db"
)

// DeviceBody is one session of the person who asks.
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
	list := DeviceList{Items: []DeviceBody{}, Limit: policies.InForce.SessionsPerAccount}
	for _, d := range devices[p.Person] {
		list.Items = append(list.Items, DeviceBody{d.ID.String(), d.Device, d.Source, d.Since, d.LastUsed, d.ID == p.Session})
	}
	return &struct{ Body DeviceList }{list}, nil
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
