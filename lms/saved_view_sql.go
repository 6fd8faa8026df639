package lms

const (
	// What a person sees: their own views and the shared ones, with whether it is their default.
	sqlVisibleViews = `SELECT v.id, v.person_id, COALESCE(p.name, ''), v.name, v.shared,
 CASE WHEN EXISTS (SELECT 1 FROM saved_view_default x WHERE x.tenant_id = v.tenant_id AND x.person_id = ? AND x.view_id = v.id) THEN 1 ELSE 0 END,
 v.body, v.version, v.updated_at FROM saved_view v LEFT JOIN person p ON p.tenant_id = v.tenant_id AND p.id = v.person_id
 WHERE v.tenant_id = ? AND (v.person_id = ? OR v.shared = 1)`
	sqlCountViews = `SELECT COUNT(*) FROM saved_view WHERE tenant_id = ? AND person_id = ?`
	sqlInsertView = `INSERT INTO saved_view (tenant_id, id, person_id, name, name_key, shared, body, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlUpdateView = `UPDATE saved_view SET name = ?, name_key = ?, shared = ?, body = ?, updated_at = ?, version = version + 1
 WHERE tenant_id = ? AND id = ? AND version = ?`
	sqlDeleteView          = `DELETE FROM saved_view WHERE tenant_id = ? AND id = ?`
	sqlInsertDefault       = `INSERT INTO saved_view_default (tenant_id, person_id, view_id) VALUES (?, ?, ?)`
	sqlDropDefault         = `DELETE FROM saved_view_default WHERE tenant_id = ? AND person_id = ?`
	sqlDropDefaults        = `DELETE FROM saved_view_default WHERE tenant_id = ? AND view_id = ?`
	sqlDropForeignDefaults = `DELETE FROM saved_view_default WHERE tenant_id = ? AND view_id = ? AND person_id <> ?`
	sqlViewPerson          = `SELECT id FROM person WHERE tenant_id = ? AND id = ?`
)
