package api

import (
	"net/http"
)

// accountRoutes are the rows about who is logged in, how they prove it, and the organisations.
func (a *API) accountRoutes() {
	get, post, put, patch, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete

	// session
	register(a, Route{
		Method: get, Path: "/session", ID: "get-session", Early: EarlyPassword, Permission: "session:own", Tag: "session",
		Summary: "Who is logged in, in which organisation, and what they may do",
	}, a.getSession)
	register(a, Route{
		Method: post, Path: "/session", ID: "start-session", Permission: Public, Tag: "session", MaxBody: 16 << 10,
		Summary:     "Log in",
		Description: "Sets the session cookie. Whatever part is wrong, the answer is the same (login_failed). Tries are limited by source, account, device and organisation (429 with Retry-After); nobody is locked out for good.",
	}, a.startSession)
	register(a, Route{
		Method: put, Path: "/session/password", ID: "update-password", Early: EarlyPassword, Permission: "session:own", Tag: "session", MaxBody: 16 << 10,
		Summary:     "Choose an own password",
		Description: "Ends every session of the person and begins a new one (new cookie). The current password is needed except while a one-time password is in force. A guessable one is refused with its reasons.",
	}, a.updatePassword)
	register(a, Route{
		Method: post, Path: "/session/password-check", ID: "check-password", Early: EarlyPassword, Permission: "session:own", Tag: "session", MaxBody: 16 << 10,
		Summary: "Tell why a password would be refused", Description: "Nothing is kept.",
	}, a.checkPassword)
	register(a, Route{
		Method: post, Path: "/session/proof", ID: "prove", Early: EarlyFactor, Permission: "session:own", Tag: "session", MaxBody: 16 << 10,
		Summary:     "Prove once more who is asking",
		Description: "What needs a fresh proof (x-step-up) can be done for ten minutes afterwards. The session gets a new cookie; the old one is dead. Tries are limited like log-ins.",
	}, a.prove)
	register(a, Route{
		Method: post, Path: "/session/proof/passkey", ID: "ask-proof", Early: EarlyFactor, Permission: "session:own", Tag: "session",
		Summary: "Options to prove with a passkey who is asking", Description: "409 no_passkey.",
	}, a.askProof)
	register(a, Route{
		Method: post, Path: "/session/factor", ID: "finish-session", Permission: Public, Tag: "session", MaxBody: 64 << 10,
		Summary:     "Go on with a log-in: the second factor",
		Description: "The log-in is named by the cookie that the first step set, and waits five minutes. 401 login_over when it is over or after five wrong answers; 429 after too many for this account.",
	}, a.finishLogin)
	register(a, Route{
		Method: post, Path: "/session/factor/passkey", ID: "ask-factor", Permission: Public, Tag: "session",
		Summary: "Options to show a passkey as second factor", Description: "401 login_over, 409 no_passkey.",
	}, a.askPending)
	register(a, Route{
		Method: post, Path: "/session/passkey/options", ID: "ask-passkey", Permission: Public, Tag: "session",
		Summary: "Options to log in with a passkey alone",
	}, a.askPasskeyLogin)
	register(a, Route{
		Method: post, Path: "/session/passkey", ID: "start-session-by-passkey", Permission: Public, Tag: "session", MaxBody: 64 << 10,
		Summary: "Log in with a passkey alone", Description: "The device asks for finger, face or PIN, so it is both factors. Whatever is wrong, the answer is the same (passkey_failed).",
	}, a.startSessionByPasskey)
	register(a, Route{
		Method: post, Path: "/session/sign-out-everywhere", ID: "end-all-sessions", Early: EarlyPassword, Permission: "session:own", Tag: "session", Status: http.StatusNoContent,
		Summary: "Log out on every device, this one included",
	}, a.endAllSessions)
	register(a, Route{
		Method: get, Path: "/session/devices", ID: "list-devices", Permission: "session:own", Tag: "session",
		Summary: "The own sessions, the latest used first",
	}, a.listDevices)
	register(a, Route{
		Method: del, Path: "/session/devices/{id}", ID: "end-device", Permission: "session:own", Tag: "session", Status: http.StatusNoContent,
		Summary: "End one of the own sessions",
	}, a.endDevice)
	register(a, Route{
		Method: del, Path: "/session/devices", ID: "end-other-devices", Permission: "session:own", Tag: "session", Status: http.StatusNoContent,
		Summary: "End every own session but this one",
	}, a.endOtherDevices)
	register(a, Route{
		Method: del, Path: "/session", ID: "end-session", Early: EarlyPassword, Permission: "session:own", Tag: "session",
		Summary: "Log out", Description: "Ends this session on every replica at once.",
	}, a.endSession)

	// second_factor
	register(a, Route{
		Method: get, Path: "/session/factors", ID: "get-factors", Early: EarlyFactor, Permission: "session:own", Tag: "second_factor",
		Summary: "What the person has set up beside the password",
	}, a.getFactors)
	register(a, Route{
		Method: post, Path: "/session/factors/app", ID: "begin-app", Early: EarlyFactor, StepUp: true, Permission: "session:own", Tag: "second_factor",
		Summary: "Begin to set up an authenticator app", Description: "RFC 6238: SHA-1, six figures, 30 seconds. Nothing is set up until it is confirmed, within ten minutes. 409 totp_exists.",
	}, a.beginApp)
	register(a, Route{
		Method: put, Path: "/session/factors/app", ID: "confirm-app", Early: EarlyFactor, StepUp: true, Permission: "session:own", Tag: "second_factor", MaxBody: 16 << 10,
		Summary: "Set the authenticator app up with a first code", Description: "Ends every other session (new cookie). With the first factor come recovery codes. 410 totp_setup_over.",
	}, a.confirmApp)
	register(a, Route{
		Method: del, Path: "/session/factors/app", ID: "remove-app", StepUp: true, Permission: "session:own", Tag: "second_factor", Status: http.StatusOK,
		Summary: "Forget the authenticator app", Description: "Ends every other session (new cookie). 409 factor_required, or factor_needs_password while the password alone would be too short.",
	}, a.removeApp)
	register(a, Route{
		Method: post, Path: "/session/factors/recovery-codes", ID: "renew-recovery-codes", StepUp: true, Permission: "session:own", Tag: "second_factor",
		Summary: "Make ten new recovery codes", Description: "The old ones stop working. 409 no_factor.",
	}, a.renewRecovery)
	register(a, Route{
		Method: post, Path: "/session/factors/passkeys/options", ID: "begin-passkey", Early: EarlyFactor, StepUp: true, Permission: "session:own", Tag: "second_factor",
		Summary: "Options to make a passkey", Description: "409 passkeys_full.",
	}, a.beginPasskey)
	register(a, Route{
		Method: post, Path: "/session/factors/passkeys", ID: "add-passkey", Early: EarlyFactor, StepUp: true, Permission: "session:own", Tag: "second_factor", MaxBody: 64 << 10,
		Summary: "Keep a passkey that the browser made", Description: "Ends every other session (new cookie). With the first factor come recovery codes. 422 passkey_refused.",
	}, a.addPasskey)
	register(a, Route{
		Method: patch, Path: "/session/factors/passkeys/{id}", ID: "rename-passkey", Permission: "session:own", Tag: "second_factor", Status: http.StatusNoContent,
		Summary: "Call a passkey by another name",
	}, a.renamePasskey)
	register(a, Route{
		Method: del, Path: "/session/factors/passkeys/{id}", ID: "remove-passkey", StepUp: true, Permission: "session:own", Tag: "second_factor", Status: http.StatusOK,
		Summary: "Forget a passkey", Description: "Ends every other session (new cookie). 409 factor_required or factor_needs_password.",
	}, a.removePasskey)
	register(a, Route{
		Method: post, Path: "/people/{person_id}/factors/reset", ID: "reset-factors", StepUp: true, Permission: "person:credential", Tag: "second_factor",
		Summary:     "Help somebody who has lost their second factor",
		Description: "Takes factors, recovery codes and password away and hands out a one-time password, in this answer only. Sessions end; the person is told by mail. 409 no_factor, own_account, manager_of_association.",
	}, a.resetFactors)
	register(a, Route{
		Method: post, Path: "/organisations/{id}/manager-factors/reset", ID: "reset-manager-factors", StepUp: true, Permission: "organisation:credential", Tag: "second_factor",
		Summary: "Help a manager who has lost their second factor", Description: "As reset-factors does for staff. 409 no_factor, no_manager.",
	}, a.resetManagerFactors)

	// security_policy
	register(a, Route{
		Method: get, Path: "/security-policy", ID: "get-security-policy", Permission: "security:read", Tag: "security_policy",
		Summary: "What holds for the organisation's accounts, and what the association demands",
	}, a.getSecurityPolicy)
	register(a, Route{
		Method: put, Path: "/security-policy", ID: "set-security-policy", StepUp: true, Permission: "security:write", Tag: "security_policy",
		Summary: "Decide what holds for the organisation's accounts", Description: "Recorded with before and after. 422 below_minimum at what the association forbids.",
	}, a.setSecurityPolicy)
	register(a, Route{
		Method: put, Path: "/security-policy/minimum", ID: "set-security-minimum", StepUp: true, Permission: "security:minimum", Tag: "security_policy",
		Summary: "Decide what organisations cannot go under", Description: "Holds for all of them at once. Recorded with before and after.",
	}, a.setSecurityMinimum)

	// organisation
	register(a, Route{
		Method: get, Path: "/organisations", ID: "list-organisations", Permission: "organisation:read", Tag: "organisation",
		Summary: "The register, by name",
	}, a.listOrganisations)
	register(a, Route{
		Method: post, Path: "/organisations", ID: "create-organisation", StepUp: true, Permission: "organisation:credential", Tag: "organisation", Status: http.StatusCreated, MaxBody: 64 << 10,
		Summary:     "Enter an organisation with its manager and a one-time password",
		Description: "All or nothing. The password is in this answer only, and in its repeats with the same Idempotency-Key for ten minutes while nobody has used it. 409 code_taken.",
	}, a.createOrganisation)
	register(a, Route{
		Method: get, Path: "/organisations/{id}", ID: "get-organisation", Permission: "organisation:read", Tag: "organisation",
		Summary: "One organisation of the register",
	}, a.getOrganisation)
	register(a, Route{
		Method: patch, Path: "/organisations/{id}", ID: "update-organisation", Permission: "organisation:write", Tag: "organisation", MaxBody: 64 << 10,
		Summary:     "Change name, plan or state",
		Description: "Suspending ends every session of the organisation's people at once. 409 changed_meanwhile when somebody else changed it since version.",
	}, a.updateOrganisation)
	register(a, Route{
		Method: post, Path: "/organisations/{id}/manager-credential", ID: "reissue-manager", StepUp: true, Permission: "organisation:credential", Tag: "organisation", MaxBody: 64 << 10,
		Summary:     "Give the manager a new one-time password",
		Description: "Replaces what they had and ends their sessions. The reason is recorded in the association's log and in the organisation's.",
	}, a.reissueManager)

	// identity
	register(a, Route{
		Method: get, Path: "/session/accounts", ID: "list-accounts", Permission: "session:own", Tag: "identity",
		Summary: "Accounts in other organisations that I have joined with this one",
	}, a.listAccounts)
	register(a, Route{
		Method: post, Path: "/session/accounts/ask", ID: "ask-to-join", StepUp: true, Permission: "session:own", Tag: "identity", Status: http.StatusNoContent,
		Summary: "Begin joining another account of mine", Description: "Sets a cookie that is good for ten minutes. Log in to the other account in this browser, then join.",
	}, a.askToJoin)
	register(a, Route{
		Method: get, Path: "/session/accounts/offer", ID: "get-join-offer", Permission: "session:own", Tag: "identity",
		Summary: "Which account asked in this browser to be joined with this one",
	}, a.getJoinOffer)
	register(a, Route{
		Method: post, Path: "/session/accounts", ID: "join-accounts", StepUp: true, Permission: "session:own", Tag: "identity", Status: http.StatusNoContent,
		Summary: "Join this account with the one that asked", Description: "At most 20 accounts. Neither organisation learns of the other. A new one-time password for one of them separates it.",
	}, a.joinAccounts)
	register(a, Route{
		Method: del, Path: "/session/accounts/{account_id}", ID: "separate-account", Permission: "session:own", Tag: "identity", Status: http.StatusNoContent,
		Summary: "Separate one of my accounts from the others",
	}, a.separateAccount)
	register(a, Route{
		Method: post, Path: "/session/accounts/{account_id}/switch", ID: "switch-account", StepUp: true, Permission: "session:own", Tag: "identity",
		Summary: "Change to another account of mine", Description: "Answers like a log-in: where that account has a second factor, it is asked for. The session of this account ends. 409 account_unusable when it must be logged in to again.",
	}, a.switchAccount)

	// handover
	register(a, Route{
		Method: get, Path: "/handovers", ID: "list-handovers", Permission: "handover:read", Tag: "handover",
		Summary: "Changes of the manager, newest first", Description: "At most 50.",
	}, a.listHandovers)
	register(a, Route{
		Method: get, Path: "/handovers/candidates/{person_id}", ID: "get-handover-candidate", Permission: "handover:write", Tag: "handover",
		Summary: "What to know of somebody before asking them to become the manager", Description: "Nothing changes.",
	}, a.getHandoverCandidate)
	register(a, Route{
		Method: post, Path: "/handovers", ID: "offer-handover", StepUp: true, Permission: "handover:write", Tag: "handover", Status: http.StatusCreated, MaxBody: 16 << 10,
		Summary:     "Ask somebody to become the manager",
		Description: "Nothing changes until they accept, within 14 days. 409 handover_open, handover_self, handover_inactive or handover_password. Send an Idempotency-Key: a repeat answers the same offer.",
	}, a.offerHandover)
	register(a, Route{
		Method: del, Path: "/handovers/{id}", ID: "cancel-handover", Permission: "handover:write", Tag: "handover", Status: http.StatusNoContent,
		Summary: "Take an open offer back", Description: "409 handover_decided when the successor was faster.",
	}, a.cancelHandover)
	register(a, Route{
		Method: post, Path: "/handovers/{id}/dismiss", ID: "dismiss-handover", Permission: "handover:write", Tag: "handover", Status: http.StatusNoContent,
		Summary: "Put the news away that an offer came to nothing", Description: "409 handover_decided for an offer that was not declined and has not run out.",
	}, a.dismissHandover)
	register(a, Route{
		Method: post, Path: "/organisations/{id}/handover", ID: "appoint-manager", StepUp: true, Permission: "organisation:credential", Tag: "handover", Status: http.StatusCreated, MaxBody: 16 << 10,
		Summary:     "Ask somebody of an organisation to become its manager, for a manager who cannot",
		Description: "The manager stays until the successor accepts. The reason is recorded in both logs.",
	}, a.appointManager)
	register(a, Route{
		Method: get, Path: "/me/handover", ID: "get-own-handover", Permission: "session:own", Tag: "handover",
		Summary: "Whether I am asked to become the manager",
	}, a.getOwnHandover)
	register(a, Route{
		Method: post, Path: "/me/handover/{id}/accept", ID: "accept-handover", StepUp: true, Permission: "session:own", Tag: "handover",
		Summary: "Become the manager", Description: "In one step the predecessor loses the role; their sessions end. The answer sets a new cookie with the rights of a manager. 410 handover_expired.",
	}, a.acceptHandover)
	register(a, Route{
		Method: post, Path: "/me/handover/{id}/decline", ID: "decline-handover", Permission: "session:own", Tag: "handover", Status: http.StatusNoContent,
		Summary: "Do not become the manager",
	}, a.declineHandover)
}
