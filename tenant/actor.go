package tenant

import (
	"context"

	"kenshu/storage/db"
)

// Actor is who acts, for the audit log and for "created by". It grants nothing.
type Actor struct {
	Kind      string // person, system, command
	Tenant    ID     // where the person belongs; zero for system and command
	Person    db.ID
	Name      string
	Role      string // the role that allowed the act
	Source    string // client address
	Agent     string // what the client's browser calls itself; the name of a device is made of it
	RequestID string
	Token     db.ID  // the API token by which a program acts, or the zero id
	Reason    string // why, where a reason was asked for
}

type actorKey struct{}

// WithActor puts who acts into ctx.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// WithReason has what is logged in ctx say why it was done.
func WithReason(ctx context.Context, reason string) context.Context {
	who := ActorFrom(ctx)
	who.Reason = reason
	return WithActor(ctx, who)
}

// ActorFrom tells who acts; work without a person is the system's.
func ActorFrom(ctx context.Context) Actor {
	if a, ok := ctx.Value(actorKey{}).(Actor); ok {
		return a
	}
	return Actor{Kind: "system", Name: "system", Role: "system"}
}
