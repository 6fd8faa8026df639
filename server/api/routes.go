package api

import (
	"net/http"

	"kenshu/tenant"
)

// table is the route table: every operation of the API, who may call it, and what it is for. A route that is not here does not exist.
// One section a resource, in the order of the code map; handlers stand in the file named like the section.
func (a *API) table() {
	get, post, put, patch, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete

	// session
	register(a, Route{
		Method: get, Path: "/session", ID: "get-session", Permission: "session:own", Tag: "session",
		Summary: "Who is logged in, in which organisation, and what they may do",
	}, a.getSession)
	register(a, Route{
		Method: post, Path: "/session", ID: "start-session", Permission: Public, Tag: "session", MaxBody: 16 << 10,
		Summary:     "Log in",
		Description: "Sets the session cookie. Whatever part is wrong, the answer is the same (login_failed). Tries are limited by source, account, device and organisation (429 with Retry-After); nobody is locked out for good.",
	}, a.startSession)
	register(a, Route{
		Method: put, Path: "/session/password", ID: "update-password", Permission: "session:own", Tag: "session", MaxBody: 16 << 10,
		Summary:     "Choose an own password",
		Description: "Ends every session of the person and begins a new one (new cookie). The current password is needed except while a one-time password is in force. A guessable one is refused with its reasons.",
	}, a.updatePassword)
	register(a, Route{
		Method: post, Path: "/session/password-check", ID: "check-password", Permission: "session:own", Tag: "session", MaxBody: 16 << 10,
		Summary: "Tell why a password would be refused", Description: "Nothing is kept.",
	}, a.checkPassword)
	register(a, Route{
		Method: post, Path: "/session/proof", ID: "prove", Permission: "session:own", Tag: "session", MaxBody: 16 << 10,
		Summary:     "Prove once more who is asking",
		Description: "What needs a fresh proof (x-step-up) can be done for ten minutes afterwards. The session gets a new cookie; the old one is dead. Tries are limited like log-ins.",
	}, a.prove)
	register(a, Route{
		Method: post, Path: "/session/proof/passkey", ID: "ask-proof", Permission: "session:own", Tag: "session",
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
		Method: post, Path: "/session/sign-out-everywhere", ID: "end-all-sessions", Permission: "session:own", Tag: "session", Status: http.StatusNoContent,
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
		Method: del, Path: "/session", ID: "end-session", Permission: "session:own", Tag: "session",
		Summary: "Log out", Description: "Ends this session on every replica at once.",
	}, a.endSession)

	// second_factor
	register(a, Route{
		Method: get, Path: "/session/factors", ID: "get-factors", Permission: "session:own", Tag: "second_factor",
		Summary: "What the person has set up beside the password",
	}, a.getFactors)
	register(a, Route{
		Method: post, Path: "/session/factors/app", ID: "begin-app", StepUp: true, Permission: "session:own", Tag: "second_factor",
		Summary: "Begin to set up an authenticator app", Description: "RFC 6238: SHA-1, six figures, 30 seconds. Nothing is set up until it is confirmed, within ten minutes. 409 totp_exists.",
	}, a.beginApp)
	register(a, Route{
		Method: put, Path: "/session/factors/app", ID: "confirm-app", StepUp: true, Permission: "session:own", Tag: "second_factor", MaxBody: 16 << 10,
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
		Method: post, Path: "/session/factors/passkeys/options", ID: "begin-passkey", StepUp: true, Permission: "session:own", Tag: "second_factor",
		Summary: "Options to make a passkey", Description: "409 passkeys_full.",
	}, a.beginPasskey)
	register(a, Route{
		Method: post, Path: "/session/factors/passkeys", ID: "add-passkey", StepUp: true, Permission: "session:own", Tag: "second_factor", MaxBody: 64 << 10,
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
		Method: post, Path: "/handovers", ID: "offer-handover", StepUp: true, Permission: "handover:write", Tag: "handover", Status: http.StatusCreated, MaxBody: 16 << 10,
		Summary:     "Ask somebody to become the manager",
		Description: "Nothing changes until they accept, within 14 days. 409 handover_open, handover_self or handover_inactive. Send an Idempotency-Key: a repeat answers the same offer.",
	}, a.offerHandover)
	register(a, Route{
		Method: del, Path: "/handovers/{id}", ID: "cancel-handover", Permission: "handover:write", Tag: "handover", Status: http.StatusNoContent,
		Summary: "Take an open offer back", Description: "409 handover_decided when the successor was faster.",
	}, a.cancelHandover)
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

	// person
	register(a, Route{
		Method: get, Path: "/people", ID: "list-people", Permission: "person:read", Tag: "person",
		Summary: "The people of the organisation", Description: "Ordered by reading or name, or by login ID. Those who left are shown on request.",
	}, a.listPeople)
	register(a, Route{
		Method: post, Path: "/people", ID: "create-person", Permission: "person:write", Tag: "person", Status: http.StatusCreated,
		Summary:     "Register a person and hand out a one-time password",
		Description: "The password is in this answer only. 409 login_id_taken. Roles: the manager alone makes deputies.",
	}, a.createPerson)
	register(a, Route{
		Method: get, Path: "/people/export", ID: "export-people", StepUp: true, Permission: "person:export", Tag: "person",
		Summary: "The list as CSV or XLSX", Description: "With the filters of the list. No cell can become a formula; the import reads it back without a change. Recorded in the audit log.",
	}, a.exportPeople)
	register(a, Route{
		Method: post, Path: "/people/sign-out", ID: "sign-out-people", Permission: "person:credential", Tag: "person", Status: http.StatusNoContent,
		Summary: "End every session of people on every device",
	}, a.signOutPeople)
	register(a, Route{
		Method: post, Path: "/people/acts/preview", ID: "preview-people-act", Permission: "person:write", Tag: "person", Status: http.StatusOK,
		Summary: "What an act would do to people, in figures", Description: "Nothing is changed. At most 20,000 people.",
	}, a.previewPeopleAct)
	register(a, Route{
		Method: post, Path: "/people/acts", ID: "act-on-people", Permission: "person:write", Tag: "person", Status: http.StatusOK,
		Summary: "Suspend people, let them leave, or take them back",
		Description: "All or nothing. Who does not take part any more is logged out everywhere at once; everything they did stays as evidence. Repeating it changes nothing. " +
			"409 manager_handover, own_account, person_anonymised, person_left_already, selection_changed, selection_too_large.",
	}, a.actOnPeople)
	register(a, Route{
		Method: post, Path: "/people/erase", ID: "erase-people", Permission: "person:erase", Tag: "person", Status: http.StatusOK, StepUp: true,
		Summary: "Anonymise or delete people for good",
		Description: "All or nothing, and cannot be taken back; recorded in the deletion journal without personal data. Only who left can be anonymised (person_not_left). " +
			"Lines of the audit log and issued training records stay. 409 as for acts, and evidence_changed with what a deletion would take.",
	}, a.erasePeople)
	register(a, Route{
		Method: get, Path: "/people/{person_id}", ID: "get-person", Permission: "person:read", Tag: "person", Summary: "One person",
	}, a.getPerson)
	register(a, Route{
		Method: get, Path: "/people/{person_id}/dossier", ID: "get-person-dossier", Permission: "record:read", Tag: "person",
		Summary: "Every course a person was given, with attempts and certificates", Description: "The newest first. Results of quizzes, never the answers.",
	}, a.getPersonDossier)
	register(a, Route{
		Method: get, Path: "/people/{person_id}/ledger", ID: "print-person-ledger", Permission: "person:export", Tag: "person", StepUp: true,
		Summary: "A person's training ledger as PDF", Description: "Recorded in the audit log.",
	}, a.printPersonLedger)
	register(a, Route{
		Method: put, Path: "/people/{person_id}", ID: "update-person", Permission: "person:write", Tag: "person",
		Summary: "Change a person", Description: "409 changed_meanwhile when somebody changed the person since; read it again. A change of roles ends the person's sessions.",
	}, a.updatePerson)
	register(a, Route{
		Method: put, Path: "/people/{person_id}/state", ID: "set-person-state", Permission: "person:write", Tag: "person",
		Summary:     "Suspend a person, let them leave, or take them back",
		Description: "Ends their sessions. Who leaves gives back roles and departments; everything they did stays as evidence. 409 manager_handover for the manager, own_account for oneself.",
	}, a.setPersonState)
	register(a, Route{
		Method: get, Path: "/people/{person_id}/posts", ID: "list-posts", Permission: "person:read", Tag: "person",
		Summary: "A person's posts: past, present and to come", Description: "With what each department was called then.",
	}, a.listPosts)
	register(a, Route{
		Method: put, Path: "/people/{person_id}/posts", ID: "set-posts", Permission: "person:write", Tag: "person",
		Summary: "Set a person's posts of all times", Description: "409 changed_meanwhile when the person was changed since version was read. 422 names what is wrong with each post.",
	}, a.setPosts)
	register(a, Route{
		Method: post, Path: "/people/{person_id}/credential", ID: "issue-credential", Permission: "person:credential", Tag: "person",
		Summary: "Hand out a one-time password to one person", Description: "It is in this answer only. Their sessions end.",
	}, a.issueCredential)
	register(a, Route{
		Method: post, Path: "/people/{person_id}/slip", ID: "print-slip", Permission: "person:credential", Tag: "person",
		Summary: "Print the one-time password that is on the screen", Description: "Nothing is kept and nothing changes.",
	}, a.printSlip)

	// slip
	register(a, Route{
		Method: get, Path: "/people/login-ids", ID: "propose-login-ids", Permission: "person:write", Tag: "slip",
		Summary: "Login IDs that are hard to guess", Description: "Made by chance, from nothing that is known about anybody. Nothing is reserved.",
	}, a.proposeLoginIDs)
	register(a, Route{
		Method: post, Path: "/people/slips/preview", ID: "preview-slips", Permission: "person:credential", Tag: "slip",
		Summary: "What handing out one-time passwords would do", Description: "Nothing happens. Send as_of back with the order.",
	}, a.previewSlips)
	register(a, Route{
		Method: post, Path: "/people/slips", ID: "create-slips", StepUp: true, Permission: "person:credential", Tag: "slip", Status: http.StatusCreated, MaxBody: 2 << 20,
		Summary: "Hand out one-time passwords",
		Description: "At most 20,000 people. Up to 200 are ready in this answer, more are handed out by a job. What people had before stops working and their sessions end. 409 credential_chosen unless replace_chosen. " +
			"Whose credential changed since as_of is left out. Nobody fetches the slips within 24 hours: the passwords are taken away again.",
	}, a.createSlips)
	register(a, Route{
		Method: get, Path: "/people/slips", ID: "list-slips", Permission: "person:credential", Tag: "slip", Summary: "What was handed out, newest first; never a password",
	}, a.listSlips)
	register(a, Route{
		Method: get, Path: "/people/slips/{slip_id}", ID: "get-slips", Permission: "person:credential", Tag: "slip", Summary: "How far a batch is, and who got no slip",
	}, a.getSlips)
	register(a, Route{
		Method: post, Path: "/people/slips/{slip_id}/take", ID: "take-slips", StepUp: true, Permission: "person:credential", Tag: "slip", Status: http.StatusOK,
		Summary:     "Save the slips",
		Description: "For who asked for them only (404 for others). Once: a repeat is answered for ten minutes, in case the file did not arrive, then 410 slips_gone. Only passwords that still work are on them.",
	}, a.takeSlips)
	register(a, Route{
		Method: post, Path: "/people/slips/{slip_id}/end", ID: "end-slips", Permission: "person:credential", Tag: "slip", Status: http.StatusOK,
		Summary: "Be done with a batch", Description: "Saved slips can be printed no more. Passwords that nobody has saved are taken away again.",
	}, a.endSlips)

	// concern
	register(a, Route{
		Method: get, Path: "/people/concerns", ID: "list-concerns", Permission: "person:read", Tag: "concern",
		Summary: "Accounts that want doing something about, and why",
	}, a.listConcerns)
	register(a, Route{
		Method: get, Path: "/people/concerns/count", ID: "count-concerns", Permission: "person:read", Tag: "concern",
		Summary: "How many there are of each kind",
	}, a.countConcerns)
	register(a, Route{
		Method: post, Path: "/people/concerns/check", ID: "check-concerns", Permission: "person:read", Tag: "concern", Status: http.StatusOK,
		Summary: "Look at login IDs that nobody has looked at since their person changed", Description: "A job does it by itself every few minutes.",
	}, a.checkConcerns)
	register(a, Route{
		Method: post, Path: "/people/states", ID: "set-people-states", Permission: "person:write", Tag: "concern", Status: http.StatusOK,
		Summary: "Suspend people, or take that back", Description: "The manager and oneself are left out. Answers whose state is another now.",
	}, a.suspendPeople)

	// password_file
	register(a, Route{
		Method: post, Path: "/people/password-files", ID: "check-password-file", StepUp: true, Permission: "person:credential", Tag: "password_file", Status: http.StatusCreated, MaxBody: tenant.MaxPasswordFileBytes + 1,
		Summary:     "Check a file of passwords",
		Description: "Names every wrong row, by the rules of passwords that people choose. Nobody's password changes. At most 8 MB and 20,000 rows. A good file is kept encrypted for an hour. 409 password_files_off unless the organisation's policy allows it.",
	}, a.checkPasswordFile)
	register(a, Route{
		Method: get, Path: "/people/password-files", ID: "list-password-files", Permission: "person:credential", Tag: "password_file", Summary: "Files of passwords, newest first",
	}, a.listPasswordFiles)
	register(a, Route{
		Method: get, Path: "/people/password-files/{password_file_id}", ID: "get-password-file", Permission: "person:credential", Tag: "password_file", Summary: "How far a file is",
	}, a.getPasswordFile)
	register(a, Route{
		Method: get, Path: "/people/password-files/{password_file_id}/problems", ID: "list-password-problems", Permission: "person:credential", Tag: "password_file",
		Summary: "The wrong rows with their reasons", Description: "Never what stood in the password's cell.",
	}, a.listPasswordProblems)
	register(a, Route{
		Method: post, Path: "/people/password-files/{password_file_id}/apply", ID: "apply-password-file", StepUp: true, Permission: "person:credential", Tag: "password_file", Status: http.StatusOK,
		Summary:     "Set the passwords of a checked file",
		Description: "They are hashed in the background; when all are ready, one transaction puts them in force. A kill leaves nothing half done. People still choose their own at the first log-in. 409 password_file_wrong, password_file_over.",
	}, a.applyPasswordFile)
	register(a, Route{
		Method: post, Path: "/people/password-files/{password_file_id}/cancel", ID: "cancel-password-file", Permission: "person:credential", Tag: "password_file", Status: http.StatusOK,
		Summary: "Stop a file before it is applied", Description: "The file is removed and nobody's password changes. One that was applied stays so.",
	}, a.cancelPasswordFile)

	// incident
	register(a, Route{
		Method: post, Path: "/people/suspect-leak", ID: "suspect-leak", StepUp: true, Permission: "incident:write", Tag: "incident", Status: http.StatusCreated,
		Summary:     "A password may be known to others",
		Description: "One transaction ends every session of these people, takes their passwords away and opens an incident. A repeat with the same Idempotency-Key takes nothing away again. Hand out new ones with create-slips.",
	}, a.suspectLeak)
	register(a, Route{
		Method: get, Path: "/incidents", ID: "list-incidents", Permission: "incident:read", Tag: "incident", Summary: "What went wrong with personal data, or may have; newest first",
	}, a.listIncidents)
	register(a, Route{
		Method: post, Path: "/incidents", ID: "create-incident", Permission: "incident:write", Tag: "incident", Status: http.StatusCreated, Summary: "Open an incident",
	}, a.createIncident)
	register(a, Route{
		Method: get, Path: "/incidents/{incident_id}", ID: "get-incident", Permission: "incident:read", Tag: "incident", Summary: "One incident with its notes",
	}, a.getIncident)
	register(a, Route{
		Method: put, Path: "/incidents/{incident_id}", ID: "update-incident", Permission: "incident:write", Tag: "incident",
		Summary: "Change what an open incident says", Description: "409 changed_meanwhile, incident_closed.",
	}, a.updateIncident)
	register(a, Route{
		Method: post, Path: "/incidents/{incident_id}/notes", ID: "add-incident-note", Permission: "incident:write", Tag: "incident", Status: http.StatusOK,
		Summary: "Write down what was found out or done", Description: "A note is never changed.",
	}, a.addIncidentNote)
	register(a, Route{
		Method: put, Path: "/incidents/{incident_id}/state", ID: "set-incident-state", Permission: "incident:write", Tag: "incident",
		Summary: "Close an incident with its conclusion, or open it again", Description: "409 changed_meanwhile.",
	}, a.setIncidentState)

	// person_import
	register(a, Route{
		Method: get, Path: "/people/imports", ID: "list-imports", Permission: "person:import", Tag: "person_import",
		Summary: "The files of people and what became of them, newest first",
	}, a.listImports)
	register(a, Route{
		Method: post, Path: "/people/imports", ID: "check-import", Permission: "person:import", Tag: "person_import", Status: http.StatusAccepted, MaxBody: tenant.MaxImportBytes + 1, File: true,
		Summary:     "Check a file of people",
		Description: "The file (XLSX, or CSV in UTF-8, UTF-16 or Shift_JIS; at most 64 MB and 100,000 rows) is read by a job; ask for the import until its state is checked, mapping or refused. Nobody is changed.",
	}, a.checkImport)
	register(a, Route{
		Method: get, Path: "/people/imports/template", ID: "import-template", Permission: "person:import", Tag: "person_import",
		Summary: "A list to fill in",
	}, a.importTemplate)
	register(a, Route{
		Method: get, Path: "/people/imports/rules", ID: "get-import-rules", Permission: "person:import", Tag: "person_import",
		Summary: "What happens to files that programs send",
	}, a.getImportRules)
	register(a, Route{
		Method: put, Path: "/people/imports/rules", ID: "set-import-rules", Permission: "api_token:write", Tag: "person_import", MaxBody: 16 << 10,
		Summary: "Decide what happens to files that programs send",
	}, a.setImportRules)
	register(a, Route{
		Method: post, Path: "/people/imports/unattended", ID: "send-import", Permission: "person:import_unattended", Tag: "person_import", Status: http.StatusAccepted, MaxBody: tenant.MaxImportBytes + 1, File: true, Token: true,
		Summary:     "Send a file of people to be checked and put into effect without anybody looking",
		Description: "With an API token. Columns are read as they were remembered; with a wrong row, or when more people would go than the rules allow, nothing changes. The same file on the same day, or the same Idempotency-Key, is one effect. The result is on the page of imports, in the manager's mail, and at GET.",
	}, a.sendImport)
	register(a, Route{
		Method: get, Path: "/people/imports/unattended/{import_id}", ID: "get-sent-import", Permission: "person:import_unattended", Tag: "person_import", Token: true,
		Summary: "What became of a file that a program sent",
	}, a.getSentImport)
	register(a, Route{
		Method: put, Path: "/people/import-drop/{file_name}", ID: "drop-import", Permission: "person:import_unattended", Tag: "person_import", Status: http.StatusAccepted, MaxBody: tenant.MaxImportBytes + 1, File: true, Token: true,
		Summary:     "Lay down a file of people at a fixed address",
		Description: "As send-import, but read at the hour that the organisation chose; made for curl -T in a nightly job.",
	}, a.dropImport)
	register(a, Route{
		Method: get, Path: "/people/imports/{import_id}", ID: "get-import", Permission: "person:import", Tag: "person_import", Summary: "A file of people, its counts and how far it is",
	}, a.getImport)
	register(a, Route{
		Method: put, Path: "/people/imports/{import_id}/mapping", ID: "map-import", Permission: "person:import", Tag: "person_import",
		Summary:     "Say what the columns are",
		Description: "Kept for later files with the same headings; the file is read again. 409 import_state, import_mapping_other.",
	}, a.mapImport)
	register(a, Route{
		Method: put, Path: "/people/imports/{import_id}/missing", ID: "set-import-missing", Permission: "person:import", Tag: "person_import", MaxBody: 16 << 10,
		Summary:     "Say what happens to people whom the file does not name",
		Description: "The file is read again. Never the manager, never oneself. 409 import_state.",
	}, a.setImportMissing)
	register(a, Route{
		Method: get, Path: "/people/imports/{import_id}/rows", ID: "list-import-rows", Permission: "person:import", Tag: "person_import",
		Summary: "What happens to each row, with before and after, or what is wrong with it",
	}, a.listImportRows)
	register(a, Route{
		Method: get, Path: "/people/imports/{import_id}/wrong", ID: "export-wrong-rows", Permission: "person:import", Tag: "person_import",
		Summary: "Every wrong row as XLSX with its columns and reasons, to mend", Description: "410 import_old when the rows are kept no longer.",
	}, a.exportWrongRows)
	register(a, Route{
		Method: post, Path: "/people/imports/{import_id}/apply", ID: "apply-import", Permission: "person:import", Tag: "person_import", Status: http.StatusAccepted, MaxBody: 16 << 10,
		Summary:     "Do what the preview shows, all of it or nothing",
		Description: "By a job: ask for the import until its state is applied, or checked again with the problem import_outdated when people changed since the check; the preview is new then. The same import again answers as it stands. 409 import_wrong while rows are wrong, import_confirm when many people go and missing is not their number.",
	}, a.applyImport)
	register(a, Route{
		Method: get, Path: "/people/imports/{import_id}/undo", ID: "preview-import-undo", Permission: "person:import", Tag: "person_import",
		Summary: "What taking an import back would do now", Description: "409 import_undo_late a day after it took effect.",
	}, a.previewImportUndo)
	register(a, Route{
		Method: post, Path: "/people/imports/{import_id}/undo", ID: "undo-import", Permission: "person:import", Tag: "person_import", Status: http.StatusAccepted, StepUp: true, MaxBody: 16 << 10,
		Summary: "Take an import back, all of it or nothing", Description: "Who was changed or learned since is left alone. 409 import_undo_late.",
	}, a.undoImport)

	// api_token
	register(a, Route{
		Method: get, Path: "/api-tokens", ID: "list-api-tokens", Permission: "api_token:read", Tag: "api_token", Summary: "Secrets for programs of the organisation, newest first",
	}, a.listAPITokens)
	register(a, Route{
		Method: post, Path: "/api-tokens", ID: "create-api-token", Permission: "api_token:write", Tag: "api_token", Status: http.StatusCreated, MaxBody: 16 << 10, StepUp: true,
		Summary:     "Make a secret for a program",
		Description: "It is in this answer only. It can send files of people, as long as who made it may. 409 api_tokens_full.",
	}, a.createAPIToken)
	register(a, Route{
		Method: del, Path: "/api-tokens/{token_id}", ID: "revoke-api-token", Permission: "api_token:write", Tag: "api_token", Status: http.StatusNoContent,
		Summary: "Revoke a secret, on every replica at once",
	}, a.revokeAPIToken)

	// person_field
	register(a, Route{
		Method: get, Path: "/person-fields", ID: "list-person-fields", Permission: "person:read", Tag: "person_field",
		Summary: "The own fields that the organisation keeps about its people, in their order",
	}, a.listPersonFields)
	register(a, Route{
		Method: post, Path: "/person-fields", ID: "create-person-field", Permission: "person_field:write", Tag: "person_field", Status: http.StatusCreated, MaxBody: 64 << 10,
		Summary: "Add an own field at the end", Description: "At most 20. 409 person_field_taken, person_fields_full.",
	}, a.createPersonField)
	register(a, Route{
		Method: put, Path: "/person-fields/order", ID: "order-person-fields", Permission: "person_field:write", Tag: "person_field", MaxBody: 64 << 10,
		Summary: "Put the own fields in order", Description: "409 changed_meanwhile when the list is not exactly the fields there are.",
	}, a.orderPersonFields)
	register(a, Route{
		Method: get, Path: "/person-fields/{field_id}/usage", ID: "get-person-field-usage", Permission: "person_field:write", Tag: "person_field",
		Summary: "For how many people a field says something: what a deletion would take",
	}, a.getPersonFieldUsage)
	register(a, Route{
		Method: put, Path: "/person-fields/{field_id}", ID: "update-person-field", Permission: "person_field:write", Tag: "person_field", MaxBody: 64 << 10,
		Summary: "Rename a field, change its choices", Description: "409 changed_meanwhile, person_field_taken, person_field_values with how many values would go.",
	}, a.updatePersonField)
	register(a, Route{
		Method: del, Path: "/person-fields/{field_id}", ID: "delete-person-field", Permission: "person_field:write", Tag: "person_field", StepUp: true,
		Summary: "Remove a field with everything it says about people", Description: "409 person_field_values with how many values would go, person_field_used.",
	}, a.deletePersonField)

	// department
	register(a, Route{
		Method: get, Path: "/departments", ID: "list-departments", Permission: "department:read", Tag: "department",
		Summary: "The tree of departments with head-counts, today's or that of a day", Description: "Each followed by those below it. 422 date.",
	}, a.listDepartments)
	register(a, Route{
		Method: get, Path: "/departments/{department_id}", ID: "get-department", Permission: "department:read", Tag: "department",
		Summary: "One department with what it was called and where it belonged",
	}, a.getDepartment)
	register(a, Route{
		Method: post, Path: "/departments", ID: "create-department", Permission: "department:write", Tag: "department", Status: http.StatusCreated,
		Summary: "Add a department", Description: "409 department_taken: names are unique within a parent. 409 department_depth.",
	}, a.createDepartment)
	register(a, Route{
		Method: put, Path: "/departments/{department_id}", ID: "update-department", Permission: "department:write", Tag: "department",
		Summary: "Rename a department", Description: "What it was called before is kept by day. 409 department_taken.",
	}, a.updateDepartment)
	register(a, Route{
		Method: del, Path: "/departments/{department_id}", ID: "delete-department", Permission: "department:write", Tag: "department", Status: http.StatusNoContent,
		Summary: "Delete a department that nobody ever belonged to", Description: "409 department_members, department_below or department_used otherwise: history stays. Close it instead.",
	}, a.deleteDepartment)
	register(a, Route{
		Method: post, Path: "/departments/preview", ID: "preview-departments", Permission: "department:write", Tag: "department", Status: http.StatusOK,
		Summary: "What changes of the tree would do, today or on a day to come", Description: "Nothing is kept. What contradicts the tree as it will be on that day stands in problems.",
	}, a.previewDepartments)
	register(a, Route{
		Method: post, Path: "/departments/change", ID: "change-departments", Permission: "department:write", Tag: "department", Status: http.StatusOK,
		Summary: "Move, rename, merge, close or reopen departments today", Description: "All steps or none, at most 200. 409 department_steps with a field for each step that contradicts the tree.",
	}, a.changeDepartments)
	register(a, Route{
		Method: get, Path: "/department-plans", ID: "list-department-plans", Permission: "department:read", Tag: "department",
		Summary: "Reorganisations entered in advance, the latest day first",
	}, a.listPlans)
	register(a, Route{
		Method: post, Path: "/department-plans", ID: "create-department-plan", Permission: "department:write", Tag: "department", Status: http.StatusCreated,
		Summary: "Draft a reorganisation", Description: "Nothing happens until it is activated. 409 too_many after 200 that are not done.",
	}, a.createPlan)
	register(a, Route{
		Method: get, Path: "/department-plans/{department_plan_id}", ID: "get-department-plan", Permission: "department:read", Tag: "department",
		Summary: "One planned reorganisation",
	}, a.getPlan)
	register(a, Route{
		Method: put, Path: "/department-plans/{department_plan_id}", ID: "save-department-plan", Permission: "department:write", Tag: "department",
		Summary: "Change a plan that is not going to happen yet", Description: "It becomes a draft. 409 changed_meanwhile or department_plan_state.",
	}, a.savePlan)
	register(a, Route{
		Method: post, Path: "/department-plans/{department_plan_id}/activate", ID: "activate-department-plan", Permission: "department:write", Tag: "department", Status: http.StatusOK,
		Summary: "Have a plan done on its day", Description: "On that day all of it is done or nothing: when departments were changed meanwhile so that it cannot be, its state is failed and the managers are told. A plan of today is done at once. 409 department_steps.",
	}, a.activatePlan)
	register(a, Route{
		Method: post, Path: "/department-plans/{department_plan_id}/cancel", ID: "cancel-department-plan", Permission: "department:write", Tag: "department", Status: http.StatusOK,
		Summary: "Take an active plan back before its day",
	}, a.cancelPlan)
	register(a, Route{
		Method: del, Path: "/department-plans/{department_plan_id}", ID: "delete-department-plan", Permission: "department:write", Tag: "department", Status: http.StatusNoContent,
		Summary: "Delete a plan that is not active and was not done",
	}, a.deletePlan)

	// audit
	register(a, Route{
		Method: get, Path: "/audit", ID: "list-audit", Permission: "audit:read", Tag: "audit",
		Summary: "The own organisation's log, newest first", Description: "Append-only and hash-chained; `kenshu audit verify` checks the chain.",
	}, a.listAudit)

	// mail
	register(a, Route{
		Method: get, Path: "/mail", ID: "list-mail", Permission: "mail:read", Tag: "mail",
		Summary: "Messages of the outbox with their fate, newest first",
	}, a.listMail)
	register(a, Route{
		Method: get, Path: "/mail/health", ID: "get-mail-health", Permission: "mail:read", Tag: "mail",
		Summary: "Whether the organisation's messages go out",
	}, a.getMailHealth)
	register(a, Route{
		Method: get, Path: "/mail/deliveries", ID: "get-deliveries", Permission: "job:read", Tag: "mail",
		Summary: "How delivery stands in the whole installation", Description: "Counts of the job table; nothing about who writes to whom.",
	}, a.getDeliveries)
	register(a, Route{
		Method: post, Path: "/mail/resend", ID: "resend-many", Permission: "mail:write", Tag: "mail", MaxBody: 64 << 10,
		Summary:     "Send a selection, or all that a filter shows, once more",
		Description: "To the address each person has now; who has none, and what is on its way, is left alone. At most 10,000. With preview nothing happens. 409 mail_no_server.",
	}, a.resendMany)
	register(a, Route{
		Method: post, Path: "/mail/test", ID: "test-mail", Permission: "mail:write", Tag: "mail",
		Summary: "Send a message to one's own address, to see whether mail arrives", Description: "409 mail_no_server or mail_no_address.",
	}, a.testMail)
	register(a, Route{
		Method: post, Path: "/mail/{id}/resend", ID: "resend-mail", Permission: "mail:write", Tag: "mail",
		Summary: "Send a message once more, to the address the person has now", Description: "A reminder is written anew for the day. 409 with mail_queued, mail_no_address or mail_no_server when that is not possible.",
	}, a.resendMail)

	// reminder
	register(a, Route{
		Method: get, Path: "/reminders/setting", ID: "get-reminder-setting", Permission: "reminder:read", Tag: "reminder",
		Summary: "When the organisation reminds people, and what its managers get",
	}, a.getReminderSetting)
	register(a, Route{
		Method: put, Path: "/reminders/setting", ID: "set-reminder-setting", Permission: "reminder:write", Tag: "reminder", MaxBody: 16 << 10,
		Summary: "Choose when to remind people", Description: "It holds from the next mail on.",
	}, a.setReminderSetting)
	register(a, Route{
		Method: get, Path: "/reminders/templates", ID: "list-reminder-templates", Permission: "reminder:read", Tag: "reminder",
		Summary: "The words of each kind of reminder in each language",
	}, a.listReminderTemplates)
	register(a, Route{
		Method: put, Path: "/reminders/templates/{kind}/{language}", ID: "set-reminder-template", Permission: "reminder:write", Tag: "reminder", MaxBody: 64 << 10, Status: http.StatusNoContent,
		Summary: "Write own words", Description: "Plain text. 422 placeholder_unknown, placeholder_broken or line_break (in the subject).",
	}, a.setReminderTemplate)
	register(a, Route{
		Method: del, Path: "/reminders/templates/{kind}/{language}", ID: "reset-reminder-template", Permission: "reminder:write", Tag: "reminder", Status: http.StatusNoContent,
		Summary: "Take the product's words again",
	}, a.resetReminderTemplate)
	register(a, Route{
		Method: post, Path: "/reminders/templates/preview", ID: "preview-reminder-template", Permission: "reminder:read", Tag: "reminder", MaxBody: 64 << 10,
		Summary: "Show words as somebody would get them", Description: "Nothing is kept.",
	}, a.previewReminderTemplate)
	register(a, Route{
		Method: get, Path: "/reminders/forecast", ID: "get-reminder-forecast", Permission: "reminder:read", Tag: "reminder",
		Summary: "What will go out in the next days, by day and round", Description: "By the same rule that sends, from who is enrolled now.",
	}, a.getForecast)
	register(a, Route{
		Method: post, Path: "/reminders/days", ID: "preview-reminder-days", Permission: "reminder:read", Tag: "reminder", MaxBody: 16 << 10,
		Summary: "On which days a round with these days would remind",
	}, a.previewReminderDays)
	register(a, Route{
		Method: get, Path: "/reminders/digest", ID: "get-digest", Permission: "reminder:read", Tag: "reminder",
		Summary: "What the managers' digest says today",
	}, a.getDigest)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/reminders", ID: "get-round-reminders", Permission: "reminder:read", Tag: "reminder",
		Summary: "How a round reminds, whom it reaches, and what became of its messages",
	}, a.getRoundReminders)
	register(a, Route{
		Method: put, Path: "/rounds/{id}/reminders", ID: "set-round-reminders", Permission: "reminder:write", Tag: "reminder", MaxBody: 16 << 10,
		Summary: "Give a round days of its own",
	}, a.setRoundReminders)
	register(a, Route{
		Method: del, Path: "/rounds/{id}/reminders", ID: "reset-round-reminders", Permission: "reminder:write", Tag: "reminder", Status: http.StatusOK,
		Summary: "Let a round follow the organisation's days again",
	}, a.resetRoundReminders)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/reminders/people", ID: "list-forecast-people", Permission: "reminder:read", Tag: "reminder",
		Summary: "Whom a round mails on a day, by name",
	}, a.listForecastPeople)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/notices", ID: "print-notices", StepUp: true, Permission: "person:export", Tag: "reminder",
		Summary:     "Printed notices for people without a mail address, by department",
		Description: "PDF without log-in IDs and passwords. At most 5,000; more by department. Recorded in the audit log. 409 notices_empty when there is nobody to print one for.",
	}, a.printNotices)

	// course
	register(a, Route{
		Method: get, Path: "/courses", ID: "list-courses", Permission: "course:read", Tag: "course",
		Summary: "The own courses, newest first",
	}, a.listCourses)
	register(a, Route{
		Method: post, Path: "/courses", ID: "create-course", Permission: "course:write", Tag: "course", Status: http.StatusCreated,
		Summary: "Make an empty course",
	}, a.createCourse)
	register(a, Route{
		Method: get, Path: "/courses/{id}", ID: "get-course", Permission: "course:read", Tag: "course",
		Summary: "One course",
	}, a.getCourse)
	register(a, Route{
		Method: put, Path: "/courses/{id}", ID: "update-course", Permission: "course:write", Tag: "course",
		Summary: "Change title, summary, language or sharing", Description: "409 course_changed when somebody changed it since base_version.",
	}, a.updateCourse)
	register(a, Route{
		Method: put, Path: "/courses/{id}/archived", ID: "archive-course", Permission: "course:write", Tag: "course",
		Summary: "Take a course out of the catalogue or back in", Description: "Rounds under way go on.",
	}, a.archiveCourse)
	register(a, Route{
		Method: get, Path: "/courses/{id}/versions", ID: "list-course-versions", Permission: "course:read", Tag: "course",
		Summary: "What was published, newest first",
	}, a.listVersions)
	register(a, Route{
		Method: get, Path: "/courses/{id}/missing", ID: "list-course-missing", Permission: "course:read", Tag: "course",
		Summary: "What keeps the course from being published",
	}, a.listMissing)
	register(a, Route{
		Method: post, Path: "/courses/{id}/publish", ID: "publish-course", Permission: "course:publish", Tag: "course",
		Summary: "Freeze the draft into a new version", Description: "422 course_incomplete names everything that is missing. 409 course_changed when the draft moved on since base_version. A repeat answers with the same version.",
	}, a.publishCourse)

	// lesson
	register(a, Route{
		Method: get, Path: "/courses/{id}/lessons", ID: "list-lessons", Permission: "course:read", Tag: "lesson",
		Summary: "The lessons of a course in order, without bodies",
	}, a.listLessons)
	register(a, Route{
		Method: post, Path: "/courses/{id}/lessons", ID: "create-lesson", Permission: "course:write", Tag: "lesson", Status: http.StatusCreated,
		Summary: "Add an empty lesson", Description: "At most 300 a course.",
	}, a.createLesson)
	register(a, Route{
		Method: put, Path: "/courses/{id}/lesson-order", ID: "order-lessons", Permission: "course:write", Tag: "lesson", Status: http.StatusNoContent,
		Summary: "Set the order of all lessons", Description: "409 lessons_changed when one was added or deleted since.",
	}, a.orderLessons)
	register(a, Route{
		Method: get, Path: "/lessons/{id}", ID: "get-lesson", Permission: "course:read", Tag: "lesson",
		Summary: "One lesson with its body",
	}, a.getLesson)
	register(a, Route{
		Method: put, Path: "/lessons/{id}", ID: "save-lesson", Permission: "course:write", Tag: "lesson", MaxBody: 3 << 20,
		Summary: "Save title and body", Description: "Never overwrites: 409 lesson_changed when somebody else saved since base_version, with what stands there now in args.current. Every accepted save is kept as a revision. The body may be incomplete and at most 2 MiB.",
	}, a.saveLesson)
	register(a, Route{
		Method: del, Path: "/lessons/{id}", ID: "delete-lesson", Permission: "course:write", Tag: "lesson", Status: http.StatusNoContent,
		Summary: "Take a lesson out of the draft", Description: "It can be restored.",
	}, a.deleteLesson)
	register(a, Route{
		Method: post, Path: "/lessons/{id}/restore", ID: "restore-lesson", Permission: "course:write", Tag: "lesson",
		Summary: "Undo the deletion of a lesson",
	}, a.restoreLesson)
	register(a, Route{
		Method: post, Path: "/lessons/{id}/duplicate", ID: "duplicate-lesson", Permission: "course:write", Tag: "lesson", Status: http.StatusCreated,
		Summary: "Put a copy behind a lesson",
	}, a.duplicateLesson)
	register(a, Route{
		Method: get, Path: "/lessons/{id}/revisions", ID: "list-lesson-revisions", Permission: "course:read", Tag: "lesson",
		Summary: "Every saved state, newest first, without bodies",
	}, a.listRevisions)
	register(a, Route{
		Method: get, Path: "/lessons/{id}/revisions/{version}", ID: "get-lesson-revision", Permission: "course:read", Tag: "lesson",
		Summary: "One saved state",
	}, a.getRevision)

	// asset
	register(a, Route{
		Method: post, Path: "/assets", ID: "create-asset", Permission: "asset:write", Tag: "asset", Status: http.StatusCreated,
		Summary: "Announce a file and open its upload", Description: "The parts are PUT straight to the object store. 413 file_too_large, 409 file_quota.",
	}, a.createAsset)
	register(a, Route{
		Method: get, Path: "/assets/{id}", ID: "get-asset", Permission: "course:read", Tag: "asset",
		Summary: "One file: its state and what was found in it",
	}, a.getAsset)
	register(a, Route{
		Method: del, Path: "/assets/{id}", ID: "delete-asset", Permission: "asset:write", Tag: "asset", Status: http.StatusNoContent,
		Summary: "Delete a file that nothing refers to", Description: "409 file_in_use otherwise.",
	}, a.deleteAsset)
	register(a, Route{
		Method: post, Path: "/assets/links", ID: "link-assets", Permission: "course:read", Tag: "asset",
		Summary: "Short-lived links to files of the own drafts",
	}, a.linkAssets)
	register(a, Route{
		Method: get, Path: "/uploads/{id}", ID: "get-upload", Permission: "asset:write", Tag: "asset",
		Summary: "How far an upload is, as the store knows it", Description: "410 upload_expired after 7 days.",
	}, a.getUpload)
	register(a, Route{
		Method: post, Path: "/uploads/{id}/parts", ID: "link-upload-parts", Permission: "asset:write", Tag: "asset",
		Summary: "Short-lived links to PUT parts to",
	}, a.linkParts)
	register(a, Route{
		Method: post, Path: "/uploads/{id}/complete", ID: "complete-upload", Permission: "asset:write", Tag: "asset",
		Summary: "Join the parts", Description: "409 upload_incomplete while parts are missing or cut short. The type is found from the bytes: a wrong one gives state refused with its problem. A repeat gives the same answer.",
	}, a.completeUpload)

	// catalogue
	register(a, Route{
		Method: get, Path: "/catalogue", ID: "list-catalogue", Permission: "catalogue:read", Tag: "catalogue",
		Summary: "Published courses that may be chosen for a round", Description: "The own ones, then those the association shares.",
	}, a.listCatalogue)

	// round
	register(a, Route{
		Method: get, Path: "/rounds", ID: "list-rounds", Permission: "round:read", Tag: "round",
		Summary: "Rounds with their figures, the latest deadline first",
	}, a.listRounds)
	register(a, Route{
		Method: post, Path: "/rounds", ID: "create-round", Permission: "round:write", Tag: "round", Status: http.StatusCreated,
		Summary: "Make a round and put everybody into it whom it concerns now", Description: "One transaction. Send an Idempotency-Key: a repeat answers the same round.",
	}, a.createRound)
	register(a, Route{
		Method: post, Path: "/rounds/preview", ID: "preview-audience", Permission: "round:write", Tag: "round",
		Summary: "Whom an audience reaches now, and by which rule", Description: "Nothing is kept.",
	}, a.previewAudience)
	register(a, Route{
		Method: post, Path: "/rounds/preview/people", ID: "preview-audience-people", Permission: "round:write", Tag: "round",
		Summary: "The people an audience reaches now, by name", Description: "Nothing is kept.",
	}, a.previewAudiencePeople)
	register(a, Route{
		Method: get, Path: "/rounds/{id}", ID: "get-round", Permission: "round:read", Tag: "round",
		Summary: "One round with its figures",
	}, a.getRound)
	register(a, Route{
		Method: patch, Path: "/rounds/{id}", ID: "update-round", Permission: "round:write", Tag: "round",
		Summary: "Change a round's title, days or settings, close it or open it again", Description: "New days move the due day of those who have not finished. 409 when somebody else changed the round first.",
	}, a.updateRound)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/copy", ID: "copy-round", Permission: "round:write", Tag: "round",
		Summary: "What the next round of the same training would be", Description: "Nothing is made. Send what is kept of it to POST /rounds, with copied_from.",
	}, a.copyRound)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/preview", ID: "preview-round-rules", Permission: "round:write", Tag: "round",
		Summary: "What adding rules to a round or taking them off would do now", Description: "Nothing is kept.",
	}, a.previewRules)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/preview/people", ID: "preview-round-rules-people", Permission: "round:write", Tag: "round",
		Summary: "The people whom a change of rules would concern now, by name", Description: "Nothing is kept.",
	}, a.previewRulesPeople)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/rules", ID: "list-round-rules", Permission: "round:read", Tag: "round",
		Summary: "Whom the round is for",
	}, a.listRules)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/rules", ID: "add-round-rules", Permission: "round:write", Tag: "round",
		Summary:     "Change whom a round is for: put more people in, or keep people out",
		Description: "Who is in it already stays as they are, so a repeat is harmless. Whom an exclusion reaches is withdrawn unless they have started. 409 round_is_closed.",
	}, a.addRules)
	register(a, Route{
		Method: del, Path: "/rounds/{id}/rules/{rule}", ID: "remove-round-rule", Permission: "round:write", Tag: "round",
		Summary: "Take a rule off a round", Description: "Who is reached by no other rule and has not started is withdrawn. Nothing that was done is removed. It can be restored.",
	}, a.removeRule)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/rules/{rule}/restore", ID: "restore-round-rule", Permission: "round:write", Tag: "round", Status: http.StatusOK,
		Summary: "Put a rule back that was taken off a round", Description: "Whom it reaches comes back with everything they had. A repeat is harmless.",
	}, a.restoreRule)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/enrolments", ID: "list-enrolments", Permission: "round:read", Tag: "round",
		Summary: "The people of a round, by name",
	}, a.listEnrolments)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/enrolments/export", ID: "export-enrolments", StepUp: true, Permission: "round:read", Tag: "round",
		Summary: "Exactly what the filtered list shows, as CSV or XLSX",
	}, a.exportEnrolments)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/enrolments/set-aside", ID: "set-aside-enrolments", Permission: "round:write", Tag: "round", Status: http.StatusNoContent,
		Summary: "Make people exempt, or withdraw them, with a reason", Description: "All or none. Completed ones are refused (409 enrolment_completed): a pass is never taken away.",
	}, a.setAside)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/enrolments/extend", ID: "extend-enrolments", Permission: "round:write", Tag: "round", Status: http.StatusOK,
		Summary: "Give people a later due day of their own, with a reason", Description: "Answers those whose day moved. Without a day the extension is taken back. 409 round_is_closed.",
	}, a.extend)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/enrolments/extend/preview", ID: "preview-extend-enrolments", Permission: "round:write", Tag: "round", Status: http.StatusOK,
		Summary: "Whose due day an extension would move", Description: "Nothing is kept.",
	}, a.previewExtend)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/enrolments/reinstate", ID: "reinstate-enrolments", Permission: "round:write", Tag: "round", Status: http.StatusNoContent,
		Summary: "Undo set-aside",
	}, a.reinstate)

	// dashboard
	register(a, Route{
		Method: get, Path: "/dashboard", ID: "get-dashboard", Permission: "report:read", Tag: "dashboard",
		Summary:     "The manager's first page: open rounds, departments, what wants doing",
		Description: "What takes longer than 50 ms to count is kept for 20 times as long, at most a minute; a write of the caller's organisation is seen at once on the same server.",
	}, a.getDashboard)
	register(a, Route{
		Method: get, Path: "/dashboard/trends", ID: "list-trends", Permission: "report:read", Tag: "dashboard",
		Summary: "How the open rounds went, day by day", Description: "Each day's figures are written down when it is over and never change, whoever is taken out or added later.",
	}, a.listTrends)

	// report
	register(a, Route{
		Method: get, Path: "/report", ID: "list-report", Permission: "report:read", Tag: "report",
		Summary: "Everybody in every round: filtered, in an order that an index serves, a page at a time", Description: "How many there are in all: count-report.",
	}, a.listReport)
	register(a, Route{
		Method: get, Path: "/report/count", ID: "count-report", Permission: "report:read", Tag: "report",
		Summary: "How many rows a filter of the report shows",
	}, a.countReport)
	register(a, Route{
		Method: get, Path: "/report/choices", ID: "report-choices", Permission: "report:read", Tag: "report",
		Summary: "Rounds, departments and own fields that the report can be narrowed to or show",
	}, a.reportChoices)
	register(a, Route{
		Method: get, Path: "/report/matrix", ID: "matrix-report", Permission: "report:read", Tag: "report",
		Summary: "The report as a grid: a row for every person whom the filter finds, a column for every round", Description: "Always in the order of people.",
	}, a.matrixReport)
	register(a, Route{
		Method: get, Path: "/report/export", ID: "export-report", StepUp: true, Permission: "report:read", Tag: "report",
		Summary: "Exactly what the report shows, as CSV, XLSX or PDF",
		Description: "From one moment of the database, sent as it is read; no cell can become a formula. A PDF has at most 2,000 rows and 12 columns " +
			"(413 report_too_long, report_too_wide). Recorded in the audit log with its filter and the number of rows.",
	}, a.exportReport)

	// saved_view
	register(a, Route{
		Method: get, Path: "/report/views", ID: "list-views", Permission: "report:read", Tag: "saved_view",
		Summary: "Ways of looking at the report: one's own and the shared ones, by name",
	}, a.listViews)
	register(a, Route{
		Method: post, Path: "/report/views", ID: "create-view", Permission: "report:read", Tag: "saved_view", Status: http.StatusCreated, MaxBody: 64 << 10,
		Summary: "Keep a way of looking at the report under a name", Description: "409 view_name_taken or too_many_views.",
	}, a.createView)
	register(a, Route{
		Method: put, Path: "/report/views/{id}", ID: "update-view", Permission: "report:read", Tag: "saved_view", MaxBody: 64 << 10,
		Summary: "Change a view", Description: "One's own, or a shared one, which stays shared. 409 changed_meanwhile or view_name_taken. Somebody else's private view is 404.",
	}, a.updateView)
	register(a, Route{
		Method: del, Path: "/report/views/{id}", ID: "delete-view", Permission: "report:read", Tag: "saved_view", Status: http.StatusNoContent,
		Summary: "Delete a view: one's own, or a shared one",
	}, a.deleteView)
	register(a, Route{
		Method: put, Path: "/report/default-view", ID: "set-default-view", Permission: "report:read", Tag: "saved_view", Status: http.StatusNoContent,
		Summary: "Let one's own report open with a view, or with none",
	}, a.setDefaultView)

	// training_record
	register(a, Route{
		Method: get, Path: "/rounds/{id}/training-record/preview", ID: "preview-training-record", Permission: "record:read", Tag: "training_record",
		Summary: "What a training record issued now would say", Description: "Nothing is issued.",
	}, a.previewTrainingRecord)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/training-records", ID: "issue-training-record", StepUp: true, Permission: "record:read", Tag: "training_record",
		Summary:     "Issue the training record of a round as it stands",
		Description: "Kept for good under a number; get it as a file with get-training-record-file. The same state of the same day is one issue: a repeat gives the same number, digest and bytes.",
	}, a.issueTrainingRecord)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/training-records", ID: "list-training-records", Permission: "record:read", Tag: "training_record",
		Summary: "Issued training records of a round, newest first",
	}, a.listTrainingRecords)
	register(a, Route{
		Method: get, Path: "/training-records/{id}", ID: "get-training-record-file", StepUp: true, Permission: "record:read", Tag: "training_record",
		Summary: "An issued training record as a file", Description: "It never changes.",
	}, a.getTrainingRecordFile)

	// year_record
	register(a, Route{
		Method: get, Path: "/training-years", ID: "list-training-years", Permission: "record:read", Tag: "year_record",
		Summary: "Fiscal years that have rounds, the latest first",
	}, a.listTrainingYears)
	register(a, Route{
		Method: put, Path: "/training-years/first-month", ID: "set-first-month", Permission: "round:write", Tag: "year_record", Status: http.StatusNoContent,
		Summary: "Set the month with which the fiscal year begins", Description: "Issued records stay as they are.",
	}, a.setFirstMonth)
	register(a, Route{
		Method: get, Path: "/training-years/{year}/preview", ID: "preview-year-record", Permission: "record:read", Tag: "year_record",
		Summary: "What a record of the year issued now would say", Description: "Nothing is issued. A round belongs to the year in which its deadline lies. 409 year_empty without one.",
	}, a.previewYearRecord)
	register(a, Route{
		Method: post, Path: "/training-years/{year}/records", ID: "issue-year-record", StepUp: true, Permission: "record:read", Tag: "year_record",
		Summary:     "Issue the record of the whole year as it stands",
		Description: "Issues the record of every round of the year with it; the year's digest covers theirs. The same state of the same day is one issue. 409 year_empty or year_too_large.",
	}, a.issueYearRecord)
	register(a, Route{
		Method: get, Path: "/training-years/{year}/records", ID: "list-year-records", Permission: "record:read", Tag: "year_record",
		Summary: "Issued records of the year, newest first",
	}, a.listYearRecords)
	register(a, Route{
		Method: get, Path: "/year-records/{id}", ID: "get-year-record-file", StepUp: true, Permission: "record:read", Tag: "year_record",
		Summary: "An issued year record as a file", Description: "It never changes.",
	}, a.getYearRecordFile)

	// record_link
	register(a, Route{
		Method: get, Path: "/record-links", ID: "list-record-links", Permission: "record:share", Tag: "record_link",
		Summary: "Links handed to auditors, with how often they were opened", Description: "At most 200, the newest.",
	}, a.listRecordLinks)
	register(a, Route{
		Method: post, Path: "/record-links", ID: "create-record-link", StepUp: true, Permission: "record:share", Tag: "record_link", Status: http.StatusCreated,
		Summary: "Make a link with which somebody without an account reads one issued record", Description: "Expires by itself, can be revoked, every opening is in the audit log. Send an Idempotency-Key: a repeat answers the same link.",
	}, a.createRecordLink)
	register(a, Route{
		Method: del, Path: "/record-links/{id}", ID: "revoke-record-link", Permission: "record:share", Tag: "record_link", Status: http.StatusNoContent,
		Summary: "End a link at once",
	}, a.revokeRecordLink)
	register(a, Route{
		Method: post, Path: "/public/record-link", ID: "open-record-link", Permission: Public, Tag: "record_link", MaxBody: 4 << 10, Status: http.StatusOK,
		Summary: "Read the record a link leads to", Description: "The opening is recorded in the organisation's audit log. 410 record_link_ended when it has run out or was revoked. 60 a minute from one address.",
	}, a.openRecordLink)
	register(a, Route{
		Method: post, Path: "/public/record-link/file", ID: "get-record-link-file", Permission: Public, Tag: "record_link", MaxBody: 4 << 10, Status: http.StatusOK,
		Summary: "The record a link leads to as PDF or XLSX",
	}, a.getLinkFile)

	// learning
	register(a, Route{
		Method: get, Path: "/me/enrolments", ID: "list-own-enrolments", Permission: "learning:own", Tag: "learning",
		Summary: "What I have to do now, and by when", Description: "Overdue first, then due, in progress, to do, upcoming, closed, done. At most 200, the newest.",
	}, a.listOwnEnrolments)
	register(a, Route{
		Method: get, Path: "/me/enrolments/{id}", ID: "get-own-enrolment", Permission: "learning:own", Tag: "learning",
		Summary: "One of my courses with its lessons",
	}, a.getOwnEnrolment)
	register(a, Route{
		Method: get, Path: "/me/enrolments/{id}/lessons/{lesson}", ID: "get-own-lesson", Permission: "learning:own", Tag: "learning",
		Summary:     "A lesson to learn, with where to go on",
		Description: "Opening a lesson for the first time is recorded and begins the course. The questions of a quiz come with an attempt. 409 round_not_started before the round begins.",
	}, a.getOwnLesson)
	register(a, Route{
		Method: post, Path: "/me/progress", ID: "save-progress", Permission: "learning:own", Tag: "learning", Status: http.StatusOK,
		Summary: "Report what was done, in a batch that may be repeated",
		Description: "Merging only adds, so batches may come again, in other portions and in another order. A page is finished at its end; a PDF when every page was shown; " +
			"a video when 95 % of it was shown, or at its end where skipping is allowed. Where it is not, what was shown counts as far as the time spent since the lesson was opened can have shown it at double speed. " +
			"Every item has its own result; after any of them the browser may forget the item.",
	}, a.saveProgress)

	// attempt
	register(a, Route{
		Method: post, Path: "/me/enrolments/{id}/lessons/{lesson}/attempts", ID: "start-attempt", Permission: "learning:own", Tag: "attempt", Status: http.StatusOK,
		Summary: "Begin a quiz, or go on with the open attempt", Description: "409 attempts_used_up, round_closed or round_not_started.",
	}, a.startAttempt)
	register(a, Route{
		Method: get, Path: "/me/attempts/{id}", ID: "get-attempt", Permission: "learning:own", Tag: "attempt",
		Summary: "An attempt with the answers given so far", Description: "Right answers and explanations are included only when the quiz's rule allows it.",
	}, a.getAttempt)
	register(a, Route{
		Method: put, Path: "/me/attempts/{id}/answers/{question}", ID: "save-answer", Permission: "learning:own", Tag: "attempt",
		Summary: "Keep an answer as it is given", Description: "An answer with a smaller client_seq never overwrites a newer one. 409 attempt_submitted after the end.",
	}, a.saveAnswer)
	register(a, Route{
		Method: post, Path: "/me/attempts/{id}/submit", ID: "submit-attempt", Permission: "learning:own", Tag: "attempt", Status: http.StatusOK,
		Summary: "Hand in an attempt to be graded", Description: "Happens once; a repeat gives the same result. A pass is never lowered by a retake.",
	}, a.submitAttempt)

	// certificate
	register(a, Route{
		Method: get, Path: "/me/certificates", ID: "list-own-certificates", Permission: "learning:own", Tag: "certificate",
		Summary: "My certificates, newest first",
	}, a.listOwnCertificates)
	register(a, Route{
		Method: get, Path: "/me/certificates/{id}/pdf", ID: "get-own-certificate-pdf", Permission: "learning:own", Tag: "certificate",
		Summary: "One of my certificates to print", Description: "The same bytes every time. 410 certificate_revoked when it was taken back.",
	}, a.getOwnCertificatePDF)
	register(a, Route{
		Method: get, Path: "/enrolments/{id}/certificate/pdf", ID: "get-enrolment-certificate-pdf", Permission: "record:read", Tag: "certificate",
		Summary: "The certificate of an enrolment, for the organisation's records",
	}, a.getEnrolmentCertificatePDF)
	register(a, Route{
		Method: post, Path: "/enrolments/{id}/certificate/revoke", ID: "revoke-certificate", StepUp: true, Permission: "round:write", Tag: "certificate", Status: http.StatusOK,
		Summary: "Take a certificate back", Description: "The completion itself stays. A second revocation changes nothing.",
	}, a.revokeCertificate)
	register(a, Route{
		Method: get, Path: "/public/certificates/{code}", ID: "verify-certificate", Permission: Public, Tag: "certificate",
		Summary:     "Does a printed code belong to a certificate, and what does it say",
		Description: "Proves that the training was completed, nothing more. Unknown codes are 404, however they look. 60 a minute from one address.",
	}, a.verifyCertificate)
}
