package lms

// Status is where one person stands in one round. Overdue is no status: it is worked out from the due day (see Overdue), so that
// nothing has to run at midnight for it to be true.
type Status string

// The statuses, with the words auditors see (domain.md section 4). Completed is never left again.
const (
	NotStarted  Status = "not_started" // 未受講
	InProgress  Status = "in_progress" // 受講中
	Interrupted Status = "interrupted" // 中断: a quiz left midway
	Failed      Status = "failed"      // 不合格: the last submitted quiz was not passed
	Completed   Status = "completed"   // 合格・修了
	Exempt      Status = "exempt"      // 対象外, always with a reason
	Withdrawn   Status = "withdrawn"   // 取り下げ: no longer asked of this person; what was done stays
)

// Statuses lists every status in the order people read them.
var Statuses = []Status{NotStarted, InProgress, Interrupted, Failed, Completed, Exempt, Withdrawn}

// Open tells whether the person still has to do something.
func (s Status) Open() bool {
	return s == NotStarted || s == InProgress || s == Interrupted || s == Failed
}

// Overdue tells whether an enrolment of status s that is due on dueOn is late on the day today (both YYYY-MM-DD, the due day included).
// sqlOverdue says the same to the database.
func Overdue(s Status, dueOn, today string) bool { return s.Open() && dueOn < today }
