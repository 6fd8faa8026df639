package api

import (
	"net/http"

	"kenshu/tenant"
)

// peopleRoutes are the rows about people, their credentials, files about them, departments.
func (a *API) peopleRoutes() {
	get, post, put, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete

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
		Method: get, Path: "/people/export", ID: "export-people", StepUp: true, Permission: "person:export", Tag: "person", Gives: gives(mediaCSV, mediaXLSX),
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
		Method: get, Path: "/people/{person_id}/ledger", ID: "print-person-ledger", Permission: "person:export", Tag: "person", Gives: gives(mediaPDF), StepUp: true,
		Summary: "A person's training ledger as PDF", Description: "Recorded in the audit log.",
	}, a.printPersonLedger)
	register(a, Route{
		Method: get, Path: "/people/{person_id}/account", ID: "get-person-account", Permission: "person:read", Tag: "person",
		Summary: "Where a person's account came from, and where it is logged in",
	}, a.getPersonAccount)
	register(a, Route{
		Method: del, Path: "/people/{person_id}/devices/{device_id}", ID: "end-person-device", Permission: "person:credential", Tag: "person", Status: http.StatusNoContent,
		Summary: "End one session of a person", Description: "Recorded in the audit log. What they had done is saved; they can log in again.",
	}, a.endPersonDevice)
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
		Method: post, Path: "/people/{person_id}/credential", ID: "issue-credential", StepUp: true, Permission: "person:credential", Tag: "person",
		Summary: "Hand out a one-time password to one person", Description: "It is in this answer only. Their sessions end.",
	}, a.issueCredential)
	register(a, Route{
		Method: post, Path: "/people/{person_id}/slip", ID: "print-slip", Permission: "person:credential", Tag: "person", Gives: gives(mediaPDF),
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
		Method: post, Path: "/people/slips/{slip_id}/take", ID: "take-slips", StepUp: true, Permission: "person:credential", Tag: "slip", Gives: gives(mediaCSV, mediaXLSX, mediaPDF), Status: http.StatusOK,
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
		Method: post, Path: "/people/added-factors", ID: "list-added-factors", Permission: "incident:write", Tag: "incident", Status: http.StatusOK, MaxBody: 64 << 10,
		Summary: "Second factors that people have had since a day", Description: "What suspect-leak would take from them: an intruder may have added one.",
	}, a.listAddedFactors)
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
		Method: get, Path: "/people/imports/template", ID: "import-template", Permission: "person:import", Tag: "person_import", Gives: gives(mediaCSV, mediaXLSX),
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
		Method: put, Path: "/people/imports/{import_id}/departments", ID: "mean-import-departments", Permission: "person:import", Tag: "person_import", MaxBody: 64 << 10,
		Summary:     "Say what names of departments mean that are nearly those of departments",
		Description: "Kept for later files with the same headings; the file is read again. 409 import_state.",
	}, a.meanImportDepartments)
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
		Method: get, Path: "/people/imports/{import_id}/wrong", ID: "export-wrong-rows", Permission: "person:import", Tag: "person_import", Gives: gives(mediaXLSX),
		Summary: "Every wrong row as XLSX with its columns and reasons, to mend", Description: "410 import_old when the rows are kept no longer.",
	}, a.exportWrongRows)
	register(a, Route{
		Method: post, Path: "/people/imports/{import_id}/apply", ID: "apply-import", Permission: "person:import", Tag: "person_import", Status: http.StatusAccepted, MaxBody: 16 << 10,
		Summary:     "Do what the preview shows, all of it or nothing",
		Description: "By a job: ask for the import until its state is applied, or checked again with the problem import_outdated when people changed since the check; the preview is new then. The same import again answers as it stands. 409 import_wrong while rows are wrong, import_department_similar while names that are nearly those of departments are not explained, import_confirm when many people go and missing is not their number.",
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
		Summary: "Rename a field, change its choices", Description: "A renamed choice takes its people and the rules that ask for it along. 409 changed_meanwhile, person_field_taken, person_field_values with how many values would go, person_choice_used with the rounds whose rules ask for a choice that is gone.",
	}, a.updatePersonField)
	register(a, Route{
		Method: del, Path: "/person-fields/{field_id}", ID: "delete-person-field", Permission: "person_field:write", Tag: "person_field", StepUp: true,
		Summary: "Remove a field with everything it says about people", Description: "409 person_field_values with how many values would go, person_field_used with the rounds whose rules ask for it.",
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
}
