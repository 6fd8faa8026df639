package lms

import (
	"context"

	"kenshu/storage/db"
	"kenshu/tenant"
)

const (
	sqlCountLaunches = `SELECT COUNT(*) FROM package_launch WHERE tenant_id = ? AND enrolment_id = ? AND version_lesson_id = ?`
	sqlFindLaunch    = `SELECT id, number, started_at FROM package_launch WHERE tenant_id = ? AND enrolment_id = ? AND version_lesson_id = ? AND id = ?`
	sqlInsertLaunch  = `INSERT INTO package_launch (tenant_id, id, enrolment_id, version_lesson_id, number, started_at) VALUES (?, ?, ?, ?, ?, ?)`
	sqlLaunchOwner   = `SELECT p.enrolment_id, p.version_lesson_id FROM package_launch p JOIN enrolment e ON e.tenant_id = p.tenant_id AND e.id = p.enrolment_id
 WHERE p.tenant_id = ? AND p.id = ? AND e.person_id = ?`

	// What every launch of a lesson said, the newest last: it is what a launch goes on from.
	sqlStatesToResume = `SELECT s.activity, s.client_seq, s.completion, s.success, s.score_percent, s.seconds, s.saved_at, s.cmi FROM package_launch p
 CROSS JOIN package_state s ON s.tenant_id = p.tenant_id AND s.launch_id = p.id
 WHERE p.tenant_id = ? AND p.enrolment_id = ? AND p.version_lesson_id = ? ORDER BY s.saved_at, p.number`
	sqlStatesOf = `SELECT s.activity, s.completion, s.success, s.score_percent FROM package_launch p
 CROSS JOIN package_state s ON s.tenant_id = p.tenant_id AND s.launch_id = p.id
 WHERE p.tenant_id = ? AND p.enrolment_id = ? AND p.version_lesson_id = ?`
	sqlSeqOf       = `SELECT client_seq FROM package_state WHERE tenant_id = ? AND launch_id = ? AND activity = ?`
	sqlUpsertState = `INSERT INTO package_state (tenant_id, launch_id, activity, client_seq, cmi, completion, success, score_percent, seconds, saved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	stateKey       = "tenant_id, launch_id, activity"
	stateColumns   = "client_seq, cmi, completion, success, score_percent, seconds, saved_at"

	sqlPackageScores = `SELECT p.version_lesson_id, MAX(s.score_percent) FROM package_launch p
 CROSS JOIN package_state s ON s.tenant_id = p.tenant_id AND s.launch_id = p.id
 WHERE p.tenant_id = ? AND p.enrolment_id = ? AND s.score_percent IS NOT NULL GROUP BY p.version_lesson_id`
	sqlSelfReported = `UPDATE enrolment SET self_reported = 1 WHERE tenant_id = ? AND id = ? AND self_reported = 0`
)

// statesToResume gives for each activity what its newest launch left.
func (l *Learning) statesToResume(ctx context.Context, tid tenant.ID, r db.Runner, enrolment, lesson db.ID) ([]ActivityState, error) {
	newest, order := map[string]ActivityState{}, []string{}
	err := db.Each(ctx, r, sqlStatesToResume, []any{tid, enrolment, lesson}, func(scan func(...any) error) error {
		var s ActivityState
		if err := scan(&s.Activity, &s.Seq, &s.Completion, &s.Success, &s.ScorePercent, &s.Seconds, &s.SavedAt, &s.CMI); err != nil {
			return err
		}
		before, known := newest[s.Activity]
		if !known {
			order = append(order, s.Activity)
		}
		s.TotalSeconds = before.TotalSeconds + s.Seconds
		newest[s.Activity] = s
		return nil
	})
	states := make([]ActivityState, 0, len(order))
	for _, activity := range order {
		states = append(states, newest[activity])
	}
	return states, err
}

// packageResults merges what all launches of a lesson said about each activity: the best counts.
func (l *Learning) packageResults(ctx context.Context, tid tenant.ID, tx *db.Tx, enrolment, lesson db.ID) (map[string]activityResult, error) {
	out := map[string]activityResult{}
	err := db.Each(ctx, tx, sqlStatesOf, []any{tid, enrolment, lesson}, func(scan func(...any) error) error {
		var activity, completion, success string
		var score *int
		if err := scan(&activity, &completion, &success, &score); err != nil {
			return err
		}
		r := out[activity]
		r.passed = r.passed || success == SuccessPassed
		r.completed = r.completed || (completion == CompletionCompleted && success != SuccessFailed)
		out[activity] = r
		return nil
	})
	return out, err
}

// packageScores gives the best score that a package reported, by lesson.
func (l *Learning) packageScores(ctx context.Context, tid tenant.ID, tx *db.Tx, enrolment db.ID) (map[string]int, error) {
	out := map[string]int{}
	err := db.Each(ctx, tx, sqlPackageScores, []any{tid, enrolment}, func(scan func(...any) error) error {
		var lesson db.ID
		var best int
		if err := scan(&lesson, &best); err != nil {
			return err
		}
		out[lesson.String()] = best
		return nil
	})
	return out, err
}
